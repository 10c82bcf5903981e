//! What the command is told, and its help.

use std::path::PathBuf;

use clap::Args;
use kms_alias::Timestamp;
use kms_alias_files::parse_timestamp;

use crate::common::Reserved;

/// Foresees a list of changes to KMS aliases and keys against a real account: which step fails,
/// with which exception, and by which rule; whom it locks out. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What `aws kms list-aliases` and `aws kms describe-key` printed, any number of documents
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "changes")]
    pub account: Vec<PathBuf>,
    /// The changes: {"UpdateAlias": {"AliasName": "…", "TargetKeyId": "…"}} and so on
    #[arg(long, value_name = "FILE", requires = "account")]
    pub changes: Option<PathBuf>,
    /// Conditions of policies under names of your choice: say which keys come under each of them
    /// or fall out of it
    #[arg(long, value_name = "FILE")]
    pub conditions: Option<PathBuf>,
    /// Say of every step which uses through which alias break or start to work; with --json the
    /// member `impact`, and a last line with what all steps do together
    #[arg(long)]
    pub impact: bool,
    /// Print one JSON object a step instead of a table
    #[arg(long)]
    pub json: bool,
    /// When the changes are made: ISO 8601 with an offset, or seconds since the Unix epoch
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Write the aliases as they are after the changes, as list-aliases prints them
    #[arg(long, value_name = "FILE")]
    pub after: Option<PathBuf>,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    pub reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub aliases_per_key: u32,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries.
Exit code: 0 if all steps pass, 1 if some step is refused, 2 if the input cannot be used.

Make the account's files with:
  aws kms list-aliases > account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json

The file of --conditions is an object of names, each with the Condition element of a policy:
  {\"prod-readers\": {\"ForAnyValue:StringLike\": {\"kms:ResourceAliases\": \"alias/prod-*\"}},
   \"by-name\": {\"StringEquals\": {\"kms:RequestAlias\": [\"alias/prod-db\", \"alias/prod-web\"]}}}
What is not about these two condition keys, or cannot be interpreted, is an error that says where.
KMS judges by the new aliases up to five minutes after a change.";

fn parse_time(text: &str) -> Result<Timestamp, String> {
    parse_timestamp(text).ok_or_else(|| {
        "expected ISO 8601 with an offset, of the years 0 to 9999, or seconds since the Unix epoch".to_owned()
    })
}
