//! Loops of Terraform over what stands in the module: `for` expressions and `dynamic` blocks.

use crate::files::{lint, rows};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let report = lint(&[("main.tf", text)]);
    assert_eq!(rows(&report), expected, "{text}\n{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

/// An alias below a local, with these attributes.
#[track_caller]
fn alias(attributes: &str, expected: &[&str]) {
    let locals = "locals {\nnames = [\"orders\", \"pay.ments\"]\nmap = { a = { name = \"alias/a\" }, b = { name = \"b\" } }\n}";
    let text = format!("{locals}\nresource \"aws_kms_alias\" \"a\" {{\n{attributes}\n}}\n");
    finds(&text, expected);
}

const LOCALS: &str = "locals { names = [\"orders\", \"pay.ments\"] }";

#[test]
fn names_that_a_loop_makes_of_a_literal_list_are_judged_a1_a3() {
    // A wrong item is told where it stands, a wrong text around it there.
    alias(
        "for_each = toset([for n in [\"orders\", \"pay.ments\"] : \"alias/${n}\"])\nname = each.value",
        &["main.tf:6:40 A3"],
    );
    alias(
        "for_each = toset([for n in [\"orders\", \"pay\"] : \"alias/${n}.x\"])\nname = each.key",
        &["main.tf:6:49 A3"],
    );
    alias(
        "for_each = { for n in [\"orders\", \"pay\"] : n => \"app-${n}\" }\nname = each.value",
        &["main.tf:6:49 A1"],
    );
    alias(
        "for_each = { for i, n in [\"a\", \"b c\"] : \"${i}\" => n }\nname = \"alias/${each.key}-${each.value}\"",
        &["main.tf:6:33 A3"],
    );
    alias(
        "for_each = toset(flatten([for a in [\"x\"] : [for b in [\"y\", \"z.\"] : \"${a}-${b}\"]]))\nname = \"alias/${each.key}\"",
        &["main.tf:6:61 A3"],
    );
    alias(
        "for_each = toset([for n in [\"orders\", \"pay\"] : \"alias/${n}\"])\nname = each.value",
        &[],
    );
}

#[test]
fn loops_over_locals_are_followed_a1() {
    alias(
        "for_each = toset([for n in local.names : \"alias/${n}\"])\nname = each.value",
        &["main.tf:2:21 A3"],
    );
    alias(
        "for_each = { for k, v in local.map : k => v.name }\nname = each.value",
        &["main.tf:3:49 A1"],
    );
    alias(
        "for_each = toset(keys(local.map))\nname = local.map[each.key].name",
        &["main.tf:3:49 A1"],
    );
    alias(
        "for_each = toset([for n in [\"a\", \"b\"] : local.map[n].name])\nname = each.value",
        &["main.tf:3:49 A1"],
    );
    alias(
        "name = join(\"/\", [for n in [\"alias\", \"x y\"] : n])",
        &["main.tf:6:39 A3"],
    );
    alias(
        "for_each = merge([for n in [\"x\", \"y\"] : { for k, v in local.map : \"${n}${k}\" => v.name }]...)\nname = each.value",
        &["main.tf:3:49 A1"],
    );
    alias("name = local.other[0]", &[]);
}

#[test]
fn loops_that_a_run_decides_are_not_judged() {
    for value in [
        "toset([for n in var.names : \"app-${n}\"])",
        "toset([for n in [\"a\", \"b\"] : n if n != var.x])",
        "{ for n in [\"a\", \"b\"] : n => n... }",
        "toset([for n in [\"a\", \"b\"] : uuidv5(\"dns\", n)])",
        "toset([for n in setproduct([\"a\"], var.x) : n[0]])",
        "{ for n in [\"a\", \"b\"] : var.x => n }",
        "toset([for n in data.aws_regions.r.names : n])",
    ] {
        alias(&format!("for_each = {value}\nname = each.value"), &[]);
    }
}

#[test]
fn a_loop_may_give_the_policy_and_its_parts_w1() {
    let policy = |statements: &str| {
        format!(
            "{LOCALS}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = {statements}\n  }})\n}}\n"
        )
    };
    let statement = "{ Effect = \"Allow\", Action = [\"kms:Decrypt\"], Resource = \"arn:aws:kms:*:*:alias/${n}\" }";
    // Two turns at one place are one finding.
    finds(
        &policy(&format!("[for n in [\"a\", \"b\"] : {statement}]")),
        &["main.tf:5:98 W1"],
    );
    finds(
        &policy(&format!(
            "concat([for n in local.names : {statement}], var.more)"
        )),
        &["main.tf:5:106 W1"],
    );
    finds(&policy(&format!("[for n in var.names : {statement}]")), &[]);
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"kms:Decrypt\"]\n    resources = [for n in [\"a\", \"b\"] : \"arn:aws:kms:*:*:alias/${n}\"]\n  }\n}\n";
    finds(document, &["main.tf:4:41 W1"]);
}

#[test]
fn the_turns_of_a_dynamic_block_over_a_literal_list_are_judged_w1_w10() {
    let document = |for_each: &str| {
        format!(
            "{LOCALS}\ndata \"aws_iam_policy_document\" \"d\" {{\n  dynamic \"statement\" {{\n    for_each = {for_each}\n    iterator = it\n    content {{\n      actions   = [\"kms:Decrypt\"]\n      resources = [\"*\"]\n      condition {{\n        test     = \"ForAnyValue:StringEquals\"\n        variable = \"kms:ResourceAliases\"\n        values   = [it.value]\n      }}\n    }}\n  }}\n}}\n"
        )
    };
    finds(&document("[\"alias/a\", \"b\"]"), &["main.tf:4:29 W10"]);
    finds(&document("toset([\"alias/a\"])"), &[]);
    finds(&document("{ x = \"b\" }"), &["main.tf:4:23 W10"]);
    finds(
        &document("local.names"),
        &["main.tf:1:20 W10", "main.tf:1:30 W10"],
    );
    finds(&document("var.names"), &[]);
    finds(&document("var.on ? [\"b\"] : []"), &[]);
}

#[test]
fn a_condition_that_may_be_there_is_judged_as_far_as_it_stands_alone_w4_w6_w8_w10() {
    let document = |test: &str, values: &str, others: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"kms:UpdateAlias\"]\n    resources = [\"arn:aws:kms:*:*:alias/x\"]\n{others}    dynamic \"condition\" {{\n      for_each = var.on ? [1] : []\n      content {{\n        test     = \"{test}\"\n        variable = \"kms:ResourceAliases\"\n        values   = [{values}]\n      }}\n    }}\n  }}\n}}\n"
        )
    };
    finds(
        &document("StringLike", "\"alias/x*\"", ""),
        &["main.tf:9:21 W4"],
    );
    finds(
        &document("ForAnyValue:StringLike", "\"x\"", ""),
        &["main.tf:10:22 W10"],
    );
    // Whether the statement applies, the other turns decide.
    finds(&document("ForAnyValue:StringLike", "\"alias/x\"", ""), &[]);
    finds(&document("ForAllValues:StringLike", "\"alias/x\"", ""), &[]);
    finds(
        &document("ForAllValues:StringLike", "condition.value", ""),
        &[],
    );
    // A condition beside it that is never true is never true.
    let beside = "    condition {\n      test     = \"ForAnyValue:StringEquals\"\n      variable = \"kms:ResourceAliases\"\n      values   = [\"alias/x\"]\n    }\n";
    finds(
        &document("StringLike", "\"alias/x*\"", beside),
        &["main.tf:7:19 W8", "main.tf:14:21 W4"],
    );
}

