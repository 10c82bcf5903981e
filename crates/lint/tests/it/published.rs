//! Policies after the examples that AWS publishes in the developer guide of KMS: nothing is found
//! in them, whatever they are attached to there.

use kms_alias_lint::{PolicyKind, lint_policy};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const USE: [&str; 5] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
];

fn document(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn allow(action: Value, resource: Value, condition: Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    statement
}

fn deny(action: Value, resource: Value, condition: Value) -> Value {
    let mut statement = allow(action, resource, condition);
    statement["Effect"] = json!("Deny");
    statement
}

fn to(principal: Value, mut statement: Value) -> Value {
    statement["Principal"] = principal;
    statement
}

#[track_caller]
fn silent(kind: PolicyKind, policies: &[Value]) {
    for policy in policies {
        let text = policy.to_string();
        let found = lint_policy(text.as_bytes(), kind, false).expect("a policy");
        let found: Vec<_> = found.iter().map(|one| &one.message).collect();
        assert!(found.is_empty(), "{found:#?} in {policy:#}");
    }
}

/// A key policy: the account, administrators, users, services that need grants.
#[test]
fn key_policies_are_silent() {
    let role = |name: &str| json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/{name}")});
    let root = || {
        to(
            json!({"AWS": ROOT}),
            allow(json!("kms:*"), json!("*"), Value::Null),
        )
    };
    let administrators = json!([
        "kms:Create*",
        "kms:Describe*",
        "kms:Enable*",
        "kms:List*",
        "kms:Put*",
        "kms:Update*",
        "kms:Revoke*",
        "kms:Disable*",
        "kms:Get*",
        "kms:Delete*",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:ScheduleKeyDeletion",
        "kms:CancelKeyDeletion",
        "kms:RotateKeyOnDemand"
    ]);
    let grants = allow(
        json!(["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]),
        json!("*"),
        json!({"Bool": {"kms:GrantIsForAWSResource": true}}),
    );
    let by_name = |operator: &str, value: &str| {
        allow(
            json!(USE),
            json!("*"),
            json!({operator: {"kms:RequestAlias": value}}),
        )
    };
    let via = json!({"StringEquals": {
        "kms:ViaService": "ec2.us-west-2.amazonaws.com", "kms:CallerAccount": ACCOUNT
    }});
    silent(
        PolicyKind::Key,
        &[
            document(json!([root()])),
            document(json!([
                root(),
                to(
                    role("KeyAdmin"),
                    allow(administrators, json!("*"), Value::Null)
                ),
                to(role("KeyUser"), allow(json!(USE), json!("*"), Value::Null)),
                to(role("KeyUser"), grants),
            ])),
            // Other accounts may use the key.
            document(json!([to(
                json!({"AWS": ["arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/Other"]}),
                allow(json!(USE), json!("*"), Value::Null)
            )])),
            // A request has to name the alias.
            document(json!([
                root(),
                to(
                    role("KeyUser"),
                    by_name("StringEquals", "alias/ExampleAlias")
                ),
                to(role("KeyUser"), by_name("StringLike", "alias/Example*")),
            ])),
            document(json!([to(json!("*"), allow(json!(USE), json!("*"), via))])),
            document(json!([to(
                role("KeyUser"),
                allow(
                    json!(["kms:Sign", "kms:GetPublicKey", "kms:DescribeKey"]),
                    json!("*"),
                    json!({"StringLike": {"kms:RequestAlias": "alias/signing/*"}})
                )
            )])),
            document(json!([to(
                json!("*"),
                deny(
                    json!("kms:*"),
                    json!("*"),
                    json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}})
                )
            )])),
        ],
    );
}

