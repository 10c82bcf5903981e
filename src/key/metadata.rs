//! A key with all its properties, built only if such a key can exist.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::details::KeyDetails;
use super::impossible::ImpossibleKey;
use super::spec::{KeySpec, KeyType, KeyUsage};
use super::state::{KeyManager, KeyState, KeyStatus, Origin};
use super::time::Timestamp;
use crate::identifier::{KeyArn, KeyId};

/// The role of a multi-Region key among its related keys (rules S3, S4; KMS developer guide,
/// multi-Region keys).
///
/// ```
/// use kms_alias::{KeyArn, KeyMetadata, MultiRegionRole};
///
/// let arn = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
/// );
/// let key = KeyMetadata::builder(arn);
/// let primary = MultiRegionRole::Primary { replicas: 0 };
/// assert_eq!(key.clone().build()?.multi_region_role(), Some(primary));
/// let replica = key.multi_region_role(MultiRegionRole::Replica).build()?;
/// assert_eq!(replica.multi_region_role(), Some(MultiRegionRole::Replica));
/// # Ok::<(), kms_alias::ImpossibleKey>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MultiRegionRole {
    /// The primary key.
    Primary {
        /// The number of replica keys in other Regions.
        replicas: u32,
    },
    /// A replica of a primary key in another Region.
    Replica,
}

/// A key: its ARN, its properties and its state.
///
/// There is no value of this type for a key that cannot exist (rules K2, M, S1–S4).
///
/// ```
/// use kms_alias::{
///     KeyArn, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyType, KeyUsage, Origin, Rule,
/// };
///
/// let arn: KeyArn =
///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?;
/// let key = KeyMetadata::builder(arn).spec(KeySpec::Rsa2048).usage(KeyUsage::SignVerify).build()?;
/// assert_eq!((key.arn(), key.key_id()), (arn, arn.key_id()));
/// assert_eq!((key.spec(), key.usage()), (KeySpec::Rsa2048, KeyUsage::SignVerify));
/// assert_eq!(key.key_type(), KeyType::Asymmetric); // rule M
/// assert_eq!((key.origin(), key.manager()), (Origin::AwsKms, KeyManager::Customer));
/// assert_eq!((key.state(), key.status()), (KeyState::Enabled, KeyStatus::Enabled));
/// assert_eq!((key.is_multi_region(), key.multi_region_role()), (false, None)); // rule K2
/// assert_eq!(key.creation_date(), None);
/// assert_eq!(key.with_status(KeyStatus::Disabled)?.state(), KeyState::Disabled);
/// // Its material is not imported.
/// assert_eq!(key.with_status(KeyStatus::PendingImport).unwrap_err().rule(), Rule::S1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
// INVARIANT: a `KeyMetadataBuilder` of these fields builds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyMetadata {
    fields: KeyMetadataBuilder,
}

/// What the rules need to know of a key: a few bytes of its metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyTraits {
    pub(crate) key_type: KeyType,
    pub(crate) usage: KeyUsage,
    pub(crate) origin: Origin,
    pub(crate) manager: KeyManager,
    pub(crate) state: KeyState,
}

/// The properties of a key that is to be built; [`build`](Self::build) refuses a key that cannot
/// exist.
///
/// Unless said otherwise a key is `SYMMETRIC_DEFAULT`, `ENCRYPT_DECRYPT`, `AWS_KMS`, `CUSTOMER`
/// and `Enabled` (`PendingImport` if its origin is `EXTERNAL`, rule S1), and a multi-Region key is
/// a primary without replicas, or with one where its state says that it has some.
///
/// ```
/// use kms_alias::{
///     KeyArn, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyUsage, MultiRegionRole, Origin,
///     Rule, Timestamp, WaitingPeriod,
/// };
///
/// let arn = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
/// );
/// let waiting_period = WaitingPeriod::LEAST;
/// let key = KeyMetadata::builder(arn)
///     .spec(KeySpec::Hmac256)
///     .usage(KeyUsage::GenerateVerifyMac)
///     .origin(Origin::AwsKms)
///     .manager(KeyManager::Customer)
///     .creation_date(Timestamp::from_millis(1_700_000_000_000))
///     .multi_region_role(MultiRegionRole::Primary { replicas: 2 })
///     .status(KeyStatus::PendingReplicaDeletion { waiting_period });
/// assert_eq!(key.clone().build()?.state(), KeyState::PendingReplicaDeletion);
/// assert_eq!(key.clone().state(KeyState::Enabled).build()?.state(), KeyState::Enabled);
///
/// let error = key.usage(KeyUsage::SignVerify).build().unwrap_err();
/// assert_eq!(error.rule(), Rule::M);
/// # Ok::<(), kms_alias::ImpossibleKey>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
#[must_use]
pub struct KeyMetadataBuilder {
    pub(super) arn: KeyArn,
    #[cfg_attr(feature = "serde", serde(default = "default_spec"))]
    pub(super) spec: KeySpec,
    #[cfg_attr(feature = "serde", serde(default = "default_usage"))]
    pub(super) usage: KeyUsage,
    #[cfg_attr(feature = "serde", serde(default = "default_origin"))]
    pub(super) origin: Origin,
    #[cfg_attr(feature = "serde", serde(default = "default_manager"))]
    pub(super) manager: KeyManager,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) status: Option<KeyStatus>,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) role: Option<MultiRegionRole>,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) creation_date: Option<Timestamp>,
    /// Of a key that is pending deletion: it had no key material when its deletion was scheduled.
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) awaits_import: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(super) details: Option<Box<KeyDetails>>,
}

