//! What no file may do: panic, overflow the stack, hide the files beside it.

use kms_alias_lint::{Options, PolicyKind, Report, lint_files, lint_policy};
use proptest::prelude::*;

use crate::files::{lint, rows};

#[track_caller]
fn unread(path: &str, text: &str) -> String {
    let report = lint(&[(path, text)]);
    assert_eq!(report.findings, []);
    assert_eq!(report.unread.len(), 1, "{path}");
    report.unread[0].to_string()
}

#[test]
fn deep_nesting_is_told_and_never_followed() {
    let deep = "nested more than 128 levels deep";
    assert!(unread("a.yaml", &("? ".repeat(16_000) + "a")).contains(deep));
    assert!(unread("a.yaml", &"- ".repeat(32_000)).contains(deep));
    assert!(unread("a.yaml", &"[".repeat(100_000)).contains(deep));
    assert!(unread("a.yaml", &"{a: ".repeat(100_000)).contains(deep));
    assert!(unread("a.json", &"[".repeat(100_000)).contains(deep));
    assert!(unread("a.json", &"{\"a\":".repeat(100_000)).contains(deep));
    assert!(unread("a.tf.json", &"{\"a\":".repeat(100_000)).contains(deep));
    let indented: String = (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    assert!(unread("a.yaml", &indented).contains(deep));
}

#[test]
fn deep_expressions_are_told_and_never_followed() {
    let nested = "at most 64 nested levels";
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{ a = ", " }"),
        ("f(", ")"),
        ("\"${", "}\""),
    ] {
        let text = format!("a = {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        assert!(unread("a.tf", &text).contains(nested), "{open}");
    }
    assert!(unread("a.tf", &"a {\n".repeat(20_000)).contains(nested));
    for text in ["!", "-", "a ? b : ", "a + "] {
        unread("a.tf", &format!("a = {}b\n", text.repeat(20_000)));
    }
}

#[test]
fn anchors_that_multiply_are_told() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{below}]\n");
    }
    assert!(unread("a.yaml", &text).contains("anchors and aliases"));
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let report = lint(&[
        ("a.tf", "resource {\n"),
        (
            "b.tf",
            "resource \"aws_kms_alias\" \"a\" {\n  name = \"orders\"\n}\n",
        ),
        ("c.json", "{\"Statement\": ["),
        ("d.yaml", "a: [\n"),
    ]);
    assert_eq!(rows(&report), ["b.tf:2:11 A1"]);
    let unread: Vec<_> = report
        .unread
        .iter()
        .map(|own| (&*own.file, own.place.line))
        .collect();
    assert_eq!(unread, [("a.tf", 1), ("c.json", 1), ("d.yaml", 2)]);
    assert_eq!(report.looked_at, 4);
}

#[test]
fn a_policy_with_comments_is_not_json() {
    let policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"kms:*\",}]}";
    assert!(unread("a.json", policy).starts_with("a.json:1:53: not JSON: "));
}

#[test]
fn bytes_that_are_not_text_are_told_with_their_place() {
    let bytes = b"a = \"\xc3\xa4\"\nb = \"\xff\"\n";
    let report = lint_files([("a.tf", &bytes[..])], &Options::default());
    assert!(
        report.unread[0]
            .to_string()
            .starts_with("a.tf:2:6: not UTF-8 text")
    );
    let image = lint_files([("a.png", &bytes[..])], &Options::default());
    let mut passed = Report::default();
    passed.passed_over.push("a.png".to_owned());
    assert_eq!(image, passed);
}

#[test]
fn utf_16_with_a_mark_is_decoded() {
    let text = "\u{feff}resource \"aws_kms_alias\" \"a\" {\r\n  name = \"örders\"\r\n}\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little.clone(), big] {
        let report = lint_files([("a.tf", &bytes[..])], &Options::default());
        assert_eq!(rows(&report), ["a.tf:2:11 A1"]);
    }
    let odd = lint_files([("a.tf", &little[..little.len() - 1])], &Options::default());
    assert!(odd.unread[0].reason.contains("UTF-16"));
}

#[test]
fn control_characters_are_printed_as_escapes() {
    let text = "resource \"aws_kms_alias\" \"a\" {\n  name = \"alias/\u{1b}[31m\"\n}\n";
    let report = lint(&[("a\u{1b}.tf", text)]);
    assert_eq!(
        report.findings[0].to_string(),
        "a\\u{1b}.tf:2:11: error: `alias/\\u{1b}[31m` is no alias name: expected a letter, a \
         digit, `/`, `_` or `-`, found `\\u{1b}` (rule A3)",
    );
}

