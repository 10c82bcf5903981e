//! A template: its sections and its resources.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::OnceCell;

use serde_json::{Map, Value};

use super::circles::{Reference, in_circles};
use super::functions::{Call, calls};
use super::references::{Guarded, guarded};

/// A template as it is written.
#[derive(Default)]
pub(super) struct Template {
    pub(super) root: Value,
    /// The lines of the logical IDs in the file.
    pub(super) lines: BTreeMap<String, usize>,
    guarded: OnceCell<Vec<Guarded>>,
    calls: OnceCell<Vec<Call>>,
    in_circles: OnceCell<Vec<Reference>>,
    regions: OnceCell<Vec<String>>,
    parameters_of_keys: OnceCell<BTreeSet<String>>,
    parameters_read: OnceCell<BTreeSet<String>>,
    pub(super) used_in_one_name: OnceCell<BTreeSet<String>>,
}

/// Transforms that neither make nor change keys and aliases; what loops make is told by itself.
pub(super) const HARMLESS: [&str; 5] = [
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
];

/// The type of a nested stack.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";

/// The properties of resources of KMS on which a verdict can hang.
const READ: [&str; 9] = [
    "AliasName",
    "Enabled",
    "KeySpec",
    "KeyUsage",
    "MultiRegion",
    "Origin",
    "PendingWindowInDays",
    "PrimaryKeyArn",
    "TargetKeyId",
];

/// The types of resources that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Alias,
    Key,
    ReplicaKey,
}

/// A resource of KMS.
#[derive(Clone, Copy)]
pub(super) struct Resource<'v> {
    pub(super) logical_id: &'v str,
    pub(super) kind: Kind,
    body: &'v Value,
}

