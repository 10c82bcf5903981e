//! Reads requests from text: the checks on their form, in order.
//!
//! First come the bounds and patterns of the service model; all that are broken are told at once
//! (rules K7, A2, A3, L2, S4). No source settles the order of the rest, which is ours: the alias
//! name's prefix (A1), a character after it (A2), the colon that the model's pattern allows (A3),
//! reserved names (A4), then the form of the key (K1–K6, K8), and last the marker (L3).

use super::refusal::Refusal;
use super::request::{ListAliases, ListKeys, Operation, read_marker};
use crate::identifier::{
    ALIAS_PREFIX, AliasName, KeyIdentifier, ParseError, ReservedNames, TargetKeyId,
    is_upper_case_key_id, key_of_arn, names_an_alias,
};
use crate::key::model::{Bound, Constraint, Given, Of, Path, Violations};
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
/// let enable = Operation::parse(KmsOperation::EnableKey, &text, ReservedNames::default());
/// // Where the service model was checked before.
/// assert_eq!(Operation::read(KmsOperation::EnableKey, &text, ReservedNames::default()), enable);
/// assert!(enable.is_ok() && Operation::is_change(KmsOperation::EnableKey));
/// assert!(!Operation::is_change(KmsOperation::Encrypt));
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

/// The length of the prefix and the one character that has to follow it (rule A2).
const SHORTEST_ALIAS_NAME: i64 = 7;

impl RequestText<'_> {
    fn given(&self, member: &str) -> Given<'_> {
        match member {
            "AliasName" => text(self.alias_name),
            "TargetKeyId" => text(self.target_key_id),
            "KeyId" => text(self.key_id),
            "PendingWindowInDays" => integer(self.pending_window_in_days),
            _ => Given::Nothing,
        }
    }
}

fn text(member: Option<&str>) -> Given<'_> {
    member.map_or(Given::Nothing, Given::Text)
}

fn integer(member: Option<i64>) -> Given<'static> {
    member.map_or(Given::Nothing, Given::Integer)
}

/// Rules K7, A2, A3, L2, S4: what the service model asks of the members of an operation.
fn keep_to_model<'a>(
    operation: KmsOperation,
    given: impl Fn(&str) -> Given<'a>,
) -> Result<(), Violations> {
    let mut violations = Violations::default();
    for member in operation.members() {
        let path = Path::Member(None, member.name);
        violations.check(&path, member, given(member.name));
    }
    violations.or_none()
}

impl Operation {
    /// Reads a request of KMS's own operations, under a reading of rule A4.
    ///
    /// # Errors
    /// What the shape of the request breaks first: all of K7, A2, A3 and S4 together, then A1–A4,
    /// K1–K5, K8. An operation that changes neither aliases nor key states is refused with
    /// `UnknownOperationException`.
    pub fn parse(
        operation: KmsOperation,
        text: &RequestText<'_>,
        reserved_names: ReservedNames,
    ) -> Result<Self, Refusal> {
        if !Self::is_change(operation) {
            return Err(Refusal::UnknownOperation {
                operation: operation.as_str().into(),
            });
        }
        keep_to_model(operation, |member| text.given(member))?;
        Self::read(operation, text, reserved_names)
    }

    /// Whether this is an operation that changes aliases or the state of keys.
    #[must_use]
    pub const fn is_change(operation: KmsOperation) -> bool {
        operation.changes_table()
    }

    /// Reads a request whose members are known to conform to the service model (rule K7), which
    /// [`parse`](Self::parse) checks first.
    ///
    /// # Errors
    /// A1–A4, K1–K5, K8.
    pub fn read(
        operation: KmsOperation,
        text: &RequestText<'_>,
        reserved_names: ReservedNames,
    ) -> Result<Self, Refusal> {
        let alias_name = || alias_name(text.alias_name.unwrap_or_default(), reserved_names);
        let target = || target_key(text.target_key_id.unwrap_or_default());
        let key_id = || read_key_id(text.key_id.unwrap_or_default());
        match operation {
            KmsOperation::CreateAlias => Ok(Self::CreateAlias {
                alias_name: alias_name()?,
                target_key_id: target()?,
            }),
            KmsOperation::UpdateAlias => Ok(Self::UpdateAlias {
                alias_name: alias_name()?,
                target_key_id: target()?,
            }),
            KmsOperation::DeleteAlias => Ok(Self::DeleteAlias {
                alias_name: alias_name()?,
            }),
            KmsOperation::EnableKey => Ok(Self::EnableKey { key_id: key_id()? }),
            KmsOperation::DisableKey => Ok(Self::DisableKey { key_id: key_id()? }),
            KmsOperation::ScheduleKeyDeletion => Ok(Self::ScheduleKeyDeletion {
                key_id: key_id()?,
                waiting_period: text
                    .pending_window_in_days
                    .and_then(WaitingPeriod::from_days)
                    .unwrap_or_default(),
            }),
            KmsOperation::CancelKeyDeletion => Ok(Self::CancelKeyDeletion { key_id: key_id()? }),
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
        keep_to_model(KmsOperation::ListAliases, |member| match member {
            "KeyId" => text(key_id),
            member => page_member(member, limit, marker),
        })?;
        Self::read(key_id, limit, marker)
    }

    /// Reads a request whose members are known to conform to the service model (rule K7).
    ///
    /// # Errors
    /// Rules K1–K4, K8 (key), L3 (marker).
    pub fn read(
        key_id: Option<&str>,
        limit: Option<i64>,
        marker: Option<&str>,
    ) -> Result<Self, Refusal> {
        let key_id = key_id.map(read_key_id).transpose()?;
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
        keep_to_model(KmsOperation::ListKeys, |member| {
            page_member(member, limit, marker)
        })?;
        Self::read(limit, marker)
    }

    /// Reads a request whose members are known to conform to the service model (rule K7).
    ///
    /// # Errors
    /// Rule L3 (marker).
    pub fn read(limit: Option<i64>, marker: Option<&str>) -> Result<Self, Refusal> {
        let after = marker.map(decode).transpose()?;
        Ok(Self {
            limit: limit.and_then(|limit| limit.try_into().ok()),
            after,
        })
    }
}

fn page_member<'a>(member: &str, limit: Option<i64>, marker: Option<&'a str>) -> Given<'a> {
    match member {
        "Limit" => integer(limit),
        "Marker" => text(marker),
        _ => Given::Nothing,
    }
}

