//! A list of changes: requests with KMS's own member names, one object a step.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fault::{AccountError, Fault};
use super::file::File;
use super::locate;
use super::near::did_you_mean;
use super::text;
use kms_alias::KmsOperation;
use kms_alias::ReservedNames;
use kms_alias::{Operation, Refusal, RequestText};

/// A step of a list of changes: a request as it came, already held against the rules of its shape
/// (rules K7, A1–A4, K1–K5, K8, S4).
///
/// ```
/// use kms_alias::ReservedNames;
/// use kms_alias_files::{File, read_changes};
///
/// let bytes = br#"[
///     {"DeleteAlias": {"AliasName": "alias/old"}}
/// ]"#;
/// let steps = read_changes(File { name: "changes.json", bytes }, ReservedNames::default())?;
/// assert_eq!((steps[0].operation.as_str(), steps[0].line), ("DeleteAlias", 2));
/// assert_eq!(steps[0].subject.as_deref(), Some("alias/old"));
/// assert!(steps[0].request.is_ok(), "whether there is such an alias is for a table to say");
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The operation's name, as it came.
    pub operation: String,
    /// What the step is about: its `AliasName`, or its `KeyId`, as it came.
    pub subject: Option<String>,
    /// The line, from 1, at which the step begins.
    pub line: usize,
    /// The request, or why KMS refuses it whatever stands in the account.
    pub request: Result<Operation, Refusal>,
}

/// Reads a list of changes: a stream of JSON documents, or arrays of them, each an object of one
/// operation and its request.
///
/// A request whose values break a rule is a step that is refused, as KMS would refuse it: one that
/// lacks a member with `ValidationException`, a member of the wrong JSON type with
/// `SerializationException`. An operation or a parameter that KMS does not have is a mistake of the
/// file (ours): KMS ignores such a parameter, and whoever wrote it meant another.
///
/// ```
/// use kms_alias::ReservedNames;
/// use kms_alias_files::{File, read_changes};
///
/// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}} {"DeleteAlias": {}}"#;
/// let steps = read_changes(File { name: "changes.json", bytes }, ReservedNames::default())?;
/// assert!(steps[0].request.is_ok());
/// assert_eq!(steps[1].request.as_ref().unwrap_err().exception(), "ValidationException");
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is not UTF-8, holds no document or is not JSON, a document that is not a step, a name
/// that is no operation of KMS, a parameter that its operation does not have, and an operation of KMS
/// that a list of changes does not hold, such as `Encrypt`.
pub fn read_changes(
    file: File<'_>,
    reserved_names: ReservedNames,
) -> Result<Vec<Step>, AccountError> {
    let json = text::json(file)?;
    let text: &str = &json;
    let mut steps = Vec::new();
    let mut lines = locate::Lines::of(text);
    let mut documents = 0_usize;
    for document in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let document = document.map_err(|error| AccountError::json(file.name, &error))?;
        documents = documents.saturating_add(1);
        let single = [document];
        let list: Vec<&RawValue>;
        let raws = if document.get().starts_with('[') {
            list = serde_json::from_str(document.get())
                .map_err(|error| AccountError::json(file.name, &error))?;
            &list[..]
        } else {
            &single[..]
        };
        for raw in raws {
            let line = lines.at(raw.get());
            steps.push(
                read_step(raw, line, reserved_names).map_err(|(line, fault)| AccountError {
                    line: Some(line),
                    entry: Some(alloc::format!("step {}", steps.len().saturating_add(1))),
                    ..AccountError::of_file(file.name, fault)
                })?,
            );
        }
    }
    if documents == 0 {
        return Err(AccountError::of_file(file.name, Fault::Empty));
    }
    Ok(steps)
}

/// The operations that a list of changes holds. The others change no alias and no key that stands, or
/// nothing here models what they change.
const CHANGES: [KmsOperation; 7] = [
    KmsOperation::CreateAlias,
    KmsOperation::UpdateAlias,
    KmsOperation::DeleteAlias,
    KmsOperation::EnableKey,
    KmsOperation::DisableKey,
    KmsOperation::ScheduleKeyDeletion,
    KmsOperation::CancelKeyDeletion,
];

