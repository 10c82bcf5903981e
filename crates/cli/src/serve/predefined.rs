//! The aliases that AWS predefines in every account and Region (rule A8).

use kms_alias::{AliasListEntry, AnyAliasName};

/// Those of the services that encrypt with a key of their own; AWS publishes no list, and which
/// there are differs between Regions (ours).
const SERVICES: &[&str] = &[
    "acm",
    "backup",
    "codecommit",
    "connect",
    "dynamodb",
    "ebs",
    "ecr",
    "elasticfilesystem",
    "es",
    "fsx",
    "glue",
    "kafka",
    "kinesis",
    "kinesisvideo",
    "lambda",
    "rds",
    "redshift",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "workspaces",
    "xray",
];

/// Aliases without a key: AWS makes the key when it is first needed.
pub(crate) fn aliases() -> impl Iterator<Item = AliasListEntry> {
    SERVICES.iter().filter_map(|service| {
        let name: AnyAliasName = format!("alias/aws/{service}").parse().ok()?;
        Some(AliasListEntry::new(name, None))
    })
}
