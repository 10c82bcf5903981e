//! The conditions of a template, evaluated as far as they are known.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{DEEPEST, Evaluated, Part, Scope};
use super::links::OF_PARENT;
use crate::run::Assumption;
use kms_alias_foresee::verdict::Need;

impl Scope<'_> {
    /// Whether a condition holds, if that is known.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        self.condition_at(name, DEEPEST)
    }

    pub(super) fn condition_at(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(holds) = self.assumed(&self.of_stack(name), "") {
            return Some(holds);
        }
        if let Some(known) = self.conditions.borrow().get(name) {
            return *known;
        }
        let depth = depth.checked_sub(1)?;
        let condition = self.template.entry("Conditions", name)?;
        // One that leads back to itself is not known.
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let holds = self.holds(condition, depth);
        self.conditions.borrow_mut().insert(name.to_owned(), holds);
        holds
    }

    pub(super) fn holds(&self, condition: &Value, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let (name, argument) = condition.as_object()?.iter().next()?;
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        let mut each = list.iter().map(|inner| self.holds(inner, depth));
        match name.as_str() {
            "Condition" => self.condition_at(argument.as_str()?, depth),
            "Fn::Not" => each.next()?.map(|holds| !holds),
            "Fn::And" => {
                let all: Vec<_> = each.collect();
                if all.contains(&Some(false)) {
                    return Some(false);
                }
                all.iter().all(Option::is_some).then_some(true)
            }
            "Fn::Or" => {
                let all: Vec<_> = each.collect();
                if all.contains(&Some(true)) {
                    return Some(true);
                }
                all.iter().all(Option::is_some).then_some(false)
            }
            "Fn::Contains" => match list {
                [list, value] => self.has(list, value, depth),
                _ => None,
            },
            "Fn::Equals" => match list {
                [one, other] => {
                    let (one, other) = (self.at_depth(one, depth), self.at_depth(other, depth));
                    equal(&one, &other).or_else(|| {
                        if self.are_two(&one, &other) || self.are_two(&other, &one) {
                            return Some(false);
                        }
                        let (value, compared_with) = self.compared(&one, &other);
                        self.assumed(&value, &compared_with)
                    })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl Scope<'_> {
    /// A name of this stack, apart from those of other stacks.
    pub(super) fn of_stack(&self, name: &str) -> String {
        named(self.label, name)
    }

    /// Whether a value is a parameter that cannot be the other.
    fn are_two(&self, value: &Evaluated, other: &Evaluated) -> bool {
        let Evaluated::Text(parts) = value else {
            return false;
        };
        match (&parts[..], other.as_known()) {
            ([Part::Unknown(name)], Some(text)) => self.is_not_allowed(name, &text),
            _ => false,
        }
    }

    /// What is compared: the value that is not known first.
    fn compared(&self, one: &Evaluated, other: &Evaluated) -> (String, String) {
        let (first, second) = match one.as_known() {
            Some(_) => (other, one),
            None => (one, other),
        };
        (self.of_its_stack(first), second.shown())
    }

    /// A value that is not known, as the stack calls it that a nested one has it from.
    fn of_its_stack(&self, value: &Evaluated) -> String {
        let value = self.as_handed(value);
        let Some(label) = value.wholly_unknown() else {
            return self.of_stack(&value.shown());
        };
        let (mut name, mut stack) = (label, self.label);
        while let Some(inner) = stack
            && let Some(outer) = name.strip_suffix(OF_PARENT)
        {
            name = outer.trim_end();
            stack = inner.rsplit_once('/').map(|(around, _)| around);
        }
        named(stack, &format!("${{{name}}}"))
    }

    /// What is assumed of two values; a value that equals one text equals no other.
    pub(super) fn assumed(&self, value: &str, compared_with: &str) -> Option<bool> {
        let of_value = || self.assumed.iter().filter(|one| &*one.value == value);
        let known = of_value().find(|one| &*one.compared_with == compared_with);
        let is_other = !compared_with.contains("${")
            && of_value().any(|one| one.holds && !one.compared_with.contains("${"));
        known.map(|one| one.holds).or(is_other.then_some(false))
    }

    /// A comparison that is not known and on which a condition hangs; the condition itself if there
    /// is none.
    pub(super) fn open(&self, condition: &str) -> Assumption {
        let found = self.template.entry("Conditions", condition);
        let found = found.and_then(|it| self.open_comparison(it, DEEPEST, &mut BTreeSet::new()));
        let (value, compared_with) =
            found.unwrap_or_else(|| (self.of_stack(condition), String::new()));
        let label = value.as_str().into();
        Assumption {
            value: value.into(),
            compared_with: compared_with.into(),
            holds: true,
            need: Need::Name { label },
        }
    }

    fn open_comparison<'c>(
        &'c self,
        condition: &'c Value,
        depth: usize,
        seen: &mut BTreeSet<&'c str>,
    ) -> Option<(String, String)> {
        let depth = depth.checked_sub(1)?;
        if self.holds(condition, depth).is_some() {
            return None;
        }
        let (name, argument) = condition.as_object()?.iter().next()?;
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (name.as_str(), list) {
            ("Condition", _) => {
                let name = argument.as_str()?;
                let inner = self.template.entry("Conditions", name)?;
                let is_new = seen.insert(name);
                is_new.then(|| self.open_comparison(inner, depth, seen))?
            }
            ("Fn::Equals", [one, other]) => {
                let (one, other) = (self.at_depth(one, depth), self.at_depth(other, depth));
                Some(self.compared(&one, &other))
            }
            _ => list
                .iter()
                .find_map(|it| self.open_comparison(it, depth, seen)),
        }
    }
}

/// A name of a stack.
fn named(stack: Option<&str>, name: &str) -> String {
    match stack {
        Some(stack) => [stack, ": ", name].concat(),
        None => name.to_owned(),
    }
}

fn equal(one: &Evaluated, other: &Evaluated) -> Option<bool> {
    match (one.as_known(), other.as_known()) {
        (Some(one), Some(other)) => Some(one == other),
        _ if one == other => Some(true),
        _ => None,
    }
}
