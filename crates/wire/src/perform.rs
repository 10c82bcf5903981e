//! What the operations do to a table, and what they answer.

use super::fault::Fault;
use super::output;
use super::read::Request;
use super::regions::OtherRegions;
use super::response::Response;
use kms_alias::AliasTable;
use kms_alias::KeyIdentifier;
use kms_alias::{
    Effect, ListAliases, ListKeys, Operation, RequestText, read_key_id, read_key_identifier,
};
use kms_alias::{KeyDetails, KeyMetadata, KmsOperation, Refusal, Timestamp, WaitingPeriod};

/// A request whose members keep to the service model, and the table that it is about.
pub(super) struct Call<'t, 'r> {
    pub(super) operation: KmsOperation,
    pub(super) table: &'t mut AliasTable,
    pub(super) others: &'t mut dyn OtherRegions,
    pub(super) request: Request<'r>,
    pub(super) at: Timestamp,
    pub(super) new_key: [u8; 16],
}

/// What does an operation.
pub(super) type Handler = fn(Call<'_, '_>) -> Result<Response, Fault>;

/// What does an operation; none if nobody here answers it.
pub(super) fn handler(operation: KmsOperation) -> Option<Handler> {
    Some(match operation {
        KmsOperation::ListAliases => |call| call.list_aliases(),
        KmsOperation::ListKeys => |call| call.list_keys(),
        KmsOperation::DescribeKey => |call| call.describe_key(),
        KmsOperation::CreateKey => |call| call.create_key(),
        KmsOperation::UpdateKeyDescription => |call| call.update_description(),
        KmsOperation::TagResource => |call| call.tag(),
        KmsOperation::UntagResource => |call| call.untag(),
        KmsOperation::ListResourceTags => |call| call.list_tags(),
        KmsOperation::GetKeyPolicy => |call| call.get_policy(),
        KmsOperation::PutKeyPolicy => |call| call.put_policy(),
        KmsOperation::ListKeyPolicies => |call| call.list_policies(),
        KmsOperation::CreateGrant => |call| call.create_grant(),
        KmsOperation::ListGrants => |call| call.list_grants(),
        KmsOperation::EnableKeyRotation => |call| call.enable_rotation(),
        KmsOperation::DisableKeyRotation => |call| call.disable_rotation(),
        KmsOperation::GetKeyRotationStatus => |call| call.rotation_status(),
        KmsOperation::RotateKeyOnDemand => |call| call.rotate_on_demand(),
        KmsOperation::ListKeyRotations => |call| call.list_rotations(),
        KmsOperation::GetParametersForImport => |call| call.parameters_for_import(),
        KmsOperation::ReplicateKey => |call| call.replicate(),
        KmsOperation::UpdatePrimaryRegion => |call| call.update_primary_region(),
        _ if operation.members().is_empty() => return None,
        _ if Operation::is_change(operation) => |call| call.change(),
        _ if operation.uses_key() => |call| call.judge(),
        _ => return None,
    })
}

impl Call<'_, '_> {
    fn change(self) -> Result<Response, Fault> {
        let text = RequestText {
            alias_name: self.request.text("AliasName"),
            target_key_id: self.request.text("TargetKeyId"),
            key_id: self.request.text("KeyId"),
            pending_window_in_days: self.request.integer("PendingWindowInDays"),
        };
        let asked = Operation::read(self.operation, &text, self.table.reserved_names())?;
        let days = text.pending_window_in_days;
        let change = self.table.apply(&asked, self.at)?;
        Ok(match (self.operation, change.effect()) {
            (KmsOperation::ScheduleKeyDeletion, Effect::KeyChanged { after, .. }) => {
                let period = days.and_then(WaitingPeriod::from_days).unwrap_or_default();
                output::scheduled(after, period)
            }
            (KmsOperation::CancelKeyDeletion, Effect::KeyChanged { after, .. }) => {
                output::key_id(after)
            }
            _ => Response::empty(),
        })
    }

    fn list_aliases(&self) -> Result<Response, Fault> {
        let request = ListAliases::read(
            self.request.text("KeyId"),
            self.request.integer("Limit"),
            self.request.text("Marker"),
        )?;
        let page = self.table.list_aliases(&request)?;
        Ok(output::aliases(self.table.scope(), &page))
    }

    fn list_keys(&self) -> Result<Response, Fault> {
        let request = ListKeys::read(self.request.integer("Limit"), self.request.text("Marker"))?;
        Ok(output::keys(&self.table.list_keys(&request)))
    }

    /// The key that the request names in any form (rule K6).
    pub(super) fn key_identifier(&self) -> Result<KeyIdentifier, Fault> {
        Ok(read_key_identifier(
            self.request.text("KeyId").unwrap_or_default(),
        )?)
    }

    /// The key that the request names, if the operation works on it as it stands (rules K8, T1–T3, S7,
    /// S8).
    pub(super) fn key(&self) -> Result<&KeyMetadata, Fault> {
        let text = self.request.text("KeyId").unwrap_or_default();
        let key_id = read_key_id(text)?;
        Ok(self.table.check_use(self.operation, &key_id.into())?)
    }

    /// Changes what a key carries.
    pub(super) fn carry(self, key: &KeyMetadata, details: KeyDetails) -> Result<Response, Fault> {
        self.become_key(key.with_details(details))?;
        Ok(Response::empty())
    }

    /// Says anew what the key is that was found.
    pub(super) fn become_key(self, key: KeyMetadata) -> Result<(), Fault> {
        self.table.change_key(key).map_err(Fault::KeyNotChanged)?;
        Ok(())
    }

    fn describe_key(self) -> Result<Response, Fault> {
        let identifier = self.key_identifier()?;
        match self.table.describe_key(&identifier) {
            Ok(key) => Ok(output::key(key)),
            Err(refusal @ Refusal::AliasNotFound { .. }) => match self.predefined(&identifier) {
                Some(key) => self.make_predefined(key),
                None => Err(refusal.into()),
            },
            Err(refusal) => Err(refusal.into()),
        }
    }
}
