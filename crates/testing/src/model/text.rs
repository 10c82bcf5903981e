//! The shape of the members of a request (rules A1–A4, K1–K8), by regular expressions.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::{Refused, refused};

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a regular expression")
}

static NAME: LazyLock<Regex> = LazyLock::new(|| regex("^alias/[a-zA-Z0-9/_-]+$"));
static KEY_ID: LazyLock<Regex> = LazyLock::new(|| {
    regex("^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$")
});
/// As key IDs, in any case of the hex digits.
static ANY_CASE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "^((?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|mrk-(?i:[0-9a-f]{32}))$",
    )
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

thread_local! {
    /// The patterns of members that were asked for: to compile one takes longer than all else here.
    static PATTERNS: RefCell<HashMap<&'static str, Regex>> = RefCell::default();
}

/// Whether a text fits a pattern of the service model.
fn fits(pattern: &'static str, text: &str) -> bool {
    PATTERNS.with_borrow_mut(|patterns| {
        let compiled = patterns.entry(pattern).or_insert_with(|| regex(pattern));
        compiled.is_match(text)
    })
}

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

/// A member of a request, and what the service model asks of it.
pub enum Member<'a> {
    /// A text that has to be there: its most characters, its pattern, and the rules of both.
    Text {
        name: &'static str,
        value: Option<&'a str>,
        is_required: bool,
        most: usize,
        pattern: &'static str,
        rules: [&'static str; 2],
    },
    Number {
        name: &'static str,
        value: Option<i64>,
        bounds: [i64; 2],
        rule: &'static str,
    },
}

/// The `AliasName` of a request.
pub const fn name_member(value: Option<&str>) -> Member<'_> {
    Member::Text {
        name: "aliasName",
        value,
        is_required: true,
        most: 256,
        pattern: "^[a-zA-Z0-9:/_-]+$",
        rules: ["A2", "A3"],
    }
}

/// The member of a request that names a key.
pub const fn key_member<'a>(
    name: &'static str,
    value: Option<&'a str>,
    is_required: bool,
) -> Member<'a> {
    Member::Text {
        name,
        value,
        is_required,
        most: 2048,
        pattern: r"^\p{ASCII}+$",
        rules: ["K7", "K7"],
    }
}

impl Member<'_> {
    /// What it breaks: each rule with the service's words.
    fn broken(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Text {
                name,
                value: None,
                is_required,
                ..
            } => {
                let told = ("K7", constraint("null", name, "not be null"));
                is_required.then_some(told).into_iter().collect()
            }
            Self::Text {
                name,
                value: Some(text),
                most,
                pattern,
                rules,
                ..
            } => {
                let count = text.chars().count();
                let quoted = format!("'{text}'");
                let of_length = |bound: String| {
                    let what = format!("have length {bound}");
                    (rules[0], constraint(&quoted, name, &what))
                };
                let mut broken = Vec::new();
                if count == 0 {
                    broken.push(of_length("greater than or equal to 1".to_owned()));
                }
                if count > *most {
                    broken.push(of_length(format!("less than or equal to {most}")));
                }
                if !fits(pattern, text) {
                    let what = format!("satisfy regular expression pattern: {pattern}");
                    broken.push((rules[1], constraint(&quoted, name, &what)));
                }
                broken
            }
            Self::Number {
                name,
                value,
                bounds: [least, most],
                rule,
            } => {
                let Some(number) = value else { return vec![] };
                let bound = match number {
                    number if number < least => format!("greater than or equal to {least}"),
                    number if number > most => format!("less than or equal to {most}"),
                    _ => return vec![],
                };
                let what = format!("have value {bound}");
                vec![(rule, constraint(&format!("'{number}'"), name, &what))]
            }
        }
    }
}

/// The form in which the service says that a value breaks a constraint.
fn constraint(value: &str, member: &str, what: &str) -> String {
    format!("Value {value} at '{member}' failed to satisfy constraint: Member must {what}")
}

/// Rules A2, A3, K7, L2, S4: all that the members break is told, in their order.
pub fn keep_to_model(members: &[Member<'_>]) -> Result<(), Refused> {
    let broken: Vec<_> = members.iter().flat_map(Member::broken).collect();
    let Some((rule, _)) = broken.first() else {
        return Ok(());
    };
    let errors = if broken.len() == 1 { "error" } else { "errors" };
    let told: Vec<_> = broken.iter().map(|(_, words)| words.as_str()).collect();
    let message = format!(
        "{} validation {errors} detected: {}",
        broken.len(),
        told.join("; ")
    );
    Err(refused(rule, "ValidationException", message))
}

/// Rules A1–A4 of a name within its bounds.
pub fn alias_name(name: &str, reserved: &str) -> Result<(), Refused> {
    const EXCEPTION: &str = "ValidationException";
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

/// What a text names that takes the forms of an ARN; why it is refused otherwise.
fn arn(text: &str, exception: &'static str) -> Result<Named, Refused> {
    let bad = |rule| Refused::without_words(rule, exception);
    let (named, head) = broken_head(text).map_err(bad)?;
    match named.resource.strip_prefix("key/") {
        _ if named.is_alias() => Ok(named),
        Some(key_id) if KEY_ID.is_match(key_id) => Ok(Named {
            head: Some(head),
            resource: key_id.to_owned(),
        }),
        Some(key_id) if ANY_CASE.is_match(key_id) => Err(no_key_in_upper_case()),
        Some(key_id) => {
            let message = format!("Invalid keyId {key_id}");
            Err(refused("K3", "NotFoundException", message))
        }
        _ => Err(bad("K3")),
    }
}

/// Rule K1: such a key ID is well formed, and no key has it. The words name the whole ARN.
fn no_key_in_upper_case() -> Refused {
    Refused::without_words("K1", "NotFoundException")
}

/// Rules K1 and K2: a text that is no ARN and no alias.
fn key_id(text: &str) -> Result<Named, Refused> {
    if KEY_ID.is_match(text) {
        return Ok(Named {
            head: None,
            resource: text.to_owned(),
        });
    }
    if ANY_CASE.is_match(text) {
        return Err(no_key_in_upper_case());
    }
    // Of the two forms only the multi-Region one begins with an `m`.
    let rule = if text.starts_with('m') { "K2" } else { "K1" };
    Err(no_key_id(rule, text))
}

fn no_key_id(rule: &'static str, text: &str) -> Refused {
    refused(rule, "NotFoundException", format!("Invalid keyId '{text}'"))
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
    match arn(text, "NotFoundException") {
        Ok(named) if named.is_alias() => Err(alias()),
        named => named,
    }
}

/// Rules K1–K4 and K8: a key, and no alias.
pub fn key_only(text: &str) -> Result<Named, Refused> {
    let alias = || {
        let message = "Key Aliases are not supported for this operation.".to_owned();
        refused("K8", "InvalidArnException", message)
    };
    if text.starts_with("alias/") {
        return Err(alias());
    }
    if !text.starts_with("arn:") {
        return key_id(text);
    }
    match arn(text, "InvalidArnException") {
        Ok(named) if named.is_alias() => Err(alias()),
        named => named,
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
    match arn(text, "InvalidArnException") {
        Ok(named) if named.is_alias() && !is_name(&named.resource) => {
            Err(Refused::without_words("K3", "InvalidArnException"))
        }
        named => named,
    }
}
