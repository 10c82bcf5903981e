//! What a template refers to, and what is not there then: names that it does not have, and resources
//! that their condition leaves out. CloudFormation refuses the template before it makes anything.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::circles::conditions_in;
use super::evaluate::Scope;
use super::pseudo::PSEUDO_PARAMETERS;
use super::template::Template;
use crate::fault::{AccountError, Fault};
use crate::near::did_you_mean;

/// Refuses a template that has no resources: an assembly may have such a stack, which CDK passes over.
pub(super) fn check_any(file: &str, template: &Template) -> Result<(), AccountError> {
    if template.section("Resources").next().is_some() || !template.transforms().is_empty() {
        return Ok(());
    }
    let words = "`Resources` has no resource: CloudFormation refuses a template without one";
    let fault = Fault::in_template("Resources", words.into());
    Err(AccountError::of_file(file, fault))
}

/// Refuses a template that refers to what it does not have.
///
/// What a transform, a loop or a module makes has names that are not seen here: nothing is said then.
pub(super) fn check(file: &str, template: &Template) -> Result<(), AccountError> {
    let resources = || template.section("Resources");
    let is_made = |(name, body): (&String, &Value)| {
        let kind = body.get("Type").and_then(Value::as_str);
        name.starts_with("Fn::") || kind.is_some_and(|kind| kind.ends_with("::MODULE"))
    };
    if !template.transforms().is_empty() || resources().any(is_made) {
        return Ok(());
    }
    let parameters = template.section("Parameters");
    let conditions = template.section("Conditions");
    let parameters: BTreeSet<&str> = parameters.map(|(name, _)| name.as_str()).collect();
    let known = Known {
        values: resources()
            .map(|(name, _)| name.as_str())
            .chain(parameters.iter().copied())
            .collect(),
        parameters,
        resources: resources().map(|(name, _)| name.as_str()).collect(),
        conditions: conditions.map(|(name, _)| name.as_str()).collect(),
    };
    let found = for_each(template, &mut |path, named, _| known.check(path, named));
    found
        .and_then(|()| known.check_conditions(template))
        .map_err(|fault| AccountError::of_file(file, fault))
}

/// Refuses a template in which something refers to a resource that its condition leaves out.
pub(super) fn check_left_out(file: &str, scope: &Scope<'_>) -> Result<(), AccountError> {
    let Some(found) = scope.left_out() else {
        return Ok(());
    };
    let Guarded {
        path,
        logical_id,
        condition,
        ..
    } = found;
    let words = format!(
        "{path} refers to `{logical_id}`, which is not made, as its condition `{condition}` does not hold: CloudFormation \
         refuses the template; choose the value with `Fn::If`, or give what refers to it the same condition, or give \
         other values with `--parameter NAME=VALUE`"
    );
    let fault = Fault::in_template(path, words);
    Err(AccountError::of_file(file, fault))
}

/// A reference to a resource that has a condition.
pub(super) struct Guarded {
    path: String,
    logical_id: String,
    condition: String,
    /// What has to hold, or not to hold, for the reference to count: the condition of the resource
    /// that refers, and those of the `Fn::If` around the reference.
    guards: Vec<(String, bool)>,
}

impl Scope<'_> {
    /// A reference that counts, to a resource that is certainly not there.
    pub(super) fn left_out(&self) -> Option<&Guarded> {
        let mut all = self.template.guarded().iter();
        all.find(|one| {
            let is =
                |(condition, holds): &(String, bool)| self.condition(condition) == Some(*holds);
            self.condition(&one.condition) == Some(false) && one.guards.iter().all(is)
        })
    }
}

/// The references of a template to resources that have a condition.
pub(super) fn guarded(template: &Template) -> Vec<Guarded> {
    let mut found = Vec::new();
    if !template.is_as_written() {
        return found;
    }
    // None of them stops the walk.
    let _: Result<(), Fault> = for_each(template, &mut |path, named, guards| {
        let (Named::Value(name) | Named::Resource(name) | Named::Attribute(name, _)) = named else {
            return Ok(());
        };
        let body = template.entry("Resources", name);
        if let Some(condition) = body.and_then(|it| it.get("Condition")?.as_str()) {
            found.push(Guarded {
                path: path.to_owned(),
                logical_id: name.to_owned(),
                condition: condition.to_owned(),
                guards: written(guards),
            });
        }
        Ok(())
    });
    found
}

