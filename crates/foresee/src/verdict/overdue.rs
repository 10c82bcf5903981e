//! Keys whose deletion was due before the run: they may be gone, and their aliases with them (rule S5).

use hashbrown::HashSet;
use kms_alias::{KeyId, Operation};

use super::engine::{Account, Engine};
use super::kind::NO_KEY;
use super::ledger::Home;
use super::set::Way;
use super::world::{Event, KeyIndex, NameIndex, World};

impl Account {
    /// Whether an operation is about a key that may be gone, or about an alias of one.
    pub(super) fn may_lack(&self, operation: &Operation, named: Option<KeyId>) -> bool {
        if self.overdue.is_empty() {
            return false;
        }
        let name = operation.alias_name();
        let on = name.and_then(|name| self.knowledge.stands_on(name.as_str()));
        let mut keys = named.into_iter().chain(on);
        keys.any(|key_id| self.overdue.contains(&key_id))
    }
}

impl Engine<'_, '_> {
    /// Notes the keys that may be gone. One of which a step says that it is deleted only then is not
    /// among them.
    pub(super) fn note_overdue_keys(&mut self) {
        let deleted = self.tasks.iter().filter_map(|task| match task.operation() {
            Some(Operation::DeleteKey { key_id }) => Some((task.place, *key_id)),
            _ => None,
        });
        let deleted: HashSet<_> = deleted.collect();
        for (place, account) in self.accounts.iter_mut().enumerate() {
            let overdue = account.knowledge.overdue_keys(self.at);
            let overdue = overdue.filter(|key_id| !deleted.contains(&(place, *key_id)));
            account.overdue = overdue.collect();
        }
    }

    /// Whether a key may be gone.
    pub(super) fn is_overdue(&self, place: usize, key_id: &KeyId) -> bool {
        let account = self.accounts.get(place);
        account.is_some_and(|account| account.overdue.contains(key_id))
    }

    /// The key on which an alias stands by the account, if that may be gone.
    pub(super) fn overdue_key_of(&mut self, name: NameIndex) -> Option<KeyIndex> {
        let entry = self.name_entry(name)?;
        let place = entry.place;
        let may_be = entry.home == Home::Account && !self.accounts.get(place)?.overdue.is_empty();
        let key = self.stands_on_in_account(name).filter(|_| may_be)?;
        let key_id = self.key_entry(key)?.key_id;
        self.is_overdue(place, &key_id).then_some(key)
    }

    /// An alias that names a key which may be gone: the worlds in which it is are told from the
    /// others.
    pub(super) fn put_name_if_there(
        &mut self,
        name: NameIndex,
        key: KeyIndex,
        worlds: &mut Vec<World>,
    ) -> Option<()> {
        let mut told = Vec::with_capacity(worlds.len());
        for world in worlds.drain(..) {
            let set = self.set_of(key, &world.content);
            let is_gone = |way: &Way| way.before == NO_KEY;
            let (gone, there): (Vec<Way>, Vec<Way>) =
                self.sets.get(set).iter().partition(|way| is_gone(way));
            let trail = self.past.then(world.trail, Event::StandsIfThere(name, key));
            for (ways, on) in [(there, Some(key)), (gone, None)] {
                if ways.is_empty() {
                    continue;
                }
                let mut content = world.content.clone();
                content.names.set(name, on);
                if content.keys.get(key).is_some() {
                    content.keys.set(key, self.sets.index(ways));
                }
                told.push(World {
                    content,
                    is_clean: world.is_clean,
                    trail,
                });
            }
        }
        *worlds = told;
        (worlds.len() <= self.bound.worlds).then_some(())
    }
}
