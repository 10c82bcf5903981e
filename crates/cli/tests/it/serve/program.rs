//! The program as its users run it, and a client that can be as odd as a test needs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// No answer takes so long: a test that waits for one fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(30);

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-alias"));
    command.arg("serve").args(arguments).stdin(Stdio::null());
    command
}

/// A run that ends by itself.
pub fn run(arguments: &[&str]) -> Output {
    program(arguments).output().expect("the program runs")
}

/// A running endpoint, ended with the test.
pub struct Endpoint {
    child: Child,
    out: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Endpoint {
    pub fn start(arguments: &[&str]) -> Self {
        Self::of(program(arguments))
    }

    /// One that may have so many files open.
    #[cfg(unix)]
    pub fn with_open_files(most: u32) -> Self {
        let mut shell = Command::new("sh");
        let line = format!("ulimit -n {most} && exec \"$0\" serve");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_kms-alias")]);
        Self::of(shell)
    }

    fn of(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut first = String::new();
        out.read_line(&mut first).expect("a first line");
        let address = first
            .trim_end()
            .strip_prefix("listening on http://")
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("the first line is {first:?}"));
        Self {
            child,
            out,
            address,
        }
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        line
    }

    pub fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        Connection(BufReader::new(stream))
    }

    /// An operation on a connection of its own, unsigned.
    pub fn call(&self, operation: &str, body: &str) -> Answer {
        self.connect().call(operation, body)
    }

    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(kill.expect("kill runs").success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept.
pub struct Connection(BufReader<TcpStream>);

/// An HTTP answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The lines after the first.
    pub headers: Vec<String>,
    pub body: String,
}

impl Connection {
    pub fn call(&mut self, operation: &str, body: &str) -> Answer {
        self.send(request(operation, body, ""));
        self.answer()
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let stream = self.0.get_mut();
        stream.write_all(bytes.as_ref()).expect("it is sent");
    }

    /// Says that nothing more is sent.
    pub fn end(&mut self) {
        let stream = self.0.get_ref();
        stream.shutdown(Shutdown::Write).expect("it is ended");
    }

    /// The next answer; fails if there is none.
    pub fn answer(&mut self) -> Answer {
        self.try_answer().expect("an answer")
    }

    /// The next answer, or none if the connection was closed before it.
    pub fn try_answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).expect("a line of the answer") == 0 {
                assert!(head.is_empty(), "cut off after {head:?}");
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let status = head.remove(0);
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut answer = Answer {
            status: status.expect("a status"),
            headers: head,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |text| text.parse().expect("a length"));
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the body");
        answer.body = String::from_utf8(body).expect("UTF-8");
        Some(answer)
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The exception of a refusal.
    pub fn exception(&self) -> String {
        assert!(self.status >= 400, "{self:?}");
        self.json()["__type"].as_str().expect("a type").to_owned()
    }

    #[track_caller]
    pub fn is_ok(&self) {
        assert_eq!(self.status, 200, "{self:?}");
    }
}

/// A request as the SDKs send it; `more` are further header lines.
pub fn request(operation: &str, body: &str, more: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: TrentService.{operation}\r\n\
         Content-Type: application/x-amz-json-1.1\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The header of a signature for a Region, which nobody checks.
pub fn signed_for(region: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=any/20261125/{region}/kms/aws4_request, \
         SignedHeaders=host, Signature=0\r\n"
    )
}
