//! What is looked for in each kind of file.

pub(crate) mod cdk;
pub(crate) mod cloudformation;
mod composition;
mod embedded;
mod intrinsic;
pub(crate) mod kubernetes;
pub(crate) mod placeholder;
mod sam;
pub(crate) mod serverless;
mod template_loops;
pub(crate) mod terraform;

use std::ops::Range;

use kms_alias::ReservedNames;

use self::placeholder::filled_by_tools;
use crate::names::{
    Mistake, NameRole, alias_as_key_id, judge_key, judge_key_id_of_sam, judge_name, judge_target,
    key_is_an_alias, target_is_an_alias,
};
use crate::policy::Policy;
use crate::text::Text;

/// Whether an attribute or property of this name takes the identifier of a KMS key, such as
/// `kms_master_key_id` or `KmsKeyArn`.
pub(crate) fn takes_a_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("kms") && name.contains("key")
}

/// Where what is found in a file, or in the files of a module, goes.
pub(crate) struct Sink {
    pub(crate) reserved_names: ReservedNames,
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) policies: Vec<Policy>,
}

impl Sink {
    pub(crate) const fn new(reserved_names: ReservedNames) -> Self {
        Self {
            reserved_names,
            mistakes: Vec::new(),
            policies: Vec::new(),
        }
    }

    pub(crate) fn name(&mut self, text: &Text, role: NameRole) {
        let mistake = judge_name(&filled_by_tools(text), role, self.reserved_names);
        self.mistakes.extend(mistake);
    }

    /// What names a key for another service: a key ID, a key ARN, or an alias or its ARN, whose name is
    /// held against the rules. Whether the service takes an alias is for the service to say.
    pub(crate) fn key_identifier(&mut self, text: &Text) {
        self.mistakes.extend(alias_as_key_id(text));
        let value = text.as_str();
        let name = match value.find(":alias/") {
            _ if value.starts_with("alias/") => Some(0),
            Some(at) => {
                let before = value.get(..at).unwrap_or_default();
                let is_arn = before.starts_with("arn:") && before.contains(":kms:");
                is_arn.then(|| at.saturating_add(1))
            }
            None => None,
        };
        if let Some(byte) = name {
            self.name(&text.rest_at(byte), NameRole::Any);
        }
    }

    /// What SAM puts `key/` before is given a text, of which nothing else is told.
    pub(crate) fn key_id_of_sam(&mut self, text: &Text) {
        self.mistakes.extend(judge_key_id_of_sam(text));
    }

    pub(crate) fn target(&mut self, text: &Text, region: Option<&str>) {
        let target = filled_by_tools(text);
        self.mistakes.extend(judge_target(&target, region));
    }

    /// The target is a reference to an alias.
    pub(crate) fn alias_as_target(&mut self, reference: &str, at: Range<usize>) {
        self.mistakes.push(target_is_an_alias(reference, at));
    }

    /// What takes a key, and no alias, is given a text (rule K8).
    pub(crate) fn key_alone(&mut self, text: &Text) {
        self.mistakes.extend(judge_key(&filled_by_tools(text)));
    }

    /// What takes a key, and no alias, is given a reference to an alias (rule K8).
    pub(crate) fn alias_as_key(&mut self, reference: &str, at: Range<usize>) {
        self.mistakes.push(key_is_an_alias(reference, at));
    }

    pub(crate) fn policy(&mut self, policy: Policy) {
        self.policies.push(policy);
    }
}
