//! The key-state table (rule S8) against a copy of its own, cell by cell, and what each note says.

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::model::{Footnote, KeyStateCell};
use kms_alias::{
    AliasListEntry, AliasName, AliasTable, KeyArn, KeyIdentifier, KeyMetadata, KeyState,
    KmsOperation, Origin, Refusal, Rule, Timestamp,
};

const TABLE: &str = include_str!("key_states/table.txt");
const KEY: KeyArn = KeyArn::from_static(
    "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
);
const REPLICATED: KeyArn = KeyArn::from_static(
    "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
);

/// A cell as the table has it, notes by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    Ok,
    OkIdle,
    OkWith(u8),
    No(Vec<u8>),
    Depends(u8),
    NotApplicable,
}

fn written(cell: &str) -> Written {
    let number = |text: &str| text.parse().expect("a note");
    match cell.split_once(' ').unwrap_or((cell, "")) {
        ("ok", "") => Written::Ok,
        ("ok", "idle") => Written::OkIdle,
        ("ok", note) => Written::OkWith(number(note)),
        ("no", notes) => Written::No(notes.split('|').map(number).collect()),
        ("?", note) => Written::Depends(number(note)),
        ("n/a", "") => Written::NotApplicable,
        _ => panic!("no cell: {cell:?}"),
    }
}

/// The cells by the names of operation and column.
fn table() -> BTreeMap<(&'static str, &'static str), Written> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut rows = lines.map(|line| line.split(" | ").map(str::trim).collect::<Vec<_>>());
    let heads = rows.next().expect("a head");
    let mut table = BTreeMap::new();
    for row in rows {
        assert_eq!(row.len(), heads.len(), "{row:?}");
        for (head, cell) in heads.iter().zip(&row).skip(1) {
            let twice = table.insert((row[0], *head), written(cell));
            assert_eq!(twice, None, "{row:?}");
        }
    }
    table
}

/// The column that a state is in.
const fn column(state: KeyState) -> &'static str {
    match state {
        KeyState::PendingReplicaDeletion => "PendingDeletion",
        other => other.as_str(),
    }
}

fn as_written(cell: KeyStateCell) -> Written {
    match cell {
        KeyStateCell::Succeeds => Written::Ok,
        KeyStateCell::SucceedsWithoutEffect => Written::OkIdle,
        KeyStateCell::SucceedsOnceAvailable => Written::OkWith(12),
        KeyStateCell::SucceedsIfImported => Written::OkWith(9),
        KeyStateCell::Fails(note) => Written::No(vec![note.number()]),
        KeyStateCell::FailsEither(one, other) => Written::No(vec![one.number(), other.number()]),
        KeyStateCell::FailsUnlessStays(note) => Written::No(vec![note.number(), 13]),
        KeyStateCell::Depends(note) => Written::Depends(note.number()),
        KeyStateCell::DependsOnSide => Written::Depends(10),
        KeyStateCell::NotApplicable => Written::NotApplicable,
        other => panic!("a cell that the table has not: {other:?}"),
    }
}

#[test]
fn every_cell_is_the_published_one_s8() {
    let table = table();
    assert_eq!(table.len(), 47 * 7);
    assert_eq!((KmsOperation::ALL.len(), KeyState::ALL.len()), (47, 8));
    for operation in KmsOperation::ALL {
        for state in KeyState::ALL {
            let wanted = &table[&(operation.as_str(), column(*state))];
            let found = as_written(operation.in_state(*state));
            assert_eq!(found, *wanted, "{operation} in {state}");
        }
    }
}

#[test]
fn the_later_operations_have_the_row_of_decrypt_s8() {
    let table = table();
    for operation in ["DeriveSharedSecret", "Encapsulate", "Decapsulate"] {
        for state in KeyState::ALL.iter().map(|state| column(*state)) {
            assert_eq!(table[&(operation, state)], table[&("Decrypt", state)]);
        }
    }
}

