//! A log of changes in both directions: undo and replay (rule I4).
//!
//! A change is taken back only if it is the newest, and the alias or key stands as the change left it.
//! It is done again only if it is the next, and the alias or key stands as the change found it. A
//! change may come from anywhere and be forged: one that is taken leaves a table that its own
//! snapshot gives again.

use super::alias_table::AliasTable;
use super::commit::Site;
use super::inconsistency::{Inconsistent, InconsistentAt};
use super::store::{AliasSlot, AliasStore, KeySlot, NewAlias};
use crate::identifier::{AnyAliasName, AwsAliasName, KeyId};
use crate::key::{KeyMetadata, Timestamp};
use crate::operation::{AliasListEntry, Change, Effect};

impl AliasTable {
    /// Takes a change back.
    ///
    /// # Errors
    /// I4: the change is not the newest that is not undone.
    pub fn undo(&mut self, change: &Change) -> Result<(), Inconsistent> {
        let (sequence, newest) = (change.sequence(), self.sequence);
        let site = self.site_of_undo(change);
        let site = site.ok_or(Inconsistent::NotNewest { sequence, newest })?;
        self.take_back(change.effect(), site);
        Ok(())
    }

    /// Does a change again: the next one of a log.
    ///
    /// No rule of KMS is asked again: a change is a fact.
    ///
    /// # Errors
    /// I4: the change does not follow on this table. Q: it creates an alias, and the table is full.
    pub fn replay(&mut self, change: &Change) -> Result<(), Inconsistent> {
        let (sequence, newest) = (change.sequence(), self.sequence);
        if let Effect::AliasCreated { alias_name, .. } = change.effect()
            && self.store.room() == 0
        {
            return Err(Inconsistent::NoRoom(alias_name.clone()));
        }
        let site = self.site_of_replay(change);
        let site = site.ok_or(Inconsistent::NotNext { sequence, newest })?;
        self.commit(change.effect(), site);
        Ok(())
    }

    /// Whether [`undo`](Self::undo) would take this change: it is the newest, and the table is as it
    /// left it (rule I4).
    #[must_use]
    pub fn can_undo(&self, change: &Change) -> bool {
        self.site_of_undo(change).is_some()
    }

    /// Whether [`replay`](Self::replay) would take this change: it is the next, and the table is as
    /// it found it (rule I4), and has room (rule Q).
    #[must_use]
    pub fn can_replay(&self, change: &Change) -> bool {
        self.site_of_replay(change).is_some()
    }

    fn site_of_undo(&self, change: &Change) -> Option<Site> {
        let is_newest = change.sequence() == self.sequence && self.sequence > 0;
        self.site_after(change.effect()).filter(|_| is_newest)
    }

    fn site_of_replay(&self, change: &Change) -> Option<Site> {
        let is_next = Some(change.sequence()) == self.next();
        self.site_before(change.effect()).filter(|_| is_next)
    }

    /// Takes all of these changes back, from the last to the first, or none of them.
    ///
    /// ```
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let key = KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?;
    /// # let payments = AliasName::from_static("alias/payments");
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    /// let mut table = AliasTable::new(scope);
    /// let log = [table.insert_key(key)?, table.create_alias(payments, key_id, at)?];
    /// table.undo_all(&log)?;
    /// assert_eq!(table, AliasTable::new(scope));
    /// table.replay_all(&log)?;
    /// assert_eq!(table.len(), 1);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Which change is not the newest once those after it are undone (rule I4).
    pub fn undo_all(&mut self, changes: &[Change]) -> Result<(), InconsistentAt> {
        for (index, change) in changes.iter().enumerate().rev() {
            if let Err(cause) = self.undo(change) {
                let undone = changes.get(index..).unwrap_or_default();
                for change in undone.iter().skip(1) {
                    let again = self.replay(change);
                    debug_assert_eq!(again, Ok(()), "what was undone is done again");
                }
                return Err(InconsistentAt { index, cause });
            }
        }
        Ok(())
    }

    /// Does all of these changes again, from the first to the last, or none of them.
    ///
    /// # Errors
    /// Which change does not follow on those before it (rules I4, Q).
    pub fn replay_all(&mut self, changes: &[Change]) -> Result<(), InconsistentAt> {
        for (index, change) in changes.iter().enumerate() {
            if let Err(cause) = self.replay(change) {
                self.take_all_back(changes.get(..index).unwrap_or_default());
                return Err(InconsistentAt { index, cause });
            }
        }
        Ok(())
    }

    /// Undoes the newest changes, which this table has just made.
    pub(super) fn take_all_back(&mut self, changes: &[Change]) {
        for change in changes.iter().rev() {
            let undone = self.undo(change);
            debug_assert_eq!(undone, Ok(()), "what was done is undone");
        }
    }

