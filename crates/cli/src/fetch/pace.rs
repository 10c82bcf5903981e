//! When the next request may go out: evenly spread, far below what KMS would refuse.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The slowest pace: one request in this time.
const SLOWEST: Duration = Duration::from_secs(5);

/// The longest pause after an answer that KMS is busy.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// A steady pace, which becomes slower each time that KMS is busy, and never faster.
pub struct Pace {
    interval: Duration,
    next: Instant,
    slowed: Option<Instant>,
}

impl Pace {
    /// So many requests a second; 0 counts as 1.
    pub fn per_second(requests: u32) -> Self {
        Self {
            interval: Duration::from_secs(1) / requests.max(1),
            next: Instant::now(),
            slowed: None,
        }
    }

    /// How long so many requests take.
    pub fn time_of(&self, requests: usize) -> Duration {
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        self.interval.saturating_mul(requests)
    }

    /// Waits until a request may go out, and takes its turn. A wait that is dropped takes none.
    pub async fn turn(&mut self) -> Instant {
        sleep_until(self.next).await;
        let now = Instant::now();
        self.next = now + self.interval;
        now
    }

    /// Pauses and goes on more slowly, since a request of this turn met a busy KMS.
    ///
    /// Requests under way when the pace was last slowed say nothing of the pace since.
    pub fn slow_down(&mut self, turn: Instant, attempt: u32) {
        if self.slowed.is_some_and(|slowed| turn <= slowed) {
            return;
        }
        let now = Instant::now();
        self.interval = (self.interval * 3 / 2).min(SLOWEST);
        self.next = now + (Duration::from_millis(200) * (1 << attempt.min(10))).min(LONGEST_PAUSE);
        self.slowed = Some(now);
    }
}
