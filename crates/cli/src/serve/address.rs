//! Where to listen: on this machine alone, unless told otherwise.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use crate::common::Unusable;

/// The addresses that a text such as `127.0.0.1:0` or `localhost:8080` stands for.
pub(crate) fn resolve(listen: &str, allow_non_loopback: bool) -> Result<Vec<SocketAddr>, Unusable> {
    if let Some(host) = without_port(listen) {
        return Err(Unusable::new(format!(
            "--listen {listen}: the port is missing: write `{host}:8080`, or `{host}:0` for a free \
             one"
        )));
    }
    let addresses: Vec<_> = listen
        .to_socket_addrs()
        .map_err(|error| Unusable::new(format!("--listen {listen}: {error}")))?
        .collect();
    // An IPv4 address can hide in an IPv6 one.
    let is_reachable = |address: &&SocketAddr| !address.ip().to_canonical().is_loopback();
    match addresses.iter().find(is_reachable) {
        Some(address) if !allow_non_loopback => Err(Unusable::new(format!(
            "--listen {listen}: {} is no loopback address, and nothing is checked here that would \
             keep others out; to listen there all the same, add --allow-non-loopback",
            address.ip()
        ))),
        _ => Ok(addresses),
    }
}

/// The host of a text that has no port, as it is written before one.
fn without_port(listen: &str) -> Option<String> {
    let bracketed = listen
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match bracketed.unwrap_or(listen).parse() {
        Ok(IpAddr::V6(address)) => Some(format!("[{address}]")),
        Ok(IpAddr::V4(address)) => Some(address.to_string()),
        Err(_) if listen.contains(':') => None,
        Err(_) => Some(listen.to_owned()),
    }
}
