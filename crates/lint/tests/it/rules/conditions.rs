//! Rules on `Condition`: W4 to W7, W9 to W13.

use super::*;

#[test]
fn w4_and_w5_set_operators() {
    condition(
        json!({"StringLikeIfExists": {"kms:ResourceAliases": "alias/a"}}),
        &["W4 error /StringLikeIfExists/kms:ResourceAliases"],
    );
    condition(json!({"Null": {"kms:ResourceAliases": "true"}}), &[]);
    condition(
        json!({"ForAllValues:StringNotLike": {"kms:RequestAlias": "alias/a"}}),
        &["W5 warning /ForAllValues:StringNotLike/kms:RequestAlias"],
    );
    condition(
        json!({"ForAnyValue:StringNotLike": {"kms:RequestAlias": "alias/a"}}),
        &["W5 warning /ForAnyValue:StringNotLike/kms:RequestAlias"],
    );
    condition(
        json!({"ForAnyValue:StringEqualsIgnoreCase": {"kms:RequestAlias": "ALIAS/a"}}),
        &["W5 note /ForAnyValue:StringEqualsIgnoreCase/kms:RequestAlias"],
    );
    condition(
        json!({"StringEqualsIfExists": {"kms:RequestAlias": "alias/a"}}),
        &[],
    );
}

#[test]
fn w6_and_w7_of_keys_without_aliases() {
    let all = "ForAllValues:StringLike";
    let path = "W6 warning /ForAllValues:StringLike/kms:ResourceAliases";
    condition(json!({all: {"kms:ResourceAliases": "alias/a"}}), &[path]);
    condition(
        json!({all: {"kms:ResourceAliases": "alias/a"}, "Null": {"kms:ResourceAliases": false}}),
        &[],
    );
    condition(
        json!({all: {"kms:ResourceAliases": "alias/a"}, "Null": {"kms:ResourceAliases": ["false"]}}),
        &[],
    );
    condition(
        json!({all: {"kms:ResourceAliases": "alias/a"}, "Null": {"kms:ResourceAliases": "true"}}),
        &[path],
    );
    condition(
        json!({all: {"kms:ResourceAliases": "alias/a"}, "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/b"}}),
        &[],
    );
    condition(
        json!({all: {"kms:ResourceAliases": "alias/a"}, "ForAnyValue:StringNotEquals": {"kms:ResourceAliases": "alias/b"}}),
        &[
            path,
            "W7 warning /ForAnyValue:StringNotEquals/kms:ResourceAliases",
        ],
    );
    condition(
        json!({"ForAllValues:StringNotLike": {"kms:ResourceAliases": "alias/a"}}),
        &[],
    );
}

#[test]
fn w9_operations_without_the_condition_key() {
    let on = |action: Value, key: &str, operator: &str| json!({"Action": action, "Resource": "*", "Condition": {operator: {key: "alias/a"}}});
    let request = "kms:RequestAlias";
    of(
        on(
            json!(["kms:DisableKey", "kms:Decrypt", "kms:CreateAlias"]),
            request,
            "StringEquals",
        ),
        &["W9 error /Action/0", "W9 error /Action/2"],
    );
    of(
        on(
            json!(["kms:DisableKey", "kms:Decrypt"]),
            request,
            "StringNotEquals",
        ),
        &["W9 warning /Action/0"],
    );
    of(
        on(json!("kms:DisableKey"), request, "StringEqualsIfExists"),
        &["W9 warning /Action"],
    );
    of(
        on(
            json!(["kms:GenerateRandom", "kms:*", "s3:GetObject", "kms:D*"]),
            request,
            "StringEquals",
        ),
        &[],
    );
    of(
        on(json!("kms:List*"), request, "StringEquals"),
        &["W9 error /Action"],
    );
    of(
        json!({"NotAction": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {request: "alias/a"}}}),
        &[],
    );
    of(
        json!({"Action": "kms:ListKeys", "Resource": "*", "Condition": {"Null": {request: "true"}}}),
        &[],
    );
    let resource = "kms:ResourceAliases";
    of(
        on(
            json!(["kms:ListKeys", "kms:List*", "kms:CreateAlias"]),
            resource,
            "ForAnyValue:StringEquals",
        ),
        &["W8 warning /Action/2", "W9 error /Action/0"],
    );
}

