//! Override files of Terraform: what stands in them takes the place of what other files say.

use crate::files::{lint, rows};

#[track_caller]
fn finds(files: &[(&str, &str)], expected: &[&str]) {
    let report = lint(files);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

const MODULE: &str = "resource \"aws_kms_alias\" \"a\" {\n  name = \"orders\"\n  target_key_id = \"alias/x\"\n}\nresource \"aws_kms_alias\" \"b\" {\n  name = \"invoices\"\n}\n";

#[test]
fn an_attribute_of_an_override_file_takes_the_place_of_the_first_one_a1() {
    let right = "resource \"aws_kms_alias\" \"a\" {\n  name = \"alias/orders\"\n}\n";
    let others = ["main.tf:3:20 K5", "main.tf:6:11 A1"];
    for path in [
        "override.tf",
        "dev_override.tf",
        "override.tofu",
        "zz_override.tofu",
    ] {
        finds(&[("main.tf", MODULE), (path, right)], &others);
    }
    let all = ["main.tf:2:11 A1", "main.tf:3:20 K5", "main.tf:6:11 A1"];
    finds(&[("main.tf", MODULE), ("overrides.tf", right)], &all);
    finds(&[("main.tf", MODULE), ("other/override.tf", right)], &all);
    let wrong = r#"{"resource": {"aws_kms_alias": {"a": {"name": "alias/a.b"}}}}"#;
    finds(
        &[("main.tf", MODULE), ("a_override.tf.json", wrong)],
        &[&["a_override.tf.json:1:48 A3"], &others[..]].concat(),
    );
    // Of several the last by name counts.
    finds(
        &[
            ("main.tf", MODULE),
            ("a_override.tf.json", wrong),
            ("b_override.tf", right),
        ],
        &others,
    );
}

#[test]
fn variables_locals_and_providers_are_overridden_whatever_the_order_of_the_files_a1_t2() {
    let main = "variable \"n\" {\n  default = \"orders\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = var.n\n}\n";
    let right = "variable \"n\" {\n  default = \"alias/orders\"\n}\n";
    for path in ["a_override.tf", "z_override.tf"] {
        finds(&[("main.tf", main), (path, right)], &[]);
    }
    let main = "locals {\n  n = \"orders\"\n  m = \"invoices\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = local.n\n}\nresource \"aws_kms_alias\" \"b\" {\n  name = local.m\n}\n";
    let right = "locals {\n  n = \"alias/orders\"\n}\n";
    for path in ["a_override.tf", "z_override.tf"] {
        finds(&[("main.tf", main), (path, right)], &["main.tf:3:8 A1"]);
    }
    let main = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nprovider \"aws\" {\n  alias = \"b\"\n  region = \"us-east-1\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = \"alias/a\"\n  target_key_id = \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"\n}\n";
    let own = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    let other = "provider \"aws\" {\n  alias = \"b\"\n  region = \"eu-west-1\"\n}\n";
    finds(&[("main.tf", main), ("override.tf", own)], &[]);
    finds(
        &[("main.tf", main), ("override.tf", other)],
        &["main.tf:10:20 T2"],
    );
}

#[test]
fn blocks_within_are_overridden_by_all_of_their_kind_w1() {
    let main = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"kms:Decrypt\"]\n    resources = [\"arn:aws:kms:us-east-1:111122223333:alias/x\"]\n  }\n}\n";
    let statement = "statement {\n    actions = [\"kms:Decrypt\"]\n    resources = [\"arn:aws:kms:us-east-1:111122223333:key/*\"]\n  }";
    let over = |inner: &str| format!("data \"aws_iam_policy_document\" \"d\" {{\n  {inner}\n}}\n");
    finds(&[("main.tf", main), ("override.tf", &over(statement))], &[]);
    let repeated = format!(
        "dynamic \"statement\" {{\n    for_each = [1]\n    {}\n  }}",
        statement.replace("statement", "content")
    );
    finds(&[("main.tf", main), ("override.tf", &over(&repeated))], &[]);
    finds(
        &[
            ("main.tf", main),
            ("override.tf", &over("version = \"2012-10-17\"")),
        ],
        &["main.tf:4:19 W1"],
    );
}

#[test]
fn what_a_call_sets_in_an_override_file_is_no_default_a1() {
    let module = "variable \"n\" {\n  default = \"orders\"\n}\nresource \"aws_kms_alias\" \"a\" {\n  name = var.n\n}\n";
    let main = "module \"m\" {\n  source = \"./m\"\n}\n";
    let over = "module \"m\" {\n  n = \"alias/x\"\n}\n";
    let files = [("main.tf", main), ("m/main.tf", module)];
    finds(&files, &["m/main.tf:2:14 A1"]);
    finds(&[files[0], files[1], ("override.tf", over)], &[]);
}
