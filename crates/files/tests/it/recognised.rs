//! Files are known by their content, and what is none of them is told with what to do.

use kms_alias_files::{File, Kind, Mistaken, Options, read_account, recognise};

#[test]
fn every_kind_is_known_by_its_content() {
    for (text, kind) in [
        (r#"{"Aliases": []}"#, Kind::Account),
        (r#"[{"KeyMetadata": {}}]"#, Kind::Account),
        (r#"{"ResponseMetadata": {}, "Keys": []}"#, Kind::Account),
        (r#"{"status_code": 200, "data": {}}"#, Kind::Account),
        (r#"{"Results": [], "QueryInfo": {}}"#, Kind::Account),
        ("Aliases:\n- AliasName: alias/a\n", Kind::Account),
        (r#"{"DeleteAlias": {}}"#, Kind::Changes),
        (r#"[{"UpdateAlias": {}}]"#, Kind::Changes),
        ("[]", Kind::Changes),
        (r#"{"alias/a": "x"}"#, Kind::Wanted),
        (
            r#"{"format_version": "0.1", "terraform_version": "0.13.4", "planned_values": {}}"#,
            Kind::TerraformPlan,
        ),
        (
            r#"{"AWSTemplateFormatVersion": "2010-09-09"}"#,
            Kind::CloudFormation,
        ),
        ("Description: x\nResources: {}\n", Kind::CloudFormation),
        (
            r#"{"TemplateBody": {"Resources": {}}, "StagesAvailable": []}"#,
            Kind::CloudFormation,
        ),
        (
            "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A:\n    Type: !Ref B\n",
            Kind::CloudFormation,
        ),
        (
            r#"{"version": "36.0.0", "artifacts": {}}"#,
            Kind::CdkManifest,
        ),
        (r#"{"Records": []}"#, Kind::Trail),
        (
            r#"{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x"}"#,
            Kind::Mistaken(Mistaken::TerraformState),
        ),
        (
            r#"{"format_version": "1.0", "terraform_version": "1.9.8", "values": {}}"#,
            Kind::Mistaken(Mistaken::TerraformState),
        ),
        (
            r#"{"@level": "info"}"#,
            Kind::Mistaken(Mistaken::PlanMessages),
        ),
        (
            r#"{"Version": "2012-10-17", "Statement": []}"#,
            Kind::Mistaken(Mistaken::Policy),
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\n",
            Kind::Mistaken(Mistaken::Kubernetes),
        ),
        (
            "{'Aliases': [{'AliasName': 'alias/a'}]}",
            Kind::Mistaken(Mistaken::PythonRepr),
        ),
        (
            "AliasName,TargetKeyId\nalias/a,1234\n",
            Kind::Mistaken(Mistaken::Csv),
        ),
        (
            "[command]/opt/terraform-bin show -json plan\n{\"format_version\": \"1.2\"}\n",
            Kind::Mistaken(Mistaken::ActionsWrapper),
        ),
        ("null\n", Kind::Mistaken(Mistaken::Null)),
        ("<ListAliasesResponse/>", Kind::Mistaken(Mistaken::Html)),
        ("", Kind::Unknown),
        ("7", Kind::Unknown),
        ("{", Kind::Unknown),
    ] {
        assert_eq!(recognise(text.as_bytes()), kind, "{text}");
    }
}

#[test]
fn what_is_no_account_is_told_with_what_to_do() {
    for (text, words) in [
        (
            "------\n|  ListAliases  |\n+----+\n",
            "this is the AWS CLI's table output: use `--output json`",
        ),
        (
            "ALIASES\tarn:aws:kms:…\talias/a\n",
            "this is the AWS CLI's text output: use `--output json`",
        ),
        ("[profile a]\nregion = \"eu-west-3\"\n", "this is TOML"),
        ("region = \"eu-west-3\"\n", "this is TOML"),
        ("<!DOCTYPE html>\n<html>", "this is HTML or XML"),
        (
            "\nAn error occurred (AccessDeniedException) when calling the ListAliases operation: no\n",
            "this is an error message of a command",
        ),
        (
            "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
            "this is an error message of a command",
        ),
        (
            r#"{"version": 4, "serial": 1, "resources": []}"#,
            "this is a Terraform state",
        ),
        (
            r#"{"DeleteAlias": {"AliasName": "alias/old"}}"#,
            "this is a list of changes",
        ),
        (
            r#"{"format_version": "1.2", "resource_changes": []}"#,
            "this is a Terraform plan",
        ),
        (
            "resource \"aws_kms_alias\" \"a\" {\n}\n",
            "this is Terraform configuration",
        ),
        (
            "Terraform will perform the following actions:\n",
            "this is a plan as Terraform shows it to people",
        ),
        ("\u{1f}\u{8b}\u{8}", "not UTF-8"),
    ] {
        let file = File {
            name: "f",
            bytes: text.as_bytes(),
        };
        let error = read_account(&[file], Options::default()).expect_err(text);
        if !text.starts_with('\u{1f}') {
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
    }
    for (bytes, words) in [
        (&b"\x1f\x8b\x08\x00"[..], "this is a gzip file"),
        (b"PK\x03\x04", "this is a zip file"),
        (b"\xff\xfe{", "begins as UTF-16 text and is not"),
        (b"\xc3\x28", "not UTF-8"),
    ] {
        let error =
            read_account(&[File { name: "f", bytes }], Options::default()).expect_err(words);
        assert!(error.to_string().contains(words), "{error}");
    }
}
