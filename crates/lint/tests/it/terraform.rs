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
    alias("name = lower(\"ORDERS\")", &[]);
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
fn an_alias_beside_the_arn_of_a_key_is_told_w1() {
    for (key, column) in [
        ("aws_kms_key.k.arn", 37),
        ("aws_kms_replica_key.k[0].arn", 48),
        ("data.aws_kms_key.k.arn", 42),
        ("data.aws_kms_alias.a.target_key_arn", 55),
        ("local.key", 29),
    ] {
        let document = format!(
            "locals {{ key = aws_kms_key.k.arn }}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    \
             actions   = [\"kms:Decrypt\"]\n    resources = [{key}, aws_kms_alias.a.arn]\n  }}\n}}\n"
        );
        let report = lint(&[("main.tf", &document)]);
        assert_eq!(rows(&report), [format!("main.tf:5:{column} W1")], "{key}");
    }
    // A text that is not known may be `*`.
    let document = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"kms:Decrypt\"]\n    \
                    resources = [var.keys, aws_kms_alias.a.arn]\n  }\n}\n";
    assert!(rows(&lint(&[("main.tf", document)])).is_empty());
}

#[test]
fn policies_are_found_where_they_are_written_out() {
    let document = r#"data "aws_iam_policy_document" "d" {
  statement {
    sid       = "Read"
    actions   = ["kms:Decrypt"]
    resources = ["arn:${data.aws_partition.p.partition}:kms:*:${local.account}:alias/app"]
  }
  statement {
    actions   = ["kms:Encrypt"]
    resources = ["*"]
    condition {
      test     = "StringLike"
      variable = "kms:ResourceAliases"
      values   = ["alias/&{aws:username}", "app"]
    }
  }
}
"#;
    let report = lint(&[("main.tf", document)]);
    assert_eq!(
        rows(&report),
        ["main.tf:5:19 W1", "main.tf:12:19 W4", "main.tf:13:45 W10"]
    );
    let paths: Vec<_> = report
        .findings
        .iter()
        .map(|f| f.policy.clone().unwrap().path)
        .collect();
    let key = "/Statement/1/Condition/StringLike/kms:ResourceAliases";
    assert_eq!(paths, ["/Statement/0/Resource/0", key, &format!("{key}/1")]);
}

#[test]
fn a_policy_of_a_key_is_known_by_its_resource() {
    let encoded = r#"resource "aws_kms_key" "k" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = "alias/app" } }
    }]
  })
}
"#;
    finds("main.tf", encoded, &["main.tf:8:53 W12"]);
    finds(
        "main.tf",
        &encoded.replace("\"aws_kms_key\"", "\"aws_iam_policy\""),
        &[],
    );
    let referred = r#"resource "aws_kms_key" "k" {
  policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = ["alias/app"]
    }
  }
}
"#;
    finds("main.tf", referred, &["main.tf:10:19 W12"]);
}

#[test]
fn a_heredoc_of_json_is_a_policy_with_its_own_places() {
    let text = "resource \"aws_iam_policy\" \"p\" {
  policy = <<-EOF
    {
      \"Version\": \"2012-10-17\",
      \"Statement\": [{
        \"Effect\": \"Allow\",
        \"Action\": \"kms:Decrypt\",
        \"Resource\": \"arn:aws:kms:${var.region}:${data.aws_caller_identity.c.account_id}:alias/$${aws:username}\"
      }]
    }
  EOF
}
";
    finds("main.tf", text, &["main.tf:8:22 W1"]);
    let open = "resource \"aws_iam_policy\" \"p\" {\n  policy = <<EOF\n{\"Statement\": ${jsonencode(var.s)}}\nEOF\n}\n";
    finds("main.tf", open, &[]);
}

#[test]
fn what_is_dynamic_in_a_policy_is_not_guessed() {
    let text = r#"data "aws_iam_policy_document" "d" {
  statement {
    actions   = var.actions
    resources = ["arn:aws:kms:*:*:alias/app"]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = concat(["arn:aws:kms:*:*:alias/app"], var.more)
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["arn:aws:kms:*:*:alias/app", var.key]
  }
  statement {
    actions   = ["kms:ScheduleKeyDeletion"]
    resources = ["*"]
    condition {
      test     = "ForAllValues:StringLike"
      variable = "kms:ResourceAliases"
      values   = ["alias/app"]
    }
    dynamic "condition" {
      for_each = var.conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}
"#;
    finds("main.tf", text, &[]);
}

/// A reference to the ARN of an alias is an alias ARN, whatever its parts are.
#[test]
fn a_reference_to_an_alias_is_no_resource_of_operations_on_keys_w1() {
    let documents = |actions: &str, reference: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"{actions}\"]\n    \
             resources = [{reference}]\n  }}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{\n    \
             Statement = [{{ Effect = \"Allow\", Action = \"{actions}\", Resource = {reference} }}]\n  }})\n}}\n"
        )
    };
    let both = ["main.tf:4:18 W1", "main.tf:9:73 W1"];
    for reference in ["aws_kms_alias.a.arn", "data.aws_kms_alias.a.arn"] {
        finds("main.tf", &documents("kms:Decrypt", reference), &both);
        finds("main.tf", &documents("kms:UpdateAlias", reference), &[]);
    }
    for reference in [
        "aws_kms_alias.a.target_key_arn",
        "aws_kms_key.k.arn",
        "var.arn",
    ] {
        finds("main.tf", &documents("kms:Decrypt", reference), &[]);
    }
    // A name is no ARN.
    let named = ["main.tf:4:18 W3", "main.tf:9:77 W3"];
    finds(
        "main.tf",
        &documents("kms:UpdateAlias", "aws_kms_alias.a.name"),
        &named,
    );
}

/// Rules A2 and A3: no service finds a key by such a name, whichever forms it takes.
#[test]
fn a_wrong_alias_name_is_found_where_another_service_takes_a_key() {
    finds(
        "main.tf",
        r#"resource "aws_sns_topic" "t" {
  kms_master_key_id = "alias/my app"
}
resource "aws_db_instance" "d" {
  kms_key_id = "arn:aws:kms:eu-west-3:111122223333:alias/my.app"
  performance_insights_kms_key_id = "alias/"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "s" {
  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = "alias/${var.name}.x"
    }
  }
}
module "queue" {
  kms_key_arn = "alias/a:b"
}
"#,
        &[
            "main.tf:2:24 A3",
            "main.tf:5:17 A3",
            "main.tf:6:38 A2",
            "main.tf:11:28 A3",
            "main.tf:16:18 A3",
        ],
    );
    finds(
        "main.tf",
        r#"resource "aws_sns_topic" "t" {
  kms_master_key_id = "alias/aws/sns"
  kms_key_id = "alias/${var.name}"
  kms_key_arn = aws_kms_alias.a.arn
  other_kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
  aws_kms_key_arn = "arn:aws:kms:eu-west-3:111122223333:alias/app"
  alias_path = "alias/my app"
}
"#,
        &[],
    );
}

#[test]
fn an_alias_where_a_key_is_meant_is_found_in_a_policy_that_is_encoded_w1() {
    let policy = |action: &str| {
        r#"resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ACTION"
      Resource = "arn:aws:kms:eu-west-3:111122223333:alias/app"
    }]
  })
}
"#
        .replace("ACTION", action)
    };
    finds("main.tf", &policy("kms:Decrypt"), &["main.tf:7:19 W1"]);
    // It allows the operations on aliases as well.
    finds("main.tf", &policy("kms:*"), &[]);
}
