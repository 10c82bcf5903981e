//! CreateGrant is judged as far as its answers were recorded, and no grant is kept.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde_json::json;

use super::fault::Fault;
use super::perform::Call;
use super::response::Response;
use super::value::Value;
use kms_alias::{KeyMetadata, KeyType};

/// What a grant on an HMAC key can allow, in AWS's order (recorded).
const OPERATIONS_OF_HMAC: [&str; 5] = [
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateMac",
    "VerifyMac",
];

impl Call<'_, '_> {
    /// Never an answer: a fault, which is that no grants are kept where nothing else is.
    pub(super) fn create_grant(self) -> Result<Response, Fault> {
        for member in ["GranteePrincipal", "RetiringPrincipal"] {
            self.check_principal(member)?;
        }
        let key = self.key()?;
        self.check_constraints(key)?;
        self.check_operations(key)?;
        if self.request.is_true("DryRun") {
            return Err(Fault::DryRun);
        }
        Err(Fault::NoGrants)
    }

    pub(super) fn list_grants(self) -> Result<Response, Fault> {
        self.key()?;
        self.is_first_page()?;
        Ok(Response::of(&json!({"Grants": [], "Truncated": false})))
    }

    /// The session of a role is named without the path of the role (recorded).
    fn check_principal(&self, member: &str) -> Result<(), Fault> {
        let Some(arn) = self.request.text(member) else {
            return Ok(());
        };
        let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
        let session = resource.strip_prefix("assumed-role/");
        match session {
            Some(session) if session.split('/').count() != 2 => Err(Fault::Principal(arn.into())),
            _ => Ok(()),
        }
    }

    fn check_constraints(&self, key: &KeyMetadata) -> Result<(), Fault> {
        let Value::Structure(members) = self.request.value("Constraints") else {
            return Ok(());
        };
        let has_context = members.iter().any(Value::is_there);
        if has_context && key.key_type() != KeyType::SymmetricEncryption {
            return Err(Fault::GrantContext);
        }
        Ok(())
    }

    fn check_operations(&self, key: &KeyMetadata) -> Result<(), Fault> {
        let Value::List(names) = self.request.value("Operations") else {
            return Ok(());
        };
        if key.key_type() != KeyType::Hmac {
            return Ok(());
        }
        let others: Vec<&str> = names
            .iter()
            .filter_map(Value::text)
            .filter(|name| !OPERATIONS_OF_HMAC.contains(name))
            .collect();
        if others.is_empty() {
            return Ok(());
        }
        Err(Fault::GrantOperations {
            others: Box::from(others.join(", ")),
            usage: key.usage(),
            valid: Box::from(OPERATIONS_OF_HMAC.join(", ")),
        })
    }
}
