//! Steps of a block that can change places: of many orders that are alike one is enough.
//!
//! A strand is the steps of a block that share an alias, or an order, with each other. Strands of
//! one shape differ in the names of their aliases alone, so an order in which two of them change
//! places leads to the same answers with the names changed. A block of 50 aliases that are all
//! deleted and created again under other names has 51 × 52 / 2 states, not 3⁵⁰.

use hashbrown::{HashMap, HashSet};

use super::closed::Shape;
use super::engine::Engine;
use super::explore::{Block, Done, Endings, Record, State};
use super::world::{Content, KeyIndex, NameIndex, World};

/// Steps that hang together: their places in the block, and their names.
struct Strand {
    places: Vec<usize>,
    names: Vec<NameIndex>,
}

/// One step of a strand, as it is told from a step of another: what it asks, of which key, and the
/// places in the strand of its name and of the steps before it.
type Outline = (
    usize,
    Shape,
    Option<KeyIndex>,
    Option<usize>,
    Vec<usize>,
    Ties,
);

/// The places in the block of the hubs that come right before and right after a step.
type Ties = (Vec<usize>, Vec<usize>);

/// The strands of a block that have others of their shape.
pub(super) struct Strands {
    classes: Vec<Vec<Strand>>,
    /// The class and strand of each place of the block.
    of_place: Vec<Option<(usize, usize)>>,
    of_name: HashMap<NameIndex, usize>,
    places_of_name: HashMap<NameIndex, Vec<usize>>,
    places_of_key: HashMap<KeyIndex, Vec<usize>>,
}

impl Strands {
    pub(super) fn of(engine: &mut Engine<'_, '_>, block: Block<'_>, worlds: &[World]) -> Self {
        let mut classes: Vec<(Vec<Outline>, Vec<Strand>)> = Vec::new();
        if block.steps.len() > 1 {
            let hubs = Hubs::of(engine, block);
            for strand in split(engine, block, &hubs) {
                let Some(outline) = outline(engine, block, &strand, &hubs) else {
                    continue;
                };
                let alike = |(known, strands): &&mut (Vec<Outline>, Vec<Strand>)| {
                    let first = strands.first();
                    *known == outline
                        && first.is_some_and(|first| start_alike(first, &strand, worlds))
                };
                match classes.iter_mut().find(alike) {
                    Some((_, strands)) => strands.push(strand),
                    None => classes.push((outline, vec![strand])),
                }
            }
        }
        let several = classes.into_iter().map(|(_, strands)| strands);
        let several = several.filter(|strands| strands.len() > 1).collect();
        let mut strands = Self::indexed(block, several);
        for (place, step) in block.steps.iter().enumerate() {
            let Some(ledger) = &engine.ledger else {
                continue;
            };
            if let Some(name) = ledger.name_of_step(*step) {
                strands.places_of_name.entry(name).or_default().push(place);
            }
            let keys = [ledger.key_of_step(*step), ledger.replica_of_step(*step)];
            for key in keys.into_iter().flatten() {
                strands.places_of_key.entry(key).or_default().push(place);
            }
        }
        strands
    }

    /// Whether a step that is not done has this name.
    pub(super) fn asks_for_name(&self, name: NameIndex, done: &Done) -> bool {
        let places = self.places_of_name.get(&name);
        places.is_some_and(|places| places.iter().any(|place| !done.has(*place)))
    }

    /// Whether a step that is not done names this key.
    pub(super) fn asks_for_key(&self, key: KeyIndex, done: &Done) -> bool {
        let places = self.places_of_key.get(&key);
        places.is_some_and(|places| places.iter().rev().any(|place| !done.has(*place)))
    }

    fn indexed(block: Block<'_>, classes: Vec<Vec<Strand>>) -> Self {
        let mut of_place = vec![None; block.steps.len()];
        let mut of_name = HashMap::new();
        for (class, strands) in classes.iter().enumerate() {
            for (number, strand) in strands.iter().enumerate() {
                for place in &strand.places {
                    if let Some(of_place) = of_place.get_mut(*place) {
                        *of_place = Some((class, number));
                    }
                }
                of_name.extend(strand.names.iter().map(|name| (*name, class)));
            }
        }
        Self {
            classes,
            of_place,
            of_name,
            places_of_name: HashMap::new(),
            places_of_key: HashMap::new(),
        }
    }

    /// The places of the steps that may come next; of strands that stand alike, one.
    pub(super) fn to_try(&self, block: Block<'_>, state: &State) -> Vec<usize> {
        let mut is_first: Vec<Vec<bool>> = Vec::new();
        for strands in &self.classes {
            let mut met = HashSet::new();
            let first = |strand: &Strand| met.insert(stands(strand, state));
            is_first.push(strands.iter().map(first).collect());
        }
        let first_of_its_kind = |place: &usize| {
            let Some((class, number)) = self.of_place.get(*place).copied().flatten() else {
                return true;
            };
            let is_first = is_first.get(class).and_then(|strands| strands.get(number));
            is_first.copied().unwrap_or(true)
        };
        let places = 0..block.steps.len();
        let ready = |place: &usize| {
            let before = block
                .before
                .get(*place)
                .map(Vec::as_slice)
                .unwrap_or_default();
            !state.done.has(*place) && before.iter().all(|before| state.done.has(*before))
        };
        places.filter(ready).filter(first_of_its_kind).collect()
    }

