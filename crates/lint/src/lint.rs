//! The doors: files in, findings out.

use crate::finding::{Finding, LintRule, Unread};
use crate::json::{self, Strictness};
use crate::policy::{self, Fault, Policy, PolicyKind};
use crate::source::Source;

/// Checks one policy document by the rules W1–W14.
///
/// The document is JSON: a policy, a statement, a list of either, or the answer of the AWS CLI
/// that holds one. Where `complete` is said the document is all there is, and the rule W14 asks
/// whether operations on aliases are allowed by half. The findings have an empty `file`.
///
/// # Errors
/// - bytes that are not text
/// - text that is not JSON, or nested more than 128 levels deep
/// - JSON that is no policy
///
/// ```
/// use kms_alias_lint::{PolicyKind, Severity, lint_policy};
///
/// let policy = br#"{
///   "Version": "2012-10-17",
///   "Statement": [{
///     "Sid": "Unlock",
///     "Effect": "Allow",
///     "Action": "kms:Decrypt",
///     "Resource": "arn:aws:kms:eu-west-3:111122223333:alias/app"
///   }]
/// }"#;
/// let findings = lint_policy(policy, PolicyKind::Identity, false)?;
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].rule.number(), "W1");
/// assert_eq!(findings[0].severity, Severity::Error);
/// assert_eq!((findings[0].place.line, findings[0].place.column), (7, 18));
/// # Ok::<(), kms_alias_lint::Unread>(())
/// ```
pub fn lint_policy(
    bytes: &[u8],
    kind: PolicyKind,
    complete: bool,
) -> Result<Vec<Finding>, Unread> {
    let source = Source::decode("", bytes)?;
    let node = json::read(&source.text, Strictness::Json)
        .map_err(|fault| source.unread(fault.at, fault.reason))?;
    let policies = policy::policies(&node, kind);
    if policies.is_empty() {
        return Err(source.unread(node.at.start, "no policy: expected an object with `Statement`"));
    }
    let mut faults: Vec<_> = policies.iter().flat_map(policy::check).collect();
    if complete {
        let all: Vec<&Policy> = policies.iter().collect();
        let halves = policy::check_completeness(&all).into_iter();
        faults.extend(halves.map(|(_, fault)| fault));
    }
    let mut findings: Vec<_> = faults.iter().map(|fault| finding(&source, fault)).collect();
    findings.sort();
    Ok(findings)
}

/// A fault of a policy as a finding in a file.
pub(crate) fn finding(source: &Source<'_>, fault: &Fault) -> Finding {
    Finding {
        file: source.path.to_owned(),
        place: source.place(fault.at.start),
        length: source.length(&fault.at),
        rule: LintRule::Policy(fault.rule),
        severity: fault.severity,
        message: fault.message.clone(),
        policy: Some(fault.in_policy.clone()),
    }
}
