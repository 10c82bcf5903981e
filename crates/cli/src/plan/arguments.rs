//! What the command is told, and its help.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kms_alias::TargetKeyId;

use crate::common::{AccountOptions, PlaceOptions};

/// Plans the way from a real account to the aliases that are wanted: the fewest requests, in an
/// order in which KMS accepts each of them, with the fewest gaps in which a name resolves to
/// nothing. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What `aws kms list-aliases`, `list-keys` and `describe-key` printed, any number of documents
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "wanted")]
    pub account: Vec<PathBuf>,
    /// The aliases that are wanted: {"alias/payments": "KEY-ID OR KEY-ARN"}, or what
    /// `aws kms list-aliases` printed
    #[arg(long, value_name = "FILE", requires = "account")]
    pub wanted: Option<PathBuf>,
    /// Delete the aliases that are not mentioned, but for AWS's own; without it they stay
    #[arg(long)]
    pub prune: bool,
    /// Print the requests as a list of changes, which `check --changes` takes
    #[arg(long)]
    pub json: bool,
    /// Where full keys swap aliases, let one alias name this key for a while, or `any` that takes
    /// it, and do not delete and create it
    #[arg(long, value_name = "KEY", value_parser = parse_third_key)]
    pub third_key: Option<Third>,
    /// Print the way for another tool instead: shell commands of the AWS CLI, or Terraform blocks
    #[arg(long = "as", value_name = "TOOL", value_enum, conflicts_with = "json")]
    pub form: Option<Form>,
    #[command(flatten)]
    pub place: PlaceOptions,
    #[command(flatten)]
    pub options: AccountOptions,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries.
Exit code: 0 if there is a plan, 1 if something that is wanted cannot be reached, 2 if the input
cannot be used, 3 if something that is wanted is undecided: it depends on a key that is not
described. Then no plan is printed, but what would settle it: which requests there are, and in
which order, can depend on it.

A plan and `check` test each other:
  kms-alias plan --account account.json --wanted wanted.json --json > changes.json
  kms-alias check --account account.json --changes changes.json

Make the account's files with:
  aws kms list-aliases > account.json
  aws kms list-keys >> account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json";

/// For which tool the way is printed.
#[derive(Clone, Copy, ValueEnum)]
pub enum Form {
    /// `import` and `resource` blocks of Terraform
    Terraform,
    /// Commands of the AWS CLI for a POSIX shell
    AwsCli,
}

/// Which third key an alias may name for a while.
#[derive(Clone, Copy)]
pub enum Third {
    Any,
    Key(TargetKeyId),
}

fn parse_third_key(text: &str) -> Result<Third, String> {
    if text == "any" {
        return Ok(Third::Any);
    }
    let parsed = text.parse().map(Third::Key);
    parsed.map_err(|error| format!("expected `any`, a key ID or a key ARN: {error}"))
}