    /// What two states share that are alike but for strands that have changed places.
    pub(super) fn key(&self, state: &State) -> Vec<u64> {
        let Content {
            names,
            keys,
            counts,
        } = &state.world.content;
        let facts = state.world.content.len().saturating_mul(2);
        let mut key =
            Vec::with_capacity(facts.saturating_add(self.of_place.len()).saturating_add(2));
        for (place, class) in self.of_place.iter().enumerate() {
            if class.is_none() {
                key.push(u64::from(state.done.has(place)));
            }
        }
        for (name, on) in names
            .iter()
            .filter(|(name, _)| !self.of_name.contains_key(name))
        {
            key.extend([u64::from(name.0), code(Some(on))]);
        }
        key.push(u64::MAX);
        for (of, set) in keys.iter() {
            key.extend([u64::from(of.0), u64::from(set.number())]);
        }
        key.push(u64::MAX);
        for (of, count) in counts.iter() {
            key.extend([u64::from(of.0), u64::from(count)]);
        }
        for strands in &self.classes {
            let mut standing: Vec<_> = strands.iter().map(|strand| stands(strand, state)).collect();
            standing.sort_unstable();
            key.push(u64::MAX);
            key.extend(standing.into_iter().flatten());
        }
        key
    }

    /// What was seen of one strand may be seen of each other of its shape.
    pub(super) fn share(&self, records: &mut [Record], endings: &mut Endings) {
        for strands in &self.classes {
            let Some(first) = strands.first() else {
                continue;
            };
            for number in 0..first.places.len() {
                let places = strands
                    .iter()
                    .filter_map(|strand| strand.places.get(number));
                let mut all = Record::default();
                for record in places.clone().filter_map(|place| records.get(*place)) {
                    all.add(record);
                }
                for place in places {
                    if let Some(record) = records.get_mut(*place) {
                        *record = all.clone();
                    }
                }
            }
            for number in 0..first.names.len() {
                let names = strands.iter().filter_map(|strand| strand.names.get(number));
                let mut all: Vec<_> = names
                    .clone()
                    .filter_map(|name| endings.get(name))
                    .flatten()
                    .copied()
                    .collect();
                all.sort_unstable();
                all.dedup();
                for name in names {
                    endings.insert(*name, all.clone());
                }
            }
        }
    }

    /// The class of a place and its number in its strand: places of one class and number are alike.
    pub(super) fn part(&self, place: usize) -> Option<(usize, usize)> {
        let (class, strand) = self.of_place.get(place).copied().flatten()?;
        let strand = self.classes.get(class)?.get(strand)?;
        let number = strand.places.iter().position(|known| *known == place)?;
        Some((class, number))
    }

    /// The place that a place takes when the strands of two others change places.
    pub(super) fn exchanged(&self, one: usize, other: usize, place: usize) -> usize {
        let strand = |place: usize| self.of_place.get(place).copied().flatten();
        let (Some(one), Some(other), Some(mine)) = (strand(one), strand(other), strand(place))
        else {
            return place;
        };
        let into = match mine {
            mine if mine == one => other,
            mine if mine == other => one,
            _ => return place,
        };
        let find = |(class, number): (usize, usize)| self.classes.get(class)?.get(number);
        let exchanged = || {
            let number = find(mine)?
                .places
                .iter()
                .position(|known| *known == place)?;
            find(into)?.places.get(number).copied()
        };
        exchanged().unwrap_or(place)
    }
}

/// Steps without an alias before or after which several others come, such as the one that makes
/// a key: all of their strands keep their shape around them.
struct Hubs {
    is_hub: Vec<bool>,
    /// The hubs that come right before and right after each place.
    ties: Vec<Ties>,
}

impl Hubs {
    fn of(engine: &Engine<'_, '_>, block: Block<'_>) -> Self {
        let mut neighbours = vec![0_usize; block.steps.len()];
        for (place, before) in block.before.iter().enumerate() {
            for neighbour in before.iter().flat_map(|before| [*before, place]) {
                if let Some(count) = neighbours.get_mut(neighbour) {
                    *count = count.saturating_add(1);
                }
            }
        }
        let ledger = engine.ledger.as_ref();
        let has_name = |step: usize| ledger.is_some_and(|it| it.name_of_step(step).is_some());
        let steps = block.steps.iter().zip(neighbours);
        let is_hub = steps.map(|(step, neighbours)| neighbours > 1 && !has_name(*step));
        let mut hubs = Self {
            is_hub: is_hub.collect(),
            ties: vec![Ties::default(); block.steps.len()],
        };
        for (place, before) in block.before.iter().enumerate() {
            for before in before.iter().copied() {
                let (from, to) = (hubs.has(before), hubs.has(place));
                if let Some(ties) = hubs.ties.get_mut(place).filter(|_| from) {
                    ties.0.push(before);
                }
                if let Some(ties) = hubs.ties.get_mut(before).filter(|_| to) {
                    ties.1.push(place);
                }
            }
        }
        for ties in &mut hubs.ties {
            ties.0.sort_unstable();
            ties.1.sort_unstable();
        }
        hubs
    }

