//! Finds wrong AWS KMS alias names, key identifiers and policies in Terraform, CloudFormation, Kubernetes and IAM files.
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub, unnameable_types)]
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::use_self,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

mod finding;
mod json;
mod lint;
mod names;
mod policy;
mod source;
mod text;
mod tree;

pub use finding::{Finding, InPolicy, LintRule, Place, Report, Severity, StatementName, Unread};
pub use lint::lint_policy;
pub use policy::{PolicyKind, PolicyRule};
