//! `aws_iam_policy_document` that brings other documents together, by `sid`.

use crate::files::{lint, rows};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let report = lint(&[("main.tf", text)]);
    assert_eq!(rows(&report), expected, "{text}\n{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

/// A document with one statement, whose name is `one`.
fn one(sid: &str, resource: &str) -> String {
    document("one", "", &statement(sid, "kms:Decrypt", resource))
}

fn document(name: &str, attributes: &str, statements: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{attributes}{statements}}}\n")
}

fn statement(sid: &str, action: &str, resource: &str) -> String {
    format!(
        "  statement {{\n    sid       = \"{sid}\"\n    actions   = [\"{action}\"]\n    resources = [\"{resource}\"]\n  }}\n"
    )
}

const ALIAS: &str = "arn:aws:kms:*:*:alias/a";
const ONE: &str = "data.aws_iam_policy_document.one.json";
const SOURCE: &str = "  source_policy_documents = [data.aws_iam_policy_document.one.json]\n";
const OVERRIDE: &str = "  override_policy_documents = [data.aws_iam_policy_document.one.json]\n";

#[test]
fn a_statement_that_another_replaces_by_its_sid_is_not_judged_w1() {
    let all = |brings: &str, sid: &str, other: &str| {
        let own = statement(sid, "kms:Decrypt", other);
        one("Same", ALIAS) + &document("all", brings, &own)
    };
    // The own statement replaces that of a source, and is replaced by that of an override.
    finds(&all(SOURCE, "Same", "*"), &[]);
    finds(&all(SOURCE, "Other", "*"), &["main.tf:5:19 W1"]);
    finds(&all(OVERRIDE, "Same", "*"), &["main.tf:5:19 W1"]);
    // Without a sid nothing is replaced.
    let text = one("", ALIAS) + &document("all", SOURCE, &statement("", "kms:Decrypt", "*"));
    finds(&text, &["main.tf:5:19 W1"]);
    let replaced =
        one("Same", "*") + &document("all", OVERRIDE, &statement("Same", "kms:Decrypt", ALIAS));
    finds(&replaced, &[]);
}

#[test]
fn a_document_that_is_also_used_alone_is_judged_alone_w1() {
    let text =
        one("Same", ALIAS) + &document("all", SOURCE, &statement("Same", "kms:Decrypt", "*"));
    let used = format!("{text}resource \"aws_iam_policy\" \"p\" {{\n  policy = {ONE}\n}}\n");
    finds(&used, &["main.tf:5:19 W1"]);
    // In both it is one finding.
    let text = one("Same", ALIAS) + &document("all", SOURCE, &statement("Own", "kms:Decrypt", "*"));
    let used = format!("{text}resource \"aws_iam_policy\" \"p\" {{\n  policy = {ONE}\n}}\n");
    finds(&used, &["main.tf:5:19 W1"]);
}

#[test]
fn a_source_is_of_the_kind_of_what_it_goes_into_w12() {
    let condition = "  statement {\n    actions   = [\"kms:Decrypt\"]\n    resources = [\"*\"]\n    condition {\n      test     = \"ForAnyValue:StringEquals\"\n      variable = \"kms:ResourceAliases\"\n      values   = [\"alias/a\"]\n    }\n  }\n";
    let text = document("one", "", condition) + &document("all", SOURCE, "");
    let key = |policy: &str| {
        format!("{text}resource \"aws_kms_key\" \"k\" {{\n  policy = {policy}\n}}\n")
    };
    let all = "data.aws_iam_policy_document.all.json";
    finds(&text, &[]);
    finds(&key(all), &["main.tf:7:19 W12"]);
    finds(
        &key(&format!("var.on ? {all} : null")),
        &["main.tf:7:19 W12"],
    );
    finds(&key("data.aws_iam_policy_document.other.json"), &[]);
}

#[test]
fn a_source_may_give_the_alias_half_w8() {
    let conditional = "  statement {\n    actions   = [\"kms:UpdateAlias\"]\n    resources = [\"*\"]\n    condition {\n      test     = \"ForAnyValue:StringEquals\"\n      variable = \"kms:ResourceAliases\"\n      values   = [\"alias/x\"]\n    }\n  }\n";
    let all = |action: &str| {
        document("one", "", &statement("", action, ALIAS)) + &document("all", SOURCE, conditional)
    };
    finds(&all("kms:UpdateAlias"), &[]);
    finds(&all("kms:DeleteAlias"), &["main.tf:11:19 W8"]);
}

#[test]
fn sources_of_any_form_are_read_w1() {
    let json = format!(
        "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": \"{ALIAS}\"}}]}}"
    );
    let all = |documents: &str, locals: &str| {
        document(
            "all",
            &format!("  source_policy_documents = {documents}\n"),
            "",
        ) + locals
    };
    let encoded = format!(
        "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"kms:Decrypt\", Resource = \"{ALIAS}\" }}] }})"
    );
    finds(&all(&format!("[{encoded}]"), ""), &["main.tf:2:112 W1"]);
    finds(
        &all("[local.d]", &format!("locals {{\n  d = {encoded}\n}}\n")),
        &["main.tf:5:89 W1"],
    );
    finds(
        &all(
            "local.all",
            &format!("locals {{\n  all = [<<EOT\n{json}\nEOT\n  ]\n}}\n"),
        ),
        &["main.tf:6:74 W1"],
    );
    let two = format!(
        "{}data \"aws_iam_policy_document\" \"two\" {{\n  count = 2\n{}}}\n",
        one("", "*"),
        statement("", "kms:Decrypt", ALIAS)
    );
    finds(
        &(two.clone()
            + &all(
                &format!("concat([{ONE}], data.aws_iam_policy_document.two[*].json)"),
                "",
            )),
        &["main.tf:13:19 W1"],
    );
    // What is not known hides nothing.
    finds(
        &(two
            + &all(
                "concat(var.more, [data.aws_iam_policy_document.two[0].json])",
                "",
            )),
        &["main.tf:13:19 W1"],
    );
    finds(&all("var.more", ""), &[]);
    // A document that is brought in at times is judged alone.
    let at_times = all(&format!("var.on ? [{ONE}] : []"), &one("", ALIAS));
    finds(&at_times, &["main.tf:8:19 W1"]);
}

#[test]
fn documents_that_bring_each_other_end() {
    let brings = |name: &str| {
        format!("  source_policy_documents = [data.aws_iam_policy_document.{name}.json]\n")
    };
    let text = document("a", &brings("b"), "") + &document("b", &brings("a"), "");
    finds(&text, &[]);
    let many: String = (0..30)
        .map(|at| {
            let next = format!("data.aws_iam_policy_document.d{}.json", at + 1);
            let list = vec![next; 40].join(", ");
            document(
                &format!("d{at}"),
                &format!("  source_policy_documents = [{list}]\n"),
                "",
            )
        })
        .collect();
    finds(&many, &[]);
}
