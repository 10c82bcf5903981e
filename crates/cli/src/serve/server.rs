//! The socket: connections are taken, bounded, and ended with grace.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{interval, sleep, timeout};

use super::account::Account;
use super::connections::{Connections, LONGEST_STANDSTILL, Progress};
use super::service;

/// The longest request line and headers.
const LONGEST_HEAD: usize = 64 << 10;

/// How long requests under way may take when the end is asked for.
const GRACE: Duration = Duration::from_secs(5);

/// How long to wait where there is no room, or where the system has none.
const PAUSE: Duration = Duration::from_millis(50);

/// Comes true when the end is asked for: SIGINT, or SIGTERM where there is one.
#[cfg(unix)]
pub(crate) fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
pub(crate) fn end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to ask for the end, the process has to be ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Serves until the end is asked for, and then finishes what is under way.
pub(crate) async fn serve(
    listener: TcpListener,
    account: Arc<Account>,
    ended: impl Future<Output = ()>,
) {
    let mut ended = pin!(ended);
    let mut connections = Connections::default();
    let mut sweep = interval(LONGEST_STANDSTILL / 10);
    let graceful = GracefulShutdown::new();
    loop {
        let room = connections.make_room();
        tokio::select! {
            () = &mut ended => break,
            _ = sweep.tick() => connections.sweep(),
            () = sleep(PAUSE), if !room => {}
            accepted = listener.accept(), if room => match accepted {
                Ok((stream, _)) => {
                    let progress = Progress::new();
                    let task = open(stream, &account, &progress, &graceful);
                    connections.add(progress, task);
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                // The system has no more, most likely of open files: fewer than are allowed here.
                Err(_) => {
                    connections.end_stillest();
                    sleep(PAUSE).await;
                }
            }
        }
    }
    drop(listener);
    // Who takes longer has had the time.
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Serves one connection, request after request.
fn open(
    stream: TcpStream,
    account: &Arc<Account>,
    progress: &Arc<Progress>,
    graceful: &GracefulShutdown,
) -> AbortHandle {
    // A small answer is not to wait for more; where that cannot be set it is late, not lost.
    let _ = stream.set_nodelay(true);
    let (account, progress) = (Arc::clone(account), Arc::clone(progress));
    let service = service_fn(move |request| {
        progress.move_on();
        let account = Arc::clone(&account);
        async move { Ok::<_, Infallible>(service::answer(&account, request).await) }
    });
    let connection = http1::Builder::new()
        // Slow heads are ended with all else that stands still: see `Connections`.
        .header_read_timeout(None)
        // Who has sent all may say so and still listen.
        .half_close(true)
        .max_header_size(LONGEST_HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let watched = graceful.watch(connection);
    // An error is the peer's: it sent no HTTP, or went away.
    let task = tokio::spawn(async move { drop(watched.await) });
    task.abort_handle()
}
