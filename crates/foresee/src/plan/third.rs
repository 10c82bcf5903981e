//! The third key by way of which an alias may move: the machine is asked which takes it.

use alloc::vec::Vec;

use super::moves::{Keys, Move, request};
use super::wanted::ThirdKey;
use kms_alias::AliasTable;
use kms_alias::Rule;
use kms_alias::{KeyState, KmsOperation, Timestamp};

/// The search for third keys.
pub(super) struct ThirdKeys<'a> {
    table: &'a AliasTable,
    at: Timestamp,
    choice: ThirdKey,
    /// Those that served before: seldom more than one for each kind of key.
    served: Vec<usize>,
}

impl<'a> ThirdKeys<'a> {
    pub(super) const fn new(table: &'a AliasTable, at: Timestamp, choice: ThirdKey) -> Self {
        Self {
            table,
            at,
            choice,
            served: Vec::new(),
        }
    }

    /// The one that the caller named.
    pub(super) fn named(&self, keys: &Keys) -> Option<usize> {
        match self.choice {
            ThirdKey::No | ThirdKey::Any => None,
            ThirdKey::This(key_id) => keys.number(key_id),
        }
    }

    /// A key by way of which an alias can move, among those that have a place free at some time.
    pub(super) fn find(
        &mut self,
        of: &Move,
        keys: &Keys,
        has_room: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let takes = |key: &usize| has_room(*key) && self.takes(of, keys, *key);
        match self.choice {
            ThirdKey::No => None,
            ThirdKey::This(_) => self.named(keys).filter(takes),
            ThirdKey::Any => {
                if let Some(served) = self.served.iter().copied().find(takes) {
                    return Some(served);
                }
                let numbers = || 0..keys.ids.len();
                let found = numbers()
                    .filter(|key| self.is_enabled(keys, *key))
                    .find(takes)
                    .or_else(|| numbers().find(takes));
                self.served.extend(found);
                found
            }
        }
    }

    /// Remembers a key that can serve from now on.
    pub(super) fn remember(&mut self, key: usize) {
        if self.choice == ThirdKey::Any {
            self.served.push(key);
        }
    }

    /// Whether a key takes an alias but for the room (rules T1–T5, U3, U4).
    fn takes(&self, of: &Move, keys: &Keys, key: usize) -> bool {
        let target = keys.ids.get(key).map(|key_id| (*key_id).into());
        let asked = request(KmsOperation::UpdateAlias, of.alias_name.clone(), target);
        match self.table.check(&asked, self.at) {
            Ok(_) => true,
            Err(refusal) => refusal.rule() == Rule::T6,
        }
    }

    fn is_enabled(&self, keys: &Keys, key: usize) -> bool {
        let metadata = keys.ids.get(key).and_then(|key_id| self.table.key(key_id));
        metadata.is_some_and(|key| key.state() == KeyState::Enabled)
    }
}
