//! Annotations of GitHub Actions: `::error file=…,line=…,col=…::…`.

use super::{Finding, Level, Region};

/// A finding as a workflow command.
pub fn annotation(finding: &Finding) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = format!("file={}", property(&finding.file));
    if let Some(Region { line, columns }) = finding.region {
        properties = format!("{properties},line={line}");
        if let Some((column, end)) = columns {
            properties = format!("{properties},col={column},endColumn={end}");
        }
    }
    let title = match finding.rule {
        "unread" => "this file cannot be read".to_owned(),
        "undecided" => "undecided".to_owned(),
        "fails" => "the run fails".to_owned(),
        number => format!("rule {number}"),
    };
    let title = property(&title);
    let address = finding.address.iter().map(|address| format!("{address}: "));
    let message: String = address.chain([finding.message.clone()]).collect();
    format!("::{command} {properties},title={title}::{}", data(&message))
}

/// The text after `::`.
fn data(text: &str) -> String {
    let escaped = text.chars().flat_map(|character| match character {
        '%' => "%25".chars().collect::<Vec<_>>(),
        '\r' => "%0D".chars().collect(),
        '\n' => "%0A".chars().collect(),
        other if other.is_control() => other.escape_debug().collect(),
        other => vec![other],
    });
    escaped.collect()
}

/// A value before `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_as_escapes() {
        assert_eq!(data("a\u{1b}[31mb\n"), "a\\u{1b}[31mb%0A");
    }

    #[test]
    fn what_would_end_a_property_or_a_line_is_escaped() {
        let finding = Finding {
            rule: "A3",
            text: "",
            level: Level::Error,
            message: "100 %: no,\nreally".to_owned(),
            file: "a,b:c%.tf".to_owned(),
            region: Some(Region {
                line: 2,
                columns: Some((3, 5)),
            }),
            address: None,
        };
        assert_eq!(
            annotation(&finding),
            "::error file=a%2Cb%3Ac%25.tf,line=2,col=3,endColumn=5,title=rule A3::100 %25: no,%0Areally"
        );
    }
}
