//! A connection that is kept, unless the server ends it after each answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::Result;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Connection {
    address: SocketAddr,
    /// None if the server said that it ends it.
    stream: Option<TcpStream>,
    /// What was read and not yet used.
    read: Vec<u8>,
}

impl Connection {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            read: Vec::new(),
        }
    }

    fn stream(&mut self) -> Result<&mut TcpStream> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(stream);
        }
        self.stream.as_mut().ok_or_else(|| "no connection".into())
    }

    pub fn send(&mut self, request: &[u8]) -> Result<()> {
        Ok(self.stream()?.write_all(request)?)
    }

    /// The body of the next answer, which has to be of status 200.
    pub fn answer(&mut self) -> Result<Vec<u8>> {
        loop {
            if let Some(answer) = Answer::read(&self.read)? {
                let body = self.read[answer.body..answer.end].to_vec();
                self.read.drain(..answer.end);
                if answer.is_last {
                    self.stream = None;
                }
                return match answer.status {
                    200 => Ok(body),
                    status => {
                        Err(format!("status {status}: {}", String::from_utf8_lossy(&body)).into())
                    }
                };
            }
            let mut bytes = [0; 16 << 10];
            match self.stream()?.read(&mut bytes)? {
                0 => return Err("the connection ended before the answer".into()),
                count => self.read.extend_from_slice(&bytes[..count]),
            }
        }
    }

    pub fn call(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.send(request)?;
        self.answer()
    }
}

/// An answer that is all there.
struct Answer {
    status: u16,
    /// Where its body begins and ends.
    body: usize,
    end: usize,
    /// Whether the server ends the connection with it.
    is_last: bool,
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(body) = response.parse(bytes)? else {
            return Ok(None);
        };
        let header = |name: &str| {
            let mut headers = response.headers.iter();
            headers
                .find(|header| header.name.eq_ignore_ascii_case(name))
                .map(|header| header.value)
        };
        let length = header("content-length").ok_or("an answer without a length")?;
        let end = body + std::str::from_utf8(length)?.parse::<usize>()?;
        let answer = Self {
            status: response.code.unwrap_or_default(),
            body,
            end,
            is_last: header("connection") == Some(b"close"),
        };
        Ok((bytes.len() >= end).then_some(answer))
    }
}
