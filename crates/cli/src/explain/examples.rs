//! Requests that break the rules of KMS, on the sample account that the program carries.

use kms_alias::Rule;

/// A rule, and a request on the sample account that breaks it. Rules that are not here refuse no
/// single request on that account.
pub const EXAMPLES: &[(Rule, &str)] = &[
    (
        Rule::A1,
        r#"{"CreateAlias": {"AliasName": "payments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::A2,
        r#"{"CreateAlias": {"AliasName": "alias/", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::A3,
        r#"{"CreateAlias": {"AliasName": "alias/pay.ments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::A4,
        r#"{"CreateAlias": {"AliasName": "alias/aws-billing", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::A6,
        r#"{"CreateAlias": {"AliasName": "alias/payments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::K1,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "9F3E6B58"}}"#,
    ),
    (
        Rule::K3,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:111122223333:9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        Rule::K5,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "alias/invoices"}}"#,
    ),
    (Rule::K7, r#"{"DeleteAlias": {}}"#),
    (Rule::K8, r#"{"DisableKey": {"KeyId": "alias/payments"}}"#),
    (
        Rule::T1,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "00000000-0000-4000-8000-000000000000"}}"#,
    ),
    (
        Rule::T2,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:us-east-1:111122223333:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        Rule::T3,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:444455556666:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        Rule::T5,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48"}}"#,
    ),
    (
        Rule::U1,
        r#"{"UpdateAlias": {"AliasName": "alias/payment", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        Rule::U4,
        r#"{"UpdateAlias": {"AliasName": "alias/release-signing", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        Rule::S4,
        r#"{"ScheduleKeyDeletion": {"KeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036", "PendingWindowInDays": 3}}"#,
    ),
    (
        Rule::S8,
        r#"{"EnableKey": {"KeyId": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48"}}"#,
    ),
];
