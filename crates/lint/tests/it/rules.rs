//! Each sentence of the rules W1–W14, with its exceptions.

use kms_alias_lint::{PolicyKind, PolicyRule, lint_policy};
use serde_json::{Value, json};

use crate::policies::findings;

const ALIAS: &str = "arn:aws:kms:eu-west-1:210987654321:alias/app";
const KEY: &str = "arn:aws:kms:eu-west-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6";
const KEYS: &str = "arn:aws:kms:eu-west-1:210987654321:key/*";

fn short(policy: &Value, kind: PolicyKind, complete: bool) -> Vec<String> {
    let found = findings(policy, kind, complete);
    let row = |finding: &kms_alias_lint::Finding| {
        let path = &finding.policy.as_ref().unwrap().path;
        format!("{} {} {path}", finding.rule, finding.severity)
    };
    let mut rows: Vec<_> = found.iter().map(row).collect();
    rows.sort();
    rows
}

/// Checks a statement, Allow unless it says otherwise.
#[track_caller]
fn of(statement: Value, expected: &[&str]) {
    of_kind(statement, PolicyKind::Identity, expected);
}

#[track_caller]
fn of_kind(mut statement: Value, kind: PolicyKind, expected: &[&str]) {
    statement
        .as_object_mut()
        .unwrap()
        .entry("Effect")
        .or_insert(json!("Allow"));
    assert_eq!(short(&statement, kind, false), expected, "{statement}");
}

