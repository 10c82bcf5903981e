//! Finds wrong AWS KMS alias names, key identifiers and policies in Terraform, CloudFormation, Kubernetes and IAM files.
//!
//! The library is pure: bytes in, findings out. It panics on no input, follows no nesting beyond
//! 128 levels, and goes on after a file that it cannot read.
//!
//! - [`lint_files`] checks files that belong together and gives a [`Report`].
//! - [`lint_policy`] checks one policy document.
//! - [`PolicyRule`] has each rule W1–W14 as data: its meaning, source, a wrong and a right example.
//!
//! ```
//! use kms_alias_lint::{Options, Severity, lint_files};
//!
//! let template = b"\
//! Resources:
//!   Orders:
//!     Type: AWS::KMS::Alias
//!     Properties:
//!       AliasName: !Sub alias/${AWS::StackName}.orders
//!       TargetKeyId: !GetAtt Key.Arn
//! ";
//! let files = [("template.yaml", &template[..])];
//! let report = lint_files(files, &Options::default());
//! let finding = &report.findings[0];
//! assert_eq!((finding.place.line, finding.place.column), (5, 23));
//! assert_eq!((finding.rule.number(), finding.severity), ("A3", Severity::Error));
//! assert_eq!(report.looked_at, 1);
//! ```
//!
//! # The rules
//! Alias names: A1, A2, A3, A4 (by the reading of [`ReservedNames`](kms_alias::ReservedNames)).
//! Targets: K1–K4 for what is no key ID or key ARN, K5 for an alias, T2 for a key of another Region
//! where the Region of the alias is certain. K8 for an alias where only a key is taken: the key of a
//! grant or of a key policy in Terraform, the primary key of a replica. [`kms_alias::Rule`] has their words. Policies: W1–W14,
//! see [`PolicyRule`].
//!
//! A text that is known in part is a finding only if it is wrong whatever fills the rest:
//! `alias/${var.x}.y` breaks A3, `${var.x}` nothing.
//!
#![doc = include_str!("../README.md")]

mod files;
mod finding;
mod format;
mod json;
mod lint;
mod names;
mod options;
mod policy;
mod recognise;
mod source;
mod sources;
mod text;
mod tree;
mod written;
mod yaml;

pub use finding::{Finding, InPolicy, LintRule, Place, Report, Severity, StatementName, Unread};
pub use lint::{lint_files, lint_policy};
pub use options::Options;
pub use policy::{AWS_ALIAS_SERVICES, PolicyKind, PolicyRule};
