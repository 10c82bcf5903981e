//! Replicas of multi-Region keys: their ID is known before they are made, as it is the primary's.

use super::*;

pub(super) const PRIMARY: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";
pub(super) const HOME: &str = "us-east-1";

pub(super) fn primary_arn() -> String {
    format!("arn:aws:kms:{HOME}:{ACCOUNT}:key/{PRIMARY}")
}

/// A plan that makes a replica of a key that stands in another Region, and an alias that names it by
/// a value which is known.
fn plan(target: &str, depends_on: &[&str]) -> Plan {
    Plan::new()
        .create(
            "aws_kms_replica_key.r",
            json!({"primary_key_arn": primary_arn(), "enabled": true}),
            json!({"key_id": true, "arn": true, "id": true}),
        )
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": target}),
            json!({}),
        )
        .prior("aws_kms_key.other", key(1), &[])
        .resource("aws_kms_key.other", json!({}))
        .resource("aws_kms_replica_key.r", json!({}))
        .resource_with(
            "aws_kms_alias.a",
            "aws",
            json!({"target_key_id": {"constant_value": target}}),
            json!({"depends_on": depends_on}),
        )
}

/// The primary key, and the whole list of the keys of the replica's Region: the replica is not in it
/// yet.
fn keys() -> String {
    let primary = described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    let keys = json!({"Keys": [{"KeyId": id(1), "KeyArn": format!("{}:key/{}", scope(), id(1))}], "Truncated": false});
    format!("{primary}\n{keys}")
}

#[test]
fn the_id_of_a_replica_that_is_made_is_found_once_it_is_made_t1() {
    let arn = format!("{}:key/{PRIMARY}", scope());
    let waits = ["aws_kms_replica_key.r"];
    for account in [described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), keys()] {
        for target in [PRIMARY, &arn] {
            gets_with(
                &plan(target, &waits),
                Some(&account),
                0,
                &["aws_kms_alias.a CreateAlias ok"],
            );
            gets_with(
                &plan(target, &[]),
                Some(&account),
                3,
                &["aws_kms_alias.a CreateAlias undecided"],
            );
        }
    }
    // Both orders are told, by their steps and by KMS's words with the ID.
    let (_, judgement) = judged(&plan(PRIMARY, &[]).json(), Some(&keys()), None);
    let Outcome::Undecided {
        needs, could_be, ..
    } = &judgement.outcomes[1]
    else {
        panic!("{judgement:?}");
    };
    assert_eq!(
        needs[..],
        [Need::Order {
            first: 0,
            second: 1
        }]
    );
    let Possible::Refused(answer) = &could_be[1] else {
        panic!("{could_be:?}");
    };
    assert_eq!(
        (answer.rule.number(), &*answer.message),
        ("T1", &*format!("Key '{arn}' does not exist"))
    );
}

#[test]
fn a_replica_depends_on_its_primary_key_m_s8() {
    let undecided = [
        "aws_kms_alias.a CreateAlias undecided",
        "aws_kms_replica_key.r ReplicateKey undecided",
    ];
    let waits = ["aws_kms_replica_key.r"];
    let plan_of = || plan(PRIMARY, &waits);
    // Nothing tells of its Region.
    gets_with(&plan_of(), None, 0, &["aws_kms_alias.a CreateAlias ok"]);
    let (read, _) = judged(&plan_of().json(), None, None);
    assert_eq!(read.assumed_replicable, [read.run.steps[0].place]);

    let arn = format!("arn:aws:kms:{HOME}:{ACCOUNT}:alias/b");
    let aliases = json!([{"AliasName": "alias/b", "AliasArn": arn, "TargetKeyId": id(1)}]);
    let account = json!({"Aliases": aliases, "Truncated": false}).to_string();
    gets_with(&plan_of(), Some(&account), 3, &undecided);
    let (_, judgement) = judged(&plan_of().json(), Some(&account), None);
    let Outcome::Undecided { needs, settle, .. } = &judgement.outcomes[0] else {
        panic!("{judgement:?}");
    };
    let of_primary = |fact| Need::Key {
        key: primary_arn().into(),
        fact,
    };
    for fact in [Fact::Existence, Fact::KeyState, Fact::MultiRegion] {
        assert!(needs.contains(&of_primary(fact)), "{fact} of {needs:?}");
    }
    let command = format!(
        "aws kms describe-key --key-id {} --region {HOME}",
        primary_arn()
    );
    assert_eq!(*settle[0], *command);

    let disabled = described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        .replace("\"Enabled\":true", "\"Enabled\":false")
        .replace("\"KeyState\":\"Enabled\"", "\"KeyState\":\"Disabled\"");
    let replica =
        described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT").replace("\"PRIMARY\"", "\"REPLICA\"");
    // Of a replica nothing tells which others there are.
    for (account, exception, alias) in [
        (disabled, "DisabledException", "refused NotFoundException"),
        (replica, "UnsupportedOperationException", "undecided"),
    ] {
        let refused = format!("aws_kms_replica_key.r ReplicateKey refused {exception}");
        let alias = format!("aws_kms_alias.a CreateAlias {alias}");
        gets_with(
            &plan(PRIMARY, &waits),
            Some(&account),
            1,
            &[&refused, &alias],
        );
    }
}