#[test]
fn w10_values_that_no_alias_name_can_match() {
    let key = "kms:RequestAlias";
    for value in [
        "app",
        "Alias/app",
        "alias/a b",
        "alias/*",
        "alias/?",
        "arn:aws:kms:eu-west-1:1:alias/a",
        "",
        "alias/",
        "alias/${*}",
    ] {
        condition(
            json!({"StringEquals": {key: value}}),
            &["W10 error /StringEquals/kms:RequestAlias"],
        );
    }
    for value in [
        "alias/a",
        "alias/aws/s3",
        "${aws:username}",
        "alias/${aws:username}",
        "al${aws:username}",
    ] {
        condition(json!({"StringEquals": {key: value}}), &[]);
    }
    for value in [
        "*",
        "al*",
        "*app",
        "?lias/*",
        "alias?app",
        "alias/a?",
        "*:*",
    ] {
        let expected: &[&str] = if value == "*:*" {
            &["W10 error /StringLike/kms:RequestAlias"]
        } else {
            &[]
        };
        condition(json!({"StringLike": {key: value}}), expected);
    }
    condition(
        json!({"StringNotLike": {key: ["app*", "alias/a"]}}),
        &["W10 warning /StringNotLike/kms:RequestAlias/0"],
    );
    condition(json!({"StringEqualsIgnoreCase": {key: "ALIAS/APP"}}), &[]);
}

#[test]
fn w11_operators_and_keys_that_do_not_work() {
    condition(
        json!({"ArnLike": {"kms:RequestAlias": "alias/a"}}),
        &["W11 error /ArnLike/kms:RequestAlias"],
    );
    condition(
        json!({"ForAnyValue:Null": {"kms:ResourceAliases": "true"}}),
        &["W11 error /ForAnyValue:Null/kms:ResourceAliases"],
    );
    condition(
        json!({"NullIfExists": {"kms:ResourceAliases": "true"}}),
        &["W11 error /NullIfExists/kms:ResourceAliases"],
    );
    condition(
        json!({"StringEquals": {"kms:AliasName": "alias/a"}}),
        &["W11 error /StringEquals/kms:AliasName"],
    );
    condition(
        json!({"StringEquals": {"kms:EncryptionContext:alias": "a", "aws:ResourceTag/alias": "b", "s3:Alias": "c"}}),
        &[],
    );
}

#[test]
fn w12_a_key_policy_is_told_or_known_by_its_root_statement() {
    let barred = json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Null": {"kms:ResourceAliases": "false"}}});
    let path = ["W12 error /Condition/Null/kms:ResourceAliases"];
    assert_eq!(short(&barred, PolicyKind::Key, false), path);
    let root = json!({"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "kms:*", "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [root, barred]});
    assert_eq!(
        short(&policy, PolicyKind::Identity, false),
        ["W12 error /Statement/1/Condition/Null/kms:ResourceAliases"]
    );
    let mut other = policy;
    other["Statement"][0]["Principal"] = json!({"AWS": "arn:aws:iam::210987654321:role/Admin"});
    assert_eq!(short(&other, PolicyKind::Identity, false), [""; 0]);
}

#[test]
fn w13_variables() {
    let document = |version: Value, value: &str| {
        let mut policy = json!({"Statement": [{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": [format!("arn:aws:kms:*:*:alias/{value}"), KEYS]}]});
        if !version.is_null() {
            policy["Version"] = version;
        }
        short(&policy, PolicyKind::Identity, false)
    };
    let error = ["W13 error /Statement/0/Resource/0"];
    assert_eq!(document(Value::Null, "${aws:username}"), error);
    assert_eq!(document(json!("2008-10-17"), "${aws:username}"), error);
    assert_eq!(document(json!("2012-10-17"), "${aws:username}"), [""; 0]);
    assert_eq!(
        document(json!("2012-10-17"), "${kms:ResourceAliases}"),
        error
    );
    assert_eq!(document(Value::Null, "${*}"), [""; 0]);
    of(
        json!({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${KMS:resourcealiases}"}),
        &["W13 error /Resource"],
    );
}
