//! The findings for people: the line, and a marker under the fault.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstream::ColorChoice;
use kms_alias_lint::{Finding, Report, Severity};

use super::walk::Files;
use crate::common::{Output, Palette, printable, width};

/// A line longer than this is not shown: nobody reads it, and a minified file is one line.
const LONGEST_LINE: usize = 400;

pub fn print(out: &mut Output, findings: &[Finding], files: &Files) -> io::Result<()> {
    let renderer = renderer();
    let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let texts = texts(findings, files);
    for finding in findings {
        let file = finding.file.as_str();
        let text = texts.get(file).map_or("", String::as_str);
        let lines = lines.entry(file).or_insert_with(|| text.lines().collect());
        let line = lines.get(finding.place.line.saturating_sub(1)).copied();
        let message = format!("{} (rule {})", finding.message, finding.rule);
        let shown = line.filter(|line| line.len() <= LONGEST_LINE);
        match shown.and_then(|line| Some((line, marked(finding, line)?))) {
            Some((line, range)) => {
                let text = rendered(&renderer, finding, &message, line, range);
                writeln!(out, "{text}\n")?;
            }
            None => writeln!(out, "{}\n", printable(&finding.to_string()))?,
        }
    }
    Ok(())
}

/// The content of the files with findings, as text.
fn texts<'a>(findings: &[Finding], files: &'a Files) -> BTreeMap<&'a str, String> {
    let has_findings = |name: &str| findings.iter().any(|finding| finding.file == name);
    let files = files.read.iter().filter(|(name, _)| has_findings(name));
    files
        .map(|(name, bytes)| (name.as_str(), text(bytes)))
        .collect()
}

/// The text of a file: UTF-8, or UTF-16 with a mark.
fn text(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [first, second] => of([*first, *second]),
            _ => 0,
        });
        String::from_utf16_lossy(&units.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The bytes of a line that a finding marks.
fn marked(finding: &Finding, line: &str) -> Option<Range<usize>> {
    let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let ends: Vec<_> = ends.collect();
    let first = finding.place.column.saturating_sub(1);
    let start = *ends.get(first)?;
    let end = first.saturating_add(finding.length.max(1));
    let end = ends.get(end).copied().unwrap_or(line.len());
    Some(start..end)
}

fn renderer() -> Renderer {
    let plain = anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never;
    let renderer = if plain {
        Renderer::plain()
    } else {
        Renderer::styled()
    };
    // Trimming a line to the terminal is for terminals alone.
    let set = std::env::var_os("COLUMNS").is_some() || io::stdout().is_terminal();
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    if set {
        renderer.term_width(width())
    } else {
        renderer.term_width(LONGEST_LINE)
    }
}

fn rendered(
    renderer: &Renderer,
    finding: &Finding,
    message: &str,
    line: &str,
    range: Range<usize>,
) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let path = printable(&finding.file).into_owned();
    let snippet = Snippet::source(line)
        .line_start(finding.place.line)
        .path(path)
        .annotation(AnnotationKind::Primary.span(range));
    let title = level.primary_title(printable(message).into_owned());
    renderer.render(&[title.element(snippet)])
}

/// The last line: how many files were looked at, and what was found.
pub fn print_summary(
    out: &mut Output,
    report: &Report,
    unread: usize,
    unread_folders: usize,
) -> io::Result<()> {
    let count = |severity| {
        let of = report
            .findings
            .iter()
            .filter(|one| one.severity == severity);
        of.count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let style = match (errors, warnings) {
        (0, 0) => Palette::GOOD,
        (0, _) => Palette::OPEN,
        _ => Palette::BAD,
    };
    let files = plural(report.looked_at, "file");
    let mut found = format!(
        "{}, {}, {}",
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(count(Severity::Note), "note")
    );
    let unread_files = unread.saturating_sub(unread_folders);
    let unread: Vec<_> = [(unread_files, "file"), (unread_folders, "folder")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| plural(count, what))
        .collect();
    if !unread.is_empty() {
        found = format!("{found}; {} could not be read", unread.join(" and "));
    }
    writeln!(out, "{style}{files} looked at: {found}{style:#}")
}

fn plural(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
