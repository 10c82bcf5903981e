//! Files that stand for more than a machine can hold, or lead back to themselves: each ends, soon.

use std::time::{Duration, Instant};

use crate::files::{lint, rows};

/// Whatever the machine and the build, a lint that does not multiply ends long before.
const SOON: Duration = Duration::from_secs(60);

#[track_caller]
fn finds_soon(path: &str, text: &str, expected: &[&str]) {
    let start = Instant::now();
    let report = lint(&[(path, text)]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(rows(&report), expected);
}

#[test]
fn a_mapping_that_refers_to_itself_ends() {
    finds_soon(
        "t.yaml",
        "Mappings: {M: {a: {b: !FindInMap [M, a, b]}}}\nResources:\n  A:\n    Type: AWS::KMS::Alias\n    \
         Properties: {AliasName: !FindInMap [M, a, b], TargetKeyId: alias/x}\n",
        &["t.yaml:5:64 K5"],
    );
}

/// Locals of which each names the next one so many times; the last is the end.
fn locals(separator: &str, open: &str, close: &str, reference: &str, end: &str) -> String {
    let name = |level: usize| format!("l{level}");
    let level = |level: usize| {
        let below = vec![reference.replace('@', &name(level + 1)); 60].join(separator);
        format!("  {} = {open}{below}{close}\n", name(level))
    };
    let levels: String = (0..12).map(level).collect();
    format!("locals {{\n{levels}  l12 = {end}\n}}\n")
}

#[test]
fn locals_that_multiply_are_followed_no_further_than_a_name_can_be() {
    let text = locals("", "\"", "\"", "${local.@}", "\"a\"");
    let alias =
        "resource \"aws_kms_alias\" \"a\" {\n  name = local.l0\n  target_key_id = \"alias/x\"\n}\n";
    finds_soon("main.tf", &(text + alias), &["main.tf:18:20 K5"]);
    let policy = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", \
        Statement = [{ Effect = \"Allow\", Resource = \"alias/x\", Action = local.l0 }] })\n}\n";
    for (open, close) in [("[", "]"), ("concat(", ")")] {
        let text = locals(", ", open, close, "local.@", "[\"kms:Decrypt\"]");
        finds_soon("main.tf", &(text + policy), &["main.tf:17:94 W3"]);
    }
}

#[test]
fn conditions_that_name_each_other_are_followed_once_each() {
    let conditions: String = (0..500)
        .map(|at| {
            let next = at + 1;
            format!("  C{at}: !And [{{Condition: C{next}}}, !Equals [!Ref P{at}, x]]\n")
        })
        .collect();
    let resources: String = (0..500)
        .map(|at| {
            format!("  R{at}: {{Type: 'AWS::KMS::Alias', Condition: C{at}, Properties: {{AliasName: alias/a}}}}\n")
        })
        .collect();
    let text = format!("Conditions:\n{conditions}Resources:\n{resources}");
    finds_soon("t.yaml", &text, &[]);
}

#[test]
fn placeholders_that_never_close_are_read_once() {
    let open = "{{ <% $( @@ ".repeat(20_000);
    let text = format!("resource \"aws_kms_alias\" \"a\" {{\n  name = \"alias/{open}\"\n}}\n");
    finds_soon("main.tf", &text, &["main.tf:2:11 A3"]);
}

#[test]
fn brackets_of_many_lines_that_close_too_soon_are_given_up_or_read() {
    let shallow = |lines: usize| {
        let tags: String = (0..lines).map(|at| format!("    k{at}: v,\n")).collect();
        format!(
            "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n        Tags: {{\n{tags}    }}\n        AliasName: orders\n"
        )
    };
    finds_soon("t.yaml", &shallow(300), &["t.yaml:307:20 A1"]);
    finds_soon("t.yaml", &shallow(20_000), &[]);
}

#[test]
fn a_long_chain_of_locals_that_decides_on_many_blocks_is_followed_once() {
    let chain: String = (0..20_000)
        .map(|index| format!("  l{index} = local.l{}\n", index + 1))
        .collect();
    let alias = |index| {
        format!(
            "resource \"aws_kms_alias\" \"a{index}\" {{\n  count = local.l0\n  name = var.n\n}}\n"
        )
    };
    let aliases: String = (0..6000).map(alias).collect();
    let text = format!(
        "variable \"n\" {{\n  default = \"none\"\n}}\nlocals {{\n{chain}  l20000 = var.n == \"none\" ? 0 : 1\n}}\n{aliases}"
    );
    finds_soon("main.tf", &text, &[]);
}

#[test]
fn an_object_with_more_keys_than_are_read_is_told() {
    let file = |keys: usize| {
        let keys: String = (0..keys).map(|at| format!("    k{at} = \"v\"\n")).collect();
        format!(
            "locals {{\n  x = {{\n{keys}  }}\n}}\nresource \"aws_kms_alias\" \"a\" {{\n  name = \"b\"\n}}\n"
        )
    };
    let start = Instant::now();
    let report = lint(&[("main.tf", &file(200_000)), ("z.tf", &file(10))]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(rows(&report), ["z.tf:16:11 A1"]);
    assert_eq!(
        report.unread[0].to_string(),
        "main.tf:2:7: an object with more than 10000 keys is not read, so the file is not checked"
    );
    let json = format!(
        "{{\"locals\": {{\"x\": \"${{{{{}}}}}\"}}}}",
        (0..200_000)
            .map(|at| format!("k{at}=1,"))
            .collect::<String>()
    );
    finds_soon("main.tf.json", &json, &[]);
}
