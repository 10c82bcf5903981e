//! Bytes as files of every kind that the linter reads, and policies that the bytes choose.

use kms_alias_lint::{
    Finding, LintRule, Options, Place, PolicyKind, PolicyRule, lint_files, lint_policy,
};
use kms_alias_testing::half_known::Choices;
use serde_json::{Value, json};

use super::verdict::Bytes;

const KINDS: [PolicyKind; 4] = [
    PolicyKind::Key,
    PolicyKind::Identity,
    PolicyKind::Scp,
    PolicyKind::Rcp,
];
const PATHS: [&str; 6] = [
    "main.tf",
    "main.tf.json",
    "template.json",
    "template.yaml",
    "-",
    "manifest.json",
];

/// What the linter finds in bytes stands in them; in a policy of few parts rule W1 is told of each
/// alias ARN that stands where a key is meant, and of nothing else.
pub fn lint(data: &[u8]) {
    let text = decoded(data);
    let mut options = Options::default();
    options.complete = data.len().is_multiple_of(2);
    for path in PATHS {
        let report = lint_files([(path, data)], &options);
        assert!(report.unread.len() <= 1, "one file: {report:?}");
        for finding in &report.findings {
            assert_eq!(finding.file, path);
            stands_in(finding, text.as_deref());
        }
        for unread in &report.unread {
            assert!(!unread.reason.chars().any(char::is_control), "{unread:?}");
        }
    }
    for kind in KINDS {
        for finding in lint_policy(data, kind, options.complete).unwrap_or_default() {
            stands_in(&finding, text.as_deref());
        }
    }
    Policy::chosen(&mut Bytes(data)).check();
}

/// The text of bytes in UTF-8, or in UTF-16 with a byte-order mark.
fn decoded(data: &[u8]) -> Option<String> {
    let utf_16 = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = data[2..]
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units)
            .ok()
            .filter(|_| data.len().is_multiple_of(2))
    };
    match data {
        [0xFF, 0xFE, ..] => utf_16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => utf_16(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(data.to_vec()).ok(),
    }
}

/// A finding begins and ends on a line of the text.
fn stands_in(finding: &Finding, text: Option<&str>) {
    let text = text.expect("what is not text has no findings");
    let Place { line, column } = finding.place;
    let of_line = line
        .checked_sub(1)
        .and_then(|line| text.split('\n').nth(line));
    let of_line = of_line.unwrap_or_else(|| panic!("no such line: {finding:?}"));
    let width = of_line.chars().filter(|it| *it != '\r').count();
    let begins = column.checked_sub(1).expect("columns count from 1");
    assert!(
        begins + finding.length <= width,
        "beyond {of_line:?}: {finding:?}"
    );
    assert!(
        !finding.message.chars().any(char::is_control),
        "{finding:?}"
    );
}

const ON_KEYS: [&str; 4] = ["kms:Decrypt", "kms:Encrypt", "kms:Sign", "kms:EnableKey"];
const ALIAS: &str = "arn:aws:kms:eu-west-3:111122223333:alias/app";
const OTHER_ALIAS: &str = "arn:aws:kms:*:111122223333:alias/*";
const KEY: &str = "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// Covers no key beside an alias of another account.
const OTHER_KEYS: &str = "arn:aws:kms:us-east-1:444455556666:key/*";
const RESOURCES: [&str; 5] = [ALIAS, OTHER_ALIAS, KEY, OTHER_KEYS, "*"];

/// A policy of one statement.
struct Policy {
    kind: PolicyKind,
    effect: &'static str,
    actions: Vec<&'static str>,
    resources: Vec<&'static str>,
    condition: Option<Value>,
    /// Whether one action and one resource stand without a list.
    is_bare: bool,
    is_pretty: bool,
}

impl Policy {
    fn chosen(bytes: &mut Bytes<'_>) -> Self {
        let some = |from: &[&'static str], bytes: &mut Bytes<'_>| {
            let mut chosen: Vec<&str> = Vec::new();
            for _ in 0..1 + bytes.below(3) {
                let next = from[bytes.below(from.len())];
                if !chosen.contains(&next) {
                    chosen.push(next);
                }
            }
            chosen
        };
        Self {
            kind: KINDS[bytes.below(4)],
            effect: ["Allow", "Deny"][bytes.below(2)],
            actions: some(&ON_KEYS, bytes),
            resources: some(&RESOURCES, bytes),
            condition: match bytes.below(4) {
                0 => Some(json!({"StringEquals": {"kms:RequestAlias": "alias/app"}})),
                1 => Some(json!({"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/app*"}})),
                _ => None,
            },
            is_bare: bytes.below(2) == 0,
            is_pretty: bytes.below(2) == 0,
        }
    }

    fn text(&self) -> String {
        let list = |own: &[&str]| match own {
            [only] if self.is_bare => json!(only),
            own => json!(own),
        };
        let mut statement = json!({"Effect": self.effect, "Action": list(&self.actions),
            "Resource": list(&self.resources)});
        if let Some(condition) = &self.condition {
            statement["Condition"] = condition.clone();
        }
        if self.kind == PolicyKind::Key {
            statement["Principal"] = json!({"AWS": "arn:aws:iam::111122223333:root"});
        }
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        if self.is_pretty {
            format!("{policy:#}")
        } else {
            policy.to_string()
        }
    }

    /// The alias ARNs of which rule W1 is to be told: all, for every action is one on keys; none
    /// where `*` stands beside them.
    fn wrong(&self) -> Vec<&'static str> {
        if self.resources.contains(&"*") {
            return Vec::new();
        }
        let each = self.resources.iter().copied();
        each.filter(|own| own.contains(":alias/")).collect()
    }

    fn check(&self) {
        let text = self.text();
        let findings = lint_policy(text.as_bytes(), self.kind, false);
        let findings = findings.unwrap_or_else(|error| panic!("{error}: {text}"));
        let mut told = Vec::new();
        for finding in &findings {
            stands_in(finding, Some(&text));
            if finding.rule == LintRule::Policy(PolicyRule::W1) {
                told.push(marked(&text, finding));
            }
        }
        let mut wrong = self.wrong();
        told.sort_unstable();
        wrong.sort_unstable();
        assert_eq!(told, wrong, "{text}");
    }
}

/// What a finding marks in a text of ASCII.
fn marked<'t>(text: &'t str, finding: &Finding) -> &'t str {
    let line = text.lines().nth(finding.place.line - 1).expect("the line");
    let begins = finding.place.column - 1;
    &line[begins..begins + finding.length]
}
