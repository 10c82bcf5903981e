//! A policy as the rules see it: statements, entries and tests, each with its place.

use std::ops::Range;

use super::operator::Operator;
use super::pattern::Pattern;
use super::resource::ResourcePattern;
use super::vocabulary::{Operations, is_about_a_key};
use crate::finding::StatementName;

/// What a policy is attached to.
///
/// ```
/// use kms_alias_lint::PolicyKind;
///
/// assert_eq!(PolicyKind::from_name("scp"), Some(PolicyKind::Scp));
/// assert_eq!(PolicyKind::default(), PolicyKind::Identity);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// The policy of a KMS key. It gives the key half of the operations on aliases, never the
    /// alias half.
    Key,
    /// A policy of an IAM user, group or role.
    #[default]
    Identity,
    /// A service control policy of AWS Organizations, which allows nothing by itself.
    Scp,
    /// A resource control policy of AWS Organizations, which allows nothing by itself.
    Rcp,
}

impl PolicyKind {
    /// The kind of a name: `key`, `identity`, `scp` or `rcp`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "key" => Some(Self::Key),
            "identity" => Some(Self::Identity),
            "scp" => Some(Self::Scp),
            "rcp" => Some(Self::Rcp),
            _ => None,
        }
    }
}

/// A string of a policy, or the name of a condition key.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The text, with [`HOLE`](crate::text::HOLE) where it is not known.
    pub(crate) text: String,
    pub(crate) at: Range<usize>,
    pub(crate) pointer: String,
}

/// One policy document, or statements without one.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) kind: PolicyKind,
    /// Whether variables are text: the document is whole and not of version 2012-10-17.
    pub(crate) is_without_variables: bool,
    /// Whether a policy template of SAM makes it, which puts `key/` before what it is given.
    pub(crate) is_of_sam: bool,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
    /// Missing, misspelt, or not known.
    Unknown,
}

/// An entry of `Action`, with the operations of KMS that it matches.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) entry: Entry,
    pub(crate) operations: Operations,
    /// Whether the text is known in whole.
    pub(crate) is_known: bool,
}

/// An entry of `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) entry: Entry,
    pub(crate) pattern: ResourcePattern,
}

/// One comparison of a condition: an operator, a key and its values.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) operator: String,
    /// Whether it is there for certain.
    pub(crate) is_certain: bool,
    /// The name of the key as it is written, with the place of the name.
    pub(crate) key: Entry,
    /// The name of the key in lower case.
    pub(crate) key_name: String,
    pub(crate) values: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) name: StatementName,
    pub(crate) effect: Effect,
    pub(crate) actions: Vec<Action>,
    pub(crate) not_actions: Option<Vec<Action>>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) not_resources: Option<Vec<Resource>>,
    pub(crate) tests: Vec<Test>,
    /// Whether `Condition` is known in whole.
    pub(crate) tests_are_known: bool,
    pub(crate) principals: Vec<Entry>,
}

impl Policy {
    /// Whether it allows nothing by itself.
    pub(crate) const fn only_limits(&self) -> bool {
        matches!(self.kind, PolicyKind::Scp | PolicyKind::Rcp)
    }

    /// Whether it is the policy of a key: it is told so, or gives a whole account everything.
    pub(crate) fn is_key_policy(&self) -> bool {
        self.kind == PolicyKind::Key || self.statements.iter().any(Statement::is_for_the_account)
    }
}

