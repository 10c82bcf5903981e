//! Lists: order, limit and marker. Nothing is changed here.

use alloc::string::String;
use alloc::vec::Vec;

use super::alias::Alias;
use super::alias_table::AliasTable;
use super::store::AliasStore;
use crate::identifier::KeyArn;
use crate::operation::{ListAliases, ListKeys, Refusal, marker_after};

/// A page of ListAliases (rules L1–L4).
///
/// ```
/// use kms_alias::ListAliases;
#[doc = include_str!("example_table.md")]
///
/// for name in ["alias/a", "alias/b", "alias/c"] {
///     table.create_alias(AliasName::from_static(name), key_id, at)?;
/// }
/// let two = ListAliases::parse(None, Some(2), None)?;
/// let page = table.list_aliases(&two)?;
/// assert_eq!(page.aliases.len(), 2);
/// let rest = ListAliases::parse(None, None, page.next_marker.as_deref())?;
/// let page = table.list_aliases(&rest)?;
/// assert_eq!(page.aliases[0].name(), "alias/c"); // rule L3: pages join
/// assert_eq!(page.next_marker, None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AliasPage<'a> {
    /// The aliases, in the byte order of their names.
    pub aliases: Vec<Alias<'a>>,
    /// The marker of the next page, if there is more: KMS's `NextMarker`, and `Truncated`.
    pub next_marker: Option<String>,
}

/// A page of ListKeys (rules L2–L4).
///
/// ```
/// use kms_alias::ListKeys;
#[doc = include_str!("example_table.md")]
///
/// let page = table.list_keys(&ListKeys::parse(Some(1000), None)?); // rule L2: the most
/// assert_eq!(page.keys[0].key_id(), key_id);
/// assert_eq!(page.next_marker, None);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyPage {
    /// The keys, described or not, in the byte order of their IDs.
    pub keys: Vec<KeyArn>,
    /// The marker of the next page, if there is more.
    pub next_marker: Option<String>,
}

impl AliasTable {
    /// A page of the aliases, or of those of one key (rules L1–L4).
    ///
    /// A marker holds the last name of its page, so a walk neither repeats nor skips what stands
    /// throughout it, whatever is created or deleted meanwhile. The time that a page takes grows
    /// with its own length, not with that of the whole list. A key with fewer than 256 aliases has
    /// them sorted for each page.
    ///
    /// # Errors
    /// T3, T2, T1 of the key that is asked for.
    pub fn list_aliases(&self, request: &ListAliases) -> Result<AliasPage<'_>, Refusal> {
        // Every name is above the empty text. One alias above the limit shows whether there is
        // another page.
        let after = request.after().map_or("", AsRef::as_ref);
        let count = request.limit().saturating_add(1);
        let slots = match request.key_id() {
            None => self.store.aliases_after(after, count),
            Some(key) => {
                let key = self.named_key(key)?;
                self.store.aliases_on_key(key, after, count)
            }
        };
        self.store.prefetch_aliases(&slots);
        let aliases = slots.into_iter().map(|slot| self.alias(slot)).collect();
        let (aliases, next_marker) =
            cut(aliases, request.limit(), |alias| String::from(alias.name()));
        Ok(AliasPage {
            aliases,
            next_marker,
        })
    }

    /// A page of the keys (rules L2–L4).
    #[must_use]
    pub fn list_keys(&self, request: &ListKeys) -> KeyPage {
        let above = self.store.keys_after(request.after());
        let above = above.take(request.limit().saturating_add(1));
        let arn = |slot| self.key_arn(self.store.key_id(slot));
        let last = |key: &KeyArn| String::from(key.key_id());
        let (keys, next_marker) = cut(above.map(arn).collect(), request.limit(), last);
        KeyPage { keys, next_marker }
    }
}

/// Cuts a list to its limit, and makes the marker of what follows if anything was cut.
fn cut<T>(mut list: Vec<T>, limit: usize, text: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    if list.len() <= limit {
        return (list, None);
    }
    list.truncate(limit);
    let marker = list.last().map(|last| marker_after(&text(last)));
    (list, marker)
}
