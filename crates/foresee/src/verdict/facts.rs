//! What is known of a key that is not described.

use kms_alias::{KeyManager, KeySpec, KeyState, KeyUsage, Origin};

/// What is known of a key that no `describe-key` describes; the default is that nothing is, not
/// even whether it exists.
///
/// What is left open may be anything that the rules of keys allow together (M, K2, S1–S3).
///
/// ```
/// use kms_alias::KeyUsage;
/// use kms_alias_foresee::verdict::KeyFacts;
///
/// let mut facts = KeyFacts::existing();
/// facts.usage = Some(KeyUsage::SignVerify);
/// assert!(facts.exists);
/// assert_eq!(facts.spec, None); // RSA or an elliptic curve
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyFacts {
    /// Whether the key is known to exist; otherwise it may or may not.
    pub exists: bool,
    /// Who manages it.
    pub manager: Option<KeyManager>,
    /// The key spec.
    pub spec: Option<KeySpec>,
    /// The key usage.
    pub usage: Option<KeyUsage>,
    /// Where the key material comes from.
    pub origin: Option<Origin>,
    /// The key state.
    pub state: Option<KeyState>,
    /// Whether the key is enabled, where no more is known of its state: only the state `Enabled`
    /// counts as enabled.
    pub enabled: Option<bool>,
    /// Whether it is a multi-Region key, where no key ID says so (rule K2).
    pub multi_region: Option<bool>,
    /// Of a multi-Region key whether it is the primary key, and not a replica.
    pub is_primary: Option<bool>,
}

impl KeyFacts {
    /// A key that exists, and of which no more is known: a list of keys names it.
    #[must_use]
    pub const fn existing() -> Self {
        Self::nothing().and_exists()
    }

    /// A customer managed key that exists: an alias of a customer names it (rule H1).
    #[must_use]
    pub const fn customer_managed() -> Self {
        let mut facts = Self::existing();
        facts.manager = Some(KeyManager::Customer);
        facts
    }

    /// An AWS managed key that exists: an alias under `alias/aws/` names it (rule H2).
    #[must_use]
    pub const fn aws_managed() -> Self {
        let mut facts = Self::existing();
        facts.manager = Some(KeyManager::Aws);
        facts
    }

    const fn nothing() -> Self {
        Self {
            exists: false,
            manager: None,
            spec: None,
            usage: None,
            origin: None,
            state: None,
            enabled: None,
            multi_region: None,
            is_primary: None,
        }
    }

    const fn and_exists(mut self) -> Self {
        self.exists = true;
        self
    }

    /// What two sources know together; where they contradict each other, the first is believed.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            exists: self.exists || other.exists,
            manager: self.manager.or(other.manager),
            spec: self.spec.or(other.spec),
            usage: self.usage.or(other.usage),
            origin: self.origin.or(other.origin),
            state: self.state.or(other.state),
            enabled: self.enabled.or(other.enabled),
            multi_region: self.multi_region.or(other.multi_region),
            is_primary: self.is_primary.or(other.is_primary),
        }
    }

    /// What two keys have in common.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<T> {
            one.filter(|one| Some(one) == other.as_ref())
        }
        Self {
            exists: self.exists && other.exists,
            manager: same(self.manager, other.manager),
            spec: same(self.spec, other.spec),
            usage: same(self.usage, other.usage),
            origin: same(self.origin, other.origin),
            state: same(self.state, other.state),
            enabled: same(self.enabled, other.enabled),
            multi_region: same(self.multi_region, other.multi_region),
            is_primary: same(self.is_primary, other.is_primary),
        }
    }
}
