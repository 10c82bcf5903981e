//! The documents of a log as they come.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use kms_alias_files::changes::Member;
use kms_alias_files::metadata::KeyItem;
use kms_alias_files::object::Object;

/// A document: a file of a trail, a page of `lookup-events`, or a record by itself.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(rename = "Records", borrow)]
    pub(super) records: Option<Vec<&'a RawValue>>,
    #[serde(rename = "Events", borrow)]
    pub(super) events: Option<Vec<&'a RawValue>>,
    #[serde(rename = "eventSource")]
    pub(super) source: Option<IgnoredAny>,
}

/// An entry of what `aws cloudtrail lookup-events` prints: the record is a text in it.
#[derive(Deserialize)]
pub(super) struct Lookup<'a> {
    #[serde(rename = "CloudTrailEvent", borrow)]
    pub(super) record: Option<Cow<'a, str>>,
}

/// Whose record it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source<'a> {
    #[serde(borrow)]
    event_source: Option<Member<'a>>,
    #[serde(borrow)]
    event_type: Option<Member<'a>>,
}

impl Source<'_> {
    /// Whether the record says which service it is of.
    pub(super) const fn is_told(&self) -> bool {
        matches!(self.event_source, Some(Member::Text(_)))
    }

    /// Whether it is a record of what KMS was asked or did.
    pub(super) fn is_of_kms(&self) -> bool {
        let text = |member: &Option<Member<'_>>, is: fn(&str) -> bool| match member {
            Some(Member::Text(text)) => is(text),
            _ => false,
        };
        // In some partitions the name goes on otherwise.
        text(&self.event_source, |source| source.starts_with("kms."))
            && !text(&self.event_type, |kind| kind == "AwsCloudTrailInsight")
    }
}

/// A record of KMS.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    #[serde(rename = "eventID", borrow)]
    pub(super) event_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) event_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) event_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) aws_region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) recipient_account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) user_identity: Option<Object<UserIdentity<'a>>>,
    #[serde(borrow)]
    pub(super) error_code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) error_message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) request_parameters: Option<Object<Parameters<'a>>>,
    #[serde(borrow)]
    pub(super) response_elements: Option<Object<ResponseElements<'a>>>,
    #[serde(borrow)]
    pub(super) resources: Option<Vec<Object<Resource<'a>>>>,
    #[serde(borrow)]
    pub(super) service_event_details: Option<Object<ServiceEventDetails<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserIdentity<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) invoked_by: Option<Cow<'a, str>>,
}

/// The members of a request on which some rule depends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters<'a> {
    #[serde(borrow)]
    pub(super) alias_name: Option<Member<'a>>,
    #[serde(borrow)]
    pub(super) target_key_id: Option<Member<'a>>,
    #[serde(borrow)]
    pub(super) key_id: Option<Member<'a>>,
    #[serde(borrow)]
    pub(super) pending_window_in_days: Option<Member<'a>>,
    #[serde(borrow)]
    pub(super) limit: Option<Member<'a>>,
    #[serde(borrow)]
    pub(super) primary_region: Option<Member<'a>>,
    /// Set where the log leaves out a request that is too long.
    pub(super) omitted: Option<IgnoredAny>,
}

/// The members of a response that tell of a key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResponseElements<'a> {
    #[serde(borrow)]
    pub(super) key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) key_state: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) key_metadata: Option<Object<KeyItem<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(rename = "ARN", borrow)]
    pub(super) arn: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceEventDetails<'a> {
    #[serde(borrow)]
    pub(super) key_id: Option<Cow<'a, str>>,
}
