//! A KMS endpoint for tests: the alias rules of `kms_alias`, for real AWS clients.
//!
//! The protocol is [`kms_alias_wire`], which is pure. This program adds what that leaves out: the
//! socket, the clock, the IDs of new keys, and a table for each Region.

mod account;
mod address;
mod arguments;
mod body;
mod connections;
mod credential;
mod predefined;
mod refusal;
mod server;
mod service;

use std::io::{self, Write};

use tokio::net::TcpListener;

use crate::common::{Unusable, fail};
use crate::exit::ExitCode;
use account::Account;
pub use arguments::Arguments;
use server::Server;

/// The verb `serve`.
pub fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Unusable(reason)) => {
            fail(&reason);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Unusable> {
    let addresses = address::resolve(&arguments.listen, arguments.allow_non_loopback)?;
    let account = Account::load(
        &arguments.account,
        arguments.account_id,
        arguments.settings(),
    )?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        // Before the first line is printed: whoever has read it may send a signal.
        let ended = server::end()?;
        let listener = TcpListener::bind(&*addresses)
            .await
            .map_err(|error| Unusable(format!("{}: {error}", arguments.listen)))?;
        introduce(listener.local_addr()?, &account);
        Server::new(account).serve(listener, ended).await;
        Ok(())
    });
    // What is still open belongs to clients that had their time.
    runtime.shutdown_background();
    served
}

/// What is said at the start: the address first, for programs that wait for it.
fn introduce(address: std::net::SocketAddr, account: &Account) {
    let out = &mut io::stdout();
    say(out, &format!("listening on http://{address}"));
    say(
        out,
        "signatures are not checked: any access key and secret will do",
    );
    say(out, &account.to_string());
}

fn say(out: &mut impl Write, text: &str) {
    // Whoever closed the stream does not want to hear it.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
