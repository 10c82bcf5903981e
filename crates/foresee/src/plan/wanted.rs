//! What is wanted, and what a plan may do for it.

use alloc::collections::BTreeMap;

use kms_alias::AliasTable;
use kms_alias::{AnyAliasName, KeyId, TargetKeyId};

/// The aliases that are wanted: which name is to have which key.
///
/// A key is named as in a request, by ID or ARN (rule K5). Names of AWS's own may be among them, as
/// a list of aliases has them: they ask for nothing where they stand so, and cannot be had
/// otherwise (rules A4, A8).
///
/// ```
/// use kms_alias::{AliasName, KeyId};
/// use kms_alias_foresee::{Wanted};
///
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut wanted = Wanted::new();
/// wanted.insert(AliasName::from_static("alias/payments"), key_id);
/// assert_eq!(wanted.len(), 1);
/// assert!(wanted.get("alias/invoices").is_none());
/// assert!(wanted.iter().all(|(name, key)| name == "alias/payments" && key.key_id() == key_id));
/// wanted.remove("alias/payments");
/// assert!(wanted.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Wanted(BTreeMap<AnyAliasName, TargetKeyId>);

/// What becomes of the aliases that are not mentioned.
///
/// ```
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted, Unmentioned};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// table.create_alias(AliasName::from_static("alias/old"), key_id, at)?;
/// let nothing = Wanted::new();
/// let plan = |unmentioned| {
///     Plan::new(&table, &nothing, PlanOptions::default().with_unmentioned(unmentioned), at)
/// };
/// assert!(plan(Unmentioned::Stay)?.is_empty());
/// assert_eq!(plan(Unmentioned::Go)?.len(), 1); // it is deleted
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Unmentioned {
    /// They stay as they are.
    #[default]
    Stay,
    /// They are deleted, but for AWS's own, which no caller deletes (rule A8).
    Go,
}

/// Whether an alias may name a third key for a while, where full keys swap aliases (rule T6).
///
/// It avoids the gap in which the name resolves to nothing, and has a price of its own: what is
/// encrypted through the name in between is encrypted under the third key.
///
/// ```
/// use kms_alias_foresee::{Plan, PlanOptions, ThirdKey, Wanted};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let at = Timestamp::from_millis(1_700_000_000_000);
/// # let mut table = AliasTable::new(scope).with_aliases_per_key(1);
/// # let [one, two, three] = [1, 2, 3].map(|byte| KeyId::new([byte; 16], false));
/// # for key_id in [one, two, three] {
/// #     table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # }
/// # let [a, b] = ["alias/a", "alias/b"].map(AliasName::from_static);
/// // Each key has room for one alias; `alias/a` and `alias/b` are to swap theirs.
/// table.create_alias(a.clone(), one, at)?;
/// table.create_alias(b.clone(), two, at)?;
/// let wanted = Wanted::from_iter([(a, two), (b, one)]);
///
/// let gaps = |third_key| -> Result<usize, kms_alias_foresee::Impossible> {
///     let options = PlanOptions::default().with_third_key(third_key);
///     Ok(Plan::new(&table, &wanted, options, at)?.gaps().count())
/// };
/// assert_eq!(gaps(ThirdKey::No)?, 1);
/// assert_eq!(gaps(ThirdKey::This(three))?, 0); // by way of the key `three`
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum ThirdKey {
    /// It may not: the alias is deleted and created.
    #[default]
    No,
    /// It may name any key that takes it, an enabled one if there is one.
    Any,
    /// It may name this key, if that takes it.
    This(KeyId),
}

/// What a plan may do. The default leaves alone what is not mentioned, and takes no third key.
///
/// ```
/// use kms_alias_foresee::{PlanOptions, ThirdKey, Unmentioned};
///
/// let options = PlanOptions::default().with_unmentioned(Unmentioned::Go);
/// assert_eq!(options.third_key, ThirdKey::No);
/// let options = options.with_third_key(ThirdKey::Any);
/// assert_eq!(options.unmentioned, Unmentioned::Go);
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[non_exhaustive]
pub struct PlanOptions {
    /// What becomes of the aliases that are not mentioned.
    pub unmentioned: Unmentioned,
    /// Whether an alias may name a third key for a while.
    pub third_key: ThirdKey,
}

impl PlanOptions {
    /// The same options with another fate of what is not mentioned.
    #[must_use]
    pub const fn with_unmentioned(mut self, unmentioned: Unmentioned) -> Self {
        self.unmentioned = unmentioned;
        self
    }

    /// The same options with another choice of third keys.
    #[must_use]
    pub const fn with_third_key(mut self, third_key: ThirdKey) -> Self {
        self.third_key = third_key;
        self
    }
}

impl Wanted {
    /// Empty: nothing is wanted.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The aliases that have a key, as they stand in a table.
    ///
    /// ```
    /// use kms_alias_foresee::Wanted;
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let mut table = AliasTable::new(scope);
    /// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    ///
    /// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
    /// let wanted = Wanted::of(&table); // what stands, to be changed where it has to
    /// assert_eq!(wanted.get("alias/payments").map(|key| key.key_id()), Some(key_id));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(table: &AliasTable) -> Self {
        table
            .iter()
            .filter_map(|alias| Some((alias.to_name(), alias.target_key_id()?)))
            .collect()
    }

    /// Asks for a name to have a key, and gives back the key that it was to have before.
    pub fn insert(
        &mut self,
        alias_name: impl Into<AnyAliasName>,
        target_key_id: impl Into<TargetKeyId>,
    ) -> Option<TargetKeyId> {
        self.0.insert(alias_name.into(), target_key_id.into())
    }

    /// Takes a name back, and gives back the key that it was to have.
    pub fn remove(&mut self, alias_name: impl AsRef<str>) -> Option<TargetKeyId> {
        self.0.remove(alias_name.as_ref())
    }

    /// The key that a name is to have.
    pub fn get(&self, alias_name: impl AsRef<str>) -> Option<&TargetKeyId> {
        self.0.get(alias_name.as_ref())
    }

    /// What is wanted, in the byte order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&AnyAliasName, &TargetKeyId)> {
        self.0.iter()
    }

    /// How many aliases are wanted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A name that comes twice is to have the key that came last.
impl<N: Into<AnyAliasName>, T: Into<TargetKeyId>> FromIterator<(N, T)> for Wanted {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(aliases: I) -> Self {
        let pairs = aliases.into_iter();
        Self(
            pairs
                .map(|(name, target)| (name.into(), target.into()))
                .collect(),
        )
    }
}

/// As [`FromIterator`].
impl<N: Into<AnyAliasName>, T: Into<TargetKeyId>> Extend<(N, T)> for Wanted {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, aliases: I) {
        let pairs = aliases.into_iter();
        self.0
            .extend(pairs.map(|(name, target)| (name.into(), target.into())));
    }
}
