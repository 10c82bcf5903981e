//! What a file is, by its content.

use alloc::borrow::Cow;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::file::File;
use super::text;
use kms_alias::KmsOperation;

/// What a file is, as far as this crate reads it.
///
/// ```
/// use kms_alias_files::{Kind, Mistaken, recognise};
///
/// assert_eq!(recognise(br#"{"Aliases": []}"#), Kind::Account);
/// assert_eq!(recognise(br#"[{"DeleteAlias": {"AliasName": "alias/old"}}]"#), Kind::Changes);
/// assert_eq!(recognise(br#"{"format_version": "1.2", "resource_changes": []}"#), Kind::TerraformPlan);
/// assert_eq!(recognise(b"Resources:\n  Key:\n    Type: AWS::KMS::Key\n"), Kind::CloudFormation);
/// assert_eq!(recognise(b"ALIASES\talias/a\n"), Kind::Mistaken(Mistaken::CliText));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Documents of an account: of the AWS CLI, boto3 or AWS Config.
    Account,
    /// A list of changes.
    Changes,
    /// The aliases that are wanted, by name.
    Wanted,
    /// A plan of Terraform or OpenTofu, as `terraform show -json` prints it.
    TerraformPlan,
    /// A template of CloudFormation.
    CloudFormation,
    /// The manifest of a CDK assembly.
    CdkManifest,
    /// A log of CloudTrail.
    Trail,
    /// Something else that people take for one of these.
    Mistaken(Mistaken),
    /// Nothing that this crate knows.
    Unknown,
}

/// What is taken by mistake for a file that this crate reads; its words say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Mistaken {
    /// `--output table`.
    #[error("this is the AWS CLI's table output: use `--output json`")]
    CliTable,
    /// `--output text`.
    #[error("this is the AWS CLI's text output: use `--output json`")]
    CliText,
    /// What a command says when it fails.
    #[error(
        "this is an error message of a command, not its output: mend the command and run it again"
    )]
    ErrorMessage,
    /// TOML.
    #[error("this is TOML: files are JSON or YAML")]
    Toml,
    /// What Python's `print` shows of a dictionary.
    #[error("this is a Python object as `print` shows it: use `json.dumps(answer, default=str)`")]
    PythonRepr,
    /// Comma-separated values.
    #[error("this is CSV: files are JSON or YAML, as the AWS CLI prints them with `--output json`")]
    Csv,
    /// `null`.
    #[error("this is `null`, which a command prints whose `--query` selects nothing: leave it out")]
    Null,
    /// HTML or XML.
    #[error("this is HTML or XML, perhaps a sign-in page: download the file itself")]
    Html,
    /// gzip.
    #[error("this is a gzip file: unpack it first (`gunzip`)")]
    Gzip,
    /// A zip file, which a saved plan is.
    #[error("this is a zip file; if it is a saved plan, use `terraform show -json PLAN`")]
    Zip,
    /// A plan as people read it.
    #[error("this is a plan as Terraform shows it to people: use `terraform show -json PLAN`")]
    PlanForPeople,
    /// What the wrapper of `hashicorp/setup-terraform` prints around an output.
    #[error(
        "this begins with a line of a wrapper (`[command]…`) and not with the plan: set `terraform_wrapper: false` where \
         `hashicorp/setup-terraform` is used"
    )]
    ActionsWrapper,
    /// The lines of `terraform plan -json`.
    #[error(
        "these are the messages of `terraform plan -json`: save the plan with `-out=PLAN` and use \
         `terraform show -json PLAN`"
    )]
    PlanMessages,
    /// A state file.
    #[error(
        "this is a Terraform state, which is neither an account nor what changes: an account is what \
         `aws kms list-aliases`, `list-keys` and `describe-key` print, and what changes is what \
         `terraform show -json PLAN` prints of a saved plan"
    )]
    TerraformState,
    /// Terraform's own language.
    #[error(
        "this is Terraform configuration: `lint` reads it, and `terraform show -json PLAN` has what changes"
    )]
    Hcl,
    /// A change set of CloudFormation.
    #[error(
        "this is a change set, which holds no values: hand in the template, and the running one as deployed"
    )]
    ChangeSet,
    /// An IAM policy.
    #[error("this is a policy document: `lint` reads it")]
    Policy,
    /// A manifest of Kubernetes.
    #[error("this is a Kubernetes manifest: `lint` reads it")]
    Kubernetes,
    /// An account where something else is asked for.
    #[error(
        "this is an account, as list-aliases, list-keys or describe-key print it: `--account` reads it"
    )]
    Account,
    /// A list of changes where something else is asked for.
    #[error("this is a list of changes: `check --changes` reads it")]
    Changes,
    /// A plan where something else is asked for.
    #[error("this is a Terraform plan: `check --changes` reads it")]
    TerraformPlan,
    /// A template where something else is asked for.
    #[error("this is a CloudFormation template: `check --changes` and `lint` read it")]
    CloudFormation,
    /// A manifest where something else is asked for.
    #[error("this is the manifest of a CDK assembly: `check --changes` and `lint` read it")]
    CdkManifest,
    /// A log where something else is asked for.
    #[error("this is a log of CloudTrail: `audit` reads it")]
    Trail,
    /// Wanted aliases where something else is asked for.
    #[error("these are wanted aliases: `plan` reads them")]
    Wanted,
}

