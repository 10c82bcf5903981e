//! What a key carries and nobody judges: its description, its tags and its policy.
//!
//! All of it is kept as it is. A policy is JSON; what it says is for IAM to judge.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::IgnoredAny;
use serde_json::json;

use super::fault::Fault;
use super::perform::Call;
use super::response::Response;
use super::value::Value;
use kms_alias::{AccountId, KeyDetails, KeyMetadata, Refusal, Scope, marker_after};

/// The most tags that a key has.
const MOST_TAGS: usize = 50;

/// The one name that a key policy has.
const DEFAULT_POLICY: &str = "default";

impl Call<'_, '_> {
    /// What the key that the request names carries, to be changed.
    fn carried(&self) -> Result<(KeyMetadata, KeyDetails), Fault> {
        let key = self.key()?;
        Ok((key.clone(), key.details().clone()))
    }

    pub(super) fn update_description(self) -> Result<Response, Fault> {
        let (key, mut details) = self.carried()?;
        details.description = self.request.text("Description").unwrap_or_default().into();
        self.carry(&key, details)
    }

    pub(super) fn tag(self) -> Result<Response, Fault> {
        let (key, mut details) = self.carried()?;
        for (name, value) in self.tags()? {
            match details.tags.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(place) => {
                    if let Some((_, present)) = details.tags.get_mut(place) {
                        *present = value;
                    }
                }
                Err(place) => details.tags.insert(place, (name, value)),
            }
        }
        if details.tags.len() > MOST_TAGS {
            return Err(Fault::Tags("Too many tags"));
        }
        self.carry(&key, details)
    }

    pub(super) fn untag(self) -> Result<Response, Fault> {
        let (key, mut details) = self.carried()?;
        if let Value::List(names) = self.request.value("TagKeys") {
            let gone: Vec<&str> = names.iter().filter_map(Value::text).collect();
            details.tags.retain(|(name, _)| !gone.contains(&&**name));
        }
        self.carry(&key, details)
    }

    /// A page of the tags, in the order of their keys (recorded).
    pub(super) fn list_tags(self) -> Result<Response, Fault> {
        let tags = &self.key()?.details().tags;
        let limit = self.request.integer("Limit").unwrap_or(50);
        let limit = usize::try_from(limit).unwrap_or(MOST_TAGS);
        let after = match self.request.text("Marker") {
            None => None,
            Some(marker) => Some(last_of(marker)?),
        };
        let mut left = tags
            .iter()
            .filter(|(name, _)| after.is_none_or(|last| &**name > last));
        let page: Vec<&(String, String)> = left.by_ref().take(limit).collect();
        let is_truncated = left.next().is_some();
        let shown: Vec<_> = page
            .iter()
            .map(|(name, value)| json!({"TagKey": name, "TagValue": value}))
            .collect();
        let mut answer = json!({"Tags": shown, "Truncated": is_truncated});
        if let (true, Some((last, _)), Some(members)) =
            (is_truncated, page.last(), answer.as_object_mut())
        {
            members.insert("NextMarker".into(), marker_after(last).into());
        }
        Ok(Response::of(&answer))
    }

    /// The tags of the request: few, each has its own key, and none is AWS's.
    pub(super) fn tags(&self) -> Result<Vec<(String, String)>, Fault> {
        let Value::List(tags) = self.request.value("Tags") else {
            return Ok(Vec::new());
        };
        let mut tags: Vec<_> = tags.iter().filter_map(tag).collect();
        tags.sort_unstable();
        if tags.iter().any(|(key, _)| is_reserved(key)) {
            Err(Fault::Tags("Tags beginning with aws: are reserved"))
        } else if tags.len() > MOST_TAGS {
            Err(Fault::Tags("Too many tags"))
        } else if tags.is_sorted_by(|(a, _), (b, _)| a < b) {
            Ok(tags)
        } else {
            Err(Fault::Tags("Duplicate tag keys"))
        }
    }

    pub(super) fn get_policy(self) -> Result<Response, Fault> {
        let key = self.key()?;
        self.is_default_policy()?;
        let policy = policy_of(key);
        let answer = json!({"Policy": policy, "PolicyName": DEFAULT_POLICY});
        Ok(Response::of(&answer))
    }

    pub(super) fn put_policy(self) -> Result<Response, Fault> {
        let (key, mut details) = self.carried()?;
        self.is_default_policy()?;
        details.policy = self.policy()?;
        self.carry(&key, details)
    }

    pub(super) fn list_policies(self) -> Result<Response, Fault> {
        self.key()?;
        self.is_first_page()?;
        let answer = json!({"PolicyNames": [DEFAULT_POLICY], "Truncated": false});
        Ok(Response::of(&answer))
    }

    /// The policy of the request, which has to be JSON.
    pub(super) fn policy(&self) -> Result<Option<String>, Fault> {
        let Some(policy) = self.request.text("Policy") else {
            return Ok(None);
        };
        let is_structure = policy.trim_start().starts_with('{');
        match serde_json::from_str::<IgnoredAny>(policy) {
            Ok(_) if is_structure => Ok(Some(policy.into())),
            _ => Err(Fault::MalformedPolicy),
        }
    }

    /// A key policy has one name only.
    fn is_default_policy(&self) -> Result<(), Fault> {
        match self.request.text("PolicyName") {
            None | Some(DEFAULT_POLICY) => Ok(()),
            Some(_) => Err(Fault::NoSuchPolicy),
        }
    }

    /// Of a list that has one page no marker was given.
    pub(super) fn is_first_page(&self) -> Result<(), Fault> {
        match self.request.text("Marker") {
            None => Ok(()),
            Some(_) => Err(Refusal::InvalidMarker.into()),
        }
    }
}

/// The last tag key of the page before.
fn last_of(marker: &str) -> Result<&str, Fault> {
    let last = marker.strip_prefix(&*marker_after(""));
    last.ok_or_else(|| Refusal::InvalidMarker.into())
}

/// Whether a tag key begins with `aws:` in any case (recorded).
fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// A tag, key and value.
fn tag(tag: &Value<'_>) -> Option<(String, String)> {
    let Value::Structure(members) = tag else {
        return None;
    };
    let mut texts = members.iter().map(Value::text);
    Some((texts.next()??.into(), texts.next()??.into()))
}

/// The policy of a key: the one that it was given, or the default of its account.
pub(super) fn policy_of(key: &KeyMetadata) -> String {
    let scope: Scope = key.arn().scope();
    let default = || default_policy(scope.partition().as_str(), scope.account());
    key.details().policy.clone().unwrap_or_else(default)
}

/// What KMS makes the policy of a key that was made without one: its account may do everything.
fn default_policy(partition: &str, account: AccountId) -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": alloc::format!("arn:{partition}:iam::{account}:root")},
            "Action": "kms:*",
            "Resource": "*",
        }],
    });
    alloc::format!("{policy:#}")
}
