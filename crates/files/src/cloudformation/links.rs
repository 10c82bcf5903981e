//! What values stacks have from each other: exports of stacks that run together, the parameters that a
//! parent has for a nested stack, and the outputs of that.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::evaluate::{Evaluated, Part, Scope};
use super::member::World;
use super::template::Template;
use kms_alias_foresee::verdict::Place;

/// As many stacks may a value pass through.
const MOST_ROUNDS: usize = 16;

/// What is exported by stacks that run together, by the names of the exports.
pub(super) type Exports = BTreeMap<String, Vec<Exported>>;

/// A value that a stack exports, for those of its own account and Region.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exported {
    pub(super) place: Place,
    pub(super) value: Evaluated,
}

/// What is known of the values that stacks have from each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Links {
    pub(super) exports: Exports,
    /// Of each nested stack the values of its parameters.
    bound: BTreeMap<usize, BTreeMap<String, Evaluated>>,
    /// Of each nested stack, by its parent and its logical ID there, its outputs.
    outputs: BTreeMap<(usize, String), BTreeMap<String, Evaluated>>,
    /// Parameters of nested stacks that may have had other values in the running ones.
    withheld: BTreeSet<(usize, String)>,
}

/// Pseudo parameters that a nested stack has in common with its parent.
pub(super) const IN_COMMON: [&str; 4] = [
    "AWS::Region",
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::URLSuffix",
];

/// What follows the name of a value that is not known in the nested stack that has it from its parent.
pub(super) const OF_PARENT: &str = "of the parent stack";

impl Links {
    /// What the new templates give each other, and the running ones; these import what the new ones export.
    pub(super) fn of_both(world: &World<'_>) -> [Self; 2] {
        let new = Self::default().completed(world, None);
        let mut old = Self::default().completed(world, Some(&new.exports));
        // What is withheld in a stack is so in those that are nested in it.
        while old.withhold(&new) {
            old = old.completed(world, Some(&new.exports));
        }
        [new, old]
    }

    /// Withholds the values that are not known and are not called as in the new stacks; whether there are more.
    fn withhold(&mut self, new: &Self) -> bool {
        let known = self.withheld.len();
        for (stack, bound) in &self.bound {
            for (name, value) in bound.iter().filter(|(_, value)| value.as_known().is_none()) {
                let in_new = new.bound.get(stack).and_then(|bound| bound.get(name));
                if in_new != Some(value) {
                    self.withheld.insert((*stack, name.clone()));
                }
            }
        }
        self.withheld.len() > known
    }

    /// The values, of which nothing is known yet but those that are withheld.
    fn completed(self, world: &World<'_>, exports: Option<&Exports>) -> Self {
        let is_old = exports.is_some();
        let mut known = Self {
            exports: exports.cloned().unwrap_or_default(),
            withheld: self.withheld,
            ..Self::default()
        };
        for (number, member) in world.members.iter().enumerate() {
            if member.nested.is_some()
                && let Some(scope) = world.scope(number, is_old, &known)
            {
                let unknown = all_unknown(scope.template);
                known.bound.insert(number, unknown);
            }
        }
        for _ in 0..MOST_ROUNDS {
            let next = known.next(world, exports);
            if next == known {
                break;
            }
            known = next;
        }
        known
    }

    /// What comes of what is known: a value may pass through several stacks.
    fn next(&self, world: &World<'_>, exports: Option<&Exports>) -> Self {
        let mut next = Self {
            exports: exports.cloned().unwrap_or_default(),
            withheld: self.withheld.clone(),
            ..Self::default()
        };
        for (number, member) in world.members.iter().enumerate() {
            let Some(scope) = world.scope(number, exports.is_some(), self) else {
                continue;
            };
            if let Some(nested) = member.nested {
                let place = (nested.parent, nested.logical_id.clone());
                next.outputs.insert(place, scope.outputs());
                if let Some(parent) = world.scope(nested.parent, exports.is_some(), self) {
                    let bound = parent.parameters_for(&nested.logical_id, scope.template);
                    next.bound.insert(number, bound);
                }
            }
            if exports.is_none() {
                export(&scope, &mut next.exports);
            }
        }
        next
    }
}

fn all_unknown(template: &Template) -> BTreeMap<String, Evaluated> {
    let parameters = template.section("Parameters");
    parameters
        .map(|(name, _)| (name.clone(), Evaluated::unknown(name)))
        .collect()
}

/// Adds the values that a stack exports.
fn export(scope: &Scope<'_>, exports: &mut Exports) {
    let of = |output: &Value| {
        let condition = output.get("Condition").and_then(Value::as_str);
        if condition.is_some_and(|name| scope.condition(name) == Some(false)) {
            return None;
        }
        let name = scope.value(output.get("Export")?.get("Name")?).as_known()?;
        Some((name, scope.value(output.get("Value")?)))
    };
    let outputs = scope.template.section("Outputs");
    for (name, value) in outputs.filter_map(|(_, output)| of(output)) {
        let place = scope.place;
        exports
            .entry(name)
            .or_default()
            .push(Exported { place, value });
    }
}

