//! Every rule, one after the other, over a policy.

use std::collections::HashMap;
use std::ops::Range;

use super::explain::PolicyRule;
use super::model::{Entry, Policy, Statement};
use super::rules;
use super::vocabulary::Operations;
use crate::finding::{InPolicy, Severity};
use crate::source::one_line;

/// What is wrong in a policy, before it has a place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: PolicyRule,
    pub(crate) severity: Severity,
    pub(crate) at: Range<usize>,
    pub(crate) in_policy: InPolicy,
    pub(crate) message: String,
}

/// What a rule is given: a statement, the policy that it is part of, and a place for faults.
pub(crate) struct Scene<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) is_key_policy: bool,
    pub(crate) statement: &'a Statement,
    /// The operations on aliases whose alias half another statement allows.
    pub(crate) alias_halves_of_others: Operations,
    faults: &'a mut Faults,
}

/// The faults of a statement, and the place of each by rule and path.
#[derive(Default)]
struct Faults {
    list: Vec<Fault>,
    places: HashMap<(PolicyRule, String), usize>,
}

impl Scene<'_> {
    /// Tells that an entry breaks a rule; the same entry breaks a rule once.
    pub(crate) fn tell(
        &mut self,
        rule: PolicyRule,
        severity: Severity,
        entry: &Entry,
        message: impl Into<String>,
    ) {
        let fault = fault(rule, severity, self.statement, entry, message.into());
        let Faults { list, places } = &mut *self.faults;
        let place = *places
            .entry((rule, entry.pointer.clone()))
            .or_insert(list.len());
        match list.get_mut(place) {
            None => list.push(fault),
            Some(known) if known.severity < severity => *known = fault,
            Some(_) => {}
        }
    }
}

pub(super) fn fault(
    rule: PolicyRule,
    severity: Severity,
    statement: &Statement,
    entry: &Entry,
    message: String,
) -> Fault {
    Fault {
        rule,
        severity,
        at: entry.range(),
        in_policy: InPolicy {
            path: entry.pointer.clone(),
            statement: statement.name.clone(),
        },
        message: one_line(&message),
    }
}

/// The rules that look at one statement, in the order of their numbers.
const RULES: &[fn(&mut Scene<'_>)] = &[
    rules::alias_arn_for_key,
    rules::aws_alias,
    rules::wrong_form,
    rules::missing_set_operator,
    rules::needless_set_operator,
    rules::for_all_values_alone,
    rules::for_any_value_negated,
    rules::key_condition_on_alias,
    rules::condition_without_use,
    rules::impossible_value,
    rules::wrong_operator_or_key,
    rules::resource_aliases_in_key_policy,
    rules::variables,
];

/// What is wrong in a policy by the rules W1–W13.
pub(crate) fn check(policy: &Policy) -> Vec<Fault> {
    let is_key_policy = policy.is_key_policy();
    let (mut once, mut twice) = (Operations::NONE, Operations::NONE);
    for statement in &policy.statements {
        let half = statement.possible_alias_half();
        twice = twice.or(once.and(half));
        once = once.or(half);
    }
    let mut faults = Vec::new();
    for statement in &policy.statements {
        let mut of_statement = Faults::default();
        let own = statement.possible_alias_half();
        for rule in RULES {
            rule(&mut Scene {
                policy,
                is_key_policy,
                statement,
                alias_halves_of_others: twice.or(once.without(own)),
                faults: &mut of_statement,
            });
        }
        faults.append(&mut of_statement.list);
    }
    faults
}

/// What is wrong in policies that are all there are, by the rule W14: the faults of each.
pub(crate) fn check_completeness(policies: &[&Policy]) -> Vec<(usize, Fault)> {
    rules::half_permissions(policies)
}
