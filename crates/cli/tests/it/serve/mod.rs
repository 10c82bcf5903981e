//! The endpoint as its clients meet it, over loopback.

mod broken_clients;
mod clients;
mod crowds;
mod program;
mod start;
