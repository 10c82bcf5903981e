//! What is wrong with a file: where, and by which rule.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::changes::names_of_changes;
use super::recognise::Mistaken;
use kms_alias::Inconsistent;
use kms_alias::KmsOperation;
use kms_alias::Rule;
use kms_alias::{AccountId, AliasArn, AnyAliasName, KeyArn, KeyId, ParseError, Scope};
use kms_alias::{ImpossibleKey, KeyState, NotAWaitingPeriod, UnknownName};
use kms_alias_foresee::json_words;
use kms_alias_foresee::verdict::Place;

/// Why a file is not an account, a list of changes or a log: the file, the line, the entry, and the
/// fault, which has its rule.
///
/// ```
/// use kms_alias::Rule;
/// use kms_alias_files::{Fault, File, Options, load};
///
/// let bytes = br#"{"Aliases": [
///     {"AliasName": "alias/pay.ments"}
/// ]}"#;
/// let error = load(&[File { name: "aliases.json", bytes }], Options::default()).unwrap_err();
/// assert_eq!((error.file(), error.line()), ("aliases.json", Some(2)));
/// assert_eq!((error.entry(), error.rule()), (Some("Aliases[0]"), Some(Rule::A3)));
/// assert!(matches!(error.fault(), Fault::Identifier { member: "AliasName", .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountError {
    /// The file, by the name that it was given.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The entry, such as `Aliases[3]`.
    pub entry: Option<String>,
    /// What is wrong.
    pub fault: Box<Fault>,
}

