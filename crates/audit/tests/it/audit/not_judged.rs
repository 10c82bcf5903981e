//! What says nothing of these rules.

use super::*;

#[test]
fn what_says_nothing_of_these_rules_is_not_judged() {
    let update = |answer: &Answer| on_alias(1, "UpdateAlias", "alias/none", KEY, answer);
    for (code, reason) in [
        ("AccessDenied", NotJudged::Permission),
        ("AccessDeniedException", NotJudged::Permission),
        ("UnrecognizedClientException", NotJudged::Permission),
        ("ThrottlingException", NotJudged::Service),
        ("KMSInternalException", NotJudged::Service),
        ("DependencyTimeoutException", NotJudged::Service),
    ] {
        whole(&[update(&refused(code))], 0, 0, &[(reason, 1)]);
    }
    let hidden = json!({"aliasName": "HIDDEN_DUE_TO_SECURITY_REASONS", "targetKeyId": KEY});
    for request in [Value::Null, hidden, json!({"omitted": true})] {
        let record = record(1, "CreateAlias", request, &refused("ValidationException"));
        whole(&[record], 0, 0, &[(NotJudged::RequestNotShown, 1)]);
    }
    for name in ["CreateKey", "GenerateRandom", "ReEncrypt", "ListKeyStores"] {
        whole(
            &[on_key(1, name, KEY, &Answer::Ok)],
            0,
            0,
            &[(NotJudged::NoRule, 1)],
        );
    }
    // The request is there, and a member of it is not (rule K7).
    let no_target = json!({"aliasName": "alias/b"});
    whole(
        &[record(
            1,
            "CreateAlias",
            no_target,
            &refused("ValidationException"),
        )],
        1,
        0,
        &[],
    );
}

