//! One HTTP request, one answer.

use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use kms_alias::{Region, Timestamp};
use kms_alias_wire as wire;
use tokio::time::timeout;
use uuid::Uuid;

use super::account::Account;
use super::credential::{Signed, signed};
use super::refusal::Refusal;

/// The longest body that is read: no request of KMS comes near it.
const LONGEST_BODY: usize = 1 << 20;

/// As much of a longer one is read and thrown away, since most clients listen for an answer only
/// when they have sent all.
const LONGEST_DISCARDED: usize = 16 << 20;

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(20);

const AMZ_JSON: HeaderValue = HeaderValue::from_static(wire::Response::CONTENT_TYPE);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const TARGET: &str = "x-amz-target";

/// Answers a request; there is none without an answer.
pub(crate) async fn answer(
    account: &Account,
    request: Request<impl Body<Data = Bytes> + Unpin>,
) -> Response<Full<Bytes>> {
    let mut response = match respond(account, request).await {
        Ok((status, body)) => reply(status, body),
        Err(refusal) => refuse(&refusal),
    };
    if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn respond(
    account: &Account,
    request: Request<impl Body<Data = Bytes> + Unpin>,
) -> Result<(StatusCode, Vec<u8>), Refusal> {
    let (head, body) = request.into_parts();
    // Read even where it will not matter: a client listens once it has sent all.
    let body = timeout(BODY_TIME, read(body))
        .await
        .unwrap_or(Err(Refusal::TooSlow));
    if head.uri.path() != "/" {
        return Err(Refusal::Path);
    }
    if head.method != Method::POST {
        return Err(Refusal::Method);
    }
    let body = body?;
    let table = account
        .table(region(&head.headers)?)
        .ok_or(Refusal::TooManyRegions)?;
    let target = head.headers.get(TARGET).map(HeaderValue::as_bytes);
    let target = String::from_utf8_lossy(target.unwrap_or_default());
    let response = {
        let new_key = Uuid::new_v4().into_bytes();
        // A refused operation changes nothing, so what a panic would leave behind is whole.
        let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
        // The time is taken under the lock: the dates of a table keep the order of its changes.
        wire::handle(&mut table, &target, &body, now(), new_key)
    };
    let status =
        StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok((status, response.into_body()))
}

fn region(headers: &HeaderMap) -> Result<Option<Region>, Refusal> {
    match signed(headers) {
        Signed::Nowhere => Ok(None),
        Signed::For(region) => Ok(Some(region)),
        Signed::ForNoRegion(text) => Err(Refusal::NoRegion(text)),
    }
}

/// The whole body, if it is not too long.
async fn read(mut body: impl Body<Data = Bytes> + Unpin) -> Result<Vec<u8>, Refusal> {
    let mut collected = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::Broken)?.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length <= LONGEST_BODY {
            collected.extend_from_slice(&data);
        } else if length > LONGEST_DISCARDED {
            break;
        }
    }
    if length > LONGEST_BODY {
        Err(Refusal::TooLarge)
    } else {
        Ok(collected)
    }
}

fn now() -> Timestamp {
    // A clock before 1970 is taken for 1970.
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn reply(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, AMZ_JSON);
    response
}

fn refuse(refusal: &Refusal) -> Response<Full<Bytes>> {
    let mut response = reply(refusal.status(), refusal.body());
    let headers = response.headers_mut();
    if matches!(refusal, Refusal::Method) {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    if matches!(
        refusal,
        Refusal::TooLarge | Refusal::TooSlow | Refusal::Broken
    ) {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::channel::Channel;
    use kms_alias_files::Options;
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_end_is_not_waited_for() {
        let account = Account::load(&[], None, Options::default())
            .ok()
            .expect("an empty account");
        let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
        sender
            .send_data(Bytes::from_static(b"{"))
            .await
            .expect("it is read");
        let begun = Instant::now();
        let response = answer(&account, Request::post("/").body(body).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(response.headers()[CONNECTION], "close");
        assert_eq!(begun.elapsed().as_secs(), BODY_TIME.as_secs());
    }
}