/// IAM policies on the use of keys, by key ARN and by alias, in the own account and in others.
#[test]
fn policies_on_the_use_of_keys_are_silent() {
    let of_two = json!([
        "arn:aws:kms:*:111122223333:key/*",
        "arn:aws:kms:*:444455556666:key/*"
    ]);
    let with_alias =
        |operator: &str, value: Value| json!({operator: {"kms:ResourceAliases": value}});
    silent(
        PolicyKind::Identity,
        &[
            document(json!([allow(json!(USE), json!(KEY), Value::Null)])),
            document(json!(allow(json!(USE), of_two.clone(), Value::Null))),
            document(json!([allow(
                json!([
                    "kms:ListKeys",
                    "kms:ListAliases",
                    "kms:DescribeKey",
                    "kms:GenerateRandom"
                ]),
                json!("*"),
                Value::Null
            )])),
            document(json!([allow(
                json!([
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:GenerateDataKey*",
                    "kms:DescribeKey"
                ]),
                of_two.clone(),
                with_alias("ForAnyValue:StringLike", json!("alias/test-*"))
            )])),
            document(json!([allow(
                json!([
                    "kms:GetKeyPolicy",
                    "kms:ListGrants",
                    "kms:EnableKey",
                    "kms:ScheduleKeyDeletion"
                ]),
                json!("arn:aws:kms:*:111122223333:key/*"),
                with_alias(
                    "ForAnyValue:StringEquals",
                    json!(["alias/ProjectAlpha", "alias/ProjectAlpha_Test"])
                )
            )])),
            document(json!([
                allow(json!(USE), of_two, Value::Null),
                deny(
                    json!(["kms:Decrypt", "kms:ReEncryptFrom"]),
                    json!("*"),
                    with_alias("ForAnyValue:StringLike", json!("alias/restricted/*"))
                ),
            ])),
            document(json!([allow(
                json!("kms:Decrypt"),
                json!("*"),
                json!({
                    "StringEquals": {"kms:RequestAlias": "alias/ExampleAlias", "kms:EncryptionContext:purpose": "x"},
                    "Bool": {"aws:MultiFactorAuthPresent": "true"}
                })
            )])),
            document(json!([allow(
                json!(USE),
                json!("*"),
                with_alias(
                    "ForAnyValue:StringEquals",
                    json!("alias/${aws:PrincipalTag/project}")
                )
            )])),
        ],
    );
}

/// IAM policies on aliases: the alias and the key, each in a statement or both in one.
#[test]
fn policies_on_aliases_are_silent() {
    let alias = "arn:aws:kms:us-west-2:111122223333:alias/ExampleAlias";
    let changes = json!(["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"]);
    let keys = "arn:aws:kms:us-west-2:111122223333:key/*";
    silent(
        PolicyKind::Identity,
        &[
            document(json!([allow(
                changes.clone(),
                json!([alias, KEY]),
                Value::Null
            )])),
            document(json!([allow(
                changes.clone(),
                json!([
                    "arn:aws:kms:*:111122223333:alias/*",
                    "arn:aws:kms:*:111122223333:key/*"
                ]),
                Value::Null
            )])),
            document(json!([
                allow(json!("kms:UpdateAlias"), json!(alias), Value::Null),
                allow(
                    json!("kms:UpdateAlias"),
                    json!(keys),
                    json!({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyUsage": "ENCRYPT_DECRYPT"}})
                ),
            ])),
            document(json!([
                allow(
                    json!("kms:UpdateAlias"),
                    json!("arn:aws:kms:*:111122223333:alias/test*"),
                    Value::Null
                ),
                allow(
                    json!("kms:UpdateAlias"),
                    json!(keys),
                    json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/test*"}})
                ),
            ])),
            document(json!([allow(
                json!(["kms:CreateKey", "kms:TagResource", "kms:CreateAlias"]),
                json!("*"),
                Value::Null
            )])),
            document(json!([deny(
                changes,
                json!("arn:aws:kms:*:111122223333:alias/protected/*"),
                Value::Null
            )])),
        ],
    );
}

/// Service control policies that guard keys and aliases.
#[test]
fn service_control_policies_are_silent() {
    let but_for = json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/KeyAdmin"}});
    silent(
        PolicyKind::Scp,
        &[
            document(json!([deny(
                json!(["kms:ScheduleKeyDeletion", "kms:DisableKey"]),
                json!("*"),
                json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/protected/*"}})
            )])),
            document(json!([deny(
                json!(["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"]),
                json!("*"),
                but_for.clone()
            )])),
            document(json!([deny(
                json!("kms:DeleteAlias"),
                json!("arn:aws:kms:*:*:alias/protected/*"),
                but_for
            )])),
            document(json!([deny(
                json!("kms:ScheduleKeyDeletion"),
                json!("*"),
                json!({
                    "ForAllValues:StringNotLike": {"kms:ResourceAliases": "alias/temporary/*"},
                    "Null": {"kms:ResourceAliases": "false"}
                })
            )])),
            document(json!([deny(
                json!(["kms:CreateKey", "kms:ReplicateKey"]),
                json!("*"),
                json!({"Bool": {"kms:MultiRegion": true}})
            )])),
        ],
    );
}
