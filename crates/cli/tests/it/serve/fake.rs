//! A server that answers whatever a test wants, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// The first line and the headers.
    pub head: Vec<String>,
    pub body: String,
}

impl Received {
    /// The operation of KMS.
    pub fn operation(&self) -> &str {
        let mut lines = self.head.iter();
        let target = lines.find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("x-amz-target").then_some(value)
        });
        target
            .and_then(|target| target.strip_prefix("TrentService."))
            .unwrap_or_default()
    }
}

/// It ends each connection after its answer.
pub struct Fake {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Fake {
    /// A server whose answers are written by this function.
    pub fn start(answer: impl Fn(&Received, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let (answer, all) = (Arc::new(answer), Arc::clone(&received));
        // It ends with the tests.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, all) = (Arc::clone(&answer), Arc::clone(&all));
                thread::spawn(move || {
                    let mut stream = stream.expect("a connection");
                    if let Some(request) = read(&stream) {
                        all.lock().expect("no panic").push(request.clone());
                        answer(&request, &mut stream);
                    }
                });
            }
        });
        Self { address, received }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic").clone()
    }

    /// The operations that it was asked for, in order.
    pub fn operations(&self) -> Vec<String> {
        let received = self.received();
        let operations = received.iter().map(Received::operation);
        operations.map(str::to_owned).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        head.push(line.to_owned());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Received { head, body })
}

/// Writes an answer; whoever left does not read it.
pub fn write(stream: &mut TcpStream, status: &str, body: &str) {
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Odd-Case: kept\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
}