/// What is wrong with a file, an entry or a member of it.
///
/// ```
/// use kms_alias::Rule;
/// use kms_alias_files::{Fault, File, Options, load};
///
/// let bytes = br#"{"Aliases": [{"AliasName": "alias/aws/s3"}]}"#;
/// let error = load(&[File { name: "aliases.json", bytes }], Options::default()).unwrap_err();
/// assert_eq!(*error.fault(), Fault::NoScope); // no ARN says which account and Region this is
/// assert_eq!(error.fault().rule(), Some(Rule::I2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file is not UTF-8.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// The file is UTF-16 by its beginning, and is not.
    #[error("the file begins as UTF-16 text and is not: save it as UTF-8")]
    NotUtf16,
    /// The file is something else than it was handed in for.
    #[error("{0}")]
    Mistaken(Mistaken),
    /// The file holds no JSON document.
    #[error("the file holds no JSON document")]
    Empty,
    /// The file of an account holds an empty array.
    #[error(
        "the file holds an empty array, which tells nothing: an account without aliases is \
         {{\"Aliases\": []}}, one without keys {{\"Keys\": []}}"
    )]
    EmptyArray,
    /// The file is not JSON, ends too early, or a member is of the wrong type.
    #[error("{0}")]
    Json(String),
    /// What is wrong at a place of a template: the path there, and the words, which have it.
    #[error("{words}")]
    InTemplate {
        /// The names that lead there, such as `Resources.Alias.Properties.TargetKeyId`.
        path: String,
        /// What is wrong.
        words: String,
    },
    /// A document that is none of those that an account is made of.
    #[error(
        "the document has neither `Aliases` nor `KeyMetadata` nor `Keys`: an account is what \
         `aws kms list-aliases`, `list-keys` and `describe-key` print"
    )]
    NotAnAccount,
    /// A document that is none of those that a log is made of.
    #[error("the document has neither `Records` nor `Events`, and is no record of CloudTrail")]
    NotATrail,
    /// A step that is not an operation and its request.
    #[error(
        "a step is an object of one member, such as {{\"DeleteAlias\": {{\"AliasName\": \"alias/old\"}}}}, \
         and a list of changes is an array of steps"
    )]
    NotAStep,
    /// A step whose name is no operation of KMS.
    #[error(
        "`{name}` is not an operation of KMS: a list of changes holds {}{near}",
        names_of_changes()
    )]
    NotAnOperation {
        /// The name.
        name: String,
        /// What may have been meant, as the end of the sentence; empty if nothing is like it.
        near: String,
    },
    /// A parameter that an operation does not have.
    #[error(
        "`{name}` is not a parameter of {operation}, which has {}{near}",
        parameters(*operation)
    )]
    NotAParameter {
        /// The operation.
        operation: KmsOperation,
        /// The name.
        name: String,
        /// What may have been meant, as the end of the sentence; empty if nothing is like it.
        near: String,
    },
    /// An operation of KMS that is no change of an alias or of a key that stands.
    #[error(
        "`{0}` is not a change that can be foretold: a list of changes holds {changes}",
        changes = names_of_changes()
    )]
    NotAChange(String),
    /// A document, or a member of it, that does not say which alias is to have which key.
    #[error(
        "a wanted alias is its name and its key, such as {{\"alias/payments\": \"1234abcd-12ab-34cd-56ef-1234567890ab\"}}"
    )]
    NotATarget,
    /// A name that is wanted twice.
    #[error("alias {0} is wanted twice (rule I1)")]
    WantedTwice(AnyAliasName),
    /// A member that has to be there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member that goes with another state.
    #[error("`{member}` does not go with the key state {state} (rule S4)")]
    OtherState {
        /// The member.
        member: &'static str,
        /// The state.
        state: KeyState,
    },
    /// A text that is not what its member holds.
    #[error("`{member}`: {error}")]
    Identifier {
        /// The member.
        member: &'static str,
        /// Why.
        error: ParseError,
    },
    /// A name that this version does not know.
    #[error("`{member}`: {error} (rule {})", member_rule(member))]
    Unknown {
        /// The member.
        member: &'static str,
        /// Which.
        error: UnknownName,
    },
    /// A key that cannot be.
    #[error("{0}")]
    Impossible(ImpossibleKey),
    /// A waiting period that no key has.
    #[error("{0}")]
    WaitingPeriod(NotAWaitingPeriod),
    /// A date that is neither epoch seconds nor ISO 8601 with an offset.
    #[error(
        "`{0}` is neither a number of seconds since the Unix epoch nor an ISO 8601 time with an offset"
    )]
    Date(String),
    /// An alias ARN with another name in it than the alias has.
    #[error("the ARN {arn} is not that of alias {alias_name} (rule A7)")]
    OtherAlias {
        /// The alias.
        alias_name: AnyAliasName,
        /// The ARN.
        arn: Box<AliasArn>,
    },
    /// A key ARN with another ID in it than the key has.
    #[error("the ARN {arn} is not that of key {key_id} (rule K3)")]
    OtherKey {
        /// The key.
        key_id: KeyId,
        /// The ARN.
        arn: KeyArn,
    },
    /// An account that is not that of the key's ARN.
    #[error("`AWSAccountId` is {account_id}, and the ARN is {arn} (rule K3)")]
    OtherAccount {
        /// The account.
        account_id: AccountId,
        /// The ARN.
        arn: KeyArn,
    },
    /// `Enabled` says otherwise than the key state.
    #[error(
        "`Enabled` is {enabled}, and the key state is {state} (rule S8): describe the key again"
    )]
    OtherEnabled {
        /// What `Enabled` says.
        enabled: bool,
        /// The state.
        state: KeyState,
    },
    /// Two accounts or Regions in one account.
    #[error(
        "{found} is not of {scope}, where the account began: one account and Region at a time (rule I2)"
    )]
    OtherScope {
        /// The first scope.
        scope: Scope,
        /// The other.
        found: Scope,
    },
    /// No ARN says which account and Region this is.
    #[error(
        "no ARN says which account and Region this is: add a key or an alias with its ARN, or name them (`--region REGION --account-id DIGITS`) (rule I2)"
    )]
    NoScope,
    /// Several of the accounts and Regions of the files are the one that was named.
    #[error(
        "the files tell of {}: name one of them (`--region REGION --account-id DIGITS`) (rule I2)",
        listed(.0)
    )]
    NotOneScope(Vec<Scope>),
    /// None of the accounts and Regions of the files is the one that was named.
    #[error(
        "no account file tells of {}, which was asked for: they tell of {}. Name one of these \
         (`--region REGION --account-id DIGITS`), or add what `aws kms list-aliases` and \
         `aws kms list-keys` print there (rule I2)",
        place_words(.named), listed(.told)
    )]
    NotCovered {
        /// The account, the Region or both.
        named: Place,
        /// What the files tell of.
        told: Vec<Place>,
    },
    /// A list that goes on, and whose last page is not there.
    #[error(
        "the list goes on (`Truncated` or `NextToken`), and its last page is not there: print all \
         pages (rule L3)"
    )]
    Truncated,
    /// What cannot stand in a table.
    #[error("{0}")]
    Inconsistent(Inconsistent),
}

