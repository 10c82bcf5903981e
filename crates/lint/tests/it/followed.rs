//! What is followed to where it is written: references, functions, policies within texts.

use crate::files::{lint, rows};

#[track_caller]
fn finds(path: &str, text: &str, expected: &[&str]) {
    let report = lint(&[(path, text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

const STATEMENT: &str = r#"{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:us-east-1:111122223333:alias/x"}"#;

#[test]
fn an_alias_in_a_heredoc_is_known_as_one_w1() {
    let policy = |resource: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<-EOF\n    {{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": {resource}}}]}}\n  EOF\n}}\n"
        )
    };
    finds(
        "main.tf",
        &policy("\"${aws_kms_alias.a.arn}\""),
        &["main.tf:3:78 W1"],
    );
    finds(
        "main.tf",
        &policy("[\"${aws_kms_alias.a.arn}\"]"),
        &["main.tf:3:79 W1"],
    );
    finds("main.tf", &policy("\"${aws_kms_key.k.arn}\""), &[]);
    finds("main.tf", &policy("\"${var.x}\""), &[]);
}

#[test]
fn lists_of_locals_both_values_of_a_condition_and_concat_are_followed_w1() {
    let document = |actions: &str, resources: &str| {
        format!(
            "locals {{\n  a = [\"kms:Decrypt\"]\n  r = [\"arn:aws:kms:us-east-1:111122223333:alias/x\"]\n  c = [local.c]\n}}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = {actions}\n    resources = {resources}\n  }}\n}}\n"
        )
    };
    finds(
        "main.tf",
        &document("local.a", "local.r"),
        &["main.tf:3:9 W1"],
    );
    finds(
        "main.tf",
        &document("local.a", "concat(local.r, [])"),
        &["main.tf:3:9 W1"],
    );
    // What is not known may be all keys.
    finds(
        "main.tf",
        &document("local.a", "concat(local.r, var.more)"),
        &[],
    );
    finds("main.tf", &document("local.a", "local.c"), &[]);
    let both = "[var.x ? aws_kms_alias.a.arn : aws_kms_alias.b.arn]";
    finds("main.tf", &document("local.a", both), &["main.tf:9:26 W1"]);
    let one = "[var.x ? aws_kms_alias.a.arn : aws_kms_key.k.arn]";
    finds("main.tf", &document("local.a", one), &[]);
}

#[test]
fn a_policy_is_found_in_a_text_w1() {
    let quoted = format!("{{\"Statement\":[{STATEMENT}]}}").replace('"', "\\\"");
    let json =
        format!(r#"{{"resource": {{"aws_iam_policy": {{"p": {{"policy": "{quoted}"}}}}}}}}"#);
    finds("main.tf.json", &json, &["main.tf.json:1:131 W1"]);
    let hcl = format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = \"{quoted}\"\n}}\n");
    finds("main.tf", &hcl, &["main.tf:2:93 W1"]);
    let template = format!(
        "Resources:\n  R:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyDocument: !Sub |\n        {{\"Statement\":[{STATEMENT}]}}\n"
    );
    finds("t.yaml", &template, &["t.yaml:6:76 W1"]);
    let object = |group: &str, rest: &str| {
        format!(
            "apiVersion: {group}\nkind: Policy\nmetadata: {{name: p}}\nspec:\n  {rest}: |\n    {{\"Statement\":[{STATEMENT}]}}\n"
        )
    };
    finds(
        "a.yaml",
        &object("iam.services.k8s.aws/v1alpha1", "policyDocument"),
        &["a.yaml:6:72 W1"],
    );
    finds(
        "a.yaml",
        &object("iam.aws.upbound.io/v1beta1", "policy"),
        &["a.yaml:6:72 W1"],
    );
    finds("a.yaml", &object("example.org/v1", "policy"), &[]);
}

#[test]
fn the_policy_of_a_key_in_kubernetes_is_one_of_a_key_w12() {
    let key = "apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Key\nmetadata: {name: k}\nspec:\n  policy: '{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{\"ForAnyValue:StringEquals\":{\"kms:ResourceAliases\":\"alias/x\"}}}]}'\n";
    finds("a.yaml", key, &["a.yaml:5:140 W12"]);
}

#[test]
fn an_object_of_a_composition_is_judged_unless_it_is_patched_k5() {
    let composition = |patches: &str| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  resources:\n    - name: a\n{patches}      base:\n        apiVersion: kms.aws.upbound.io/v1beta1\n        kind: Alias\n        spec: {{forProvider: {{targetKeyId: alias/foo}}}}\n"
        )
    };
    finds("a.yaml", &composition(""), &["a.yaml:9:43 K5"]);
    finds(
        "a.yaml",
        &composition("      patches: [{toFieldPath: spec.forProvider.targetKeyId}]\n"),
        &[],
    );
}

#[test]
fn members_of_objects_and_lists_are_followed_a1() {
    let module = |before: &str, attributes: &str| {
        format!("{before}\nresource \"aws_kms_alias\" \"a\" {{\n  {attributes}\n}}\n")
    };
    let default = "variable \"v\" { default = { name = \"b\" } }";
    finds(
        "main.tf",
        &module(default, "name = var.v.name"),
        &["main.tf:1:36 A1"],
    );
    let local = "locals { v = { name = \"b\", list = [\"alias/a\", \"c\"] } }";
    finds(
        "main.tf",
        &module(local, "name = local.v[\"name\"]"),
        &["main.tf:1:24 A1"],
    );
    finds(
        "main.tf",
        &module(local, "name = local.v.list[1]"),
        &["main.tf:1:48 A1"],
    );
    finds("main.tf", &module(local, "name = local.v.list[0]"), &[]);
    finds("main.tf", &module(local, "name = local.v.other"), &[]);
    let list = "variable \"v\" { default = [\"alias/a\", \"b\"] }";
    let each = "for_each = toset(var.v)\n  name = each.value";
    finds("main.tf", &module(list, each), &["main.tf:1:39 A1"]);
    let map = "variable \"v\" { default = { a = { name = \"b\" } } }";
    let each = "for_each = var.v\n  name = each.value.name";
    finds("main.tf", &module(map, each), &["main.tf:1:42 A1"]);
    finds(
        "main.tf",
        &module("", "name = tostring(\"b\")"),
        &["main.tf:3:20 A1"],
    );
    finds(
        "main.tf",
        &module("", "name = trimspace(\" b\")"),
        &["main.tf:3:21 A1"],
    );
    finds(
        "main.tf",
        &module("", "name = aws_kms_alias.b.arn"),
        &["main.tf:3:10 A1"],
    );
    finds("main.tf", &module("", "name = aws_kms_alias.b.name"), &[]);
}

#[test]
fn each_item_of_a_list_that_is_counted_is_judged_a1() {
    let module = |count: &str, name: &str| {
        format!(
            "locals {{ n = [\"alias/one\", \"two\"] }}\nresource \"aws_kms_alias\" \"a\" {{\n  count = {count}\n  name = {name}\n}}\n"
        )
    };
    finds(
        "main.tf",
        &module("length(local.n)", "local.n[count.index]"),
        &["main.tf:1:29 A1"],
    );
    finds(
        "main.tf",
        &module("length(local.n)", "\"alias/${local.n[count.index]}\""),
        &[],
    );
    let element = "element(local.n, count.index)";
    finds(
        "main.tf",
        &module("length(local.n)", element),
        &["main.tf:1:29 A1"],
    );
    finds("main.tf", &module("1", element), &[]);
    let other = "element(local.m, count.index)";
    finds("main.tf", &module("length(local.n)", other), &[]);
    finds("main.tf", &module("1", "local.n[count.index]"), &[]);
    finds(
        "main.tf",
        &module("length(local.m)", "local.n[count.index]"),
        &[],
    );
}

#[test]
fn an_alias_is_no_key_of_a_grant_a_key_policy_or_a_replica_k8() {
    let resource =
        |kind: &str, attribute: &str| format!("resource \"{kind}\" \"r\" {{\n  {attribute}\n}}\n");
    for kind in ["aws_kms_grant", "aws_kms_key_policy"] {
        finds(
            "main.tf",
            &resource(kind, "key_id = \"alias/foo\""),
            &["main.tf:2:13 K8"],
        );
        finds(
            "main.tf",
            &resource(kind, "key_id = aws_kms_alias.a.arn"),
            &["main.tf:2:12 K8"],
        );
        finds(
            "main.tf",
            &resource(kind, "key_id = aws_kms_alias.a.target_key_id"),
            &[],
        );
        finds(
            "main.tf",
            &resource(kind, "key_id = aws_kms_key.k.arn"),
            &[],
        );
    }
    let arn = "arn:aws:kms:us-east-1:111122223333:alias/foo";
    let replica = resource(
        "aws_kms_replica_key",
        &format!("primary_key_arn = \"{arn}\""),
    );
    finds("main.tf", &replica, &["main.tf:2:22 K8"]);
    let template = format!(
        "Resources:\n  K:\n    Type: AWS::KMS::ReplicaKey\n    Properties:\n      PrimaryKeyArn: {arn}\n"
    );
    finds("t.yaml", &template, &["t.yaml:5:22 K8"]);
}

#[test]
fn maps_and_conditions_of_a_template_are_followed() {
    let template = |name: &str| {
        format!(
            "Mappings:\n  M: {{a: {{Name: foo}}}}\nResources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: {name}\n"
        )
    };
    finds(
        "t.yaml",
        &template("!FindInMap [M, a, Name]"),
        &["t.yaml:2:17 A1"],
    );
    finds(
        "t.yaml",
        &template("!FindInMap [M, !Ref AWS::Region, Name]"),
        &[],
    );
    let policy = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - !If\n            - C\n            - Effect: Allow\n              Action: kms:Decrypt\n              Resource: arn:aws:kms:us-east-1:111122223333:alias/x\n            - !Ref AWS::NoValue\n";
    finds("t.yaml", policy, &["t.yaml:11:25 W1"]);
}

#[test]
fn standard_input_may_be_terraform_as_json_or_utf_16_a1() {
    let json = r#"{"resource": {"aws_kms_alias": {"a": {"name": "bad"}}}}"#;
    finds("-", json, &["-:1:48 A1"]);
    let template =
        "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties: {AliasName: bad}\n";
    let units = template.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let report =
        kms_alias_lint::lint_files([("-", &bytes[..])], &kms_alias_lint::Options::default());
    assert_eq!(rows(&report), ["-:4:29 A1"]);
}

#[test]
fn functions_that_choose_among_literals_are_followed_a1() {
    let locals = "locals {\n  names = { a = \"orders\", b = \"alias/b\" }\n}\n";
    for (value, expected) in [
        (
            "lookup(local.names, \"a\", \"alias/x\")",
            vec!["main.tf:2:18 A1"],
        ),
        ("lookup(local.names, \"b\", \"orders\")", vec![]),
        (
            "lookup(local.names, \"c\", \"orders\")",
            vec!["main.tf:5:36 A1"],
        ),
        ("lookup(local.names, var.c, \"orders\")", vec![]),
        (
            "coalesce(null, \"\", \"orders\", \"alias/a\")",
            vec!["main.tf:5:30 A1"],
        ),
        ("coalesce(var.a, \"orders\")", vec![]),
        ("try(\"orders\", \"alias/a\")", vec!["main.tf:5:15 A1"]),
        ("try(local.names.c, \"orders\")", vec![]),
    ] {
        let text = format!("{locals}resource \"aws_kms_alias\" \"a\" {{\n  name = {value}\n}}\n");
        finds("main.tf", &text, &expected);
    }
    let text = "resource \"aws_kms_alias\" \"a\" {\n  for_each = merge({ a = \"orders\", b = \"pay\" }, { a = \"alias/a\" })\n  name     = each.value\n}\n";
    finds("main.tf", text, &["main.tf:2:41 A1"]);
    let unknown = text.replace("{ a = \"alias/a\" }", "var.more");
    finds("main.tf", &unknown, &[]);
}

#[test]
fn an_object_that_is_a_local_is_a_policy_and_merge_puts_objects_together_w1() {
    let alias = "arn:aws:kms:eu-west-1:111122223333:alias/app";
    let locals = format!(
        "locals {{\n  statement = {{ Effect = \"Allow\", Action = [\"kms:Decrypt\"], Resource = \"{alias}\" }}\n  document = {{\n    Version = \"2012-10-17\"\n    Statement = concat([local.statement], var.more)\n  }}\n}}\n"
    );
    for (value, expected) in [
        ("local.document", vec!["main.tf:2:73 W1"]),
        (
            "merge(local.document, { Id = \"x\" })",
            vec!["main.tf:2:73 W1"],
        ),
        ("merge(local.document, { Statement = [] })", vec![]),
        ("merge(local.document, var.more)", vec![]),
        ("var.document", vec![]),
    ] {
        let text = format!(
            "{locals}resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({value})\n}}\n"
        );
        finds("main.tf", &text, &expected);
    }
}

#[test]
fn a_statement_that_is_repeated_is_checked_as_it_is_written_w1() {
    let text = "data \"aws_iam_policy_document\" \"d\" {\n  dynamic \"statement\" {\n    for_each = var.names\n    content {\n      actions   = [\"kms:Decrypt\"]\n      resources = [\"arn:aws:kms:*:*:alias/${statement.value}\"]\n    }\n  }\n  dynamic \"statement\" {\n    for_each = var.more\n    content {\n      actions   = statement.value.actions\n      resources = [\"arn:aws:kms:*:*:alias/a\"]\n    }\n  }\n}\n";
    finds("main.tf", text, &["main.tf:6:21 W1"]);
}

#[test]
fn what_lookup_gives_for_an_empty_default_is_not_known_a1() {
    let of = |before: &str, map: &str| {
        format!(
            "{before}\nresource \"aws_kms_alias\" \"a\" {{\n  name = lookup({map}, \"a\", \"b\")\n}}\n"
        )
    };
    let variable = "variable \"m\" { default = {} }";
    finds("main.tf", &of(variable, "var.m"), &[]);
    let local = "variable \"m\" { default = {} }\nlocals { m = var.m }";
    finds("main.tf", &of(local, "local.m"), &[]);
    let empty = "locals { m = {} }";
    finds("main.tf", &of(empty, "local.m"), &["main.tf:3:32 A1"]);
}

#[test]
fn the_names_of_an_object_of_json_are_templates_too_a1_a3() {
    let of = |name: &str| {
        format!(
            r#"{{"locals": {{"p": "x"}}, "resource": {{"aws_kms_alias": {{"a": {{"for_each": {{"{name}": "b"}}, "name": "alias/${{each.key}}"}}}}}}}}"#
        )
    };
    for right in ["x", "${var.p}", "${local.p}", "a-${local.p}"] {
        finds("main.tf.json", &of(right), &[]);
    }
    let wrong = of("${local.p}.y");
    let column = wrong.find("${local.p}.y").map_or(0, |byte| byte + 1);
    finds(
        "main.tf.json",
        &wrong,
        &[&format!("main.tf.json:1:{column} A3")],
    );
}
