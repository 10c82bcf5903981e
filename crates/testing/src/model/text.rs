//! The shape of the members of a request (rules A1–A4, K1–K8), by regular expressions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::{Refused, refused};

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a regular expression")
}

static MODEL_NAME: LazyLock<Regex> = LazyLock::new(|| regex("^[a-zA-Z0-9:/_-]+$"));
static NAME: LazyLock<Regex> = LazyLock::new(|| regex("^alias/[a-zA-Z0-9/_-]+$"));
static KEY_ID: LazyLock<Regex> = LazyLock::new(|| {
    regex("^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$")
});
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| regex("^[0-9]{12}$"));

/// Rule K4: partitions, and what their Regions look like.
static PARTITIONS: LazyLock<BTreeMap<&str, Regex>> = LazyLock::new(|| {
    let partitions = [
        ("aws", "(us|eu|ap|sa|ca|me|af|il|mx)"),
        ("aws-cn", "cn"),
        ("aws-eusc", "eusc-de"),
        ("aws-iso", "us-iso"),
        ("aws-iso-b", "us-isob"),
        ("aws-iso-e", "eu-isoe"),
        ("aws-iso-f", "us-isof"),
        ("aws-us-gov", "us-gov"),
    ];
    let region = |(name, head)| (name, regex(&format!("^{head}-[a-z]{{1,12}}-[0-9]{{1,2}}$")));
    partitions.map(region).into()
});

/// What is named, and where: `head` is partition, Region and account, if an ARN said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub head: Option<[String; 3]>,
    /// A key ID, or an alias name.
    pub resource: String,
}

impl Named {
    pub fn is_alias(&self) -> bool {
        self.resource.starts_with("alias/")
    }
}

/// The form in which the service says that a value breaks a constraint.
fn constraint(value: &str, member: &str, what: &str) -> String {
    format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: \
         Member must {what}"
    )
}

/// Rules A2 and K7: a required member is there, and within its bounds in characters.
pub fn bounded<'a>(
    member: &str,
    text: Option<&'a str>,
    most: usize,
    rule: &'static str,
) -> Result<&'a str, Refused> {
    let Some(text) = text else {
        let message = constraint("null", member, "not be null");
        return Err(refused("K7", "ValidationException", message));
    };
    let bound = match text.chars().count() {
        0 => "greater than or equal to 1".to_owned(),
        length if length > most => format!("less than or equal to {most}"),
        _ => return Ok(text),
    };
    let what = format!("have length {bound}");
    let message = constraint(&format!("'{text}'"), member, &what);
    Err(refused(rule, "ValidationException", message))
}

/// Rules A1–A4 of a name within its bounds.
pub fn alias_name(name: &str, reserved: &str) -> Result<(), Refused> {
    const EXCEPTION: &str = "ValidationException";
    if !MODEL_NAME.is_match(name) {
        let what = "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$";
        let message = constraint(&format!("'{name}'"), "aliasName", what);
        return Err(refused("A3", EXCEPTION, message));
    }
    if !name.starts_with("alias/") {
        let message = "Alias must start with the prefix \"alias/\". Please see \
                       https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html";
        return Err(refused("A1", EXCEPTION, message.to_owned()));
    }
    if name == "alias/" {
        return Err(Refused::without_words("A2", EXCEPTION));
    }
    if name.contains(':') {
        let message = format!("{name} contains invalid characters for an alias");
        return Err(refused("A3", EXCEPTION, message));
    }
    if name.starts_with(reserved) {
        return Err(Refused::without_words("A4", "InvalidAliasNameException"));
    }
    Ok(())
}