#[cfg(feature = "serde")]
const fn default_spec() -> KeySpec {
    KeySpec::SymmetricDefault
}

#[cfg(feature = "serde")]
const fn default_usage() -> KeyUsage {
    KeyUsage::EncryptDecrypt
}

#[cfg(feature = "serde")]
const fn default_origin() -> Origin {
    Origin::AwsKms
}

#[cfg(feature = "serde")]
const fn default_manager() -> KeyManager {
    KeyManager::Customer
}

impl KeyMetadata {
    /// Starts to build a key with this ARN.
    pub const fn builder(arn: KeyArn) -> KeyMetadataBuilder {
        KeyMetadataBuilder {
            arn,
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            origin: Origin::AwsKms,
            manager: KeyManager::Customer,
            status: None,
            role: None,
            creation_date: None,
            awaits_import: false,
            details: None,
        }
    }

    /// The fields, as a key is serialized.
    #[cfg(feature = "serde")]
    pub(crate) const fn fields(&self) -> &KeyMetadataBuilder {
        &self.fields
    }

    /// What the rules need to know of the key.
    pub(crate) const fn traits(&self) -> KeyTraits {
        KeyTraits {
            key_type: self.key_type(),
            usage: self.usage(),
            origin: self.origin(),
            manager: self.manager(),
            state: self.state(),
        }
    }

    /// The ARN.
    #[must_use]
    pub const fn arn(&self) -> KeyArn {
        self.fields.arn
    }

    /// The key ID.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.fields.arn.key_id()
    }

    /// The key spec.
    #[must_use]
    pub const fn spec(&self) -> KeySpec {
        self.fields.spec
    }

    /// The key type, which follows from the spec (rule M).
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.fields.spec.key_type()
    }

    /// The key usage.
    #[must_use]
    pub const fn usage(&self) -> KeyUsage {
        self.fields.usage
    }

    /// Where the key material comes from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.fields.origin
    }

    /// Who manages the key.
    #[must_use]
    pub const fn manager(&self) -> KeyManager {
        self.fields.manager
    }

    /// The key state.
    #[must_use]
    pub const fn state(&self) -> KeyState {
        self.status().state()
    }

    /// The key state with the values that belong to it.
    #[must_use]
    pub const fn status(&self) -> KeyStatus {
        match self.fields.status {
            Some(status) => status,
            None => self.fields.first_status(),
        }
    }

    /// When the deletion of a key that is pending deletion is due, where that is known (rule S4).
    #[must_use]
    pub const fn deletion_date(&self) -> Option<Timestamp> {
        match self.status() {
            KeyStatus::PendingDeletion { deletion_date } => deletion_date,
            _ => None,
        }
    }

    /// Whether this is a multi-Region key (rule K2).
    #[must_use]
    pub const fn is_multi_region(&self) -> bool {
        self.key_id().is_multi_region()
    }

    /// The role of a multi-Region key among its related keys; none for a single-Region key.
    #[must_use]
    pub const fn multi_region_role(&self) -> Option<MultiRegionRole> {
        self.fields.role
    }

    /// When the key was made, where that is known.
    #[must_use]
    pub const fn creation_date(&self) -> Option<Timestamp> {
        self.fields.creation_date
    }

    /// The details that no rule depends on.
    #[must_use]
    pub fn details(&self) -> &KeyDetails {
        self.fields.details.as_deref().unwrap_or(KeyDetails::NONE)
    }

    /// The same key with other details.
    #[must_use]
    pub fn with_details(&self, details: KeyDetails) -> Self {
        Self {
            fields: self.fields.clone().details(details),
        }
    }

    /// The same key with another role among its related keys.
    ///
    /// # Errors
    /// K2 and S4, if it is no multi-Region key or waits for replicas that it would not have.
    pub fn with_role(&self, role: MultiRegionRole) -> Result<Self, ImpossibleKey> {
        self.fields.clone().multi_region_role(role).build()
    }

    /// Whether the key has key material, or had some when its deletion was scheduled (rules S1, S4).
    #[must_use]
    pub const fn has_key_material(&self) -> bool {
        !matches!(self.state(), KeyState::PendingImport) && !self.fields.awaits_import
    }

    /// The status in which cancelling its deletion leaves the key (rule S4): disabled, or pending
    /// import if its key material is not there (recorded).
    #[must_use]
    pub(crate) const fn status_if_kept(&self) -> KeyStatus {
        if self.fields.awaits_import {
            KeyStatus::PendingImport
        } else {
            KeyStatus::Disabled
        }
    }

    /// The same key in another status.
    ///
    /// # Errors
    /// Rules S1, S2, S3 and S4, if this key cannot be in that state.
    pub fn with_status(&self, status: KeyStatus) -> Result<Self, ImpossibleKey> {
        let awaits_import = self.fields.awaits_import || self.state() == KeyState::PendingImport;
        KeyMetadataBuilder {
            status: Some(status),
            awaits_import,
            ..self.fields.clone()
        }
        .build()
    }

    /// The same key once its last replica is gone.
    #[must_use]
    pub(crate) fn without_replicas(&self) -> Self {
        let replica_regions = Vec::new();
        let mut fields = self.fields.clone().details(KeyDetails {
            replica_regions,
            ..self.details().clone()
        });
        fields.role = fields
            .role
            .map(|_| MultiRegionRole::Primary { replicas: 0 });
        Self { fields }
    }
}

