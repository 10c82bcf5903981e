//! Words to people, on standard error.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use super::printable::printable;

pub fn note(text: &str) {
    say("note", AnsiColor::Cyan, text);
}

pub fn warn(text: &str) {
    say("warning", AnsiColor::Yellow, text);
}

pub fn fail(text: &str) {
    say("error", AnsiColor::Red, text);
}

fn say(kind: &str, color: AnsiColor, text: &str) {
    let style = Style::new().bold().fg_color(Some(color.into()));
    // Whoever closed standard error does not want to hear it.
    let _ = writeln!(
        anstream::stderr(),
        "{style}{kind}{style:#}: {}",
        printable(text)
    );
}
