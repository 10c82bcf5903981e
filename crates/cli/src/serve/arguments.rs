//! What is said on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use kms_alias::{AccountId, Region, Scope};
use kms_alias_files::Options;

use super::account::{DEFAULT_ACCOUNT, DEFAULT_REGION, Settings};
use super::upstream;
use crate::common::{Reserved, Unusable};

/// Answers AWS clients as KMS does: aliases by every rule, keys without key material. What stands
/// in it is lost when it ends. Signatures are not checked.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What `aws kms list-aliases` and `aws kms describe-key` printed, of one account and Region or
    /// several
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) account: Vec<PathBuf>,
    /// Judge what is asked of the KMS at this URL, and hand on what it may be asked
    #[arg(long, value_name = "URL", conflicts_with_all = ["account", "no_aws_aliases"])]
    upstream: Option<String>,
    /// How long the other KMS may take for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600), requires = "upstream")]
    upstream_timeout: u64,
    /// Print one JSON object a line for what is refused or undecided before the other KMS
    #[arg(long, requires = "upstream")]
    json: bool,
    /// Where to listen; port 0 is a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: String,
    /// Listen on an address that other machines reach, where anyone may do anything
    #[arg(long)]
    pub(crate) allow_non_loopback: bool,
    /// The account of requests whose access key is no account's, and of account files that name
    /// none: otherwise that of the first file, or 123456789012
    #[arg(long, value_name = "DIGITS")]
    pub(crate) account_id: Option<AccountId>,
    /// The Region of requests without a signature, and of account files that name none: otherwise
    /// that of the first file, or us-east-1
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<Region>,
    /// Leave out the aliases that AWS predefines, such as `alias/aws/s3`
    #[arg(long)]
    no_aws_aliases: bool,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    aliases_per_key: u32,
}

const AFTER_HELP: &str = "\
The first line printed is `listening on http://ADDRESS:PORT`. Then, for the AWS CLI and boto3:
  export AWS_ENDPOINT_URL_KMS=http://ADDRESS:PORT
  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=eu-west-3

Each Region that a client signs for has its own keys and aliases, up to 100 Regions. A request
without a signature goes to --region, to the Region of the first file, or to us-east-1. Where no file says what
a Region holds, it holds the aliases that AWS predefines. Where files tell of several accounts, a
request whose access key is the ID of one of them goes there, and any other to --account-id or to
the account of the first file.
A key that is listed, or on which an alias stands, and that no file describes is there: it is
listed, and its aliases are. What depends on more than that is answered with KMSInternalException (HTTP 500),
which names the key: no answer of KMS would be known to be true.
With --upstream, what KMS would refuse is answered with KMS's own words and never reaches the other
KMS; all else is handed on as it came, signature included. What that KMS holds is asked of it each
time, with the headers of the client: it must not check signatures. A request that cannot be judged
is handed on. Standard error says what was refused, and what could not be judged and why.

Exit code: 0 after SIGINT or SIGTERM, 2 if it cannot start.";

impl Arguments {
    /// The other KMS, if there is one.
    pub(crate) fn upstream(&self) -> Result<Option<upstream::Settings>, Unusable> {
        let Some(url) = &self.upstream else {
            return Ok(None);
        };
        let account = self.account_id.unwrap_or(DEFAULT_ACCOUNT);
        Ok(Some(upstream::Settings {
            authority: upstream::address(url)?,
            patience: Duration::from_secs(self.upstream_timeout),
            options: self.settings().options,
            otherwise: Scope::new(self.region.unwrap_or(DEFAULT_REGION), account),
            as_json: self.json,
        }))
    }

    /// What an account's files do not say of it.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            options: Options::default()
                .with_reserved_names(self.reserved.into())
                .with_aliases_per_key(self.aliases_per_key),
            has_aws_aliases: !self.no_aws_aliases,
        }
    }
}
