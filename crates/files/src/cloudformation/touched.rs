//! What the templates of a stack are about, as far as it decides whether it matters where the stack runs.

use serde_json::Value;

use super::template::{Kind, Template, names_in};
use crate::whose::{Touched, id};

impl<'v> Touched<'v> {
    /// Adds what a template is about. What is not written as a text may be any name, and any key.
    pub(super) fn add_template(&mut self, template: &'v Template, runs: bool) {
        if template.nested().next().is_some() {
            self.is_touched = true;
            self.is_any_name = true;
        }
        for resource in template.resources() {
            self.is_touched = true;
            match resource.kind {
                Kind::Key => {}
                Kind::ReplicaKey => self.is_any_name = true,
                Kind::Alias => {
                    match resource.property("AliasName") {
                        Some(Value::String(name)) if !name.contains("{{") => {
                            self.names.insert(name);
                        }
                        _ => self.is_any_name = true,
                    }
                    match resource.property("TargetKeyId") {
                        Some(Value::String(target)) => self.keys.extend(id(target)),
                        Some(target) if !runs && is_own_key(template, target) => {}
                        _ => self.is_any_name = true,
                    }
                }
            }
        }
    }
}

/// Whether a value names keys of its own template and nothing else.
fn is_own_key(template: &Template, value: &Value) -> bool {
    let names = names_in([value].into_iter());
    let is_key = |name: &String| template.kind_of(name) == Some("AWS::KMS::Key");
    !names.is_empty() && names.iter().all(is_key)
}
