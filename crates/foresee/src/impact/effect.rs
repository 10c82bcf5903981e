//! What a change does to those who use keys: the aliases of each key, and the key of each alias,
//! before and after.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use kms_alias::Rule;
use kms_alias::{AliasArn, AnyAliasName, KeyId};
use kms_alias::{KeyMetadata, KeySpec, KeyUsage, KmsOperation};
use kms_alias::{Refusal, StateRefusal};

/// The aliases of a key, as conditions on `kms:ResourceAliases` see them (rules P2, P5).
///
/// ```
/// use kms_alias_foresee::KeyAliases;
///
/// let aliases = KeyAliases::new(["alias/b".parse()?, "alias/a".parse()?], 1);
/// assert_eq!(aliases.names(), ["alias/a", "alias/b"]);
/// assert!(aliases.is_above_quota()); // rule P5: two, where the quota is one
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: the names are in their order, and none is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyAliases {
    names: Vec<AnyAliasName>,
    above_quota: bool,
}

impl KeyAliases {
    /// The aliases of a key under a quota of aliases per key (rule T6), which AWS's own do not
    /// count against (rule A8).
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = AnyAliasName>, quota: u32) -> Self {
        let mut names: Vec<_> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        let counted = names.iter().filter(|name| !name.is_aws()).count();
        Self {
            above_quota: u32::try_from(counted).map_or(true, |counted| counted > quota),
            names,
        }
    }

    /// The names, in their order.
    #[must_use]
    pub fn names(&self) -> &[AnyAliasName] {
        &self.names
    }

    /// Whether the key has more aliases than the quota says, which denies every condition on them
    /// (rule P5).
    #[must_use]
    pub const fn is_above_quota(&self) -> bool {
        self.above_quota
    }

    /// Whether a name is one of them.
    pub(crate) fn has(&self, name: &AnyAliasName) -> bool {
        self.names.binary_search(name).is_ok()
    }
}

/// What an alias leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Led {
    To(Box<KeyMetadata>),
    /// A key of which the table knows the ID only.
    ToUndescribed(KeyId),
}

impl Led {
    const fn key(&self) -> Option<&KeyMetadata> {
        match self {
            Self::To(key) => Some(key),
            Self::ToUndescribed(_) => None,
        }
    }
}

/// Before and after.
pub(crate) type Sides<T> = (Option<T>, Option<T>);

/// What a change, or a list of them, does to those who use keys: which keys have other aliases
/// than before (rule P4), and which aliases lead to another key or to a key in another state (rule
/// S6).
///
/// A table says it of a [`Change`](kms_alias::Change). Those of a list, put together in their order by
/// [`then`](Self::then), are what the list as a whole does: what is taken back is not in it.
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, KmsOperation, Operation, Region};
/// use kms_alias::{Scope, Timestamp};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// table.create_alias("alias/a".parse::<AliasName>()?, key_id, at)?;
///
/// let change = table.check(&Operation::DisableKey { key_id: key_id.into() }, at)?;
/// let impact = Impact::of(&table, &change)?;
/// let alias = impact.aliases().next().expect("an alias of the key");
/// assert_eq!(alias.alias_name(), "alias/a");
/// let broken: Vec<_> = alias.breaks().map(|(operation, _)| operation).collect();
/// assert!(broken.contains(&KmsOperation::Encrypt));
/// // The aliases of the key are what they were, so no condition on them says other than before.
/// assert_eq!(impact.keys().count(), 0);
/// assert!(!impact.is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
// INVARIANT: the two sides of an entry differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    keys: BTreeMap<KeyId, Sides<KeyAliases>>,
    aliases: BTreeMap<AnyAliasName, Sides<Led>>,
}