    /// Undoes what an effect says at the site that was found for it: the only way in which a table
    /// changes backwards.
    fn take_back(&mut self, effect: &Effect, site: Site) {
        debug_assert_eq!(Some(site), self.site_after(effect), "{effect:?}");
        match effect {
            Effect::AliasCreated { .. } => self.remove_alias(site),
            Effect::AliasUpdated { updated_before, .. } => self.move_alias(site, *updated_before),
            Effect::AliasDeleted { alias } => {
                self.store.insert_alias(&NewAlias::of(alias, site.key));
            }
            Effect::AwsAliasPut { before, .. } => {
                self.remove_alias(site);
                if let Some(before) = before {
                    self.store.insert_alias(&NewAlias::of(before, None));
                }
            }
            Effect::KeyInserted { .. } | Effect::UndescribedKeyInserted { .. } => {
                self.remove_key_with_aliases(site);
            }
            Effect::KeyDescribed { .. } => {
                if let Some(key) = site.key {
                    self.store.describe_key(key, None);
                }
            }
            Effect::KeyRemoved { key } => {
                self.put_key(key);
            }
            Effect::UndescribedKeyRemoved { key_id } => {
                self.store.insert_key(*key_id);
            }
            Effect::KeyChanged { before, .. } => self.describe_site(site, before),
            Effect::KeyDeleted { key, aliases } => {
                let slot = self.put_key(key);
                for alias in aliases {
                    self.store.insert_alias(&NewAlias::of(alias, Some(slot)));
                }
            }
        }
        self.sequence = self.sequence.saturating_sub(1);
    }

    /// Where an effect would take place, if the table is in all that it is about as it finds it.
    pub(super) fn site_before(&self, effect: &Effect) -> Option<Site> {
        let (mut alias, mut key) = (None, None);
        let fits = match effect {
            Effect::AliasCreated {
                alias_name,
                target_key_id,
                ..
            } => {
                key = self.store.find_key(*target_key_id);
                key.is_some() && self.can_take(alias_name) && self.store.room() > 0
            }
            Effect::AliasUpdated {
                alias_name,
                from,
                to,
                updated_before,
                ..
            } => {
                alias = self.slot_of(alias_name, *from, *updated_before);
                key = self.store.find_key(*to);
                alias.is_some() && key.is_some() && !alias_name.is_aws()
            }
            Effect::AliasDeleted { alias: entry } => {
                alias = self.slot_as_it_stands(entry);
                alias.is_some() && !entry.alias_name.is_aws()
            }
            Effect::AwsAliasPut { before, after } => {
                return self.site_before_put(before.as_deref(), after);
            }
            Effect::UndescribedKeyInserted { key_id } => !self.knows_key(key_id),
            Effect::UndescribedKeyRemoved { key_id } => {
                key = self.bare_undescribed_key(key_id);
                key.is_some()
            }
            Effect::KeyInserted { key } => self.is_gone(key),
            Effect::KeyDescribed { key: described } => {
                key = self.store.find_key(described.key_id());
                key.is_some_and(|key| self.store.traits(key).is_none())
                    && described.arn().scope() == self.scope
            }
            Effect::KeyRemoved { key: removed } => {
                key = self.slot_of_key(removed);
                key.is_some_and(|key| self.store.count_on_key(key) == 0)
            }
            Effect::KeyChanged { before, after } => {
                key = self.slot_of_key(before);
                key.is_some() && before.arn() == after.arn()
            }
            Effect::KeyDeleted {
                key: deleted,
                aliases,
            } => {
                key = self.slot_of_key(deleted);
                key.is_some_and(|key| self.has_exactly(key, aliases))
            }
        };
        fits.then_some(Site { alias, key })
    }

    /// Where an effect took place, if the table is in all that it is about as it leaves it.
    pub(super) fn site_after(&self, effect: &Effect) -> Option<Site> {
        let (mut alias, mut key) = (None, None);
        let fits = match effect {
            Effect::AliasCreated {
                alias_name,
                target_key_id,
                at,
            } => {
                let mut created = AliasListEntry::new(alias_name.clone(), Some(*target_key_id));
                created.creation_date = Some(*at);
                created.last_updated_date = Some(*at);
                alias = self.slot_as_it_stands(&created);
                alias.is_some() && !alias_name.is_aws()
            }
            Effect::AliasUpdated {
                alias_name,
                from,
                to,
                at,
                ..
            } => {
                alias = self.slot_of(alias_name, *to, Some(*at));
                key = self.store.find_key(*from);
                alias.is_some() && key.is_some() && !alias_name.is_aws()
            }
            Effect::AliasDeleted { alias: entry } => {
                let target = entry.target_key_id;
                key = target.and_then(|key_id| self.store.find_key(key_id));
                key.is_some() && self.can_take(&entry.alias_name) && self.store.room() > 0
            }
            Effect::AwsAliasPut { before, after } => {
                alias = self.slot_as_it_stands(after);
                alias.is_some() && is_put_by_aws(before.as_deref(), after)
            }
            Effect::UndescribedKeyInserted { key_id } => {
                key = self.bare_undescribed_key(key_id);
                key.is_some()
            }
            Effect::UndescribedKeyRemoved { key_id } => !self.knows_key(key_id),
            Effect::KeyInserted { key: inserted } => {
                key = self.slot_of_key(inserted);
                key.is_some_and(|key| self.store.count_on_key(key) == 0)
            }
            Effect::KeyDescribed { key: described } => {
                key = self.slot_of_key(described);
                key.is_some()
            }
            Effect::KeyRemoved { key } => self.is_gone(key),
            Effect::KeyChanged { before, after } => {
                key = self.slot_of_key(after);
                key.is_some() && before.arn() == after.arn()
            }
            Effect::KeyDeleted { key, aliases } => self.can_put_back(key, aliases),
        };
        fits.then_some(Site { alias, key })
    }

