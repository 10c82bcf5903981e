//! A KMS in memory.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use kms_alias::{AliasTable, Timestamp};
use kms_alias_wire as wire;

use crate::date::timestamp;
use crate::request;

/// A KMS in memory: an HTTP client that answers from a table.
///
/// It holds keys without key material, as [`kms_alias_wire::handle`] says. Copies share the table,
/// and so do all clients that are given one. Time is that of the client's configuration.
///
/// ```
/// use kms_alias::{AccountId, AliasTable, Region, Scope};
/// use kms_alias_sdk::MemoryKms;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let kms = MemoryKms::new(AliasTable::new(scope));
/// let client = kms.client();
///
/// let key = client.create_key().send().await?;
/// let key_id = key.key_metadata().map_or("", |key| key.key_id());
/// let create = client.create_alias().target_key_id(key_id);
/// create.clone().alias_name("alias/payments").send().await?;
/// assert_eq!(kms.table().len(), 1);
///
/// let refused = create.alias_name("alias/payments").send().await.unwrap_err();
/// assert!(refused.into_service_error().is_already_exists_exception()); // rule A6
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryKms {
    table: Arc<Mutex<AliasTable>>,
}

impl MemoryKms {
    /// A KMS that holds this table.
    #[must_use]
    pub fn new(table: AliasTable) -> Self {
        Self {
            table: Arc::new(Mutex::new(table)),
        }
    }

    /// The table, to look at or to change; requests wait until it is given back.
    pub fn table(&self) -> MutexGuard<'_, AliasTable> {
        // A refused operation changes nothing, so what a panic would leave behind is whole.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A configuration with this KMS, its Region and credentials that nobody checks.
    #[must_use]
    pub fn config(&self) -> Builder {
        let region = self.table().scope().region().as_str().to_owned();
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(Credentials::new("any", "any", None, None, "kms-alias-sdk"))
            .http_client(self.clone())
    }

    /// A client of this KMS.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::from_conf(self.config().build())
    }
}

impl fmt::Debug for MemoryKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table();
        f.debug_struct("MemoryKms")
            .field("scope", &table.scope())
            .field("aliases", &table.len())
            .field("keys", &table.key_count())
            .finish()
    }
}

impl HttpClient for MemoryKms {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            kms: self.clone(),
            components: components.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    kms: MemoryKms,
    components: RuntimeComponents,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (target, body) = request::parts(&request);
        let answer = {
            let mut table = self.kms.table();
            let new_key = uuid::Uuid::new_v4().into_bytes();
            wire::handle(&mut table, &target, &body, now(&self.components), new_key)
        };
        HttpConnectorFuture::ready(response(answer))
    }
}

fn response(answer: wire::Response) -> Result<HttpResponse, ConnectorError> {
    let broken = |error| ConnectorError::other(error, None);
    let status = StatusCode::try_from(answer.status()).map_err(|error| broken(error.into()))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.into_body()));
    let headers = response.headers_mut();
    headers.insert("content-type", wire::Response::CONTENT_TYPE);
    headers.insert("x-amzn-requestid", uuid::Uuid::new_v4().to_string());
    Ok(response)
}

/// The time of the client's configuration, which a test may set.
pub(crate) fn now(components: &RuntimeComponents) -> Timestamp {
    let source = components.time_source();
    let now = source.map(|source| source.now().into());
    timestamp(&now.unwrap_or_else(|| std::time::SystemTime::now().into()))
}