impl Impact {
    /// What the changes of both do, the other following on this one.
    ///
    /// ```
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope};
    /// # use kms_alias_foresee::{Impact};
    /// # use kms_alias::Timestamp;
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let mut table = AliasTable::new(scope);
    /// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    /// let name: AliasName = "alias/a".parse()?;
    /// let mut all = Impact::default();
    /// let created = table.create_alias(name.clone(), key_id, at)?;
    /// all.then(Impact::of(&table, &created)?);
    /// assert_eq!(all.keys().count(), 1);
    /// let deleted = table.delete_alias(&name)?;
    /// all.then(Impact::of(&table, &deleted)?);
    /// assert!(all.is_empty(), "what was done was taken back");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn then(&mut self, next: Self) {
        for (key_id, sides) in next.keys {
            follow(self.keys.entry(key_id), sides);
        }
        for (alias_name, sides) in next.aliases {
            follow(self.aliases.entry(alias_name), sides);
        }
    }

    /// The aliases of a key before and after; none where there is no such key.
    pub(crate) fn put_key(&mut self, key_id: KeyId, sides: Sides<KeyAliases>) {
        follow(self.keys.entry(key_id), sides);
    }

    /// What an alias leads to before and after; none where it leads to no key.
    pub(crate) fn put_alias(&mut self, alias_name: AnyAliasName, sides: Sides<Led>) {
        follow(self.aliases.entry(alias_name), sides);
    }

    /// The keys whose aliases are others than before, in the order of their IDs.
    pub fn keys(&self) -> impl Iterator<Item = KeyImpact<'_>> {
        self.keys.iter().map(|(key_id, (before, after))| KeyImpact {
            key_id: *key_id,
            before: before.as_ref(),
            after: after.as_ref(),
        })
    }

    /// The aliases that lead to another key than before, or to a key that changed, in the order of
    /// their names.
    pub fn aliases(&self) -> impl Iterator<Item = AliasImpact<'_>> {
        self.aliases
            .iter()
            .map(|(alias_name, (before, after))| AliasImpact {
                alias_name,
                before: before.as_ref(),
                after: after.as_ref(),
            })
    }

    /// Whether nothing is other than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.aliases.is_empty()
    }
}

/// Puts two sides where they belong: they are new, or they follow on what is there.
fn follow<K: Ord, T: PartialEq>(entry: Entry<'_, K, Sides<T>>, (before, after): Sides<T>) {
    match entry {
        Entry::Vacant(entry) if before != after => {
            entry.insert((before, after));
        }
        Entry::Vacant(_) => {}
        Entry::Occupied(mut entry) => {
            entry.get_mut().1 = after;
            let (first, last) = entry.get();
            if first == last {
                entry.remove();
            }
        }
    }
}

/// The aliases of one key before and after (rules P2, P4).
///
/// ```
/// use kms_alias_foresee::Impact;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
/// let change = table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// let impact = Impact::of(&table, &change)?;
/// let key = impact.keys().next().expect("the key has another alias than before");
/// assert_eq!(key.key_id(), key_id);
/// assert!(key.before().is_some_and(|aliases| aliases.names().is_empty()));
/// assert_eq!(key.after().map(|aliases| aliases.names().len()), Some(1));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyImpact<'a> {
    key_id: KeyId,
    before: Option<&'a KeyAliases>,
    after: Option<&'a KeyAliases>,
}

impl<'a> KeyImpact<'a> {
    /// The key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Its aliases before; none if there was no such key.
    #[must_use]
    pub const fn before(&self) -> Option<&'a KeyAliases> {
        self.before
    }

    /// Its aliases after; none if there is no such key.
    #[must_use]
    pub const fn after(&self) -> Option<&'a KeyAliases> {
        self.after
    }
}

/// The key of one alias before and after, and what that means for those who use the key through it
/// (rule S6).
///
/// A use is an operation that takes an alias. It breaks if it worked before and will be refused,
/// and starts the other way round. Whether it works is for the state of the key to say (rule S6),
/// if the operation is for keys of that kind at all (rule M): `Sign` neither breaks nor starts
/// through the alias of a key that encrypts. Who may make the call is another question, and so is
/// which key some ciphertext was made with.
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias::KmsOperation;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let change = table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// let impact = Impact::of(&table, &change)?;
/// let alias = impact.aliases().next().expect("the alias is new");
/// assert_eq!(alias.alias_name(), "alias/payments");
/// assert_eq!((alias.before(), alias.after()), (None, table.key(key_id)));
/// assert!(alias.starts().any(|(operation, _)| operation == KmsOperation::Encrypt));
/// assert!(alias.starts().all(|(operation, _)| operation != KmsOperation::Sign)); // rule M
/// assert_eq!(alias.breaks().count(), 0);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AliasImpact<'a> {
    alias_name: &'a AnyAliasName,
    before: Option<&'a Led>,
    after: Option<&'a Led>,
}

