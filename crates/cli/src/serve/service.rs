//! One HTTP request, one answer.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use kms_alias::Timestamp;
use kms_alias_wire as wire;
use uuid::Uuid;

use super::account::Accounts;
use super::body;
use super::connections::Progress;
use super::credential::{Credential, parameter, text};
use super::refusal::Refusal;
use super::upstream::{Sent, Upstream};

const AMZ_JSON: HeaderValue = HeaderValue::from_static(wire::Response::CONTENT_TYPE);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
pub(crate) const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What answers.
pub(crate) enum Kms {
    /// Accounts of our own.
    Own(Accounts),
    /// Another KMS, before which we judge.
    Behind(Arc<Upstream>),
}

/// Answers a request; there is none without an answer.
pub(crate) async fn answer(
    kms: &Kms,
    progress: &Progress,
    request: Request<Incoming>,
) -> Response<Sent> {
    progress.wait_for_client();
    let answer = match kms {
        Kms::Own(accounts) => own_answer(accounts, request).await.map(Either::Left),
        Kms::Behind(upstream) => {
            let upstream = Arc::clone(upstream);
            match upstream.answer(progress, request).await {
                Ok(answer) => answer,
                Err(refusal) => refuse(&refusal).map(Either::Left),
            }
        }
    };
    progress.wait_for_client();
    with_id(answer)
}

/// The answer of accounts of our own.
async fn own_answer(
    accounts: &Accounts,
    request: Request<impl Body<Data = Bytes> + Unpin>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    // Read even where it will not matter: a client listens once it has sent all.
    let body = body::read(body).await;
    match respond(accounts, &head, body) {
        Ok((status, body)) => reply(status, body),
        Err(refusal) => refuse(&refusal),
    }
}

/// Answers that there is no room.
pub(crate) async fn turn_away(
    request: Request<impl Body<Data = Bytes> + Unpin>,
) -> Response<Full<Bytes>> {
    // Whatever it holds, it has to be read before a client listens.
    let _ = body::read(request.into_body()).await;
    with_id(refuse(&Refusal::Busy))
}

/// The same answer, after which the connection ends if it is the last.
pub(crate) fn last_if<B>(is_last: bool, mut answer: Response<B>) -> Response<B> {
    if is_last {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(CONNECTION, close);
    }
    answer
}

fn respond(
    accounts: &Accounts,
    head: &Parts,
    body: Result<Vec<u8>, Refusal>,
) -> Result<(StatusCode, Vec<u8>), Refusal> {
    if head.uri.path() != "/" {
        return Err(Refusal::Path);
    }
    if head.method != Method::POST {
        return Err(Refusal::Method);
    }
    let body = body?;
    let credential = Credential::of(head);
    let scope = accounts.scope(credential.signed(), credential.access_key())?;
    let target = target(head)?;
    let reaches_others = wire::reaches_other_regions(&target);
    let response = accounts.ask(scope, reaches_others, |table, others| {
        let new_key = Uuid::new_v4().into_bytes();
        // The time is taken under the lock: the dates of a table keep the order of its changes.
        wire::handle_in(table, others, &target, &body, now(), new_key)
    })?;
    let status =
        StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok((status, response.into_body()))
}

/// What names the operation: a header, which a presigned request may have in its query.
pub(crate) fn target(head: &Parts) -> Result<Cow<'_, str>, Refusal> {
    let of_header = head.headers.get(TARGET).map(text);
    let target = of_header.or_else(|| parameter(head, TARGET.as_str()));
    let target = target.filter(|target| !target.trim().is_empty());
    target.ok_or(Refusal::NoTarget)
}

pub(crate) fn now() -> Timestamp {
    // A clock before 1970 is taken for 1970.
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn with_id<B>(mut answer: Response<B>) -> Response<B> {
    let id = HeaderValue::from_str(&Uuid::new_v4().to_string());
    if let (Ok(id), false) = (id, answer.headers().contains_key(REQUEST_ID)) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

pub(crate) fn reply(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, AMZ_JSON);
    response
}

fn refuse(refusal: &Refusal) -> Response<Full<Bytes>> {
    let mut response = reply(refusal.status(), refusal.body());
    if matches!(refusal, Refusal::Method) {
        let post = HeaderValue::from_static("POST");
        response.headers_mut().insert(ALLOW, post);
    }
    last_if(refusal.is_last(), response)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::channel::Channel;
    use tokio::time::Instant;

    use super::super::account::Settings;
    use super::super::body::BODY_TIME;
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_end_is_not_waited_for() {
        let settings = Settings {
            options: Default::default(),
            has_aws_aliases: true,
        };
        let accounts = Accounts::load(&[], None, None, settings)
            .unwrap_or_else(|_| panic!("an empty account"));
        let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
        sender
            .send_data(Bytes::from_static(b"{"))
            .await
            .expect("it is read");
        let begun = Instant::now();
        let request = Request::post("/").body(body).expect("a request");
        let response = own_answer(&accounts, request).await;
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(response.headers()[CONNECTION], "close");
        assert_eq!(begun.elapsed().as_secs(), BODY_TIME.as_secs());
    }
}