    /// Where AWS would put an alias of its own on a key.
    fn site_before_put(
        &self,
        before: Option<&AliasListEntry>,
        after: &AliasListEntry,
    ) -> Option<Site> {
        let alias = match before {
            Some(before) => Some(self.slot_as_it_stands(before)?),
            None if self.is_free(&after.alias_name) && self.store.room() > 0 => None,
            None => return None,
        };
        let key = self.store.find_key(after.target_key_id?)?;
        is_put_by_aws(before, after).then_some(Site {
            alias,
            key: Some(key),
        })
    }

    /// Whether a key that is gone could come back with these aliases.
    fn can_put_back(&self, key: &KeyMetadata, aliases: &[AliasListEntry]) -> bool {
        self.is_gone(key)
            && self.store.room() >= aliases.len()
            && aliases.is_sorted_by(|a, b| a.alias_name < b.alias_name)
            && aliases.iter().all(|alias| {
                alias.target_key_id == Some(key.key_id())
                    && self.is_free(&alias.alias_name)
                    && may_stand(&alias.alias_name)
            })
    }

    /// The slot of an alias that stands exactly so.
    fn slot_as_it_stands(&self, entry: &AliasListEntry) -> Option<AliasSlot> {
        let alias = self.find_alias(entry.alias_name.as_bytes())?;
        let stands = alias.target_key_id() == entry.target_key_id
            && alias.creation_date() == entry.creation_date
            && alias.last_updated_date() == entry.last_updated_date;
        stands.then_some(alias.slot())
    }

    /// The slot of an alias with this key and date.
    fn slot_of(
        &self,
        name: &AnyAliasName,
        target: KeyId,
        updated: Option<Timestamp>,
    ) -> Option<AliasSlot> {
        let alias = self.find_alias(name.as_bytes())?;
        let fits = alias.target_key_id() == Some(target) && alias.last_updated_date() == updated;
        fits.then_some(alias.slot())
    }

    fn is_free(&self, name: &AnyAliasName) -> bool {
        self.find_alias(name.as_bytes()).is_none()
    }

    /// Whether a customer's alias could take a name: no caller makes one of AWS's (rules I1, A8).
    fn can_take(&self, name: &AnyAliasName) -> bool {
        self.is_free(name) && !name.is_aws()
    }

    /// The slot of a key that is not described and has no aliases.
    fn bare_undescribed_key(&self, key_id: &KeyId) -> Option<KeySlot> {
        let slot = self.store.find_key(*key_id)?;
        let is_bare = self.store.traits(slot).is_none() && self.store.count_on_key(slot) == 0;
        is_bare.then_some(slot)
    }

    /// The slot of a key that is described exactly so.
    fn slot_of_key(&self, key: &KeyMetadata) -> Option<KeySlot> {
        let slot = self.store.find_key(key.key_id())?;
        (self.store.metadata(slot) == Some(key)).then_some(slot)
    }

    /// Whether the aliases of a key are exactly these.
    fn has_exactly(&self, key: KeySlot, aliases: &[AliasListEntry]) -> bool {
        let slots = self.aliases_on(key);
        slots.len() == aliases.len()
            && aliases.iter().zip(slots).all(|(entry, slot)| {
                entry.alias_name.as_str() == self.alias(slot).name()
                    && self.slot_as_it_stands(entry) == Some(slot)
            })
    }

    /// Whether a key of this scope is not here, nor does an alias name it.
    fn is_gone(&self, key: &KeyMetadata) -> bool {
        key.arn().scope() == self.scope && !self.knows_key(&key.key_id())
    }
}

/// Whether an alias of AWS's own that had no key, if it stood, got one (rule A8).
fn is_put_by_aws(before: Option<&AliasListEntry>, after: &AliasListEntry) -> bool {
    let is_of_same = |before: &AliasListEntry| {
        before.alias_name == after.alias_name && before.target_key_id.is_none()
    };
    after.alias_name.is_aws()
        && may_stand(&after.alias_name)
        && after.target_key_id.is_some()
        && before.is_none_or(is_of_same)
}

/// Whether a name can stand in a table: `alias/aws/` with no service after it is nobody's (rule A8).
pub(super) fn may_stand(name: &AnyAliasName) -> bool {
    !name.is_aws() || AwsAliasName::try_from(name.clone()).is_ok()
}
