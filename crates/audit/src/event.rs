//! An event of KMS, as the log tells it: who, when, where, what was asked and what was answered.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};

use super::answer::AwsError;
use super::record::{Parameters, Record, ResponseElements};
use kms_alias::{AccountId, KeyArn, KeyId, Region, Scope, TargetKeyId};
use kms_alias::{KeyMetadata, KeyState, Timestamp};
use kms_alias_files::changes::{Member, Members};
use kms_alias_files::fault::Fault;
use kms_alias_files::metadata::KeyItem;
use kms_alias_files::object::Object;
use kms_alias_files::parse_timestamp;

/// An event of the log: what was asked, and what AWS answered (AWS CloudTrail user guide, record
/// contents).
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::read_trail;
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"},
///     "errorCode": "NotFoundException", "errorMessage": "Alias is not found."
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let event = &trail.events()[0];
/// assert_eq!((event.id(), event.name()), (Some("1"), "DeleteAlias"));
/// assert_eq!(event.subject().as_deref(), Some("alias/old"));
/// assert_eq!(event.time().as_millis(), 1_769_860_800_000);
/// assert!(event.scope().is_some_and(|scope| scope == "arn:aws:kms:eu-west-3:111122223333"));
/// assert!(event.error().is_some_and(|error| error.is("NotFoundException")));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    id: Option<Box<str>>,
    time: Timestamp,
    name: Box<str>,
    place: Place,
    caller: Caller,
    request: Option<Box<Request>>,
    answer: Result<Told, AwsError>,
    key: Option<NamedKey>,
}

/// The key that a record itself names, whatever the request said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedKey {
    Own(KeyId),
    OfAnotherAccount,
}

/// The account and Region of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Scope(Scope),
    /// A Region that rule K4 does not know.
    StrangeRegion,
    /// The record does not say.
    Unknown,
}

/// Who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// An account.
    Account(AccountId),
    /// AWS, or one of its services on somebody's behalf.
    Aws,
    /// The record does not say.
    Unknown,
}

/// The members of a request on which some rule depends.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) members: Members<'static>,
    pub(super) limit: Option<Member<'static>>,
    pub(super) primary_region: Option<Member<'static>>,
}

/// What a success tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) key_state: Option<KeyState>,
    pub(super) created: Option<Created>,
}

/// A key that was made.
#[derive(Clone, Debug)]
pub(super) enum Created {
    Key(Box<KeyMetadata>),
    /// It has a spec, usage, origin or state that this version does not know.
    Unreadable(KeyId),
}

/// What stands in the place of a value that the log does not show.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

impl Event {
    /// The event of a record.
    pub(super) fn of(record: &Record<'_>) -> Result<Self, Fault> {
        let name = record.event_name.as_deref();
        let time = record.event_time.as_deref();
        let time = time.ok_or(Fault::Missing("eventTime"))?;
        let time = parse_timestamp(time).ok_or_else(|| Fault::Date(time.into()))?;
        let place = place(record);
        let answer = match record.error_code.as_deref() {
            Some(code) => Err(AwsError::new(code, record.error_message.as_deref())),
            None => Ok(told(record.response_elements.as_ref(), &place, time)),
        };
        Ok(Self {
            id: record.event_id.as_deref().map(Into::into),
            time,
            name: name.ok_or(Fault::Missing("eventName"))?.into(),
            caller: caller(record),
            request: record.request_parameters.as_ref().and_then(request),
            answer,
            key: key_of(record, &place),
            place,
        })
    }

    /// `eventID`, if there is one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// `eventTime`, which has no parts of a second.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// `eventName`: the operation, or what happened without a request.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account and Region, if the record says them and this version knows the Region.
    #[must_use]
    pub const fn scope(&self) -> Option<Scope> {
        match self.place {
            Place::Scope(scope) => Some(scope),
            Place::StrangeRegion | Place::Unknown => None,
        }
    }

    /// The error that AWS answered with, if it did.
    #[must_use]
    pub fn error(&self) -> Option<&AwsError> {
        self.answer.as_ref().err()
    }

    /// What the event is about: the alias name or key of the request as it came, or else the key
    /// that the record names.
    #[must_use]
    pub fn subject(&self) -> Option<Cow<'_, str>> {
        let asked = self.request.as_ref().and_then(|request| {
            let members = &request.members;
            text(members.alias_name.as_ref()).or_else(|| text(members.key_id.as_ref()))
        });
        let key = || self.key().map(|key_id| Cow::Owned(key_id.to_string()));
        asked.map(Cow::Borrowed).or_else(key)
    }

    pub(super) const fn place(&self) -> &Place {
        &self.place
    }

    pub(super) const fn caller(&self) -> Caller {
        self.caller
    }

    pub(super) fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    pub(super) const fn answer(&self) -> Result<&Told, &AwsError> {
        self.answer.as_ref()
    }

    /// The key of the event's own account that the record itself names.
    pub(super) const fn key(&self) -> Option<KeyId> {
        match self.key {
            Some(NamedKey::Own(key_id)) => Some(key_id),
            Some(NamedKey::OfAnotherAccount) | None => None,
        }
    }

    pub(super) const fn named_key(&self) -> Option<NamedKey> {
        self.key
    }
}

