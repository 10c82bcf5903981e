//! Tables that live long: hundreds of thousands of creates, moves and deletes against plain maps.

use std::collections::BTreeMap;

use kms_alias::{
    AccountId, AliasName, AliasTable, Change, KeyArn, KeyId, KeyMetadata, ListAliases, Region,
    Scope, Timestamp,
};
use kms_alias_testing::{size, watchdog};

const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const KEYS: [KeyId; 2] = [KeyId::new([1; 16], false), KeyId::new([2; 16], false)];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound).expect("a bound");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("a number")
    }
}

/// A table of two keys and what stands in it, as a plain map.
struct Life {
    table: AliasTable,
    standing: BTreeMap<String, KeyId>,
    /// The same names, to pick one at random.
    names: Vec<String>,
    numbers: Numbers,
    /// How many names there are to choose from.
    choice: usize,
    changes: Vec<Change>,
    keeps_changes: bool,
}

impl Life {
    fn new(choice: usize, seed: u64) -> Self {
        let mut table = AliasTable::new(SCOPE).with_aliases_per_key(u32::MAX);
        for key in KEYS {
            let key = KeyMetadata::builder(KeyArn::new(SCOPE, key)).build();
            table
                .insert_key(key.expect("a possible key"))
                .expect("a new key");
        }
        Self {
            table,
            standing: BTreeMap::new(),
            names: Vec::new(),
            numbers: Numbers(seed),
            choice,
            changes: Vec::new(),
            keeps_changes: false,
        }
    }

    fn keep(&mut self, change: Change) {
        if self.keeps_changes {
            self.changes.push(change);
        }
    }

    /// Names of several lengths: one in four is longer than what lies inline in a cell.
    fn name(&mut self) -> String {
        let number = self.numbers.below(self.choice);
        let tail = if number.is_multiple_of(4) {
            "/of-a-service-with-a-long-name"
        } else {
            ""
        };
        format!("alias/app-{number}{tail}")
    }

    /// Creates a name that is free while fewer than `most` stand, and else deletes one or moves it.
    fn step(&mut self, most: usize) {
        let name = self.name();
        let key = KEYS[self.numbers.below(2)];
        let stands = self.standing.contains_key(&name);
        assert_eq!(self.table.get(&name).is_some(), stands, "{name}");
        if !stands && self.standing.len() < most {
            let created = self.table.create_alias(parsed(&name), key, AT);
            self.keep(created.expect("a free name"));
            self.names.push(name.clone());
            self.standing.insert(name, key);
            return;
        }
        let Some(at) = self.names.len().checked_sub(1) else {
            return;
        };
        let at = self.numbers.below(at + 1);
        if self.numbers.below(4) == 0 {
            let name = self.names[at].clone();
            let moved = self.table.update_alias(parsed(&name), key, AT);
            self.keep(moved.expect("an alias"));
            self.standing.insert(name, key);
        } else {
            let name = self.names.swap_remove(at);
            let deleted = self.table.delete_alias(&parsed(&name));
            self.keep(deleted.expect("an alias"));
            self.standing.remove(&name);
        }
    }

    /// All that the table shows is what the map holds.
    #[track_caller]
    fn assert_agrees(&self) {
        assert_eq!(self.table.len(), self.standing.len());
        let shown = self.table.iter().map(|alias| {
            let key = alias.target_key_id().expect("a key");
            (alias.name().to_owned(), key)
        });
        assert!(shown.eq(self.standing.clone()), "the list");
        for key in KEYS {
            let page = self.table.list_aliases(&ListAliases::of_key(key));
            let page = page.expect("a key of the table");
            let of_key = self.standing.iter().filter(|(_, each)| **each == key);
            let names = of_key.map(|(name, _)| name.as_str());
            let shown = page.aliases.iter().map(|alias| alias.name());
            assert!(shown.eq(names.take(50)), "the aliases of a key");
        }
        for number in 0..self.choice {
            for name in [format!("alias/app-{number}"), format!("alias/no-{number}")] {
                let found = self
                    .table
                    .get(&name)
                    .and_then(|alias| alias.target_key_id());
                assert_eq!(found, self.standing.get(&name).copied(), "{name}");
            }
        }
    }
}

fn parsed(name: &str) -> AliasName {
    name.parse().expect("a name")
}

