//! What happened, with enough to undo it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::identifier::{AnyAliasName, KeyId};
use crate::key::{KeyMetadata, Timestamp};

/// An alias as it stands: what a list shows, by value.
///
/// ```
/// use kms_alias::{AliasListEntry, KeyId};
///
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let entry = AliasListEntry::new("alias/payments".parse()?, Some(key_id));
/// assert_eq!(entry.creation_date, None);
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
#[non_exhaustive]
pub struct AliasListEntry {
    /// The name.
    pub alias_name: AnyAliasName,
    /// The key that the alias names; an AWS alias may have none yet (rule A8).
    #[cfg_attr(feature = "serde", serde(default))]
    pub target_key_id: Option<KeyId>,
    /// When the alias was created, where that is known.
    #[cfg_attr(feature = "serde", serde(default))]
    pub creation_date: Option<Timestamp>,
    /// When the alias was last given a key, where that is known.
    #[cfg_attr(feature = "serde", serde(default))]
    pub last_updated_date: Option<Timestamp>,
}

impl AliasListEntry {
    /// An alias without dates.
    #[must_use]
    pub const fn new(alias_name: AnyAliasName, target_key_id: Option<KeyId>) -> Self {
        Self {
            alias_name,
            target_key_id,
            creation_date: None,
            last_updated_date: None,
        }
    }
}

/// A change that a table made, or would make: its place in the order and its effect (rule I4).
///
/// Changes are numbered from 1 in the order in which a table made them. A stored log of them
/// rebuilds the table by `replay`, and takes it back by `undo`.
///
/// ```
/// use kms_alias::Effect;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let change = table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// assert_eq!(change.sequence(), 2); // the first was the key
/// assert!(matches!(change.effect(), Effect::AliasCreated { .. }));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Change {
    sequence: u64,
    effect: Effect,
}

impl Change {
    /// A change of a log, with its number in its table.
    #[must_use]
    pub const fn new(sequence: u64, effect: Effect) -> Self {
        Self { sequence, effect }
    }

    /// The number of the change in its table, from 1.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// What it did.
    #[must_use]
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }
}

/// What a change did to a table. What is done to an alias changes no key (rule D2).
///
/// Names are any that can stand (rules A1–A3): whether a name is reserved was judged when the
/// operation was asked for, and what stands is a fact (rule I3).
///
/// ```
/// use kms_alias::Effect;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let payments = AliasName::from_static("alias/payments");
/// table.create_alias(payments.clone(), key_id, at)?;
/// let change = table.delete_alias(&payments)?;
/// let Effect::AliasDeleted { alias } = change.effect() else { unreachable!() };
/// assert_eq!(alias.target_key_id, Some(key_id));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Effect {
    /// An alias was created (rule C1).
    AliasCreated {
        /// Its name.
        alias_name: AnyAliasName,
        /// Its key.
        target_key_id: KeyId,
        /// When, which is both of its dates.
        at: Timestamp,
    },
    /// An alias was moved to a key (rules U6, U7).
    AliasUpdated {
        /// Its name.
        alias_name: AnyAliasName,
        /// The key that it had.
        from: KeyId,
        /// The key that it has now.
        to: KeyId,
        /// The date of its last update before this one.
        updated_before: Option<Timestamp>,
        /// When.
        at: Timestamp,
    },
    /// An alias was deleted (rule D1).
    AliasDeleted {
        /// The alias as it stood.
        alias: AliasListEntry,
    },
    /// AWS put an alias of its own on a key (rules A8, L5), which no caller can.
    AwsAliasPut {
        /// The alias as it stood, without a key; none if it did not stand.
        before: Option<Box<AliasListEntry>>,
        /// The alias as it stands.
        after: Box<AliasListEntry>,
    },
    /// A key was put into the table of which only its existence is known (rule I6).
    UndescribedKeyInserted {
        /// The key.
        key_id: KeyId,
    },
    /// Such a key was taken out of the table.
    UndescribedKeyRemoved {
        /// The key.
        key_id: KeyId,
    },
    /// A key of which only its existence was known was described (rule I6).
    KeyDescribed {
        /// The key.
        key: Box<KeyMetadata>,
    },
    /// A key was put into the table.
    KeyInserted {
        /// The key.
        key: Box<KeyMetadata>,
    },
    /// A key was taken out of the table.
    KeyRemoved {
        /// The key.
        key: Box<KeyMetadata>,
    },
    /// A key's state changed, or was set to what it was.
    KeyChanged {
        /// The key before.
        before: Box<KeyMetadata>,
        /// The key after.
        after: Box<KeyMetadata>,
    },
    /// The deletion of a key was carried out (rule S5).
    KeyDeleted {
        /// The key.
        key: Box<KeyMetadata>,
        /// The aliases that went with it, in the order of their names.
        aliases: Vec<AliasListEntry>,
    },
}
