//! Tests of a table that is full (rule Q): nothing is lost, and nothing happens by halves.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, in a file of their own"
)]

use alloc::format;
use alloc::vec::Vec;

use super::{Assembly, Entry, Inconsistent};
use crate::identifier::{AccountId, AliasName, KeyArn, KeyId, Region, Scope};
use crate::key::{KeyMetadata, Timestamp};
use crate::operation::{AliasListEntry, Change, Operation, Refusal};
use crate::rule::Rule;
use crate::table::AliasTable;

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const KEY: KeyId = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");

fn empty() -> AliasTable {
    let account = AccountId::from_static("111122223333");
    let scope = Scope::new(Region::from_static("eu-west-3"), account);
    let key = KeyMetadata::builder(KeyArn::new(scope, KEY));
    let mut parts = Assembly::new(scope);
    parts.aliases_per_key = u32::MAX;
    parts.keys = [key.build().expect("a key")].into();
    parts.assemble().expect("a table")
}

fn name(length: usize, number: usize) -> AliasName {
    let begins = format!("alias/{number:06}");
    format!("{begins:x<length$}").parse().expect("a name")
}

/// Creates aliases with names of a length until one is refused.
fn fill(table: &mut AliasTable, length: usize) -> (Vec<Change>, Refusal) {
    let mut changes = Vec::new();
    for number in 0..200_000 {
        match table.create_alias(name(length, number), KEY, AT) {
            Ok(change) => changes.push(change),
            Err(refusal) => return (changes, refusal),
        }
    }
    panic!("a table that is never full");
}

/// Deletes so many of those.
fn thin(
    table: &mut AliasTable,
    length: usize,
    numbers: impl Iterator<Item = usize>,
) -> Vec<Change> {
    numbers
        .map(|number| table.delete_alias(&name(length, number)).expect("an alias"))
        .collect()
}

#[test]
fn a_full_table_refuses_what_it_cannot_hold_and_nothing_else_q() {
    let mut table = empty();
    let (changes, refusal) = fill(&mut table, 256);
    let aliases = changes.len();
    assert!(aliases > 15_000, "{aliases}");
    assert_eq!(refusal, Refusal::TableFull { aliases });
    assert_eq!(
        (refusal.rule(), refusal.exception()),
        (Rule::Q, "LimitExceededException")
    );
    assert_eq!(table.len(), aliases);
    let create = |number| Operation::CreateAlias {
        alias_name: name(256, number),
        target_key_id: KEY.into(),
    };
    assert_eq!(table.check(&create(aliases), AT), Err(refusal.clone()));
    assert_eq!(table.broken_rules(&create(aliases), AT), [refusal]);
    // A shorter name may still have room, and a place that is left can be taken.
    assert!(table.create_alias(name(12, 0), KEY, AT).is_ok());
    assert!(table.delete_alias(&name(256, 7)).is_ok());
    assert!(table.apply(&create(aliases), AT).is_ok());
    assert!(table.apply(&create(7), AT).is_err());
}

#[test]
fn room_in_gaps_of_other_sizes_is_room_and_everything_can_be_undone_q_i4() {
    let mut table = empty();
    let (mut changes, _) = fill(&mut table, 256);
    let long = changes.len();
    // Gaps that are too small or too large for what comes next, and never more of them than records.
    changes.extend(thin(
        &mut table,
        256,
        (0..long).filter(|number| number % 20 < 9),
    ));
    let (short, _) = fill(&mut table, 30);
    changes.extend(thin_after(&mut table, short));
    let (middle, refusal) = fill(&mut table, 120);
    assert_eq!(
        refusal,
        Refusal::TableFull {
            aliases: table.len()
        }
    );
    changes.extend(middle);
    let listed = table.iter().count();
    assert_eq!(listed, table.len());
    assert!(table.iter().all(|alias| alias.target_key_id() == Some(KEY)));
    for change in changes.into_iter().rev() {
        table.undo(change).expect("the newest change");
    }
    assert_eq!(table, empty());
}

/// What was created, and the deletes of a third of it.
fn thin_after(table: &mut AliasTable, mut created: Vec<Change>) -> Vec<Change> {
    let count = created.len();
    created.extend(thin(table, 30, (0..count).filter(|number| number % 3 == 0)));
    created
}

#[test]
fn parts_and_changes_that_find_no_room_are_errors_q_i4() {
    let mut table = empty();
    let (changes, _) = fill(&mut table, 256);
    let aliases = changes.len();
    let mut parts = table.to_parts();
    let more = AliasListEntry::new(name(256, aliases).into(), Some(KEY));
    parts.aliases.push(more.clone());
    let refused = parts.clone().assemble().expect_err("no room");
    assert_eq!(refused.cause, Inconsistent::NoRoom(more.alias_name.clone()));
    assert_eq!(
        (refused.entry, refused.cause.rule()),
        (Entry::Alias(aliases), Rule::Q)
    );
    // A change of a table that has room, and as many changes.
    parts.aliases.clear();
    let mut roomy = parts.assemble().expect("a table");
    let created = roomy
        .create_alias(name(256, aliases), KEY, AT)
        .expect("a free name");
    assert_eq!(
        table.replay(&created),
        Err(Inconsistent::NoRoom(more.alias_name))
    );
    assert_eq!(table.len(), aliases);
}