    fn has(&self, place: usize) -> bool {
        self.is_hub.get(place).copied().unwrap_or(false)
    }
}

/// The strands of a block.
fn split(engine: &Engine<'_, '_>, block: Block<'_>, hubs: &Hubs) -> Vec<Strand> {
    let count = block.steps.len();
    let mut strand_of: Vec<usize> = (0..count).collect();
    let mut by_name: HashMap<NameIndex, usize> = HashMap::new();
    for (place, step) in block.steps.iter().enumerate() {
        let ledger = engine.ledger.as_ref();
        if let Some(name) = ledger.and_then(|ledger| ledger.name_of_step(*step)) {
            let other = *by_name.entry(name).or_insert(place);
            unite(&mut strand_of, other, place);
        }
        for before in block.before.get(place).into_iter().flatten() {
            if !hubs.has(*before) && !hubs.has(place) {
                unite(&mut strand_of, *before, place);
            }
        }
    }
    let mut strands: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for place in 0..count {
        let root = root(&mut strand_of, place);
        let places = strands.entry(root).or_default();
        if places.is_empty() {
            roots.push(root);
        }
        places.push(place);
    }
    let of_root = |root: &usize| strands.get(root).cloned().unwrap_or_default();
    let places = roots.iter().map(of_root);
    places.map(|places| named(engine, block, places)).collect()
}

fn named(engine: &Engine<'_, '_>, block: Block<'_>, places: Vec<usize>) -> Strand {
    let mut names = Vec::new();
    for place in &places {
        let step = block.steps.get(*place);
        let name = step.and_then(|step| engine.ledger.as_ref()?.name_of_step(*step));
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    Strand { places, names }
}

/// What a strand has in common with others of its shape; none if a later step asks for its names,
/// as then they can be told apart.
fn outline(
    engine: &mut Engine<'_, '_>,
    block: Block<'_>,
    strand: &Strand,
    hubs: &Hubs,
) -> Option<Vec<Outline>> {
    let mut outline = Vec::new();
    for place in strand.places.iter().filter(|place| !hubs.has(**place)) {
        let step = *block.steps.get(*place)?;
        let position = engine.position(step);
        let ledger = engine.ledger.as_ref()?;
        let name = ledger.name_of_step(step);
        if let Some(name) = name {
            let entry = ledger.name_entry(name)?;
            if entry.last > position {
                return None;
            }
        }
        let key = ledger.key_of_step(step);
        let task = engine.tasks.get(step)?;
        let settings = engine.accounts.get(task.place)?.settings;
        let shape = engine.closed.shape(task.operation()?, settings);
        let find = |place: &usize| strand.places.iter().position(|known| known == place);
        let before = block.before.get(*place)?.iter().filter_map(find).collect();
        let name = name.and_then(|name| strand.names.iter().position(|known| *known == name));
        let ties = hubs.ties.get(*place)?.clone();
        outline.push((task.place, shape, key, name, before, ties));
    }
    // A hub is like no other.
    (!outline.is_empty()).then_some(outline)
}

/// Whether the names of two strands name the same keys in every world.
fn start_alike(one: &Strand, other: &Strand, worlds: &[World]) -> bool {
    let alike = |(one, other): (&NameIndex, &NameIndex)| {
        let same = |world: &World| world.content.names.get(*one) == world.content.names.get(*other);
        worlds.iter().all(same)
    };
    one.names.len() == other.names.len() && one.names.iter().zip(&other.names).all(alike)
}

/// How a strand stands in a state: which of its steps are done, and where its aliases stand.
fn stands(strand: &Strand, state: &State) -> Vec<u64> {
    let done = strand
        .places
        .iter()
        .map(|place| u64::from(state.done.has(*place)));
    let names = strand
        .names
        .iter()
        .map(|name| code(state.world.content.names.get(*name)));
    done.chain(names).collect()
}

/// A number for where an alias stands.
fn code(on: Option<Option<KeyIndex>>) -> u64 {
    match on {
        None => 0,
        Some(None) => 1,
        Some(Some(key)) => u64::from(key.0).saturating_add(2),
    }
}

pub(super) fn root(parents: &mut [usize], of: usize) -> usize {
    let mut root = of;
    while let Some(parent) = parents.get(root).copied().filter(|parent| *parent != root) {
        root = parent;
    }
    // The way is shortened, so that the next walk is short.
    let mut at = of;
    while let Some(parent) = parents.get_mut(at).filter(|parent| **parent != root) {
        at = core::mem::replace(parent, root);
    }
    root
}

pub(super) fn unite(parents: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parents, one), root(parents, other));
    let (low, high) = (one.min(other), one.max(other));
    if let Some(parent) = parents.get_mut(high) {
        *parent = low;
    }
}