/// The note that an operation on a key meets, by its number: the cell, settled by origin and by
/// the choices that are ours.
fn settled(cell: &Written, state: KeyState, origin: Origin) -> Option<u8> {
    let imported = origin == Origin::External;
    let made_by_kms = origin == Origin::AwsKms;
    match cell {
        Written::Ok | Written::OkIdle | Written::OkWith(12) => None,
        Written::OkWith(9) | Written::Depends(9) => (!imported).then_some(9),
        Written::Depends(7) => (!made_by_kms).then_some(7),
        // Of UpdateAlias only the new key is asked, and that is one to which it cannot move.
        Written::Depends(10) => Some(3),
        Written::No(notes) => Some(match notes[..] {
            [note] => note,
            [2, 3] => 3,
            [4, 13] => 4,
            [by_state @ (1 | 3), 7] => {
                if made_by_kms {
                    by_state
                } else {
                    7
                }
            }
            [8, 9] => {
                if imported {
                    8
                } else {
                    9
                }
            }
            _ => panic!("{notes:?} is not settled"),
        }),
        Written::NotApplicable => match state {
            KeyState::PendingImport => Some(5),
            KeyState::Unavailable => Some(11),
            other => panic!("{other} is always applicable"),
        },
        other => panic!("{other:?} is not settled"),
    }
}

/// Every key that can be, as far as a verdict asks.
fn keys() -> Vec<KeyMetadata> {
    let mut keys = Vec::new();
    for arn in [KEY, REPLICATED] {
        for origin in Origin::ALL {
            for state in KeyState::ALL {
                keys.extend(
                    KeyMetadata::builder(arn)
                        .origin(*origin)
                        .state(*state)
                        .build(),
                );
            }
        }
    }
    keys
}

/// Where AWS was recorded to do what the table refuses.
fn seen_to_succeed(operation: KmsOperation, state: KeyState, origin: Origin) -> bool {
    match operation {
        KmsOperation::GetPublicKey => state == KeyState::Disabled,
        KmsOperation::GetKeyRotationStatus => origin == Origin::External,
        _ => false,
    }
}

#[test]
fn every_verdict_is_that_of_its_cell_or_what_was_recorded_s8() {
    let table = table();
    let keys = keys();
    let kinds: BTreeSet<_> = keys.iter().map(|key| (key.origin(), key.state())).collect();
    assert_eq!(kinds.len(), 6 + 7 + 4 + 4);
    for operation in KmsOperation::ALL {
        for key in &keys {
            let (state, origin) = (key.state(), key.origin());
            let wanted = settled(&table[&(operation.as_str(), column(state))], state, origin);
            let found = operation.verdict(key).err().map(Footnote::number);
            if seen_to_succeed(*operation, state, origin) {
                assert_eq!(found, None, "{operation} on {state} of {origin}");
                continue;
            }
            assert_eq!(found, wanted, "{operation} on {state} of {origin}");
        }
    }
}

#[track_caller]
fn note(operation: KmsOperation, key: &KeyMetadata, number: u8, exception: &str, words: &str) {
    let note = operation.verdict(key).unwrap_err();
    assert_eq!((note.number(), note.exception()), (number, exception));
    let message = note.message(key.arn(), key.state(), key.origin());
    assert_eq!(message, format!("{} {words}", key.arn()));
}

fn key(arn: KeyArn, origin: Origin, state: KeyState) -> KeyMetadata {
    KeyMetadata::builder(arn)
        .origin(origin)
        .state(state)
        .build()
        .unwrap()
}

#[test]
fn note_1_says_that_the_key_is_disabled_s8() {
    let disabled = key(KEY, Origin::AwsKms, KeyState::Disabled);
    note(
        KmsOperation::Encrypt,
        &disabled,
        1,
        "DisabledException",
        "is disabled.",
    );
    note(
        KmsOperation::EnableKeyRotation,
        &disabled,
        1,
        "DisabledException",
        "is disabled.",
    );
}

