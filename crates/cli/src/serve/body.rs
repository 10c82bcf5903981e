//! Bodies: read whole up to a limit.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Body;
use tokio::time::timeout;

use super::refusal::Refusal;

/// The longest body that is read: no request of KMS comes near it.
const LONGEST_BODY: usize = 1 << 20;

/// As much of a longer one is read and thrown away, since most clients listen for an answer only
/// when they have sent all.
const LONGEST_DISCARDED: usize = 16 << 20;

/// How long a body may take.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(20);

/// The whole body, if it is not too long and not too slow.
pub(crate) async fn read(body: impl Body<Data = Bytes> + Unpin) -> Result<Vec<u8>, Refusal> {
    timeout(BODY_TIME, collect(body))
        .await
        .unwrap_or(Err(Refusal::TooSlow))
}

async fn collect(mut body: impl Body<Data = Bytes> + Unpin) -> Result<Vec<u8>, Refusal> {
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
