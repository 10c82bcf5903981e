//! What is known of the parameters of nested stacks before the stacks are evaluated: the loops over them are
//! written out then.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use core::cell::RefCell;

use super::evaluate::Scope;
use super::links::{IN_COMMON, Links};
use super::parameters::Given;
use super::template::Template;
use kms_alias_foresee::verdict::Place;

impl Given {
    /// The values of the parameters of a nested stack, in the new template and the running one: each with the
    /// template that has it.
    pub(super) fn of_nested(
        &self,
        logical_id: &str,
        new: Option<(&Template, &Template)>,
        old: Option<(&Template, &Template)>,
    ) -> Self {
        let (of_new, none) = known_of_nested(self.of_new(), logical_id, new);
        let (of_old, withheld) = known_of_nested(self.of_old(), logical_id, old);
        Self {
            new: of_new,
            old: of_old,
            none,
            withheld,
        }
    }
}

/// The values that the parameters of a nested stack get from the template around it, and the names of those
/// whose values are not known.
fn known_of_nested(
    (parameters, withheld): (&BTreeMap<String, String>, &BTreeSet<String>),
    logical_id: &str,
    templates: Option<(&Template, &Template)>,
) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut known = parameters.clone();
    known.retain(|name, _| IN_COMMON.contains(&name.as_str()));
    let mut unknown = BTreeSet::new();
    let Some((parent, nested)) = templates else {
        return (known, unknown);
    };
    let scope = Scope {
        template: parent,
        parameters,
        withheld,
        place: Place::default(),
        stack: 0,
        label: None,
        stack_name: None,
        links: &Links::default(),
        assumed: &[],
        may_be: None,
        conditions: RefCell::default(),
    };
    for (name, value) in scope.parameters_for(logical_id, nested) {
        match value.as_known() {
            Some(text) => drop(known.insert(name, text)),
            None => drop(unknown.insert(name)),
        }
    }
    (known, unknown)
}