impl Kind {
    /// What the file was taken for by mistake, if it is none of these kinds.
    #[must_use]
    pub fn mistaken_for(self, expected: &[Self]) -> Option<Mistaken> {
        if expected.contains(&self) {
            return None;
        }
        match self {
            Self::Mistaken(mistaken) => Some(mistaken),
            Self::Account => Some(Mistaken::Account),
            Self::Changes => Some(Mistaken::Changes),
            Self::Wanted => Some(Mistaken::Wanted),
            Self::TerraformPlan => Some(Mistaken::TerraformPlan),
            Self::CloudFormation => Some(Mistaken::CloudFormation),
            Self::CdkManifest => Some(Mistaken::CdkManifest),
            Self::Trail => Some(Mistaken::Trail),
            Self::Unknown => None,
        }
    }
}

/// Recognises a file by its content, from as little of it as decides: its first member that only
/// one kind has.
///
/// ```
/// use kms_alias_files::{Kind, recognise};
///
/// assert_eq!(recognise("\u{feff}Aliases:\n- AliasName: alias/a\n".as_bytes()), Kind::Account);
/// assert_eq!(recognise(b""), Kind::Unknown);
/// ```
#[must_use]
pub fn recognise(bytes: &[u8]) -> Kind {
    let file = File { name: "", bytes };
    if let Some(mistaken) = binary(bytes) {
        return Kind::Mistaken(mistaken);
    }
    let Ok(text) = text::decode(file) else {
        return Kind::Unknown;
    };
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == text::MARK);
    if let Some(mistaken) = no_documents(begins) {
        return Kind::Mistaken(mistaken);
    }
    match text::json(file) {
        Ok(json) => of_json(json.trim_start_matches(text::MARK)),
        Err(_) => Kind::Unknown,
    }
}

/// The kind of the first document.
pub(crate) fn of_json(json: &str) -> Kind {
    let mut documents = serde_json::Deserializer::from_str(json).into_iter::<Members>();
    match documents.next() {
        Some(Ok(Members(kind))) => kind,
        Some(Err(error)) => found(&error),
        None => Kind::Unknown,
    }
}

/// What bytes are that are no text.
pub(crate) fn binary(bytes: &[u8]) -> Option<Mistaken> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(Mistaken::Gzip),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Mistaken::Zip),
        _ => None,
    }
}

/// What a text is that holds no documents.
pub(crate) fn no_documents(text: &str) -> Option<Mistaken> {
    let begins = text.trim_start();
    let first = begins.lines().next().unwrap_or_default();
    let starts = |words: &[&str]| words.iter().any(|word| begins.starts_with(word));
    let is_tag = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts(&["-----", "+--", "|  ", "====="]) {
        Some(Mistaken::CliTable)
    } else if starts(&["ALIASES\t", "KEYS\t", "KEYMETADATA\t"]) {
        Some(Mistaken::CliText)
    } else if starts(&["<!", "<?xml"]) || begins.strip_prefix('<').is_some_and(is_tag) {
        Some(Mistaken::Html)
    } else if starts(&["{'", "[{'", "[\"{'"]) {
        Some(Mistaken::PythonRepr)
    } else if begins.trim_end() == "null" {
        Some(Mistaken::Null)
    } else if is_csv(begins) {
        Some(Mistaken::Csv)
    } else if starts(ERRORS) {
        Some(Mistaken::ErrorMessage)
    } else if starts(&["[command]"]) {
        Some(Mistaken::ActionsWrapper)
    } else if starts(PLAN_FOR_PEOPLE) {
        Some(Mistaken::PlanForPeople)
    } else if HCL.iter().any(|block| first.starts_with(block)) && first.contains('{') {
        Some(Mistaken::Hcl)
    } else if is_toml(begins) {
        Some(Mistaken::Toml)
    } else {
        None
    }
}

/// Whether a text begins with a line of names with commas between them, and goes on so.
fn is_csv(text: &str) -> bool {
    let mut lines = text.lines();
    let (Some(names), Some(values)) = (lines.next(), lines.next()) else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "_- .\",".contains(c);
    let commas = |line: &str| line.matches(',').count();
    names.chars().all(plain) && commas(names) > 0 && commas(names) <= commas(values)
}

const ERRORS: &[&str] = &[
    "An error occurred (",
    "aws: error",
    "aws: [ERROR]",
    "usage: aws",
    "Unable to locate credentials",
    "Could not connect to the endpoint",
    "You must specify a region",
    "The config profile",
    "Error loading SSO Token",
    "The SSO session",
    "Traceback (most recent call last)",
    "Error: ",
    "╷",
];

