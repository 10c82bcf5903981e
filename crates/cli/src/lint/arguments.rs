//! What the command is told, and its help.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kms_alias::ReservedNames;
use kms_alias_lint::{Options, PolicyKind};

use crate::common::{Format, Reserved};

/// Finds wrong alias names, key identifiers and policies in Terraform, CloudFormation, CDK
/// assemblies, Kubernetes manifests and IAM policy documents.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Files, or folders, which are walked; `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the policies are attached to that stand in files of their own
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Kind::Identity)]
    policy_kind: Kind,
    /// The policies of all files are all there are: say where operations on aliases are allowed by
    /// half (rule W14)
    #[arg(long)]
    complete: bool,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The same as --reserved alias/aws/
    #[arg(long, conflicts_with = "reserved")]
    lax: bool,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// What a policy is attached to.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// A KMS key
    Key,
    /// An IAM user, group or role
    Identity,
    /// A service control policy of AWS Organizations
    Scp,
    /// A resource control policy of AWS Organizations
    Rcp,
}

impl Arguments {
    pub const fn format(&self) -> Format {
        Format::of(self.format, self.json)
    }

    pub fn options(&self) -> Options {
        let mut options = Options::default();
        options.reserved_names = if self.lax {
            ReservedNames::AliasAwsSlash
        } else {
            self.reserved.into()
        };
        options.policy_kind = match self.policy_kind {
            Kind::Key => PolicyKind::Key,
            Kind::Identity => PolicyKind::Identity,
            Kind::Scp => PolicyKind::Scp,
            Kind::Rcp => PolicyKind::Rcp,
        };
        options.complete = self.complete;
        options
    }
}

const AFTER_HELP: &str = "\
Without paths it runs on samples that it carries. What `.gitignore` names is passed over in folders,
and so are hidden files, links to folders, and JSON and YAML that cannot be read and names neither KMS
nor an alias. A folder in which all is ignored by the `.gitignore` of folders above is walked all the
same.
Of a text with parts that only a run fills, such as ${var.environment}, a finding is told only if
it is there whatever the run fills in. `kms-alias explain RULE` says more about a rule.

Exit code:
  0  nothing is wrong, or nothing but warnings and notes
  1  some finding is an error
  2  something could not be read (the rest is checked all the same)";
