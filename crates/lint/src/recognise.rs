//! What a file is, by its name and its content.

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Terraform or OpenTofu.
    Hcl,
    /// Terraform's JSON syntax.
    TerraformJson,
    /// The values of variables that Terraform loads by itself.
    HclVariables,
    JsonVariables,
    Json,
    Yaml,
}

/// The syntaxes by the end of the name, in lower case; the first that fits counts.
const ENDINGS: &[(&str, Syntax)] = &[
    (".auto.tfvars", Syntax::HclVariables),
    (".auto.tfvars.json", Syntax::JsonVariables),
    (".tf.json", Syntax::TerraformJson),
    (".tofu.json", Syntax::TerraformJson),
    (".tf", Syntax::Hcl),
    (".tofu", Syntax::Hcl),
    (".json", Syntax::Json),
    (".yaml", Syntax::Yaml),
    (".yml", Syntax::Yaml),
];

/// The syntax of a file, or nothing for a file of no interest.
///
/// Of a file without an ending, of standard input and of a `.template` the content tells.
pub(crate) fn syntax(path: &str, bytes: &[u8]) -> Option<Syntax> {
    let name = file_name(path).to_ascii_lowercase();
    match name.as_str() {
        "terraform.tfvars" => return Some(Syntax::HclVariables),
        "terraform.tfvars.json" => return Some(Syntax::JsonVariables),
        _ => {}
    }
    let mut endings = ENDINGS.iter();
    endings
        .find_map(|(ending, syntax)| name.ends_with(ending).then_some(*syntax))
        .or_else(|| {
            let is_open = !name.contains('.') || name.ends_with(".template");
            is_open.then(|| by_content(bytes)).flatten()
        })
}

fn by_content(bytes: &[u8]) -> Option<Syntax> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |mark: &str| text.lines().any(|line| line.starts_with(mark));
    if text.starts_with(['{', '[']) {
        Some(Syntax::Json)
    } else if begins("Resources:") || begins("apiVersion:") {
        Some(Syntax::Yaml)
    } else if begins("resource \"") || begins("data \"") {
        Some(Syntax::Hcl)
    } else {
        None
    }
}

/// The folder of a file, without the last separator.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind(['/', '\\'])
        .and_then(|at| path.get(..at))
        .unwrap_or_default()
}

/// The name of a file without its folder.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