const PLAN_FOR_PEOPLE: &[&str] = &[
    "Terraform used the selected providers",
    "Terraform will perform the following actions",
    "OpenTofu used the selected providers",
    "OpenTofu will perform the following actions",
    "An execution plan has been generated",
    "No changes. ",
];

const HCL: &[&str] = &[
    "resource \"",
    "module \"",
    "data \"",
    "provider \"",
    "terraform {",
    "locals {",
    "variable \"",
    "output \"",
];

/// Whether a text begins with a table of TOML, or with a member of one.
pub(crate) fn is_toml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let Some(first) = lines.find(|line| !line.is_empty() && !line.starts_with('#')) else {
        return false;
    };
    let name = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || " _-.\"'".contains(c);
        !text.is_empty()
            && text.chars().all(plain)
            && text.contains(|c: char| c.is_ascii_alphabetic())
    };
    let inner = first.trim_start_matches('[').trim_end_matches(']');
    if first.starts_with('[') && first.ends_with(']') && !first.contains('"') {
        return name(inner) && !["true", "false", "null"].contains(&inner);
    }
    let member = first.split_once('=');
    member.is_some_and(|(key, value)| name(key.trim()) && !value.trim().is_empty())
}

/// Whether a text begins as a mapping or a sequence in YAML.
pub(crate) fn looks_like_yaml(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(text::MARK).trim_end());
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '%']));
    let Some(first) = first.map(str::trim_start) else {
        return false;
    };
    first.starts_with("---")
        || first.starts_with("- ")
        || first == "-"
        || first.starts_with("? ")
        || first.split_once(':').is_some_and(|(key, rest)| {
            is_key(key.trim_end()) && (rest.is_empty() || rest.starts_with(' '))
        })
}

fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_-./:\"'".contains(c);
    !text.is_empty() && text.chars().all(plain)
}

/// Reads members until one decides the kind; that is told as an error, so that the rest is not
/// read.
struct Members(Kind);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if let Some(code) = code_of(&name) {
                return Err(A::Error::custom(format_args!("{FOUND}{code}")));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(Members(Kind::Unknown))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Members, A::Error> {
        // An empty list is a list of no changes.
        let first = list.next_element::<Members>()?;
        Ok(first.unwrap_or(Members(Kind::Changes)))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Members, E> {
        Ok(Members(Kind::Unknown))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Members, E> {
        Ok(Members(Kind::Unknown))
    }
}

const FOUND: &str = "kind ";

/// What members decide, by their names; the number of a row goes through the error.
const DECIDES: &[(Kind, &[&str])] = &[
    (
        Kind::Account,
        &[
            "Aliases",
            "KeyMetadata",
            "Keys",
            "AliasName",
            "KeyArn",
            "Results",
            "QueryInfo",
            "configurationItems",
            "ConfigurationItems",
            "baseConfigurationItems",
            "configuration_items",
            "resourceType",
            "AWSAccountId",
            "status_code",
        ],
    ),
    (
        Kind::TerraformPlan,
        &[
            "resource_changes",
            "planned_values",
            "prior_state",
            "output_changes",
            "resource_drift",
        ],
    ),
    (
        Kind::CloudFormation,
        &[
            "AWSTemplateFormatVersion",
            "Resources",
            "Transform",
            "TemplateBody",
        ],
    ),
    (Kind::CdkManifest, &["artifacts"]),
    (Kind::Trail, &["Records", "Events", "eventVersion"]),
    (
        Kind::Mistaken(Mistaken::TerraformState),
        &["lineage", "serial", "values"],
    ),
    (
        Kind::Mistaken(Mistaken::PlanMessages),
        &["@level", "@message"],
    ),
    (
        Kind::Mistaken(Mistaken::ChangeSet),
        &["Changes", "ChangeSetName", "ChangeSetId"],
    ),
    (Kind::Mistaken(Mistaken::Kubernetes), &["apiVersion"]),
    (Kind::Mistaken(Mistaken::Policy), &["Statement"]),
    (Kind::Mistaken(Mistaken::ErrorMessage), &["Error", "__type"]),
];

fn code_of(member: &str) -> Option<usize> {
    let row = DECIDES
        .iter()
        .position(|(_, names)| names.contains(&member));
    row.or_else(|| {
        let other = DECIDES.len();
        if member.parse::<KmsOperation>().is_ok() {
            Some(other)
        } else if member.starts_with("alias/") {
            Some(other.saturating_add(1))
        } else {
            None
        }
    })
}

/// The kind that was told as an error.
fn found(error: &serde_json::Error) -> Kind {
    let words = alloc::string::ToString::to_string(error);
    let code = words
        .strip_prefix(FOUND)
        .and_then(|rest| rest.split(' ').next());
    let Some(code) = code.and_then(|code| code.parse::<usize>().ok()) else {
        return Kind::Unknown;
    };
    match DECIDES.get(code) {
        Some((kind, _)) => *kind,
        None if code == DECIDES.len() => Kind::Changes,
        None => Kind::Wanted,
    }
}