impl Statement {
    pub(crate) fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }

    /// The operations that it is about for certain.
    pub(crate) fn operations(&self) -> Operations {
        match &self.not_actions {
            Some(not) => Operations::all().without(union(not, |_| true)),
            None => union(&self.actions, |action| action.is_known),
        }
    }

    /// The operations that it can be about.
    pub(crate) fn possible_operations(&self) -> Operations {
        match &self.not_actions {
            Some(not) => Operations::all().without(union(not, |action| action.is_known)),
            None => union(&self.actions, |_| true),
        }
    }

    /// Whether its resources are alias ARNs, as far as they can be of KMS.
    pub(crate) fn is_alias_only(&self) -> bool {
        let mut of_kms = self.resources.iter().map(|resource| &resource.pattern);
        self.resources.iter().any(|own| own.pattern.is_alias())
            && of_kms.all(|pattern| pattern.is_alias() || !pattern.can_be_kms())
    }

    /// Whether the ARN of an alias can be among its resources.
    pub(crate) fn takes_in_aliases(&self) -> bool {
        self.takes_in(ResourcePattern::can_be_alias, "arn:*:kms:*:*:alias/*")
    }

    /// Whether the ARN of a key can be among its resources.
    pub(crate) fn takes_in_keys(&self) -> bool {
        self.takes_in(ResourcePattern::can_be_key, "arn:*:kms:*:*:key/*")
    }

    fn takes_in(&self, fits: fn(&ResourcePattern) -> bool, all: &str) -> bool {
        match &self.not_resources {
            Some(not) => {
                let all = Pattern::new(all);
                !not.iter()
                    .any(|resource| Pattern::new(&resource.entry.text).covers(&all))
            }
            None => self.resources.iter().any(|own| fits(&own.pattern)),
        }
    }

    /// The tests of a condition key, by its name in lower case.
    pub(crate) fn tests_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Test> {
        self.tests.iter().filter(move |test| test.key_name == key)
    }

    /// The value of tests where the request has none of their keys; none if it is not known.
    pub(crate) fn value_without<'a>(&self, tests: impl Iterator<Item = &'a Test>) -> Option<bool> {
        let values: Vec<_> = tests.map(Test::value_without_key).collect();
        if values.contains(&Some(false)) {
            return Some(false);
        }
        (self.tests_are_known && !values.contains(&None)).then_some(true)
    }

    /// The operations on aliases whose alias half it can allow.
    pub(crate) fn possible_alias_half(&self) -> Operations {
        let about_keys = self
            .tests
            .iter()
            .filter(|test| is_about_a_key(&test.key_name));
        let gives = self.effect != Effect::Deny
            && self.takes_in_aliases()
            && self.value_without(about_keys) != Some(false);
        let operations = self.possible_operations().and(Operations::on_aliases());
        if gives { operations } else { Operations::NONE }
    }

    /// The operations on aliases whose key half it can allow.
    pub(crate) fn possible_key_half(&self) -> Operations {
        let gives = self.effect != Effect::Deny && self.takes_in_keys();
        let operations = self.possible_operations().and(Operations::on_aliases());
        if gives { operations } else { Operations::NONE }
    }

    /// Whether all its principals are accounts.
    pub(crate) fn is_for_accounts_alone(&self) -> bool {
        !self.principals.is_empty() && self.principals.iter().all(is_account_root)
    }

    /// Whether it allows `kms:*` on `*` to the root of an account.
    fn is_for_the_account(&self) -> bool {
        let everything = |action: &Action| {
            action.entry.text.eq_ignore_ascii_case("kms:*") || action.entry.text == "*"
        };
        self.allows()
            && self.actions.iter().any(everything)
            && self.resources.iter().any(|own| own.entry.text == "*")
            && self.principals.iter().any(is_account_root)
    }
}

/// Whether a principal is an account: its root user's ARN, or 12 digits.
fn is_account_root(principal: &Entry) -> bool {
    let text = principal.text.as_str();
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_account || (text.starts_with("arn:") && text.contains(":iam::") && text.ends_with(":root"))
}

fn union(actions: &[Action], counts: impl Fn(&Action) -> bool) -> Operations {
    let counted = actions.iter().filter(|action| counts(action));
    counted.fold(Operations::NONE, |sum, action| sum.or(action.operations))
}

impl Test {
    pub(crate) fn operator(&self) -> Operator<'_> {
        Operator::new(&self.operator)
    }

    /// Whether the key is one of the two on aliases.
    pub(crate) fn is_on_aliases(&self) -> bool {
        use super::vocabulary::{REQUEST_ALIAS, RESOURCE_ALIASES};
        [REQUEST_ALIAS, RESOURCE_ALIASES].contains(&self.key_name.as_str())
    }

    /// Its value where the request does not have the key; none if it is not known.
    pub(crate) fn value_without_key(&self) -> Option<bool> {
        let value = self.operator().value_without_key(self.null_value());
        value.filter(|value| *value || self.is_certain)
    }

    /// Of `Null`: whether it wants the key to be absent.
    pub(crate) fn null_value(&self) -> Option<bool> {
        match self.values.as_slice() {
            [only] if only.text.eq_ignore_ascii_case("true") => Some(true),
            [only] if only.text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}
