//! The policies of Terraform, and what names a key for another service.

use crate::files::{lint, rows};

#[track_caller]
fn finds(path: &str, text: &str, expected: &[&str]) {
    let report = lint(&[(path, text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
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

#[test]
fn an_alias_behind_key_is_no_key_for_another_service_k1() {
    let bucket = |key: &str| {
        format!("resource \"aws_s3_bucket\" \"b\" {{\n  kms_master_key_id = \"{key}\"\n}}\n")
    };
    let found = ["main.tf:2:24 K1"];
    finds(
        "main.tf",
        &bucket("arn:aws:kms:us-east-1:111122223333:key/alias/aws/s3"),
        &found,
    );
    finds(
        "main.tf",
        &bucket("arn:aws:kms:${var.r}:${var.a}:key/alias/app"),
        &found,
    );
    finds(
        "main.tf",
        &bucket("arn:aws:kms:us-east-1:111122223333:key/${var.k}"),
        &[],
    );
    let template = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      KmsMasterKeyId: !Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/alias/app\n";
    finds("t.yaml", template, &["t.yaml:5:28 K1"]);
}
