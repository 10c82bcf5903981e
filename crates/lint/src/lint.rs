//! The doors: files in, findings out.

use crate::files;
use crate::finding::{Finding, Report, Unread};
use crate::json;
use crate::options::Options;
use crate::policy::{self, PolicyKind};
use crate::source::Source;
use crate::sources::Sources;

/// Checks files: names, identifiers and policies.
///
/// The files of one call belong together: those of one folder with Terraform in them are one
/// module, and the manifest of a CDK assembly tells the Regions of its templates. The order of the
/// files does not count. What a file is, is told by its name and its content; files of no interest
/// are passed over in silence. A file that cannot be read is told, and the others are checked.
///
/// ```
/// use kms_alias_lint::{Options, lint_files};
///
/// let files: [(&str, &[u8]); 2] = [
///     ("main.tf", b"resource \"aws_kms_alias\" \"a\" {\n  name = \"orders\"\n}\n"),
///     ("README.md", b"# Orders"),
/// ];
/// let report = lint_files(files, &Options::default());
/// assert_eq!((report.looked_at, report.findings.len()), (1, 1));
/// assert_eq!(
///     report.findings[0].to_string(),
///     "main.tf:2:11: error: `orders` is no alias name: expected `alias/` at the beginning of the name (rule A1)",
/// );
/// ```
pub fn lint_files<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    options: &Options,
) -> Report {
    files::lint(files, options)
}

/// Checks one policy document by the rules W1–W14.
///
/// The document is JSON: a policy, a statement, a list of either, or the answer of the AWS CLI
/// that holds some, also as a text (`get-key-policy`); several may follow one another. Where `complete` is said the document is all there is, and the rule W14 asks
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
pub fn lint_policy(bytes: &[u8], kind: PolicyKind, complete: bool) -> Result<Vec<Finding>, Unread> {
    let source = Source::decode("", bytes)?;
    let nodes =
        json::read_all(&source.text).map_err(|fault| source.unread(fault.at, fault.reason))?;
    let policies = nodes.iter().flat_map(|node| policy::policies(node, kind));
    let policies: Vec<_> = policies.collect();
    if policies.is_empty() {
        return Err(source.unread(
            nodes.first().map_or(0, |node| node.at.start),
            "no policy: expected an object with `Statement`",
        ));
    }
    let mut faults: Vec<_> = policies.iter().flat_map(policy::check).collect();
    if complete {
        let all: Vec<_> = policies.iter().collect();
        let halves = policy::check_completeness(&all).into_iter();
        faults.extend(halves.map(|(_, fault)| fault));
    }
    let sources = Sources::one(source);
    let mut findings: Vec<_> = faults
        .into_iter()
        .filter_map(|fault| sources.of_policy(fault))
        .collect();
    findings.sort();
    Ok(findings)
}
