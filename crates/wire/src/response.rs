//! What is answered: a status and a body.

use alloc::vec::Vec;

use serde::Serialize;

use super::fault::Fault;

/// The status of a request that was done.
const OK: u16 = 200;

/// The status of every request that was refused: clients try again after a 5xx, and these would be
/// refused again.
const BAD_REQUEST: u16 = 400;

/// The status of a request whose answer the table does not know (rule I6): that of
/// `KMSInternalException` in the service model, so that nobody takes it for a refusal.
const INTERNAL: u16 = 500;

/// An answer: the HTTP status and the body.
///
/// ```
/// use kms_alias_wire::{Response, handle};
/// # use kms_alias::{AccountId, AliasTable, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let mut table = AliasTable::new(scope);
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let answer: Response = handle(&mut table, "TrentService.ListKeys", b"{}", at, [0; 16]);
/// assert_eq!(answer.status(), 200);
/// assert_eq!(Response::CONTENT_TYPE, "application/x-amz-json-1.1");
/// assert_eq!(answer.body(), br#"{"Keys":[],"Truncated":false}"#);
/// assert_eq!(answer.clone().into_body(), answer.body());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Response {
    status: u16,
    body: Vec<u8>,
}

impl Response {
    /// The `Content-Type` of requests and answers.
    pub const CONTENT_TYPE: &'static str = "application/x-amz-json-1.1";

    /// Done, with nothing to say.
    pub(super) const fn empty() -> Self {
        Self {
            status: OK,
            body: Vec::new(),
        }
    }

    /// Done, with an answer.
    pub(super) fn of(output: &impl Serialize) -> Self {
        Self {
            status: OK,
            body: json(output),
        }
    }

    /// Refused.
    pub(super) fn refused(fault: &Fault) -> Self {
        #[derive(Serialize)]
        struct Body<'a> {
            #[serde(rename = "__type")]
            exception: &'a str,
            message: &'a Fault,
        }
        let body = Body {
            exception: fault.exception(),
            message: fault,
        };
        let status = if fault.is_want_of_knowledge() {
            INTERNAL
        } else {
            BAD_REQUEST
        };
        Self {
            status,
            body: json(&body),
        }
    }

    /// The HTTP status: 200, 400 if the request was refused, or 500 if the answer depends on what a key
    /// is that is not described.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body: JSON, or nothing where an operation answers nothing.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, by value.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }
}

/// Writing to memory fails only where a map's key is no string, and here all are.
fn json(output: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(output).unwrap_or_default()
}
