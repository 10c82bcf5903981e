"""Names, targets and policies in files."""

from __future__ import annotations

import dataclasses
import json

import pytest
from kms_alias import RULES, LintFinding, UnusableInput, lint, lint_files

TERRAFORM = 'resource "aws_kms_alias" "a" {\n  name = "alias/pay.ments"\n}\n'
TEMPLATE = """\
Resources:
  A:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: payments
      TargetKeyId: alias/other
"""
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": "arn:aws:kms:eu-west-3:111122223333:alias/app",
            }
        ],
    }
)


def test_a_file_of_terraform():
    [finding] = lint(TERRAFORM, "terraform")
    assert (finding.rule, finding.line, finding.severity) == ("A3", 2, "error")
    assert lint(TERRAFORM.encode(), kind="terraform") == [finding]
    assert dataclasses.asdict(finding)["path"] is None


def test_a_template():
    for kind in ("cloudformation", None):
        assert [finding.rule for finding in lint(TEMPLATE, kind)] == ["A1", "K5"]


def test_a_policy():
    for kind in ("identity", None):
        [finding] = lint(POLICY, kind)
        assert (finding.rule, finding.path, finding.statement) == ("W1", "/Statement/0/Resource", 0)
    assert isinstance(lint(POLICY, "scp"), list) and isinstance(lint(POLICY, "key"), list)


def test_what_is_no_such_text_says_so():
    for text, kind in (("{", "identity"), ("{}", "key"), ("a: 1", "cloudformation"), ("resource {", "terraform"), (b"\xff\xff\xff", "identity")):
        with pytest.raises(UnusableInput):
            lint(text, kind)
    for kind in ("hcl", "", 5):
        with pytest.raises((ValueError, TypeError)):
            lint(TERRAFORM, kind)
    with pytest.raises(TypeError):
        lint(5)


def test_files_that_belong_together():
    report = lint_files({"a/main.tf": TERRAFORM, "b.yaml": TEMPLATE, "c.tf": "resource {", "d.md": "#"})
    assert [finding.file for finding in report.findings] == ["a/main.tf", "b.yaml", "b.yaml"]
    assert [unread.file for unread in report.unread] == ["c.tf"]
    assert report.looked_at >= 2
    assert lint_files({}).findings == ()


def test_the_readings_of_rule_a4():
    text = TERRAFORM.replace("pay.ments", "awsome")
    assert [finding.rule for finding in lint(text, "terraform")] == ["A4"]
    assert lint(text, "terraform", reserved="alias/aws/") == []
    assert LintFinding.__module__ == "kms_alias"


def test_a_text_of_another_kind_is_told():
    template = '{"Resources": {"A": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "a"}}}}'
    manifest = "apiVersion: v1\nkind: ConfigMap\ndata:\n  key: alias/a\n"
    assert lint(template, "cloudformation")
    lint(manifest, "kubernetes")
    for text, kind in ((template, "kubernetes"), (manifest, "cloudformation")):
        with pytest.raises(UnusableInput, match=f"no {kind} file"):
            lint(text, kind)


def test_every_rule_of_a_finding_is_explained():
    findings = lint(POLICY, "identity")
    assert findings and all(finding.rule in RULES for finding in findings)
    assert {"A1", "W1", "F8", "H6"} <= set(RULES)
