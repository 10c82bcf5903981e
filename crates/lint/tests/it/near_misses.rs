//! What looks like an alias of KMS and is none: silence.

use crate::files::lint;

/// Files with nothing to find.
const FILES: &[(&str, &str)] = &[
    (
        "terraform/main.tf",
        r#"
resource "aws_lambda_alias" "a" { name = "live.v1" }
resource "aws_route53_record" "r" {
  name = "www.example.org"
  alias { name = "d1.cloudfront.net" }
}
resource "aws_iam_account_alias" "a" { account_alias = "my.account" }
resource "azurerm_kms_alias" "a" { name = "orders" }
resource "aws_kms_key" "k" { description = "alias of orders" }
data "aws_kms_alias" "s3" { name = "alias/aws/s3" }
module "aws_kms_alias" { name = "orders" }
provider "aws" { alias = "west.1" }
output "aws_kms_alias" { value = "orders" }
resource "aws_s3_bucket" "b" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::alias/x" }] })
}
"#,
    ),
    (
        "cloudformation/template.yaml",
        r#"
Resources:
  Custom: {Type: "Custom::KMSAlias", Properties: {AliasName: orders, TargetKeyId: alias/x}}
  Third: {Type: "Acme::KMS::Alias", Properties: {AliasName: orders}}
  Module: {Type: "Acme::Kms::Thing::MODULE", Properties: {AliasName: orders}}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {Aliases: [www.example.org]}}
  WorkSpace: {Type: "AWS::WorkSpaces::ConnectionAlias", Properties: {ConnectionString: a.b}}
  Fleet: {Type: "AWS::GameLift::Alias", Properties: {Name: my fleet}}
  Bot: {Type: "AWS::Lex::BotAlias", Properties: {BotAliasName: test.1}}
  No: {Type: "AWS::KMS::Alias"}
"#,
    ),
    (
        "helm/values.yaml",
        "kms:\n  alias: orders.v2\n  targetKeyId: alias/orders\nResources: {limits: {cpu: 1}}\n",
    ),
    (
        "helm/templates/a.yaml",
        "{{- if .Values.on }}\nkind: Alias\n{{- end }}\nname: {{ .Values.name }}\n",
    ),
    (
        "k8s/other.yaml",
        "apiVersion: kms.example.org/v1\nkind: Alias\nmetadata: {name: a.b}\nspec: {name: a.b}\n",
    ),
    (
        "k8s/key.yaml",
        "apiVersion: kms.aws.upbound.io/v1beta1\nkind: Key\nmetadata: {name: a.b}\n",
    ),
    (
        "code/tsconfig.json",
        "{\n  // comments\n  \"compilerOptions\": {\"target\": \"es2022\",},\n}\n",
    ),
    (
        "code/package.json",
        "{\"name\": \"alias\", \"scripts\": {\"Statement\": \"x\"}}",
    ),
    ("code/empty.json", "\n"),
    ("code/empty.yaml", ""),
    ("README.md", "AliasName: not.checked\n"),
    (
        "notes.txt",
        "resource \"aws_kms_alias\" \"a\" { name = \"orders\" }",
    ),
    ("LICENSE", "Apache"),
];

#[test]
fn other_services_and_other_tools_are_left_alone() {
    let report = lint(FILES);
    assert_eq!(report.findings, []);
    assert_eq!(report.unread, []);
    assert_eq!(report.looked_at, FILES.len() - 3);
}

#[test]
fn a_file_without_an_ending_is_told_by_its_content() {
    let policy = r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:210987654321:alias/a"}"#;
    for path in ["-", "policy", "stack.template"] {
        assert_eq!(lint(&[(path, policy)]).findings.len(), 1, "{path}");
    }
}
