//! Requests to the other KMS: bounded in number, in time and in length.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{HeaderMap, Request, Response, Uri, Version};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::super::refusal::Refusal;
use super::stream::Stream;
use crate::common::Unusable;

/// As many requests are under way at once: with as many clients as there may be, fewer than the
/// files that a process may have open.
const MOST_REQUESTS: usize = 256;

/// The longest answer that is read whole: 10,000 aliases are 3 MiB.
const LONGEST_ANSWER: usize = 16 << 20;

/// How long a connection may take to be made.
const TIME_TO_CONNECT: Duration = Duration::from_secs(5);

/// A connection that is kept for longer may be ended by the other side just as it is used.
const LONGEST_IDLE: Duration = Duration::from_secs(2);

const MOST_IDLE: usize = 32;

/// What concerns one connection and is not handed on.
const HOP_BY_HOP: [HeaderName; 7] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// A body that is sent: at hand, or as it comes.
pub(crate) type Sent = Either<Full<Bytes>, Stream<Incoming>>;

/// The address of the other KMS.
pub(crate) fn address(url: &str) -> Result<Authority, Unusable> {
    let unusable = |why: &str| Unusable::new(format!("--upstream {url}: {why}"));
    let uri: Uri = url
        .parse()
        .map_err(|_| unusable("expected a URL such as `http://127.0.0.1:5000`"))?;
    match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTP => {}
        Some(scheme) if *scheme == Scheme::HTTPS => {
            return Err(unusable(
                "TLS is not spoken here: name the http:// address of that KMS (emulators have one), or \
                 put something before it that ends TLS",
            ));
        }
        Some(_) => return Err(unusable("expected a URL that begins with http://")),
        None => return Err(unusable("expected a URL such as `http://127.0.0.1:5000`")),
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(unusable("the URL may have no path: KMS answers at /"));
    }
    uri.authority()
        .cloned()
        .ok_or_else(|| unusable("the host is missing"))
}

pub(crate) struct Client {
    pool: Pool<HttpConnector, Sent>,
    authority: Authority,
    patience: Duration,
    permits: Semaphore,
}

impl Client {
    pub(crate) fn new(authority: Authority, patience: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(TIME_TO_CONNECT.min(patience)));
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(LONGEST_IDLE)
            .pool_max_idle_per_host(MOST_IDLE)
            .http1_preserve_header_case(true)
            .build(connector);
        Self {
            pool,
            authority,
            patience,
            permits: Semaphore::new(MOST_REQUESTS),
        }
    }

    /// How long an answer may take.
    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Hands a request on as it is; its answer comes as it is.
    pub(crate) async fn send(&self, request: Request<Sent>) -> Result<Response<Incoming>, Refusal> {
        let _permit = self.permit().await?;
        timeout(self.patience, self.begin(request))
            .await
            .map_err(|_| self.too_late())?
    }

    /// Hands a request on as it is; its answer is read whole.
    pub(crate) async fn ask(&self, request: Request<Sent>) -> Result<Response<Bytes>, Refusal> {
        let _permit = self.permit().await?;
        let whole = async {
            let (head, body) = self.begin(request).await?.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await;
            let body = body.map_err(|error| self.no_answer(&*error))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        timeout(self.patience, whole)
            .await
            .map_err(|_| self.too_late())?
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let permit = timeout(self.patience, self.permits.acquire()).await;
        permit
            .map_err(|_| Refusal::Busy)?
            .map_err(|_| Refusal::Busy)
    }

    async fn begin(&self, request: Request<Sent>) -> Result<Response<Incoming>, Refusal> {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().cloned();
        head.uri = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
            .build()
            .map_err(|error| self.no_answer(&error))?;
        head.version = Version::HTTP_11;
        drop_hop_by_hop(&mut head.headers);
        let response = self.pool.request(Request::from_parts(head, body)).await;
        let mut response = response.map_err(|error| self.no_answer(&error))?;
        drop_hop_by_hop(response.headers_mut());
        Ok(response)
    }

    fn no_answer(&self, error: &dyn std::error::Error) -> Refusal {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            words = format!("{words}: {error}");
            cause = error.source();
        }
        Refusal::NoAnswer(format!(
            "the upstream http://{} gives no usable answer: {words}",
            self.authority
        ))
    }

    fn too_late(&self) -> Refusal {
        Refusal::NoAnswerInTime(format!(
            "the upstream http://{} gave no answer in {} s",
            self.authority,
            self.patience.as_secs()
        ))
    }
}

/// Drops what concerns one connection, and what `Connection` names.
fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}
