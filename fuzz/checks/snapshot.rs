//! Bytes as a serialized table, or a serialized change.

use kms_alias::{AliasTable, Change, KeyMetadata};

use kms_alias_testing::invariants;

/// Bytes load into a table whose invariants hold, and which saves and loads equal; or they do not
/// load (rules I1, I2, K, M, S1–S3). The same of keys, and of changes, which a table takes only
/// where they fit (rule I4).
pub fn snapshot(data: &[u8]) {
    if let Ok(table) = serde_json::from_slice::<AliasTable>(data) {
        invariants::check(&table);
        let saved = serde_json::to_string(&table).expect("a table is serialized");
        assert_eq!(
            serde_json::from_str::<AliasTable>(&saved).expect("what was saved"),
            table
        );
        assert_eq!(table.snapshot().into_table().as_ref(), Ok(&table));
    }
    if let Ok(key) = serde_json::from_slice::<KeyMetadata>(data) {
        let saved = serde_json::to_string(&key).expect("a key is serialized");
        assert_eq!(
            serde_json::from_str::<KeyMetadata>(&saved).expect("what was saved"),
            key
        );
    }
    if let Ok((table, changes)) = serde_json::from_slice::<(AliasTable, Vec<Change>)>(data) {
        replay(table, &changes);
    }
}

/// Changes that follow on a table are done and undone; others leave it as it is.
fn replay(start: AliasTable, changes: &[Change]) {
    let mut table = start.clone();
    let mut done = Vec::new();
    for change in changes {
        let before = table.clone();
        match table.replay(change) {
            Ok(()) => done.push(change),
            Err(_) => assert_eq!(table, before, "refused means unchanged"),
        }
        invariants::check(&table);
    }
    for change in done.into_iter().rev() {
        table.undo(change).expect("the newest change");
    }
    assert_eq!(table, start, "undo restores");
}