#[test]
fn a_call_on_a_key_is_judged_by_its_key_alone_s6_s8() {
    let call = |name, key_id: &str, answer: &Answer| on_key(1, name, key_id, answer);
    let invalid = refused("InvalidCiphertextException");
    whole(
        &[call("Decrypt", KEY, &invalid)],
        0,
        0,
        &[(NotJudged::OutsideTheRules, 1)],
    );
    let unsupported = refused("UnsupportedOperationException");
    whole(
        &[call("GetPublicKey", KEY, &unsupported)],
        0,
        0,
        &[(NotJudged::OutsideTheRules, 1)],
    );
    whole(
        &[call("GenerateMac", IMPORTED, &invalid)],
        0,
        0,
        &[(NotJudged::OutsideTheRules, 1)],
    );
    whole(&[call("Encrypt", "alias/a", &Answer::Ok)], 1, 0, &[]);
    whole(
        &[call(
            "Encrypt",
            "alias/a",
            &refused("DryRunOperationException"),
        )],
        1,
        0,
        &[],
    );
    whole(
        &[call("Encrypt", KEY, &refused("DisabledException"))],
        0,
        1,
        &[],
    );
    whole(
        &[call(
            "Encrypt",
            IMPORTED,
            &refused("KMSInvalidStateException"),
        )],
        1,
        0,
        &[],
    );
    whole(
        &[call(
            "DescribeKey",
            "alias/none",
            &refused("NotFoundException"),
        )],
        1,
        0,
        &[],
    );
    // The key that the record names stands for the one that the request leaves out.
    let mut decrypt = record(
        1,
        "Decrypt",
        json!({"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}),
        &refused("KMSInvalidStateException"),
    );
    whole(
        std::slice::from_ref(&decrypt),
        0,
        0,
        &[(NotJudged::RequestNotShown, 1)],
    );
    decrypt["resources"] = json!([{"ARN": format!("{SCOPE}:alias/a")}, {"ARN": arn(IMPORTED)}]);
    whole(&[decrypt], 1, 0, &[]);
    for key_id in [json!(5), json!({}), json!([]), json!(true)] {
        whole(
            &[record(1, "Encrypt", json!({"keyId": key_id}), &Answer::Ok)],
            0,
            0,
            &[(NotJudged::OutsideTheRules, 1)],
        );
    }
    whole(
        &[record(1, "ListKeys", json!({"limit": 10}), &Answer::Ok)],
        1,
        0,
        &[],
    );
    // A marker is the service's own secret.
    let marker = json!({"marker": "AE0AAAA", "limit": 10});
    whole(&[record(1, "ListAliases", marker, &Answer::Ok)], 1, 0, &[]);
}

#[test]
fn another_accounts_caller_or_key_is_not_judged_t3() {
    let foreign = format!("arn:aws:kms:eu-west-3:999999999999:key/{KEY}");
    let own = arn(KEY);
    let by_other = |key_id: &str| {
        let mut record = on_key(1, "Encrypt", key_id, &Answer::Ok);
        record["userIdentity"]["accountId"] = json!("999999999999");
        record
    };
    let not = [(NotJudged::OtherAccount, 1)];
    whole(&[on_key(1, "Encrypt", &foreign, &Answer::Ok)], 0, 0, &not);
    whole(&[by_other("alias/a")], 0, 0, &not);
    whole(&[by_other(KEY)], 0, 0, &not);
    whole(&[by_other(&own)], 1, 0, &[]);
    // Of a caller that is not told nothing is known that speaks against the rules.
    let mut by_nobody = by_other(KEY);
    by_nobody["userIdentity"] = Value::Null;
    whole(&[by_nobody], 1, 0, &[]);
    let mut decrypt = record(1, "Decrypt", json!({}), &Answer::Ok);
    decrypt["resources"] = json!([{"ARN": foreign, "accountId": "999999999999"}]);
    whole(&[decrypt], 0, 0, &not);
    // An alias operation on another account's key is judged: it is refused.
    let update = on_alias(
        1,
        "UpdateAlias",
        "alias/a",
        &foreign,
        &refused("NotFoundException"),
    );
    whole(&[update], 1, 0, &[]);
}

#[test]
fn aws_makes_its_own_aliases_and_no_caller_does_a8() {
    let create = on_alias(1, "CreateAlias", "alias/aws/rds", KEY, &Answer::Ok);
    whole(std::slice::from_ref(&create), 0, 1, &[]);
    // Each of three members tells alone that AWS itself asked.
    let account_id = trail_writer::ACCOUNT;
    let service = json!({"accountId": account_id, "type": "AWSService"});
    let invoked = json!({"accountId": account_id, "invokedBy": "rds.amazonaws.com"});
    let by_identity = [service, invoked].map(|identity| {
        let mut event = create.clone();
        event["userIdentity"] = identity;
        event
    });
    let mut by_event_type = create;
    by_event_type["eventType"] = json!("AwsServiceEvent");
    for event in by_identity.iter().chain([&by_event_type]) {
        whole(std::slice::from_ref(event), 0, 0, &[(NotJudged::ByAws, 1)]);
    }
    let [_, by_service] = by_identity;
    let trail = log(&[by_service]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(target_of(&report, "alias/aws/rds").as_deref(), Some(KEY));
    // A service that works for a customer obeys the customer's rules.
    let mut by_formation = on_alias(1, "CreateAlias", "alias/a", KEY, &Answer::Ok);
    by_formation["userIdentity"]["invokedBy"] = json!("cloudformation.amazonaws.com");
    whole(&[by_formation], 0, 1, &[]);
    // The key of one of AWS's own aliases need not be described.
    let not = [(NotJudged::KeyNotDescribed, 1)];
    whole(
        &[on_key(1, "Encrypt", "alias/aws/ebs", &Answer::Ok)],
        0,
        0,
        &not,
    );
    whole(
        &[on_key(
            1,
            "Encrypt",
            &format!("{SCOPE}:alias/aws/ebs"),
            &Answer::Ok,
        )],
        0,
        0,
        &not,
    );
}

#[test]
fn other_accounts_and_regions_are_counted_apart() {
    let event = record(
        1,
        "DeleteAlias",
        json!({"aliasName": "alias/a"}),
        &Answer::Ok,
    );
    let mut nowhere = event.clone();
    nowhere["eventID"] = json!("nowhere");
    nowhere["awsRegion"] = Value::Null;
    let mut elsewhere = of(event.clone(), ["us-east-1", trail_writer::ACCOUNT]);
    elsewhere["eventID"] = json!("elsewhere");
    let mut whose = event.clone();
    whose["eventID"] = json!("by its caller");
    whose["recipientAccountId"] = Value::Null;
    whose["userIdentity"]["accountId"] = json!("999999999999");
    let trail = log(&[event, nowhere, elsewhere, whose]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!((report.judged(), report.of_other_scopes()), (1, 3));
    let scopes: Vec<_> = trail
        .scopes()
        .iter()
        .map(|(scope, count)| (scope.to_string(), *count))
        .collect();
    let expected = [
        "arn:aws:kms:eu-west-3:111122223333",
        "arn:aws:kms:eu-west-3:999999999999",
        "arn:aws:kms:us-east-1:111122223333",
    ];
    assert_eq!(scopes, expected.map(|scope| (scope.to_owned(), 1)));
}
