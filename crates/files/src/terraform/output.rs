//! Outputs of modules that have whole resources.

use alloc::string::String;
use alloc::vec::Vec;

use super::address::Address;
use super::instance::Kind;

/// What an attribute of an output that has whole resources refers to.
pub(super) fn taking(attribute: Option<&str>, references: Vec<String>) -> Vec<String> {
    let is_of_kms = |attribute: &&str| {
        [
            "arn",
            "id",
            "key_id",
            "name",
            "target_key_arn",
            "target_key_id",
        ]
        .contains(attribute)
    };
    let Some(attribute) = attribute.filter(is_of_kms) else {
        return references;
    };
    let with_attribute = |reference: String| {
        let address = Address::parse(&reference);
        let kind = address.resource.split('.').next().unwrap_or_default();
        match address.attribute {
            None if Kind::of(kind).is_some() => [&*reference, ".", attribute].concat(),
            _ => reference,
        }
    };
    references.into_iter().map(with_attribute).collect()
}