/// The names of the changes, as a list in a sentence.
pub(crate) fn names_of_changes() -> String {
    let [others @ .., last] = CHANGES;
    format!("{} and {last}", others.map(KmsOperation::as_str).join(", "))
}

/// Operations of KMS that no rule is about.
const UNMODELLED: [&str; 8] = [
    "ConnectCustomKeyStore",
    "CreateCustomKeyStore",
    "DeleteCustomKeyStore",
    "DescribeCustomKeyStores",
    "DisconnectCustomKeyStore",
    "GenerateRandom",
    "ListRetirableGrants",
    "UpdateCustomKeyStore",
];

/// A step, or what is wrong and the line of it.
fn read_step(
    raw: &RawValue,
    line: usize,
    reserved_names: ReservedNames,
) -> Result<Step, (usize, Fault)> {
    let One(name, request) =
        serde_json::from_str(raw.get()).map_err(|_| (line, Fault::NotAStep))?;
    let operation = name.into_owned();
    let known = change(&operation).map_err(|fault| (line, fault))?;
    if !request.get().starts_with('{') {
        let refusal = Refusal::MemberType {
            member: "the request",
            expected: "a structure",
        };
        return Ok(Step {
            operation,
            subject: None,
            line,
            request: Err(refusal),
        });
    }
    let Given { members, names } =
        serde_json::from_str(request.get()).map_err(|error| inside(raw, request, line, &error))?;
    if let Some(name) = names.iter().find(|name| !has_member(known, name)) {
        return Err((line, not_a_parameter(known, name)));
    }
    let request = members.parse(known, reserved_names);
    Ok(Step {
        operation,
        subject: members.subject(),
        line,
        request,
    })
}

fn has_member(operation: KmsOperation, name: &str) -> bool {
    operation.members().iter().any(|member| member.name == name)
}

/// The change of this name.
fn change(name: &str) -> Result<KmsOperation, Fault> {
    match name.parse() {
        Ok(operation) if CHANGES.contains(&operation) => Ok(operation),
        Err(_) if !UNMODELLED.contains(&name) => Err(Fault::NotAnOperation {
            name: name.to_string(),
            near: instead_of(name),
        }),
        _ => Err(Fault::NotAChange(name.to_string())),
    }
}

/// What to do in place of an operation that KMS does not have.
fn instead_of(name: &str) -> String {
    if name.eq_ignore_ascii_case("RenameAlias") {
        return "; an alias keeps its name: create one with the new name, and delete the old one"
            .to_string();
    }
    did_you_mean(name, CHANGES.iter().map(|operation| operation.as_str()))
}

fn not_a_parameter(operation: KmsOperation, name: &str) -> Fault {
    let names = operation.members().iter().map(|member| member.name);
    Fault::NotAParameter {
        operation,
        name: name.to_string(),
        near: did_you_mean(name, names),
    }
}

/// An error in a request, with the line in the file instead of the place in the request.
fn inside(
    raw: &RawValue,
    request: &RawValue,
    line: usize,
    error: &serde_json::Error,
) -> (usize, Fault) {
    let begins = locate::Lines::of(raw.get()).at(request.get());
    // Each of the three counts from 1.
    let line = line
        .saturating_add(begins)
        .saturating_add(error.line())
        .saturating_sub(2);
    (line, Fault::of_part(error))
}

/// An object of exactly one member.
struct One<'a>(Cow<'a, str>, &'a RawValue);

impl<'de: 'a, 'a> Deserialize<'de> for One<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneVisitor;

        impl<'de> Visitor<'de> for OneVisitor {
            type Value = One<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of one member")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let Some((name, request)) = map.next_entry::<Name<'de>, &RawValue>()? else {
                    return Err(A::Error::invalid_length(0, &self));
                };
                match map.next_key::<IgnoredAny>()? {
                    Some(_) => Err(A::Error::invalid_length(2, &self)),
                    None => Ok(One(name.0, request)),
                }
            }
        }

        deserializer.deserialize_map(OneVisitor)
    }
}

