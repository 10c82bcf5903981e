//! The reference by which a configuration writes the ARN of a key (rule F1).

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::address::Address;
use super::instance::{Instances, Kind};
use kms_alias::AnyAliasName;

/// The addresses of the aliases and keys of a plan, by module and by what they are called there.
pub(super) struct References<'i> {
    /// By the name of the alias.
    aliases: BTreeMap<(&'i str, &'i str), &'i str>,
    /// By the ARN of the key.
    keys: BTreeMap<(&'i str, &'i str), &'i str>,
}

impl<'i> References<'i> {
    pub(super) fn of(instances: &'i Instances<'_>) -> Self {
        let (mut aliases, mut keys) = (BTreeMap::new(), BTreeMap::new());
        for instance in instances.all.iter().filter(|it| !it.is_deposed) {
            let (of, attribute) = match instance.kind {
                Kind::Alias if instance.is_awscc => continue,
                Kind::Alias => (&mut aliases, instance.name_attribute()),
                _ if instance.kind.is_key() => (&mut keys, "arn"),
                _ => continue,
            };
            if let Some(called) = instance.after.text(attribute) {
                of.insert((&*instance.module_instance, called), &*instance.address);
            }
        }
        Self { aliases, keys }
    }

    /// The reference to write, in the module of a resource, in place of the ARN of an alias: that to the key of the alias,
    /// or to the key itself, where the plan has one of them in that module.
    pub(super) fn key_of_alias(
        &self,
        resource: &str,
        alias_name: &AnyAliasName,
        key_arn: Option<&str>,
    ) -> Option<String> {
        let module = Address::parse(resource).module_instance();
        if let Some(alias) = self.aliases.get(&(&*module, alias_name.as_str())) {
            return Some(format!("{}.target_key_arn", within(alias)));
        }
        let key = self.keys.get(&(&*module, key_arn?))?;
        Some(format!("{}.arn", within(key)))
    }
}

/// An address as it is written in its own module.
pub(super) fn within(address: &str) -> String {
    let address = Address::parse(address);
    match address.index {
        Some(index) => format!("{}[{index}]", address.resource),
        None => address.resource,
    }
}
