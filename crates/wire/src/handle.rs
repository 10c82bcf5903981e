//! A request from the outside in: its operation, its body, its members, and then the table.

use super::due::delete_due;
use super::fault::Fault;
use super::operation::of_target;
use super::perform::Call;
use super::read;
use super::regions::{NoOthers, OtherRegions};
use super::response::Response;
use super::validate::validate;
use kms_alias::AliasTable;
use kms_alias::Refusal;
use kms_alias::Timestamp;

/// Answers a request as KMS does.
///
/// `target` is the value of `X-Amz-Target`, such as `TrentService.UpdateAlias`, and `new_key` are
/// 16 random bytes, of which CreateKey makes its key ID. First the keys whose deletion is due by `at`
/// are deleted (rule S5); a refused request changes nothing else. Every answer is JSON or empty.
///
/// ```
/// use kms_alias_wire::handle;
/// use kms_alias::{AccountId, AliasTable, Region, Scope, Timestamp};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let mut table = AliasTable::new(scope);
/// let now = Timestamp::from_millis(1_700_000_000_000);
///
/// let body = br#"{"AliasName": "alias/payments"}"#;
/// let answer = handle(&mut table, "TrentService.DeleteAlias", body, now, [0; 16]);
/// assert_eq!(answer.status(), 400);
/// assert_eq!(
///     answer.body(),
///     br#"{"__type":"NotFoundException","message":"Alias arn:aws:kms:eu-west-3:111122223333:alias/payments is not found."}"#,
/// );
/// ```
pub fn handle(
    table: &mut AliasTable,
    target: &str,
    body: &[u8],
    at: Timestamp,
    new_key: [u8; 16],
) -> Response {
    handle_in(table, &mut NoOthers, target, body, at, new_key)
}

/// Answers a request as KMS does, where the tables of other Regions are at hand: what reaches into
/// another Region, such as ReplicateKey, finds its table there. [`handle`] knows of no other.
///
/// See [`OtherRegions`] for an example.
pub fn handle_in(
    table: &mut AliasTable,
    others: &mut dyn OtherRegions,
    target: &str,
    body: &[u8],
    at: Timestamp,
    new_key: [u8; 16],
) -> Response {
    delete_due(table, others, at);
    let answer = answer(table, others, target, body, at, new_key);
    answer.unwrap_or_else(|fault| Response::refused(&fault))
}

/// What a table has against a request; see [`judge`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The operation is none of those that kms-alias models.
    NotModelled,
    /// The request is refused, with this answer.
    Refused(Response),
    /// Nothing stands against the request.
    Allowed(Response),
}

/// Says what a table has against a request that somebody else carries out.
///
/// It is [`handle`] for those who have the key material: a call that is refused for want of it
/// alone is allowed here, and so is a dry run that succeeds. The table changes as if the request
/// had been carried out.
///
/// ```
/// use kms_alias_wire::{Judgement, judge};
/// # use kms_alias::{AccountId, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
///
/// let encrypt = |key_id: &str| format!(r#"{{"KeyId": "{key_id}", "Plaintext": "aGVsbG8="}}"#);
/// let mut judge = |body: String| judge(&mut table, "TrentService.Encrypt", body.as_bytes(), at, [0; 16]);
/// assert!(matches!(judge(encrypt("alias/nowhere")), Judgement::Refused(_)));
/// assert!(matches!(judge(encrypt(&key_id.to_string())), Judgement::Allowed(_)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn judge(
    table: &mut AliasTable,
    target: &str,
    body: &[u8],
    at: Timestamp,
    new_key: [u8; 16],
) -> Judgement {
    match answer(table, &mut NoOthers, target, body, at, new_key) {
        Ok(response) => Judgement::Allowed(response),
        Err(Fault::UnknownOperation(_)) => Judgement::NotModelled,
        Err(fault @ (Fault::NoKeyMaterial(_) | Fault::NoGrants | Fault::DryRun)) => {
            Judgement::Allowed(Response::refused(&fault))
        }
        Err(fault) => Judgement::Refused(Response::refused(&fault)),
    }
}

fn answer(
    table: &mut AliasTable,
    others: &mut dyn OtherRegions,
    target: &str,
    body: &[u8],
    at: Timestamp,
    new_key: [u8; 16],
) -> Result<Response, Fault> {
    let (operation, handler) =
        of_target(target).ok_or_else(|| Fault::UnknownOperation(target.into()))?;
    let mut room = read::room();
    let request = read::request(operation.members(), body, &mut room)?;
    validate(&request).map_err(Refusal::Constraints)?;
    let scope = table.scope();
    let call = Call {
        operation,
        table,
        others,
        request,
        at,
        new_key,
    };
    handler(call).map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.in_scope(scope).into(),
        fault => fault,
    })
}
