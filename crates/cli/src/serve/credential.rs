//! The Region that a request is signed for.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use kms_alias::Region;

/// What a request says of its Region.
#[derive(Debug, PartialEq)]
pub(crate) enum Signed {
    /// Nothing: it is not signed, or not for one Region.
    Nowhere,
    /// The Region of the credential's scope.
    For(Region),
    /// A text that is no Region.
    ForNoRegion(String),
}

/// Reads `Authorization: AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/kms/aws4_request, …`.
pub(crate) fn signed(headers: &HeaderMap) -> Signed {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Signed::Nowhere;
    };
    let text = String::from_utf8_lossy(header.as_bytes());
    let Some((_, credential)) = text.split_once("Credential=") else {
        return Signed::Nowhere;
    };
    let credential = credential.split([',', ' ']).next().unwrap_or_default();
    // From the end: an access key of one's own choice may hold a slash.
    let mut parts = credential.rsplit('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("aws4_request"), Some(_service), Some(region), Some(_date)) => region
            .parse()
            .map_or_else(|_| Signed::ForNoRegion(region.to_owned()), Signed::For),
        _ => Signed::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(authorization: &str) -> Signed {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().expect("a header"));
        signed(&headers)
    }

    #[test]
    fn the_region_is_that_of_the_credential_scope() {
        let region = Signed::For(Region::from_static("eu-west-3"));
        let scope = "20261125/eu-west-3/kms/aws4_request";
        let rest = "SignedHeaders=host, Signature=0";
        assert_eq!(
            of(&format!("AWS4-HMAC-SHA256 Credential=ID/{scope}, {rest}")),
            region
        );
        assert_eq!(
            of(&format!("AWS4-HMAC-SHA256 Credential=ID/{scope},{rest}")),
            region
        );
        assert_eq!(
            of(&format!("AWS4-HMAC-SHA256 {rest}, Credential=a/b/{scope}")),
            region
        );
    }

    #[test]
    fn a_region_that_is_none_is_not_taken_for_another() {
        let found = of("AWS4-HMAC-SHA256 Credential=ID/20261125/nowhere/kms/aws4_request");
        assert_eq!(found, Signed::ForNoRegion("nowhere".to_owned()));
    }

    #[test]
    fn without_a_scope_no_region_is_named() {
        assert_eq!(signed(&HeaderMap::new()), Signed::Nowhere);
        for text in [
            "Basic YTpi",
            "AWS4-HMAC-SHA256 Credential=",
            "Credential=a/b/c",
            "Credential=kms/aws4_request",
        ] {
            assert_eq!(of(text), Signed::Nowhere, "{text}");
        }
    }
}
