//! What a caller can choose.

use kms_alias::ReservedNames;

use crate::policy::PolicyKind;

/// What [`lint_files`](crate::lint_files) is told beside the files.
///
/// ```
/// use kms_alias::ReservedNames;
/// use kms_alias_lint::{Options, PolicyKind};
///
/// let mut options = Options::default();
/// options.reserved_names = ReservedNames::AliasAwsSlash;
/// options.policy_kind = PolicyKind::Scp;
/// assert!(!options.complete);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Which names belong to AWS (rule A4); the strict reading is the default.
    pub reserved_names: ReservedNames,
    /// What the policies are attached to that stand in files of their own. Of a policy in a
    /// template or in Terraform the resource around it tells.
    pub policy_kind: PolicyKind,
    /// Whether the policies of all files are all there are, so that the rule W14 can be asked.
    pub complete: bool,
}
