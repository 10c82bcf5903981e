//! What a request is signed with: the Region, the access key, the service.
//!
//! A signature of version 4 is for one Region, which is in its scope. One of version 4A is for all
//! Regions of a set, `*` and `eu-*` included, which stands beside it. Either is in the header or,
//! presigned, in the query.

use std::borrow::Cow;

use hyper::header::{AUTHORIZATION, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use kms_alias::Region;
use percent_encoding::percent_decode_str;

const REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");

/// What a request says of its Region.
#[derive(Debug, PartialEq)]
pub(crate) enum Signed {
    /// Nothing: it is not signed.
    Nowhere,
    /// The Region of the credential's scope.
    For(Region),
    /// Any Region of a set.
    ForAny(RegionSet),
    /// A text that is no Region.
    ForNoRegion(String),
}

/// A set such as `us-east-1,eu-*`.
#[derive(Debug, PartialEq)]
pub(crate) struct RegionSet(pub(crate) String);

impl RegionSet {
    fn patterns(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').map(str::trim)
    }

    pub(crate) fn contains(&self, region: &Region) -> bool {
        let name = region.as_str();
        self.patterns()
            .any(|pattern| match pattern.split_once('*') {
                Some((begins, ends)) => name
                    .strip_prefix(begins)
                    .is_some_and(|rest| rest.ends_with(ends)),
                None => pattern == name,
            })
    }

    /// The first Region that is named in full.
    pub(crate) fn first(&self) -> Option<Region> {
        self.patterns().find_map(|pattern| pattern.parse().ok())
    }
}

/// What a request is signed with: `Authorization: AWS4-HMAC-SHA256
/// Credential=ID/DATE/REGION/kms/aws4_request, …`, or what stands for it in the query.
pub(crate) struct Credential<'a> {
    head: &'a Parts,
    text: Option<Cow<'a, str>>,
}

impl<'a> Credential<'a> {
    pub(crate) fn of(head: &'a Parts) -> Self {
        let text = of_header(head).or_else(|| parameter(head, "X-Amz-Credential"));
        Self { head, text }
    }

    /// The parts from the end: an access key of one's own choice may hold a slash.
    fn parts(&self) -> Option<impl Iterator<Item = &str>> {
        let mut parts = self.text.as_deref()?.rsplit('/');
        (parts.next() == Some("aws4_request")).then_some(parts)
    }

    /// The Region.
    pub(crate) fn signed(&self) -> Signed {
        let Some(mut parts) = self.parts() else {
            return Signed::Nowhere;
        };
        let _service = parts.next();
        match (parts.next(), parts.next(), region_set(self.head)) {
            (Some(_), _, Some(set)) => of_text(&set),
            (Some(region), Some(_date), None) => of_text(region),
            _ => Signed::Nowhere,
        }
    }

    /// The access key.
    pub(crate) fn access_key(&self) -> Option<&str> {
        self.text.as_deref()?.rsplitn(5, '/').nth(4)
    }

    /// The service.
    pub(crate) fn service(&self) -> Option<&str> {
        self.parts()?.next()
    }
}

fn of_text(text: &str) -> Signed {
    match text.trim().parse() {
        Ok(region) => Signed::For(region),
        Err(_) if text.contains(['*', ',']) => Signed::ForAny(RegionSet(text.to_owned())),
        Err(_) => Signed::ForNoRegion(text.to_owned()),
    }
}

fn of_header(head: &Parts) -> Option<Cow<'_, str>> {
    match text(head.headers.get(AUTHORIZATION)?) {
        Cow::Borrowed(text) => of_authorization(text).map(Cow::Borrowed),
        Cow::Owned(text) => of_authorization(&text).map(|text| text.to_owned().into()),
    }
}

fn of_authorization(text: &str) -> Option<&str> {
    let mut words = text.split(' ').flat_map(|words| words.split(','));
    words.find_map(|word| word.strip_prefix("Credential="))
}

fn region_set(head: &Parts) -> Option<Cow<'_, str>> {
    let of_header = head.headers.get(REGION_SET).map(text);
    of_header.or_else(|| parameter(head, REGION_SET.as_str()))
}