#[test]
fn large_files_are_read() {
    let resource = "resource \"aws_kms_alias\" \"a\" { name = \"alias/a.b\" }\n".repeat(8_000);
    let report = lint(&[("a.tf", &resource)]);
    assert_eq!(report.findings.len(), 8_000);
    let one_line = format!("[{}]", vec!["{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"arn:aws:kms:eu-west-1:1:alias/a\"}"; 8_000].join(","));
    let report = lint(&[("a.json", &one_line)]);
    assert_eq!(report.findings.len(), 8_000);
    assert_eq!(report.findings[7_999].place.line, 1);
}

/// Pieces that the readers and rules know, in any order.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "resource \"aws_kms_alias\" \"a\" {",
        "}",
        "\n",
        "\r\n",
        "name = ",
        "\"alias/",
        "\"",
        "${",
        "%{",
        "<<EOT\n",
        "EOT\n",
        "Resources:\n",
        "  A:\n",
        "    Type: AWS::KMS::Alias\n",
        "    Properties:\n",
        "      AliasName: ",
        "!Sub ",
        "!Join ",
        "{\"Statement\": [",
        "{",
        "[",
        "]",
        ",",
        ":",
        "\"Effect\": \"Allow\"",
        "\"Action\": \"kms:*\"",
        "\"Resource\": \"arn:aws:kms:*:*:alias/",
        "\"Condition\": {\"ForAnyValue:StringLike\": {\"kms:ResourceAliases\": \"",
        "*",
        "?",
        "é",
        "🔑",
        "\t",
        "\u{feff}",
        "\u{0}",
        "- ",
        "? ",
        "&a ",
        "*a",
        "---\n",
        "...\n",
        "| \n",
        "> ",
        "'",
        "\\u00",
        "\\",
        "#",
        "/*",
        "apiVersion: kms.services.k8s.aws/v1\nkind: Alias\n",
        "for_each = ",
        "each.value",
        "local.a",
        "locals {",
        "toset([",
        "jsonencode({",
        "}}",
        "(",
        ")",
        "x",
    ];
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_text_is_read_or_told_and_places_lie_in_it(text in text()) {
        for path in ["a.tf", "a.tf.json", "a.json", "a.yaml", "a"] {
            let report = lint(&[(path, &text)]);
            let lines: Vec<&str> = text.split('\n').collect();
            let findings = report.findings.iter().map(|own| (own.place, own.length));
            let unread = report.unread.iter().map(|own| (own.place, 0));
            for (place, length) in findings.chain(unread) {
                prop_assert!(place.line >= 1 && place.column >= 1);
                let line = lines.get(place.line - 1);
                let width = line.map_or(0, |line| line.chars().count());
                prop_assert!(line.is_some(), "line {} of {}", place.line, lines.len());
                prop_assert!(place.column - 1 + length <= width, "{place:?} {length} {width}");
            }
        }
    }

    #[test]
    fn every_bytes_are_read_or_told(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for path in ["a.tf", "a.json", "a.yaml", "a", "a.md"] {
            lint_files([(path, &bytes[..])], &Options::default());
        }
        drop(lint_policy(&bytes, PolicyKind::Key, true));
    }
}

/// CloudFormation takes the later one in silence; `check` refuses such a template too (ours).
#[test]
fn a_template_with_a_key_that_an_object_has_twice_is_not_checked() {
    let template =
        "Resources:\n  Key:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: key\n";
    let words = |place: &str, name: &str, line| {
        format!(
            "a.yaml:{place}: the key `{name}` is a duplicate of the one on line {line}: most readers use the later one \
             and ignore the other without an error; remove one of them, or rename it"
        )
    };
    let property = [template, "      AliasName: alias/key\n"].concat();
    assert_eq!(unread("a.yaml", &property), words("6:7", "AliasName", 5));
    let resource = [template, "  Key: {Type: 'AWS::KMS::Key'}\n"].concat();
    assert_eq!(unread("a.yaml", &resource), words("6:3", "Key", 2));
    let json = "{\"Resources\": {\"K\": {\"Type\": \"AWS::KMS::Key\"},\n\"K\": {\"Type\": \"AWS::KMS::Key\"}}}";
    assert!(unread("a.json", json).starts_with("a.json:2:2: the key `K` is a duplicate"));
    // What a merge key brings is replaced by what is written, and other files are not CloudFormation's.
    let merged = "Resources:\n  A: &a\n    Type: AWS::KMS::Alias\n    Properties: &p {AliasName: alias/a}\n  B:\n    <<: *a\n    \
                  Properties:\n      <<: [*p, {AliasName: alias/c}]\n      AliasName: alias/b\n";
    let kubernetes = "apiVersion: v1\nkind: ConfigMap\nkind: ConfigMap\n";
    for text in [merged, kubernetes] {
        let report = lint_files([("a.yaml", text.as_bytes())], &Options::default());
        assert_eq!((report.unread, report.findings), (vec![], vec![]));
    }
}
