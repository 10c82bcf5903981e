//! What breaks each rule, and what keeps it: requests on the sample account that the program carries
//! where KMS refuses one by the rule, cases in words where it does not.

/// A rule's number, what is wrong by it, and what is right.
pub type Example = (&'static str, &'static str, &'static str);

/// Requests: the first breaks the rule, and the second passes.
pub const REQUESTS: &[Example] = &[
    (
        "A1",
        r#"{"CreateAlias": {"AliasName": "payments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"CreateAlias": {"AliasName": "alias/payments-2", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "A2",
        r#"{"CreateAlias": {"AliasName": "alias/", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"CreateAlias": {"AliasName": "alias/p", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "A3",
        r#"{"CreateAlias": {"AliasName": "alias/pay.ments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"CreateAlias": {"AliasName": "alias/pay-ments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "A4",
        r#"{"CreateAlias": {"AliasName": "alias/aws-billing", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"CreateAlias": {"AliasName": "alias/billing-aws", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "A6",
        r#"{"CreateAlias": {"AliasName": "alias/payments", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"CreateAlias": {"AliasName": "alias/payments-new", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "K1",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "9F3E6B58"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "K3",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:111122223333:9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:111122223333:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "K5",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "alias/invoices"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "K7",
        r#"{"DeleteAlias": {}}"#,
        r#"{"DeleteAlias": {"AliasName": "alias/payments"}}"#,
    ),
    (
        "K8",
        r#"{"DisableKey": {"KeyId": "alias/payments"}}"#,
        r#"{"DisableKey": {"KeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "T1",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "00000000-0000-4000-8000-000000000000"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "T2",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:us-east-1:111122223333:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:111122223333:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "T3",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:444455556666:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "arn:aws:kms:eu-west-3:111122223333:key/1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "T4",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "T5",
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "U1",
        r#"{"UpdateAlias": {"AliasName": "alias/payment", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "U4",
        r#"{"UpdateAlias": {"AliasName": "alias/release-signing", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
        r#"{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60"}}"#,
    ),
    (
        "S4",
        r#"{"ScheduleKeyDeletion": {"KeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036", "PendingWindowInDays": 3}}"#,
        r#"{"ScheduleKeyDeletion": {"KeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036", "PendingWindowInDays": 7}}"#,
    ),
    (
        "S7",
        r#"{"DisableKey": {"KeyId": "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385"}}"#,
        r#"{"DisableKey": {"KeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#,
    ),
    (
        "S8",
        r#"{"EnableKey": {"KeyId": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48"}}"#,
        r#"{"CancelKeyDeletion": {"KeyId": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48"}}"#,
    ),
];

/// Cases of the rules that refuse no single request on the sample account.
pub const CASES: &[Example] = &[
    (
        "A5",
        "alias/App is taken to be alias/app: an update of alias/App fails where only alias/app exists",
        "alias/App and alias/app are two aliases, which may lead to two keys",
    ),
    (
        "A7",
        "arn:aws:kms:eu-west-3:111122223333:alias:payments",
        "arn:aws:kms:eu-west-3:111122223333:alias/payments",
    ),
    (
        "A8",
        "deleting alias/aws/s3, which is AWS's own (KMS refuses it by rule A4)",
        "reading alias/aws/s3 with DescribeKey, and giving one's own key another name",
    ),
    (
        "K2",
        "1234abcd-12ab-34cd-56ef-1234567890ab as the ID of a multi-Region key",
        "mrk-1234abcd12ab34cd56ef1234567890ab as the ID of a multi-Region key",
    ),
    (
        "K4",
        "arn:aws:kms:cn-north-1:111122223333:key/9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
        "arn:aws-cn:kms:cn-north-1:111122223333:key/9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
    ),
    (
        "K6",
        "aws kms encrypt --key-id payments",
        "aws kms encrypt --key-id alias/payments",
    ),
    (
        "T6",
        "a 51st alias on one key, where the quota is 50",
        "a 51st alias on another key, or after AWS has raised the quota",
    ),
    (
        "U2",
        "UpdateAlias of an alias of another account: only aliases of the caller's own account are looked at",
        "the request is made with credentials of the account that has the alias",
    ),
    (
        "U3",
        "alias/data moves from a key of spec SYMMETRIC_DEFAULT to one of spec RSA_2048",
        "alias/data moves from a key of spec RSA_2048 to one of spec RSA_4096 of the same usage",
    ),
    (
        "U5",
        "keeping alias/archive on a key that is pending deletion, because moving it is thought to fail",
        "UpdateAlias moves alias/archive off the key that is pending deletion",
    ),
    (
        "U6",
        "CreationDate is read as the date of the last move",
        "LastUpdatedDate tells when the alias was moved last",
    ),
    (
        "U7",
        "an update to the key that the alias has already is thought to change nothing",
        "such an update succeeds, and LastUpdatedDate is its time",
    ),
    (
        "C1",
        "a new alias is refused because another alias of the key is of another use",
        "CreateAlias takes a key of any type and usage",
    ),
    (
        "D1",
        "an alias of a key that is pending deletion is thought to be stuck",
        "DeleteAlias works whatever the state of the key is",
    ),
    (
        "D2",
        "deleting an alias to disable its key",
        "DisableKey disables the key; its aliases stay",
    ),
    (
        "L1",
        "a list without alias/aws/ names is taken as complete",
        "aws kms list-aliases shows AWS's own aliases too",
    ),
    (
        "L2",
        "aws kms list-aliases --limit 500",
        "aws kms list-aliases --limit 100",
    ),
    (
        "L3",
        "the first page, whose Truncated is true, is taken as the whole list",
        "the page that NextMarker leads to is asked for until Truncated is false",
    ),
    (
        "L4",
        "a list is thought to be in the order in which the aliases were made",
        "alias/B comes before alias/a: upper case comes first in byte order",
    ),
    (
        "L5",
        "asking DescribeKey which aliases a key has",
        "aws kms list-aliases --key-id shows the aliases of a key",
    ),
    (
        "S1",
        r#""Origin": "AWS_KMS", "KeyState": "PendingImport""#,
        r#""Origin": "EXTERNAL", "KeyState": "PendingImport""#,
    ),
    (
        "S2",
        r#""Origin": "AWS_KMS", "KeyState": "Unavailable""#,
        r#""Origin": "AWS_CLOUDHSM", "KeyState": "Unavailable""#,
    ),
    (
        "S3",
        r#""MultiRegion": false, "KeyState": "Updating""#,
        r#""MultiRegion": true, "KeyState": "Updating""#,
    ),
    (
        "S5",
        "expecting alias/archive to be free as soon as its key is pending deletion",
        "the name is free once the key is deleted, or DeleteAlias frees it before",
    ),
    (
        "S6",
        "Encrypt through alias/payments while its key is disabled: the alias resolves, and KMS answers DisabledException",
        "Encrypt through alias/payments while its key is enabled",
    ),
    (
        "M",
        r#""KeySpec": "HMAC_256", "KeyUsage": "SIGN_VERIFY""#,
        r#""KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC""#,
    ),
    (
        "P1",
        r#"{"StringEquals": {"kms:RequestAlias": "alias/payments"}} is to allow a request that names the key by its ID"#,
        "the request names the key as alias/payments, or by the ARN of the alias",
    ),
    (
        "P2",
        r#"{"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/payments"}} is thought to deny a request by key ID"#,
        "it allows any request on a key that has alias/payments, however the request names the key",
    ),
    (
        "P3",
        r#"{"StringLike": {"kms:RequestAlias": "payments*"}}, which matches no alias name"#,
        r#"{"StringLike": {"kms:RequestAlias": "alias/payments*"}}"#,
    ),
    (
        "P4",
        "an alias alias/prod-x is put on a key, and whoever may use keys under `alias/prod-*` may use this one too, up to five minutes later",
        "conditions on aliases are read before an alias is made, moved or deleted: check --conditions tells who is touched",
    ),
    (
        "P5",
        "a key with 60 aliases where the quota is 50: every condition on kms:ResourceAliases denies it",
        "the quota is raised, or aliases are deleted until the key has 50",
    ),
    (
        "Q",
        "one account and Region is to have 200,000 customer managed keys",
        "the keys are spread over accounts or Regions",
    ),
    (
        "I1",
        "alias/payments is listed twice, with two keys",
        "alias/payments is listed once",
    ),
    (
        "I2",
        "an alias of us-east-1 among those of eu-west-3",
        "each account and Region in a file or list of its own",
    ),
    (
        "I3",
        "an account is thought to be unreadable because alias/aws-prod stands in it",
        "it is read, and a warning tells of the name",
    ),
    (
        "I4",
        "undoing the first of two changes and keeping the second",
        "undoing the second change, and then the first",
    ),
    (
        "I5",
        "a key is removed from the table while alias/payments names it",
        "the alias is deleted or moved first",
    ),
    (
        "I6",
        "a key that is not described is taken as enabled",
        "the verdict is undecided, until --account has what aws kms describe-key prints",
    ),
    (
        "H1",
        "a key with alias/payments is taken as perhaps AWS managed",
        "it is customer managed, and so a possible target",
    ),
    (
        "H2",
        "a key with alias/aws/s3 is taken as perhaps customer managed",
        "it is AWS managed, and no possible target (rule T4)",
    ),
    (
        "H3",
        "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036 is taken as perhaps a multi-Region key",
        "mrk-1234abcd12ab34cd56ef1234567890ab is one, and it alone",
    ),
    (
        "H4",
        "a key that the last page of aws kms list-keys lacks is thought to exist",
        "KMS answers NotFoundException (rule T1)",
    ),
    (
        "H5",
        "a name that the last page of aws kms list-aliases lacks is thought to be taken",
        "CreateAlias may use it",
    ),
    (
        "H6",
        "check --changes plan.json without --account: that the names are free is an assumption",
        "check --account account.json --changes plan.json, where account.json has what aws kms list-aliases printed",
    ),
    (
        "F1",
        "kms_key_id = aws_kms_alias.data.arn",
        "kms_key_id = aws_kms_key.data.arn",
    ),
    (
        "F2",
        "a plan moves alias/data to a new key and destroys the old one",
        "the plan moves the alias; the old key goes months later, when nothing is encrypted under it any more",
    ),
    (
        "F3",
        "aws kms verify --key-id alias/release, for a signature from before the move of the alias",
        "aws kms verify with the ARN of the key that signed",
    ),
    (
        "F4",
        "a replica in us-east-1 of a key that is alias/data in eu-west-3, and no alias/data in us-east-1",
        "an aws_kms_alias in each Region, each with the key there",
    ),
    (
        "F5",
        "the plan was made before the alias was moved by hand, and its prior state has the old key",
        "terraform plan is run again, so that plan and account are of one time",
    ),
    (
        "F6",
        "aws kms list-aliases --max-items 50, which ends before the last page",
        "aws kms list-aliases, which prints all pages",
    ),
    (
        "F7",
        "list-keys was printed yesterday and list-aliases today, after a key was made",
        "both lists are printed one after the other",
    ),
    (
        "F8",
        "a nested stack whose TemplateURL is an https address, a macro, or a resource that Terraform defers: what it does to aliases is not judged",
        "the nested template is a file beside that of its parent; the plan is made again once its values are known",
    ),
    (
        "F9",
        "KeySpec of an AWS::KMS::Key changes from SYMMETRIC_DEFAULT to RSA_2048 in the same resource",
        "a new AWS::KMS::Key with its own logical ID, to which the alias moves",
    ),
    (
        "F10",
        "describe-key was printed in October, and the key was to be deleted on the first of November, before the plan is run",
        "describe-key and list-aliases are printed again right before the plan is checked",
    ),
    (
        "F11",
        "data.aws_kms_alias asks for alias/payment once the plan is applied, and the account has alias/payments",
        "the name is mended, or the plan makes the alias and the data source waits for it (`depends_on`)",
    ),
    (
        "F12",
        "a plan destroys aws_kms_key.old, and alias/billing, which another team made, names that key",
        "alias/billing is moved to another key first, or deleted in the same plan",
    ),
    (
        "F13",
        "aws_kms_alias.a has target_key_id = aws_kms_key.k[each.key == \"a\" ? \"b\" : \"a\"].key_id, and one key encrypts while the other one signs",
        "target_key_id = aws_kms_key.k[each.key].key_id",
    ),
];
