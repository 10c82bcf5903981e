//! Rules on `Resource` and `Action`: W1, W2, W3, W8, W14.

use super::*;

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
fn policies_of_an_organization_are_held_against_the_rules_and_give_no_half_w1_w14() {
    for kind in [PolicyKind::Scp, PolicyKind::Rcp] {
        let deny =
            json!({"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": ALIAS});
        of_kind(deny, kind, &["W1 error /Resource"]);
        let allow = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ALIAS}]});
        assert_eq!(short(&allow, kind, true), [""; 0]);
        assert_eq!(
            short(&allow, PolicyKind::Identity, true),
            ["W14 warning /Statement/0/Action"]
        );
    }
    assert_eq!(PolicyKind::from_name("rcp"), Some(PolicyKind::Rcp));
}

#[test]
fn an_alias_behind_key_is_the_arn_of_nothing_w3() {
    let arn = "arn:aws:kms:eu-west-1:210987654321:key/";
    for (resource, expected) in [
        (format!("{arn}alias/app"), &["W3 error /Resource"][..]),
        (format!("{arn}alias/*"), &["W3 error /Resource"]),
        (format!("{arn}{ALIAS}"), &["W3 error /Resource"]),
        (
            "arn:*:kms:*:*:key/alias/app".to_owned(),
            &["W3 error /Resource"],
        ),
        (format!("{arn}*"), &[]),
        (format!("{arn}alias"), &[]),
        (format!("{arn}${{aws:PrincipalTag/key}}"), &[]),
        ("arn:aws:s3:::key/alias/app".to_owned(), &[]),
    ] {
        for action in ["kms:Decrypt", "kms:UpdateAlias"] {
            of(json!({"Action": action, "Resource": resource}), expected);
        }
    }
}
