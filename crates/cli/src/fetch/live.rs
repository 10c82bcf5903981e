//! KMS as the AWS SDK reaches it.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_kms::config::{ConfigBag, Intercept, ProvideCredentials, RuntimeComponents};
use aws_sdk_kms::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use kms_alias::Region;

use super::arguments::Arguments;
use super::kms::{Failure, Kms, Question};
use super::region::fetch_all;
use crate::common::{Exit, Output, Unusable};

/// As often does the SDK send a request that fails. Where KMS is busy our own pace gives way after
/// that; that of the SDK (`adaptive`) took 66 s for what takes 5 s so.
const MOST_ATTEMPTS: u32 = 2;

/// As long may one attempt take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The verb `fetch`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut out = Output::for_people();
    let exit = runtime.block_on(async {
        tokio::select! {
            exit = fetch(arguments, &mut out) => exit,
            _ = tokio::signal::ctrl_c() => Err(Unusable::new(
                "interrupted: what is described is kept, and the same command goes on from there"
                    .to_owned(),
            )),
        }
    })?;
    Ok(out.finish(exit))
}

async fn fetch(arguments: &Arguments, out: &mut Output) -> Result<Exit, Unusable> {
    let config = configuration(arguments).await;
    let regions = regions(arguments, &config)?;
    need_credentials(arguments, &config).await?;
    let connect = |region: &Region| Live::new(&config, region, arguments);
    let requests = arguments.requests_per_second;
    Ok(fetch_all(&regions, connect, &arguments.out, requests, out).await)
}

async fn configuration(arguments: &Arguments) -> SdkConfig {
    let client = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(PATIENCE);
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(client)
        .retry_config(RetryConfig::standard().with_max_attempts(MOST_ATTEMPTS))
        .timeout_config(timeouts.build());
    if let Some(profile) = &arguments.profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}

/// The Regions that are named, or the one that is configured.
fn regions(arguments: &Arguments, config: &SdkConfig) -> Result<Vec<Region>, Unusable> {
    let named = arguments.unique_regions();
    if !named.is_empty() {
        return Ok(named);
    }
    let configured = config.region().ok_or_else(|| {
        Unusable::new(
            "no Region is configured: name one with `--region` or `AWS_REGION`".to_owned(),
        )
    })?;
    Ok(vec![configured.as_ref().parse()?])
}

/// Says so once if there are none, and not for each Region.
async fn need_credentials(arguments: &Arguments, config: &SdkConfig) -> Result<(), Unusable> {
    let reason = match config.credentials_provider() {
        None => "nothing provides any".to_owned(),
        Some(credentials) => match credentials.provide_credentials().await {
            Ok(_) => return Ok(()),
            Err(error) => chain(&error),
        },
    };
    let advice = match &arguments.profile {
        Some(profile) => format!("no credentials in the profile `{profile}`"),
        None => "no credentials: name a profile with `--profile`, or set `AWS_ACCESS_KEY_ID` and \
                 `AWS_SECRET_ACCESS_KEY`"
            .to_owned(),
    };
    Err(Unusable::new(format!("{advice} ({reason})")))
}

/// The KMS of a Region.
#[derive(Clone)]
struct Live(Client);

impl Live {
    fn new(config: &SdkConfig, region: &Region, arguments: &Arguments) -> Self {
        let region = aws_sdk_kms::config::Region::new(region.as_str().to_owned());
        let mut builder = aws_sdk_kms::config::Builder::from(config).region(region);
        if let Some(url) = &arguments.endpoint_url {
            builder = builder.endpoint_url(url);
        }
        Self(Client::from_conf(builder.build()))
    }
}

impl Kms for Live {
    async fn ask(&self, question: Question) -> Result<Vec<u8>, Failure> {
        let body = Body::default();
        let kept = body.clone();
        match question {
            Question::ListAliases { marker } => {
                let request = self.0.list_aliases().set_marker(marker).limit(100);
                let answer = request.customize().interceptor(kept).send().await;
                answer.map(drop).map_err(failure)?;
            }
            Question::ListKeys { marker } => {
                let request = self.0.list_keys().set_marker(marker).limit(1000);
                let answer = request.customize().interceptor(kept).send().await;
                answer.map(drop).map_err(failure)?;
            }
            Question::DescribeKey { key_id } => {
                let request = self.0.describe_key().key_id(key_id);
                let answer = request.customize().interceptor(kept).send().await;
                answer.map(drop).map_err(failure)?;
            }
        }
        Ok(body.take())
    }
}

/// The body of the last answer as it came: the SDK's own types do not hold what they do not know.
#[derive(Clone, Debug, Default)]
struct Body(Arc<Mutex<Vec<u8>>>);

impl Body {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "Body"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = bytes.to_vec();
        }
        Ok(())
    }
}

/// What an error of the SDK means to the reader.
fn failure<E>(error: SdkError<E>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Some(code) = error.code() else {
        return Failure::Other(chain(&error));
    };
    let words = match error.message() {
        Some(message) => format!("{code}: {message}"),
        None => code.to_owned(),
    };
    match code {
        "AccessDenied" | "AccessDeniedException" => Failure::Denied(words),
        "NotFoundException" => Failure::Gone(words),
        "LimitExceededException"
        | "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException" => Failure::Busy(words),
        _ => Failure::Other(words),
    }
}

/// An error and what it comes from, each cause once.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}
