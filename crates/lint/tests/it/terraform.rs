//! Terraform and OpenTofu: which values are read, which references are followed, where a finding
//! stands.

use crate::files::{lint, rows};

#[track_caller]
fn finds(path: &str, text: &str, expected: &[&str]) {
    let report = lint(&[(path, text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

#[track_caller]
fn alias(attributes: &str, expected: &[&str]) {
    finds(
        "main.tf",
        &format!("resource \"aws_kms_alias\" \"a\" {{\n{attributes}\n}}\n"),
        expected,
    );
}

#[test]
fn a_name_that_is_known_in_part_is_wrong_only_if_every_completion_is() {
    alias("name = \"alias/${var.x}.y\"", &["main.tf:2:9 A3"]);
    alias("name = \"app-${var.x}\"", &["main.tf:2:9 A1"]);
    alias("name = \"${var.x}/pay.ments\"", &["main.tf:2:9 A3"]);
    alias("name = \"alias/aws/${var.x}\"", &["main.tf:2:9 A4"]);
    alias("name = \"alias/${var.x}\"", &[]);
    alias("name = \"ali${var.x}\"", &[]);
    alias("name = \"a${var.x}ias/app\"", &[]);
    alias("name = \"${var.x}\"", &[]);
    alias("name = var.x", &[]);
    alias(
        "name = \"%{ if var.x }alias/a%{ else }alias/b%{ endif }\"",
        &[],
    );
}

#[test]
fn the_length_of_a_name_counts_without_its_holes() {
    let long = "n".repeat(250);
    alias(&format!("name = \"alias/{long}\""), &[]);
    alias(&format!("name = \"alias/${{var.x}}{long}\""), &[]);
    alias(
        &format!("name = \"alias/${{var.x}}{long}n\""),
        &["main.tf:2:9 A2"],
    );
    alias("name = \"\"", &["main.tf:2:9 A2"]);
    alias("name = \"alias/\"", &["main.tf:2:9 A2"]);
}

#[test]
fn a_prefix_leaves_room_for_what_terraform_adds() {
    alias("name_prefix = \"alias/\"", &[]);
    alias("name_prefix = \"\"", &[]);
    alias("name_prefix = \"app-\"", &["main.tf:2:16 A1"]);
    alias("name_prefix = \"alias/aws/\"", &["main.tf:2:16 A4"]);
    alias(&format!("name_prefix = \"alias/{}\"", "n".repeat(224)), &[]);
    alias(
        &format!("name_prefix = \"alias/{}\"", "n".repeat(225)),
        &["main.tf:2:16 A2"],
    );
}

#[test]
fn a_heredoc_stands_on_the_line_below() {
    // The line end is part of the text.
    alias("name = <<EOT\nalias/app\nEOT", &["main.tf:3:1 A3"]);
    alias("name = <<-EOT\n    app\n    EOT", &["main.tf:3:5 A1"]);
}

#[test]
fn literals_are_followed_through_locals_defaults_and_conditions() {
    finds(
        "main.tf",
        "locals {\n  name = \"orders\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = local.name\n}\n",
        &["main.tf:2:11 A1"],
    );
    finds(
        "main.tf",
        "variable \"name\" {\n  default = \"alias/a b\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = var.name\n}\n",
        &["main.tf:2:14 A3"],
    );
    finds(
        "main.tf",
        "variable \"name\" {\n  default = \"\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = var.name\n}\n",
        &[],
    );
    alias(
        "name = var.on ? \"alias/a\" : \"orders\"",
        &["main.tf:2:30 A1"],
    );
    alias(
        "name = join(\"/\", [\"alias\", var.x, \"a.b\"])",
        &["main.tf:2:36 A3"],
    );
    alias("name = format(\"alias/%s/%s\", var.x, \"a\")", &[]);
    alias("name = format(\"%s:x\", var.x)", &["main.tf:2:16 A3"]);
    alias("name = format(\"alias/%03d\", 4)", &[]);
    alias("name = lower(\"ORDERS\")", &["main.tf:2:15 A1"]);
    alias("name = null", &[]);
}

#[test]
fn locals_that_refer_to_each_other_end() {
    finds(
        "main.tf",
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = local.a\n}\n",
        &[],
    );
}

#[test]
fn each_value_of_a_literal_map_is_judged() {
    alias(
        "for_each = { a = { name = \"alias/a.b\" } }\nname = each.value.name",
        &["main.tf:2:28 A3"],
    );
    alias(
        "for_each = { a = { name = \"alias/a.b\" } }\nname = each.value[\"name\"]",
        &["main.tf:2:28 A3"],
    );
    alias(
        "for_each = { \"a.b\" = 1 }\nname = \"alias/${each.key}\"",
        &["main.tf:2:15 A3"],
    );
    alias("for_each = var.x\nname = \"alias/${each.key}\"", &[]);
    alias("for_each = toset(var.x)\nname = each.value", &[]);
}

#[test]
fn a_target_is_a_key_and_never_an_alias() {
    alias("target_key_id = \"alias/app\"", &["main.tf:2:18 K5"]);
    alias(
        "target_key_id = \"1234ABCD-12ab-34cd-56ef-1234567890ab\"",
        &["main.tf:2:18 K1"],
    );
    alias("target_key_id = \"\"", &["main.tf:2:18 K1"]);
    alias(
        "target_key_id = \"arn:aws:s3:::bucket\"",
        &["main.tf:2:18 K3"],
    );
    alias(
        "target_key_id = \"arn:aws:kms:${var.r}:${var.a}:alias/app\"",
        &["main.tf:2:18 K5"],
    );
    alias(
        "target_key_id = \"arn:aws:kms:${var.r}:12:key/${var.k}\"",
        &["main.tf:2:18 K3"],
    );
    alias("target_key_id = \"key/${var.k}\"", &["main.tf:2:18 K1"]);
    alias(
        "target_key_id = \"arn:aws:kms:${var.r}:${var.a}:key/${var.k}\"",
        &[],
    );
    alias("target_key_id = \"${var.arn}/mrk-${var.k}\"", &[]);
    alias(
        "target_key_id = aws_kms_alias.b[\"x\"].arn",
        &["main.tf:2:17 K5"],
    );
    alias(
        "target_key_id = aws_kms_alias.b[0].name",
        &["main.tf:2:17 K5"],
    );
    alias(
        "target_key_id = \"${awscc_kms_alias.b.alias_name}\"",
        &["main.tf:2:20 K5"],
    );
    alias("target_key_id = data.aws_kms_alias.b.target_key_arn", &[]);
    alias("target_key_id = module.aws_kms_alias.arn", &[]);
}

/// Upper case is told where it is the key ID's alone: elsewhere it is another fault.
#[test]
fn a_key_id_in_upper_case_is_told_as_such_k1() {
    let arn = "arn:aws:kms:eu-west-1:210987654321";
    let key_id = "5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6";
    let upper = key_id.to_ascii_uppercase();
    for (target, rule, is_told) in [
        (upper.clone(), "K1", true),
        (format!("{arn}:key/{upper}"), "K1", true),
        (format!("{arn}:KEY/{key_id}"), "K3", false),
        (
            format!("arn:aws:kms:EU-WEST-1:210987654321:key/{key_id}"),
            "K4",
            false,
        ),
        (
            format!("arn:aws:kms:EU-WEST-1:210987654321:key/{upper}"),
            "K4",
            false,
        ),
        (
            format!("ARN:aws:kms:eu-west-1:210987654321:key/{key_id}"),
            "K1",
            false,
        ),
    ] {
        let text =
            format!("resource \"aws_kms_alias\" \"a\" {{\ntarget_key_id = \"{target}\"\n}}\n");
        let report = lint(&[("main.tf", &text)]);
        let [finding] = &report.findings[..] else {
            panic!("{target}: {report:?}");
        };
        let said = finding.message.contains("with upper-case digits");
        assert_eq!((finding.rule.number(), said), (rule, is_told), "{target}");
    }
}

#[test]
fn a_region_counts_only_where_it_is_literal() {
    let resource = |more: &str| {
        format!(
            "resource \"aws_kms_alias\" \"a\" {{\n{more}  target_key_id = \"arn:aws:kms:us-east-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6\"\n}}\n"
        )
    };
    let west = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    finds(
        "main.tf",
        &format!("{west}{}", resource("")),
        &["main.tf:5:20 T2"],
    );
    finds(
        "main.tf",
        &format!("{west}{}", resource("  region = var.region\n")),
        &[],
    );
    finds(
        "main.tf",
        &format!("{west}{}", resource("  provider = aws.other\n")),
        &[],
    );
    finds(
        "main.tf",
        &format!("{west}{}", resource("  provider = \"aws\"\n")),
        &["main.tf:6:20 T2"],
    );
    let open = "provider \"aws\" {\n  region = var.region\n}\n";
    finds("main.tf", &format!("{open}{}", resource("")), &[]);
    let partly = "resource \"aws_kms_alias\" \"a\" {\n  region = \"eu-west-1\"\n  target_key_id = \"arn:aws:kms:us-east-1:${var.account}:key/${var.key}\"\n}\n";
    finds("main.tf", partly, &["main.tf:3:20 T2"]);
}

#[test]
fn files_of_a_folder_are_one_module_and_folders_are_apart() {
    let provider = "provider \"aws\" {\n  region = \"eu-north-1\"\n}\n";
    let alias = "resource \"aws_kms_alias\" \"a\" {\n  target_key_id = \"arn:aws:kms:eu-west-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6\"\n}\n";
    let report = lint(&[
        ("a/main.tf", alias),
        ("a/z.tofu", provider),
        ("b/main.tf", alias),
    ]);
    assert_eq!(rows(&report), ["a/main.tf:2:20 T2"]);
    assert_eq!(report.looked_at, 3);
}

#[test]
fn a_literal_of_another_file_is_told_there() {
    let report = lint(&[
        (
            "m/a.tf",
            "resource \"aws_kms_alias\" \"a\" {\n  name = local.name\n}\n",
        ),
        ("m/b.tf", "# é\nlocals { name = \"orders\" }\n"),
    ]);
    assert_eq!(rows(&report), ["m/b.tf:2:18 A1"]);
}

#[test]
fn every_ending_and_a_mark_are_read() {
    let hcl = "\u{feff}resource \"aws_kms_alias\" \"a\" { name = \"orders\" }\n";
    for path in ["main.tf", "MAIN.TF", "main.tofu", "deep/in/main.tf"] {
        finds(path, hcl, &[&format!("{path}:1:40 A1")]);
    }
    let json = "{\"resource\": {\"aws_kms_alias\": {\"a\": {\"name\": \"orders\",\n \"target_key_id\": \"${aws_kms_alias.b.arn}\"}}}}";
    finds(
        "main.tf.json",
        json,
        &["main.tf.json:1:48 A1", "main.tf.json:2:20 K5"],
    );
    let list =
        "{\"resource\": [{\"aws_kms_alias\": [{\"a\": [{\"name\": \"alias/${var.x}.y\"}]}]}]}";
    finds("main.tofu.json", list, &["main.tofu.json:1:51 A3"]);
}

#[test]
fn json_and_hcl_of_a_folder_are_one_module() {
    let report = lint(&[
        ("a.tf", "provider \"aws\" {\n  region = \"eu-north-1\"\n}\n"),
        (
            "b.tf.json",
            "{\"resource\": {\"aws_kms_alias\": {\"a\": {\"target_key_id\": \"arn:aws:kms:eu-west-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6\"}}}}",
        ),
    ]);
    assert_eq!(rows(&report), ["b.tf.json:1:57 T2"]);
}

#[test]
fn of_a_key_that_an_object_has_twice_the_later_value_counts_a1() {
    let text = |first: &str, key: &str, second: &str| {
        format!(
            "resource \"aws_kms_alias\" \"a\" {{\n  for_each = {{ {key} = \"{first}\", b = \"alias/b\", {key} = \"{second}\" }}\n  name = each.value\n}}\n"
        )
    };
    for key in ["a", "\"name\"", "ab"] {
        finds("main.tf", &text("orders", key, "alias/a"), &[]);
        let wrong = text("alias/a", key, "orders");
        let column = wrong.lines().nth(1).unwrap().find("orders").unwrap() + 1;
        finds("main.tf", &wrong, &[&format!("main.tf:2:{column} A1")]);
    }
}
