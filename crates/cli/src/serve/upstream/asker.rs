//! Questions to another KMS, asked with the headers of the client whose request is judged.

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HeaderName,
    HeaderValue,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use kms_alias::{
    AliasArn, AliasListEntry, AnyAliasName, KeyArn, KeyId, KeyMetadata, KeySpec, Scope, Timestamp,
};
use kms_alias_files::{Fault, File, Options, load, parse_timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::client::{Client, Sent};
use super::remembered_keys::RememberedKeys;

/// As many pages of a list are asked for: 10,000 aliases.
const MOST_PAGES: usize = 100;

/// The most aliases that a page may have (rule L2).
const PAGE: usize = 100;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What describes the body of the client's own request.
const OF_THE_BODY: [HeaderName; 5] = [
    CONTENT_LENGTH,
    CONTENT_ENCODING,
    EXPECT,
    HeaderName::from_static("content-md5"),
    ACCEPT_ENCODING,
];

/// What a question came to.
pub(crate) enum Told<T> {
    Known(T),
    /// There is none.
    NotFound,
    /// It is not told, for this reason.
    Unknown(String),
}

/// A list of aliases, as far as it was asked for.
pub(crate) struct List {
    pub(crate) scope: Option<Scope>,
    pub(crate) aliases: Vec<AliasListEntry>,
    /// Whether there is no more.
    pub(crate) is_whole: bool,
    /// An entry that cannot be read.
    pub(crate) unread: Option<String>,
}

/// How much of a list is asked for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Pages {
    First,
    All,
}

pub(crate) struct Asker<'a> {
    pub(crate) client: &'a Client,
    /// That of the client's request.
    pub(crate) head: &'a Parts,
    pub(crate) remembered_keys: &'a RememberedKeys,
}

impl Asker<'_> {
    /// What DescribeKey tells of a key, and its answer as it came.
    pub(crate) async fn describe(
        &self,
        body: Vec<u8>,
    ) -> Result<(Told<KeyMetadata>, Response<Bytes>), Refusal> {
        let answer = self.ask("DescribeKey", body).await?;
        let told = match told("DescribeKey", &answer) {
            Told::Known(body) => read_key(body),
            Told::NotFound => Told::NotFound,
            Told::Unknown(why) => Told::Unknown(why),
        };
        if let Told::Known(key) = &told {
            self.remembered_keys.remember(key);
        }
        Ok((told, answer))
    }

    /// What a key is, or the key that an alias names.
    pub(crate) async fn key(&self, key_id: &str) -> Result<Told<KeyMetadata>, Refusal> {
        let body = json!({"KeyId": key_id}).to_string().into_bytes();
        Ok(self.describe(body).await?.0)
    }

    /// What a key is in all that never changes, asked for only if nobody asked before.
    pub(crate) async fn key_but_its_state(
        &self,
        scope: Option<Scope>,
        key_id: KeyId,
    ) -> Result<Told<KeyMetadata>, Refusal> {
        let arn = scope.map(|scope| KeyArn::new(scope, key_id));
        match arn.and_then(|arn| self.remembered_keys.get(arn)) {
            Some(key) => Ok(Told::Known(key)),
            None => self.key(&key_id.to_string()).await,
        }
    }

    /// The aliases, or those of a key.
    pub(crate) async fn aliases(
        &self,
        key_id: Option<&str>,
        pages: Pages,
    ) -> Result<Told<List>, Refusal> {
        let mut list = List {
            scope: None,
            aliases: Vec::new(),
            is_whole: false,
            unread: None,
        };
        let mut members = Map::from_iter([("Limit".to_owned(), PAGE.into())]);
        if let Some(key_id) = key_id {
            members.insert("KeyId".to_owned(), key_id.into());
        }
        for _ in 0..MOST_PAGES {
            let next = match self.page(&members).await? {
                Told::Known(page) => list.take(page),
                Told::NotFound => return Ok(Told::NotFound),
                Told::Unknown(why) => return Ok(Told::Unknown(why)),
            };
            list.is_whole = next.is_none();
            let (Some(next), Pages::All) = (next, pages) else {
                return Ok(Told::Known(list));
            };
            members.insert("Marker".to_owned(), next.into());
        }
        Ok(Told::Unknown(format!(
            "ListAliases: it has more than {MOST_PAGES} pages"
        )))
    }

    async fn page(&self, members: &Map<String, Value>) -> Result<Told<Page>, Refusal> {
        let body = serde_json::to_vec(members).unwrap_or_default();
        let answer = self.ask("ListAliases", body).await?;
        Ok(match told("ListAliases", &answer) {
            Told::Known(body) => match serde_json::from_slice(body) {
                Ok(page) => Told::Known(page),
                Err(error) => Told::Unknown(format!("ListAliases: {}", Fault::of_part(&error))),
            },
            Told::NotFound => Told::NotFound,
            Told::Unknown(why) => Told::Unknown(why),
        })
    }

    /// The account and Region, if any alias tells.
    pub(crate) async fn scope(&self) -> Result<Option<Scope>, Refusal> {
        Ok(match self.aliases(None, Pages::First).await? {
            Told::Known(list) => list.scope,
            Told::NotFound | Told::Unknown(_) => None,
        })
    }

    async fn ask(&self, operation: &str, body: Vec<u8>) -> Result<Response<Bytes>, Refusal> {
        let body: Sent = Either::Left(Full::new(Bytes::from(body)));
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        request.uri_mut().clone_from(&self.head.uri);
        let headers = request.headers_mut();
        headers.clone_from(&self.head.headers);
        for name in OF_THE_BODY {
            headers.remove(name);
        }
        let json = HeaderValue::from_static("application/x-amz-json-1.1");
        headers.insert(CONTENT_TYPE, json);
        if let Ok(target) = format!("TrentService.{operation}").parse() {
            headers.insert(TARGET, target);
        }
        let answer = self.client.ask(request).await;
        if answer.is_err() {
            self.remembered_keys.forget();
        }
        answer
    }
}