/// The rule that an ARN breaks by what stands before its resource, from left to right.
fn broken_head(text: &str) -> Result<(Named, [String; 3]), &'static str> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    // A part ends with a colon, so the last part that there is is at fault if others should follow.
    let part = |index: usize, rule| match parts.get(index) {
        Some(part) if !part.is_empty() && (index == 5 || parts.len() > index + 1) => {
            Ok((*part).to_owned())
        }
        _ => Err(rule),
    };
    let partition = part(1, "K4")?;
    let regions = PARTITIONS.get(&*partition).ok_or("K4")?;
    if part(2, "K3")? != "kms" {
        return Err("K3");
    }
    let region = part(3, "K4")?;
    if !regions.is_match(&region) {
        return Err("K4");
    }
    let account = part(4, "K3")?;
    if !ACCOUNT.is_match(&account) {
        return Err("K3");
    }
    let head = [partition, region, account];
    let named = Named {
        head: Some(head.clone()),
        resource: part(5, "K3")?,
    };
    Ok((named, head))
}

/// What a text names that takes the forms of an ARN; the rule that it breaks otherwise.
fn arn(text: &str) -> Result<Named, &'static str> {
    let (named, head) = broken_head(text)?;
    match named.resource.strip_prefix("key/") {
        _ if named.is_alias() => Ok(named),
        Some(key_id) if KEY_ID.is_match(key_id) => Ok(Named {
            head: Some(head),
            resource: key_id.to_owned(),
        }),
        _ => Err("K3"),
    }
}

/// Rules K1 and K2: a text that is no ARN and no alias.
fn key_id(text: &str) -> Result<Named, Refused> {
    if KEY_ID.is_match(text) {
        return Ok(Named {
            head: None,
            resource: text.to_owned(),
        });
    }
    // Of the two forms only the multi-Region one begins with an `m`.
    let rule = if text.starts_with('m') { "K2" } else { "K1" };
    Err(no_key_id(rule, text))
}

fn no_key_id(rule: &'static str, text: &str) -> Refused {
    refused(rule, "NotFoundException", format!("Invalid keyId '{text}'"))
}

fn bad_arn(rule: &'static str) -> Refused {
    Refused::without_words(rule, "InvalidArnException")
}

/// Rules K1–K5: the target of an alias.
pub fn target(text: &str) -> Result<Named, Refused> {
    let alias = || {
        let message = "Aliases must refer to keys. Not aliases".to_owned();
        refused("K5", "ValidationException", message)
    };
    if text.starts_with("alias/") {
        return Err(alias());
    }
    if !text.starts_with("arn:") {
        return key_id(text);
    }
    match arn(text) {
        Ok(named) if named.is_alias() => Err(alias()),
        Ok(named) => Ok(named),
        Err(rule) => Err(Refused::without_words(rule, "NotFoundException")),
    }
}

/// Rules K1–K4 and K8: a key, and no alias.
pub fn key_only(text: &str) -> Result<Named, Refused> {
    if text.starts_with("alias/") {
        return Err(no_key_id("K8", text));
    }
    if !text.starts_with("arn:") {
        return key_id(text);
    }
    match arn(text) {
        Ok(named) if named.is_alias() => {
            let message = "Key Aliases are not supported for this operation".to_owned();
            Err(refused("K8", "InvalidArnException", message))
        }
        Ok(named) => Ok(named),
        Err(rule) => Err(bad_arn(rule)),
    }
}

/// Rules A1–A3, of a name that something else than an alias operation is given.
fn is_name(name: &str) -> bool {
    NAME.is_match(name) && name.len() <= 256
}

/// Rule K6: any of the four forms.
pub fn identifier(text: &str) -> Result<Named, Refused> {
    if text.starts_with("alias/") {
        return if is_name(text) {
            Ok(Named {
                head: None,
                resource: text.to_owned(),
            })
        } else {
            Err(no_key_id("K1", text))
        };
    }
    if !text.starts_with("arn:") {
        return key_id(text);
    }
    match arn(text) {
        Ok(named) if named.is_alias() && !is_name(&named.resource) => Err(bad_arn("K3")),
        named => named.map_err(bad_arn),
    }
}
