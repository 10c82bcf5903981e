//! What the command is told, and its help.

use std::path::PathBuf;

use clap::Args;
use kms_alias::Timestamp;

use crate::common::{AccountOptions, PlaceOptions, parse_time};

/// Compares CloudTrail's log with the rules: of each event, whether KMS answered as the rules of
/// kms-alias say. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// CloudTrail's log: files of a trail, compressed or not, or what lookup-events printed
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub trail: Vec<PathBuf>,
    /// The account just before the first event, as `check` takes it; without one each account
    /// and Region of the log begins at nothing, and keys are learned from CreateKey
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "trail")]
    pub account: Vec<PathBuf>,
    /// The account's files are a part of it: what they lack may exist all the same
    #[arg(long, requires = "account")]
    pub part: bool,
    /// Leave out the events before this time: ISO 8601 with an offset, or seconds since the Unix
    /// epoch
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub since: Option<Timestamp>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Print everything that kms-alias assumes because AWS's documentation leaves it open, with what in
    /// a log would confirm or contradict it; also those assumptions of which this log says nothing
    #[arg(long)]
    pub choices: bool,
    #[command(flatten)]
    pub place: PlaceOptions,
    #[command(flatten)]
    pub options: AccountOptions,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries. The sample is invented: it shows what the
output looks like, and nothing about AWS.
Exit code: 0 if AWS and the rules agree on all that can be judged, 1 if they differ somewhere,
2 if the input cannot be used. An event that depends on a key which the account's files do not
describe is not judged, and counted as such.
A FILE of `-` is standard input; files packed with gzip are unpacked, up to 256 MiB each.

Get the log of the last 90 days:
  aws cloudtrail lookup-events --lookup-attributes \\
    AttributeKey=EventSource,AttributeValue=kms.amazonaws.com > trail.json
More can be judged if the account's files, printed as for `check`, are from before it:
  kms-alias audit --trail trail.json --account account.json --since 2026-02-01T00:00:00Z";
