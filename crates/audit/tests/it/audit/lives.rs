//! The lives of keys as a log tells them.

use super::*;

#[test]
fn a_keys_life_is_followed_s1_s4_s5() {
    let days = 86_400;
    let schedule = |second, key_id: &str| {
        record(
            second,
            "ScheduleKeyDeletion",
            json!({"keyId": key_id, "pendingWindowInDays": 7}),
            &Answer::Ok,
        )
    };
    let pending = Answer::error(
        "KMSInvalidStateException",
        format!("{} is pending deletion.", arn(OTHER)),
    );
    let records = [
        on_key(1, "ImportKeyMaterial", IMPORTED, &Answer::Ok),
        on_key(2, "Encrypt", IMPORTED, &Answer::Ok),
        by_aws(3, "DeleteExpiredKeyMaterial", &arn(IMPORTED)),
        on_key(4, "Encrypt", IMPORTED, &refused("KMSInvalidStateException")),
        schedule(5, OTHER),
        on_alias(6, "CreateAlias", "alias/b", OTHER, &pending),
        on_key(7, "CancelKeyDeletion", OTHER, &Answer::Ok),
        on_key(8, "Encrypt", OTHER, &refused("DisabledException")),
        on_key(9, "EnableKey", OTHER, &Answer::Ok),
        schedule(10, KEY),
        by_aws(10 + 7 * days, "DeleteKey", &arn(KEY)),
        // Its alias went with it, and the name is free.
        on_alias(11 + 7 * days, "CreateAlias", "alias/a", OTHER, &Answer::Ok),
        on_key(
            12 + 7 * days,
            "EnableKey",
            KEY,
            &refused("NotFoundException"),
        ),
    ];
    let not = [(NotJudged::NoRule, 1)];
    whole(&records, 12, 0, &not);
    let trail = log(&records);
    let report = audit(account(), Coverage::Whole, &trail);
    let evidence = report.evidence().iter();
    let mut of_date = evidence.filter(|evidence| evidence.choice() == Choice::DeletionDate);
    let of_date = of_date.next().expect("a row");
    let event = of_date.first_confirmation().expect("an event");
    assert_eq!((of_date.confirmed(), event.name()), (1, "DeleteKey"));
    assert!(of_date.first_contradiction().is_none());
}

