//! A request as text to a typed one: the shape checks, in their order.
//!
//! The order is ours, as no source settles it: presence and bounds of every member, numbers too
//! (rules K7, A2, L2, S4), then of the alias name the service model's pattern (A3), the prefix
//! (A1), a character after it (A2), the colon that the pattern lets through (A3) and reserved names
//! (A4), then of the key its form (K1–K6, K8), last what a marker says (L3).

use super::constraint::{
    ALIAS_NAME, ALIASES_PER_PAGE, Bound, Bounds, KEY_ID, KEYS_PER_PAGE, MARKER, TextShape,
};
use super::refusal::Refusal;
use super::request::{ListAliases, ListKeys, Operation, read_marker};
use crate::identifier::{
    ALIAS_PREFIX, AliasName, KeyIdentifier, ParseError, ReservedNames, TargetKeyId, is_model_byte,
    names_an_alias,
};
use crate::key::{KmsOperation, WaitingPeriod};

/// The members of a request as they came; what an operation does not use is ignored
/// (rule K7).
///
/// [`Operation::parse`] reads it, and says which rule its shape breaks.
///
/// ```
/// use kms_alias::{KmsOperation, Operation, RequestText, ReservedNames, Rule};
///
/// let text = RequestText {
///     key_id: Some("1234abcd-12ab-34cd-56ef-1234567890ab"),
///     pending_window_in_days: Some(6),
///     ..RequestText::default()
/// };
/// let schedule = KmsOperation::ScheduleKeyDeletion;
/// let refusal = Operation::parse(schedule, &text, ReservedNames::default()).unwrap_err();
/// assert_eq!(refusal.rule(), Rule::S4); // 7 days are the fewest
/// assert!(Operation::parse(KmsOperation::EnableKey, &text, ReservedNames::default()).is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RequestText<'a> {
    /// `AliasName`.
    pub alias_name: Option<&'a str>,
    /// `TargetKeyId`.
    pub target_key_id: Option<&'a str>,
    /// `KeyId`.
    pub key_id: Option<&'a str>,
    /// `PendingWindowInDays`, in days.
    pub pending_window_in_days: Option<i64>,
}

/// The prefix and the character that has to follow it (rule A2).
const SHORTEST_ALIAS_NAME: i64 = 7;

impl Operation {
    /// Reads a request of KMS's own operations, under a reading of rule A4.
    ///
    /// # Errors
    /// The first rule that the shape of the request breaks: K7, A1–A4, K1–K5, K8, S4. An operation
    /// that changes neither aliases nor key states is refused with `UnknownOperationException`.
    pub fn parse(
        operation: KmsOperation,
        text: &RequestText<'_>,
        reserved_names: ReservedNames,
    ) -> Result<Self, Refusal> {
        match operation {
            KmsOperation::CreateAlias => {
                let (alias_name, target_key_id) = name_and_target(text, reserved_names)?;
                Ok(Self::CreateAlias {
                    alias_name,
                    target_key_id,
                })
            }
            KmsOperation::UpdateAlias => {
                let (alias_name, target_key_id) = name_and_target(text, reserved_names)?;
                Ok(Self::UpdateAlias {
                    alias_name,
                    target_key_id,
                })
            }
            KmsOperation::DeleteAlias => {
                let name = bounded_name(text)?;
                Ok(Self::DeleteAlias {
                    alias_name: alias_name(name, reserved_names)?,
                })
            }
            KmsOperation::EnableKey => Ok(Self::EnableKey {
                key_id: required_key(text)?,
            }),
            KmsOperation::DisableKey => Ok(Self::DisableKey {
                key_id: required_key(text)?,
            }),
            KmsOperation::ScheduleKeyDeletion => {
                let key_id = bounded_key(text)?;
                let waiting_period = waiting_period(text.pending_window_in_days)?;
                Ok(Self::ScheduleKeyDeletion {
                    key_id: key_only(key_id)?,
                    waiting_period,
                })
            }
            KmsOperation::CancelKeyDeletion => Ok(Self::CancelKeyDeletion {
                key_id: required_key(text)?,
            }),
            other => Err(Refusal::UnknownOperation {
                operation: other.as_str().into(),
            }),
        }
    }
}

