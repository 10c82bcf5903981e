//! What to change where KMS refuses a step: one table, by rule and by what the step is written in.

use kms_alias::Rule;
use kms_alias_files::{Kind, ReadRun};
use kms_alias_foresee::verdict::{Answer, KeyReference, Outcome, Request, RunStep};

/// What to do about a refusal by one of these rules. In braces stands what is known of the step: its `{address}`,
/// which is one `{word}` of a shell too, its `{alias}` and its `{key}`.
struct Remedy {
    rules: &'static [Rule],
    /// What is so of each form of input.
    words: &'static str,
    /// How Terraform is told.
    terraform: &'static str,
    /// How CloudFormation is told.
    cloudformation: &'static str,
    /// How a list of changes is told.
    changes: &'static str,
}

const REMEDIES: &[Remedy] = &[
    Remedy {
        rules: &[Rule::K5],
        words: "an alias leads to a key and not to another alias: name the key by its ID or ARN",
        terraform: ", which is `.target_key_id` of that alias, or `.key_id` or `.arn` of the key",
        cloudformation: ", which is `Ref` of the key, or `Fn::GetAtt` with its `Arn`",
        changes: "",
    },
    Remedy {
        rules: &[Rule::T2],
        words: "the key is in another Region than the alias: name a key of the alias's Region; of a multi-Region key that \
                may be its replica there, which `aws kms replicate-key` makes",
        terraform: "",
        cloudformation: "",
        changes: "",
    },
    Remedy {
        rules: &[Rule::T3],
        words: "an alias leads to a key of its own account only: name such a key; the key of another account is used by \
                its ARN, or by an alias that is made in that account",
        terraform: "",
        cloudformation: "",
        changes: "",
    },
    Remedy {
        rules: &[Rule::T4],
        words: "an alias of yours cannot lead to a key that AWS manages: name a customer managed key",
        terraform: "",
        cloudformation: "",
        changes: "",
    },
    Remedy {
        rules: &[Rule::T5],
        words: "name another key, or cancel the deletion (`aws kms cancel-key-deletion --key-id {key}`), which leaves the \
                key disabled",
        terraform: "",
        cloudformation: "",
        changes: "",
    },
    Remedy {
        rules: &[Rule::U3, Rule::U4],
        words: "an alias moves between keys of one type and usage only: delete and create it, and in between its name \
                leads to no key",
        terraform: ": `terraform apply -replace={word}` (without `create_before_destroy`)",
        cloudformation: "; CloudFormation does so where an update without the alias comes before one with it, or under \
                         another `AliasName`; another logical ID is not enough, as the name is taken until the old one \
                         is deleted",
        changes: ": DeleteAlias, then CreateAlias",
    },
];

/// What to do about a name that stands (rule A6), and that nothing in the run deletes.
const TAKEN: Remedy = Remedy {
    rules: &[Rule::A6],
    words: "{alias} exists already: choose another name, or",
    terraform: " take it into the state by a block `import` with `to = {address}` and `id = \"{alias}\"`",
    cloudformation: " delete it first: CloudFormation takes over no alias that it did not make, but by a change set of the \
                     type IMPORT",
    changes: " move it by UpdateAlias",
};

/// What to do about a name whose alias a later step deletes.
const LEAVING: Remedy = Remedy {
    rules: &[Rule::A6],
    words: "{alias} is deleted in the same run, but not before this step: delete it in a run before this one, or choose \
            another name",
    terraform: "",
    cloudformation: "",
    changes: "",
};

/// What to do about a step, one for each rule by which it is refused.
pub fn of(read: &ReadRun, index: usize, outcome: &Outcome) -> Vec<Box<str>> {
    let (Outcome::Refused { could_be }, Some(step)) = (outcome, read.run.steps.get(index)) else {
        return Vec::new();
    };
    let mut words = Vec::new();
    for Answer { rule, .. } in could_be {
        let found = remedy(read, step, *rule).map(|it| it.words(read, step));
        words.extend(found.filter(|it| !words.contains(it)));
    }
    words
}

fn remedy(read: &ReadRun, step: &RunStep, rule: Rule) -> Option<&'static Remedy> {
    if rule != Rule::A6 {
        return REMEDIES.iter().find(|it| it.rules.contains(&rule));
    }
    // What is said of this name alone is better.
    let is_told = step.notes.iter().any(|note| note.rules == [Rule::A6]);
    if is_told || !matches!(step.request.operation(), "CreateAlias") {
        return None;
    }
    let of_name = read.run.steps.iter().filter(|other| {
        other.place == step.place && other.request.alias_name() == step.request.alias_name()
    });
    let count = |operation| {
        let of_name = of_name.clone();
        of_name
            .filter(|it| it.request.operation() == operation)
            .count()
    };
    match (count("DeleteAlias"), count("CreateAlias")) {
        (1.., _) => Some(&LEAVING),
        (0, 1) => Some(&TAKEN),
        // That several steps create it is said by itself.
        (0, _) => None,
    }
}

impl Remedy {
    fn words(&self, read: &ReadRun, step: &RunStep) -> Box<str> {
        let how = match read.kind {
            Kind::TerraformPlan => self.terraform,
            Kind::CloudFormation | Kind::CdkManifest => self.cloudformation,
            _ => self.changes,
        };
        let address = step.address.as_deref().unwrap_or("ADDRESS");
        let key = key(read, &step.request).unwrap_or_else(|| "KEY".to_owned());
        fill(&[self.words, how].concat(), |name| match name {
            "word" => Some(quoted(address)),
            "address" => Some(address.to_owned()),
            "alias" => step.request.alias_name().map(str::to_owned),
            "key" => Some(key.clone()),
            _ => None,
        })
        .into()
    }
}

/// A text with what stands for each name in braces; a name that stands for nothing stays.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after
            .split_once('}')
            .and_then(|(name, after)| Some((value(name)?, after)));
        match named {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What the key is called that a step names: by its ID, or by where it is made.
pub fn key(read: &ReadRun, request: &Request) -> Option<String> {
    if let Some(key_id) = request.key_id() {
        return Some(key_id.to_string());
    }
    match request.references().1? {
        KeyReference::MadeBy(maker) => {
            let maker = read.run.steps.get(*maker)?;
            maker.address.as_deref().map(str::to_owned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_one_remedy() {
        let rules: Vec<_> = REMEDIES.iter().flat_map(|it| it.rules).collect();
        for rule in &rules {
            assert_eq!(rules.iter().filter(|it| it == &rule).count(), 1, "{rule}");
        }
    }

    #[test]
    fn every_name_in_braces_is_filled() {
        for remedy in REMEDIES.iter().chain([&TAKEN, &LEAVING]) {
            let forms = [remedy.terraform, remedy.cloudformation, remedy.changes];
            for form in forms {
                let text = [remedy.words, form].concat();
                let known = |name: &str| {
                    ["address", "word", "alias", "key"]
                        .contains(&name)
                        .then(String::new)
                };
                assert!(!fill(&text, known).contains(['{', '}']), "{text}");
                assert!(!text.ends_with(['.', ' ']), "{text}");
            }
        }
    }

    #[test]
    fn what_is_put_in_is_not_looked_at_again() {
        let twice = fill("{a} {b} {c", |name| Some(format!("{{{name}}}")));
        assert_eq!(twice, "{a} {b} {c");
    }

    #[test]
    fn an_address_with_an_index_is_one_word_of_a_shell() {
        assert_eq!(quoted("aws_kms_alias.a"), "aws_kms_alias.a");
        assert_eq!(quoted("a.b[\"it's\"]"), r#"'a.b["it'\''s"]'"#);
    }
}