/// The text of a header, which nearly always is all ASCII.
pub(crate) fn text(value: &HeaderValue) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What the query says: presigned requests have their signature and some headers there.
pub(crate) fn parameter<'a>(head: &'a Parts, name: &str) -> Option<Cow<'a, str>> {
    let mut parameters = head.uri.query()?.split('&');
    parameters.find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        found
            .eq_ignore_ascii_case(name)
            .then(|| percent_decode_str(value).decode_utf8_lossy())
    })
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    const PARIS: Region = Region::from_static("eu-west-3");

    fn of(uri: &str, headers: &[(&str, &str)]) -> Signed {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Credential::of(&request.body(()).expect("a request").into_parts().0).signed()
    }

    fn of_header(text: &str) -> Signed {
        of("/", &[("authorization", text)])
    }

    #[test]
    fn the_region_is_that_of_the_credential_scope() {
        let scope = "20261125/eu-west-3/kms/aws4_request";
        let rest = "SignedHeaders=host, Signature=0";
        for text in [
            format!("AWS4-HMAC-SHA256 Credential=ID/{scope}, {rest}"),
            format!("AWS4-HMAC-SHA256 Credential=ID/{scope},{rest}"),
            format!("AWS4-HMAC-SHA256 {rest}, Credential=a/b/{scope}"),
        ] {
            assert_eq!(of_header(&text), Signed::For(PARIS), "{text}");
        }
    }

    #[test]
    fn a_presigned_request_says_it_in_the_query() {
        for query in [
            "X-Amz-Credential=ID%2F20261125%2Feu-west-3%2Fkms%2Faws4_request&X-Amz-Date=0",
            "a&x-amz-credential=ID/20261125/eu-west-3/kms/aws4_request",
        ] {
            assert_eq!(
                of(&format!("/?{query}"), &[]),
                Signed::For(PARIS),
                "{query}"
            );
        }
        assert_eq!(of("/?X-Amz-Credential=%ff%2F", &[]), Signed::Nowhere);
    }

    #[test]
    fn a_signature_of_version_4a_is_for_a_set_of_regions() {
        let credential =
            "AWS4-ECDSA-P256-SHA256 Credential=ID/20261125/kms/aws4_request, Signature=0";
        let of_set = |set| {
            of(
                "/",
                &[("Authorization", credential), ("X-Amz-Region-Set", set)],
            )
        };
        assert_eq!(of_set("eu-west-3"), Signed::For(PARIS));
        for set in ["*", "eu-*", "eu-*-3", "us-east-1, eu-west-3"] {
            let Signed::ForAny(found) = of_set(set) else {
                panic!("{set}");
            };
            assert!(found.contains(&PARIS), "{set}");
            assert!(!found.contains(&Region::from_static("ap-south-1")) || set == "*");
        }
        let presigned =
            "/?X-Amz-Credential=ID%2F20261125%2Fkms%2Faws4_request&X-Amz-Region-Set=%2A";
        assert_eq!(
            of(presigned, &[]),
            Signed::ForAny(RegionSet("*".to_owned()))
        );
        let of_scope = of_header("AWS4 Credential=ID/20261125/*/kms/aws4_request");
        assert_eq!(of_scope, Signed::ForAny(RegionSet("*".to_owned())));
    }

    #[test]
    fn a_region_that_is_none_is_not_taken_for_another() {
        let found = of_header("AWS4-HMAC-SHA256 Credential=ID/20261125/nowhere/kms/aws4_request");
        assert_eq!(found, Signed::ForNoRegion("nowhere".to_owned()));
    }

    #[test]
    fn without_a_scope_no_region_is_named() {
        assert_eq!(of("/", &[]), Signed::Nowhere);
        for text in [
            "Basic YTpi",
            "AWS4-HMAC-SHA256 Credential=",
            "Credential=a/b/c",
            "Credential=kms/aws4_request",
        ] {
            assert_eq!(of_header(text), Signed::Nowhere, "{text}");
        }
    }
}
