//! What is known beside the table: what exists and cannot stand in it, and what does not exist.

use alloc::boxed::Box;

use hashbrown::HashSet;

use super::answer::AwsError;
use super::compare;
use super::event::{Caller, Event};
use super::not_judged::NotJudged;
use super::question::Question;
use kms_alias::AliasTable;
use kms_alias::Rule;
use kms_alias::{AwsAliasName, KeyId, KeyIdentifier};
use kms_alias::{Change, Operation, Refusal};
use kms_alias::{KeyMetadata, KeyState};

/// How much of the account a table is, at the time of the first event.
///
/// ```
/// use kms_alias::AliasTable;
/// use kms_alias_files::File;
/// use kms_alias_audit::{Coverage, audit, read_trail};
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"}
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let nothing = AliasTable::new("arn:aws:kms:eu-west-3:111122223333".parse()?);
/// // There is no such alias (rule U1), or it is among what the table does not know.
/// assert_eq!(audit(nothing.clone(), Coverage::Whole, &trail).findings().len(), 1);
/// assert_eq!(audit(nothing, Coverage::Part, &trail).judged(), 0);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// All of it: what is not in the table does not exist.
    #[default]
    Whole,
    /// A part of it, perhaps nothing: what is not in the table may exist all the same. Keys are
    /// learned from the events that make them, aliases from those that name them, and an event
    /// that depends on anything else is not judged.
    Part,
    /// All aliases, and a part of the keys: no complete list of keys tells which others exist.
    AllAliases,
    /// All keys, and a part of the aliases.
    AllKeys,
}

impl Coverage {
    /// What lists of an account tell, by whether each is complete (rules H4, H5).
    ///
    /// ```
    /// use kms_alias_audit::Coverage;
    ///
    /// let coverage = Coverage::of_lists(true, false);
    /// assert_eq!(coverage, Coverage::AllAliases); // a key that is not in the table may exist
    /// assert_eq!(Coverage::of_lists(true, true), Coverage::Whole);
    /// ```
    #[must_use]
    pub const fn of_lists(all_aliases: bool, all_keys: bool) -> Self {
        match (all_aliases, all_keys) {
            (true, true) => Self::Whole,
            (true, false) => Self::AllAliases,
            (false, true) => Self::AllKeys,
            (false, false) => Self::Part,
        }
    }

    const fn has_all_aliases(self) -> bool {
        matches!(self, Self::Whole | Self::AllAliases)
    }

    const fn has_all_keys(self) -> bool {
        matches!(self, Self::Whole | Self::AllKeys)
    }
}

/// What is known beside the table.
#[derive(Default)]
pub(super) struct Known {
    coverage: Coverage,
    /// Keys that exist, and of which nothing more is known.
    undescribed: HashSet<KeyId>,
    /// Aliases that exist, on a key that is not described or not known; asked for where the table has
    /// no such alias.
    standing: HashSet<Box<str>>,
    /// Aliases that do not exist; asked for likewise.
    absent: HashSet<Box<str>>,
    /// Keys that do not exist any more.
    gone: HashSet<KeyId>,
    /// Keys that were made in the log, so that each of their aliases was.
    whole: HashSet<KeyId>,
}

impl Known {
    pub(super) fn new(coverage: Coverage) -> Self {
        Self {
            coverage,
            ..Self::default()
        }
    }

    /// A key exists, of which nothing more is known.
    pub(super) fn key_exists(&mut self, key_id: KeyId) {
        self.gone.remove(&key_id);
        self.undescribed.insert(key_id);
    }

    /// A key was made, and has no aliases.
    pub(super) fn key_made(&mut self, key_id: KeyId) {
        self.undescribed.remove(&key_id);
        self.gone.remove(&key_id);
        self.whole.insert(key_id);
    }

    pub(super) fn key_gone(&mut self, key_id: KeyId) {
        self.undescribed.remove(&key_id);
        self.whole.remove(&key_id);
        self.gone.insert(key_id);
    }

    /// An alias exists that cannot stand in the table.
    pub(super) fn alias_exists(&mut self, name: &str) {
        self.absent.remove(name);
        self.standing.insert(name.into());
    }

    /// An alias does not exist.
    pub(super) fn alias_absent(&mut self, name: &str) {
        self.standing.remove(name);
        self.absent.insert(name.into());
    }

    /// Whether a table lacks an alias because it is not known, and why.
    fn unknown_alias(&self, name: &str) -> Option<NotJudged> {
        if self.standing.contains(name) {
            Some(NotJudged::KeyNotDescribed)
        } else if !self.coverage.has_all_aliases() && !self.absent.contains(name) {
            Some(NotJudged::AliasNotKnown)
        } else {
            None
        }
    }