/// How many operations the longest tests do: more where the environment says so.
fn operations(unless_said: usize) -> usize {
    let said = std::env::var("KMS_ALIAS_OPERATIONS").ok();
    said.map_or(unless_said, |said| {
        said.parse().expect("a number of operations")
    })
}

/// A life in which at most so many aliases stand, of five times as many names.
fn live(test: &'static str, most: usize, steps: usize) {
    let seed = u64::try_from(most).expect("a seed");
    watchdog::ends(test, seed, move || {
        let mut life = Life::new(5 * most, seed);
        for phase in 0..4 {
            // It grows, shrinks to a quarter, and grows again.
            let most = if phase == 2 { most.div_ceil(4) } else { most };
            for _ in 0..steps / 4 {
                life.step(most);
            }
            life.assert_agrees();
        }
    });
}

/// As `churn.py` of the report that found a table which did not answer.
#[test]
fn twenty_aliases_of_two_hundred_names_come_and_go_for_ever_q() {
    const TEST: &str = "twenty aliases of two hundred names";
    for seed in 1..=5 {
        let steps = operations(size(250_000, 1_000_000)) / 5;
        watchdog::ends(TEST, seed, move || {
            let mut life = Life::new(200, seed);
            for _ in 0..steps {
                life.step(20);
            }
            life.assert_agrees();
        });
    }
}

#[test]
fn tables_of_every_size_up_to_three_hundred_aliases_live_long_q() {
    for most in 1..=300 {
        live("a table of each size", most, 1_000);
    }
}

#[test]
fn tables_of_thousands_of_aliases_live_long_q() {
    for most in [500, 1_024, 2_000, 5_000] {
        live("a table of thousands", most, 20_000);
    }
}

#[test]
fn a_long_run_is_undone_and_done_again_i4() {
    watchdog::ends("undo of a long run", 9, || {
        let mut life = Life::new(2_000, 9);
        life.keeps_changes = true;
        let start = life.table.clone();
        for _ in 0..30_000 {
            life.step(400);
        }
        let end = life.table.clone();
        life.table
            .undo_all(&life.changes)
            .expect("the newest changes");
        assert_eq!(life.table, start);
        life.table
            .replay_all(&life.changes)
            .expect("the next changes");
        assert_eq!(life.table, end);
        // All or none: the first change of the log is none of this table any more.
        let first = life.changes[0].clone();
        life.changes.insert(20_000, first);
        let error = life
            .table
            .undo_all(&life.changes)
            .expect_err("a change twice");
        assert_eq!((error.index, life.table == end), (20_000, true));
        let mut table = start.clone();
        let error = table.replay_all(&life.changes).expect_err("a change twice");
        assert_eq!((error.index, table == start), (20_000, true));
    });
}

/// A key that had many aliases lists like one that never had, and a page is a page.
#[test]
fn a_key_that_grows_and_shrinks_lists_what_it_has_l1_l4() {
    watchdog::ends("a key that grows and shrinks", 1, || {
        let mut life = Life::new(20_000, 1);
        for round in 0..2 {
            let names: Vec<String> = (0..3_000).map(|_| life.name()).collect();
            for name in &names {
                if life.table.create_alias(parsed(name), KEYS[0], AT).is_ok() {
                    life.standing.insert(name.clone(), KEYS[0]);
                }
            }
            assert_pages(&life);
            for (count, name) in names.iter().enumerate() {
                if count % 50 > 0 && life.standing.remove(name).is_some() {
                    life.table.delete_alias(&parsed(name)).expect("an alias");
                }
                if count % 500 == round {
                    assert_pages(&life);
                }
            }
            assert_pages(&life);
        }
    });
}

/// The pages of the first key joined are the names that name it.
#[track_caller]
fn assert_pages(life: &Life) {
    let (mut names, mut marker) = (Vec::new(), None::<String>);
    for _ in 0..=life.standing.len() {
        let key = KEYS[0].to_string();
        let request = ListAliases::parse(Some(&key), Some(100), marker.as_deref());
        let page = life.table.list_aliases(&request.expect("our marker"));
        let page = page.expect("a key of the table");
        names.extend(page.aliases.iter().map(|alias| alias.name().to_owned()));
        match page.next_marker {
            Some(next) => marker = Some(next),
            None => break,
        }
    }
    assert!(names.iter().eq(life.standing.keys()));
    let all = life.table.aliases_of(KEYS[0]).map(|alias| alias.name());
    assert!(all.eq(life.standing.keys()));
}
