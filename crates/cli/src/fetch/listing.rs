//! The lists of aliases and keys, page by page.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::kms::{Failure, Kms, Question};
use super::pace::Pace;
use super::reader::Stopped;

/// As often is a question asked of a busy KMS.
pub const MOST_ATTEMPTS: u32 = 8;

/// An alias as it is listed.
pub struct Alias {
    pub target: Option<String>,
    /// The ARN that its key has, if the alias tells.
    pub target_arn: Option<String>,
    pub text: Box<RawValue>,
}

/// A page of either list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(rename = "Aliases", alias = "Keys")]
    items: Vec<Box<RawValue>>,
    truncated: Option<bool>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AliasItem {
    alias_name: String,
    alias_arn: Option<String>,
    target_key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyItem {
    key_id: String,
    key_arn: String,
}

/// The aliases by name: what moves from page to page meanwhile is there once, as seen last.
pub async fn aliases<K: Kms>(kms: &K, pace: &mut Pace) -> Result<BTreeMap<String, Alias>, Stopped> {
    let question = |marker| Question::ListAliases { marker };
    let mut aliases = BTreeMap::new();
    for text in pages(kms, pace, question).await? {
        let item: AliasItem = parsed(&question(None), text.get().as_bytes())?;
        let scope = item
            .alias_arn
            .as_deref()
            .and_then(|arn| arn.split_once(":alias/"));
        let target_arn = scope
            .zip(item.target_key_id.as_ref())
            .map(|((scope, _), key_id)| format!("{scope}:key/{key_id}"));
        let alias = Alias {
            target: item.target_key_id,
            target_arn,
            text,
        };
        aliases.insert(item.alias_name, alias);
    }
    Ok(aliases)
}

/// The ARNs of the keys by their IDs; `None` if the caller may not list them.
pub async fn keys<K: Kms>(
    kms: &K,
    pace: &mut Pace,
) -> Result<Option<BTreeMap<String, String>>, Stopped> {
    let question = |marker| Question::ListKeys { marker };
    let texts = match pages(kms, pace, question).await {
        Ok(texts) => texts,
        Err(Stopped {
            failure: Failure::Denied(_),
            ..
        }) => return Ok(None),
        Err(stopped) => return Err(stopped),
    };
    let mut keys = BTreeMap::new();
    for text in texts {
        let item: KeyItem = parsed(&question(None), text.get().as_bytes())?;
        keys.insert(item.key_id, item.key_arn);
    }
    Ok(Some(keys))
}

/// The items of all pages.
async fn pages<K: Kms>(
    kms: &K,
    pace: &mut Pace,
    question: impl Fn(Option<String>) -> Question,
) -> Result<Vec<Box<RawValue>>, Stopped> {
    let mut items = Vec::new();
    let mut marker = None;
    loop {
        let asked = question(marker.clone());
        let page: Page = parsed(&asked, &ask(kms, pace, &asked).await?)?;
        items.extend(page.items);
        if page.truncated != Some(true) {
            return Ok(items);
        }
        // A list that never ends would be asked for ever.
        if page.next_marker.is_none() || page.next_marker == marker {
            let words = "the list goes on, and the answer does not say from where";
            return Err(Stopped::at(&asked, Failure::Other(words.to_owned())));
        }
        marker = page.next_marker;
    }
}

/// Asks until KMS is not busy, or was too often.
async fn ask<K: Kms>(kms: &K, pace: &mut Pace, question: &Question) -> Result<Vec<u8>, Stopped> {
    let mut attempt = 1;
    loop {
        let turn = pace.turn().await;
        match kms.ask(question.clone()).await {
            Err(Failure::Busy(_)) if attempt < MOST_ATTEMPTS => pace.slow_down(turn, attempt),
            answer => return answer.map_err(|failure| Stopped::at(question, failure)),
        }
        attempt += 1;
    }
}

fn parsed<T: DeserializeOwned>(question: &Question, bytes: &[u8]) -> Result<T, Stopped> {
    serde_json::from_slice(bytes).map_err(|error| {
        let words = format!("the answer is not one that KMS gives: {error}");
        Stopped::at(question, Failure::Other(words))
    })
}
