//! The endpoint as its clients meet it, over loopback.

mod accounts;
mod broken_clients;
mod clients;
mod crowds;
mod fake;
mod judge;
mod program;
mod silent_upstream;
mod start;
