//! The quota of aliases per key, and what counts against it (rules T6, A8).

use alloc::vec::Vec;

use super::alias_table::AliasTable;
use super::store::{AliasSlot, AliasStore, KeySlot};
use crate::identifier::{TargetKeyId, is_aws_alias_name};

/// The quota of aliases per key, unless AWS raised it (rule T6).
pub(super) const ALIASES_PER_KEY: u32 = 50;

impl AliasTable {
    /// How many aliases of a key count against its quota: not AWS's own (rules T6, A8).
    ///
    /// ```
    #[doc = include_str!("example_table.md")]
    /// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
    /// assert_eq!(table.count_in_quota(key_id), 1);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn count_in_quota(&self, key: impl Into<TargetKeyId>) -> u32 {
        let slot = self.find_target(&key.into());
        slot.and_then(|slot| self.reaches(slot, 0)).unwrap_or(0)
    }

    /// How many aliases of a key count against its quota, if there are at least `count`: not AWS's
    /// own (rules T6, A8).
    #[inline(always)]
    pub(super) fn reaches(&self, key: KeySlot, count: u32) -> Option<u32> {
        // A store holds fewer than 2³² aliases.
        let all = u32::try_from(self.store.count_on_key(key)).unwrap_or(u32::MAX);
        if all < count {
            return None;
        }
        let own = all.saturating_sub(self.aws_aliases_on(key));
        (own >= count).then_some(own)
    }

    /// How many of AWS's own aliases are on a key; in the order of names they are next to each
    /// other.
    fn aws_aliases_on(&self, key: KeySlot) -> u32 {
        const PAGE: usize = 100;
        let (mut count, mut after) = (0_usize, "alias/aws/");
        // Nearly no key has aliases of AWS's own: look at one name before a whole page.
        let first = self.store.aliases_on_key(key, after, 1);
        let is_aws = |slot: &AliasSlot| is_aws_alias_name(self.alias(*slot).name().as_bytes());
        if !first.iter().any(is_aws) {
            return 0;
        }
        // Each page is full but the last, so this many pages hold all aliases of the key.
        for _ in 0..=self.store.count_on_key(key) / PAGE {
            let slots = self.store.aliases_on_key(key, after, PAGE);
            let names = slots.iter().map(|slot| self.alias(*slot).name());
            let aws = names.take_while(|name| is_aws_alias_name(name.as_bytes()));
            let aws: Vec<&str> = aws.collect();
            count = aws.len().saturating_add(count);
            after = aws.last().unwrap_or(&after);
            if aws.len() < PAGE {
                break;
            }
        }
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
