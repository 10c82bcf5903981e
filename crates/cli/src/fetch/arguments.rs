//! What is said on the command line.

use std::path::PathBuf;

use clap::Args;
use kms_alias::Region;

/// Reads the keys and aliases of a live account into files that `check --account` takes. Changes
/// nothing.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The Regions to read: that of the profile or the environment, if none is named
    #[arg(long = "region", value_name = "REGION", num_args = 1..)]
    pub regions: Vec<Region>,
    /// The profile of AWS's configuration files
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Another KMS than AWS's, such as one for tests
    #[arg(long, value_name = "URL", value_parser = url)]
    pub endpoint_url: Option<String>,
    /// Where the files go, REGION.json each; it is made if need be
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub out: PathBuf,
    /// How many requests are sent in a second; KMS's quotas are shared with all of the account
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub requests_per_second: u32,
}

const AFTER_HELP: &str = "\
The caller needs kms:ListAliases, kms:ListKeys and kms:DescribeKey. A key that it may not describe
is kept as one of which only the existence is known.
A run that ends early leaves REGION.json.partial, and the same command goes on from there within 24
hours. Credentials come from where the AWS CLI finds them; of IAM Identity Center, export them first:
  eval \"$(aws configure export-credentials --format env)\"

Exit code: 0, or 2 if some Region could not be read.";

fn url(text: &str) -> Result<String, String> {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => {
            Ok(text.to_owned())
        }
        _ => Err("expected a URL such as http://127.0.0.1:8080".to_owned()),
    }
}

#[cfg(any(test, feature = "live"))]
impl Arguments {
    /// The Regions, each once, in their order.
    pub fn unique_regions(&self) -> Vec<Region> {
        let mut unique = Vec::new();
        for region in &self.regions {
            if !unique.contains(region) {
                unique.push(*region);
            }
        }
        unique
    }
}
