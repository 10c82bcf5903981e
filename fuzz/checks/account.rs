//! Bytes as the files of an account, and as a list of changes.

use std::fmt::Write;

use kms_alias::{AliasTable, KeyMetadata, KeyStatus, MultiRegionRole, ReservedNames, Timestamp};
use kms_alias_files::{File, Options, list_aliases_json, load, read_changes, read_wanted};
use kms_alias_foresee::Wanted;

use kms_alias_testing::invariants;

/// What separates the files: a byte that no file of UTF-8 holds.
const SEPARATOR: u8 = 0xff;

/// Bytes load into a table whose invariants hold, and which is written and loads equal; or they
/// are an error that names one of the files.
pub fn account(data: &[u8]) {
    let parts: Vec<&[u8]> = data.split(|byte| *byte == SEPARATOR).take(4).collect();
    let files: Vec<File<'_>> = parts
        .iter()
        .map(|bytes| File {
            name: "file",
            bytes,
        })
        .collect();
    let reserved_names = if data.len().is_multiple_of(2) {
        ReservedNames::AliasAws
    } else {
        ReservedNames::AliasAwsSlash
    };
    match load(
        &files,
        Options::default().with_reserved_names(reserved_names),
    ) {
        Ok(table) => {
            invariants::check(&table);
            loads_again(&table);
        }
        Err(error) => {
            assert!(error.to_string().starts_with("file"), "{error}");
            assert!(error.line().is_none_or(|line| line >= 1));
        }
    }
    for file in files {
        match read_changes(file, reserved_names) {
            Ok(steps) => assert!(steps.is_sorted_by_key(|step| step.line)),
            Err(error) => assert!(error.to_string().starts_with("file"), "{error}"),
        }
        match read_wanted(file) {
            Ok(wanted) => is_wanted_again(&wanted),
            Err(error) => assert!(error.to_string().starts_with("file"), "{error}"),
        }
    }
}

/// What is wanted, written as an object, is read the same.
fn is_wanted_again(wanted: &Wanted) {
    let json = serde_json::to_vec(wanted).expect("JSON");
    let again = read_wanted(File {
        name: "wanted",
        bytes: &json,
    });
    assert_eq!(again.as_ref(), Ok(wanted));
}

/// A table written by `list_aliases_json`, and its keys by hand, is the same table.
fn loads_again(table: &AliasTable) {
    let aliases = list_aliases_json(table);
    let keys: String = table.keys().map(document).collect();
    let files = [
        File {
            name: "aliases",
            bytes: aliases.as_bytes(),
        },
        File {
            name: "keys",
            bytes: keys.as_bytes(),
        },
    ];
    let files = if keys.is_empty() {
        &files[..1]
    } else {
        &files[..]
    };
    if keys.is_empty() && table.is_empty() {
        // Nothing is left that would tell the scope.
        return;
    }
    let options = Options::default().with_reserved_names(table.reserved_names());
    assert_eq!(
        load(files, options).as_ref(),
        Ok(table),
        "{aliases}\n{keys}"
    );
}

/// A key as DescribeKey has it.
fn document(key: &KeyMetadata) -> String {
    let mut members = format!(
        r#""KeyId": "{}", "Arn": "{}", "KeyState": "{}", "KeySpec": "{}", "KeyUsage": "{}", "Origin": "{}", "KeyManager": "{}""#,
        key.key_id(),
        key.arn(),
        key.state(),
        key.spec(),
        key.usage(),
        key.origin(),
        key.manager(),
    );
    let mut add = |name: &str, value: String| {
        write!(members, r#", "{name}": {value}"#).expect("a string takes all");
    };
    if let Some(at) = key.creation_date() {
        add("CreationDate", seconds(at));
    }
    match key.status() {
        KeyStatus::PendingDeletion {
            deletion_date: Some(at),
        } => add("DeletionDate", seconds(at)),
        KeyStatus::PendingReplicaDeletion { waiting_period } => {
            add(
                "PendingDeletionWindowInDays",
                waiting_period.days().to_string(),
            );
        }
        _ => {}
    }
    match key.multi_region_role() {
        Some(MultiRegionRole::Primary { replicas }) => {
            let replicas = vec!["{}"; replicas as usize].join(",");
            let role =
                format!(r#"{{"MultiRegionKeyType": "PRIMARY", "ReplicaKeys": [{replicas}]}}"#);
            add("MultiRegionConfiguration", role);
        }
        Some(MultiRegionRole::Replica) => {
            add(
                "MultiRegionConfiguration",
                r#"{"MultiRegionKeyType": "REPLICA"}"#.to_owned(),
            );
        }
        None => {}
    }
    format!("{{\"KeyMetadata\": {{{members}}}}}\n")
}

/// Epoch seconds with a fraction, written without a float.
fn seconds(at: Timestamp) -> String {
    let millis = at.as_millis();
    let sign = if millis < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:03}",
        millis.unsigned_abs() / 1000,
        millis.unsigned_abs() % 1000
    )
}