/// What is referred to.
#[derive(Clone, Copy)]
pub(super) enum Named<'v> {
    /// A parameter or a resource.
    Value(&'v str),
    Resource(&'v str),
    /// An attribute of a resource.
    Attribute(&'v str, &'v str),
    Condition(&'v str),
    /// A function, by its name, and its argument.
    Function(&'v str, &'v Value),
}

/// The conditions on which a reference hangs, each as it has to be.
pub(super) type Guards<'v> = Vec<(&'v str, bool)>;

/// Conditions of a template, apart from it.
pub(super) fn written(guards: &Guards<'_>) -> Vec<(String, bool)> {
    let each = guards.iter();
    each.map(|(name, holds)| ((*name).to_owned(), *holds))
        .collect()
}

/// What is told of each reference: where it is, what it names, and on which conditions it hangs.
pub(super) type Visit<'f, 'v> = dyn FnMut(&str, Named<'v>, &Guards<'v>) -> Result<(), Fault> + 'f;

/// The members of resources and outputs in which CloudFormation follows references.
const PARTS: [(&str, &[&str]); 2] = [
    ("Resources", &["Properties", "Metadata", "UpdatePolicy"]),
    ("Outputs", &["Value", "Export"]),
];

/// Visits the references and the functions of the resources and the outputs of a template.
pub(super) fn for_each<'v>(template: &'v Template, visit: &mut Visit<'_, 'v>) -> Result<(), Fault> {
    for (section, members) in PARTS {
        for (name, body) in template.section(section) {
            of_entry((section, name), body, members, visit)?;
        }
    }
    Ok(())
}

/// Visits the references and the functions of a resource or an output, in some of its members.
pub(super) fn of_entry<'v>(
    (section, name): (&str, &str),
    body: &'v Value,
    members: &[&str],
    visit: &mut Visit<'_, 'v>,
) -> Result<(), Fault> {
    let path = format!("{section}.{name}");
    let mut guards = Guards::new();
    if let Some(condition) = body.get("Condition").and_then(Value::as_str) {
        let path = format!("{path}.Condition");
        visit(&path, Named::Condition(condition), &guards)?;
        guards.push((condition, true));
    }
    for depends_on in super::template::depends_on(body) {
        let path = format!("{path}.DependsOn");
        visit(&path, Named::Resource(depends_on), &guards)?;
    }
    for member in members {
        if let Some(value) = body.get(*member) {
            of_value(format!("{path}.{member}"), value, guards.clone(), visit)?;
        }
    }
    Ok(())
}

