//! Load for a KMS endpoint on loopback, and an account to load: see `tests/clients/throughput`.
//!
//! - `load fill URL ALIASES` creates aliases, and a key for every ten.
//! - `load account ALIASES` prints as large an account, as the AWS CLI would.
//! - `load run URL ALIASES OPERATION SECONDS` asks as fast as it is answered, and prints the requests a
//!   second.

mod connection;
mod requests;

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use connection::Connection;
use requests::{Chance, Kind, Source};

/// Each has one request under way at a time. A thread sends on all of its connections and then
/// reads from all of them, which costs less than a thread a connection: the server is to be the
/// slower side.
const THREADS: usize = 2;
const CONNECTIONS_PER_THREAD: usize = 16;

const ALIASES_PER_KEY: usize = 10;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        ["fill", url, aliases] => fill(address(url)?, aliases.parse()?),
        ["account", aliases] => Ok(account(aliases.parse()?)?),
        ["run", url, aliases, operation, seconds] => {
            let kind = Kind::named(operation).ok_or("no such operation")?;
            let seconds = Duration::from_secs(seconds.parse()?);
            let rate = run(address(url)?, aliases.parse()?, kind, seconds)?;
            println!("{rate:.0}");
            Ok(())
        }
        _ => Err(
            "usage: load fill URL ALIASES | account ALIASES | run URL ALIASES OPERATION SECONDS"
                .into(),
        ),
    }
}

/// The address in a URL, which has to be of this machine.
fn address(url: &str) -> Result<SocketAddr> {
    let address: SocketAddr = url.trim_start_matches("http://").parse()?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("only this machine is a target".into())
    }
}

fn fill(address: SocketAddr, aliases: usize) -> Result<()> {
    let mut connection = Connection::new(address);
    let mut key_id = String::new();
    for number in 0..aliases {
        if number % ALIASES_PER_KEY == 0 {
            let answer = connection.call(&requests::create_key())?;
            let answer: serde_json::Value = serde_json::from_slice(&answer)?;
            key_id = answer["KeyMetadata"]["KeyId"]
                .as_str()
                .ok_or("no key ID")?
                .to_owned();
        }
        connection.call(&requests::create_alias(
            &requests::alias_name(number),
            &key_id,
        ))?;
    }
    Ok(())
}

/// Prints an account of this size, in the default Region of the endpoint.
fn account(aliases: usize) -> io::Result<()> {
    let scope = "arn:aws:kms:us-east-1:123456789012";
    let key_id = |key: usize| format!("1234abcd-12ab-34cd-56ef-{key:012x}");
    let mut out = BufWriter::new(io::stdout().lock());
    for key in 0..aliases.div_ceil(ALIASES_PER_KEY) {
        let key_id = key_id(key);
        writeln!(
            out,
            r#"{{"KeyMetadata":{{"KeyId":"{key_id}","Arn":"{scope}:key/{key_id}","KeyState":"Enabled","KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":"ENCRYPT_DECRYPT","Origin":"AWS_KMS","KeyManager":"CUSTOMER"}}}}"#
        )?;
    }
    writeln!(out, r#"{{"Aliases":["#)?;
    for number in 0..aliases {
        let (name, key_id) = (
            requests::alias_name(number),
            key_id(number / ALIASES_PER_KEY),
        );
        let comma = if number + 1 < aliases { "," } else { "" };
        writeln!(
            out,
            r#"{{"AliasName":"{name}","AliasArn":"{scope}:{name}","TargetKeyId":"{key_id}","CreationDate":1700000000.5,"LastUpdatedDate":1700000000.5}}{comma}"#
        )?;
    }
    writeln!(out, "]}}")?;
    out.flush()
}

/// All key IDs, page by page.
fn key_ids(connection: &mut Connection) -> Result<Vec<String>> {
    let (mut key_ids, mut marker) = (Vec::new(), None);
    loop {
        let answer = connection.call(&requests::list_keys(marker.as_deref()))?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        let keys = answer["Keys"].as_array().ok_or("no keys")?;
        key_ids.extend(
            keys.iter()
                .filter_map(|key| key["KeyId"].as_str().map(str::to_owned)),
        );
        match answer["NextMarker"].as_str() {
            Some(next) => marker = Some(next.to_owned()),
            None => return Ok(key_ids),
        }
    }
}

/// Asks for a time, and says how many requests a second were answered well.
fn run(address: SocketAddr, aliases: usize, kind: Kind, time: Duration) -> Result<f64> {
    let key_ids = key_ids(&mut Connection::new(address))?;
    let source = Source {
        kind,
        aliases,
        key_ids: &key_ids,
    };
    let begun = Instant::now();
    let answered = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || ask(address, source, thread, begun + time)))
            .collect();
        let counts = threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a thread fell")?);
        counts.sum::<Result<u64>>()
    })?;
    Ok(answered as f64 / begun.elapsed().as_secs_f64())
}

/// The requests of one thread: how many were answered until the end.
fn ask(address: SocketAddr, source: Source<'_>, thread: usize, end: Instant) -> Result<u64> {
    let mut clients = Vec::new();
    for client in 0..CONNECTIONS_PER_THREAD {
        let number = thread * CONNECTIONS_PER_THREAD + client;
        clients.push((Connection::new(address), Chance::new(number)));
    }
    let (mut answered, mut round) = (0, 0_u64);
    // What one round creates the next deletes: it ends with the table as it was.
    while Instant::now() < end || round % 2 != 0 {
        for (connection, chance) in &mut clients {
            connection.send(&source.request(round, chance))?;
        }
        for (connection, _) in &mut clients {
            connection.answer()?;
            answered += 1;
        }
        round += 1;
    }
    Ok(answered)
}