#[test]
fn a_primary_key_that_the_plan_knows_is_replicated_where_nothing_mentions_a_replica_m_h6() {
    let waits = ["aws_kms_replica_key.r"];
    let with = |address: &str, is_enabled: bool| {
        let values = json!({
            "arn": primary_arn(), "key_id": PRIMARY, "id": PRIMARY, "multi_region": true, "is_enabled": is_enabled,
            "enabled": is_enabled, "key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        });
        plan(PRIMARY, &waits)
            .prior(address, values, &[])
            .resource(address, json!({}))
    };
    let plan = with("aws_kms_key.p", true);
    gets_with(&plan, None, 0, &["aws_kms_alias.a CreateAlias ok"]);
    let (read, _) = judged(&plan.json(), None, None);
    assert_eq!(read.assumed_replicable, [read.run.steps[0].place]);
    // A list of keys tells, and nothing is assumed.
    let key = json!({"KeyId": id(1), "KeyArn": format!("{}:key/{}", scope(), id(1))});
    let list = json!({"Keys": [key], "Truncated": false}).to_string();
    gets_with(&plan, Some(&list), 0, &["aws_kms_alias.a CreateAlias ok"]);
    let (read, _) = judged(&plan.json(), Some(&list), None);
    assert_eq!(read.assumed_replicable, []);

    for (address, is_enabled, exception) in [
        ("aws_kms_key.p", false, "DisabledException"),
        (
            "aws_kms_replica_key.p",
            true,
            "UnsupportedOperationException",
        ),
    ] {
        gets_with(
            &with(address, is_enabled),
            None,
            1,
            &[
                &format!("aws_kms_replica_key.r ReplicateKey refused {exception}"),
                "aws_kms_alias.a CreateAlias refused NotFoundException",
            ],
        );
    }
}

#[test]
fn a_replica_that_stands_is_not_made_again_and_aliases_find_it_m_t5() {
    let stands = json!({"KeyMetadata": {
        "AWSAccountId": ACCOUNT, "KeyId": PRIMARY, "Arn": format!("{}:key/{PRIMARY}", scope()), "Enabled": false,
        "KeyState": "PendingDeletion", "DeletionDate": "2030-04-13T10:00:00+00:00", "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "MultiRegion": true,
        "CreationDate": "2023-04-13T10:00:00+00:00", "MultiRegionConfiguration": {
            "MultiRegionKeyType": "REPLICA", "PrimaryKey": {"Arn": primary_arn(), "Region": HOME}, "ReplicaKeys": []}
    }});
    let account = format!(
        "{}\n{stands}",
        described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    );
    let told = gets_with(
        &plan(PRIMARY, &["aws_kms_replica_key.r"]),
        Some(&account),
        1,
        &[
            "aws_kms_alias.a CreateAlias refused KMSInvalidStateException",
            "aws_kms_replica_key.r ReplicateKey refused AlreadyExistsException",
        ],
    );
    assert!(told.rules.is_empty());
}

#[test]
fn another_id_is_not_that_of_the_replica_t1() {
    let other = "mrk-0000abcd12ab34cd56ef1234567890ab";
    gets_with(
        &plan(other, &["aws_kms_replica_key.r"]),
        Some(&keys()),
        1,
        &["aws_kms_alias.a CreateAlias refused NotFoundException"],
    );
}

#[test]
fn the_arn_of_the_primary_is_of_another_region_t2() {
    for depends_on in [&["aws_kms_replica_key.r"][..], &[]] {
        gets_with(
            &plan(&primary_arn(), depends_on),
            Some(&keys()),
            1,
            &["aws_kms_alias.a CreateAlias refused NotFoundException"],
        );
    }
}

#[test]
fn a_replica_that_stands_already_is_not_waited_for_t1() {
    let account = json!({"Keys": [
        {"KeyId": PRIMARY, "KeyArn": format!("{}:key/{PRIMARY}", scope())}
    ]})
    .to_string();
    let (_, judgement) = judged(&plan(PRIMARY, &[]).json(), Some(&account), None);
    let Outcome::Undecided { could_be, .. } = &judgement.outcomes[1] else {
        panic!("{judgement:?}");
    };
    let is_not_found = |possible: &Possible| matches!(possible, Possible::Refused(answer) if answer.rule.number() == "T1");
    assert!(!could_be.iter().any(is_not_found), "{could_be:?}");
}

/// A primary with a key spec and key usage, described in its own Region.
fn described(spec: &str, usage: &str) -> String {
    json!({"KeyMetadata": {
        "AWSAccountId": ACCOUNT, "KeyId": PRIMARY, "Arn": primary_arn(), "Enabled": true, "KeyState": "Enabled",
        "KeySpec": spec, "KeyUsage": usage, "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "MultiRegion": true,
        "CreationDate": "2023-04-13T10:00:00+00:00",
        "MultiRegionConfiguration": {
            "MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": primary_arn(), "Region": HOME}, "ReplicaKeys": []
        }
    }})
    .to_string()
}

#[test]
fn a_replica_has_the_key_spec_and_usage_of_its_primary_u3_u4() {
    let moves = |exists: bool| {
        let mut plan = Plan::new();
        if !exists {
            plan = plan.create(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": primary_arn(), "enabled": true}),
                json!({"key_id": true, "arn": true, "id": true}),
            );
        }
        plan.change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/a", 1),
            with(alias("alias/a", 1), json!({"target_key_id": PRIMARY})),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_replica_key.r", json!({}))
        .resource_with(
            "aws_kms_alias.a",
            "aws",
            json!({"target_key_id": {"constant_value": PRIMARY}}),
            json!({"depends_on": ["aws_kms_replica_key.r"]}),
        )
    };
    let hmac = described("HMAC_256", "GENERATE_VERIFY_MAC");
    gets_with(
        &moves(false),
        Some(&hmac),
        1,
        &["aws_kms_alias.a UpdateAlias refused ValidationException"],
    );
    let symmetric = described("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    gets_with(
        &moves(false),
        Some(&symmetric),
        0,
        &["aws_kms_alias.a UpdateAlias ok"],
    );
    // One that stands, of which its own Region tells nothing but that it is there.
    let listed = json!({"Keys": [
        {"KeyId": PRIMARY, "KeyArn": format!("{}:key/{PRIMARY}", scope())},
        {"KeyId": id(1), "KeyArn": format!("{}:key/{}", scope(), id(1))}
    ]});
    let (_, judgement) = judged(
        &moves(true).json(),
        Some(&format!("{symmetric}\n{listed}")),
        None,
    );
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[0] else {
        panic!("{judgement:?}");
    };
    let is_settled = |need: &Need| {
        !matches!(
            need,
            Need::Key {
                fact: Fact::KeyType | Fact::KeyUsage,
                ..
            }
        )
    };
    assert!(needs.iter().all(is_settled), "{needs:?}");
    let (_, judgement) = judged(
        &moves(true).json(),
        Some(&format!("{hmac}\n{listed}")),
        None,
    );
    assert!(
        matches!(judgement.outcomes[0], Outcome::Refused { .. }),
        "{judgement:?}"
    );
}
