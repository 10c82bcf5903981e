//! Which requests are KMS's, and which operation they ask for.
//!
//! A server of many services takes a request for KMS's by its signature, its host or its target,
//! and reads the target less strictly than KMS. Whatever may reach its KMS is judged, or refused.

use hyper::Method;
use hyper::header::HOST;
use hyper::http::request::Parts;

use super::super::credential::Credential;
use super::super::refusal::Refusal;
use super::super::service::{TARGET, target as target_of};

/// What an operation of KMS begins with.
const PREFIX: &str = "TrentService.";

/// The value of `X-Amz-Target` for an operation.
pub(crate) fn target(operation: &str) -> String {
    format!("{PREFIX}{operation}")
}

/// Whether a request may be taken for one of KMS's.
pub(crate) fn is_of_kms(head: &Parts) -> bool {
    let host = head.headers.get(HOST).map(|host| host.as_bytes());
    let targets = target_of(head).is_ok_and(|target| {
        let prefix = target.trim_start().get(..PREFIX.len());
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
    });
    let credential = Credential::of(head);
    targets
        || head.headers.get_all(TARGET).iter().count() > 1
        || credential
            .service()
            .is_some_and(|service| service.eq_ignore_ascii_case("kms"))
        || host.is_some_and(|host| host.to_ascii_lowercase().starts_with(b"kms."))
}

/// The operation that a request of KMS asks for.
pub(crate) fn operation(head: &Parts) -> Result<String, Refusal> {
    if head.uri.path() != "/" {
        return Err(Refusal::Path);
    }
    if head.method != Method::POST {
        return Err(Refusal::Method);
    }
    let target = target_of(head)?;
    let is_one = head.headers.get_all(TARGET).iter().count() < 2;
    match target.strip_prefix(PREFIX) {
        Some(name) if is_one && is_name(name) => Ok(name.to_owned()),
        _ => Err(Refusal::NoOperation(target.into_owned())),
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric())
}

/// Whether an operation may change what another is judged by.
pub(crate) fn is_change(operation: &str) -> bool {
    const READS: [&str; 3] = ["Describe", "Get", "List"];
    const USES: [&str; 6] = [
        "Encrypt",
        "Decrypt",
        "ReEncrypt",
        "Generate",
        "Sign",
        "Verify",
    ];
    let mut others = READS.iter().chain(&USES);
    !others.any(|begins| operation.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn head(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    const SIGNED: (&str, &str) = (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=a/20261125/eu-west-3/kms/aws4_request, Signature=0",
    );
    const TARGETED: (&str, &str) = ("x-amz-target", "TrentService.CreateAlias");

    #[test]
    fn a_request_of_kms_is_known_by_signature_host_or_target() {
        let presigned = "/?X-Amz-Credential=a%2F20261125%2Feu-west-3%2FKMS%2Faws4_request";
        for head in [
            head("/", &[TARGETED]),
            head("/", &[("x-amz-target", "trentservice.createalias")]),
            head("/", &[SIGNED]),
            head(
                "/",
                &[SIGNED, ("x-amz-target", "DynamoDB_20120810.CreateAlias")],
            ),
            head("/", &[("host", "KMS.eu-west-3.amazonaws.com")]),
            head("/", &[("x-amz-target", "a"), TARGETED]),
            head("/?X-Amz-Target=TrentService.CreateAlias", &[]),
            head(presigned, &[]),
        ] {
            assert!(is_of_kms(&head), "{head:?}");
        }
        for head in [
            head("/", &[]),
            head("/kms", &[("host", "localhost")]),
            head("/", &[("x-amz-target", "DynamoDB_20120810.ListTables")]),
        ] {
            assert!(!is_of_kms(&head), "{head:?}");
        }
    }

    #[test]
    fn an_operation_is_named_once_and_by_letters_alone() {
        assert_eq!(
            operation(&head("/", &[TARGETED])).ok().as_deref(),
            Some("CreateAlias")
        );
        for head in [
            head("/", &[SIGNED]),
            head("/a", &[TARGETED]),
            head("/", &[TARGETED, TARGETED]),
            head("/", &[("x-amz-target", "trentservice.CreateAlias")]),
            head("/", &[("x-amz-target", "TrentService.createAlias")]),
            head("/", &[("x-amz-target", "TrentService. CreateAlias")]),
            head("/", &[("x-amz-target", "TrentService.CreateAlias,b")]),
            head(
                "/",
                &[SIGNED, ("x-amz-target", "DynamoDB_20120810.CreateAlias")],
            ),
        ] {
            assert!(operation(&head).is_err(), "{head:?}");
        }
    }
}
