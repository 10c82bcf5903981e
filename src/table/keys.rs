//! Facts about keys and AWS's own aliases, which no rule of KMS judges: what may stand in a table
//! (rules I1, I2, I5).

use alloc::boxed::Box;

use super::alias_table::AliasTable;
use super::commit::Site;
use super::inconsistency::Inconsistent;
use super::store::AliasStore;
use crate::identifier::{AwsAliasName, KeyId};
use crate::key::{KeyMetadata, Timestamp};
#[cfg(doc)]
use crate::operation::Refusal;
use crate::operation::{AliasListEntry, Change, Effect};

impl AliasTable {
    /// Puts a key into the table, or describes one of which only its existence was known.
    ///
    /// # Errors
    /// I1: the key is here and described. I2: it is of another account or Region. I4: the table made
    /// `u64::MAX` changes.
    pub fn insert_key(&mut self, key: KeyMetadata) -> Result<Change, Inconsistent> {
        let (scope, found) = (self.scope, key.arn().scope());
        if found != scope {
            return Err(Inconsistent::OtherScope { scope, found });
        }
        let (slot, arn) = (self.store.find_key(key.key_id()), key.arn());
        let key = Box::new(key);
        match slot.map(|slot| self.store.traits(slot)) {
            Some(Some(_)) => Err(Inconsistent::DuplicateKey(arn)),
            Some(None) => self.insist(Effect::KeyDescribed { key }, Site::of_key(slot)),
            None => self.insist(Effect::KeyInserted { key }, Site::default()),
        }
    }

    /// Replaces what is known of a key, as a fact that no rule judges: its details, or its related
    /// keys.
    ///
    /// # Errors
    /// T1: there is no such key. I4: the table made `u64::MAX` changes.
    pub fn change_key(&mut self, key: KeyMetadata) -> Result<Change, Inconsistent> {
        let arn = key.arn();
        let unknown = || Inconsistent::UnknownKey(arn);
        let slot = self.store.find_key(arn.key_id()).ok_or_else(unknown)?;
        let before = self.store.metadata(slot).filter(|key| key.arn() == arn);
        let before = Box::new(before.ok_or_else(unknown)?.clone());
        let after = Box::new(key);
        self.insist(
            Effect::KeyChanged { before, after },
            Site::of_key(Some(slot)),
        )
    }

    /// Puts an alias of AWS's own on a key, as a fact that no rule judges: AWS makes the key of such
    /// an alias when it is first needed (rules A8, L5). The date of the change is both of its dates.
    ///
    /// ```
    /// use kms_alias::{AwsAliasName, KeyManager};
    #[doc = include_str!("example_table.md")]
    /// let mut table = AliasTable::new(scope);
    /// let key = KeyMetadata::builder(KeyArn::new(scope, key_id)).manager(KeyManager::Aws);
    /// table.insert_key(key.build()?)?;
    /// let s3: AwsAliasName = "alias/aws/s3".parse()?;
    /// table.put_aws_alias(s3.clone(), key_id, at)?;
    /// assert_eq!(table.get(&s3).and_then(|alias| alias.target_key_id()), Some(key_id));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// I1: the alias has a key. T1: there is no such key. Q: the table is full. I4: the table made
    /// `u64::MAX` changes.
    pub fn put_aws_alias(
        &mut self,
        alias_name: AwsAliasName,
        target_key_id: KeyId,
        at: Timestamp,
    ) -> Result<Change, Inconsistent> {
        let mut after = AliasListEntry::new(alias_name.into(), Some(target_key_id));
        after.creation_date = Some(at);
        after.last_updated_date = Some(at);
        let stands = self.find_alias(after.alias_name.as_bytes());
        let before = stands.map(|alias| alias.to_entry());
        if before
            .as_ref()
            .is_some_and(|alias| alias.target_key_id.is_some())
        {
            return Err(Inconsistent::DuplicateAlias(after.alias_name));
        }
        if before.is_none() && self.store.room() == 0 {
            return Err(Inconsistent::NoRoom(after.alias_name));
        }
        let unknown = Inconsistent::UnknownKey(self.key_arn(target_key_id));
        let effect = Effect::AwsAliasPut {
            before: before.map(Box::new),
            after: Box::new(after),
        };
        let site = self.site_before(&effect).ok_or(unknown)?;
        self.insist(effect, site)
    }

    /// Puts a key into the table of which only its existence is known: a list names it, or an alias,
    /// and DescribeKey is not allowed (rule I6).
    ///
    /// Aliases can name such a key and be deleted. An operation that depends on more is answered
    /// with [`Refusal::NotDescribed`], until [`insert_key`](Self::insert_key) describes the key.
    ///
    /// ```
    /// use kms_alias::{Operation, Rule};
    #[doc = include_str!("example_table.md")]
    /// let mut table = AliasTable::new(scope);
    /// table.insert_undescribed_key(key_id)?;
    /// assert!(table.undescribed_keys().eq([key_id]) && !table.is_described(&key_id));
    ///
    /// let payments = AliasName::from_static("alias/payments");
    /// let undecided = table.create_alias(payments.clone(), key_id, at).unwrap_err();
    /// assert_eq!(undecided.rule(), Rule::I6);
    ///
    /// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    /// table.create_alias(payments, key_id, at)?;
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// I1: the key is here, described or not. I4: the table made `u64::MAX` changes.
    pub fn insert_undescribed_key(&mut self, key_id: KeyId) -> Result<Change, Inconsistent> {
        if self.knows_key(&key_id) {
            return Err(Inconsistent::DuplicateKey(self.key_arn(key_id)));
        }
        self.insist(Effect::UndescribedKeyInserted { key_id }, Site::default())
    }

    /// Takes a key out of the table, described or not, as if it had never been there.
    ///
    /// # Errors
    /// T1: there is no such key. I5: aliases name it. I4: the table made `u64::MAX` changes.
    pub fn remove_key(&mut self, key_id: &KeyId) -> Result<Change, Inconsistent> {
        let (key_id, key) = (*key_id, self.key_arn(*key_id));
        let slot = self.store.find_key(key_id);
        let slot = slot.ok_or(Inconsistent::UnknownKey(key))?;
        let count = self.store.count_on_key(slot);
        if count > 0 {
            return Err(Inconsistent::HasAliases { key, count });
        }
        let effect = match self.store.metadata(slot) {
            Some(key) => Effect::KeyRemoved {
                key: Box::new(key.clone()),
            },
            None => Effect::UndescribedKeyRemoved { key_id },
        };
        self.insist(effect, Site::of_key(Some(slot)))
    }
}
