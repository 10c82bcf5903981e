//! A KMS endpoint for tests: the alias rules of `kms_alias`, for real AWS clients.
//!
//! The protocol is [`kms_alias_wire`], which is pure. This program adds what that leaves out: the
//! socket, the clock, the IDs of new keys, and a table for each account and Region. Before another KMS it adds
//! the questions by which that one's keys and aliases are known.

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
mod upstream;

use std::io::{self, Write};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::common::{Unusable, fail};
use crate::exit::ExitCode;
use account::Accounts;
pub use arguments::Arguments;
use server::Server;
use service::Kms;
use upstream::Upstream;

/// The verb `serve`.
pub fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(unusable) => {
            fail(&unusable.to_string());
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Unusable> {
    let addresses = address::resolve(&arguments.listen, arguments.allow_non_loopback)?;
    let upstream = arguments.upstream()?;
    let accounts = Accounts::load(
        &arguments.account,
        arguments.account_id,
        arguments.region,
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
            .map_err(|error| Unusable::new(format!("{}: {error}", arguments.listen)))?;
        let out = &mut io::stdout();
        say(
            out,
            &format!("listening on http://{}", listener.local_addr()?),
        );
        let kms = if let Some(settings) = upstream {
            let authority = &settings.authority;
            say(out, &format!("judging what is asked of http://{authority}"));
            Kms::Behind(Arc::new(Upstream::new(settings)))
        } else {
            say(
                out,
                "signatures are not checked: any access key and secret will do",
            );
            say(out, &accounts.to_string());
            Kms::Own(accounts)
        };
        Server::new(kms).serve(listener, ended).await;
        Ok(())
    });
    // What is still open belongs to clients that had their time.
    runtime.shutdown_background();
    served
}

fn say(out: &mut impl Write, text: &str) {
    // Whoever closed the stream does not want to hear it.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
