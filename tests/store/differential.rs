//! The same operations on both stores: all that the door shows is equal.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test holds little"
)]

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::cells::CellStore;
use super::reference::ReferenceStore;
use super::{AliasRecord, AliasStore, KeySlot, NewAlias, PREFETCH};
use crate::identifier::{AccountId, KeyArn, KeyId, Region, Scope};
use crate::key::{KeyMetadata, KeyState, KeyTraits, Timestamp};

const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
const KEYS: u8 = 5;

fn key_id(number: u8) -> KeyId {
    KeyId::new([number; 16], number.is_multiple_of(2))
}

fn key(number: u8, state: KeyState) -> KeyMetadata {
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, key_id(number))).state(state);
    key.build().expect("a possible key")
}

/// A name: every third is long, every fourth AWS's own.
fn name(number: usize) -> String {
    let begins = if number.is_multiple_of(4) {
        "alias/aws/"
    } else {
        "alias/"
    };
    let width = if number.is_multiple_of(3) { 60 } else { 4 };
    format!("{begins}{number:0width$}")
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("a number")
    }
}

/// An operation of the door, by number, name and keys that any store can be asked for.
#[derive(Clone, Copy, Debug)]
struct Step {
    kind: usize,
    name: usize,
    key: u8,
    date: i64,
}

/// Does a step where it makes sense: whether it did.
fn step<S: AliasStore>(store: &mut S, step: Step) -> bool {
    let (alias_name, date) = (name(step.name), Some(Timestamp::from_millis(step.date)));
    let key_slot = store.find_key(key_id(step.key));
    let slot = store
        .find_alias(alias_name.as_bytes())
        .map(|(slot, _)| slot);
    match (step.kind, slot, key_slot) {
        (0..40, None, key) if store.room() > 0 => {
            let updated = date.filter(|_| step.date % 3 > 0);
            store.insert_alias(&NewAlias {
                name: &alias_name,
                key: key.filter(|_| step.date % 7 > 0),
                creation_date: date,
                last_updated_date: updated,
            });
        }
        (40..60, Some(slot), Some(key)) => store.move_alias(slot, key, date),
        (60..96, Some(slot), _) => store.remove_alias(slot),
        (96, _, None) => drop(store.insert_key(key_id(step.key))),
        (97, _, Some(slot)) => {
            let states = [KeyState::Enabled, KeyState::Disabled];
            store.describe_key(slot, Some(key(step.key, states[step.name % 2])));
        }
        (98, _, Some(slot)) => store.describe_key(slot, None),
        (99, _, Some(slot)) if store.count_on_key(slot) == 0 => store.remove_key(slot),
        _ => return false,
    }
    true
}

/// Aliases by name, key and dates, as both stores can tell them.
type Shown = Vec<(String, Option<KeyId>, [Option<Timestamp>; 2])>;

fn shown<S: AliasStore>(store: &S, slots: impl IntoIterator<Item = super::AliasSlot>) -> Shown {
    let each = slots.into_iter().map(|slot| {
        let alias = store.alias(slot);
        let dates = [alias.creation_date(), alias.last_updated_date()];
        let key = alias.key().map(|key| store.key_id(key));
        (alias.name().into(), key, dates)
    });
    each.collect()
}

/// ID, traits and metadata of a key, the number of its aliases, and pages of them.
type KeyShown = (
    (KeyId, Option<KeyTraits>, Option<KeyMetadata>),
    usize,
    [Shown; 3],
);

/// All that a store shows of a key.
fn key_shown<S: AliasStore>(store: &S, number: u8) -> Option<KeyShown> {
    let slot = store.find_key(key_id(number))?;
    let of_key = [("", usize::MAX), ("", 3), ("alias/00", 20)];
    Some((
        (
            store.key_id(slot),
            store.traits(slot),
            store.metadata(slot).cloned(),
        ),
        store.count_on_key(slot),
        of_key.map(|(text, count)| shown(store, store.aliases_on_key(slot, text, count))),
    ))
}

#[track_caller]
fn assert_equal(cells: &CellStore, reference: &ReferenceStore, choice: usize) {
    assert_eq!(cells.alias_count(), reference.alias_count());
    assert_eq!(cells.room(), reference.room());
    assert_eq!(cells.described_count(), reference.described_count());
    assert_eq!(cells.aliases().len(), reference.aliases().len());
    let all = shown(cells, cells.aliases());
    assert_eq!(all, shown(reference, reference.aliases()));
    for (text, count) in [("", 7), ("alias/", usize::MAX), (&*name(choice / 2), 100)] {
        let after = shown(cells, cells.aliases_after(text, count));
        assert_eq!(
            after,
            shown(reference, reference.aliases_after(text, count))
        );
    }
    for number in 0..choice {
        let name = name(number);
        let found = cells.find_alias(name.as_bytes()).map(|(slot, _)| slot);
        let expected = reference.find_alias(name.as_bytes()).map(|(slot, _)| slot);
        assert_eq!(shown(cells, found), shown(reference, expected), "{name}");
    }
    let ids = |after| -> (Vec<KeyId>, Vec<KeyId>) {
        let of_cells = cells.keys_after(after).map(|slot| cells.key_id(slot));
        let of_reference = reference
            .keys_after(after)
            .map(|slot| reference.key_id(slot));
        (of_cells.collect(), of_reference.collect())
    };
    for after in [None, Some(key_id(2))] {
        let (of_cells, of_reference) = ids(after);
        assert_eq!(of_cells, of_reference);
    }
    for number in 0..KEYS {
        assert_eq!(key_shown(cells, number), key_shown(reference, number));
    }
}

