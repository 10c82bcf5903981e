//! What the linter tells: findings, files that it could not read, and the report that holds both.

use std::fmt;

use kms_alias::Rule;

use crate::policy::PolicyRule;

/// How bad a finding is.
///
/// ```
/// use kms_alias_lint::Severity;
///
/// assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
/// assert_eq!(Severity::Error.to_string(), "error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, and is probably not what was meant.
    Note,
    /// It works in another way than it looks.
    Warning,
    /// It fails, or has no effect at all.
    Error,
}

impl Severity {
    /// The word as it is printed: `note`, `warning` or `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The rule that a finding is about.
///
/// ```
/// use kms_alias::Rule;
/// use kms_alias_lint::{LintRule, PolicyRule};
///
/// assert_eq!(LintRule::Alias(Rule::A3).number(), "A3");
/// assert_eq!(LintRule::Policy(PolicyRule::W4).to_string(), "W4");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintRule {
    /// A rule of KMS on names, keys and targets: A1–A4, K1–K5, K8, T2.
    Alias(Rule),
    /// A rule on policies: W1–W14.
    Policy(PolicyRule),
}

impl LintRule {
    /// The number as it is written, such as `A3` or `W4`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Alias(rule) => rule.number(),
            Self::Policy(rule) => rule.number(),
        }
    }

    /// What the rule says, in a sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Alias(rule) => rule.text(),
            Self::Policy(rule) => rule.title(),
        }
    }
}

impl fmt::Display for LintRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

/// A place in a file. Line and column count from 1.
///
/// A column counts Unicode scalar values. A tab is one; a carriage return and a byte-order mark
/// count nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// How a finding names the statement of a policy.
///
/// ```
/// use kms_alias_lint::StatementName;
///
/// assert_eq!(StatementName::Sid("Admins".to_owned()).to_string(), "Admins");
/// assert_eq!(StatementName::Index(2).to_string(), "2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementName {
    /// By its `Sid`.
    Sid(String),
    /// By its place among the statements, from 0: it has no `Sid`, or an empty one.
    Index(usize),
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(sid) => f.pad(sid),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

/// Where in a policy a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InPolicy {
    /// A JSON pointer from the policy document to the string, the operator or the key at fault.
    ///
    /// For a policy that stands in a template or in Terraform it is the pointer into the document
    /// that is made of it: a `resources` of `aws_iam_policy_document` is `/Statement/0/Resource`.
    pub path: String,
    /// The statement.
    pub statement: StatementName,
}

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Finding {
    /// The path of the file, as it was handed in.
    pub file: String,
    /// The first character of what is wrong.
    pub place: Place,
    /// How many characters of that line are marked; 0 for an empty text.
    pub length: usize,
    /// The rule that is broken.
    pub rule: LintRule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what would be right, on one line, without control characters.
    pub message: String,
    /// Where in a policy; none for names and identifiers.
    pub policy: Option<InPolicy>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        let file = self.file.escape_debug();
        let (severity, message, rule) = (self.severity, &self.message, self.rule);
        write!(
            f,
            "{file}:{line}:{column}: {severity}: {message} (rule {rule})"
        )
    }
}

/// A file that could not be read. The other files are checked all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("{}:{}:{}: {reason}", file.escape_debug(), place.line, place.column)]
#[non_exhaustive]
pub struct Unread {
    /// The path of the file, as it was handed in.
    pub file: String,
    /// Where reading stopped.
    pub place: Place,
    /// Why, and what to mend, on one line.
    pub reason: String,
}

/// What came of checking files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What is wrong: by file in the order of the paths, then by place.
    pub findings: Vec<Finding>,
    /// The files that could not be read, in the order of their paths.
    pub unread: Vec<Unread>,
    /// How many files were read because they are of a kind that may hold aliases or policies.
    pub looked_at: usize,
    /// The files in which there is nothing to check, as they are of no kind that is known.
    pub passed_over: Vec<String>,
}

impl Report {
    /// Whether a finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
}
