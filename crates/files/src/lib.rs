//! What people have in hand, in and out: accounts, lists of changes, plans and templates.
//!
//! - [`recognise`] says what a file is, by its content.
//! - [`read_account`] reads what the AWS CLI, boto3 and AWS Config say of keys and aliases: what is
//!   known of each account and Region, undescribed keys included. [`load`] makes an
//!   [`AliasTable`](kms_alias::AliasTable) of one account and Region.
//! - [`read_run`] reads what is about to happen: a list of changes, a plan of Terraform or OpenTofu,
//!   a template of CloudFormation, or an assembly of CDK. It makes a
//!   [`Run`](kms_alias_foresee::verdict::Run), and [`Advice`] on what KMS does not refuse.
//!   [`judge_run`] reads and judges it, in each way in which what the file leaves open can be.
//! - [`read_changes`] reads a list of changes, and [`change_json`] writes one; [`read_wanted`] reads
//!   the aliases that are wanted, and [`list_aliases_json`] writes what `list-aliases` would print.
//!
//! Files are JSON or YAML, in UTF-8 or UTF-16, with or without a mark. An error names the file, the
//! line and the entry, and says what to mend.
//!
//! ```
//! use kms_alias::Timestamp;
//! use kms_alias_files::{File, Options, RunInput, judge_run, read_account};
//! use kms_alias_foresee::verdict::Outcome;
//!
//! let account = br#"{"Aliases": [{
//!     "AliasName": "alias/ledger",
//!     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/ledger",
//!     "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"
//! }]}"#;
//! let template = br#"{"Resources": {
//!     "Key": {"Type": "AWS::KMS::Key"},
//!     "Ledger": {"Type": "AWS::KMS::Alias", "Properties": {
//!         "AliasName": "alias/ledger", "TargetKeyId": {"Ref": "Key"}}}
//! }}"#;
//! let file = File { name: "aliases.json", bytes: account };
//! let accounts = read_account(&[file], Options::default())?;
//! let input = RunInput::new(File { name: "template.json", bytes: template }, Timestamp::from_millis(0));
//! let judged = judge_run(&input, accounts)?;
//! assert!(matches!(judged.judgement.outcomes[1], Outcome::Refused { .. })); // the name is taken (rule A6)
//! # Ok::<(), kms_alias_files::AccountError>(())
//! ```

extern crate alloc;

mod account;
mod advice;
mod called;
pub mod changes;
mod cloudformation;
mod date;
mod elsewhere;
mod fact;
pub mod fault;
mod file;
mod graph;
mod judge;
mod left_behind;
pub mod locate;
mod merge;
mod moves;
mod named_key;
mod near;
mod new_key;
pub mod object;
mod outdated;
mod recognise;
mod replicas;
mod run;
mod spread;
mod stays;
mod terraform;
mod text;
mod wanted;
mod way;
mod whose;
mod write;
mod yaml;

pub use account::metadata;
pub use account::{Accounts, Loaded, Options, load, read_account, read_one_account};
pub use advice::{Advice, AdviceRule};
pub use changes::{Step, read_changes};
pub use cloudformation::{assembly_templates, nested_manifests, nested_templates};
pub use date::parse_timestamp;
pub use fault::{AccountError, Fault};
pub use file::File;
pub use judge::{JudgedRun, Observer, judge_run, judge_run_with};
pub use recognise::{Kind, Mistaken, recognise};
pub use run::{Assumption, ReadRun, RunInput, read_run};
pub use wanted::read_wanted;
pub use way::{aws_cli_commands, terraform_blocks};
pub use write::{account_json, change_json, list_aliases_json};
