//! A watchdog: work that does not end fails its test by name and seed, and not a time limit of CI.

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// What takes seconds on an idle machine has minutes on a busy one.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs the work of a test in a thread.
///
/// # Panics
/// If the work panics, or does not end: the message then has the test and its seed. The thread goes on
/// until the tests of its binary have ended.
#[track_caller]
pub fn ends<T: Send + 'static>(
    test: &str,
    seed: u64,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    ends_within(LIMIT, test, seed, work)
}

#[track_caller]
fn ends_within<T: Send + 'static>(
    limit: Duration,
    test: &str,
    seed: u64,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (sender, receiver) = channel();
    let thread = Builder::new()
        .name(format!("{test}, seed {seed}"))
        .spawn(move || sender.send(work()))
        .expect("a thread");
    match receiver.recv_timeout(limit) {
        Ok(value) => value,
        Err(RecvTimeoutError::Timeout) => {
            panic!("{test} with seed {seed} did not end in {limit:?}")
        }
        Err(RecvTimeoutError::Disconnected) => resume_unwind(panic_of(thread)),
    }
}

/// Why a thread that sent nothing ended.
fn panic_of<T>(thread: JoinHandle<T>) -> Box<dyn Any + Send> {
    match thread.join() {
        Ok(_) => Box::new("a thread ended without its value"),
        Err(panic) => panic,
    }
}

#[test]
#[should_panic(expected = "a test that hangs with seed 7 did not end")]
fn a_test_that_hangs_fails_with_its_name_and_seed() {
    let hangs = || std::thread::sleep(Duration::from_secs(20));
    ends_within(Duration::from_millis(10), "a test that hangs", 7, hangs);
}

#[test]
#[should_panic(expected = "a reason")]
fn a_panic_under_the_watchdog_is_that_of_the_test() {
    ends("a test that panics", 0, || panic!("a reason"));
}