/// Visits the references and the functions of a value.
fn of_value<'v>(
    path: String,
    value: &'v Value,
    guards: Guards<'v>,
    visit: &mut Visit<'_, 'v>,
) -> Result<(), Fault> {
    let mut open = Vec::from([(path, value, guards)]);
    while let Some((path, value, guards)) = open.pop() {
        match value {
            Value::Array(list) => {
                let each = list.iter().enumerate();
                open.extend(
                    each.map(|(index, it)| (format!("{path}[{index}]"), it, guards.clone())),
                );
            }
            Value::Object(members) => {
                let only = members.iter().next().filter(|_| members.len() == 1);
                if let Some((name, argument)) = only {
                    of_function(&path, name, argument, &guards, visit)?;
                }
                if let Some(("Fn::If", [Value::String(condition), yes, no])) =
                    only.and_then(|(name, it)| Some((name.as_str(), it.as_array()?.as_slice())))
                {
                    for (index, branch, holds) in [(1, yes, true), (2, no, false)] {
                        let mut guards = guards.clone();
                        guards.push((condition, holds));
                        open.push((format!("{path}.Fn::If[{index}]"), branch, guards));
                    }
                    continue;
                }
                let each = members.iter();
                open.extend(each.map(|(name, it)| (format!("{path}.{name}"), it, guards.clone())));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Visits what a function itself names.
fn of_function<'v>(
    path: &str,
    name: &'v str,
    argument: &'v Value,
    guards: &Guards<'v>,
    visit: &mut Visit<'_, 'v>,
) -> Result<(), Fault> {
    if name.starts_with("Fn::") {
        visit(path, Named::Function(name, argument), guards)?;
    }
    let list = argument.as_array().map_or(&[][..], Vec::as_slice);
    let first = list.first().and_then(Value::as_str);
    let named = match name {
        "Ref" => argument.as_str().map(Named::Value),
        "Fn::GetAtt" => match list {
            [Value::String(resource), Value::String(attribute)] => {
                Some(Named::Attribute(resource, attribute))
            }
            [] => argument.as_str().map(of_attribute),
            _ => first.map(Named::Resource),
        },
        "Fn::If" => first.map(Named::Condition),
        "Fn::Sub" => {
            let variables = list.get(1).and_then(Value::as_object);
            let text = first.or(argument.as_str()).unwrap_or_default();
            for part in text.split("${").skip(1) {
                let Some((name, _)) = part.split_once('}') else {
                    continue;
                };
                let name = name.trim();
                if name.starts_with('!') || variables.is_some_and(|it| it.contains_key(name)) {
                    continue;
                }
                let is_attribute = name.contains('.') && !name.starts_with("AWS::");
                let named = match is_attribute {
                    true => of_attribute(name),
                    false => Named::Value(name),
                };
                visit(path, named, guards)?;
            }
            None
        }
        _ => None,
    };
    named.map_or(Ok(()), |named| visit(path, named, guards))
}

/// What a resource and its attribute name, with a dot between them.
fn of_attribute(text: &str) -> Named<'_> {
    match text.split_once('.') {
        Some((resource, attribute)) => Named::Attribute(resource, attribute),
        None => Named::Resource(text),
    }
}

/// The names of a template.
struct Known<'v> {
    parameters: BTreeSet<&'v str>,
    /// Of parameters and resources.
    values: BTreeSet<&'v str>,
    resources: BTreeSet<&'v str>,
    conditions: BTreeSet<&'v str>,
}

impl Known<'_> {
    fn check(&self, path: &str, named: Named<'_>) -> Result<(), Fault> {
        let (name, what, names) = match named {
            Named::Value(name) if name.starts_with("AWS::") => return has_pseudo(path, name),
            Named::Function(..) => return Ok(()),
            Named::Value(name) => (name, "parameter or resource of that name", &self.values),
            Named::Resource(name) | Named::Attribute(name, _) => {
                (name, "resource of that name", &self.resources)
            }
            Named::Condition(name) => (name, "condition of that name", &self.conditions),
        };
        has(path, name, what, names)
    }

    /// Refuses conditions that name others that are not there, or what is no parameter.
    fn check_conditions(&self, template: &Template) -> Result<(), Fault> {
        for (name, condition) in template.section("Conditions") {
            let path = format!("Conditions.{name}");
            for named in conditions_in(condition) {
                has(&path, named, "condition of that name", &self.conditions)?;
            }
            let mut visit = |path: &str, named: Named<'_>, _: &Guards<'_>| match named {
                Named::Value(name) if name.starts_with("AWS::") => has_pseudo(path, name),
                Named::Value(name) => has(
                    path,
                    name,
                    "parameter of that name (conditions can refer to nothing else)",
                    &self.parameters,
                ),
                _ => Ok(()),
            };
            of_value(path.clone(), condition, Guards::new(), &mut visit)?;
        }
        Ok(())
    }
}

/// Refuses a pseudo parameter that CloudFormation does not have.
fn has_pseudo(path: &str, name: &str) -> Result<(), Fault> {
    let all = BTreeSet::from(PSEUDO_PARAMETERS);
    has(path, name, "pseudo parameter of that name", &all)
}

/// Refuses a reference to what is not there.
fn has(path: &str, name: &str, what: &str, names: &BTreeSet<&str>) -> Result<(), Fault> {
    if names.contains(name) {
        return Ok(());
    }
    let near = did_you_mean(name, names.iter().copied());
    let whose = match name.starts_with("AWS::") {
        true => "there is",
        false => "the template has",
    };
    let words = format!(
        "{path} refers to `{name}`, but {whose} no {what}: CloudFormation refuses the \
         template{near}"
    );
    Err(Fault::in_template(path, words))
}
