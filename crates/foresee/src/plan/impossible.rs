//! Why there is no plan: everything that cannot be reached, with KMS's words for it, and what cannot
//! be told.

use alloc::vec::Vec;
use core::fmt;

use super::undecided::Undecided;
use crate::verdict::Conclusion;
use kms_alias::Refusal;
use kms_alias::Rule;
use kms_alias::{AnyAliasName, TargetKeyId};

/// An alias that cannot be as it is wanted, by whatever way (rules A4, T1–T6).
///
/// ```
/// use kms_alias::{Rule};
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let nobodys = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
/// let wanted = Wanted::from_iter([(AliasName::from_static("alias/payments"), nobodys)]);
/// let impossible = Plan::new(&table, &wanted, PlanOptions::default(), at).unwrap_err();
/// let [unreachable] = impossible.unreachable() else { unreachable!() };
/// assert_eq!(unreachable.alias_name(), "alias/payments");
/// assert_eq!(unreachable.target_key_id().map(|key| key.key_id()), Some(nobodys));
/// assert!(unreachable.rules().eq([Rule::T1]));
/// assert_eq!(unreachable.refusals()[0].exception(), "NotFoundException");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unreachable {
    pub(super) alias_name: AnyAliasName,
    pub(super) target_key_id: Option<TargetKeyId>,
    /// INVARIANT: at least one.
    pub(super) refusals: Vec<Refusal>,
}

impl Unreachable {
    /// The name.
    #[must_use]
    pub const fn alias_name(&self) -> &AnyAliasName {
        &self.alias_name
    }

    /// The key that the name is to have; none if it is to go.
    #[must_use]
    pub const fn target_key_id(&self) -> Option<&TargetKeyId> {
        self.target_key_id.as_ref()
    }

    /// Every refusal that stands in the way, in the order in which the rules are checked: the first
    /// is KMS's answer.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The rules that forbid it, in the order in which they are checked.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.refusals.iter().map(Refusal::rule)
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target_key_id {
            Some(target) => write!(f, "{} cannot have the key {target}", self.alias_name)?,
            None => write!(f, "{} cannot go", self.alias_name)?,
        }
        for (index, refusal) in self.refusals.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(f, "{separator}{refusal} (rule {})", refusal.rule())?;
        }
        Ok(())
    }
}

/// There is no plan: everything that cannot be reached, and everything of which that cannot be told,
/// each in the order of the names.
///
/// One wanted alias that is undecided leaves no plan (ours): which requests there are, and in which
/// order, can depend on it.
///
/// Whether a key has room for all that are to have it (rule T6) is judged as if everything else
/// came about; of too many, those that come first by name have the room (ours).
///
/// ```
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let nobodys = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
/// let wanted = Wanted::from_iter(
///     ["alias/a", "alias/b"].map(|name| (AliasName::from_static(name), nobodys)),
/// );
/// let impossible = Plan::new(&table, &wanted, PlanOptions::default(), at).unwrap_err();
/// assert_eq!(impossible.unreachable().len(), 2); // all of it, not the first alone
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
// INVARIANT: there is at least one of both, each in the order of the names.
pub struct Impossible {
    pub(super) unreachable: Vec<Unreachable>,
    pub(super) undecided: Vec<Undecided>,
}

impl Impossible {
    /// What cannot be reached whatever the unknown is, in the order of the names: all of it.
    #[must_use]
    pub fn unreachable(&self) -> &[Unreachable] {
        &self.unreachable
    }

    /// What cannot be told because a key is not described, in the order of the names: all of it.
    #[must_use]
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// [`Conclusion::Fails`] if something cannot be reached, else [`Conclusion::Undecided`].
    #[must_use]
    pub const fn conclusion(&self) -> Conclusion {
        if self.unreachable.is_empty() {
            Conclusion::Undecided
        } else {
            Conclusion::Fails
        }
    }
}

/// A line for each alias.
impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unreachable = self.unreachable.iter().map(|one| one as &dyn fmt::Display);
        let undecided = self.undecided.iter().map(|one| one as &dyn fmt::Display);
        for (index, line) in unreachable.chain(undecided).enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            line.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for Impossible {}