impl Template {
    pub(super) fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let root = serde_json::from_str::<Map<String, Value>>(json)?;
        Ok(Self {
            root: Value::Object(root),
            ..Self::default()
        })
    }

    /// The line of a resource in the file.
    pub(super) fn line(&self, logical_id: &str) -> Option<usize> {
        self.lines.get(logical_id).copied()
    }

    /// The references to resources that have a condition.
    pub(super) fn guarded(&self) -> &[Guarded] {
        self.guarded.get_or_init(|| guarded(self))
    }

    /// The functions that may find nothing.
    pub(super) fn calls(&self) -> &[Call] {
        self.calls.get_or_init(|| calls(self))
    }

    /// The references between resources, if some of them go in a circle.
    pub(super) fn in_circles(&self) -> &[Reference] {
        self.in_circles.get_or_init(|| in_circles(self))
    }

    /// The Regions that a mapping has from which resources of KMS have a value by their Region: in others
    /// CloudFormation refuses the template.
    pub(super) fn regions(&self) -> &[String] {
        self.regions.get_or_init(|| {
            let read = self.resources().flat_map(|resource| resource.read());
            let mut open: Vec<&Value> = read.map(|(_, value)| value).collect();
            while let Some(value) = open.pop() {
                match value {
                    Value::Array(list) => open.extend(list),
                    Value::Object(members) => {
                        let found = members.get("Fn::FindInMap").and_then(Value::as_array);
                        if let Some([Value::String(map), first, _]) = found.map(Vec::as_slice)
                            && first.get("Ref").and_then(Value::as_str) == Some("AWS::Region")
                        {
                            let map = self.entry("Mappings", map).and_then(Value::as_object);
                            return map
                                .into_iter()
                                .flatten()
                                .map(|(name, _)| name.clone())
                                .collect();
                        }
                        open.extend(members.values());
                    }
                    _ => {}
                }
            }
            Vec::new()
        })
    }

    /// What is no template's, and why: without it nothing of it could be judged.
    pub(super) fn misshapen(&self) -> Option<(String, &'static str)> {
        let resources = self.root.get("Resources")?;
        let Some(resources) = resources.as_object() else {
            let words = "an object is expected here, with a resource for each logical ID";
            return Some(("Resources".to_string(), words));
        };
        // What begins so makes resources when the template runs.
        let mut written = resources.iter().filter(|(id, _)| !id.starts_with("Fn::"));
        let has_no_type = |body: &Value| !body.get("Type").is_some_and(Value::is_string);
        let (id, _) = written.find(|(_, body)| has_no_type(body))?;
        let words = "a resource is expected here: an object with a `Type`";
        Some((format!("Resources.{id}"), words))
    }

    /// The template in an answer of `get-template`.
    pub(super) fn take_body(&mut self) -> Option<Value> {
        self.root.as_object_mut()?.remove("TemplateBody")
    }

    /// An entry of a section.
    pub(super) fn entry(&self, section: &str, name: &str) -> Option<&Value> {
        self.root.get(section)?.get(name)
    }

    /// The entries of a section.
    pub(super) fn section(&self, section: &str) -> impl Iterator<Item = (&String, &Value)> {
        let entries = self.root.get(section).and_then(Value::as_object);
        entries.into_iter().flatten()
    }

    /// What makes more of the template before it runs.
    pub(super) fn transforms(&self) -> Vec<&str> {
        // By its name, or with parameters as an object that has the name; one or a list of them.
        let declared = match self.root.get("Transform") {
            Some(Value::Array(list)) => &list[..],
            one => one.map_or(&[][..], core::slice::from_ref),
        };
        let names = declared
            .iter()
            .map(|one| one.as_str().or_else(|| one.get("Name")?.as_str()));
        let mut all: Vec<&str> = names.flatten().collect();
        // `Fn::Transform` changes what it stands in: the template, a section of it, or a resource.
        const WITHOUT_STEPS: [&str; 2] = ["Metadata", "Outputs"];
        let sections = self.root.as_object().into_iter().flatten();
        let sections = sections.filter(|(name, _)| !WITHOUT_STEPS.contains(&name.as_str()));
        let resources = self.resources().map(|resource| resource.body);
        let of_kms = resources.flat_map(|body| [Some(body), body.get("Properties")]);
        let places = sections.map(|(_, section)| Some(section)).chain(of_kms);
        let places = [Some(&self.root)].into_iter().chain(places).flatten();
        all.extend(places.filter_map(|place| place.get("Fn::Transform")?.get("Name")?.as_str()));
        all
    }

    /// Whether no transform makes resources other than they are written: SAM makes those of its own
    /// types into others, and the rest of these change values only.
    pub(super) fn is_as_written(&self) -> bool {
        let mut all = self.transforms().into_iter();
        all.all(|transform| HARMLESS.contains(&transform))
    }

    pub(super) fn kind_of(&self, logical_id: &str) -> Option<&str> {
        self.entry("Resources", logical_id)?.get("Type")?.as_str()
    }

    /// The resource of this logical ID, if it is one of KMS.
    pub(super) fn resource<'v>(&'v self, logical_id: &'v str) -> Option<Resource<'v>> {
        let body = self.entry("Resources", logical_id)?;
        let kind = match body.get("Type")?.as_str()? {
            "AWS::KMS::Alias" => Kind::Alias,
            "AWS::KMS::Key" => Kind::Key,
            "AWS::KMS::ReplicaKey" => Kind::ReplicaKey,
            _ => return None,
        };
        Some(Resource {
            logical_id,
            kind,
            body,
        })
    }

    /// The resources of KMS.
    pub(super) fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        let all = self.section("Resources");
        all.filter_map(|(logical_id, _)| self.resource(logical_id))
    }

    /// The logical IDs of all resources, in their order.
    pub(super) fn logical_ids(&self) -> Vec<&str> {
        let all = self.section("Resources");
        all.map(|(logical_id, _)| logical_id.as_str()).collect()
    }

    /// The names to which resources of KMS refer, and conditions where one of them has any.
    pub(super) fn parameters_of_keys(&self) -> &BTreeSet<String> {
        self.parameters_of_keys.get_or_init(|| {
            let mut names = self.parameters_read().clone();
            for resource in self.resources() {
                names.extend(self.references(resource.logical_id));
            }
            names
        })
    }

    /// The same of the properties on which a verdict can hang.
    pub(super) fn parameters_read(&self) -> &BTreeSet<String> {
        self.parameters_read.get_or_init(|| {
            let mut names = BTreeSet::new();
            let mut chooses = false;
            for resource in self.resources() {
                names.extend(names_in(resource.read().map(|(_, value)| value)));
                chooses |= resource.condition().is_some() || !resource.chosen_by().is_empty();
            }
            if chooses {
                let conditions = self.section("Conditions");
                conditions.for_each(|(_, condition)| referred(condition, &mut names));
            }
            names
        })
    }

    /// The conditions on which the outputs hang that the template around that of a nested stack may read.
    pub(super) fn conditions_of_outputs(&self, around: &Self) -> BTreeSet<&str> {
        let outputs = self.section("Outputs").map(|(name, output)| {
            let mut named = chosen_by(output.get("Value"));
            named.extend(output.get("Condition").and_then(Value::as_str));
            (name, named)
        });
        let hanging = outputs.filter(|(_, named)| !named.is_empty());
        let read = hanging.filter(|(name, _)| around.may_read(&["Outputs.", name].concat()));
        read.flat_map(|(_, named)| named).collect()
    }

    /// Whether this stands in a text on which a verdict can hang, here or in another stack.
    fn may_read(&self, text: &str) -> bool {
        let of_resources = self.resources().flat_map(|resource| resource.read());
        let of_resources = of_resources.map(|(_, value)| value);
        let nested = self.nested();
        let of_nested = nested.filter_map(|id| {
            let properties = self.entry("Resources", id)?.get("Properties")?;
            properties.get("Parameters")
        });
        let of_outputs = self.section("Outputs");
        let of_outputs = of_outputs.filter_map(|(_, output)| output.get("Value"));
        let mut open: Vec<&Value> = of_resources.chain(of_nested).chain(of_outputs).collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Array(list) => open.extend(list),
                Value::Object(members) => open.extend(members.values()),
                Value::String(found) if found.contains(text) => return true,
                _ => {}
            }
        }
        false
    }

    /// What a resource refers to or depends on: logical IDs and parameters.
    pub(super) fn references(&self, logical_id: &str) -> BTreeSet<String> {
        self.references_where(logical_id, &|_| None)
    }

    /// The same without what stands in a branch of `Fn::If` that is not taken, as far as conditions are known.
    pub(super) fn references_where(
        &self,
        logical_id: &str,
        holds: &dyn Fn(&str) -> Option<bool>,
    ) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let Some(body) = self.entry("Resources", logical_id) else {
            return found;
        };
        found.extend(depends_on(body).map(ToOwned::to_owned));
        if let Some(properties) = body.get("Properties") {
            referred_where(properties, holds, &mut found);
        }
        found
    }
}

