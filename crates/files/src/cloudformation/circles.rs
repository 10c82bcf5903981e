//! Conditions and resources that refer to each other in a circle: CloudFormation refuses such a template
//! before it makes anything.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::Scope;
use super::references::{Guards, Named, of_entry, written};
use super::template::Template;
use crate::fault::{AccountError, Fault};

/// What each name refers to.
type Graph<'n> = BTreeMap<&'n str, BTreeSet<&'n str>>;

/// A reference of a resource to a resource.
pub(super) struct Reference {
    from: String,
    to: String,
    path: String,
    /// On which conditions it hangs that the reference counts.
    guards: Vec<(String, bool)>,
}

/// Refuses a template whose conditions go in a circle, whatever the values of its parameters are.
pub(super) fn check_conditions(file: &str, template: &Template) -> Result<(), AccountError> {
    if !template.is_as_written() {
        return Ok(());
    }
    let mut graph = Graph::new();
    for (name, condition) in template.section("Conditions") {
        let named = conditions_in(condition);
        graph.insert(name, named.into_iter().collect());
    }
    let Some(circle) = circle(&graph) else {
        return Ok(());
    };
    let at = format!("Conditions.{}", circle.first().copied().unwrap_or_default());
    let fault = Fault::in_template(&at, words("conditions", &circle, |_, _| None));
    Err(AccountError::of_file(file, fault))
}

/// Refuses a template whose resources go in a circle, with the values that its parameters have.
pub(super) fn check_resources(file: &str, scope: &Scope<'_>) -> Result<(), AccountError> {
    let Some(circle) = scope.circle() else {
        return Ok(());
    };
    let all = scope.template.in_circles();
    let path = |from: &str, to: &str| {
        let mut all = all.iter();
        all.find(|one| one.from == from && one.to == to)
            .map(|one| one.path.as_str())
    };
    let mut names = circle.iter().chain(circle.first());
    let first = names.next().zip(names.next());
    let at = first.and_then(|(from, to)| path(from, to));
    let fault = Fault::in_template(at.unwrap_or_default(), words("resources", &circle, path));
    Err(AccountError::of_file(file, fault))
}

/// The conditions that a condition names.
pub(super) fn conditions_in(condition: &Value) -> Vec<&str> {
    let mut named = Vec::new();
    let mut open = Vec::from([condition]);
    while let Some(value) = open.pop() {
        for (name, argument) in value.as_object().into_iter().flatten() {
            match (name.as_str(), argument) {
                ("Condition", Value::String(name)) => named.push(name.as_str()),
                ("Fn::And" | "Fn::Or" | "Fn::Not", Value::Array(list)) => open.extend(list),
                _ => {}
            }
        }
    }
    named
}

/// The references between the resources of a template, if some of them go in a circle.
pub(super) fn in_circles(template: &Template) -> Vec<Reference> {
    let mut found = Vec::new();
    if !template.is_as_written() {
        return found;
    }
    for (from, body) in template.section("Resources") {
        // SAM puts some of what its own types refer to into other resources.
        let kind = template.kind_of(from).unwrap_or_default();
        if kind.starts_with("AWS::Serverless::") || kind.ends_with("::MODULE") {
            continue;
        }
        let mut visit = |path: &str, named: Named<'_>, guards: &Guards<'_>| {
            if let Named::Value(to) | Named::Resource(to) | Named::Attribute(to, _) = named
                && template.entry("Resources", to).is_some()
            {
                found.push(Reference {
                    from: from.clone(),
                    to: to.to_owned(),
                    path: path.to_owned(),
                    guards: written(guards),
                });
            }
            Ok(())
        };
        // None of them stops the walk.
        let _: Result<(), Fault> = of_entry(("Resources", from), body, &["Properties"], &mut visit);
    }
    match circle(&graph(found.iter())) {
        Some(_) => found,
        None => Vec::new(),
    }
}

fn graph<'r>(references: impl Iterator<Item = &'r Reference>) -> Graph<'r> {
    let mut graph = Graph::new();
    for one in references {
        graph.entry(&one.from).or_default().insert(&one.to);
    }
    graph
}

impl<'v> Scope<'v> {
    /// Resources that are certainly made and certainly refer to each other in a circle.
    pub(super) fn circle(&self) -> Option<Vec<&'v str>> {
        let template: &'v Template = self.template;
        let is_made = |logical_id: &str| {
            let body = template.entry("Resources", logical_id);
            body.is_some_and(|body| self.is_there(body))
        };
        let is = |(condition, holds): &(String, bool)| self.condition(condition) == Some(*holds);
        let counts =
            |one: &&Reference| one.guards.iter().all(is) && is_made(&one.from) && is_made(&one.to);
        circle(&graph(template.in_circles().iter().filter(counts)))
    }
}

/// The first circle of names, each of which refers to the next, and the last to the first.
fn circle<'n>(graph: &Graph<'n>) -> Option<Vec<&'n str>> {
    let mut seen = BTreeSet::new();
    let next = |name: &str| graph.get(name).into_iter().flatten().copied();
    for start in graph.keys().copied() {
        let mut path = Vec::from([(start, next(start))]);
        while let Some((_, following)) = path.last_mut() {
            let Some(name) = following.next() else {
                path.pop();
                continue;
            };
            if let Some(begin) = path.iter().position(|(before, _)| *before == name) {
                let names = path.into_iter().skip(begin);
                return Some(names.map(|(name, _)| name).collect());
            }
            if seen.insert(name) {
                path.push((name, next(name)));
            }
        }
    }
    None
}

/// What is said of a circle, with the path of each reference that has one.
fn words<'p>(what: &str, circle: &[&str], path: impl Fn(&str, &str) -> Option<&'p str>) -> String {
    /// As many references are told one by one.
    const MOST: usize = 8;
    let following = circle.iter().cycle().skip(1);
    let references = circle.iter().zip(following).map(|(from, to)| {
        let path = path(from, to).map(|path| format!(" ({path})"));
        let to = match from == to {
            true => "itself".to_owned(),
            false => format!("`{to}`"),
        };
        format!("`{from}` refers to {to}{}", path.unwrap_or_default())
    });
    let mut told: Vec<String> = references.take(MOST).collect();
    if circle.len() > MOST {
        told.push("and so on".to_owned());
    }
    format!(
        "{what} refer to each other in a circle: {}: CloudFormation refuses the template (circular dependency); take \
         one of these references out",
        told.join(", ")
    )
}
