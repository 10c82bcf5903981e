//! Which keys there can be: how the properties of a key restrict each other, and the error about a
//! key that cannot exist (rules M, K2, S1–S4).

use super::metadata::{KeyMetadataBuilder, MultiRegionRole};
use super::spec::{KeySpec, KeyUsage};
use super::state::{KeyState, Origin};
use crate::identifier::{KeyId, Partition};
use crate::rule::Rule;

/// Why there can be no such key (rules M, K2, S1–S4).
///
/// ```
/// use kms_alias::{ImpossibleKey, KeyArn, KeyMetadata, KeyState, Rule};
///
/// let arn = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
/// );
/// let error = KeyMetadata::builder(arn).state(KeyState::PendingImport).build().unwrap_err();
/// assert_eq!(error.rule(), Rule::S1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the name and the type of a field say what it is"
)]
pub enum ImpossibleKey {
    /// Rule M: the spec does not allow the usage.
    #[error("a key of spec {spec} cannot have the usage {usage} (rule M)")]
    Usage { spec: KeySpec, usage: KeyUsage },
    /// Rule M: SM2 outside China.
    #[error("a key of spec SM2 cannot be in partition {0}, only in aws-cn (rule M)")]
    Sm2Outside(Partition),
    /// Rule M: another spec than `SYMMETRIC_DEFAULT` in a custom key store.
    #[error(
        "a key of origin {origin} cannot have the spec {spec}, only SYMMETRIC_DEFAULT (rule M)"
    )]
    CustomKeyStoreSpec { origin: Origin, spec: KeySpec },
    /// Rule M: a multi-Region key in a custom key store.
    #[error("a key of origin {0} cannot be multi-Region (rule M)")]
    CustomKeyStoreMultiRegion(Origin),
    /// Rule K2: a multi-Region role that its key ID contradicts.
    #[error(
        "a key is multi-Region exactly if its key ID begins with `mrk-`, and {0} says otherwise (rule K2)"
    )]
    MultiRegion(KeyId),
    /// Rules S1, S2, S3: a state that such a key cannot be in.
    #[error("a key of origin {origin} and ID {key_id} cannot be {state} (rule {})", state_rule(*state))]
    State {
        state: KeyState,
        origin: Origin,
        key_id: KeyId,
    },
    /// Rule S4: it would wait for replicas, and has none.
    #[error(
        "a key cannot be PendingReplicaDeletion unless it is a primary with replicas (rule S4)"
    )]
    NoReplicas,
}

/// The rule that binds a state to some keys.
const fn state_rule(state: KeyState) -> Rule {
    match state {
        KeyState::PendingImport => Rule::S1,
        KeyState::Unavailable => Rule::S2,
        KeyState::Creating | KeyState::Updating | KeyState::PendingReplicaDeletion => Rule::S3,
        // Every key can be in these, so no key is refused for them; S4 is the nearest rule.
        KeyState::Enabled | KeyState::Disabled | KeyState::PendingDeletion => Rule::S4,
    }
}

impl ImpossibleKey {
    /// The rule that such a key would break.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::Usage { .. }
            | Self::Sm2Outside(_)
            | Self::CustomKeyStoreSpec { .. }
            | Self::CustomKeyStoreMultiRegion(_) => Rule::M,
            Self::MultiRegion(_) => Rule::K2,
            Self::State { state, .. } => state_rule(*state),
            Self::NoReplicas => Rule::S4,
        }
    }
}

impl KeyMetadataBuilder {
    /// Rule M, spec and usage.
    pub(super) fn allow_usage(&self) -> Result<(), ImpossibleKey> {
        let Self { spec, usage, .. } = *self;
        let is_possible = spec.usages().contains(&usage);
        only_if(is_possible, ImpossibleKey::Usage { spec, usage })
    }

    /// Rule M, SM2 in China only.
    pub(super) fn allow_region(&self) -> Result<(), ImpossibleKey> {
        let partition = self.arn.scope().partition();
        let is_possible = self.spec != KeySpec::Sm2 || partition == Partition::AwsCn;
        only_if(is_possible, ImpossibleKey::Sm2Outside(partition))
    }

    /// Rule M, custom key stores.
    pub(super) fn allow_custom_key_store(&self) -> Result<(), ImpossibleKey> {
        let Self { origin, spec, .. } = *self;
        if !origin.is_custom_key_store() {
            return Ok(());
        }
        let is_symmetric = spec == KeySpec::SymmetricDefault;
        only_if(
            is_symmetric,
            ImpossibleKey::CustomKeyStoreSpec { origin, spec },
        )?;
        let is_single = !self.arn.key_id().is_multi_region();
        only_if(is_single, ImpossibleKey::CustomKeyStoreMultiRegion(origin))
    }

    /// Rules S1, S2, S3.
    pub(super) fn allow_state(&self, state: KeyState) -> Result<(), ImpossibleKey> {
        let Self { origin, .. } = *self;
        let key_id = self.arn.key_id();
        let is_possible = match state {
            KeyState::Enabled | KeyState::Disabled | KeyState::PendingDeletion => true,
            KeyState::PendingImport => origin == Origin::External,
            KeyState::Unavailable => origin.is_custom_key_store(),
            KeyState::Creating | KeyState::Updating | KeyState::PendingReplicaDeletion => {
                key_id.is_multi_region()
            }
        };
        only_if(
            is_possible,
            ImpossibleKey::State {
                state,
                origin,
                key_id,
            },
        )
    }

    /// Rules K2 and S4: which keys have a role, and which of them wait for replicas.
    pub(super) fn settle_role(&mut self, state: KeyState) -> Result<(), ImpossibleKey> {
        let key_id = self.arn.key_id();
        let waiting = state == KeyState::PendingReplicaDeletion;
        match self.role {
            None if key_id.is_multi_region() => {
                self.role = Some(MultiRegionRole::Primary {
                    replicas: u32::from(waiting),
                });
                Ok(())
            }
            Some(_) if !key_id.is_multi_region() => Err(ImpossibleKey::MultiRegion(key_id)),
            Some(MultiRegionRole::Replica | MultiRegionRole::Primary { replicas: 0 })
                if waiting =>
            {
                Err(ImpossibleKey::NoReplicas)
            }
            _ => Ok(()),
        }
    }
}

/// The error about a key, unless such a key is possible.
fn only_if(is_possible: bool, error: ImpossibleKey) -> Result<(), ImpossibleKey> {
    if is_possible { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::{KeyState, Rule, state_rule};

    #[test]
    fn a_state_has_the_rule_that_binds_it_to_some_keys_s1_s2_s3_s4() {
        let bound = KeyState::ALL
            .iter()
            .map(|state| (*state, state_rule(*state)));
        let expected = [
            (KeyState::Creating, Rule::S3),
            (KeyState::Enabled, Rule::S4),
            (KeyState::Disabled, Rule::S4),
            (KeyState::PendingDeletion, Rule::S4),
            (KeyState::PendingImport, Rule::S1),
            (KeyState::PendingReplicaDeletion, Rule::S3),
            (KeyState::Unavailable, Rule::S2),
            (KeyState::Updating, Rule::S3),
        ];
        assert!(bound.eq(expected));
    }
}
