//! A stack: the template that is to run, the one that runs, and the steps from one to the other.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{Evaluated, Part, Scope};
use super::template::{HARMLESS, Kind, Resource, Template};
use crate::new_key;
use kms_alias::{KeyId, KeySpec, KeyState, KeyUsage, Origin, Refusal};
use kms_alias_foresee::verdict::{
    KeyFacts, KeyReference, NameReference, Place, UnknownKey, UnknownName,
};

/// The resources of KMS in a template, as they are to be.
pub(super) struct Resources<'v> {
    pub(super) scope: Scope<'v>,
    pub(super) all: BTreeMap<&'v str, Resource<'v>>,
    /// Conditions that are not known, and that resources have.
    pub(super) unknown_conditions: BTreeSet<&'v str>,
}

impl<'v> Resources<'v> {
    pub(super) fn of(scope: Scope<'v>) -> Self {
        let mut unknown_conditions = BTreeSet::new();
        let is_there = |resource: &Resource<'v>| match resource.condition() {
            None => true,
            Some(condition) => scope.condition(condition).unwrap_or_else(|| {
                unknown_conditions.insert(condition);
                true
            }),
        };
        let all: BTreeMap<_, _> = scope
            .template
            .resources()
            .filter(is_there)
            .map(|resource| (resource.logical_id, resource))
            .collect();
        for resource in all.values() {
            let is_open = |name: &&str| scope.condition(name).is_none();
            unknown_conditions.extend(resource.chosen_by().into_iter().filter(is_open));
        }
        Self {
            scope,
            all,
            unknown_conditions,
        }
    }

    pub(super) fn value(&self, resource: &Resource<'_>, property: &str) -> Evaluated {
        match resource.property(property) {
            Some(value) => self.scope.value(value),
            None if resource.is_transformed() => Evaluated::unknown("Fn::Transform"),
            None => Evaluated::Nothing,
        }
    }

    /// The name of an alias, as far as it is told without the IDs of keys.
    pub(super) fn name(&self, resource: &Resource<'_>) -> NameReference {
        self.name_with(resource, |_| None)
    }

    /// The name of an alias, with what its parts are that are known elsewhere.
    pub(super) fn name_with(
        &self,
        resource: &Resource<'_>,
        text_of: impl Fn(&Part) -> Option<String>,
    ) -> NameReference {
        let value = self.value(resource, "AliasName").with(text_of);
        if value == Evaluated::Nothing {
            return NameReference::Absent;
        }
        if let Some(text) = value.as_known() {
            return NameReference::Text(text.into());
        }
        // Whatever the rest is, no name has such a character (rule A3).
        if let Evaluated::Text(parts) = &value
            && parts.iter().any(is_no_part_of_a_name)
        {
            return NameReference::Text(value.shown().into());
        }
        let prefix = match &value {
            Evaluated::Text(parts) => match parts.first() {
                Some(Part::Known(prefix)) => prefix.as_str(),
                _ => "",
            },
            _ => "",
        };
        // In one stack what is shown alike is alike.
        let stack = self.scope.label.unwrap_or_default();
        let separator = if stack.is_empty() { "" } else { ": " };
        NameReference::Unknown(UnknownName {
            label: [stack, separator, &value.shown()].concat().into(),
            prefix: prefix.into(),
            is_unique: false,
            form: self.scope.form(&value),
        })
    }

    /// What is known of the key that a resource makes.
    pub(super) fn facts(&self, resource: &Resource<'_>) -> KeyFacts {
        let known = |property| Known::of(self.value(resource, property));
        let mut facts = KeyFacts::customer_managed();
        if resource.kind == Kind::ReplicaKey {
            facts.multi_region = Some(true);
        } else {
            facts.multi_region = known("MultiRegion").boolean(false);
            facts.spec = known("KeySpec").parse(KeySpec::SymmetricDefault);
            facts.usage = known("KeyUsage").parse(KeyUsage::EncryptDecrypt);
            facts.origin = known("Origin").parse(Origin::AwsKms);
        }
        let is_enabled = known("Enabled").boolean(true);
        if resource.kind == Kind::ReplicaKey {
            // A replica of imported key material waits for it, whatever is said here.
            facts.enabled = is_enabled;
            return facts;
        }
        facts.state = match (facts.origin, is_enabled) {
            (Some(Origin::External), _) => Some(KeyState::PendingImport),
            (_, Some(true)) => Some(KeyState::Enabled),
            (_, Some(false)) => Some(KeyState::Disabled),
            (_, None) => None,
        };
        facts
    }

    /// What CreateKey is asked for that is no value of KMS, so that it is refused (rule K7), or lacks (rule M).
    pub(super) fn none_of_kms(&self, resource: &Resource<'_>) -> Option<Refusal> {
        let known = |property| self.value(resource, property).as_known();
        let [spec, usage, origin] = ["KeySpec", "KeyUsage", "Origin"].map(known);
        let refusal = new_key::none_of_kms(&[
            ("KeySpec", spec.as_deref()),
            ("KeyUsage", usage.as_deref()),
            ("Origin", origin.as_deref()),
        ]);
        refusal.or_else(|| self.lacks_usage(resource, spec?.parse().ok()?))
    }

    /// KMS has a default of the key usage for symmetric encryption keys alone, and CloudFormation passes on what the
    /// template says (ours).
    fn lacks_usage(&self, resource: &Resource<'_>, spec: KeySpec) -> Option<Refusal> {
        let is_absent = self.value(resource, "KeyUsage") == Evaluated::Nothing;
        let lacks = is_absent && spec != KeySpec::SymmetricDefault;
        lacks.then_some(Refusal::KeyUsageMissing)
    }

    pub(super) fn is_enabled(&self, resource: &Resource<'_>) -> Option<bool> {
        Known::of(self.value(resource, "Enabled")).boolean(true)
    }

    pub(super) fn pending_window(&self, resource: &Resource<'_>) -> Option<i64> {
        let days = self.value(resource, "PendingWindowInDays").as_known();
        days.and_then(|days| days.parse().ok())
    }

    /// What other resources of the template each one depends on, by the number of each. One that a
    /// condition leaves out, or may leave out, waits for nothing, and so puts no others in order.
    pub(super) fn dependencies(&self) -> (Vec<&'v str>, Vec<Vec<usize>>) {
        let template: &'v Template = self.scope.template;
        let logical_ids = template.logical_ids();
        let number = |name: &String| logical_ids.binary_search(&name.as_str()).ok();
        let is_there = |logical_id: &str| {
            let body = template.entry("Resources", logical_id);
            let condition = body.and_then(|body| body.get("Condition")?.as_str());
            self.all.contains_key(logical_id)
                || condition.is_none_or(|name| self.scope.condition(name) == Some(true))
        };
        let each = logical_ids.iter().map(|logical_id| {
            if !is_there(logical_id) {
                return Vec::new();
            }
            let holds = |name: &str| self.scope.condition(name);
            let references = template.references_where(logical_id, &holds);
            references.iter().filter_map(number).collect()
        });
        let dependencies = each.collect();
        (logical_ids, dependencies)
    }
}