impl<'a> AliasImpact<'a> {
    /// The alias.
    #[must_use]
    pub const fn alias_name(&self) -> &'a AnyAliasName {
        self.alias_name
    }

    /// Its key before; none if the alias led to none, or to one that was not described.
    #[must_use]
    pub fn before(&self) -> Option<&'a KeyMetadata> {
        self.before.and_then(Led::key)
    }

    /// Its key after; none if the alias leads to none, or to one that is not described.
    #[must_use]
    pub fn after(&self) -> Option<&'a KeyMetadata> {
        self.after.and_then(Led::key)
    }

    /// Whether it led to a key before, described or not.
    #[must_use]
    pub const fn leads_somewhere_before(&self) -> bool {
        self.before.is_some()
    }

    /// Whether it leads to a key after, described or not.
    #[must_use]
    pub const fn leads_somewhere_after(&self) -> bool {
        self.after.is_some()
    }

    /// The keys, before and after, that are not described: what works through the alias on that side
    /// is not known, and no use is said to break or to start.
    ///
    /// ```
    /// use kms_alias_foresee::Impact;
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyId, Region, Scope, Snapshot, AliasListEntry};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let payments = AliasName::from_static("alias/payments");
    /// # let mut parts = Snapshot::new(scope);
    /// # parts.aliases.push(AliasListEntry::new(payments.clone().into(), Some(key_id)));
    /// # let mut table = parts.into_table()?;
    ///
    /// let change = table.delete_alias(&payments)?; // its key is not described
    /// let impact = Impact::of(&table, &change)?;
    /// let alias = impact.aliases().next().expect("it is gone");
    /// assert_eq!((alias.breaks().count(), alias.starts().count()), (0, 0));
    /// assert!(alias.undescribed_keys().eq([key_id]));
    /// assert!(alias.leads_somewhere_before() && !alias.leads_somewhere_after());
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn undescribed_keys(&self) -> impl Iterator<Item = KeyId> + use<> {
        let undescribed = |led: Option<&Led>| match led {
            Some(Led::ToUndescribed(key_id)) => Some(*key_id),
            _ => None,
        };
        let sides = [undescribed(self.before), undescribed(self.after)];
        sides.into_iter().flatten()
    }

    /// The uses through the alias that worked before and are refused after, in the order of their
    /// names, each with the reason.
    pub fn breaks(&self) -> impl Iterator<Item = (KmsOperation, UseRefusal)> + use<'a> {
        self.lost(self.before, self.after)
    }

    /// The uses through the alias that were refused before and work after, in the order of their
    /// names, each with the reason why it did not work.
    pub fn starts(&self) -> impl Iterator<Item = (KmsOperation, UseRefusal)> + use<'a> {
        self.lost(self.after, self.before)
    }

    /// The uses that work on one side and not on the other.
    fn lost(
        &self,
        works: Option<&'a Led>,
        refuses: Option<&'a Led>,
    ) -> impl Iterator<Item = (KmsOperation, UseRefusal)> + use<'a> {
        let alias_name = self.alias_name;
        let key = works.and_then(Led::key);
        KmsOperation::ALL.iter().filter_map(move |operation| {
            let (operation, key) = (*operation, key?);
            if !operation.takes_alias() || used(operation, key).is_err() {
                return None;
            }
            let scope = key.arn().scope();
            let refusal = match refuses {
                Some(Led::To(other)) => used(operation, other).err()?,
                // What works on it is not known.
                Some(Led::ToUndescribed(_)) => return None,
                None => UseRefusal::Refused(Refusal::AliasNotFound {
                    alias: AliasArn::new(scope, alias_name.clone()),
                }),
            };
            Some((operation, refusal))
        })
    }
}

/// Whether an operation works on a key that it reaches through an alias (rules M, S6).
fn used(operation: KmsOperation, key: &KeyMetadata) -> Result<(), UseRefusal> {
    if !operation.suits(key) {
        return Err(UseRefusal::Unsuited {
            operation,
            spec: key.spec(),
            usage: key.usage(),
        });
    }
    operation.verdict(key).map_err(|footnote| {
        UseRefusal::Refused(Refusal::UseThroughAlias(StateRefusal::of(key, footnote)))
    })
}

/// Why a use through an alias does not work (rules S6, M).
///
/// ```
/// use kms_alias_foresee::Impact;
/// use kms_alias::Rule;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let payments = AliasName::from_static("alias/payments");
/// table.create_alias(payments.clone(), key_id, at)?;
/// let change = table.delete_alias(&payments)?;
/// let impact = Impact::of(&table, &change)?;
/// for (_, refusal) in impact.aliases().flat_map(|alias| alias.breaks()) {
///     assert_eq!(refusal.rule(), Rule::U1); // there is no such alias any more
/// }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UseRefusal {
    /// U1 where there is no such alias, S6 where the state of the key does not allow the use.
    #[error("{exception}: {0}", exception = .0.exception())]
    Refused(Refusal),
    /// M: the operation is not for keys of this kind.
    #[error("{operation} does not work on a key of spec {spec} and usage {usage}")]
    Unsuited {
        /// The operation.
        operation: KmsOperation,
        /// The spec of the key.
        spec: KeySpec,
        /// The usage of the key.
        usage: KeyUsage,
    },
}

impl UseRefusal {
    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Refused(refusal) => refusal.rule(),
            Self::Unsuited { .. } => Rule::M,
        }
    }
}
