//! Keys of which no step speaks any more: of them only what their aliases keep counts.
//!
//! An alias that went along a thousand keys may name any of them. Where no later step names
//! those keys and no quota counts their aliases, worlds that differ in them alone are one.

use core::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};
use kms_alias::KeyId;

use super::engine::Engine;
use super::ledger::Home;
use super::set::SetIndex;
use super::world::{Content, Event, KeyIndex, NameIndex, World};

impl Engine<'_, '_> {
    /// The worlds, without what no step can tell apart any more.
    pub(super) fn without_identities(&mut self, worlds: Vec<World>) -> Vec<World> {
        let mut merged: Vec<World> = Vec::new();
        let mut places: HashTable<usize> = HashTable::with_capacity(worlds.len());
        let hasher = DefaultHashBuilder::default();
        for mut world in worlds {
            self.make_anonymous(&mut world);
            let hash = hasher.hash_one(&world.content);
            let is_same = |place: &usize| {
                let known = merged.get(*place);
                known.is_some_and(|known| known.content == world.content)
            };
            match places.find(hash, is_same).copied() {
                Some(place) => {
                    if let Some(known) = merged.get_mut(place) {
                        known.is_clean |= world.is_clean;
                    }
                }
                None => {
                    // There is room for all, so that no hash is asked for again.
                    places.insert_unique(hash, merged.len(), |_| hash);
                    merged.push(world);
                }
            }
        }
        merged
    }

    fn make_anonymous(&mut self, world: &mut World) {
        let stands: Vec<(NameIndex, Option<KeyIndex>)> = world.content.names.iter().collect();
        for (name, on) in &stands {
            let Some(key) = *on else {
                continue;
            };
            let alone = stands.iter().filter(|(_, other)| other == on).count() == 1;
            if !alone || !self.is_spoken_of_no_more(key, &world.content) {
                continue;
            }
            let set = self.set_of(key, &world.content);
            let Some(anonymous) = self.anonymous(*name, set) else {
                continue;
            };
            world.content.names.set(*name, Some(anonymous));
            if world.content.keys.get(key).is_some() {
                world.content.keys.remove(key);
                world.trail = self.past.then(world.trail, Event::Forgotten(key, set));
                world.content.keys.set(anonymous, set);
            }
            world.trail = self
                .past
                .then(world.trail, Event::StandsFor(anonymous, key));
        }
    }

    /// Whether no step sees a key from now on, but through an alias of this world that names
    /// it.
    fn is_spoken_of_no_more(&mut self, key: KeyIndex, content: &Content) -> bool {
        let is_seen = self
            .key_entry(key)
            .is_none_or(|entry| entry.last > self.now || entry.is_anonymous || entry.changes);
        !is_seen && content.counts.get(key).is_none() && !self.has_alias_to_come(key)
    }

    /// The key that takes the part of all on which an alias may stand in these ways.
    fn anonymous(&mut self, name: NameIndex, set: SetIndex) -> Option<KeyIndex> {
        let place = self.name_entry(name)?.place;
        let [a, b, c, d] = name.0.to_be_bytes();
        let [e, f, g, h] = set.number().to_be_bytes();
        let id = [
            0x0a, 0x0a, 0xd1, 0x00, 0x0a, 0x0a, 0xd1, 0x00, a, b, c, d, e, f, g, h,
        ];
        let key = self.ledger.as_mut()?.key(place, KeyId::new(id, false));
        let entry = self.key_entry_mut(key)?;
        if !entry.is_anonymous {
            entry.is_anonymous = true;
            entry.first = Some(set);
            entry.home = Home::Here(set);
        }
        Some(key)
    }

    pub(super) fn is_anonymous(&self, key: KeyIndex) -> bool {
        self.key_entry(key).is_some_and(|entry| entry.is_anonymous)
    }
}