fn is_no_part_of_a_name(part: &Part) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    match part {
        Part::Known(text) => !text.bytes().all(is_allowed),
        // The ending of the names of hosts has a full stop in each partition.
        Part::Unknown(label) => label == "AWS::URLSuffix",
        Part::Key { .. } => false,
    }
}

/// A property: absent, known, or not known.
enum Known {
    Absent,
    Text(String),
    Unknown,
}

impl Known {
    fn of(value: Evaluated) -> Self {
        match value {
            Evaluated::Nothing => Self::Absent,
            value => value.as_known().map_or(Self::Unknown, Self::Text),
        }
    }

    fn boolean(&self, default: bool) -> Option<bool> {
        match self {
            Self::Absent => Some(default),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Self::Text(_) | Self::Unknown => None,
        }
    }

    fn parse<T: core::str::FromStr>(&self, default: T) -> Option<T> {
        match self {
            Self::Absent => Some(default),
            Self::Text(text) => text.parse().ok(),
            Self::Unknown => None,
        }
    }
}

/// The keys of stacks: those that stand, and those that steps make.
#[derive(Default)]
pub(super) struct Keys {
    /// Of a stack's logical ID, the ID of the key that stands.
    pub(super) standing: BTreeMap<(usize, String), KeyId>,
    /// Of a stack's logical ID, the step that makes the key.
    pub(super) made: BTreeMap<(usize, String), usize>,
    /// What is known of each of them.
    pub(super) facts: BTreeMap<(usize, String), KeyFacts>,
}

