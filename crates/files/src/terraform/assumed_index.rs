//! Aliases that are assumed to move to the key of their own index (rule F13, ours).

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::configuration::Tree;
use super::index::made_alike;
use super::instance::Instances;
use super::steps::Planned;
use crate::advice::{Advice, AdviceRule};
use kms_alias_foresee::verdict::Request;

/// Of what takes a key of its own index, and of the keys: whether that was assumed, as the keys that the plan
/// makes there differ.
#[derive(Default)]
pub(super) struct AssumedIndexes {
    differ: BTreeMap<String, bool>,
    by_taker: BTreeMap<String, String>,
}

impl AssumedIndexes {
    /// Remembers that an alias takes the key of its own index among these.
    pub(super) fn note(
        &mut self,
        tree: &Tree<'_, '_>,
        instances: &Instances<'_>,
        (taker, taken): (&str, &str),
        numbers: &[usize],
    ) {
        let differ = self.differ.entry(taken.to_string()).or_insert_with(|| {
            // The value of a key that stands is known, and is not followed.
            let is_made = |number: &&usize| {
                let instance = instances.all.get(**number);
                instance.is_some_and(|it| it.kind.is_key() && it.is_created())
            };
            let made: Vec<usize> = numbers.iter().filter(is_made).copied().collect();
            made.len() > 1 && made_alike(tree, instances, &made).is_empty()
        });
        if *differ {
            self.by_taker.insert(taker.to_string(), taken.to_string());
        }
    }

    /// Tells of the moves that rest on it.
    pub(super) fn advice(&self, planned: &[Planned], instances: &Instances<'_>) -> Vec<Advice> {
        let moves = |taker: &str| {
            planned.iter().any(|planned| {
                let instance = instances.all.get(planned.instance);
                // An alias, or a module that has it.
                let rest = instance.and_then(|it| it.address.strip_prefix(taker));
                rest.is_some_and(|rest| rest.starts_with('['))
                    && matches!(planned.step.request, Request::UpdateAlias { .. })
            })
        };
        let told = self.by_taker.iter().filter(|(taker, _)| moves(taker));
        let each = told.map(|(taker, taken)| {
            let words = format!(
                "each of these aliases is assumed to move to the key of `{taken}` that has its own index, as in \
                 `[each.key]`: a plan does not tell how an index is computed, and these keys differ, so that KMS may refuse \
                 a move to another one of them (rules U3, U4): see that the configuration computes no other index"
            );
            Advice::about(taker, AdviceRule::F13, words)
        });
        each.collect()
    }
}
