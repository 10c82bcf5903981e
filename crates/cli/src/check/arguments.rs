//! What the command is told, and its help.

use std::path::PathBuf;

use clap::Args;
use kms_alias::Timestamp;

use crate::common::{AccountOptions, parse_time};

/// Foretells what KMS answers to changes of aliases and keys: which fails, with which exception and
/// words, and by which rule. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What `aws kms list-aliases`, `list-keys` and `describe-key` printed: any number of documents
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "changes")]
    pub account: Vec<PathBuf>,
    /// The changes: {"UpdateAlias": {"AliasName": "…", "TargetKeyId": "…"}} and so on
    #[arg(long, value_name = "FILE", requires = "account")]
    pub changes: Option<PathBuf>,
    /// When the changes are made, instead of now: ISO 8601 with an offset, or seconds since the
    /// Unix epoch
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Write the aliases as they are after the changes, as list-aliases prints them
    #[arg(long, value_name = "FILE")]
    pub after: Option<PathBuf>,
    #[command(flatten)]
    pub options: AccountOptions,
    /// Conditions of policies under names of your choice: say which keys come under each of them
    /// or fall out of it
    #[arg(long, value_name = "FILE")]
    pub conditions: Option<PathBuf>,
    /// Say of every step which uses through which alias break or start to work; with --json the
    /// member `impact`, and a last line with what all steps do together
    #[arg(long)]
    pub impact: bool,
    /// Show the steps that are refused, and no others
    #[arg(long)]
    pub refused: bool,
    /// Name every operation of KMS that breaks or starts to work
    #[arg(long)]
    pub verbose: bool,
    /// Print one JSON object a step
    #[arg(long)]
    pub json: bool,
}

const AFTER_HELP: &str = "\
Without arguments it runs on a sample that it carries. A FILE of `-` is standard input; files
packed with gzip are unpacked.

Exit code:
  0  every step passes
  1  some step is refused
  2  the input cannot be used

Make the files of an account with:
  aws kms list-aliases > account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json

The file of --conditions is an object of names, each with the Condition element of a policy:
  {\"prod-readers\": {\"ForAnyValue:StringLike\": {\"kms:ResourceAliases\": \"alias/prod-*\"}},
   \"by-name\": {\"StringEquals\": {\"kms:RequestAlias\": [\"alias/prod-db\", \"alias/prod-web\"]}}}
What is not about these two condition keys, or cannot be interpreted, is an error that says where.
KMS judges by the new aliases up to five minutes after a change.";
