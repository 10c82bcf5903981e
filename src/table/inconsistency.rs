//! What cannot stand in a table, or not be taken back (rules I1, I2, I4, I5, Q).

use crate::identifier::{AnyAliasName, KeyArn, Scope};
use crate::operation::Refusal;
use crate::rule::Rule;

/// Why a key or alias cannot stand in a table, or a change not be undone or replayed.
///
/// These are rules of the table itself (I1, I2, I4, I5, and A8, Q and T1 of what it is given), not
/// answers of KMS.
///
/// ```
/// use kms_alias::Rule;
#[doc = include_str!("example_table.md")]
///
/// let twice = KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?;
/// assert_eq!(table.insert_key(twice).unwrap_err().rule(), Rule::I1);
///
/// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// assert_eq!(table.remove_key(&key_id).unwrap_err().rule(), Rule::I5);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the name and the type of a field say what it is"
)]
pub enum Inconsistent {
    /// I1: the key stands there already.
    #[error("key {0} stands there already (rule I1)")]
    DuplicateKey(KeyArn),
    /// I1: the alias stands there already.
    #[error("alias {0} stands there already (rule I1)")]
    DuplicateAlias(AnyAliasName),
    /// I2: a key of another account or Region.
    #[error("{found} is not of {scope} (rule I2)")]
    OtherScope { scope: Scope, found: Scope },
    /// I2: a customer's alias without a key.
    #[error("alias {0} names no key, and is not one of AWS's own (rule I2)")]
    NoTarget(AnyAliasName),
    /// I4: another change is the newest, or the table is not as this change left it.
    #[error("change {sequence} is not the newest of a table with {newest} changes (rule I4)")]
    NotNewest { sequence: u64, newest: u64 },
    /// I4: the change does not follow on the table's newest, or the table is not as it found it.
    #[error("change {sequence} does not follow on a table with {newest} changes (rule I4)")]
    NotNext { sequence: u64, newest: u64 },
    /// I4: the table made `u64::MAX` changes, and no number is left for another.
    #[error("no number is left for a change after {0} of them (rule I4)")]
    TooManyChanges(u64),
    /// Q: more aliases than a table holds, which are 2³¹.
    #[error("alias {0} has no room in a table, which holds 2147483648 aliases (rule Q)")]
    NoRoom(AnyAliasName),
    /// A8: `alias/aws/` with no service after it is nobody's name.
    #[error("alias {0} names no service of AWS (rule A8)")]
    NoService(AnyAliasName),
    /// I5: aliases name the key.
    #[error("aliases name key {key}: {count} (rule I5)")]
    HasAliases { key: KeyArn, count: usize },
    /// T1: there is no such key to take out.
    #[error("key {0} is not there (rule T1)")]
    UnknownKey(KeyArn),
}

impl Inconsistent {
    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::DuplicateKey(_) | Self::DuplicateAlias(_) => Rule::I1,
            Self::OtherScope { .. } | Self::NoTarget(_) => Rule::I2,
            Self::NotNewest { .. } | Self::NotNext { .. } | Self::TooManyChanges(_) => Rule::I4,
            Self::NoRoom(_) => Rule::Q,
            Self::NoService(_) => Rule::A8,
            Self::HasAliases { .. } => Rule::I5,
            Self::UnknownKey(_) => Rule::T1,
        }
    }
}

/// Which of many operations was refused, and by which rule; none of them was done.
///
/// ```
/// use kms_alias::{Operation, Rule};
#[doc = include_str!("example_table.md")]
///
/// let payments = AliasName::from_static("alias/payments");
/// let operations = [
///     Operation::CreateAlias { alias_name: payments, target_key_id: key_id.into() },
///     Operation::DeleteAlias { alias_name: AliasName::from_static("alias/ledger") },
/// ];
/// let refused = table.apply_all(&operations, at).unwrap_err();
/// assert_eq!((refused.index, refused.refusal.rule()), (1, Rule::U1));
/// assert!(table.is_empty(), "nothing was done");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("operation {index} is refused")]
pub struct RefusedAt {
    /// The place of the operation in the list, from 0.
    pub index: usize,
    /// Why.
    #[source]
    pub refusal: Refusal,
}

/// Which of many changes was not undone or replayed, and why; none of them was.
///
/// ```
/// use kms_alias::Rule;
#[doc = include_str!("example_table.md")]
/// # let key = KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?;
/// # let payments = AliasName::from_static("alias/payments");
/// let mut table = AliasTable::new(scope);
/// let log = [table.insert_key(key)?, table.create_alias(payments, key_id, at)?];
/// let twice = [log[0].clone(), log[0].clone()];
/// let error = AliasTable::new(scope).replay_all(&twice).unwrap_err();
/// assert_eq!((error.index, error.cause.rule()), (1, Rule::I4));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("change at place {index} of the list does not fit")]
pub struct InconsistentAt {
    /// The place of the change in the list, from 0.
    pub index: usize,
    /// Why.
    #[source]
    pub cause: Inconsistent,
}