#[test]
fn loops_and_dynamic_blocks_are_read_in_json_too_a1_w10() {
    let text = r#"{"resource": {"aws_kms_alias": {"a": {
"for_each": "${toset([for n in [\"a\", \"b\"] : \"app-${n}\"])}",
"name": "${each.key}"}}},
"data": {"aws_iam_policy_document": {"d": {"dynamic": {"statement": {"for_each": ["a", "alias/b"], "content": {
"actions": ["kms:Decrypt"], "resources": ["*"],
"condition": {"test": "ForAnyValue:StringEquals", "variable": "kms:ResourceAliases", "values": ["${statement.value}"]}}}}}}}}
"#;
    let report = lint(&[("main.tf.json", text)]);
    assert_eq!(
        rows(&report),
        ["main.tf.json:2:14 A1", "main.tf.json:4:84 W10"]
    );
}

#[test]
fn loops_that_multiply_are_given_up() {
    let items = vec!["\"a\""; 60].join(", ");
    let mut body = String::from("\"alias/x.y\"");
    for level in 0..8 {
        body = format!("[for v{level} in [{items}] : {body}]");
    }
    finds(
        &format!(
            "resource \"aws_kms_alias\" \"a\" {{\n  for_each = toset(flatten({body}))\n  name = each.value\n  target_key_id = \"alias/x\"\n}}\n"
        ),
        &["main.tf:4:20 K5"],
    );
    let locals: String = (0..40)
        .map(|level| {
            format!(
                "  l{level} = [for x in local.l{} : [x, local.l{0}]]\n",
                level + 1
            )
        })
        .collect();
    finds(
        &format!(
            "locals {{\n{locals}  l40 = local.l0\n}}\nresource \"aws_kms_alias\" \"a\" {{\n  for_each = toset(local.l0)\n  name = \"x\"\n}}\n"
        ),
        &["main.tf:46:11 A1"],
    );
}
