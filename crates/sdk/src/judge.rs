//! A judge before requests are sent.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_kms::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_kms::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_kms::error::BoxError;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use kms_alias::AliasTable;
use kms_alias_wire::{self as wire, Judgement};
use serde_json::Value;

use crate::memory::now;
use crate::request;

/// The operations that are judged.
const JUDGED: [&str; 3] = [
    "TrentService.CreateAlias",
    "TrentService.UpdateAlias",
    "TrentService.DeleteAlias",
];

/// Refuses changes to aliases that KMS would refuse, before they are sent.
///
/// It knows an account by a table, which has to hold all its keys and aliases, and follows every
/// change that KMS answers with success. The table is copied for each change, which is for tables of
/// thousands of aliases and not of millions. A refusal reaches the caller as [`Refused`], inside the
/// SDK's error. Copies share the table.
///
/// ```
/// use kms_alias::{AccountId, AliasTable, Region, Scope};
/// use kms_alias_sdk::{AliasJudge, MemoryKms, Refused};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let kms = MemoryKms::new(AliasTable::new(scope));
/// let judge = AliasJudge::new(AliasTable::new(scope));
/// let config = kms.config().interceptor(judge).build();
/// let client = aws_sdk_kms::Client::from_conf(config);
///
/// let error = client.delete_alias().alias_name("alias/nowhere").send().await.unwrap_err();
/// let refused = Refused::of(&error).expect("it was not sent");
/// assert_eq!(refused.exception(), "NotFoundException"); // rule U1
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AliasJudge {
    table: Arc<Mutex<AliasTable>>,
}

impl AliasJudge {
    /// A judge that knows this account.
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
}

impl Intercept for AliasJudge {
    fn name(&self) -> &'static str {
        "AliasJudge"
    }

    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (target, body) = request::parts(context.request());
        if !JUDGED.contains(&target.as_str()) {
            return Ok(());
        }
        let mut table = self.table().clone();
        match wire::judge(&mut table, &target, &body, now(components), [0; 16]) {
            Judgement::Refused(answer) => Err(Refused::read(answer.body()).into()),
            Judgement::Allowed(_) | Judgement::NotModelled => {
                bag.interceptor_state().store_put(Sent { target, body });
                Ok(())
            }
        }
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let (Some(sent), true) = (bag.load::<Sent>(), context.response().status().is_success()) {
            // What KMS has done is a fact, and a table that knows better is left as it is.
            let mut table = self.table();
            wire::judge(
                &mut table,
                &sent.target,
                &sent.body,
                now(components),
                [0; 16],
            );
        }
        Ok(())
    }
}

/// A change that was sent: the request itself is gone when its answer is there.
#[derive(Debug)]
struct Sent {
    target: String,
    body: Vec<u8>,
}

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

/// A request that was not sent, since KMS would refuse it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{exception}: {message}")]
pub struct Refused {
    exception: String,
    message: String,
}

impl Refused {
    fn read(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        Self {
            exception: text("__type").unwrap_or_default().to_owned(),
            message: text("message").unwrap_or_default().to_owned(),
        }
    }

    /// The name of KMS's exception.
    #[must_use]
    pub fn exception(&self) -> &str {
        &self.exception
    }

    /// KMS's words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The refusal inside an error of the SDK, if the request was not sent for it.
    #[must_use]
    pub fn of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(refused) = error.downcast_ref() {
                return Some(refused);
            }
            cause = error.source();
        }
        None
    }
}