#[test]
fn note_2_says_that_the_key_is_pending_deletion_s8() {
    let note = Footnote::PendingDeletionDisabled;
    assert_eq!((note.number(), note.exception()), (2, "DisabledException"));
    let words = note.message(KEY, KeyState::PendingDeletion, Origin::AwsKms);
    assert_eq!(words, format!("{KEY} is pending deletion."));
    let words = note.message(REPLICATED, KeyState::PendingReplicaDeletion, Origin::AwsKms);
    assert_eq!(words, format!("{REPLICATED} is pending replica deletion."));
}

#[test]
fn note_3_says_which_deletion_is_pending_s8() {
    let exception = "KMSInvalidStateException";
    let dying = key(KEY, Origin::AwsKms, KeyState::PendingDeletion);
    let waiting = key(REPLICATED, Origin::AwsKms, KeyState::PendingReplicaDeletion);
    for operation in [
        KmsOperation::CreateAlias,
        KmsOperation::Decrypt,
        KmsOperation::UpdateAlias,
    ] {
        note(operation, &dying, 3, exception, "is pending deletion.");
        note(
            operation,
            &waiting,
            3,
            exception,
            "is pending replica deletion.",
        );
    }
}

#[test]
fn note_4_says_that_no_deletion_is_pending_s8() {
    let (cancel, exception) = (KmsOperation::CancelKeyDeletion, "KMSInvalidStateException");
    let enabled = key(KEY, Origin::AwsKms, KeyState::Enabled);
    note(cancel, &enabled, 4, exception, "is not pending deletion.");
    let unavailable = key(KEY, Origin::AwsCloudhsm, KeyState::Unavailable);
    note(
        cancel,
        &unavailable,
        4,
        exception,
        "is not pending deletion.",
    );
}

#[test]
fn note_5_says_that_the_key_is_pending_import_s8() {
    let pending = key(KEY, Origin::External, KeyState::PendingImport);
    let exception = "KMSInvalidStateException";
    note(
        KmsOperation::EnableKey,
        &pending,
        5,
        exception,
        "is pending import.",
    );
    note(
        KmsOperation::Sign,
        &pending,
        5,
        exception,
        "is pending import.",
    );
}

#[test]
fn note_6_names_the_origin_s8() {
    let pending = key(KEY, Origin::External, KeyState::PendingImport);
    let words = "origin is EXTERNAL which is not valid for this operation.";
    let exception = "UnsupportedOperationException";
    note(
        KmsOperation::EnableKeyRotation,
        &pending,
        6,
        exception,
        words,
    );
}

#[test]
fn notes_7_and_9_are_of_the_origin_s8() {
    let exception = "UnsupportedOperationException";
    let imported = key(KEY, Origin::External, KeyState::Enabled);
    let words = "origin is EXTERNAL which is not valid for this operation.";
    note(
        KmsOperation::EnableKeyRotation,
        &imported,
        7,
        exception,
        words,
    );
    let stored = key(KEY, Origin::ExternalKeyStore, KeyState::Disabled);
    let words = "origin is EXTERNAL_KEY_STORE which is not valid for this operation.";
    note(
        KmsOperation::DisableKeyRotation,
        &stored,
        7,
        exception,
        words,
    );
    let made_by_kms = key(KEY, Origin::AwsKms, KeyState::Enabled);
    let words = "origin is AWS_KMS which is not valid for this operation.";
    note(
        KmsOperation::ImportKeyMaterial,
        &made_by_kms,
        9,
        exception,
        words,
    );
    note(
        KmsOperation::DeleteImportedKeyMaterial,
        &made_by_kms,
        9,
        exception,
        words,
    );
}

#[test]
fn note_8_is_of_imported_material_s8() {
    let dying = key(KEY, Origin::External, KeyState::PendingDeletion);
    let exception = "KMSInvalidStateException";
    note(
        KmsOperation::ImportKeyMaterial,
        &dying,
        8,
        exception,
        "is pending deletion.",
    );
}

#[test]
fn note_11_says_that_the_key_is_unavailable_s8() {
    let unavailable = key(KEY, Origin::AwsCloudhsm, KeyState::Unavailable);
    let exception = "KMSInvalidStateException";
    note(
        KmsOperation::Encrypt,
        &unavailable,
        11,
        exception,
        "is unavailable.",
    );
    note(
        KmsOperation::UpdatePrimaryRegion,
        &unavailable,
        11,
        exception,
        "is unavailable.",
    );
}

