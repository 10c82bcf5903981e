//! SARIF 2.1.0, as far as findings need it.

use std::path::Path;

use serde_json::{Value, json};

use super::{Finding, Level, Region, Unread};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A document of one run.
pub fn document(findings: &[Finding], unread: &[Unread]) -> Value {
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for finding in findings {
        if !rules.iter().any(|(number, _)| *number == finding.rule) {
            rules.push((finding.rule, finding.text));
        }
    }
    let results: Vec<_> = findings.iter().map(|one| result(one, &rules)).collect();
    let rules: Vec<_> = rules
        .iter()
        .map(|(number, text)| json!({"id": number, "shortDescription": {"text": text}}))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "kms-alias",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread.iter().map(notification).collect::<Vec<_>>(),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(finding: &Finding, rules: &[(&str, &str)]) -> Value {
    let index = rules.iter().position(|(number, _)| *number == finding.rule);
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let names = finding.address.iter();
    let logical: Vec<_> = names
        .map(|name| json!({"fullyQualifiedName": name}))
        .collect();
    let location = json!({
        "physicalLocation": physical(&finding.file, finding.region),
        "logicalLocations": logical,
    });
    json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": finding.message},
        "locations": [location],
    })
}

fn physical(file: &str, region: Option<Region>) -> Value {
    let artifact = json!({"uri": uri(file)});
    match region {
        None => json!({"artifactLocation": artifact}),
        Some(Region { line, columns }) => json!({
            "artifactLocation": artifact,
            "region": match columns {
                Some((column, end)) => {
                    json!({"startLine": line, "startColumn": column, "endColumn": end})
                }
                None => json!({"startLine": line}),
            },
        }),
    }
}

fn notification(unread: &Unread) -> Value {
    json!({
        "level": "error",
        "message": {"text": unread.message},
        "locations": [{"physicalLocation": physical(&unread.file, unread.region)}],
    })
}

/// A path as a URI reference: relative to where the program runs, or of the scheme `file`.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if Path::new(path).is_absolute() {
        uri.push_str("file://");
    }
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri_reference() {
        assert_eq!(uri("a b/c:d%é.tf"), "a%20b/c%3Ad%25%C3%A9.tf");
        #[cfg(unix)]
        assert_eq!(uri("/a/b.tf"), "file:///a/b.tf");
    }
}
