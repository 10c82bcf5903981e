//! What is said of requests that were refused, or that could not be judged.

use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use serde_json::json;

use crate::common::printable;

/// As many lines wait to be written. More are dropped: a reader that does not read stops nobody.
const MOST_WAITING: usize = 1024;

/// What became of a request.
pub(crate) enum Outcome<'a> {
    /// It was refused and not handed on.
    Refused {
        exception: &'a str,
        message: &'a str,
    },
    /// It was handed on, since it could not be judged for this reason.
    Undecided(&'a str),
}

/// Writes lines to standard error.
pub(crate) struct Log {
    lines: SyncSender<String>,
    as_json: bool,
}

impl Log {
    pub(crate) fn new(as_json: bool) -> Self {
        let (lines, waiting) = sync_channel::<String>(MOST_WAITING);
        thread::spawn(move || {
            for line in waiting {
                if writeln!(io::stderr(), "{line}").is_err() {
                    return;
                }
            }
        });
        Self { lines, as_json }
    }

    pub(crate) fn write(&self, operation: &str, outcome: &Outcome<'_>) {
        let line = if self.as_json {
            json_line(operation, outcome)
        } else {
            printable(&text_line(operation, outcome)).into_owned()
        };
        // Dropped where nobody reads.
        let _ = self.lines.try_send(line);
    }
}

fn json_line(operation: &str, outcome: &Outcome<'_>) -> String {
    match outcome {
        Outcome::Refused { exception, message } => json!({
            "operation": operation, "outcome": "refused", "exception": exception, "message": message,
        }),
        Outcome::Undecided(because) => json!({
            "operation": operation, "outcome": "undecided", "because": because,
        }),
    }
    .to_string()
}

fn text_line(operation: &str, outcome: &Outcome<'_>) -> String {
    match outcome {
        Outcome::Refused { exception, message } => {
            format!("refused: {operation}: {exception}: {message}")
        }
        Outcome::Undecided(because) => {
            format!("undecided, handed on: {operation}: {because}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_and_why() {
        let refused = Outcome::Refused {
            exception: "NotFoundException",
            message: "Invalid keyId 'a\nb'",
        };
        assert_eq!(
            json_line("CreateAlias", &refused),
            r#"{"exception":"NotFoundException","message":"Invalid keyId 'a\nb'","operation":"CreateAlias","outcome":"refused"}"#
        );
        assert_eq!(
            printable(&text_line("CreateAlias", &refused)),
            r"refused: CreateAlias: NotFoundException: Invalid keyId 'a\nb'"
        );
        let undecided = Outcome::Undecided("DescribeKey is answered 403");
        assert_eq!(
            text_line("EnableKey", &undecided),
            "undecided, handed on: EnableKey: DescribeKey is answered 403"
        );
        assert_eq!(
            json_line("EnableKey", &undecided),
            r#"{"because":"DescribeKey is answered 403","operation":"EnableKey","outcome":"undecided"}"#
        );
    }
}
