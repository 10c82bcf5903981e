//! The connections that are open: not too many, and none that stands still for long.
//!
//! Where all places are taken and one more client comes, somebody has to leave. First that is the
//! connection that has waited longest for its client, whether between requests or within one. Where
//! none has waited for a moment, all clients are busy: then the next answers say
//! `Connection: close`, so that clients take turns. Where no answer is near either, since another
//! KMS is waited for, the newcomer is told to try again (ours, all three).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Below the 1,024 files that a process may have open where nobody raised it.
pub(crate) const MOST_CONNECTIONS: usize = 512;

/// A connection that waits for its client for so long is ended: it is idle, or slow on purpose.
pub(crate) const LONGEST_STANDSTILL: Duration = Duration::from_secs(60);

/// Where a new connection needs the room, one that has stood still for so long makes it.
const STANDSTILL_WHEN_FULL: Duration = Duration::from_millis(100);

/// Where a connection stands.
pub(crate) struct Progress {
    opened: Instant,
    /// When it last moved, in milliseconds after that.
    moved: AtomicU64,
    /// Whether its client waits for us, and not the other way round.
    works: AtomicBool,
}

impl Progress {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            moved: AtomicU64::new(0),
            works: AtomicBool::new(false),
        })
    }

    /// A request begins, or an answer: from now on its client is waited for.
    pub(crate) fn wait_for_client(&self) {
        let millis = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved.store(millis, Ordering::Relaxed);
        self.works.store(false, Ordering::Relaxed);
    }

    /// A request has been read: its client does nothing but wait.
    pub(crate) fn work(&self) {
        self.works.store(true, Ordering::Relaxed);
    }

    /// How long its client has been waited for.
    fn standstill(&self) -> Duration {
        if self.works.load(Ordering::Relaxed) {
            return Duration::ZERO;
        }
        let moved = Duration::from_millis(self.moved.load(Ordering::Relaxed));
        self.opened.elapsed().saturating_sub(moved)
    }
}

/// What connections that end tell those who wait for a place.
#[derive(Default)]
pub(crate) struct Turns {
    /// As many of the next answers are the last of their connections.
    wanted: AtomicUsize,
    ended: Notify,
}

impl Turns {
    /// Asks one connection to end after its next answer.
    pub(crate) fn want_one(&self) {
        self.wanted.store(1, Ordering::Relaxed);
    }

    /// Whether an answer is to be the last of its connection.
    pub(crate) fn is_last(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) != 0
            && self
                .wanted
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |wanted| {
                    wanted.checked_sub(1)
                })
                .is_ok()
    }

    /// A connection has ended.
    pub(crate) fn end(&self) {
        self.ended.notify_one();
    }

    /// Comes true when a connection has ended.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }
}

struct Connection {
    progress: Arc<Progress>,
    task: AbortHandle,
}

/// The connections of a server.
#[derive(Default)]
pub(crate) struct Connections(Vec<Connection>);

impl Connections {
    pub(crate) fn add(&mut self, progress: Arc<Progress>, task: AbortHandle) {
        self.0.push(Connection { progress, task });
    }

    /// Whether one more has room. If need be the one that has stood still longest is ended.
    pub(crate) fn make_room(&mut self) -> bool {
        if self.0.len() >= MOST_CONNECTIONS {
            self.0.retain(|connection| !connection.task.is_finished());
        }
        self.0.len() < MOST_CONNECTIONS || self.end_stillest()
    }

    /// Ends the connection that has stood still longest, if it has for a moment.
    pub(crate) fn end_stillest(&mut self) -> bool {
        let standstills = self.0.iter().map(|open| open.progress.standstill());
        match standstills.enumerate().max_by_key(|(_, still)| *still) {
            Some((index, still)) if still >= STANDSTILL_WHEN_FULL => {
                self.0.swap_remove(index).task.abort();
                true
            }
            _ => false,
        }
    }

    /// Ends what has stood still for too long.
    pub(crate) fn sweep(&mut self) {
        for connection in &self.0 {
            if connection.progress.standstill() >= LONGEST_STANDSTILL {
                connection.task.abort();
            }
        }
        self.0.retain(|connection| !connection.task.is_finished());
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::task::{JoinHandle, yield_now};
    use tokio::time::advance;

    use super::*;

    fn open(connections: &mut Connections) -> (Arc<Progress>, JoinHandle<()>) {
        let (progress, task) = (Progress::new(), tokio::spawn(pending()));
        connections.add(Arc::clone(&progress), task.abort_handle());
        (progress, task)
    }

    fn fill(connections: &mut Connections) -> Vec<(Arc<Progress>, JoinHandle<()>)> {
        (0..MOST_CONNECTIONS).map(|_| open(connections)).collect()
    }

    /// Lets the tasks see that they were ended.
    async fn run_tasks() {
        for _ in 0..MOST_CONNECTIONS {
            yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_that_stood_still_longest_makes_room() {
        let mut connections = Connections::default();
        let all = fill(&mut connections);
        assert!(!connections.make_room(), "all of them are new");

        advance(STANDSTILL_WHEN_FULL).await;
        for (progress, _) in &all[1..] {
            progress.wait_for_client();
        }
        assert!(connections.make_room());
        run_tasks().await;
        assert!(all[0].1.is_finished(), "the one that stood still");
        assert!(all[1..].iter().all(|(_, task)| !task.is_finished()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_whose_client_waits_for_its_answer_is_kept() {
        let mut connections = Connections::default();
        for (progress, _) in &fill(&mut connections) {
            progress.work();
        }
        advance(LONGEST_STANDSTILL).await;
        assert!(!connections.make_room());
        connections.sweep();
        run_tasks().await;
        connections.sweep();
        assert_eq!(connections.0.len(), MOST_CONNECTIONS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_closed_makes_room() {
        let mut connections = Connections::default();
        let all = fill(&mut connections);
        all[7].1.abort();
        run_tasks().await;
        assert!(connections.make_room());
        assert_eq!(connections.0.len(), MOST_CONNECTIONS - 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_standstill_ends_a_connection() {
        let mut connections = Connections::default();
        let (still, moving) = (open(&mut connections), open(&mut connections));
        advance(LONGEST_STANDSTILL).await;
        moving.0.wait_for_client();
        connections.sweep();
        run_tasks().await;
        assert!(still.1.is_finished());
        assert!(!moving.1.is_finished());
        connections.sweep();
        assert_eq!(connections.0.len(), 1);
    }

    #[test]
    fn one_answer_is_the_last_for_each_place_that_is_wanted() {
        let turns = Turns::default();
        assert!(!turns.is_last());
        turns.want_one();
        turns.want_one();
        assert!(turns.is_last());
        assert!(!turns.is_last());
    }
}
