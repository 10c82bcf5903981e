//! Resources whose type changes under their logical ID: CloudFormation refuses such an update before it
//! makes anything.

use alloc::format;
use alloc::string::String;

use serde_json::Value;

use super::evaluate::Scope;
use super::steps::Stack;
use super::template::Template;
use crate::fault::{AccountError, Fault};

/// A resource that has another type in the running template.
struct Retyped<'v> {
    logical_id: &'v str,
    before: &'v str,
    after: &'v str,
}

impl<'v> Stack<'v> {
    /// The resources that are certainly there in both templates, with another type in each.
    fn retyped(&self) -> impl Iterator<Item = Retyped<'v>> {
        let (new, old) = (&self.new.scope, self.old.as_ref().map(|old| &old.scope));
        let template: &'v Template = new.template;
        let both = old.filter(|old| template.is_as_written() && old.template.is_as_written());
        both.into_iter().flat_map(move |old| {
            let running: &'v Template = old.template;
            let pair = move |(logical_id, after): (&'v String, &'v Value)| {
                let before = running.entry("Resources", logical_id)?;
                let one = Retyped {
                    logical_id,
                    before: kind(before)?,
                    after: kind(after)?,
                };
                let is_there = old.is_there(before) && new.is_there(after);
                (is_there && one.before != one.after).then_some(one)
            };
            template.section("Resources").filter_map(pair)
        })
    }

    /// Whether the update changes the type of a resource.
    pub(super) fn changes_a_type(&self) -> bool {
        self.retyped().next().is_some()
    }
}

/// The type of a resource, if no transform makes others of it.
fn kind(body: &Value) -> Option<&str> {
    let kind = body.get("Type")?.as_str()?;
    let is_made_into_others = kind.starts_with("AWS::Serverless::") || kind.ends_with("::MODULE");
    (!is_made_into_others).then_some(kind)
}

impl Scope<'_> {
    /// Whether a resource is certainly made.
    pub(super) fn is_there(&self, body: &Value) -> bool {
        let condition = body.get("Condition").and_then(Value::as_str);
        condition.is_none_or(|name| self.condition(name) == Some(true))
    }
}

/// Refuses an update that changes the type of a resource.
pub(super) fn check(file: &str, stack: &Stack<'_>) -> Result<(), AccountError> {
    let Some(one) = stack.retyped().next() else {
        return Ok(());
    };
    let words = format!(
        "Resources.{} is of type `{}` in the running template and of type `{}` in this one: CloudFormation \
         cannot change the type of a resource, and refuses the update; give the new resource another logical ID",
        one.logical_id, one.before, one.after
    );
    let path = format!("Resources.{}.Type", one.logical_id);
    Err(AccountError::of_file(
        file,
        Fault::in_template(&path, words),
    ))
}