/// Checks a condition on Decrypt of any key.
#[track_caller]
fn condition(condition: Value, expected: &[&str]) {
    let statement = json!({"Action": "kms:Decrypt", "Resource": "*", "Condition": condition});
    let prefixed: Vec<_> = expected
        .iter()
        .map(|row| row.replace(" /", " /Condition/"))
        .collect();
    of(
        statement,
        &prefixed.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn examples_of_each_rule_break_it_and_the_mended_ones_break_none() {
    for rule in PolicyRule::ALL {
        let complete = *rule == PolicyRule::W14;
        let judge =
            |text: &str| lint_policy(text.as_bytes(), PolicyKind::Identity, complete).unwrap();
        let wrong = judge(rule.wrong());
        assert!(!wrong.is_empty(), "{rule}");
        assert!(
            wrong
                .iter()
                .all(|finding| finding.rule.number() == rule.number()),
            "{rule}: {wrong:?}"
        );
        assert_eq!(judge(rule.right()), [], "{rule}");
    }
}

#[test]
fn w1_an_alias_arn_gives_nothing_to_operations_on_keys() {
    of(
        json!({"Action": ["kms:Decrypt", "s3:GetObject"], "Resource": [ALIAS, "arn:aws:s3:::b/*"]}),
        &["W1 error /Resource/0"],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": [ALIAS, KEY]}),
        &["W1 warning /Resource/0"],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": [ALIAS, "*"]}),
        &[],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": [ALIAS, KEYS]}),
        &[],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": [ALIAS, "arn:aws:kms:*:210987654321:*"]}),
        &[],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": [ALIAS, "arn:aws:kms:us-east-1:210987654321:key/*"]}),
        &["W1 warning /Resource/0"],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": ["arn:aws:kms:*:210987654321:alias/app", KEYS]}),
        &["W1 warning /Resource/0"],
    );
    of(
        json!({"Action": ["kms:ListAliases", "kms:ListKeys"], "Resource": ALIAS}),
        &[],
    );
    of(json!({"Action": "s3:*", "Resource": ALIAS}), &[]);
    of(
        json!({"Action": "KMS:decrypt", "Resource": ALIAS}),
        &["W1 error /Resource"],
    );
    of(
        json!({"Action": "kms:Decr?pt", "Resource": "arn:aws:kms:*:*:alias*"}),
        &["W1 error /Resource"],
    );
}

#[test]
fn w1_beside_operations_on_aliases_the_action_is_at_fault() {
    of(
        json!({"Action": ["kms:CreateAlias", "kms:Decrypt", "kms:List*"], "Resource": ALIAS}),
        &["W1 error /Action/1", "W1 error /Action/2"],
    );
    of(
        json!({"Action": ["kms:CreateAlias", "kms:Decrypt"], "Resource": [ALIAS, KEYS]}),
        &[],
    );
    of(json!({"Action": "kms:*", "Resource": ALIAS}), &[]);
    of(
        json!({"Action": ["kms:*Alias", "kms:DescribeKey"], "Resource": ALIAS}),
        &["W1 error /Action/1"],
    );
}

#[test]
fn w1_in_not_action_and_not_resource() {
    of(
        json!({"NotAction": "kms:*Alias", "Resource": ALIAS}),
        &["W1 error /Resource"],
    );
    of(json!({"NotAction": "iam:*", "Resource": ALIAS}), &[]);
    of(
        json!({"Effect": "Deny", "Action": "kms:Decrypt", "NotResource": [ALIAS, KEY]}),
        &["W1 warning /NotResource/0"],
    );
    of(
        json!({"Effect": "Deny", "Action": "kms:CreateAlias", "NotResource": [ALIAS, KEY]}),
        &[],
    );
}

#[test]
fn w1_in_a_key_policy_every_alias_arn_counts() {
    let statement = json!({"Action": ["kms:CreateAlias", "kms:Decrypt"], "Resource": ALIAS});
    of_kind(statement, PolicyKind::Key, &["W1 error /Resource"]);
    let statement = json!({"Action": ["kms:CreateAlias"], "Resource": [ALIAS, "*"]});
    of_kind(statement, PolicyKind::Key, &[]);
}

#[test]
fn w2_aliases_of_aws() {
    let own = "arn:aws:kms:*:*:alias/aws/*";
    of(
        json!({"Action": "kms:*", "Resource": [own, KEYS]}),
        &["W2 error /Resource/0"],
    );
    of(
        json!({"Effect": "Deny", "Action": "kms:DeleteAlias", "Resource": own}),
        &[],
    );
    of(
        json!({"Action": "kms:DeleteAlias", "Resource": "arn:aws:kms:*:*:alias/*"}),
        &[],
    );
    condition(
        json!({"StringEquals": {"kms:RequestAlias": ["alias/s3", "alias/app", "alias/aws/s3", "alias/s3x"]}}),
        &["W2 note /StringEquals/kms:RequestAlias/0"],
    );
}

#[test]
fn w3_forms_of_an_alias() {
    of(
        json!({"Action": "kms:CreateAlias", "Resource": ["alias/app", KEYS]}),
        &["W3 error /Resource/0"],
    );
    of(
        json!({"Action": "kms:CreateAlias", "Resource": ["arn:aws:kms:*:*:alias:app", KEYS]}),
        &["W3 error /Resource/0"],
    );
    of(json!({"Action": "lambda:*", "Resource": "alias/app"}), &[]);
    condition(
        json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/alias/*"]}}),
        &["W3 note /ForAnyValue:StringLike/kms:ResourceAliases/0"],
    );
}

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
fn w8_where_every_resource_is_an_alias() {
    let on_alias = |effect: &str, condition: Value| json!({"Effect": effect, "Action": "kms:DeleteAlias", "Resource": ALIAS, "Condition": condition});
    of(
        on_alias("Allow", json!({"Null": {"kms:ResourceAliases": "true"}})),
        &["W8 warning /Condition/Null/kms:ResourceAliases"],
    );
    of(
        on_alias("Allow", json!({"Null": {"kms:ResourceAliases": "false"}})),
        &["W8 error /Condition/Null/kms:ResourceAliases"],
    );
    of(
        on_alias("Allow", json!({"Bool": {"kms:MultiRegion": "true"}})),
        &["W8 error /Condition/Bool/kms:MultiRegion"],
    );
    of(
        on_alias(
            "Deny",
            json!({"StringEqualsIfExists": {"KMS:CustomerMasterKeySpec": "RSA_2048"}}),
        ),
        &["W8 warning /Condition/StringEqualsIfExists/KMS:CustomerMasterKeySpec"],
    );
    of(
        on_alias(
            "Allow",
            json!({"StringNotEquals": {"kms:KeyUsage": "X"}, "StringEquals": {"kms:KeySpec": "Y"}}),
        ),
        &["W8 error /Condition/StringEquals/kms:KeySpec"],
    );
    of(
        on_alias(
            "Allow",
            json!({"StringEquals": {"aws:PrincipalTag/Team": "a", "kms:CallerAccount": "1"}}),
        ),
        &[],
    );
    of(
        json!({"Action": "kms:Decrypt", "Resource": KEYS, "Condition": {"StringEquals": {"kms:KeySpec": "Y"}}}),
        &[],
    );
}

#[test]
fn w8_where_aliases_are_among_the_resources() {
    let any = json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/a*"}});
    let on = |resource: Value| json!({"Action": ["kms:UpdateAlias", "kms:Decrypt", "kms:*Alias", "kms:*"], "Resource": resource, "Condition": any});
    of(
        on(json!("*")),
        &["W8 warning /Action/0", "W8 warning /Action/2"],
    );
    of(
        on(json!([ALIAS, KEYS])),
        &["W8 warning /Action/0", "W8 warning /Action/2"],
    );
    of(on(json!(KEYS)), &[]);
    let mut deny = on(json!("*"));
    deny["Effect"] = json!("Deny");
    of(deny.clone(), &[]);
    deny["Condition"] = json!({"ForAllValues:StringNotLike": {"kms:ResourceAliases": "alias/a*"}});
    of(deny, &["W8 warning /Action/0", "W8 warning /Action/2"]);
}

#[test]
fn w8_is_silent_where_another_statement_gives_the_alias_half() {
    let any = json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/a*"}});
    let with = |other: Value| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:UpdateAlias", "Resource": "*", "Condition": any}, other]});
    let judge = |other: Value| short(&with(other), PolicyKind::Identity, false);
    assert_eq!(
        judge(json!({"Effect": "Allow", "Action": "kms:Update*", "Resource": ALIAS})),
        [""; 0]
    );
    let warning = ["W8 warning /Statement/0/Action"];
    assert_eq!(
        judge(json!({"Effect": "Deny", "Action": "kms:UpdateAlias", "Resource": ALIAS})),
        warning
    );
    assert_eq!(
        judge(json!({"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ALIAS})),
        warning
    );
    assert_eq!(
        judge(json!({"Effect": "Allow", "Action": "kms:UpdateAlias", "Resource": KEYS})),
        warning
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

#[test]
fn w14_half_a_permission() {
    let judge = |statements: Value| {
        short(
            &json!({"Version": "2012-10-17", "Statement": statements}),
            PolicyKind::Identity,
            true,
        )
    };
    let allow = |action: Value, resource: Value| json!({"Effect": "Allow", "Action": action, "Resource": resource});
    assert_eq!(
        judge(json!([allow(json!("kms:*Alias"), json!(ALIAS))])),
        ["W14 warning /Statement/0/Action"]
    );
    assert_eq!(
        judge(json!([allow(
            json!(["kms:ListKeys", "kms:CreateAlias"]),
            json!(KEYS)
        )])),
        ["W14 error /Statement/0/Action/1"]
    );
    assert_eq!(judge(json!([allow(json!("kms:*"), json!("*"))])), [""; 0]);
    assert_eq!(
        judge(json!([allow(
            json!("kms:UpdateAlias"),
            json!([ALIAS, KEY])
        )])),
        ["W14 warning /Statement/0/Resource/1"]
    );
    assert_eq!(
        judge(json!([
            allow(json!("kms:UpdateAlias"), json!([ALIAS, KEY])),
            allow(json!("kms:UpdateAlias"), json!(KEYS))
        ])),
        [""; 0]
    );
    assert_eq!(
        judge(json!([
            allow(json!("kms:CreateAlias"), json!(ALIAS)),
            allow(json!("kms:CreateAlias"), json!(KEYS))
        ])),
        [""; 0]
    );
    assert_eq!(
        judge(json!([{"Effect": "Deny", "Action": "kms:CreateAlias", "Resource": ALIAS}])),
        [""; 0]
    );
    assert_eq!(
        judge(json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}])),
        [""; 0]
    );
}

#[test]
fn w14_spans_the_documents_of_a_file_and_a_key_policy_gives_no_alias_half() {
    let document = |action: &str, resource: &str| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]});
    let both = json!([
        document("kms:CreateAlias", ALIAS),
        document("kms:CreateAlias", KEYS)
    ]);
    assert_eq!(short(&both, PolicyKind::Identity, true), [""; 0]);
    let of_key = document("kms:CreateAlias", "*");
    assert_eq!(
        short(&of_key, PolicyKind::Key, true),
        ["W14 error /Statement/0/Action"]
    );
}

#[test]
fn statements_alone_in_lists_and_in_answers_of_the_cli_have_their_pointers() {
    let statement =
        json!({"Sid": "", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": [ALIAS]});
    assert_eq!(
        short(&statement, PolicyKind::Identity, false),
        ["W1 error /Resource/0"]
    );
    assert_eq!(
        short(&json!([statement, statement]), PolicyKind::Identity, false),
        ["W1 error /0/Resource/0", "W1 error /1/Resource/0"]
    );
    let document = json!({"Version": "2012-10-17", "Statement": statement});
    assert_eq!(
        short(&document, PolicyKind::Identity, false),
        ["W1 error /Statement/Resource/0"]
    );
    assert_eq!(
        short(&json!([document]), PolicyKind::Identity, false),
        ["W1 error /0/Statement/Resource/0"]
    );
    let answer = json!({"PolicyVersion": {"VersionId": "v1", "Document": document}});
    assert_eq!(
        short(&answer, PolicyKind::Identity, false),
        ["W1 error /PolicyVersion/Document/Statement/Resource/0"]
    );
}
