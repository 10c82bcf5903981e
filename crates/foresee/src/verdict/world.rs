//! What one possibility, or many that are alike, has made of the unknown part of an account.

use super::set::SetIndex;

/// The index of a name that steps mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NameIndex(pub(super) u32);

/// The index of a key that steps mention, or on which an alias stands that they mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KeyIndex(pub(super) u32);

impl NameIndex {
    pub(super) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl KeyIndex {
    pub(super) fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A small map, sorted by its keys, so that equal maps are equal lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord, V: Copy> SmallMap<K, V> {
    pub(super) fn get(&self, key: K) -> Option<V> {
        let place = self.0.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.0.get(place).map(|(_, value)| *value)
    }

    pub(super) fn set(&mut self, key: K, value: V) {
        match self.0.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(place) => {
                if let Some(entry) = self.0.get_mut(place) {
                    entry.1 = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    pub(super) fn remove(&mut self, key: K) {
        if let Ok(place) = self.0.binary_search_by_key(&key, |(key, _)| *key) {
            self.0.remove(place);
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            self.set(*key, *value);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (K, V)> + '_ {
        self.0.iter().copied()
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn map_values(&mut self, mut change: impl FnMut(V) -> V) {
        for (_, value) in &mut self.0 {
            *value = change(*value);
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = K> + '_ {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// The facts of a world. The ways of different keys go together in every combination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Content {
    /// On which key each alias stands.
    pub(super) names: SmallMap<NameIndex, Option<KeyIndex>>,
    /// In which ways each key can be.
    pub(super) keys: SmallMap<KeyIndex, SetIndex>,
    /// How many aliases each key has whose quota could matter (rule T6).
    pub(super) counts: SmallMap<KeyIndex, u32>,
}

impl Content {
    /// Adds the facts of another world, which has none of these.
    pub(super) fn extend(&mut self, other: &Self) {
        self.names.extend(&other.names);
        self.keys.extend(&other.keys);
        self.counts.extend(&other.counts);
    }

    /// How many facts these are.
    pub(super) const fn len(&self) -> usize {
        let keys = self.keys.len().saturating_add(self.counts.len());
        self.names.len().saturating_add(keys)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.keys.is_empty() && self.counts.is_empty()
    }
}

/// One world: its facts, and how it came about.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) content: Content,
    /// Whether it can come about without a refusal.
    pub(super) is_clean: bool,
    pub(super) trail: Trail,
}

/// The newest event of a world's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trail(u32);

/// What happened in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A fact begins to be followed, with the value that it has in every world.
    Name(NameIndex, Option<KeyIndex>),
    Key(KeyIndex, SetIndex),
    Count(KeyIndex, u32),
    /// An alias begins to be followed: it names this key if that is there.
    StandsIfThere(NameIndex, KeyIndex),
    /// A step was judged.
    Step(usize),
    /// From here on the first key takes the part of the second, of which no step speaks any more.
    StandsFor(KeyIndex, KeyIndex),
    /// A key is forgotten: no later step can see it. Until here it could be in these ways.
    Forgotten(KeyIndex, SetIndex),
    /// Another world, of facts that had nothing to do with these, is joined.
    Joined(Trail),
}

/// The past of all worlds: a tree, which they share.
#[derive(Default)]
pub(super) struct Past {
    events: Vec<(Event, Trail)>,
}

impl Trail {
    /// Nothing has happened.
    pub(super) const START: Self = Self(u32::MAX);
}

impl Past {
    pub(super) fn then(&mut self, before: Trail, event: Event) -> Trail {
        let trail = Trail(u32::try_from(self.events.len()).unwrap_or(u32::MAX));
        self.events.push((event, before));
        trail
    }

    /// The events of a past in their order; those of a joined world come after what was before.
    pub(super) fn events(&self, trail: Trail) -> Vec<Event> {
        let mut reversed = Vec::new();
        let mut open = vec![trail];
        while let Some(trail) = open.pop() {
            let place = usize::try_from(trail.0).unwrap_or(usize::MAX);
            let Some((event, before)) = self.events.get(place) else {
                continue;
            };
            open.push(*before);
            match event {
                Event::Joined(other) => open.push(*other),
                event => reversed.push(*event),
            }
        }
        reversed.reverse();
        reversed
    }
}
