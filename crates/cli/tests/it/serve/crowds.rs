//! More clients than connections may be open: each comes to its turn.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use kms_alias_testing::size;

use super::program::{Endpoint, request};

/// As many connections are open at once.
const MOST_CONNECTIONS: usize = 512;

/// There are more of them than connections may be open.
#[test]
fn slow_clients_keep_no_other_out() {
    let endpoint = Endpoint::start(&[]);
    let begun = request("ListKeys", "{}", "");
    let mut slow: Vec<_> = (0..600)
        .map(|number| {
            let mut client = endpoint.connect();
            // Nothing, a part of the head, or a part of the body.
            client.send(&begun[..[0, 40, begun.len() - 1][number % 3]]);
            client
        })
        .collect();
    for _ in 0..size(1, 3) {
        endpoint.call("ListKeys", "{}").is_ok();
    }
    // The newest of them can still end what it began.
    let newest = slow.last_mut().expect("a client");
    newest.send(&begun[begun.len() - 1..]);
    newest.answer().is_ok();
}

/// A client that comes again whenever its connection is ended.
struct Busy(TcpStream);

impl Busy {
    fn connect(endpoint: &Endpoint) -> Self {
        let stream = TcpStream::connect(endpoint.address).expect("a connection");
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).expect("a timeout");
        Self(stream)
    }

    fn send(&mut self, endpoint: &Endpoint, request: &str) {
        if self.0.write_all(request.as_bytes()).is_err() {
            *self = Self::connect(endpoint);
        }
    }

    /// Whether anything was answered.
    fn answered(&mut self, endpoint: &Endpoint) -> bool {
        match self.0.read(&mut [0; 4096]) {
            Ok(length) if length > 0 => true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("no answer and no end"),
            _ => {
                *self = Self::connect(endpoint);
                false
            }
        }
    }
}

/// So many clients that each send a small request, wait for its answer and then for a while, until
/// the end.
fn busy_clients(endpoint: &Endpoint, count: usize, pause: Duration, crowd: &Crowd) {
    let list = request("ListKeys", "{}", "");
    let mut clients: Vec<_> = (0..count).map(|_| Busy::connect(endpoint)).collect();
    while !crowd.end.load(Ordering::Relaxed) {
        for client in &mut clients {
            client.send(endpoint, &list);
        }
        for client in &mut clients {
            if client.answered(endpoint) {
                crowd.answered.fetch_add(1, Ordering::Relaxed);
            }
        }
        thread::sleep(pause);
    }
}

#[derive(Default)]
struct Crowd {
    end: AtomicBool,
    answered: AtomicUsize,
}

impl Crowd {
    /// Waits until so many more answers were had.
    fn wait_for(&self, count: usize) {
        let wanted = self.answered.load(Ordering::Relaxed) + count;
        while self.answered.load(Ordering::Relaxed) < wanted {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// They pause for less than a connection may stand still where all are taken, and for more.
#[test]
fn clients_without_a_pause_keep_no_other_out() {
    busy_clients_keep_no_other_out(0);
}

#[test]
fn clients_with_short_pauses_keep_no_other_out() {
    busy_clients_keep_no_other_out(50);
}

#[test]
fn clients_with_long_pauses_keep_no_other_out() {
    busy_clients_keep_no_other_out(700);
}

/// Each client of a crowd asks again after so many milliseconds.
fn busy_clients_keep_no_other_out(pause: u64) {
    let (endpoint, crowd) = (Endpoint::start(&[]), Crowd::default());
    thread::scope(|scope| {
        for _ in 0..4 {
            let pause = Duration::from_millis(pause);
            let (endpoint, crowd) = (&endpoint, &crowd);
            scope.spawn(move || busy_clients(endpoint, MOST_CONNECTIONS / 4, pause, crowd));
        }
        crowd.wait_for(MOST_CONNECTIONS);
        for _ in 0..size(1, 10) {
            endpoint.call("ListKeys", "{}").is_ok();
        }
        // And they go on.
        crowd.wait_for(MOST_CONNECTIONS / 2);
        crowd.end.store(true, Ordering::Relaxed);
    });
}

#[cfg(unix)]
#[test]
fn it_ends_cleanly_while_clients_are_busy() {
    let mut endpoint = Endpoint::start(&[]);
    let address = endpoint.address;
    let hammer = move || {
        let mut whole = 0;
        let mut stream = TcpStream::connect(address).expect("a connection");
        loop {
            let list = request("ListKeys", "{}", "");
            if stream.write_all(list.as_bytes()).is_err() {
                return whole;
            }
            let mut answer = [0; 4096];
            let Ok(length) = stream.read(&mut answer) else {
                return whole;
            };
            let answer = std::str::from_utf8(&answer[..length]).expect("UTF-8");
            match answer {
                "" => return whole,
                answer => assert!(answer.ends_with(r#""Truncated":false}"#), "{answer}"),
            }
            whole += 1;
        }
    };
    let clients: Vec<_> = (0..32).map(|_| thread::spawn(hammer)).collect();
    thread::sleep(Duration::from_millis(300));
    endpoint.signal("TERM");
    assert_eq!(endpoint.wait().code(), Some(0));
    for client in clients {
        assert!(client.join().expect("every answer is whole") > 0);
    }
}