impl Keys {
    /// The key that a property names.
    pub(super) fn reference(&self, value: &Evaluated) -> KeyReference {
        match value {
            Evaluated::Nothing => KeyReference::Absent,
            Evaluated::OneOf(values) => self.one_of(value, values),
            Evaluated::Text(parts) => match value.as_key() {
                Some((stack, logical_id)) => self.of(key_of(stack, logical_id)),
                // Whatever follows, it is no key (rule K5).
                None if begins(parts, "alias/") => KeyReference::Text(value.shown().into()),
                None => match value.as_known() {
                    Some(text) => KeyReference::Text(text.into()),
                    None => unknown(&value.shown(), KeyFacts::default()),
                },
            },
            other => match other.as_known() {
                Some(text) => KeyReference::Text(text.into()),
                None => unknown("TargetKeyId", KeyFacts::default()),
            },
        }
    }

    fn of(&self, key: (usize, String)) -> KeyReference {
        if let Some(step) = self.made.get(&key) {
            return KeyReference::MadeBy(*step);
        }
        match self.standing.get(&key) {
            Some(key_id) => {
                let mut text = String::new();
                text.push_str(&format!("{key_id}"));
                KeyReference::Text(text.into())
            }
            None => {
                let facts = self.facts.get(&key).copied().unwrap_or_default();
                unknown(&key.1, facts)
            }
        }
    }

    /// One of several keys: what all of them are is known.
    fn one_of(&self, value: &Evaluated, values: &[Evaluated]) -> KeyReference {
        let facts = values.iter().map(|value| {
            let key = value.as_key();
            let key = key.map(|(stack, logical_id)| key_of(stack, logical_id));
            let facts = key.and_then(|key| self.facts.get(&key).copied());
            facts.unwrap_or_default()
        });
        let common = facts.reduce(KeyFacts::common);
        unknown(&value.shown(), common.unwrap_or_default())
    }
}

fn begins(parts: &[Part], prefix: &str) -> bool {
    matches!(parts.first(), Some(Part::Known(text)) if text.starts_with(prefix))
}

fn unknown(label: &str, facts: KeyFacts) -> KeyReference {
    KeyReference::Unknown(UnknownKey {
        label: label.into(),
        facts,
        series: None,
    })
}

/// What to do about what CloudFormation alone can expand.
const PROCESSED: &str = "check the processed template, which `aws cloudformation get-template --stack-name STACK \
                         --change-set-name CHANGE-SET --template-stage Processed` prints";

/// What is told of a template, and the resource that it is told of, if it is one.
pub(super) type Told<'v> = (Option<&'v str>, Box<str>);

/// What of a template is not read (rule F8).
pub(super) fn left_out(template: &Template) -> Vec<Told<'_>> {
    let mut told = Vec::new();
    for transform in template.transforms() {
        if !HARMLESS.contains(&transform) {
            let words = format!(
                "the transform `{transform}` is not run, and what it makes is not judged: {PROCESSED}"
            );
            told.push((None, words.into()));
        }
    }
    for (name, body) in template.section("Resources") {
        let kind = body.get("Type").and_then(Value::as_str).unwrap_or_default();
        if name == "Fn::Transform" {
            // It is told with the other transforms.
        } else if name.starts_with("Fn::") {
            told.push((Some(name.as_str()), not_expanded(name)));
        } else if kind.ends_with("::MODULE") {
            let words =
                format!("`{name}` is a module, which is not expanded and not judged: {PROCESSED}");
            told.push((Some(name.as_str()), words.into()));
        }
    }
    told
}

/// The same of the template that runs. A loop that is not written out has made what is not seen.
pub(super) fn left_out_of_running(template: &Template) -> Vec<Told<'_>> {
    let loops = template.section("Resources").map(|(name, _)| name.as_str());
    let loops = loops.filter(|name| name.starts_with("Fn::ForEach::"));
    loops
        .map(|name| {
            let words = format!(
                "`{name}` of the running template is not expanded, and what it made is taken as not there: give its list \
                 with `--deployed-parameter`, or {PROCESSED}"
            );
            (Some(name), words.into())
        })
        .collect()
}

fn not_expanded(name: &str) -> Box<str> {
    format!(
        "`{name}` is not expanded, and its resources are not judged: hand in the processed template"
    )
    .into()
}

/// A place as a CDK manifest has it: `aws://ACCOUNT/REGION`.
pub(super) fn environment(text: &str) -> Place {
    let rest = text.strip_prefix("aws://").unwrap_or_default();
    let (account, region) = rest.split_once('/').unwrap_or_default();
    let region: Option<kms_alias::Region> = region.parse().ok();
    Place {
        partition: region.map(|region| region.partition()),
        region,
        account: account.parse().ok(),
        number: 0,
    }
}

/// A label for a key of a stack.
pub(super) fn key_of(stack: usize, logical_id: &str) -> (usize, String) {
    (stack, logical_id.to_owned())
}