    /// Whether a table lacks a key because it is not known, and why.
    fn unknown_key(&self, key_id: KeyId) -> Option<NotJudged> {
        if self.undescribed.contains(&key_id) {
            Some(NotJudged::KeyNotDescribed)
        } else if !self.coverage.has_all_keys() && !self.gone.contains(&key_id) {
            Some(NotJudged::KeyNotKnown)
        } else {
            None
        }
    }

    /// Why a verdict is not worth having: what it rests on is not known.
    pub(super) fn doubt(
        &self,
        table: &AliasTable,
        question: &Question<'_>,
        ours: &Result<Option<Change>, Refusal>,
        aws: Option<&AwsError>,
    ) -> Option<NotJudged> {
        let aws_refuses_as = |exception| aws.is_some_and(|error| error.is(exception));
        if let Some(name) = name_to_create(question)
            && aws_refuses_as("AlreadyExistsException")
            && table.get(name).is_none()
        {
            return self.unknown_alias(name);
        }
        match ours {
            Err(Refusal::AliasNotFound { alias }) => {
                let name = alias.alias_name().as_str();
                // An alias of AWS's own that has no key is a question of its own (rule L5).
                table
                    .get(name)
                    .is_none()
                    .then(|| self.unknown_alias(name))?
            }
            Err(Refusal::KeyNotFound { key }) => {
                let of_aws = through_aws_alias(question).then_some(NotJudged::KeyNotDescribed);
                of_aws.or_else(|| self.unknown_key(key.key_id()))
            }
            Err(Refusal::NotDescribed { .. }) => Some(NotJudged::KeyNotDescribed),
            Ok(Some(_)) | Err(Refusal::AliasesPerKeyQuota { .. })
                if aws_refuses_as("LimitExceededException")
                    && compare::difference(ours, aws).is_some() =>
            {
                self.uncounted(question.key_id()?)
            }
            _ => None,
        }
    }

    /// Whether the aliases of a key are not all known.
    fn uncounted(&self, key_id: KeyId) -> Option<NotJudged> {
        let counted = self.coverage.has_all_aliases() || self.whole.contains(&key_id);
        (!counted).then_some(NotJudged::QuotaNotKnown)
    }
}

/// The name of an alias that is to be created, if it can be one.
fn name_to_create<'a>(question: &'a Question<'_>) -> Option<&'a str> {
    match question {
        Question::Change(_, _, Ok(Operation::CreateAlias { alias_name, .. })) => {
            Some(alias_name.as_str())
        }
        _ => None,
    }
}

/// Whether a call names its key by one of AWS's own aliases: its key need not be described.
fn through_aws_alias(question: &Question<'_>) -> bool {
    match question {
        Question::Use(_, Ok(KeyIdentifier::AliasName(name))) => name.is_aws(),
        Question::Use(_, Ok(KeyIdentifier::AliasArn(arn))) => arn.alias_name().is_aws(),
        _ => false,
    }
}

/// Why no rule of an account's own is asked: caller or key are another account's, or it is AWS.
pub(super) fn not_the_accounts_own(
    table: &AliasTable,
    event: &Event,
    question: &Question<'_>,
) -> Option<NotJudged> {
    let by_arn = matches!(
        question,
        Question::Use(_, Ok(KeyIdentifier::KeyArn(_) | KeyIdentifier::AliasArn(_)))
    );
    match event.caller() {
        Caller::Account(account) if account != table.scope().account() && !by_arn => {
            return Some(NotJudged::OtherAccount);
        }
        Caller::Aws => {
            let name = question.alias_name();
            if name.is_some_and(|name| AwsAliasName::try_from(name).is_ok()) {
                return Some(NotJudged::ByAws);
            }
        }
        _ => {}
    }
    None
}

/// Whether a key's state changes without an event of this account and Region that says so.
pub(super) fn state_drifts(key: &KeyMetadata, said: Option<KeyState>) -> bool {
    let passing = |state| matches!(state, KeyState::Creating | KeyState::Updating);
    key.origin().is_custom_key_store()
        || key.is_multi_region()
            && (passing(key.state())
                || said.is_some_and(passing)
                || key.state() == KeyState::PendingReplicaDeletion)
}

/// The rules that ask for a key's state.
pub(super) const fn is_of_a_state(rule: Rule) -> bool {
    matches!(rule, Rule::T5 | Rule::S5 | Rule::S6 | Rule::S8)
}
