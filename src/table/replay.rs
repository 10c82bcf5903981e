//! A log of changes in both directions: undo and replay (rule I4).
//!
//! A change is taken back only by the table that it left as it stands, and done again only by one
//! that it found so: its number has to fit and what it is about has to be as it says.

use super::inconsistent::Inconsistent;
use super::machine::AliasTable;
use super::store::{KeySlot, NewAlias};
use crate::identifier::{AnyAliasName, KeyId};
use crate::key::{KeyMetadata, Timestamp};
use crate::operation::{AliasListEntry, Change, Effect};

impl AliasTable {
    /// Takes a change back.
    ///
    /// # Errors
    /// I4: the change is not the newest that is not undone.
    pub fn undo(&mut self, change: Change) -> Result<(), Inconsistent> {
        let (sequence, newest) = (change.sequence(), self.sequence);
        if sequence == 0 || sequence != newest || !self.stands_after(change.effect()) {
            return Err(Inconsistent::NotNewest { sequence, newest });
        }
        self.take_back(&change);
        Ok(())
    }

    /// Does a change again: the next one of a log.
    ///
    /// No rule is asked again: a change is a fact.
    ///
    /// # Errors
    /// I4: the change does not follow on this table. Q: it creates an alias, and the table is full.
    pub fn replay(&mut self, change: &Change) -> Result<(), Inconsistent> {
        let (sequence, newest) = (change.sequence(), self.sequence);
        if sequence != self.next() || !self.stands_before(change.effect()) {
            return Err(Inconsistent::NotNext { sequence, newest });
        }
        if let Effect::AliasCreated { alias_name, .. } = change.effect()
            && !self.store.has_room(alias_name.as_bytes())
        {
            return Err(Inconsistent::NoRoom(alias_name.clone()));
        }
        self.redo(change.effect());
        self.sequence = sequence;
        Ok(())
    }

    /// Whether [`undo`](Self::undo) would take this change: it is the newest, and the table is as it
    /// left it (rule I4).
    #[must_use]
    pub fn can_undo(&self, change: &Change) -> bool {
        change.sequence() == self.sequence
            && self.sequence != 0
            && self.stands_after(change.effect())
    }

    /// Whether [`replay`](Self::replay) would take this change, but for room (rules I4, Q): it is the
    /// next, and the table is as it found it.
    #[must_use]
    pub fn can_replay(&self, change: &Change) -> bool {
        change.sequence() == self.next() && self.stands_before(change.effect())
    }

    /// Takes back a change that is known to be the newest.
    pub(super) fn take_back(&mut self, change: &Change) {
        match change.effect() {
            Effect::AliasCreated { alias_name, .. } => self.remove(alias_name),
            Effect::AliasUpdated {
                alias_name,
                from,
                updated_before,
                ..
            } => {
                self.shift(alias_name, *from, *updated_before);
            }
            Effect::AliasDeleted { alias } => self.put(alias),
            Effect::KeyInserted { key } => self.drop_key(key),
            Effect::KeyRemoved { key } => self.store.put_key((**key).clone()),
            Effect::KeyChanged { before, .. } => self.store.put_key((**before).clone()),
            Effect::KeyDeleted { key, aliases } => {
                self.store.put_key((**key).clone());
                for alias in aliases {
                    self.put(alias);
                }
            }
        }
        self.sequence = self.sequence.wrapping_sub(1);
    }

    /// Does what a change says, which is known to fit.
    pub(super) fn redo(&mut self, effect: &Effect) {
        match effect {
            Effect::AliasCreated { target_key_id, .. } => {
                if let Some((target, _)) = self.store.find_key(*target_key_id) {
                    self.insert_created(effect, target);
                }
            }
            Effect::AliasUpdated {
                alias_name, to, at, ..
            } => self.shift(alias_name, *to, Some(*at)),
            Effect::AliasDeleted { alias } => self.remove(&alias.alias_name),
            Effect::KeyInserted { key } => self.store.put_key((**key).clone()),
            Effect::KeyRemoved { key } => self.drop_key(key),
            Effect::KeyChanged { after, .. } => self.store.put_key((**after).clone()),
            Effect::KeyDeleted { key, aliases } => {
                for alias in aliases {
                    self.remove(&alias.alias_name);
                }
                self.drop_key(key);
            }
        }
    }

    /// Puts a new alias on its key (rule C1).
    pub(super) fn insert_created(&mut self, effect: &Effect, target: KeySlot) {
        if let Effect::AliasCreated { alias_name, at, .. } = effect {
            self.store.insert_alias(&NewAlias {
                name: alias_name.as_str(),
                target: Some(target),
                creation_date: Some(*at),
                last_updated_date: Some(*at),
            });
        }
    }

    fn put(&mut self, alias: &AliasListEntry) {
        let target = alias
            .target_key_id
            .and_then(|key_id| self.store.key_slot(key_id));
        self.store.insert_alias(&NewAlias::of(alias, target));
    }

    fn remove(&mut self, name: &AnyAliasName) {
        if let Some(alias) = self.get(name) {
            let slot = alias.slot();
            self.store.remove_alias(slot);
        }
    }

