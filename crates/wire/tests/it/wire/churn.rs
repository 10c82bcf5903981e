//! An endpoint that lives long: creates, moves and deletes by the ten thousand, or by the hundred thousand
//! in the full size, against a plain map.

use std::collections::BTreeMap;

use kms_alias::{AliasTable, Timestamp};
use kms_alias_testing::model::large::Numbers;
use kms_alias_testing::{size, watchdog};
use kms_alias_wire::{Response, handle};
use serde_json::Value;

use super::world::{NEW, NOW, SCOPE, builder};

const KEYS: [&str; 2] = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "0987dcba-09fe-87dc-65ba-ab0987654321",
];

/// A table that is asked over the wire, and what has to stand in it.
struct Life {
    table: AliasTable,
    standing: BTreeMap<String, &'static str>,
    numbers: Numbers,
    /// How many names there are to choose from.
    names: u64,
    /// The quota of aliases per key (rule T6).
    quota: usize,
    asked: i64,
    succeeded: u64,
}

impl Life {
    fn new(names: u64, quota: usize, seed: u64) -> Self {
        let raised = u32::try_from(quota).expect("a quota");
        let mut table = AliasTable::new(SCOPE).with_aliases_per_key(raised);
        for key in KEYS {
            let key = builder(key).build().expect("a possible key");
            table.insert_key(key).expect("a new key");
        }
        Self {
            table,
            standing: BTreeMap::new(),
            numbers: Numbers(seed),
            names,
            quota,
            asked: 0,
            succeeded: 0,
        }
    }

    fn ask(&mut self, operation: &str, body: &str) -> Response {
        self.asked += 1;
        let at = Timestamp::from_millis(NOW.as_millis() + self.asked);
        let target = format!("TrentService.{operation}");
        handle(&mut self.table, &target, body.as_bytes(), at, NEW)
    }

    /// How many aliases a key has, by the map.
    fn count_on(&self, key: &str) -> usize {
        self.standing.values().filter(|on| **on == key).count()
    }

    /// One request; the answer is the one that the map foretells.
    fn step(&mut self) {
        let mut name = format!("alias/app-{}", self.numbers.below(self.names));
        let key = KEYS[usize::from(self.numbers.below(2) == 0)];
        let percent = self.numbers.below(100);
        // What is moved or deleted stands three times out of four.
        if percent >= 45 && !percent.is_multiple_of(4) {
            let next = self.standing.range(name.clone()..).next();
            name = next.map_or(name, |(next, _)| next.clone());
        }
        let on = self.standing.get(&name).copied();
        let is_full = on != Some(key) && self.count_on(key) >= self.quota;
        let with_key = format!(r#"{{"AliasName":"{name}","TargetKeyId":"{key}"}}"#);
        let (operation, body, refusal) = match percent {
            0..45 => (
                "CreateAlias",
                with_key,
                match (on, is_full) {
                    (Some(_), _) => Some("AlreadyExistsException"),
                    (None, true) => Some("LimitExceededException"),
                    (None, false) => None,
                },
            ),
            45..65 => (
                "UpdateAlias",
                with_key,
                match (on, is_full) {
                    (None, _) => Some("NotFoundException"),
                    (Some(_), true) => Some("LimitExceededException"),
                    (Some(_), false) => None,
                },
            ),
            _ => {
                let body = format!(r#"{{"AliasName":"{name}"}}"#);
                let refusal = on.is_none().then_some("NotFoundException");
                ("DeleteAlias", body, refusal)
            }
        };
        let response = self.ask(operation, &body);
        if let Some(exception) = refusal {
            let begins = format!(r#"{{"__type":"{exception}""#);
            assert_eq!(response.status(), 400, "{operation} {body}");
            assert!(
                response.body().starts_with(begins.as_bytes()),
                "{operation} {body}"
            );
            return;
        }
        assert_eq!(
            (response.status(), response.body()),
            (200, &b""[..]),
            "{operation} {body}"
        );
        self.succeeded += 1;
        match operation {
            "DeleteAlias" => self.standing.remove(&name),
            _ => self.standing.insert(name, key),
        };
    }

    /// All pages of ListAliases, of a key or of all.
    fn listed(&mut self, key: Option<&str>) -> Vec<(String, String)> {
        let of_key = key.map_or_else(String::new, |key| format!(r#""KeyId":"{key}","#));
        let (mut listed, mut marker) = (Vec::new(), String::new());
        // A page more than there can be: a list ends.
        for _ in 0..=self.standing.len() / 100 {
            let response = self.ask(
                "ListAliases",
                &format!(r#"{{{of_key}{marker}"Limit":100}}"#),
            );
            let page: Value = serde_json::from_slice(response.body()).expect("JSON");
            let text =
                |alias: &Value, member: &str| alias[member].as_str().expect("a text").to_owned();
            let aliases = page["Aliases"].as_array().expect("a list");
            listed.extend(
                aliases
                    .iter()
                    .map(|alias| (text(alias, "AliasName"), text(alias, "TargetKeyId"))),
            );
            match page["NextMarker"].as_str() {
                Some(next) => marker = format!("\"Marker\":{},", Value::from(next)),
                None => return listed,
            }
        }
        panic!("a list without an end: {} entries", listed.len());
    }

    /// What the lists show is what the map holds.
    fn assert_agrees(&mut self) {
        for key in [None, Some(KEYS[0]), Some(KEYS[1])] {
            let expected: Vec<(String, String)> = (self.standing.iter())
                .filter(|(_, on)| key.is_none_or(|key| key == **on))
                .map(|(name, on)| (name.clone(), (*on).to_owned()))
                .collect();
            assert_eq!(self.listed(key), expected);
        }
    }

    fn live(mut self, requests: u64) {
        for request in 0..requests {
            self.step();
            if request % 5_000 == 0 {
                self.assert_agrees();
            }
        }
        self.assert_agrees();
        assert!(
            self.succeeded > requests / 5,
            "{} of {requests} succeeded",
            self.succeeded
        );
        assert_eq!(self.table.sequence(), KEYS.len() as u64 + self.succeeded);
    }
}

/// Few names under the quota that AWS has, and many under one that was raised.
#[test]
fn an_endpoint_that_lives_long_answers_as_a_map_would_c1_u1_d1_t6() {
    for (names, quota, seed) in [(200, 10, 1), (120, 50, 2), (2_000, 700, 3)] {
        let work = move || Life::new(names, quota, seed).live(size(25_000, 100_000));
        watchdog::ends("an endpoint that lives long", seed, work);
    }
}
