//! Why there is no plan: everything that cannot be reached, and KMS's words for it.

use alloc::vec::Vec;
use core::fmt;

use crate::identifier::{AnyAliasName, TargetKeyId};
use crate::operation::Refusal;
use crate::rule::Rule;

/// An alias that cannot be as it is wanted, by whatever way.
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

/// There is no plan: everything that cannot be reached, in the order of the names.
///
/// Whether a key has room for all that are to have it (rule T6) is judged as if everything else
/// came about; of too many, those that come first by name have the room (ours).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Impossible {
    /// INVARIANT: at least one, in the order of the names.
    pub(super) unreachable: Vec<Unreachable>,
}

impl Impossible {
    /// What cannot be reached, in the order of the names: all of it, at least one.
    #[must_use]
    pub fn unreachable(&self) -> &[Unreachable] {
        &self.unreachable
    }
}

/// A line for each alias.
impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, unreachable) in self.unreachable.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            unreachable.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for Impossible {}
