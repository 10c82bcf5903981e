//! What is said on standard error.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use kms_alias::{AliasConditions, AliasTable};

/// As many warnings of a rule are said one by one.
const MOST_WARNINGS: usize = 10;

pub fn error(text: &str) {
    say("error", AnsiColor::Red, text);
}

pub fn warning(text: &str) {
    say("warning", AnsiColor::Yellow, text);
}

pub fn note(text: &str) {
    say("note", AnsiColor::Cyan, text);
}

pub fn progress(text: &str) {
    // As with what is said: an error here is nobody's loss.
    let _ = io::stderr().write_all(text.as_bytes());
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

/// A text from a file, with nothing in it that a terminal would obey.
pub fn printable(text: &str) -> String {
    let plain = |character: char| {
        if character.is_control() {
            '\u{fffd}'
        } else {
            character
        }
    };
    text.chars().map(plain).collect()
}

/// Says what stands beyond the rules: of each rule a few one by one.
pub fn beyond_the_rules(table: &AliasTable) {
    let mut count_of_rule = BTreeMap::new();
    for found in table.warnings() {
        let count = count_of_rule.entry(found.rule()).or_insert(0_usize);
        *count += 1;
        if *count <= MOST_WARNINGS {
            warning(&found.to_string());
        }
    }
    for (rule, count) in count_of_rule
        .into_iter()
        .filter(|(_, count)| *count > MOST_WARNINGS)
    {
        let more = count - MOST_WARNINGS;
        warning(&format!("and {more} more beyond rule {rule}"));
    }
}

/// Says which values of conditions are no error and yet match nothing.
pub fn idle_values(conditions: &AliasConditions) {
    for (name, condition) in conditions.iter() {
        for value in condition.idle_values() {
            warning(&format!(
                "condition `{name}`: no alias name there can be matches `{value}`: alias names begin \
                 with `alias/`, and conditions do not compare ARNs (rules A1, P3)"
            ));
        }
    }
}
