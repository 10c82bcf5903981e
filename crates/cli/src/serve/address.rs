//! Where to listen: on this machine alone, unless told otherwise.

use std::net::{SocketAddr, ToSocketAddrs};

use super::Unusable;

/// The addresses that a text such as `127.0.0.1:0` or `localhost:8080` stands for.
pub(crate) fn resolve(listen: &str, allow_non_loopback: bool) -> Result<Vec<SocketAddr>, Unusable> {
    let addresses: Vec<_> = listen
        .to_socket_addrs()
        .map_err(|error| Unusable(format!("--listen {listen}: {error}")))?
        .collect();
    // An IPv4 address can hide in an IPv6 one.
    let is_reachable = |address: &&SocketAddr| !address.ip().to_canonical().is_loopback();
    match addresses.iter().find(is_reachable) {
        Some(address) if !allow_non_loopback => Err(Unusable(format!(
            "--listen {listen}: {} is no loopback address, and nothing is checked here that would \
             keep others out; to listen there all the same, add --allow-non-loopback",
            address.ip()
        ))),
        _ => Ok(addresses),
    }
}