/// A member's name, borrowed where it can be.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of a request, and the names of all that it gives.
struct Given<'a> {
    members: Members<'a>,
    names: Vec<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Given<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct GivenVisitor;

        impl<'de> Visitor<'de> for GivenVisitor {
            type Value = Given<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut members, mut names) = (Members::default(), Vec::new());
                while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
                    let member = members.named(&name);
                    // JSON that says a member twice is no request at all.
                    if member.is_some() && names.contains(&name) {
                        let words = format!("duplicate field `{name}`");
                        return Err(A::Error::custom(words));
                    }
                    match member {
                        Some(member) => *member = map.next_value()?,
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    names.push(name);
                }
                Ok(Given { members, names })
            }
        }

        deserializer.deserialize_map(GivenVisitor)
    }
}

/// The members that the operations of this crate have.
#[derive(Clone, Debug, Default)]
pub struct Members<'a> {
    /// `AliasName`.
    pub alias_name: Option<Member<'a>>,
    /// `TargetKeyId`.
    pub target_key_id: Option<Member<'a>>,
    /// `KeyId`.
    pub key_id: Option<Member<'a>>,
    /// `PendingWindowInDays`.
    pub pending_window_in_days: Option<Member<'a>>,
}

impl<'a> Members<'a> {
    /// The member of this name, if it is one of these.
    fn named(&mut self, name: &str) -> Option<&mut Option<Member<'a>>> {
        Some(match name {
            "AliasName" => &mut self.alias_name,
            "TargetKeyId" => &mut self.target_key_id,
            "KeyId" => &mut self.key_id,
            "PendingWindowInDays" => &mut self.pending_window_in_days,
            _ => return None,
        })
    }
}

impl Members<'_> {
    fn subject(&self) -> Option<String> {
        [&self.alias_name, &self.key_id]
            .into_iter()
            .flatten()
            .find_map(|member| match member {
                Member::Text(text) => Some(text.to_string()),
                Member::Integer(_) | Member::Other => None,
            })
    }

    /// The operation of these members, as KMS would read them (rule K7).
    ///
    /// # Errors
    /// As KMS refuses a request for its shape.
    pub fn parse(
        &self,
        operation: KmsOperation,
        reserved_names: ReservedNames,
    ) -> Result<Operation, Refusal> {
        let mut text = RequestText::default();
        for member in operation.members() {
            match member.name {
                "AliasName" => text.alias_name = string(member.name, self.alias_name.as_ref())?,
                "TargetKeyId" => {
                    text.target_key_id = string(member.name, self.target_key_id.as_ref())?;
                }
                "KeyId" => text.key_id = string(member.name, self.key_id.as_ref())?,
                "PendingWindowInDays" => {
                    let days = self.pending_window_in_days.as_ref();
                    text.pending_window_in_days = integer(member.name, days)?;
                }
                _ => {}
            }
        }
        Operation::parse(operation, &text, reserved_names)
    }
}

/// A member that is a string.
///
/// # Errors
/// A value of another type.
pub fn string<'a>(
    member: &'static str,
    value: Option<&'a Member<'_>>,
) -> Result<Option<&'a str>, Refusal> {
    match value {
        None => Ok(None),
        Some(Member::Text(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::MemberType {
            member,
            expected: "a string",
        }),
    }
}

/// A member that is an integer.
///
/// # Errors
/// A value of another type.
pub fn integer(member: &'static str, value: Option<&Member<'_>>) -> Result<Option<i64>, Refusal> {
    match value {
        None => Ok(None),
        Some(Member::Integer(integer)) => Ok(Some(*integer)),
        Some(_) => Err(Refusal::MemberType {
            member,
            expected: "an integer",
        }),
    }
}

/// A member's value, whatever its type.
#[derive(Clone, Debug)]
pub enum Member<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// An integer.
    Integer(i64),
    /// Anything else.
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Member<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Member::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Member::Text(Cow::Owned(text.to_string())))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Member::Integer(integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(integer).map_or(Member::Other, Member::Integer))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Member::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Member::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}
