//! The files of a unit, in one row: a byte of a unit is a byte of one of its files.

use std::ops::Range;

use crate::finding::{Finding, LintRule, Severity};
use crate::names::Mistake;
use crate::policy::Fault;
use crate::source::Source;

/// The files of a unit, each with the byte at which it begins.
pub(crate) struct Sources<'a>(Vec<(usize, Source<'a>)>);

impl<'a> Sources<'a> {
    pub(crate) fn one(source: Source<'a>) -> Self {
        Self(vec![(0, source)])
    }

    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// Where the next file begins.
    pub(crate) fn end(&self) -> usize {
        self.0.last().map_or(0, |(base, source)| {
            base.saturating_add(source.text.len()).saturating_add(1)
        })
    }

    pub(crate) fn push(&mut self, source: Source<'a>) {
        let base = self.end();
        self.0.push((base, source));
    }

    fn finding(
        &self,
        rule: LintRule,
        severity: Severity,
        at: &Range<usize>,
        message: String,
    ) -> Option<Finding> {
        let index = self.0.partition_point(|(base, _)| *base <= at.start);
        let (base, source) = self.0.get(index.checked_sub(1)?)?;
        let at = at.start.saturating_sub(*base)..at.end.saturating_sub(*base);
        Some(Finding {
            file: source.path.to_owned(),
            place: source.place(at.start),
            length: source.length(&at),
            rule,
            severity,
            message,
            policy: None,
        })
    }

    /// A mistake as a finding in its file. KMS refuses what breaks a rule on names.
    pub(crate) fn of_name(&self, mistake: Mistake) -> Option<Finding> {
        let rule = LintRule::Alias(mistake.rule);
        self.finding(rule, Severity::Error, &mistake.at, mistake.message)
    }

    /// A fault of a policy as a finding in its file.
    pub(crate) fn of_policy(&self, fault: Fault) -> Option<Finding> {
        let rule = LintRule::Policy(fault.rule);
        let finding = self.finding(rule, fault.severity, &fault.at, fault.message)?;
        let policy = Some(fault.in_policy);
        Some(Finding { policy, ..finding })
    }
}
