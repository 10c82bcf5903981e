//! Tests of a table that is full (rule Q): nothing is lost, and nothing happens by halves.

use alloc::format;
use alloc::vec::Vec;

use super::{Inconsistent, Snapshot, SnapshotEntry};
use crate::identifier::{AccountId, AliasName, KeyArn, KeyId, Region, Scope};
use crate::key::{KeyMetadata, KeyStatus, Timestamp};
use crate::operation::{AliasListEntry, Change, Operation, Refusal};
use crate::rule::Rule;
use crate::table::AliasTable;

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const KEY: KeyId = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");

fn empty() -> AliasTable {
    let account = AccountId::from_static("111122223333");
    let scope = Scope::new(Region::from_static("eu-west-3"), account);
    let due = KeyStatus::PendingDeletion {
        deletion_date: None,
    };
    let key = KeyMetadata::builder(KeyArn::new(scope, KEY));
    let dying = KeyMetadata::builder(KeyArn::new(scope, KeyId::new([1; 16], false))).status(due);
    let mut parts = Snapshot::new(scope);
    parts.aliases_per_key = u32::MAX;
    parts.keys = [key, dying].map(|key| key.build().expect("a key")).into();
    parts.into_table().expect("a table")
}

fn name(number: usize) -> AliasName {
    format!("alias/{number:06}").parse().expect("a name")
}

fn create(number: usize) -> Operation {
    Operation::CreateAlias {
        alias_name: name(number),
        target_key_id: KEY.into(),
    }
}

/// Creates aliases until one is refused.
fn fill(table: &mut AliasTable) -> (Vec<Change>, Refusal) {
    let mut changes = Vec::new();
    for number in 0..200_000 {
        match table.create_alias(name(number), KEY, AT) {
            Ok(change) => changes.push(change),
            Err(refusal) => return (changes, refusal),
        }
    }
    panic!("a table that is never full");
}

#[test]
fn a_full_table_refuses_what_it_cannot_hold_and_nothing_else_q() {
    let mut table = empty();
    let (changes, refusal) = fill(&mut table);
    let aliases = changes.len();
    assert!(aliases > 4_000, "{aliases}");
    assert_eq!(refusal, Refusal::TableFull { aliases });
    assert_eq!(
        (refusal.rule(), refusal.exception()),
        (Rule::Q, "LimitExceededException")
    );
    assert_eq!((table.len(), table.iter().count()), (aliases, aliases));
    assert_eq!(table.check(&create(aliases), AT), Err(refusal.clone()));
    assert_eq!(table.broken_rules(&create(aliases), AT), [refusal]);
    // A place that is left can be taken, once.
    assert!(table.delete_alias(&name(7)).is_ok());
    assert!(table.apply(&create(aliases), AT).is_ok());
    assert!(table.apply(&create(7), AT).is_err());
    assert!(table.update_alias(name(8), KEY, AT).is_ok());
}

#[test]
fn a_table_that_was_full_undoes_everything_q_i4() {
    let mut table = empty();
    let (mut changes, _) = fill(&mut table);
    let third = (0..changes.len()).filter(|number| number % 3 == 0);
    for number in third {
        changes.push(table.delete_alias(&name(number)).expect("an alias"));
    }
    for number in 100_000.. {
        match table.create_alias(name(number), KEY, AT) {
            Ok(change) => changes.push(change),
            Err(refusal) => {
                assert_eq!(refusal.rule(), Rule::Q);
                break;
            }
        }
    }
    table.undo_all(&changes).expect("the newest changes");
    assert_eq!(table, empty());
}

#[test]
fn parts_and_changes_that_find_no_room_are_errors_q_i4() {
    let mut table = empty();
    let (changes, _) = fill(&mut table);
    let aliases = changes.len();
    let mut parts = table.snapshot();
    let more = AliasListEntry::new(name(aliases).into(), Some(KEY));
    parts.aliases.push(more.clone());
    let refused = parts.clone().into_table().expect_err("no room");
    assert_eq!(refused.cause, Inconsistent::NoRoom(more.alias_name.clone()));
    assert_eq!(
        (refused.entry, refused.cause.rule()),
        (SnapshotEntry::Alias(aliases), Rule::Q)
    );
    // Changes of a table that has room, and as many changes.
    parts.aliases.clear();
    let mut roomy = parts.into_table().expect("a table");
    let created = roomy.create_alias(name(aliases), KEY, AT);
    let created = created.expect("a free name");
    assert_eq!(
        table.replay(&created),
        Err(Inconsistent::NoRoom(more.alias_name))
    );
    let full = table.clone();
    let deleted = roomy.delete_alias(&name(aliases)).expect("an alias");
    roomy.undo(&deleted).expect("the newest change");
    let mut counted = full.snapshot();
    counted.sequence = deleted.sequence();
    let mut counted = counted.into_table().expect("a table");
    let undone = counted.undo(&deleted).map_err(|error| error.rule());
    assert_eq!(undone, Err(Rule::I4));
    assert_eq!(table, full);
}
