//! The page of all rules, `src/rules.md`, says what the code does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

mod refusals;

use kms_alias::model::{Bound, Constraint, Of, Violations};
use kms_alias::model::{Footnote, KeyStateCell};
use kms_alias::*;
use kms_alias_foresee::{AliasPattern, ConditionFault, ConditionKey};

use refusals::state_refusals;

fn source(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = if file.starts_with("crates/") {
        root.join(file)
    } else {
        root.join("src").join(file)
    };
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of each row of a table that begins with such a head.
fn rows(page: &str, head: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        inside = line == head || (inside && line.starts_with('|'));
        if inside && line != head && !line.starts_with("|---") {
            let cells = line.trim_matches('|').split(" | ");
            rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    rows
}

/// The rows of all rules: number, text, source, refused with, where.
fn rule_rows() -> Vec<Vec<String>> {
    let rows = rows(
        &source("rules.md"),
        "| no. | rule | source | refused with | where |",
    );
    assert!(rows.iter().all(|row| row.len() == 5), "{rows:?}");
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_rule_has_its_row_with_its_text_and_source() {
    let rows = rule_rows();
    let page: Vec<_> = rows
        .iter()
        .map(|row| (&*row[0], &*row[1], &*row[2]))
        .collect();
    let rules = Rule::ALL.iter();
    let code: Vec<_> = rules
        .map(|rule| (rule.number(), rule.text(), rule.source()))
        .collect();
    assert_eq!(page, code);
}

/// A number and the range that it may begin: `A1` and `A1–A6` both cite `A3` or not.
fn cites(text: &str, rule: &str) -> bool {
    let number = |word: &str| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
        digits.parse::<u32>().ok()
    };
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '–');
    words.into_iter().any(|word| match word.split_once('–') {
        None => word == rule,
        Some((first, last)) => {
            first.chars().next() == rule.chars().next()
                && number(first) <= number(rule)
                && number(rule) <= number(last)
        }
    })
}

/// The items of a name in a file: each with the comments above it and its body.
fn items(text: &str, name: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().collect();
    let defines = |line: &str| {
        let words: Vec<_> = line
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        let is = |pair: &[&str]| {
            matches!(pair[0], "fn" | "const" | "struct" | "enum") && pair[1] == name
        };
        !line.trim_start().starts_with("//") && words.windows(2).any(is)
    };
    let starts = (0..lines.len()).filter(|at| defines(lines[*at]));
    let item = |start: usize| {
        let above = lines[..start].iter().rev();
        let above = above.take_while(|line| !line.is_empty());
        let indent = lines[start].len() - lines[start].trim_start().len();
        let ends = |line: &&&str| {
            let depth = line.len() - line.trim_start().len();
            depth == indent
                && line.trim_start().starts_with(['}', ']', ')'])
                && !line.ends_with('{')
        };
        let body = &lines[start..];
        let end = if body[0].ends_with(';') {
            0
        } else {
            body.iter().skip(1).take_while(|line| !ends(line)).count()
        };
        let mut text: Vec<_> = above.copied().collect();
        text.extend(&body[..=end]);
        text.join("\n")
    };
    starts.map(item).collect()
}

#[test]
fn each_rule_is_where_the_page_says_and_is_cited_there() {
    for row in rule_rows() {
        let (rule, places) = (&row[0], &row[4]);
        assert!(!places.is_empty(), "{rule} is nowhere");
        for place in places.split("; ") {
            let (file, names) = place.split_once(": ").expect("a file and its items");
            let text = source(quoted(file)[0]);
            let names = quoted(names);
            assert!(!names.is_empty(), "{rule}: {file} has no item");
            for name in names {
                let items = items(&text, name);
                assert!(!items.is_empty(), "{rule}: no `{name}` in {file}");
                assert!(
                    items.iter().any(|item| cites(item, rule)),
                    "{rule} is not cited by `{name}` in {file}"
                );
            }
        }
    }
}

/// A cell as the page prints it.
fn cell(cell: KeyStateCell) -> String {
    match cell {
        KeyStateCell::Succeeds | KeyStateCell::SucceedsWithoutEffect => "yes".to_owned(),
        KeyStateCell::SucceedsOnceAvailable => "yes (12)".to_owned(),
        KeyStateCell::SucceedsIfImported => "yes (9)".to_owned(),
        KeyStateCell::Fails(note) => note.number().to_string(),
        KeyStateCell::FailsEither(one, other) => format!("{} or {}", one.number(), other.number()),
        KeyStateCell::FailsUnlessStays(note) => format!("{} (13)", note.number()),
        KeyStateCell::Depends(note) => format!("if ({})", note.number()),
        KeyStateCell::DependsOnSide => "if (10)".to_owned(),
        KeyStateCell::NotApplicable => "n/a".to_owned(),
        other => panic!("the page cannot print {other:?}"),
    }
}

const KEY_STATES: &str = "| operation | enabled | disabled | pending deletion | pending import | unavailable | creating | updating |";

#[test]
fn the_key_state_table_is_the_one_of_the_code_s8() {
    let states = [
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingDeletion,
        KeyState::PendingImport,
        KeyState::Unavailable,
        KeyState::Creating,
        KeyState::Updating,
    ];
    // Pending deletion stands for both states of that name.
    let mut others = KeyState::ALL.to_vec();
    others.retain(|state| !states.contains(state));
    assert_eq!(others, [KeyState::PendingReplicaDeletion]);
    let row = |operation: &KmsOperation| {
        let cells = states.map(|state| cell(operation.in_state(state)));
        let mut row = vec![operation.as_str().to_owned()];
        row.extend(cells);
        row
    };
    let of_keys = KmsOperation::ALL.iter();
    let of_keys = of_keys.filter(|operation| operation.names_key());
    let code: Vec<_> = of_keys.map(row).collect();
    let page = rows(&source("rules.md"), KEY_STATES);
    let print = |rows: &[Vec<String>]| {
        let rows = rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
        rows.collect::<String>()
    };
    assert_eq!(print(&page), print(&code));
}

#[test]
fn the_notes_have_their_exceptions_s8() {
    let mut page = BTreeMap::new();
    for row in rows(
        &source("rules.md"),
        "| note | it is refused because | exception |",
    ) {
        page.insert(row[0].clone(), quoted(&row[2])[0].to_owned());
    }
    let mut met = BTreeSet::new();
    for refusal in state_refusals() {
        let number = refusal.footnote.number().to_string();
        assert_eq!(page[&number], refusal.footnote.exception(), "note {number}");
        met.insert(number);
    }
    // Of notes 2 and 3 the latter is chosen, and what note 8 is about is met by no other.
    let mut others: BTreeSet<_> = page.keys().cloned().collect();
    others.retain(|number| !met.contains(number));
    assert_eq!(others, BTreeSet::from(["2".to_owned()]));
    assert_eq!(page["2"], Footnote::PendingDeletionDisabled.exception());
}
