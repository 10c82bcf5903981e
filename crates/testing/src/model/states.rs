//! The key-state table of the model: which note an operation meets (rule S8).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Refused;
use super::key::Key;

const TEXT: &str = include_str!("key_states.txt");

/// Cells by operation and state.
static TABLE: LazyLock<BTreeMap<(&str, &str), &str>> = LazyLock::new(|| {
    let mut rows = TEXT.lines().filter(|line| !line.starts_with('#'));
    let heads: Vec<_> = rows.next().expect("a head").split_whitespace().collect();
    rows.flat_map(|row| {
        let cells: Vec<_> = row.split_whitespace().collect();
        assert_eq!(cells.len(), heads.len(), "{row}");
        let states = heads.iter().zip(cells.clone()).skip(1);
        let operation = cells[0];
        states
            .map(move |(state, cell)| ((operation, *state), cell))
            .collect::<Vec<_>>()
    })
    .collect()
});

/// The operations that the table has.
pub fn operations() -> Vec<&'static str> {
    let mut names: Vec<_> = TABLE.keys().map(|(operation, _)| *operation).collect();
    names.dedup();
    names
}

/// The note that refuses an operation on a key, if one does.
fn note(operation: &str, key: &Key) -> Option<u8> {
    let column = match key.state {
        "PendingReplicaDeletion" => "PendingDeletion",
        state => state,
    };
    let imported = key.origin == "EXTERNAL";
    let made_by_kms = key.origin == "AWS_KMS";
    // Recorded, against the table.
    match operation {
        "GetPublicKey" if column == "Disabled" => return None,
        "GetKeyRotationStatus" if imported => return None,
        _ => {}
    }
    match TABLE[&(operation, column)] {
        "+" | "+12" => None,
        "+9" | "?9" => (!imported).then_some(9),
        "?7" => (!made_by_kms).then_some(7),
        "?10" | "2/3" => Some(3),
        "1/7" => Some(if made_by_kms { 1 } else { 7 }),
        "3/7" => Some(if made_by_kms { 3 } else { 7 }),
        "8/9" => Some(if imported { 8 } else { 9 }),
        "4/13" => Some(4),
        "-" if column == "PendingImport" => Some(5),
        "-" => Some(11),
        number => Some(number.parse().expect("a note")),
    }
}

fn words(note: u8, key: &Key) -> Option<&'static str> {
    let deletion = if key.state == "PendingReplicaDeletion" {
        "is pending replica deletion."
    } else {
        "is pending deletion."
    };
    match note {
        1 => Some("is disabled."),
        2 | 3 => Some(deletion),
        4 => Some("is not pending deletion."),
        5 => Some("is pending import."),
        6 => Some("origin is EXTERNAL which is not valid for this operation."),
        11 => Some("is unavailable."),
        14 => Some("is creating."),
        15 => Some("is updating."),
        // Notes 7, 8 and 9 name an exception only.
        _ => None,
    }
}

/// The refusal with a note, under the rule that asks the table.
pub fn refused_with(note: u8, rule: &'static str, arn: &str, key: &Key) -> Refused {
    let exception = match note {
        1 | 2 => "DisabledException",
        6 | 7 | 9 => "UnsupportedOperationException",
        _ => "KMSInvalidStateException",
    };
    Refused {
        rule,
        exception: Some(exception),
        message: words(note, key).map(|words| format!("{arn} {words}")),
    }
}

/// What the table says of an operation on a key.
pub fn allow(operation: &str, rule: &'static str, arn: &str, key: &Key) -> Result<(), Refused> {
    match note(operation, key) {
        None => Ok(()),
        Some(note) => Err(refused_with(note, rule, arn, key)),
    }
}
