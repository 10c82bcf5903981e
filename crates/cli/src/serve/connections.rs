//! The connections that are open: not too many, and none that stands still for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Below the 1,024 files that a process may have open where nobody raised it.
pub(crate) const MOST_CONNECTIONS: usize = 512;

/// A connection without a new request for so long is ended: it is idle, or slow on purpose.
pub(crate) const LONGEST_STANDSTILL: Duration = Duration::from_secs(60);

/// Where a new connection needs the room, one that has stood still for so long makes it.
const STANDSTILL_WHEN_FULL: Duration = Duration::from_secs(1);

/// When a connection last began a request, or was opened.
pub(crate) struct Progress {
    opened: Instant,
    /// Milliseconds after that.
    moved: AtomicU64,
}

impl Progress {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            moved: AtomicU64::new(0),
        })
    }

    pub(crate) fn move_on(&self) {
        let millis = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved.store(millis, Ordering::Relaxed);
    }

    fn standstill(&self) -> Duration {
        let moved = Duration::from_millis(self.moved.load(Ordering::Relaxed));
        self.opened.elapsed().saturating_sub(moved)
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

    /// Whether one more may be opened. If need be the one that has stood still longest is ended:
    /// clients that hold connections and say nothing keep no other out.
    pub(crate) fn make_room(&mut self) -> bool {
        if self.0.len() >= MOST_CONNECTIONS {
            self.0.retain(|connection| !connection.task.is_finished());
        }
        self.0.len() < MOST_CONNECTIONS || self.end_stillest()
    }

    /// Ends the connection that has stood still longest, if it has for a while.
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

    /// Lets the tasks see that they were ended.
    async fn run_tasks() {
        for _ in 0..MOST_CONNECTIONS {
            yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_stands_still_makes_room_and_what_moves_does_not() {
        let mut connections = Connections::default();
        let all: Vec<_> = (0..MOST_CONNECTIONS)
            .map(|_| {
                assert!(connections.make_room());
                open(&mut connections)
            })
            .collect();
        assert!(!connections.make_room(), "all of them are new");

        advance(STANDSTILL_WHEN_FULL).await;
        for (progress, _) in &all[1..] {
            progress.move_on();
        }
        assert!(connections.make_room());
        run_tasks().await;
        assert!(all[0].1.is_finished(), "the one that stood still");
        assert!(all[1..].iter().all(|(_, task)| !task.is_finished()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_closed_makes_room() {
        let mut connections = Connections::default();
        let all: Vec<_> = (0..MOST_CONNECTIONS)
            .map(|_| open(&mut connections))
            .collect();
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
        moving.0.move_on();
        connections.sweep();
        run_tasks().await;
        assert!(still.1.is_finished());
        assert!(!moving.1.is_finished());
        connections.sweep();
        assert_eq!(connections.0.len(), 1);
    }
}