impl Scope<'_> {
    /// Whether it is that of a nested stack.
    pub(super) fn is_nested(&self) -> bool {
        self.links.bound.contains_key(&self.stack)
    }

    /// The value that the parent has for a parameter.
    pub(super) fn bound(&self, name: &str) -> Option<&Evaluated> {
        self.links.bound.get(&self.stack)?.get(name)
    }

    /// Whether the parent may have had another value for a parameter in the running stack.
    pub(super) fn is_withheld(&self, name: &str) -> bool {
        let of_nested = || (self.stack, name.to_owned());
        self.withheld.contains(name) || self.links.withheld.contains(&of_nested())
    }

    /// The outputs of a nested stack, for its parent.
    fn outputs(&self) -> BTreeMap<String, Evaluated> {
        let outputs = self.template.section("Outputs");
        let each = outputs.filter_map(|(name, output)| {
            let condition = output.get("Condition").and_then(Value::as_str);
            let is_there = condition.is_none_or(|name| self.condition(name) == Some(true));
            let value = output.get("Value").filter(|_| is_there)?;
            Some((name.clone(), self.value(value)))
        });
        each.collect()
    }

    /// An attribute of a nested stack: one of its outputs.
    pub(super) fn output(&self, logical_id: &str, attribute: &str) -> Evaluated {
        let outputs = self.links.outputs.get(&(self.stack, logical_id.to_owned()));
        let name = attribute.strip_prefix("Outputs.");
        let value = outputs.and_then(|all| all.get(name?));
        match value {
            Some(value) => value.in_another_stack(&format!("of {logical_id}")),
            None => Evaluated::unknown(format!("{logical_id}.{attribute}")),
        }
    }

    /// The values that the resource of a nested stack has for the parameters of its template; none for one
    /// that keeps its default.
    pub(super) fn parameters_for(
        &self,
        logical_id: &str,
        template: &Template,
    ) -> BTreeMap<String, Evaluated> {
        let Some(given) = self.given_to(logical_id) else {
            return all_unknown(template);
        };
        let each = given.iter().map(|(name, value)| {
            let value = self.value(value);
            let value = self.as_handed(&value).in_another_stack(OF_PARENT);
            (name.clone(), value)
        });
        each.filter(|(_, value)| *value != Evaluated::Nothing)
            .collect()
    }

    /// The value of a parameter that is not known as the parent calls it; any other as it is.
    pub(super) fn as_handed<'e>(&'e self, value: &'e Evaluated) -> &'e Evaluated {
        let handed = value.wholly_unknown().and_then(|name| {
            let kind = self.template.entry("Parameters", name)?.get("Type")?;
            // What stands in the parameter store under the text that is handed is another value.
            let is_text = !kind.as_str()?.starts_with("AWS::SSM::");
            let bound = self.bound(name).filter(|_| is_text)?;
            bound.wholly_unknown().is_some().then_some(bound)
        });
        handed.unwrap_or(value)
    }

    /// What is written in `Parameters` of a nested stack, if that is all that it has.
    pub(super) fn given_to(&self, logical_id: &str) -> Option<Map<String, Value>> {
        let body = self.template.entry("Resources", logical_id)?;
        let properties = body.get("Properties").and_then(Value::as_object)?;
        let is_written =
            |members: &Map<String, Value>| !members.keys().any(|name| name.starts_with("Fn::"));
        if body.get("Fn::Transform").is_some() || !is_written(properties) {
            return None;
        }
        let Some(written) = properties.get("Parameters") else {
            return Some(Map::new());
        };
        match self.value(written) {
            Evaluated::Nothing => Some(Map::new()),
            Evaluated::Json(Value::Object(members)) if is_written(&members) => Some(members),
            _ => None,
        }
    }
}

impl Evaluated {
    /// Whether nothing at all is known of a text.
    pub(super) fn is_wholly_unknown(&self) -> bool {
        self.wholly_unknown().is_some()
    }

    /// What it is called, if nothing at all is known of it.
    pub(super) fn wholly_unknown(&self) -> Option<&str> {
        match self {
            Self::Text(parts) => match &parts[..] {
                [Part::Unknown(label)] => Some(label),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value of another stack: what is not known of it has no name of this one.
    fn in_another_stack(&self, whose: &str) -> Self {
        let part = |part: &Part| match part {
            Part::Unknown(label) if !IN_COMMON.contains(&label.as_str()) => {
                Part::Unknown(format!("{label} {whose}"))
            }
            part => part.clone(),
        };
        let each = |values: &[Self]| -> Vec<Self> {
            let each = values.iter();
            each.map(|value| value.in_another_stack(whose)).collect()
        };
        match self {
            Self::Text(parts) => Self::Text(parts.iter().map(part).collect()),
            Self::List(values) => Self::List(each(values)),
            Self::OneOf(values) => Self::OneOf(each(values)),
            Self::Nothing | Self::Json(_) => self.clone(),
        }
    }
}
