//! The part of the SDK's requests that KMS's protocol is about.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// What names the operation, and the body; empty for what holds neither.
pub(crate) fn parts(request: &HttpRequest) -> (String, Vec<u8>) {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let body = request.body().bytes().unwrap_or_default();
    (target.to_owned(), body.to_vec())
}