impl KeyMetadataBuilder {
    /// Sets the key spec.
    pub const fn spec(mut self, spec: KeySpec) -> Self {
        self.spec = spec;
        self
    }

    /// Sets the key usage.
    pub const fn usage(mut self, usage: KeyUsage) -> Self {
        self.usage = usage;
        self
    }

    /// Sets where the key material comes from.
    pub const fn origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// Sets who manages the key.
    pub const fn manager(mut self, manager: KeyManager) -> Self {
        self.manager = manager;
        self
    }

    /// Sets the state, with defaults for the values that belong to it.
    pub fn state(self, state: KeyState) -> Self {
        self.status(state.into())
    }

    /// Sets the state with the values that belong to it.
    pub const fn status(mut self, status: KeyStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the role of a multi-Region key among its related keys.
    pub const fn multi_region_role(mut self, role: MultiRegionRole) -> Self {
        self.role = Some(role);
        self
    }

    /// Sets when the key was made.
    pub const fn creation_date(mut self, at: Timestamp) -> Self {
        self.creation_date = Some(at);
        self
    }

    /// Sets the details that no rule depends on.
    pub fn details(mut self, details: KeyDetails) -> Self {
        self.details = (details != *KeyDetails::NONE).then(|| Box::new(details));
        self
    }

    /// Sets whether a key that is pending deletion had no key material when its deletion was
    /// scheduled. Cancelling the deletion then leads back to pending import (rule S4, recorded).
    pub const fn awaits_import(mut self, awaits_import: bool) -> Self {
        self.awaits_import = awaits_import;
        self
    }

    /// The key, if such a key can exist.
    ///
    /// # Errors
    /// [`ImpossibleKey`], with the rule that the key would break: M, K2, S1, S2, S3, S4.
    pub fn build(mut self) -> Result<KeyMetadata, ImpossibleKey> {
        let status = self.status.unwrap_or(self.first_status());
        self.status = Some(status);
        self.allow_usage()?;
        self.allow_region()?;
        self.allow_custom_key_store()?;
        self.allow_state(status.state())?;
        self.settle_role(status.state())?;
        // It matters only for imported key material, while the key is pending deletion.
        self.awaits_import &= self.origin == Origin::External
            && matches!(
                status.state(),
                KeyState::PendingDeletion | KeyState::PendingReplicaDeletion
            );
        Ok(KeyMetadata { fields: self })
    }

    /// Rule S1: a key of origin `EXTERNAL` starts pending import.
    const fn first_status(&self) -> KeyStatus {
        match self.origin {
            Origin::External => KeyStatus::PendingImport,
            Origin::AwsKms | Origin::AwsCloudhsm | Origin::ExternalKeyStore => KeyStatus::Enabled,
        }
    }
}