impl ListAliases {
    /// Reads a ListAliases request: key, limit and marker as they came.
    ///
    /// # Errors
    /// Rules K7 and L2 (bounds), K1–K4, K8 (key), L3 (marker).
    pub fn parse(
        key_id: Option<&str>,
        limit: Option<i64>,
        marker: Option<&str>,
    ) -> Result<Self, Refusal> {
        let key_id = key_id
            .map(|key_id| within("keyId", key_id, &KEY_ID))
            .transpose()?;
        let limit = limit
            .map(|limit| page_limit(limit, ALIASES_PER_PAGE))
            .transpose()?;
        let marker = bounded_marker(marker)?;
        let key_id = key_id.map(key_only).transpose()?;
        let after = marker.map(decode).transpose()?;
        Ok(Self {
            key_id,
            limit: limit.and_then(|limit| limit.try_into().ok()),
            after,
        })
    }
}

impl ListKeys {
    /// Reads a ListKeys request: limit and marker as they came.
    ///
    /// # Errors
    /// Rules K7 and L2 (bounds), L3 (marker).
    pub fn parse(limit: Option<i64>, marker: Option<&str>) -> Result<Self, Refusal> {
        let limit = limit
            .map(|limit| page_limit(limit, KEYS_PER_PAGE))
            .transpose()?;
        let marker = bounded_marker(marker)?;
        let after = marker.map(decode).transpose()?;
        Ok(Self {
            limit: limit.and_then(|limit| limit.try_into().ok()),
            after,
        })
    }
}

/// Reads the `KeyId` of DescribeKey and the cryptographic operations (rule K6).
///
/// ```
/// use kms_alias::parse_key_identifier;
///
/// assert!(parse_key_identifier(Some("alias/payments")).is_ok());
/// let refusal = parse_key_identifier(Some("payments")).unwrap_err();
/// assert_eq!(refusal.exception(), "NotFoundException");
/// assert_eq!(refusal.to_string(), "Invalid keyId 'payments'");
/// ```
///
/// # Errors
/// Rules K7, K1, K2, K3, K4, and A1–A3 of an alias name, which are answered as K1.
pub fn parse_key_identifier(key_id: Option<&str>) -> Result<KeyIdentifier, Refusal> {
    let text = within("keyId", required("keyId", key_id)?, &KEY_ID)?;
    text.parse().map_err(|error| malformed(text, error))
}

fn name_and_target(
    text: &RequestText<'_>,
    reserved_names: ReservedNames,
) -> Result<(AliasName, TargetKeyId), Refusal> {
    let name = bounded_name(text)?;
    let target = required("targetKeyId", text.target_key_id)?;
    let target = within("targetKeyId", target, &KEY_ID)?;
    Ok((alias_name(name, reserved_names)?, target_key(target)?))
}

/// Rule K7: the member is there.
fn required<'a>(member: &'static str, value: Option<&'a str>) -> Result<&'a str, Refusal> {
    value.ok_or(Refusal::MemberMissing { member })
}

/// Rule K7: the length of a member.
fn within<'a>(member: &'static str, value: &'a str, shape: &TextShape) -> Result<&'a str, Refusal> {
    match shape.broken_bound(value) {
        Some(bound) => Err(Refusal::MemberLength {
            member,
            value: value.into(),
            bound,
        }),
        None => Ok(value),
    }
}

/// Rules K7 and A2: the name is there, and its length.
fn bounded_name<'a>(text: &RequestText<'a>) -> Result<&'a str, Refusal> {
    let name = required("aliasName", text.alias_name)?;
    match ALIAS_NAME.broken_bound(name) {
        Some(bound) => Err(Refusal::AliasNameLength {
            alias_name: name.into(),
            bound,
        }),
        None => Ok(name),
    }
}

