//! The pictures in `DESIGN.md`: that of the house has the rooms that there are and arrows that are so,
//! that of the key states the arrows of the machine, all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use kms_alias::*;
use sources::sources;

mod sources;

/// From, to, and by what: "outside" for what nobody asks for here.
type Arrow = (String, String, String);

/// The lines of a file of the crate between two texts.
fn lines_between(file: &str, begin: &str, end: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(path).expect("a file of the crate");
    let (_, text) = text.split_once(begin).expect("its begin");
    let (text, _) = text.split_once(end).expect("its end");
    text.lines().map(str::to_owned).collect()
}

/// The rooms of the sources, each with its code: a folder, a file beside it, or a file alone.
fn rooms() -> BTreeMap<String, String> {
    let mut rooms = BTreeMap::<String, String>::new();
    for (path, code) in sources() {
        let room = path.iter().next().expect("a name").to_string_lossy();
        *rooms
            .entry(room.trim_end_matches(".rs").to_owned())
            .or_default() += &code;
    }
    rooms
}

#[test]
fn the_picture_of_the_house_has_every_room_and_only_arrows_that_are_so() {
    let rooms = rooms();
    let mut drawn = BTreeSet::new();
    for line in lines_between("DESIGN.md", "flowchart BT\n", "```") {
        let (below, above) = line.split_once(" --> ").expect("an arrow");
        let name = |side: &str| side.trim().split('[').next().map(str::to_owned);
        let (below, above) = (name(below).expect("a name"), name(above).expect("a name"));
        let code = rooms
            .get(&above)
            .unwrap_or_else(|| panic!("no room {above}"));
        // The roof names the rooms by `mod`, a room those below by `crate::`.
        let imports = [format!("crate::{below}::"), format!("mod {below};")];
        let imports = imports.iter().any(|path| code.contains(path));
        assert!(imports, "{above} does not import {below}");
        drawn.extend([below, above]);
    }
    assert_eq!(drawn, rooms.keys().cloned().collect());
}

#[test]
fn the_picture_of_the_house_in_the_documentation_has_the_rooms_too() {
    let mut drawn = BTreeSet::new();
    for line in lines_between("src/lib.rs", "//! Each floor knows", "```\n//!\n")
        .iter()
        .skip(3)
    {
        // The rooms stand on the left, what they are on the right.
        let line = line.trim_start_matches("//!").trim_end();
        let (rooms, _) = line.split_at_checked(29).unwrap_or((line, ""));
        drawn.extend(rooms.split_whitespace().map(str::to_owned));
    }
    let mut rooms: BTreeSet<_> = rooms().into_keys().collect();
    for not_a_floor in ["lib", "external", "rules"] {
        assert!(rooms.remove(not_a_floor), "{not_a_floor}");
    }
    assert_eq!(drawn, rooms);
}

fn picture() -> BTreeSet<Arrow> {
    let picture = lines_between("DESIGN.md", "stateDiagram-v2\n", "```");
    let alive = ["Creating", "PendingImport", "Enabled", "Disabled"];
    let mut arrows = BTreeSet::new();
    for line in picture {
        let Some((from, rest)) = line.trim().split_once(" --> ") else {
            continue;
        };
        let (to, by) = rest.split_once(": ").expect("a word on each arrow");
        let by = by.split(' ').next().expect("a word").to_owned();
        let froms = if from == "Alive" { &alive[..] } else { &[from] };
        arrows.extend(
            froms
                .iter()
                .map(|from| ((*from).to_owned(), to.to_owned(), by.clone())),
        );
    }
    arrows
}

/// Every key that can be, of these origins and roles, in a table of its own.
fn tables() -> Vec<(AliasTable, KeyMetadata)> {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let one = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    let multi = KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab");
    let primary = |replicas| Some(MultiRegionRole::Primary { replicas });
    let roles = [
        (one, None),
        (multi, primary(0)),
        (multi, primary(1)),
        (multi, Some(MultiRegionRole::Replica)),
    ];
    let mut tables = Vec::new();
    for (key_id, role) in roles {
        for origin in Origin::ALL {
            for state in KeyState::ALL {
                let mut key = KeyMetadata::builder(KeyArn::new(scope, key_id));
                key = key.origin(*origin).state(*state);
                if let Some(role) = role {
                    key = key.multi_region_role(role);
                }
                let Ok(key) = key.build() else { continue };
                let mut table = AliasTable::new(scope);
                table.insert_key(key.clone()).expect("an empty table");
                tables.push((table, key));
            }
        }
    }
    tables
}

fn leads(table: &AliasTable, key: &KeyMetadata, operation: &Operation) -> Option<String> {
    let mut table = table.clone();
    table.apply(operation, Timestamp::from_millis(0)).ok()?;
    let after = table.key(&key.key_id());
    Some(after.map_or("[*]".to_owned(), |key| key.state().to_string()))
}

fn requests(key_id: KeyId) -> Vec<(&'static str, Operation)> {
    let key = || TargetKeyId::from(key_id);
    let waiting_period = WaitingPeriod::default();
    vec![
        ("EnableKey", Operation::EnableKey { key_id: key() }),
        ("DisableKey", Operation::DisableKey { key_id: key() }),
        (
            "ScheduleKeyDeletion",
            Operation::ScheduleKeyDeletion {
                key_id: key(),
                waiting_period,
            },
        ),
        (
            "CancelKeyDeletion",
            Operation::CancelKeyDeletion { key_id: key() },
        ),
        ("the", Operation::DeleteKey { key_id }),
    ]
}

#[test]
fn the_arrows_of_requests_are_those_of_the_machine_s2_s4_s5_s8() {
    let mut machine = BTreeSet::new();
    for (table, key) in tables() {
        for (name, operation) in requests(key.key_id()) {
            let from = key.state().to_string();
            match leads(&table, &key, &operation) {
                Some(to) if to != from => machine.insert((from, to, name.to_owned())),
                _ => false,
            };
        }
    }
    let mut picture = picture();
    picture.retain(|(_, _, by)| by != "outside");
    assert_eq!(picture, machine);
}

#[test]
fn every_key_state_is_in_the_picture_s8() {
    let picture = picture();
    for state in KeyState::ALL {
        let is_drawn = |(from, to, _): &Arrow| [from, to].contains(&&state.to_string());
        assert!(picture.iter().any(is_drawn), "{state}");
    }
}

#[test]
fn the_arrows_from_outside_are_possible_s1_s2_s3() {
    let outside = picture();
    let outside: Vec<_> = outside
        .iter()
        .filter(|arrow| arrow.2 == "outside")
        .collect();
    assert!(outside.len() > 5);
    for (from, to, _) in outside {
        let state: KeyState = to.parse().expect("a state");
        let possible = tables().iter().any(|(table, key)| {
            let operation = Operation::SetKeyState {
                key_id: key.key_id(),
                state,
            };
            key.state().as_str() == from && leads(table, key, &operation).as_ref() == Some(to)
        });
        assert!(possible, "{from} --> {to}");
    }
}
