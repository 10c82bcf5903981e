//! What a log says of these rules.

use alloc::vec::Vec;

use super::choice::Choice;
use super::event::Event;
use super::finding::Finding;
use super::not_judged::NotJudged;
use super::stake::Seen;
use kms_alias::AliasTable;
use kms_alias::Scope;

/// What a log says of these rules: see [`audit`](super::audit()).
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::{Coverage, audit, read_trail};
/// use kms_alias::{AliasTable};
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/aws/s3"},
///     "errorCode": "ValidationException"
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let table = AliasTable::new("arn:aws:kms:eu-west-3:111122223333".parse()?);
/// let report = audit(table, Coverage::Whole, &trail);
/// assert_eq!((report.judged(), report.agreed()), (1, 0));
/// assert_eq!((report.findings().len(), report.not_judged().count()), (1, 0));
/// assert_eq!((report.of_other_scopes(), report.scope()), (0, report.table().scope()));
/// let contradicted = report.evidence().iter().filter(|of| of.contradicted() > 0);
/// assert_eq!(contradicted.count(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report<'a> {
    table: AliasTable,
    tally: Tally<'a>,
}

/// What was counted.
#[derive(Clone, Debug)]
pub(super) struct Tally<'a> {
    agreed: usize,
    findings: Vec<Finding<'a>>,
    not_judged: Vec<(NotJudged, usize)>,
    evidence: Vec<Evidence<'a>>,
    elsewhere: usize,
}

/// What a log says of a choice.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::{Choice, Coverage, audit, read_trail};
/// use kms_alias::{AliasTable};
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/aws/s3"},
///     "errorCode": "ValidationException"
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let table = AliasTable::new("arn:aws:kms:eu-west-3:111122223333".parse()?);
/// let report = audit(table, Coverage::Whole, &trail);
/// let mut all = report.evidence().iter();
/// let evidence = all.find(|of| of.choice() == Choice::ReservedNameException).expect("every choice");
/// assert_eq!((evidence.confirmed(), evidence.contradicted()), (0, 1));
/// assert!(evidence.first_confirmation().is_none());
/// assert_eq!(evidence.first_contradiction().and_then(|event| event.id()), Some("1"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    choice: Choice,
    confirmed: usize,
    contradicted: usize,
    first_confirmation: Option<&'a Event>,
    first_contradiction: Option<&'a Event>,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let evidence = Choice::ALL.iter().map(|choice| Evidence::none(*choice));
        Self {
            agreed: 0,
            findings: Vec::new(),
            not_judged: NotJudged::ALL.iter().map(|reason| (*reason, 0)).collect(),
            evidence: evidence.collect(),
            elsewhere: 0,
        }
    }

    pub(super) const fn agree(&mut self) {
        self.agreed = self.agreed.saturating_add(1);
    }

    pub(super) fn find(&mut self, finding: Finding<'a>) {
        self.findings.push(finding);
    }

    pub(super) fn not_judge(&mut self, reason: NotJudged) {
        for (_, count) in self.not_judged.iter_mut().filter(|(of, _)| *of == reason) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) const fn elsewhere(&mut self) {
        self.elsewhere = self.elsewhere.saturating_add(1);
    }

    pub(super) fn see(&mut self, event: &'a Event, Seen { choice, confirmed }: Seen) {
        for evidence in self.evidence.iter_mut().filter(|of| of.choice == choice) {
            evidence.add(event, confirmed);
        }
    }
}

impl<'a> Report<'a> {
    pub(super) const fn new(table: AliasTable, tally: Tally<'a>) -> Self {
        Self { table, tally }
    }

    /// The account and Region.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.table.scope()
    }

    /// The account after the last event, so far as it is known.
    #[must_use]
    pub const fn table(&self) -> &AliasTable {
        &self.table
    }

    /// How many events could be judged.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.tally.agreed.saturating_add(self.tally.findings.len())
    }

    /// On how many events AWS and these rules agree, in exception and words, so far as the log has
    /// them.
    #[must_use]
    pub const fn agreed(&self) -> usize {
        self.tally.agreed
    }

    /// The events on which they differ, in the order of their time.
    #[must_use]
    pub fn findings(&self) -> &[Finding<'a>] {
        &self.tally.findings
    }

    /// Why events were not judged, each reason with how many.
    pub fn not_judged(&self) -> impl Iterator<Item = (NotJudged, usize)> + '_ {
        self.tally
            .not_judged
            .iter()
            .filter(|(_, count)| *count > 0)
            .copied()
    }

    /// What the log says of every choice, in the order of [`Choice::ALL`].
    #[must_use]
    pub fn evidence(&self) -> &[Evidence<'a>] {
        &self.tally.evidence
    }

    /// How many events of KMS are of other accounts and Regions, or do not say of which.
    #[must_use]
    pub const fn of_other_scopes(&self) -> usize {
        self.tally.elsewhere
    }
}

impl<'a> Evidence<'a> {
    const fn none(choice: Choice) -> Self {
        Self {
            choice,
            confirmed: 0,
            contradicted: 0,
            first_confirmation: None,
            first_contradiction: None,
        }
    }

    const fn add(&mut self, event: &'a Event, confirmed: bool) {
        let (count, first) = if confirmed {
            (&mut self.confirmed, &mut self.first_confirmation)
        } else {
            (&mut self.contradicted, &mut self.first_contradiction)
        };
        *count = count.saturating_add(1);
        if first.is_none() {
            *first = Some(event);
        }
    }

    /// The choice.
    #[must_use]
    pub const fn choice(&self) -> Choice {
        self.choice
    }

    /// How many events confirm it.
    #[must_use]
    pub const fn confirmed(&self) -> usize {
        self.confirmed
    }

    /// How many events contradict it.
    #[must_use]
    pub const fn contradicted(&self) -> usize {
        self.contradicted
    }

    /// The first event that confirms it.
    #[must_use]
    pub const fn first_confirmation(&self) -> Option<&'a Event> {
        self.first_confirmation
    }

    /// The first event that contradicts it.
    #[must_use]
    pub const fn first_contradiction(&self) -> Option<&'a Event> {
        self.first_contradiction
    }
}
