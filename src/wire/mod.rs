//! The service's JSON 1.1 protocol as a pure function (feature `json`).
//!
//! [`handle`] takes a table, the value of a request's `X-Amz-Target`, its body and the time, and
//! gives the status and the body of the answer. It opens no socket: a server is a few lines around
//! it.

mod create;
mod fault;
mod handle;
mod judge;
mod model;
mod operation;
mod output;
mod perform;
mod read;
mod response;
mod shape;
mod validate;
mod value;

pub use handle::handle;
pub use response::Response;
