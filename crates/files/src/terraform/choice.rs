//! A key that is one of several: which, is known after apply.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::instance::{Instance, is_key};
use super::keys;
use super::origin::Origin;
use super::steps::Stepper;
use crate::named_key::key_id_in;
use crate::run::Assumption;
use kms_alias_foresee::verdict::{Fact, KeyFacts, KeyReference, Need, UnknownKey};

/// As many values are tried in turn, of so many keys each; of others what they have in common is
/// known.
const MOST_VALUES: usize = 2;
const MOST_KEYS: usize = 3;

/// What is assumed of values that are one of several keys.
pub(super) struct Choices<'t> {
    assumed: &'t [Assumption],
    /// The values that are tried.
    tried: BTreeSet<String>,
    /// The first comparison that is not assumed.
    pub(super) open: Option<Assumption>,
}

impl<'t> Choices<'t> {
    pub(super) const fn new(assumed: &'t [Assumption]) -> Self {
        Self {
            assumed,
            tried: BTreeSet::new(),
            open: None,
        }
    }

    /// The one that a value is assumed to be.
    pub(super) fn chosen<'o, T>(
        &mut self,
        label: &str,
        origins: impl ExactSizeIterator<Item = (&'o T, String)>,
    ) -> Option<&'o T> {
        let is_tried = self.tried.contains(label) || self.tried.len() < MOST_VALUES;
        if !is_tried || origins.len() > MOST_KEYS {
            return None;
        }
        self.tried.insert(label.into());
        let mut left = Vec::new();
        for (origin, name) in origins {
            let is_it = |it: &&Assumption| *it.value == *label && *it.compared_with == *name;
            match self.assumed.iter().find(is_it) {
                Some(assumption) if assumption.holds => return Some(origin),
                Some(_) => {}
                None => left.push((origin, name)),
            }
        }
        let (last, name) = left.pop()?;
        if left.is_empty() {
            return Some(last);
        }
        self.open.get_or_insert_with(|| Assumption {
            value: label.into(),
            compared_with: name.into(),
            holds: true,
            need: Need::Key {
                key: label.into(),
                fact: Fact::Identity,
            },
        });
        None
    }
}

impl Stepper<'_, '_, '_> {
    /// Whether a key that stands is enabled by an update whose value is not known, as it is assumed; asked
    /// only where the run makes a replica of it, as nothing else depends on that (rule S8).
    pub(super) fn is_enabled_later(&mut self, key: &Instance<'_>) -> Option<bool> {
        let attribute = key.enabled_attribute();
        let is_later = key.kind.is_key()
            && key.after.boolean(attribute).is_none()
            && key.unknown.is_true(attribute);
        let key_id = key.key_before().and_then(key_id_in).filter(|_| is_later)?;
        let mut made = self.instances.all.iter().filter(|it| it.is_created());
        let is_it = |it: &Instance<'_>| keys::id_of_replica(it) == Some(key_id);
        if !made.any(is_it) {
            return None;
        }
        let label = [&*key.address, ".", attribute].concat();
        let each = [(&true, "true".into()), (&false, "false".into())];
        let chosen = self.choices.chosen(&label, each.into_iter()).copied();
        let open = self.choices.open.as_mut();
        if let Some(open) = open.filter(|open| *open.value == *label) {
            let label = label.into();
            open.need = Need::Name { label };
        }
        chosen
    }

    /// What is known of the key that an instance makes, if it is one of several, found once: it exists only where no
    /// CreateKey of it is refused.
    pub(super) fn facts_made(&self, number: usize, key: &Instance<'_>) -> KeyFacts {
        let known = self.facts_made.get(number);
        let make = || {
            let mut facts = keys::made(key, self.tree);
            facts.exists = keys::is_certainly_made(key, &facts);
            facts
        };
        known.map_or_else(make, |known| *known.get_or_init(make))
    }

    /// One of several keys: what all of them are is known.
    pub(super) fn one_of(
        &self,
        alias: usize,
        instance: &Instance<'_>,
        origins: &BTreeSet<Origin>,
    ) -> KeyReference {
        const SHOWN: usize = 3;
        let mut common: Option<KeyFacts> = None;
        let mut labels: Vec<String> = Vec::new();
        let mut more = 0_usize;
        for origin in origins {
            let (label, facts) = match origin {
                Origin::Key(number, _) => match self.instances.all.get(*number) {
                    Some(key) if self.is_one_place(*number, alias) => {
                        (&key.address, self.facts_made(*number, key))
                    }
                    Some(key) => (&key.address, KeyFacts::default()),
                    None => continue,
                },
                Origin::Text(text) => (text, KeyFacts::default()),
                Origin::Elsewhere { label, read, .. } => {
                    (label, self.facts_read(read, self.place(alias)))
                }
            };
            match labels.len() < SHOWN {
                true => labels.push(label.clone()),
                false => more = more.saturating_add(1),
            }
            common = Some(common.map_or(facts, |common| common.common(facts)));
        }
        let mut list = labels.join(", ");
        if more > 0 {
            list = format!("{list} and {more} more");
        }
        let label = format!("{}.target_key_id (one of {list})", instance.address);
        let series = self.is_one_each(instance, origins);
        KeyReference::Unknown(UnknownKey {
            label: label.into(),
            facts: common.unwrap_or_default(),
            series: series.then(|| instance.path.as_str().into()),
        })
    }

    /// One of many values that are names of aliases or keys: either the one or the other, as it is
    /// assumed for all instances of a resource (ours). A name is refused, whichever it is (rule K5).
    pub(super) fn alias_or_key(
        &mut self,
        number: usize,
        instance: &Instance<'_>,
        origins: &BTreeSet<Origin>,
    ) -> Option<KeyReference> {
        let is_alias = |it: &&Origin| matches!(it, Origin::Text(text) if !is_key(text));
        let alias = origins.iter().find(is_alias)?;
        let keys: BTreeSet<Origin> = origins.iter().filter(|it| !is_alias(it)).cloned().collect();
        if origins.len() <= MOST_KEYS || keys.is_empty() {
            return None;
        }
        let label = [&*instance.path, ".target_key_id"].concat();
        let each = [(&false, "a key".into()), (&true, "an alias".into())];
        let origins = match self.choices.chosen(&label, each.into_iter())? {
            true => BTreeSet::from([alias.clone()]),
            false => keys,
        };
        Some(self.settle(number, instance, &origins))
    }

    /// Whether there is a key for each instance of an alias, and each takes one by its own index.
    fn is_one_each(&self, instance: &Instance<'_>, origins: &BTreeSet<Origin>) -> bool {
        if !self.follower.by_index {
            return false;
        }
        let aliases = self.of_path.get_or_init(|| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for one in &self.instances.all {
                let count = counts.entry(&one.path).or_default();
                *count = count.saturating_add(1);
            }
            counts
        });
        let aliases = aliases.get(&*instance.path).copied().unwrap_or_default();
        // Each key is there once.
        origins.iter().filter(|it| it.is_key()).count() >= aliases
    }
}