#[test]
fn a_primary_waits_for_its_replicas_as_the_answer_says_s4() {
    let replicate = on_key(1, "ReplicateKey", PRIMARY, &Answer::Ok);
    let mut schedule = on_key(2, "ScheduleKeyDeletion", PRIMARY, &Answer::Ok);
    schedule["responseElements"] =
        json!({"keyId": arn(PRIMARY), "keyState": "PendingReplicaDeletion"});
    let trail = log(&[replicate, schedule.clone()]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (2, 0, Vec::new()));
    assert_eq!(state_of(&report, PRIMARY), KeyState::PendingReplicaDeletion);
    // The replica was made before the log began: AWS's answer is a fact.
    let trail = log(&[schedule]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(state_of(&report, PRIMARY), KeyState::PendingReplicaDeletion);
    // When the last replica goes no event of this Region says so.
    let pending = Answer::error(
        "KMSInvalidStateException",
        format!("{} is pending deletion.", arn(PRIMARY)),
    );
    let mut schedule = on_key(2, "ScheduleKeyDeletion", PRIMARY, &Answer::Ok);
    schedule["responseElements"] =
        json!({"keyId": arn(PRIMARY), "keyState": "PendingReplicaDeletion"});
    let late = on_key(9, "Encrypt", PRIMARY, &pending);
    let trail = log(&[schedule, late]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (1, 0, vec![(NotJudged::StateNotShown, 1)]));
    assert_eq!(state_of(&report, PRIMARY), KeyState::PendingDeletion);
}

#[test]
fn a_state_that_changes_without_an_event_is_learned_and_not_judged_s2_s3() {
    let unavailable = Answer::error(
        "KMSInvalidStateException",
        format!("{} is unavailable.", arn(IN_STORE)),
    );
    let encrypt = |second, answer: &Answer| on_key(second, "Encrypt", IN_STORE, answer);
    let records = [
        encrypt(1, &unavailable),
        encrypt(2, &Answer::Ok),
        encrypt(3, &Answer::Ok),
        encrypt(4, &unavailable),
        encrypt(5, &unavailable),
        // Words of an external key store's own.
        encrypt(6, &Answer::Ok),
        encrypt(
            7,
            &Answer::error("KMSInvalidStateException", "The proxy does not answer."),
        ),
    ];
    whole(&records, 3, 0, &[(NotJudged::StateNotShown, 4)]);
    // A key whose state does not pass by itself is held to it.
    let disabled = Answer::error(
        "DisabledException",
        format!("{} is disabled.", arn(PRIMARY)),
    );
    whole(&[on_key(1, "Encrypt", PRIMARY, &disabled)], 0, 1, &[]);
    let updating = Answer::error(
        "KMSInvalidStateException",
        format!("{} is updating.", arn(PRIMARY)),
    );
    let records = [
        on_key(1, "UpdatePrimaryRegion", PRIMARY, &Answer::Ok),
        on_key(2, "EnableKey", PRIMARY, &updating),
        on_key(3, "EnableKey", PRIMARY, &updating),
        on_key(4, "EnableKey", PRIMARY, &Answer::Ok),
        on_key(5, "EnableKey", PRIMARY, &Answer::Ok),
    ];
    whole(&records, 3, 0, &[(NotJudged::StateNotShown, 2)]);
}

#[test]
fn a_primary_that_moves_away_is_a_replica_s4() {
    let mut update = on_key(1, "UpdatePrimaryRegion", PRIMARY, &Answer::Ok);
    update["requestParameters"]["primaryRegion"] = json!("us-east-1");
    let replicate = on_key(0, "ReplicateKey", PRIMARY, &Answer::Ok);
    let schedule = on_key(3, "ScheduleKeyDeletion", PRIMARY, &Answer::Ok);
    let trail = log(&[replicate, update, schedule]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(state_of(&report, PRIMARY), KeyState::PendingDeletion);
}

#[test]
fn a_primary_stays_what_it_is_but_for_its_replicas_s4() {
    let mrk = "mrk-00000000000000000000000000000001";
    let records = [
        create_key(1, &arn(mrk), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
        on_key(2, "ReplicateKey", mrk, &Answer::Ok),
        on_key(3, "ReplicateKey", mrk, &Answer::Ok),
        // A key of one Region alone has no replicas, whatever the log says.
        on_key(4, "ReplicateKey", KEY, &Answer::Ok),
    ];
    let trail = log(&records);
    let report = audit(account(), Coverage::Whole, &trail);
    let key = |key_id: &str| {
        let key_id: KeyId = key_id.parse().expect("a key ID");
        report.table().key(key_id).expect("a key").clone()
    };
    let replicated = key(mrk);
    let role = MultiRegionRole::Primary { replicas: 2 };
    assert_eq!(replicated.multi_region_role(), Some(role));
    let at = Timestamp::from_millis(1000);
    assert_eq!(replicated.creation_date(), Some(at));
    let before: KeyId = KEY.parse().expect("a key ID");
    assert_eq!(Some(&key(KEY)), account().key(before));
}

#[test]
fn an_alias_of_awss_own_without_a_key_stays_without_one_l5() {
    for name in ["CreateAlias", "UpdateAlias"] {
        let mut made = on_alias(1, name, "alias/aws/s3", KEY, &Answer::Ok);
        made["userIdentity"]["invokedBy"] = json!("s3.amazonaws.com");
        let used = on_key(2, "Encrypt", "alias/aws/s3", &Answer::Ok);
        let trail = log(&[made, used]);
        let report = audit(account(), Coverage::Whole, &trail);
        assert_eq!(counts(&report), (0, 1, vec![(NotJudged::ByAws, 1)]));
        assert_eq!(report.findings()[0].choices(), [Choice::AliasWithoutKey]);
        assert!(report.table().get("alias/aws/s3").is_some());
        assert_eq!(target_of(&report, "alias/aws/s3"), None);
    }
}

#[test]
fn a_list_that_is_refused_for_the_state_of_a_key_says_what_the_state_is_s2() {
    let unavailable = |key_id: &str| {
        let words = format!("{} is unavailable.", arn(key_id));
        Answer::error("KMSInvalidStateException", words)
    };
    let list = |key_id: &str| on_key(1, "ListAliases", key_id, &unavailable(key_id));
    whole(&[list(IN_STORE)], 0, 0, &[(NotJudged::StateNotShown, 1)]);
    whole(&[list(KEY)], 0, 1, &[]);
    // Where no key is named no state is in doubt.
    let of_all = record(1, "ListAliases", json!({}), &unavailable(KEY));
    whole(&[of_all], 0, 1, &[]);
    let malformed = on_key(1, "Encrypt", "arn:aws:kms:x", &unavailable(KEY));
    whole(&[malformed], 0, 1, &[]);
}

#[test]
fn what_aws_does_to_the_state_of_a_key_is_followed_whatever_the_rules_say_s4_s8() {
    let schedule = |second, days: i64| {
        let request = json!({"keyId": OTHER, "pendingWindowInDays": days});
        record(second, "ScheduleKeyDeletion", request, &Answer::Ok)
    };
    let status = |records: &[Value]| {
        let trail = log(records);
        let report = audit(account(), Coverage::Whole, &trail);
        let key_id: KeyId = OTHER.parse().expect("a key ID");
        let status = report.table().key(key_id).expect("a key").status();
        (report.findings().len(), status)
    };
    let twice = [schedule(1, 7), schedule(2, 9)];
    let date = Timestamp::from_millis(2000).plus_days(9);
    let deletion_date = Some(date);
    let pending = KeyStatus::PendingDeletion { deletion_date };
    assert_eq!(status(&twice), (1, pending));
    let enabled = [schedule(1, 7), on_key(2, "EnableKey", OTHER, &Answer::Ok)];
    assert_eq!(status(&enabled), (1, KeyStatus::Enabled));
    let disabled = [schedule(1, 7), on_key(2, "DisableKey", OTHER, &Answer::Ok)];
    assert_eq!(status(&disabled), (1, KeyStatus::Disabled));
}

#[test]
fn material_that_comes_or_goes_changes_no_state_that_is_not_of_it_s1() {
    let state = |names: &[&str]| {
        let events = (1..).zip(names);
        let records: Vec<_> = events
            .map(|(second, name)| on_key(second, name, IMPORTED, &Answer::Ok))
            .collect();
        state_of(&audit(account(), Coverage::Whole, &log(&records)), IMPORTED)
    };
    let (import, delete) = ("ImportKeyMaterial", "DeleteImportedKeyMaterial");
    for (names, expected) in [
        (&[import][..], KeyState::Enabled),
        (&[import, delete], KeyState::PendingImport),
        (&[import, "DisableKey"], KeyState::Disabled),
        (&[import, "DisableKey", import], KeyState::Disabled),
        (&[import, "DisableKey", delete], KeyState::PendingImport),
        (
            &[import, "ScheduleKeyDeletion", delete],
            KeyState::PendingDeletion,
        ),
        (
            &[import, "ScheduleKeyDeletion", import],
            KeyState::PendingDeletion,
        ),
    ] {
        assert_eq!(state(names), expected, "{names:?}");
    }
}

#[test]
fn a_new_key_is_the_replica_or_the_primary_that_the_answer_says_s4() {
    let mrk = "mrk-00000000000000000000000000000001";
    for (kind, role) in [
        ("REPLICA", MultiRegionRole::Replica),
        ("PRIMARY", MultiRegionRole::Primary { replicas: 0 }),
    ] {
        let mut made = create_key(1, &arn(mrk), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
        let configuration = json!({"multiRegionKeyType": kind});
        made["responseElements"]["keyMetadata"]["multiRegionConfiguration"] = configuration;
        let trail = log(&[made]);
        let report = audit(account(), Coverage::Whole, &trail);
        let key_id: KeyId = mrk.parse().expect("a key ID");
        let key = report.table().key(key_id).expect("a key");
        assert_eq!(key.multi_region_role(), Some(role));
    }
}