/// What a resource says that it depends on.
pub(super) fn depends_on(body: &Value) -> impl Iterator<Item = &str> {
    let list = match body.get("DependsOn") {
        Some(Value::Array(list)) => &list[..],
        Some(one) => core::slice::from_ref(one),
        None => &[],
    };
    list.iter().filter_map(Value::as_str)
}

/// The names to which the functions in values refer.
pub(super) fn names_in<'v>(values: impl Iterator<Item = &'v Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    values.for_each(|value| referred(value, &mut names));
    names
}

/// The arguments of the functions in a value that choose one of several texts.
pub(super) fn choosing(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut open = Vec::from([value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(members) => {
                for (name, value) in members {
                    match name.as_str() {
                        "Fn::FindInMap" | "Fn::Select" | "Fn::Split" => found.push(value),
                        _ => open.push(value),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The names to which the functions in a value refer.
fn referred(value: &Value, found: &mut BTreeSet<String>) {
    referred_where(value, &|_| None, found);
}

/// The same of the branches of `Fn::If` that may be taken, where some conditions are known.
fn referred_where(
    value: &Value,
    holds: &dyn Fn(&str) -> Option<bool>,
    found: &mut BTreeSet<String>,
) {
    let mut open: Vec<&Value> = Vec::from([value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(members) => {
                for (name, value) in members {
                    refer(name, value, found);
                    open.push(taken(name, value, holds).unwrap_or(value));
                }
            }
            _ => {}
        }
    }
}

/// The branch of `Fn::If` that is taken, if it is one and that is known.
fn taken<'v>(
    function: &str,
    argument: &'v Value,
    holds: &dyn Fn(&str) -> Option<bool>,
) -> Option<&'v Value> {
    let ("Fn::If", [Value::String(condition), yes, no]) =
        (function, argument.as_array()?.as_slice())
    else {
        return None;
    };
    holds(condition).map(|holds| if holds { yes } else { no })
}

/// The names that a function refers to.
fn refer(function: &str, argument: &Value, found: &mut BTreeSet<String>) {
    let text = match argument {
        Value::Array(list) => list.first().and_then(Value::as_str),
        other => other.as_str(),
    };
    let Some(text) = text else { return };
    match function {
        "Ref" => {
            found.insert(text.to_owned());
        }
        "Fn::GetAtt" => {
            found.extend(text.split('.').next().map(ToOwned::to_owned));
        }
        "Fn::Sub" => {
            let variables = argument.get(1).and_then(Value::as_object);
            let is_variable = |name: &str| variables.is_some_and(|all| all.contains_key(name));
            for part in text.split("${").skip(1) {
                let name = part.split('}').next().unwrap_or_default().trim();
                if !is_variable(name) {
                    found.extend(name.split('.').next().map(ToOwned::to_owned));
                }
            }
        }
        _ => {}
    }
}

impl<'v> Resource<'v> {
    pub(super) fn property(&self, name: &str) -> Option<&'v Value> {
        self.body.get("Properties")?.get(name)
    }

    /// Whether a macro makes properties that are not written.
    pub(super) fn is_transformed(&self) -> bool {
        let properties = self.body.get("Properties");
        [Some(self.body), properties]
            .iter()
            .flatten()
            .any(|it| it.get("Fn::Transform").is_some())
    }

    /// Whether one of its properties comes from another stack.
    pub(super) fn imports(&self) -> bool {
        let mut open: Vec<&Value> = self.body.get("Properties").into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Array(list) => open.extend(list),
                Value::Object(members) if members.contains_key("Fn::ImportValue") => return true,
                Value::Object(members) => open.extend(members.values()),
                _ => {}
            }
        }
        false
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        let properties = self.body.get("Properties").and_then(Value::as_object);
        let each = properties.into_iter().flatten();
        each.map(|(name, value)| (name.as_str(), value))
    }

    /// The properties on which a verdict can hang.
    pub(super) fn read(&self) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        self.properties().filter(|(name, _)| {
            // What stands in place of all of them may have each.
            READ.contains(name) || name.starts_with("Fn::")
        })
    }

    /// The conditions that choose between values of the properties on which a verdict can hang.
    pub(super) fn chosen_by(&self) -> BTreeSet<&'v str> {
        let policies = ["DeletionPolicy", "UpdateReplacePolicy"];
        let policies = policies.into_iter().filter_map(|name| self.policy(name));
        chosen_by(self.read().map(|(_, value)| value).chain(policies))
    }

    pub(super) fn condition(&self) -> Option<&'v str> {
        self.body.get("Condition")?.as_str()
    }

    /// What decides whether it stays where it is deleted or replaced.
    pub(super) fn policy(&self, name: &str) -> Option<&'v Value> {
        self.body.get(name)
    }

    /// Whether `Properties` stands there without a value.
    pub(super) fn has_null_properties(&self) -> bool {
        self.body.get("Properties").is_some_and(Value::is_null)
    }
}

/// The conditions by which `Fn::If` chooses in values.
pub(super) fn chosen_by<'v>(values: impl IntoIterator<Item = &'v Value>) -> BTreeSet<&'v str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&'v Value> = values.into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(members) => {
                let list = members.get("Fn::If").and_then(Value::as_array);
                found.extend(list.and_then(|list| list.first()?.as_str()));
                open.extend(members.values());
            }
            _ => {}
        }
    }
    found
}