/// Rules A1–A4 of a name within its bounds.
fn alias_name(name: &str, reserved_names: ReservedNames) -> Result<AliasName, Refusal> {
    AliasName::parse_with(name, reserved_names).map_err(|_| {
        if !name.bytes().all(is_model_byte) {
            Refusal::AliasNameCharacters {
                alias_name: name.into(),
            }
        } else if !name.starts_with(ALIAS_PREFIX) {
            Refusal::AliasPrefixMissing {
                alias_name: name.into(),
            }
        } else if name.len() == ALIAS_PREFIX.len() {
            // "At least one character follows" is a bound too, told with the number it comes to (ours).
            let bound = Bound::AtLeast(SHORTEST_ALIAS_NAME);
            Refusal::AliasNameLength {
                alias_name: name.into(),
                bound,
            }
        } else if name.contains(':') {
            Refusal::AliasNameColon {
                alias_name: name.into(),
            }
        } else {
            Refusal::ReservedAliasName {
                alias_name: name.into(),
                reserved_names,
            }
        }
    })
}

/// Rules K1–K5: the target of an alias.
fn target_key(text: &str) -> Result<TargetKeyId, Refusal> {
    text.parse().map_err(|error| match text {
        alias if names_an_alias(alias) => Refusal::TargetIsAlias {
            value: alias.into(),
        },
        arn if arn.starts_with("arn:") => Refusal::MalformedTargetArn {
            value: arn.into(),
            error,
        },
        other => Refusal::InvalidKeyId {
            value: other.into(),
            error,
        },
    })
}

/// Rules K1–K4 and K8: a key, and no alias.
fn key_only(text: &str) -> Result<TargetKeyId, Refusal> {
    if names_an_alias(text) {
        return Err(Refusal::AliasNotSupported { value: text.into() });
    }
    text.parse().map_err(|error| malformed(text, error))
}

/// Rules K1–K4: a text that is neither an ARN nor a key ID, where no target is named.
fn malformed(text: &str, error: ParseError) -> Refusal {
    let value = text.into();
    if text.starts_with("arn:") {
        Refusal::MalformedArn { value, error }
    } else {
        Refusal::InvalidKeyId { value, error }
    }
}

fn required_key(text: &RequestText<'_>) -> Result<TargetKeyId, Refusal> {
    key_only(bounded_key(text)?)
}

/// Rule K7: the key is there, and its length.
fn bounded_key<'a>(text: &RequestText<'a>) -> Result<&'a str, Refusal> {
    within("keyId", required("keyId", text.key_id)?, &KEY_ID)
}

/// Rule S4: the waiting period.
fn waiting_period(days: Option<i64>) -> Result<WaitingPeriod, Refusal> {
    let Some(days) = days else {
        return Ok(WaitingPeriod::default());
    };
    WaitingPeriod::from_days(days).ok_or(Refusal::WaitingPeriod { days })
}

/// Rule L2: how many on a page.
fn page_limit(limit: i64, bounds: Bounds) -> Result<i64, Refusal> {
    match bounds.broken_by(limit) {
        Some(bound) => Err(Refusal::PageLimit { limit, bound }),
        None => Ok(limit),
    }
}

/// Rule K7: the length and the characters of a marker.
fn bounded_marker(marker: Option<&str>) -> Result<Option<&str>, Refusal> {
    let Some(marker) = marker else {
        return Ok(None);
    };
    let marker = within("marker", marker, &MARKER)?;
    if MARKER.broken_by(marker).is_none() {
        Ok(Some(marker))
    } else {
        Err(Refusal::MarkerCharacters {
            marker: marker.into(),
        })
    }
}

/// Rule L3: what a marker stands for.
fn decode<T: core::str::FromStr>(marker: &str) -> Result<T, Refusal> {
    read_marker(marker)
        .and_then(|last| last.parse().ok())
        .ok_or(Refusal::InvalidMarker)
}
