//! What the ARN of a resource of another service tells of the account in which its provider acts.

use kms_alias::AccountId;

/// Services in which an account manages resources of its own alone (ours: in others, such as
/// Organizations, a delegated administrator manages what is another account's).
const OF_OWNER: [&str; 12] = [
    "dynamodb",
    "ecr",
    "ecs",
    "events",
    "iam",
    "lambda",
    "logs",
    "rds",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
];

/// Resources whose ARN is that of what they belong to, or made from it, which may be another account's, whether or
/// not the configuration sets it: the topic of a subscription, the secret of a version, the event bus of a rule (ours).
const OF_ANOTHER: [&str; 8] = [
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_event_target",
    "aws_secretsmanager_secret_policy",
    "aws_secretsmanager_secret_rotation",
    "aws_secretsmanager_secret_version",
    "aws_sns_topic_data_protection_policy",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
];

/// The account in the ARN of a resource, if none but its owner manages it.
pub(super) fn account_of_manager(kind: &str, arn: &str) -> Option<AccountId> {
    let mut parts = arn.strip_prefix("arn:")?.split(':');
    let service = parts.nth(1)?;
    let account = parts.nth(1)?.parse().ok()?;
    let is_own = OF_OWNER.contains(&service) && !OF_ANOTHER.contains(&kind);
    is_own.then_some(account)
}
