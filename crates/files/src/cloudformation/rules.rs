//! The rules of a template: what it asserts of the values of its parameters. CloudFormation refuses
//! others before it makes anything.

use alloc::format;
use alloc::string::String;

use serde_json::Value;

use super::evaluate::{DEEPEST, Scope};
use super::template::names_in;
use crate::fault::{AccountError, Fault};

/// What a rule of a template says of the values that its parameters have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Holds,
    Broken,
    Unknown,
}

impl Scope<'_> {
    /// The rules that the values break which its parameters have, and what is broken.
    fn broken_rules(&self) -> impl Iterator<Item = (&str, &str)> {
        let rules = self.template.section("Rules");
        rules.flat_map(move |(name, rule)| {
            let broken = assertions(rule).filter(move |it| self.said(rule, it) == Said::Broken);
            broken.map(move |assertion| {
                let words = assertion.get("AssertDescription").and_then(Value::as_str);
                (
                    name.as_str(),
                    words.unwrap_or("the rule has no description"),
                )
            })
        })
    }

    /// Whether a rule forbids values that parameters have.
    pub(super) fn is_forbidden(&self) -> bool {
        self.broken_rules().next().is_some()
    }

    /// The rules of which it is not known whether they hold, though resources of KMS depend on the
    /// parameters of which they are.
    pub(super) fn open_rules(&self) -> impl Iterator<Item = &str> {
        let of_keys = self.template.parameters_of_keys();
        let rules = self.template.section("Rules");
        let open = rules.filter(move |(_, rule)| {
            let is_open = assertions(rule).any(|it| self.said(rule, it) == Said::Unknown);
            is_open
                && names_in([*rule].into_iter())
                    .iter()
                    .any(|it| of_keys.contains(it))
        });
        open.map(|(name, _)| name.as_str())
    }

    fn said(&self, rule: &Value, assertion: &Value) -> Said {
        let condition = rule.get("RuleCondition");
        let applies = condition.map_or(Some(true), |it| self.holds(it, DEEPEST));
        let holds = assertion
            .get("Assert")
            .and_then(|it| self.holds(it, DEEPEST));
        match (applies, holds) {
            (Some(false), _) | (_, Some(true)) => Said::Holds,
            (Some(true), Some(false)) => Said::Broken,
            _ => Said::Unknown,
        }
    }

    /// Whether a list has a value, as far as both are known.
    pub(super) fn has(&self, list: &Value, value: &Value, depth: usize) -> Option<bool> {
        let value = self.at_depth(value, depth).as_known()?;
        let each = list.as_array()?.iter();
        let each = each.map(|one| Some(self.at_depth(one, depth).as_known()? == value));
        let all: Option<alloc::vec::Vec<bool>> = each.collect();
        all.map(|all| all.contains(&true))
    }
}

fn assertions(rule: &Value) -> impl Iterator<Item = &Value> {
    let list = rule.get("Assertions").and_then(Value::as_array);
    list.into_iter().flatten()
}

/// Refuses values that a rule of the template itself forbids.
pub(super) fn check(file: &str, scope: &Scope<'_>) -> Result<(), AccountError> {
    let Some((name, words)) = scope.broken_rules().next() else {
        return Ok(());
    };
    let words: String = format!(
        "the rule `{name}` of the template forbids the values of its parameters ({words}): give other values with \
         `--parameter NAME=VALUE`"
    );
    Err(AccountError {
        entry: Some(format!("Rules.{name}")),
        ..AccountError::of_file(file, Fault::Json(words))
    })
}
