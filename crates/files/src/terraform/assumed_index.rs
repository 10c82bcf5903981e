//! Aliases that are assumed to move to the key of their own index (rule F13, ours).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::configuration::Tree;
use super::follow::{BUDGET, Follower};
use super::index::made_alike;
use super::instance::Instances;
use super::keys;
use super::origin::Origin;
use super::standpoint::Standpoint;
use super::steps::Planned;
use crate::advice::{Advice, AdviceRule};
use kms_alias_foresee::verdict::{KeyFacts, Request};

impl<'a> Follower<'_, '_, 'a> {
    /// Remembers that an alias takes the module of its own index, in which an output has these references.
    pub(super) fn note_module(
        &mut self,
        (taker, taken): (&str, &str),
        module_path: &str,
        references: &[String],
        depth: usize,
    ) {
        let place = (taken.to_string(), references.to_vec());
        if !self.assumed.differ.contains_key(&place) {
            // A circle of modules ends here.
            self.assumed.differ.insert(place.clone(), false);
            let differ = self.differ(taken, module_path, references, depth);
            self.assumed.differ.insert(place.clone(), differ);
        }
        if self.assumed.differ.get(&place) == Some(&true) {
            let pair = (taker.to_string(), taken.to_string());
            self.assumed.by_taker.extend([pair]);
        }
    }

    /// Whether the keys that the plan makes differ between the instances of a module.
    fn differ(
        &mut self,
        taken: &str,
        module_path: &str,
        references: &[String],
        depth: usize,
    ) -> bool {
        let budget = self.budget;
        let mut first = None;
        let mut differ = false;
        for module_instance in self.module_instances(taken, None) {
            self.budget = BUDGET;
            let mut found = BTreeSet::new();
            let at: Standpoint<'a> = Standpoint::within(module_path, module_instance);
            self.follow(&at, references, &mut found, depth);
            let made = made(self.tree, self.instances, &found);
            if !made.is_empty() {
                differ |= *first.get_or_insert_with(|| made.clone()) != made;
            }
        }
        self.budget = budget;
        differ
    }
}

/// The keys among these, each as it is made, by its place in the configuration.
fn made<'t>(
    tree: &Tree<'_, '_>,
    instances: &'t Instances<'_>,
    found: &BTreeSet<Origin>,
) -> Vec<(&'t str, Option<&'t str>, KeyFacts)> {
    let key = |origin: &Origin| match origin {
        Origin::Key(number, _) => {
            let key = instances.all.get(*number)?;
            Some((&*key.path, key.after.text("region"), keys::made(key, tree)))
        }
        _ => None,
    };
    let mut made: Vec<_> = found.iter().filter_map(key).collect();
    made.sort_by_key(|(path, region, _)| (*path, *region));
    made
}

/// Of what takes a key of its own index, and of the keys: whether that was assumed, as the keys that the plan
/// makes there differ.
#[derive(Default)]
pub(super) struct AssumedIndexes {
    /// By the address of what is taken, and by the references of an output if it is a module.
    differ: BTreeMap<(String, Vec<String>), bool>,
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
        let place = (taken.to_string(), Vec::new());
        let differ = self.differ.entry(place).or_insert_with(|| {
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
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
                    && matches!(planned.step.request, Request::UpdateAlias { .. })
            })
        };
        let told = self.by_taker.iter().filter(|(taker, _)| moves(taker));
        let each = told.map(|(taker, taken)| {
            let words = format!(
                "each of these aliases is assumed to move to the key of `{taken}` that has its own index, as in \
                 `[each.key]`, or the one that a variable tells, as in `[each.value]`: a plan does not tell how an index is computed, and these keys differ, so that KMS may refuse \
                 a move to another one of them (rules U3, U4): see that the configuration computes no other index"
            );
            Advice::about(taker, AdviceRule::F13, words)
        });
        each.collect()
    }
}
