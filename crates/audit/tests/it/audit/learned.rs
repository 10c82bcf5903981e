//! What a log teaches of aliases and keys that stand beside the table.

use super::*;

#[test]
fn an_alias_that_went_with_its_key_is_known_to_be_absent_s5_u1() {
    let days = 86_400;
    let schedule = json!({"keyId": KEY, "pendingWindowInDays": 7});
    let schedule = record(1, "ScheduleKeyDeletion", schedule, &Answer::Ok);
    let due = by_aws(1 + 7 * days, "DeleteKey", &arn(KEY));
    let early = by_aws(1, "DeleteKey", &arn(KEY));
    let not_found = refused("NotFoundException");
    let after = [
        on_alias(9 * days, "UpdateAlias", "alias/a", OTHER, &not_found),
        on_key(9 * days + 1, "EnableKey", KEY, &not_found),
    ];
    let [alias, key] = after;
    // As the rules foresee it, and although they do not.
    for (records, agree, differ) in [
        (vec![schedule, due, alias.clone(), key.clone()], 4, 0),
        (vec![early, alias, key], 2, 1),
    ] {
        let trail = log(&records);
        for coverage in [Coverage::Whole, Coverage::Part] {
            let report = audit(account(), coverage, &trail);
            let expected = (agree, differ, Vec::new());
            assert_eq!(counts(&report), expected, "{:?}", report.findings());
        }
    }
}

#[test]
fn an_alias_that_was_beside_the_table_leaves_no_trace_when_it_came_into_it_and_went() {
    let records = [
        on_alias(1, "CreateAlias", "alias/x", NOBODYS, &Answer::Ok),
        on_alias(2, "UpdateAlias", "alias/x", OTHER, &Answer::Ok),
        by_aws(3, "DeleteKey", &arn(OTHER)),
        on_alias(
            4,
            "UpdateAlias",
            "alias/x",
            KEY,
            &refused("NotFoundException"),
        ),
    ];
    whole(&records, 1, 2, &[(NotJudged::KeyNotDescribed, 1)]);
}

#[test]
fn a_delete_that_the_rules_refuse_is_followed_a4() {
    let name = json!({"aliasName": "alias/aws-b"});
    let records = [
        on_alias(1, "CreateAlias", "alias/aws-b", KEY, &Answer::Ok),
        record(2, "DeleteAlias", name, &Answer::Ok),
    ];
    let trail = log(&records);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (0, 2, Vec::new()));
    assert!(report.table().get("alias/aws-b").is_none());
}

#[test]
fn a_key_of_which_a_call_is_answered_exists_unless_it_is_another_accounts_t1_t3() {
    let answered = |key_id: &str, key_arn: &str| {
        let mut call = on_key(1, "Encrypt", key_id, &Answer::Ok);
        call["resources"] = json!([{"ARN": key_arn}]);
        call
    };
    let again = on_key(2, "Encrypt", ABSENT, &Answer::Ok);
    let records = [answered(ABSENT, &arn(ABSENT)), again];
    whole(&records, 0, 1, &[(NotJudged::KeyNotDescribed, 1)]);
    let foreign = format!("arn:aws:kms:eu-west-3:999999999999:key/{ABSENT}");
    let own = on_key(2, "Encrypt", ABSENT, &refused("NotFoundException"));
    let records = [answered(&foreign, &foreign), own];
    whole(&records, 1, 0, &[(NotJudged::OtherAccount, 1)]);
    // An alias of AWS's own names the key: it exists (rule H2).
    let call = on_key(1, "Encrypt", NOBODYS, &Answer::Ok);
    whole(&[call], 0, 0, &[(NotJudged::KeyNotDescribed, 1)]);
}

#[test]
fn a_primary_with_replicas_waits_though_no_answer_says_so_s4() {
    let records = [
        on_key(1, "ReplicateKey", PRIMARY, &Answer::Ok),
        on_key(2, "ScheduleKeyDeletion", PRIMARY, &Answer::Ok),
    ];
    let trail = log(&records);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(state_of(&report, PRIMARY), KeyState::PendingReplicaDeletion);
}

#[test]
fn a_refusal_that_is_of_no_state_says_nothing_of_one_u1_s2() {
    let update = on_alias(1, "UpdateAlias", "alias/none", IN_STORE, &Answer::Ok);
    whole(&[update], 0, 1, &[]);
}