/// The text of a member, if it is one.
pub(super) fn text<'a>(value: Option<&'a Member<'_>>) -> Option<&'a str> {
    match value {
        Some(Member::Text(text)) => Some(text),
        _ => None,
    }
}

fn place(record: &Record<'_>) -> Place {
    let identity = record.user_identity.as_ref();
    let account = record.recipient_account_id.as_ref();
    let account = account.or_else(|| identity.and_then(|identity| identity.0.account_id.as_ref()));
    let account = account.and_then(|account| account.parse::<AccountId>().ok());
    match (record.aws_region.as_deref(), account) {
        (Some(region), Some(account)) => match region.parse::<Region>() {
            Ok(region) => Place::Scope(Scope::new(region, account)),
            Err(_) => Place::StrangeRegion,
        },
        _ => Place::Unknown,
    }
}

fn caller(record: &Record<'_>) -> Caller {
    let Some(Object(identity)) = &record.user_identity else {
        return Caller::Unknown;
    };
    if record.event_type.as_deref() == Some("AwsServiceEvent")
        || identity.kind.as_deref() == Some("AWSService")
        || identity.invoked_by.is_some()
    {
        return Caller::Aws;
    }
    let account = identity.account_id.as_deref();
    account
        .and_then(|account| account.parse().ok())
        .map_or(Caller::Unknown, Caller::Account)
}

/// A request, if the log shows it.
fn request(Object(shown): &Object<Parameters<'_>>) -> Option<Box<Request>> {
    let all = [
        &shown.alias_name,
        &shown.target_key_id,
        &shown.key_id,
        &shown.pending_window_in_days,
        &shown.limit,
        &shown.primary_region,
    ];
    let is_hidden = |member: &&Option<Member<'_>>| text(member.as_ref()) == Some(HIDDEN);
    if shown.omitted.is_some() || all.iter().any(is_hidden) {
        return None;
    }
    let [
        alias_name,
        target_key_id,
        key_id,
        pending_window_in_days,
        limit,
        primary_region,
    ] = all.map(|member| member.as_ref().map(owned));
    let members = Members {
        alias_name,
        target_key_id,
        key_id,
        pending_window_in_days,
    };
    Some(Box::new(Request {
        members,
        limit,
        primary_region,
    }))
}

fn owned(member: &Member<'_>) -> Member<'static> {
    match member {
        Member::Text(text) => Member::Text(Cow::Owned(String::from(&**text))),
        Member::Integer(integer) => Member::Integer(*integer),
        Member::Other => Member::Other,
    }
}

fn told(elements: Option<&Object<ResponseElements<'_>>>, place: &Place, at: Timestamp) -> Told {
    let Some(Object(elements)) = elements else {
        return Told::default();
    };
    let state = elements.key_state.as_deref();
    let created = elements.key_metadata.as_ref();
    Told {
        key_state: state.and_then(|state| state.parse().ok()),
        created: created.and_then(|Object(key)| created_key(key, place, at)),
    }
}

/// The key that a response tells of, if it is of the event's own account and Region.
///
/// Its date is that of the event: the log has it in words for people.
fn created_key(key: &KeyItem<'_>, place: &Place, at: Timestamp) -> Option<Created> {
    let arn = key.key_arn()?;
    if *place != Place::Scope(arn.scope()) {
        return None;
    }
    Some(match key.read_made_at(at) {
        Ok(key) => Created::Key(Box::new(key)),
        Err(_) => Created::Unreadable(arn.key_id()),
    })
}

/// The key that a record names: in its answer, among its resources, or in its details.
fn key_of(record: &Record<'_>, place: &Place) -> Option<NamedKey> {
    let told = record.response_elements.as_ref();
    let told = told.and_then(|Object(elements)| elements.key_id.as_deref());
    let resources = record.resources.iter().flatten();
    let resources = resources.filter_map(|Object(resource)| resource.arn.as_deref());
    let details = record.service_event_details.as_ref();
    let details = details.and_then(|Object(details)| details.key_id.as_deref());
    let texts = told.into_iter().chain(resources).chain(details);
    texts.filter_map(key).next().map(|key| match (key, place) {
        (TargetKeyId::KeyArn(arn), Place::Scope(scope))
            if arn.scope().account() != scope.account() =>
        {
            NamedKey::OfAnotherAccount
        }
        // The Region is not asked: an event stands where it says.
        (key, _) => NamedKey::Own(key.key_id()),
    })
}

/// A key by ID or ARN.
fn key(text: &str) -> Option<TargetKeyId> {
    // Most texts are neither, and nobody wants to know why.
    let is_one = KeyArn::is_valid(text) || KeyId::is_valid(text);
    is_one.then(|| text.parse().ok())?
}

/// A key ID, or that of a key ARN.
pub(super) fn key_id(text: &str) -> Option<KeyId> {
    key(text).map(|key| key.key_id())
}
