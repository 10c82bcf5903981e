//! What the operations do to a table, and what they answer.

use super::fault::Fault;
use super::output;
use super::read::Request;
use super::response::Response;
use kms_alias::AliasTable;
use kms_alias::KeyIdentifier;
use kms_alias::{Effect, ListAliases, ListKeys, Operation, RequestText, parse_key_identifier};
use kms_alias::{KmsOperation, Timestamp, WaitingPeriod};

/// A request whose members keep to the service model, and the table that it is about.
pub(super) struct Call<'t, 'r> {
    pub(super) table: &'t mut AliasTable,
    pub(super) request: Request<'r>,
    pub(super) at: Timestamp,
    pub(super) new_key: [u8; 16],
}

impl Call<'_, '_> {
    pub(super) fn perform(self, operation: KmsOperation) -> Result<Response, Fault> {
        match operation {
            KmsOperation::ListAliases => self.list_aliases(),
            KmsOperation::ListKeys => self.list_keys(),
            KmsOperation::DescribeKey => self.describe_key(),
            KmsOperation::CreateKey => self.create_key(),
            _ if Operation::is_change(operation) => self.change(operation),
            _ if operation.uses_key() => self.judge(operation),
            _ => Err(Fault::UnknownOperation(operation.as_str().into())),
        }
    }

    fn change(self, operation: KmsOperation) -> Result<Response, Fault> {
        let text = RequestText {
            alias_name: self.request.text("AliasName"),
            target_key_id: self.request.text("TargetKeyId"),
            key_id: self.request.text("KeyId"),
            pending_window_in_days: self.request.integer("PendingWindowInDays"),
        };
        let asked = Operation::read(operation, &text, self.table.reserved_names())?;
        let days = text.pending_window_in_days;
        let change = self.table.apply(&asked, self.at)?;
        Ok(match (operation, change.effect()) {
            (KmsOperation::ScheduleKeyDeletion, Effect::KeyChanged { after, .. }) => {
                let period = days.and_then(WaitingPeriod::from_days).unwrap_or_default();
                output::scheduled(after, period)
            }
            (KmsOperation::CancelKeyDeletion, Effect::KeyChanged { after, .. }) => {
                output::cancelled(after)
            }
            _ => Response::empty(),
        })
    }

    fn list_aliases(&self) -> Result<Response, Fault> {
        let request = ListAliases::parse(
            self.request.text("KeyId"),
            self.request.integer("Limit"),
            self.request.text("Marker"),
        )?;
        let page = self.table.list_aliases(&request)?;
        Ok(output::aliases(self.table.scope(), &page))
    }

    fn list_keys(&self) -> Result<Response, Fault> {
        let request = ListKeys::parse(self.request.integer("Limit"), self.request.text("Marker"))?;
        Ok(output::keys(&self.table.list_keys(&request)))
    }

    /// The key that the request names in any form (rule K6).
    pub(super) fn key_identifier(&self) -> Result<KeyIdentifier, Fault> {
        Ok(parse_key_identifier(self.request.text("KeyId"))?)
    }

    fn describe_key(&self) -> Result<Response, Fault> {
        let identifier = self.key_identifier()?;
        Ok(output::key(self.table.describe_key(&identifier)?))
    }
}
