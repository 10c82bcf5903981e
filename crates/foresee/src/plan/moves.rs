//! The aliases that have to change, and the keys between which they move.

use alloc::vec;
use alloc::vec::Vec;

use hashbrown::HashMap;

use kms_alias::AliasTable;
use kms_alias::KmsOperation;
use kms_alias::Operation;
use kms_alias::Rule;
use kms_alias::{AliasName, KeyId, TargetKeyId};

/// An alias that has to change. Keys go by their number: their place in the order of key IDs.
pub(super) struct Move {
    pub(super) alias_name: AliasName,
    pub(super) route: Route,
}

/// From where to where an alias gets, and how.
#[derive(Clone, Copy)]
pub(super) enum Route {
    /// Out of nothing.
    Create { to: Target },
    /// Into nothing.
    Delete { from: usize },
    /// From key to key.
    Update { from: usize, to: Target },
    /// From key to key by a delete and a create, for this rule.
    Gap {
        from: usize,
        to: Target,
        cause: Rule,
    },
    /// From key to key by way of a third.
    Aside {
        from: usize,
        third: usize,
        to: Target,
    },
}

/// A key to which an alias comes.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) number: usize,
    /// The key as the caller named it.
    pub(super) named: TargetKeyId,
}

impl Route {
    /// The key to which it comes.
    pub(super) const fn to(&self) -> Option<&Target> {
        match self {
            Self::Delete { .. } => None,
            Self::Create { to }
            | Self::Update { to, .. }
            | Self::Gap { to, .. }
            | Self::Aside { to, .. } => Some(to),
        }
    }
}

/// The keys of a table, and how many aliases of each count against the quota.
pub(super) struct Keys {
    pub(super) ids: Vec<KeyId>,
    /// As the table stands.
    pub(super) before: Vec<usize>,
    /// As is wanted.
    pub(super) after: Vec<usize>,
    /// How many come to each.
    pub(super) arrivals: Vec<usize>,
    pub(super) quota: usize,
    numbers: HashMap<KeyId, usize>,
}

impl Keys {
    /// The keys of a table, on which nothing is counted yet.
    pub(super) fn of(table: &AliasTable) -> Self {
        let mut ids: Vec<KeyId> = table.keys().map(|key| key.key_id()).collect();
        ids.extend(table.undescribed_keys());
        ids.sort_unstable();
        let numbers = ids.iter().enumerate().map(|(number, id)| (*id, number));
        let none = vec![0; ids.len()];
        Self {
            before: none.clone(),
            after: none.clone(),
            arrivals: none,
            quota: usize::try_from(table.aliases_per_key()).unwrap_or(usize::MAX),
            numbers: numbers.collect(),
            ids,
        }
    }

    /// The number of a key that the table has.
    pub(super) fn number(&self, key_id: KeyId) -> Option<usize> {
        self.numbers.get(&key_id).copied()
    }
}

/// What has to change, in the order of the names.
pub(super) struct Moves {
    pub(super) keys: Keys,
    pub(super) moves: Vec<Move>,
}

/// The operation on an alias; a delete where no key is named.
pub(super) fn request(
    operation: KmsOperation,
    alias_name: AliasName,
    target_key_id: Option<TargetKeyId>,
) -> Operation {
    match target_key_id {
        None => Operation::DeleteAlias { alias_name },
        Some(target_key_id) if operation == KmsOperation::CreateAlias => Operation::CreateAlias {
            alias_name,
            target_key_id,
        },
        Some(target_key_id) => Operation::UpdateAlias {
            alias_name,
            target_key_id,
        },
    }
}