/// Reads the `KeyId` of DescribeKey and the cryptographic operations (rule K6).
///
/// ```
/// use kms_alias::{Rule, parse_key_identifier, read_key_id, read_key_identifier};
///
/// assert!(parse_key_identifier(Some("alias/payments")).is_ok());
/// let refusal = parse_key_identifier(Some("payments")).unwrap_err();
/// assert_eq!(refusal.exception(), "NotFoundException");
/// assert_eq!(refusal.to_string(), "Invalid keyId 'payments'");
///
/// // Where the service model was checked before.
/// assert!(read_key_identifier("alias/payments").is_ok());
/// assert_eq!(read_key_id("alias/payments").unwrap_err().rule(), Rule::K8); // no alias here
/// ```
///
/// # Errors
/// Rules K7, K1, K2, K3, K4, and A1–A3 of an alias name, which are answered as K1.
pub fn parse_key_identifier(key_id: Option<&str>) -> Result<KeyIdentifier, Refusal> {
    keep_to_model(KmsOperation::DescribeKey, |member| match member {
        "KeyId" => text(key_id),
        _ => Given::Nothing,
    })?;
    read_key_identifier(key_id.unwrap_or_default())
}

/// Reads a `KeyId` that is known to conform to the service model, in any of the four forms (rule
/// K6).
///
/// # Errors
/// Rules K1–K4, and A1–A3 of an alias name, which are answered as K1.
pub fn read_key_identifier(text: &str) -> Result<KeyIdentifier, Refusal> {
    text.parse().map_err(|error| malformed(text, error))
}

/// Rules A1–A4 of a name that conforms to the service model.
fn alias_name(name: &str, reserved_names: ReservedNames) -> Result<AliasName, Refusal> {
    AliasName::parse_with(name, reserved_names).map_err(|_| {
        if !name.starts_with(ALIAS_PREFIX) {
            Refusal::AliasPrefixMissing {
                alias_name: name.into(),
            }
        } else if name.len() == ALIAS_PREFIX.len() {
            // That a character has to follow the prefix is told as a bound on the length (ours).
            let bound = Constraint::Length(Bound::AtLeast(SHORTEST_ALIAS_NAME));
            let mut violations = Violations::default();
            violations.add(&"aliasName", Some("'alias/'"), bound, Of::Member);
            violations.into()
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
        other => match malformed(other, error) {
            Refusal::MalformedArn { value, error } => Refusal::MalformedTargetArn { value, error },
            refusal => refusal,
        },
    })
}

/// Reads a `KeyId` that is known to conform to the service model, of an operation that takes no
/// alias (rule K8).
///
/// # Errors
/// Rules K1–K4 and K8.
pub fn read_key_id(text: &str) -> Result<TargetKeyId, Refusal> {
    if names_an_alias(text) {
        return Err(Refusal::AliasNotSupported { value: text.into() });
    }
    text.parse().map_err(|error| malformed(text, error))
}

/// Rules K1–K4: what is wrong with a text that is neither a key ID nor a key ARN.
fn malformed(text: &str, error: ParseError) -> Refusal {
    let value = text.into();
    match key_of_arn(text) {
        _ if is_upper_case_key_id(text) => Refusal::UpperCaseKeyId { value },
        Some((_, key_id)) if is_upper_case_key_id(key_id) => Refusal::UpperCaseKeyId { value },
        Some((_, key_id)) => Refusal::MalformedKeyIdInArn {
            key_id: key_id.into(),
            error,
        },
        None if text.starts_with("arn:") => Refusal::MalformedArn { value, error },
        None => Refusal::InvalidKeyId { value, error },
    }
}

/// Rule L3: what a marker stands for.
fn decode<T: core::str::FromStr>(marker: &str) -> Result<T, Refusal> {
    read_marker(marker)
        .and_then(|last| last.parse().ok())
        .ok_or(Refusal::InvalidMarker)
}
