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
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tokio::time::{Instant, interval, sleep, timeout};

use super::connections::{Connections, LONGEST_STANDSTILL, Progress, Turns};
use super::service::{self, Kms};

/// The longest request line and headers.
const LONGEST_HEAD: usize = 64 << 10;

/// How long requests under way may take when the end is asked for.
const GRACE: Duration = Duration::from_secs(5);

/// How long to wait before asking again for what there is none of.
const PAUSE: Duration = Duration::from_millis(5);

/// How long a client waits for a place before it is turned away.
const WAIT_FOR_ROOM: Duration = Duration::from_millis(200);

/// While clients are being turned away, the others do not wait.
const WHILE_FULL: Duration = Duration::from_secs(1);

/// As many clients are told at once that there is no room; the others are told nothing.
const MOST_TURNED_AWAY: usize = 64;

/// How long it may take to tell a client that there is no room.
const TIME_TO_TURN_AWAY: Duration = Duration::from_secs(2);

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

/// What listens, and what answers.
pub(crate) struct Server {
    kms: Arc<Kms>,
    connections: Connections,
    turns: Arc<Turns>,
    graceful: GracefulShutdown,
    turned_away: Arc<Semaphore>,
    full: Option<Instant>,
}

impl Server {
    pub(crate) fn new(kms: Kms) -> Self {
        Self {
            kms: Arc::new(kms),
            connections: Connections::default(),
            turns: Arc::default(),
            graceful: GracefulShutdown::new(),
            turned_away: Arc::new(Semaphore::new(MOST_TURNED_AWAY)),
            full: None,
        }
    }

    /// Serves until the end is asked for, and then finishes what is under way.
    pub(crate) async fn serve(mut self, listener: TcpListener, ended: impl Future<Output = ()>) {
        let mut ended = pin!(ended);
        let mut sweep = interval(LONGEST_STANDSTILL / 10);
        loop {
            tokio::select! {
                () = &mut ended => break,
                _ = sweep.tick() => self.connections.sweep(),
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => self.admit(stream).await,
                    Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                    // The system has no more, most likely of open files: fewer than are allowed here.
                    Err(_) => {
                        self.connections.end_stillest();
                        sleep(PAUSE).await;
                    }
                }
            }
        }
        drop(listener);
        // Who takes longer has had the time.
        let _ = timeout(GRACE, self.graceful.shutdown()).await;
    }

    async fn admit(&mut self, stream: TcpStream) {
        // A small answer is not to wait for more; where that cannot be set it is late, not lost.
        let _ = stream.set_nodelay(true);
        if self.has_room().await {
            let progress = Progress::new();
            let task = self.open(stream, &progress);
            self.connections.add(progress, task);
        } else {
            self.full = Some(Instant::now());
            self.turn_away(stream);
        }
    }

    /// Waits until there is room for one more connection, but not for long.
    async fn has_room(&mut self) -> bool {
        let is_full = self.full.is_some_and(|at| at.elapsed() < WHILE_FULL);
        let end = Instant::now() + if is_full { PAUSE } else { WAIT_FOR_ROOM };
        while !self.connections.make_room() {
            if Instant::now() >= end {
                return false;
            }
            self.turns.want_one();
            // What it comes to is seen above.
            let _ = timeout(PAUSE, self.turns.ended()).await;
        }
        true
    }

    /// Serves one connection, request after request.
    fn open(&self, stream: TcpStream, progress: &Arc<Progress>) -> AbortHandle {
        let (kms, turns, progress) = (
            Arc::clone(&self.kms),
            Arc::clone(&self.turns),
            Arc::clone(progress),
        );
        let end = EndOfConnection(Arc::clone(&self.turns));
        let service = service_fn(move |request| {
            let (kms, turns, progress) =
                (Arc::clone(&kms), Arc::clone(&turns), Arc::clone(&progress));
            async move {
                let answer = service::answer(&kms, &progress, request).await;
                Ok::<_, Infallible>(service::last_if(turns.is_last(), answer))
            }
        });
        let hands_on = matches!(*self.kms, Kms::Behind(_));
        let connection = protocol(hands_on).serve_connection(TokioIo::new(stream), service);
        let watched = self.graceful.watch(connection);
        let task = tokio::spawn(async move {
            let _end = end;
            // An error is the peer's: it sent no HTTP, or went away.
            drop(watched.await);
        });
        task.abort_handle()
    }

    /// Tells a client that there is no room.
    fn turn_away(&self, stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.turned_away).try_acquire_owned() else {
            return;
        };
        let service =
            service_fn(async |request| Ok::<_, Infallible>(service::turn_away(request).await));
        let connection = protocol(false).serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            let _permit = permit;
            drop(timeout(TIME_TO_TURN_AWAY, connection).await);
        });
    }
}

/// `hands_on`: what is handed on keeps the letters of its headers, which costs 7 % of the
/// instructions of an answer.
fn protocol(hands_on: bool) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        // Slow heads are ended with all else that stands still: see `Connections`.
        .header_read_timeout(None)
        // Who has sent all may say so and still listen.
        .half_close(true)
        .preserve_header_case(hands_on)
        .max_header_size(LONGEST_HEAD)
        .max_buf_size(LONGEST_HEAD);
    protocol
}

/// Tells those who wait for a place that one is free, however the connection ends.
struct EndOfConnection(Arc<Turns>);

impl Drop for EndOfConnection {
    fn drop(&mut self) {
        self.0.end();
    }
}
