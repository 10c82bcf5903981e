//! Tables that live long: hundreds of thousands of creates, moves and deletes against plain maps.

use std::collections::BTreeMap;

use kms_alias::{
    AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, ListAliases, Region, Scope,
    Timestamp,
};
use kms_alias_testing::watchdog;

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
            created.expect("a free name");
            self.names.push(name.clone());
            self.standing.insert(name, key);
            return;
        }
        let Some(at) = self.names.len().checked_sub(1) else {
            return;
        };
        let at = self.numbers.below(at + 1);
        if self.numbers.below(4) == 0 {
            let name = &self.names[at];
            let moved = self.table.update_alias(parsed(name), key, AT);
            moved.expect("an alias");
            self.standing.insert(name.clone(), key);
        } else {
            let name = self.names.swap_remove(at);
            self.table.delete_alias(&parsed(&name)).expect("an alias");
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

#[test]
fn twenty_aliases_of_two_hundred_names_come_and_go_for_ever_q() {
    const TEST: &str = "twenty aliases of two hundred names";
    for seed in 1..=5 {
        watchdog::ends(TEST, seed, move || {
            let mut life = Life::new(200, seed);
            for _ in 0..20_000 {
                life.step(20);
            }
            life.assert_agrees();
        });
    }
}