/// Accounts and Regions by their ARNs, one after the other.
fn listed(places: &[impl ToString]) -> String {
    let places: Vec<_> = places.iter().map(ToString::to_string).collect();
    places.join(", ")
}

/// What is known of a place, in words.
fn place_words(place: &Place) -> String {
    match (place.region, place.account) {
        (Some(region), Some(account)) => format!("account {account} in Region {region}"),
        (Some(region), None) => format!("Region {region}"),
        (None, Some(account)) => format!("account {account}"),
        (None, None) => place.to_string(),
    }
}

/// The parameters of an operation, one after the other.
fn parameters(operation: KmsOperation) -> String {
    let names: Vec<_> = operation
        .members()
        .iter()
        .map(|it| format!("`{}`", it.name))
        .collect();
    names.join(" and ")
}

/// The rule whose names a member takes.
fn member_rule(member: &str) -> Rule {
    if member == "KeyState" {
        Rule::S8
    } else {
        Rule::M
    }
}

impl Fault {
    /// An error of the JSON reader in a part of a file, without the place in that part.
    pub fn of_part(error: &serde_json::Error) -> Self {
        Self::Json(json_words::words(error))
    }

    /// What is wrong at a place of a template.
    pub(crate) fn in_template(path: &str, words: String) -> Self {
        let path = path.to_string();
        Self::InTemplate { path, words }
    }

    /// The rule that is broken; none for a file that cannot be read at all.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        match self {
            Self::NotUtf8
            | Self::NotUtf16
            | Self::Mistaken(_)
            | Self::Empty
            | Self::EmptyArray
            | Self::Json(_)
            | Self::InTemplate { .. }
            | Self::NotAnAccount
            | Self::NotATrail
            | Self::NotAStep
            | Self::NotAnOperation { .. }
            | Self::NotAParameter { .. }
            | Self::NotAChange(_)
            | Self::NotATarget
            | Self::Missing(_)
            | Self::Date(_) => None,
            Self::OtherState { .. } => Some(Rule::S4),
            Self::Identifier { error, .. } => Some(error.rule()),
            Self::Unknown { member, .. } => Some(member_rule(member)),
            Self::Impossible(impossible) => Some(impossible.rule()),
            Self::WaitingPeriod(error) => Some(error.rule()),
            Self::WantedTwice(_) => Some(Rule::I1),
            Self::OtherAlias { .. } => Some(Rule::A7),
            Self::OtherKey { .. } | Self::OtherAccount { .. } => Some(Rule::K3),
            Self::OtherEnabled { .. } => Some(Rule::S8),
            Self::OtherScope { .. }
            | Self::NoScope
            | Self::NotOneScope(_)
            | Self::NotCovered { .. } => Some(Rule::I2),
            Self::Truncated => Some(Rule::L3),
            Self::Inconsistent(inconsistent) => Some(inconsistent.rule()),
        }
    }
}

impl AccountError {
    /// The file, by the name that it was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1, where the fault has one.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// The entry, such as `Aliases[3]`, where the fault is one entry's.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The rule that is broken, if the fault is a rule's.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        self.fault.rule()
    }

    /// A fault of a file as a whole.
    pub fn of_file(file: &str, fault: Fault) -> Self {
        Self {
            file: file.to_string(),
            line: None,
            entry: None,
            fault: Box::new(fault),
        }
    }

    /// An error of the JSON reader in a file.
    pub fn json(file: &str, error: &serde_json::Error) -> Self {
        Self {
            file: file.to_string(),
            line: Some(error.line()),
            entry: None,
            fault: Box::new(Fault::Json(json_words::words_at(error))),
        }
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, ": {entry}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl core::error::Error for AccountError {}
