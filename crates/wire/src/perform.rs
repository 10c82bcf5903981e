//! What the operations do to a table, and what they answer.

use super::fault::Fault;
use super::operation::Does;
use super::output;
use super::read::Request;
use super::response::Response;
use kms_alias::AliasTable;
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
    pub(super) fn perform(self, does: Does) -> Result<Response, Fault> {
        match does {
            Does::Change(operation) => self.change(operation),
            Does::ListAliases => self.list_aliases(),
            Does::ListKeys => self.list_keys(),
            Does::DescribeKey => self.describe_key(),
            Does::CreateKey => self.create_key(),
            Does::Use(asked) => self.judge(&asked),
        }
    }

    fn change(self, operation: KmsOperation) -> Result<Response, Fault> {
        let text = RequestText {
            alias_name: self.request.text("AliasName"),
            target_key_id: self.request.text("TargetKeyId"),
            key_id: self.request.text("KeyId"),
            pending_window_in_days: self.request.integer("PendingWindowInDays"),
        };
        let asked = Operation::parse(operation, &text, self.table.reserved_names())?;
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

    fn describe_key(&self) -> Result<Response, Fault> {
        let identifier = parse_key_identifier(self.request.text("KeyId"))?;
        Ok(output::key(self.table.describe_key(&identifier)?))
    }
}