/// The body of a good answer.
fn told<'a>(operation: &str, answer: &'a Response<Bytes>) -> Told<&'a [u8]> {
    if answer.status() == StatusCode::OK {
        return Told::Known(answer.body());
    }
    match exception(answer.body()) {
        Some(name) if name == "NotFoundException" => Told::NotFound,
        Some(name) => Told::Unknown(format!("{operation} is answered {name}")),
        None => Told::Unknown(format!("{operation} is answered {}", answer.status())),
    }
}

/// The name of the exception in an error body; some servers say it with a namespace.
pub(crate) fn exception(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let name = body.get("__type")?.as_str()?;
    Some(name.rsplit(['#', ':']).next()?.to_owned())
}

fn read_key(body: &[u8]) -> Told<KeyMetadata> {
    let completed = with_usage(body);
    let file = File {
        name: "DescribeKey",
        bytes: completed.as_deref().unwrap_or(body),
    };
    match load(&[file], Options::default()) {
        Ok(table) => match table.keys().next() {
            Some(key) => Told::Known(key.clone()),
            None => Told::Unknown("DescribeKey describes no key".to_owned()),
        },
        Err(error) => Told::Unknown(error.to_string()),
    }
}

/// The same description with its usage, where that is left out and the spec allows one alone
/// (rule M): some emulators say only what CreateKey was told.
fn with_usage(body: &[u8]) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let key = body.get_mut("KeyMetadata")?.as_object_mut()?;
    if key.get("KeyUsage").is_some_and(|usage| !usage.is_null()) {
        return None;
    }
    let spec: KeySpec = key.get("KeySpec")?.as_str()?.parse().ok()?;
    let [usage] = spec.usages() else {
        return None;
    };
    key.insert("KeyUsage".to_owned(), usage.to_string().into());
    serde_json::to_vec(&body).ok()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    aliases: Vec<Value>,
    truncated: Option<bool>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_name: AnyAliasName,
    alias_arn: Option<AliasArn>,
    target_key_id: Option<KeyId>,
    creation_date: Option<Value>,
    last_updated_date: Option<Value>,
}

impl List {
    /// Takes a page; says which marker leads to the next.
    fn take(&mut self, page: Page) -> Option<String> {
        for entry in page.aliases {
            match serde_json::from_value::<Entry>(entry) {
                Ok(entry) => {
                    let scope = entry.alias_arn.as_ref().map(AliasArn::scope);
                    self.scope = self.scope.or(scope);
                    self.aliases.push(entry.read());
                }
                Err(error) => self.unread = Some(format!("ListAliases: {error}")),
            }
        }
        page.next_marker.filter(|_| page.truncated == Some(true))
    }
}

impl Entry {
    fn read(self) -> AliasListEntry {
        let mut alias = AliasListEntry::new(self.alias_name, self.target_key_id);
        alias.creation_date = self.creation_date.as_ref().and_then(date);
        alias.last_updated_date = self.last_updated_date.as_ref().and_then(date);
        alias
    }
}

fn date(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => parse_timestamp(text),
        other => parse_timestamp(&other.to_string()),
    }
}