#[test]
fn notes_14_and_15_say_that_the_key_is_creating_or_updating_s8() {
    let exception = "KMSInvalidStateException";
    let creating = key(REPLICATED, Origin::AwsKms, KeyState::Creating);
    note(
        KmsOperation::EnableKey,
        &creating,
        14,
        exception,
        "is creating.",
    );
    let updating = key(REPLICATED, Origin::AwsKms, KeyState::Updating);
    note(
        KmsOperation::ScheduleKeyDeletion,
        &updating,
        15,
        exception,
        "is updating.",
    );
}

/// DescribeKey and the cryptographic operations.
const BY_ALIAS: [&str; 16] = [
    "Decapsulate",
    "Decrypt",
    "DeriveSharedSecret",
    "DescribeKey",
    "Encapsulate",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GetPublicKey",
    "ReEncrypt",
    "Sign",
    "Verify",
    "VerifyMac",
];

#[test]
fn operations_name_a_key_by_alias_or_by_key_only_k6_k8() {
    for operation in KmsOperation::ALL {
        let wanted = BY_ALIAS.contains(&operation.as_str());
        assert_eq!(operation.takes_alias(), wanted, "{operation}");
    }
}

/// A table of one key with one alias.
fn table_of(key: KeyMetadata) -> AliasTable {
    let mut parts = AliasTable::new(KEY.scope()).snapshot();
    let alias = AliasListEntry::new("alias/app".parse().unwrap(), Some(key.key_id()));
    (parts.keys, parts.aliases) = (vec![key], vec![alias]);
    parts.into_table().unwrap()
}

#[test]
fn every_call_meets_its_verdict_by_key_s8_and_through_an_alias_s6_k8() {
    for key in keys() {
        let table = table_of(key.clone());
        for operation in KmsOperation::ALL {
            let refusal = |text: &str| {
                let identifier: KeyIdentifier = text.parse().unwrap();
                table.check_use(*operation, &identifier).err()
            };
            // The usage is asked before the state.
            if operation.usage().is_some_and(|usage| usage != key.usage()) {
                let refusal = refusal(&key.key_id().to_string()).unwrap();
                assert_eq!(
                    (refusal.rule(), refusal.exception()),
                    (Rule::M, "InvalidKeyUsageException")
                );
                continue;
            }
            let wanted = operation.verdict(&key).err();
            let words = wanted.map(|note| note.message(key.arn(), key.state(), key.origin()));
            let key_id = key.key_id().to_string();
            for (text, rule) in [(key_id.as_str(), Rule::S8), ("alias/app", Rule::S6)] {
                let found = refusal(text);
                if text == "alias/app" && !operation.takes_alias() {
                    assert_eq!(found.map(|refusal| refusal.rule()), Some(Rule::K8));
                    continue;
                }
                assert_eq!(found.as_ref().map(ToString::to_string), words);
                let exception = found.as_ref().map(Refusal::exception);
                assert_eq!(exception, wanted.map(Footnote::exception));
                assert_eq!(found.map(|refusal| refusal.rule()), wanted.map(|_| rule));
            }
        }
    }
}

#[test]
fn an_alias_leaves_a_dying_key_and_does_not_reach_one_t5_u5() {
    let mut table = table_of(key(KEY, Origin::AwsKms, KeyState::PendingDeletion));
    table
        .insert_key(key(REPLICATED, Origin::AwsKms, KeyState::Enabled))
        .unwrap();
    let (name, at) = (
        AliasName::from_static("alias/app"),
        Timestamp::from_millis(1),
    );
    table.update_alias(name.clone(), REPLICATED, at).unwrap();
    let refusal = table.update_alias(name, KEY, at).unwrap_err();
    assert_eq!(
        (refusal.rule(), refusal.exception()),
        (Rule::T5, "KMSInvalidStateException")
    );
    assert_eq!(refusal.to_string(), format!("{KEY} is pending deletion."));
}
