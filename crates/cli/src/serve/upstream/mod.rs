//! A judge before another KMS: `--upstream`.
//!
//! What KMS would refuse is answered as KMS answers it, and never reaches the other KMS. All else
//! is handed on as it came, headers and signature included. The facts that a verdict needs are asked
//! of the other KMS when they are needed and kept for one request: what changes there without us is
//! seen. Only what never changes of a key is remembered (ours). Facts are asked for with the client's
//! own headers, so a KMS that checks signatures will not answer them; emulators do not check (ours).

mod asker;
mod client;
mod facts;
mod judge;
mod log;
mod of_kms;
mod remembered_keys;
mod stream;
mod turns;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{Method, Request, Response};
use kms_alias::{AccountId, Region, Scope};
use kms_alias_files::Options;
use kms_alias_wire as wire;
use serde_json::Value;

use self::asker::Asker;
use self::client::Client;
pub(crate) use self::client::{Sent, address};
use self::judge::{Question, Verdict};
use self::log::{Log, Outcome};
use self::remembered_keys::RememberedKeys;
use self::stream::Stream;
use self::turns::Turns;
use super::body;
use super::connections::Progress;
use super::credential::{Credential, Signed};
use super::refusal::Refusal;
use super::service::reply;

/// What the judge is told at the start.
pub(crate) struct Settings {
    pub(crate) authority: Authority,
    pub(crate) patience: Duration,
    pub(crate) options: Options,
    /// Account and Region where nothing tells them.
    pub(crate) otherwise: Scope,
    pub(crate) as_json: bool,
}

pub(crate) struct Upstream {
    client: Client,
    turns: Turns,
    remembered_keys: RememberedKeys,
    log: Log,
    options: Options,
    account: AccountId,
    region: Region,
}

impl Upstream {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            client: Client::new(settings.authority, settings.patience),
            turns: Turns::new(),
            remembered_keys: RememberedKeys::new(),
            log: Log::new(settings.as_json),
            options: settings.options,
            account: settings.otherwise.account(),
            region: settings.otherwise.region(),
        }
    }

    /// Judges a request, or hands it on.
    pub(crate) async fn answer(
        self: Arc<Self>,
        progress: &Progress,
        request: Request<Incoming>,
    ) -> Result<Response<Sent>, Refusal> {
        if request.method() == Method::CONNECT {
            return Err(Refusal::Method);
        }
        let (head, body) = request.into_parts();
        if !of_kms::is_of_kms(&head) {
            progress.work();
            return self.pass(head, body).await;
        }
        // Read even where it will not matter: a client listens once it has sent all.
        let body = body::read(body).await;
        let operation = of_kms::operation(&head)?;
        let body = Bytes::from(body?);
        progress.work();
        // To its end, even if the client leaves: a request that was handed on counts.
        let judged = tokio::spawn(async move { self.judged(head, body, &operation).await });
        judged.await.unwrap_or(Err(Refusal::Busy))
    }

    /// Hands a request on that is none of KMS's.
    async fn pass(&self, mut head: Parts, body: Incoming) -> Result<Response<Sent>, Refusal> {
        // The client has been told to go on by now.
        head.headers.remove(EXPECT);
        let patience = self.client.patience();
        let body = Either::Right(Stream::new(body, patience));
        let answer = self.client.send(Request::from_parts(head, body)).await?;
        Ok(answer.map(|body| Either::Right(Stream::new(body, patience))))
    }

    async fn judged(
        &self,
        mut head: Parts,
        body: Bytes,
        operation: &str,
    ) -> Result<Response<Sent>, Refusal> {
        head.headers.remove(EXPECT);
        let region = self.region(&head)?;
        let turn = self.turns.take(region);
        // Held until the other KMS has answered.
        let _turn = if of_kms::is_change(operation) {
            let turn = tokio::time::timeout(self.client.patience(), turn).await;
            Some(turn.map_err(|_| Refusal::Busy)?)
        } else {
            None
        };
        let question = Question {
            operation,
            body: &body,
            members: serde_json::from_slice(&body).unwrap_or_default(),
            options: self.options,
            otherwise: Scope::new(region, self.account),
            asker: Asker {
                client: &self.client,
                head: &head,
                remembered_keys: &self.remembered_keys,
            },
        };
        match question.verdict().await? {
            Verdict::Refused(refused) => {
                self.log_refused(operation, refused.body());
                return Ok(made(refused));
            }
            Verdict::Repaired(page) => return Ok(made(page)),
            Verdict::Answered(answer) => return Ok(answer.map(whole)),
            Verdict::Undecided(why) => self.log.write(operation, &Outcome::Undecided(&why)),
            Verdict::HandOn => {}
        }
        let request = Request::from_parts(head, whole(body));
        Ok(self.client.ask(request).await?.map(whole))
    }

    /// The Region that a request is for, as far as its signature tells.
    fn region(&self, head: &Parts) -> Result<Region, Refusal> {
        match Credential::of(head).signed() {
            Signed::Nowhere => Ok(self.region),
            Signed::For(region) => Ok(region),
            Signed::ForAny(set) if set.contains(&self.region) => Ok(self.region),
            Signed::ForAny(set) => Ok(set.first().unwrap_or(self.region)),
            Signed::ForNoRegion(text) => Err(Refusal::NoRegion(text)),
        }
    }

    fn log_refused(&self, operation: &str, body: &[u8]) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (exception, message) = (text("__type"), text("message"));
        self.log
            .write(operation, &Outcome::Refused { exception, message });
    }
}

fn whole(body: Bytes) -> Sent {
    Either::Left(Full::new(body))
}

/// An answer of our own.
fn made(answer: wire::Response) -> Response<Sent> {
    let status = answer.status().try_into().unwrap_or_default();
    reply(status, answer.into_body()).map(Either::Left)
}