/// A life of both stores, with as many names to choose from.
fn life(choice: usize, steps: usize, seed: u64) {
    let (mut cells, mut reference) = (CellStore::default(), ReferenceStore::default());
    let mut numbers = Numbers(seed);
    let mut done = 0;
    for count in 0..steps {
        // Phases in which a store grows, shrinks, and puts all on few keys.
        let phase = count * 6 / steps;
        let kind = match numbers.below(100) {
            kind @ 40..96 if phase.is_multiple_of(2) && numbers.below(3) > 0 => kind % 40,
            kind @ 0..40 if phase % 2 == 1 && numbers.below(3) > 0 => 60 + kind % 36,
            kind => kind,
        };
        let keys = if phase < 3 { KEYS } else { 1 };
        let next = Step {
            kind,
            name: numbers.below(choice),
            key: numbers.below(keys.into()) as u8,
            date: numbers.below(1 << 40) as i64 - (1 << 39),
        };
        cells.prefetch([(&*name(next.name), Some(key_id(next.key)))].into_iter());
        let by_cells = step(&mut cells, next);
        assert_eq!(by_cells, step(&mut reference, next), "{next:?}");
        done += usize::from(by_cells);
        if count % (1 + choice) == 0 {
            assert_equal(&cells, &reference, choice);
            assert_equal(&cells.clone(), &reference, choice);
        }
    }
    assert_equal(&cells, &reference, choice);
    assert!(done > steps / 8, "{done} of {steps} steps did something");
}

#[test]
fn both_stores_show_the_same_at_every_size() {
    for choice in 1..=120 {
        life(choice, 1_000, choice as u64);
    }
    for choice in [300, 1_000, 3_000, 9_000] {
        life(choice, 12 * choice, choice as u64);
    }
}

#[test]
fn both_stores_load_the_same() {
    for count in [0, 1, 5, 300, 4_000] {
        let (mut cells, mut reference) = (CellStore::default(), ReferenceStore::default());
        let keys = [0, 1].map(|number| {
            let slots = (
                cells.insert_key(key_id(number)),
                reference.insert_key(key_id(number)),
            );
            cells.describe_key(slots.0, Some(key(number, KeyState::Enabled)));
            reference.describe_key(slots.1, Some(key(number, KeyState::Enabled)));
            slots
        });
        cells.begin_load(count);
        reference.begin_load(count);
        // In no order, most of them on one key, and the first once more at the end.
        let numbers = (0..count).chain((count > 0).then_some(0));
        let names: Vec<String> = numbers
            .map(|number| name(number * 7919 % count.max(1)))
            .collect();
        let aliases = |key: &dyn Fn(usize) -> KeySlot| -> Vec<NewAlias<'_>> {
            let aliases = names.iter().enumerate().map(|(number, name)| NewAlias {
                name,
                key: Some(key(usize::from(number % 9 == 0))),
                creation_date: Some(Timestamp::from_millis(number as i64)),
                last_updated_date: None,
            });
            aliases.collect()
        };
        assert_eq!(cells.load(&aliases(&|number| keys[number].0)), count);
        assert_eq!(reference.load(&aliases(&|number| keys[number].1)), count);
        cells.end_load();
        reference.end_load();
        assert_equal(&cells, &reference, count + 1);
        let mut numbers = Numbers(count as u64);
        for _ in 0..2 * count {
            let next = Step {
                kind: 40 + numbers.below(60),
                name: numbers.below(count),
                key: numbers.below(2) as u8,
                date: 5,
            };
            assert_eq!(step(&mut cells, next), step(&mut reference, next));
        }
        assert_equal(&cells, &reference, count + 1);
    }
}

#[test]
fn prefetching_asks_for_what_is_not_there_too() {
    let cells = CellStore::default();
    let names: Vec<String> = (0..2 * PREFETCH).map(name).collect();
    cells.prefetch(names.iter().map(|name| (&**name, Some(key_id(1)))));
    cells.prefetch(names.iter().map(|name| (&**name, None)));
}