    fn shift(&mut self, name: &AnyAliasName, to: KeyId, updated: Option<Timestamp>) {
        if let (Some((alias, _)), Some((to, _))) = (
            self.store.find_alias(name.as_bytes()),
            self.store.find_key(to),
        ) {
            self.store.move_alias(alias, to, updated);
        }
    }

    fn drop_key(&mut self, key: &KeyMetadata) {
        if let Some((slot, _)) = self.store.find_key(key.key_id()) {
            self.store.remove_key(slot);
        }
    }

    /// Whether the table is as a change leaves it, in all that the change is about.
    pub(super) fn stands_after(&self, effect: &Effect) -> bool {
        match effect {
            Effect::AliasCreated {
                alias_name,
                target_key_id,
                at,
            } => {
                let mut created = AliasListEntry::new(alias_name.clone(), Some(*target_key_id));
                created.creation_date = Some(*at);
                created.last_updated_date = Some(*at);
                self.has_alias(&created) && self.key(target_key_id).is_some()
            }
            Effect::AliasUpdated {
                alias_name,
                from,
                to,
                at,
                ..
            } => self.has_target(alias_name, *to, Some(*at)) && self.has_both(from, to),
            Effect::AliasDeleted { alias } => self.can_take(alias),
            Effect::KeyInserted { key } => self.has_key(key) && self.is_bare(key),
            Effect::KeyRemoved { key } => self.is_gone(key),
            Effect::KeyChanged { before, after } => {
                before.arn() == after.arn() && self.has_key(after)
            }
            Effect::KeyDeleted { key, aliases } => {
                self.is_gone(key)
                    && are_in_order(aliases)
                    && aliases
                        .iter()
                        .all(|alias| belongs_to(alias, key) && self.is_free(alias))
            }
        }
    }

    /// Whether the table is as a change finds it, in all that the change is about.
    pub(super) fn stands_before(&self, effect: &Effect) -> bool {
        match effect {
            Effect::AliasCreated {
                alias_name,
                target_key_id,
                ..
            } => self.can_take(&AliasListEntry::new(
                alias_name.clone(),
                Some(*target_key_id),
            )),
            Effect::AliasUpdated {
                alias_name,
                from,
                to,
                updated_before,
                ..
            } => self.has_target(alias_name, *from, *updated_before) && self.has_both(from, to),
            Effect::AliasDeleted { alias } => self.has_alias(alias) && self.has_key_of(alias),
            Effect::KeyInserted { key } => self.lacks_key(key),
            Effect::KeyRemoved { key } => {
                self.has_key(key) && self.aliases_of(&key.key_id()).next().is_none()
            }
            Effect::KeyChanged { before, after } => {
                before.arn() == after.arn() && self.has_key(before)
            }
            Effect::KeyDeleted { key, aliases } => {
                self.has_key(key)
                    && are_in_order(aliases)
                    && self.aliases_of(&key.key_id()).count() == aliases.len()
                    && aliases
                        .iter()
                        .all(|alias| belongs_to(alias, key) && self.has_alias(alias))
            }
        }
    }

    fn has_alias(&self, alias: &AliasListEntry) -> bool {
        self.get(&alias.alias_name)
            .is_some_and(|standing| standing.to_entry() == *alias)
    }

    fn has_target(&self, name: &AnyAliasName, target: KeyId, updated: Option<Timestamp>) -> bool {
        self.get(name).is_some_and(|alias| {
            alias.target_key_id() == Some(target) && alias.last_updated_date() == updated
        })
    }

    fn is_free(&self, alias: &AliasListEntry) -> bool {
        self.get(&alias.alias_name).is_none()
    }

    /// Whether an alias that is not there could stand (rules I1, I2).
    fn can_take(&self, alias: &AliasListEntry) -> bool {
        self.is_free(alias) && self.has_key_of(alias)
    }

    /// Whether the key of an alias is described: no caller changes an alias that has none (A8).
    fn has_key_of(&self, alias: &AliasListEntry) -> bool {
        alias
            .target_key_id
            .is_some_and(|key_id| self.key(&key_id).is_some())
    }

    fn has_both(&self, from: &KeyId, to: &KeyId) -> bool {
        self.key(from).is_some() && self.key(to).is_some()
    }

    fn has_key(&self, key: &KeyMetadata) -> bool {
        self.key(&key.key_id()) == Some(key)
    }

    fn lacks_key(&self, key: &KeyMetadata) -> bool {
        key.arn().scope() == self.scope && self.key(&key.key_id()).is_none()
    }

    /// Whether a key left with all that stood on it: no AWS alias names it either.
    fn is_gone(&self, key: &KeyMetadata) -> bool {
        key.arn().scope() == self.scope && !self.store.knows_key_id(key.key_id())
    }

    /// Whether a key that was put in can be taken back: AWS's own aliases may have known it before
    /// it came (rule I2).
    fn is_bare(&self, key: &KeyMetadata) -> bool {
        self.aliases_of(&key.key_id())
            .all(|alias| alias.to_name().is_aws())
    }
}

/// Whether the aliases that went with a key are in the order of their names, and none twice (I1).
fn are_in_order(aliases: &[AliasListEntry]) -> bool {
    aliases.is_sorted_by(|a, b| a.alias_name < b.alias_name)
}

fn belongs_to(alias: &AliasListEntry, key: &KeyMetadata) -> bool {
    alias.target_key_id == Some(key.key_id())
}
