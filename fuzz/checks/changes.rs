//! Changes that no table need have made, done and undone.

use arbitrary::{Result, Unstructured};
use kms_alias::{AliasTable, Change};
use serde_json::{Value, json};

use kms_alias_testing::invariants;

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const KEY_IDS: [&str; 3] = [
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "0987dcba-09fe-87dc-65ba-ab0987654321",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
];
const NAMES: [&str; 4] = ["alias/a", "alias/b", "alias/aws-c", "alias/aws/s3"];
const STATUSES: [&str; 3] = [
    r#""Enabled""#,
    r#""Disabled""#,
    r#"{"PendingDeletion": {"deletion_date": null}}"#,
];

/// A table takes a change only where it fits, and then keeps every invariant; one that is refused
/// leaves it unchanged, and one that is taken is taken back exactly (rules I1, I2, I4, I5).
pub fn changes(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let mut table = AliasTable::new(SCOPE.parse().expect("a scope"));
    for _ in 0..200 {
        if u.is_empty() {
            break;
        }
        let Ok((change, undo)) = forged(&mut u, table.sequence()) else {
            break;
        };
        step(&mut table, &change, undo);
    }
}

fn step(table: &mut AliasTable, change: &Change, undo: bool) {
    let before = table.clone();
    let result = if undo {
        table.undo(change)
    } else {
        table.replay(change)
    };
    invariants::check(table);
    match (result, undo) {
        (Err(_), _) => assert_eq!(*table, before, "refused means unchanged"),
        (Ok(()), true) => {
            let mut again = table.clone();
            again
                .replay(change)
                .unwrap_or_else(|error| panic!("{error}: {change:?}"));
            assert_eq!(again, before, "replay restores");
        }
        (Ok(()), false) => {
            let mut again = table.clone();
            again.undo(change).expect("what was done can be undone");
            assert_eq!(again, before, "undo restores");
        }
    }
    assert_eq!(
        table.snapshot().into_table().as_ref(),
        Ok(&*table),
        "what stands loads"
    );
}

/// A change, and whether it is to be undone.
fn forged(u: &mut Unstructured<'_>, newest: u64) -> Result<(Change, bool)> {
    let undo = u.ratio(1, 3)?;
    let effect = match u.int_in_range(0..=6)? {
        0 => {
            json!({"AliasCreated": {"alias_name": u.choose(&NAMES)?, "target_key_id": u.choose(&KEY_IDS)?, "at": date(u)?}})
        }
        1 => json!({"AliasUpdated": {
            "alias_name": u.choose(&NAMES)?, "from": u.choose(&KEY_IDS)?, "to": u.choose(&KEY_IDS)?,
            "updated_before": optional_date(u)?, "at": date(u)?,
        }}),
        2 => json!({"AliasDeleted": {"alias": alias(u)?}}),
        3 => json!({"KeyInserted": {"key": key(u)?}}),
        4 => json!({"KeyRemoved": {"key": key(u)?}}),
        5 => json!({"KeyChanged": {"before": key(u)?, "after": key(u)?}}),
        _ => {
            let count = u.int_in_range(0..=3)?;
            let aliases: Vec<Value> = (0..count).map(|_| alias(u)).collect::<Result<_>>()?;
            json!({"KeyDeleted": {"key": key(u)?, "aliases": aliases}})
        }
    };
    let fitting = if undo { newest } else { newest.wrapping_add(1) };
    let sequence = if u.ratio(1, 8)? {
        u.int_in_range(0..=5)?
    } else {
        fitting
    };
    let change = serde_json::from_value(json!({"sequence": sequence, "effect": effect}));
    Ok((change.expect("a change of valid parts"), undo))
}

/// Few dates, so that they are often the ones that stand.
fn date(u: &mut Unstructured<'_>) -> Result<i64> {
    u.int_in_range(1..=2)
}

fn optional_date(u: &mut Unstructured<'_>) -> Result<Option<i64>> {
    Ok(if u.ratio(1, 6)? { None } else { Some(date(u)?) })
}

fn alias(u: &mut Unstructured<'_>) -> Result<Value> {
    let target = if u.ratio(1, 8)? {
        None
    } else {
        Some(*u.choose(&KEY_IDS)?)
    };
    Ok(json!({
        "alias_name": u.choose(&NAMES)?, "target_key_id": target,
        "creation_date": optional_date(u)?, "last_updated_date": optional_date(u)?,
    }))
}

fn key(u: &mut Unstructured<'_>) -> Result<Value> {
    let status: Value = serde_json::from_str(u.choose(&STATUSES)?).expect("a status");
    Ok(json!({"arn": format!("{SCOPE}:key/{}", u.choose(&KEY_IDS)?), "status": status}))
}
