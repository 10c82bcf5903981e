//! Where an expression stands.

use alloc::borrow::ToOwned;
use alloc::string::String;

use serde_json::value::RawValue;

use super::address::{Address, join};
use super::configuration::Tree;
use super::instance::Instance;

/// Where an expression stands: what its references are relative to.
#[derive(Clone)]
pub(super) struct Standpoint<'a> {
    /// The module in the configuration, and its instance.
    pub(super) module_path: String,
    pub(super) module_instance: String,
    /// The index of the resource or of the module call that has the expression.
    pub(super) index: Option<String>,
    /// The address of that resource or module without its index.
    pub(super) indexed: String,
    /// What `for_each` goes over.
    pub(super) for_each: Option<&'a RawValue>,
    /// The value of the variable of which that is made, if the plan tells it.
    pub(super) each_of: Option<&'a RawValue>,
    /// The Region of the resource itself, if the plan says it (provider 6).
    pub(super) region: Option<String>,
}

impl<'a> Standpoint<'a> {
    pub(super) fn of(instance: &Instance<'_>, tree: &Tree<'_, 'a>) -> Self {
        let resource = tree.resource(&instance.path);
        let for_each = resource.and_then(|resource| resource.for_each_expression);
        let own = Address::parse(&instance.address).resource;
        Self {
            module_path: instance.module_path.clone(),
            module_instance: instance.module_instance.clone(),
            index: instance.index.clone(),
            indexed: join(&instance.module_instance, &own),
            for_each,
            each_of: for_each.and_then(|raw| tree.variable_of(&instance.module_path, raw)),
            region: instance.after.text("region").map(ToOwned::to_owned),
        }
    }

    /// That of an output of an instance of a module.
    pub(super) fn within(module_path: &str, module_instance: String) -> Self {
        Self {
            module_path: module_path.to_owned(),
            indexed: module_instance.clone(),
            module_instance,
            index: None,
            for_each: None,
            each_of: None,
            region: None,
        }
    }
}
