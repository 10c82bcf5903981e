//! Standard output, whose reader may leave before all is said.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};

use super::exit::Exit;
use super::io_words::plain;
use super::say;

/// Standard output. Once it takes no more, the rest is dropped, and the verb goes on: what it finds
/// decides the exit code.
pub struct Output {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    failed: Option<io::Error>,
}

impl Output {
    /// For people: with colour where the terminal has it, and nobody set `NO_COLOR`.
    pub fn for_people() -> Self {
        Self::of(AutoStream::choice(&io::stdout()))
    }

    /// For programs: every byte as it is.
    pub fn for_programs() -> Self {
        Self::of(ColorChoice::AlwaysAnsi)
    }

    fn of(choice: ColorChoice) -> Self {
        let stream = AutoStream::new(io::stdout().lock(), choice);
        Self {
            stream: BufWriter::new(stream),
            failed: None,
        }
    }

    /// Ends the output. The exit code stays what was found; where all would be well and the output
    /// is lost though somebody waits for it, it is [`Exit::Unusable`].
    pub fn finish(mut self, found: Exit) -> Exit {
        // The error is noted.
        let _ = self.flush();
        match self.failed {
            None => found,
            // The reader has seen enough.
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => found,
            Some(error) => {
                say::fail(&format!("standard output: {}", plain(&error)));
                if found == Exit::Passes {
                    Exit::Unusable
                } else {
                    found
                }
            }
        }
    }

    fn note_failure(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.failed.get_or_insert(error);
        }
    }
}

/// Never fails: see [`Output::finish`].
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_none() {
            let written = self.stream.write_all(bytes);
            self.note_failure(written);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_none() {
            let flushed = self.stream.flush();
            self.note_failure(flushed);
        }
        Ok(())
    }
}
