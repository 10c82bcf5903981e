//! What the command is told, and its help.

use std::path::PathBuf;

use clap::Args;
use kms_alias::{AccountId, Region, Scope, Timestamp};
use kms_alias_files::{AdviceRule, Options};

use crate::common::{AccountOptions, Format, parse_time};

/// Predicts what KMS answers to changes of aliases and keys: which fails, with which exception and
/// words, and by which rule. Nothing is sent anywhere.
#[derive(Args)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "kms-alias check [--account <FILE>...] [--changes <FILE>] [OPTIONS]"
)]
pub struct Arguments {
    /// What is known of the account: what `aws kms list-aliases`, `list-keys` and `describe-key`
    /// printed, boto3's answers, or items of AWS Config; of one account and Region or of many
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "changes")]
    pub account: Vec<PathBuf>,
    /// What is about to happen: a list of changes such as {"UpdateAlias": {"AliasName": "…",
    /// "TargetKeyId": "…"}}, a Terraform plan (`terraform show -json PLAN`), a CloudFormation
    /// template (nested stacks are read from files beside it), or a CDK assembly (its folder, such as
    /// cdk.out, or its manifest.json)
    #[arg(long, value_name = "FILE")]
    pub changes: Option<PathBuf>,
    /// The running template, which the one of --changes replaces; for a CDK assembly, the folder of
    /// the running one, with its manifest.json and templates. Those of nested stacks have the same file names as the new ones, in a
    /// folder of their own
    #[arg(long, value_name = "FILE", requires = "changes")]
    pub deployed: Option<PathBuf>,
    /// The value of a parameter of the template, any number of times
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_parameter)]
    pub parameter: Vec<(Box<str>, Box<str>)>,
    /// The value of a parameter of the template that is running, any number of times: without it a
    /// parameter that --parameter gives has an unknown value there
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_parameter, requires = "deployed")]
    pub deployed_parameter: Vec<(Box<str>, Box<str>)>,
    /// The Region of what names none; of an account of several, the one in which a list of changes
    /// is judged
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
    /// The account of what names none; of several accounts, the one in which a list of changes is
    /// judged
    #[arg(long, value_name = "DIGITS")]
    pub account_id: Option<AccountId>,
    /// The lists of the account are a part of it: the aliases of one key, or a filtered export
    #[arg(long)]
    pub partial: bool,
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
    /// or fall out of it, or would by an undecided step
    #[arg(long, value_name = "FILE")]
    pub conditions: Option<PathBuf>,
    /// Say of every step which uses through which alias break or start to work, of an undecided one
    /// which would; with --json the member `impact`, and a last line with what all steps do together
    #[arg(long)]
    pub impact: bool,
    /// Rules of warnings, such as F1,F2,F12: where one of them is told the run fails, with exit code 1
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = parse_rule)]
    pub deny: Vec<AdviceRule>,
    /// Show the steps that are refused, and no others
    #[arg(long)]
    pub refused: bool,
    /// Name every operation of KMS that breaks or starts to work
    #[arg(long)]
    pub verbose: bool,
    /// How the verdicts are printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Arguments {
    pub const fn format(&self) -> Format {
        Format::of(self.format, self.json)
    }

    /// Whether a list of changes is judged in this account and Region, among others.
    pub fn chooses(&self, scope: Scope) -> bool {
        self.region.is_none_or(|region| scope.region() == region)
            && self
                .account_id
                .is_none_or(|account| scope.account() == account)
    }

    /// The file that stands for what is wrong with no file by itself: the first that is named.
    pub fn file(&self) -> String {
        let changes = self.changes.iter();
        let all = changes
            .chain(&self.account)
            .chain(&self.deployed)
            .chain(&self.conditions);
        let first = all.map(|path| path.display().to_string()).next();
        first.unwrap_or_default()
    }

    /// For the readers of files.
    pub fn for_files(&self) -> Options {
        let mut options = self.options.for_files().with_partial(self.partial);
        options.account = self.account_id;
        options.region = self.region;
        options
    }
}

fn parse_parameter(text: &str) -> Result<(Box<str>, Box<str>), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.into(), value.into())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

fn parse_rule(text: &str) -> Result<AdviceRule, String> {
    let mut rules = AdviceRule::ALL.iter();
    let rule = rules.find(|rule| rule.number().eq_ignore_ascii_case(text));
    rule.copied().ok_or_else(|| {
        let numbers: Vec<_> = AdviceRule::ALL.iter().map(|rule| rule.number()).collect();
        format!(
            "no warning has this rule; those of warnings are {}",
            numbers.join(", ")
        )
    })
}

const AFTER_HELP: &str = "\
Without arguments it runs on a sample that it carries. A FILE of `-` is standard input; files
packed with gzip are unpacked. What a file is, is told by its content.

A verdict is `ok` or `refused` only if it is so whatever the unknown is and in every order that the
plan allows; otherwise it is `undecided`, and says what it depends on. Without --account, and without
a list of aliases in it, names that nothing mentions are assumed to be free.

A list of changes is judged in each account and Region of the account files, one after another, and
the numbers of the steps go on from one to the next; --region and --account-id choose. A change to a
key that is named by the ARN of one of them is judged there alone; by an ARN of an account or Region
of which no file tells, it is judged in each, and KMS refuses it there (rules T2 and T3). A
Terraform plan and a CDK assembly say themselves where each step runs. A template does not: with
account files of several accounts or Regions, choose by --region and --account-id.

Steps that make or change keys have numbers too. Of a plan or template they are shown only where
they are not `ok`.

Exit code:
  0  every step passes, whatever the unknown is
  1  some step is refused, whatever the unknown is; or CloudFormation refuses the update (rule F9);
     or a warning is told that --deny names
  2  the input cannot be used
  3  undecided; or a part is not judged, as a warning says (rule F8)

Make the files of an account with:
  aws kms list-aliases > account.json
  aws kms list-keys >> account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json

Judge a Terraform plan with:
  terraform plan -out=plan && terraform show -json plan |
    kms-alias check --account account.json --changes -

The file of --conditions is an object of names, each with the Condition element of a policy:
  {\"prod-readers\": {\"ForAnyValue:StringLike\": {\"kms:ResourceAliases\": \"alias/prod-*\"}},
   \"by-name\": {\"StringEquals\": {\"kms:RequestAlias\": [\"alias/prod-db\", \"alias/prod-web\"]}}}
What is not about these two condition keys, or cannot be interpreted, is an error that says where.
KMS judges by the new aliases up to five minutes after a change.

What --impact and --conditions say of an undecided step is what it does if it succeeds, and what
they say of a later step takes undecided ones as refused. What works through an alias of a key that
is not described is not known.";
