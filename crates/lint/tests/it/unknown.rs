//! What a run, a caller or another tool decides: it is not judged.

use crate::files::{lint, rows};

#[track_caller]
fn finds(files: &[(&str, &str)], expected: &[&str]) {
    let report = lint(files);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

#[track_caller]
fn name(before: &str, value: &str, expected: &[&str]) {
    let text = format!("{before}\nresource \"aws_kms_alias\" \"a\" {{\n  name = {value}\n}}\n");
    finds(&[("main.tf", &text)], expected);
}

#[test]
fn a_branch_of_a_condition_is_judged_by_what_is_written_in_it_a1() {
    let variable = "variable \"n\" { default = \"app\" }";
    let local = "locals { n = \"app\" }";
    name(
        variable,
        "startswith(var.n, \"alias/\") ? var.n : \"alias/${var.n}\"",
        &[],
    );
    name(
        local,
        "var.full ? local.n : format(\"alias/%s\", local.n)",
        &[],
    );
    name(
        "",
        "var.full ? \"app\" : \"alias/app\"",
        &["main.tf:3:22 A1"],
    );
    name(
        variable,
        "var.full ? \"app-${var.n}\" : \"alias/app\"",
        &["main.tf:3:22 A1"],
    );
    let template = "\
Parameters:
  N: {Type: String, Default: app}
Resources:
  A:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: !If [Full, !Ref N, !Sub 'alias/${N}']
";
    finds(&[("t.yaml", template)], &[]);
}

#[test]
fn a_default_is_not_judged_where_the_condition_of_its_resource_asks_for_it_a1() {
    let alias = |count: &str| {
        format!(
            "variable \"n\" {{ default = \"none\" }}\nresource \"aws_kms_alias\" \"a\" {{\n  count = {count}\n  name = var.n\n}}\n"
        )
    };
    finds(&[("main.tf", &alias("var.n == \"none\" ? 0 : 1"))], &[]);
    finds(
        &[("main.tf", &alias("var.on ? 1 : 0"))],
        &["main.tf:1:27 A1"],
    );
    let template = |tested: &str| {
        format!(
            "Parameters:\n  N: {{Type: String, Default: none}}\n  M: {{Type: String, Default: none}}\nConditions:\n  Has: !Not [!Equals [!Ref {tested}, none]]\n  Both: !And [!Condition Has, !Condition Both]\nResources:\n  A:\n    Type: AWS::KMS::Alias\n    Condition: Both\n    Properties: {{AliasName: !Ref N}}\n"
        )
    };
    finds(&[("t.yaml", &template("N"))], &[]);
    finds(&[("t.yaml", &template("M"))], &["t.yaml:2:30 A1"]);
}

#[test]
fn a_value_that_terraform_loads_by_itself_is_judged_in_place_of_the_default_a1() {
    let module =
        "variable \"n\" { default = \"bad\" }\nresource \"aws_kms_alias\" \"a\" { name = var.n }\n";
    finds(&[("main.tf", module)], &["main.tf:1:27 A1"]);
    for name in ["terraform.tfvars", "x.auto.tfvars"] {
        finds(&[("main.tf", module), (name, "n = \"alias/x\"\n")], &[]);
        let place = format!("{name}:1:6 A1");
        finds(&[("main.tf", module), (name, "n = \"worse\"\n")], &[&place]);
    }
    for name in ["terraform.tfvars.json", "x.auto.tfvars.json"] {
        finds(&[("main.tf", module), (name, "{\"n\": \"alias/x\"}")], &[]);
    }
    // The later of two wins, and what is loaded only when told is not looked at.
    let files = [
        ("a.auto.tfvars", "n = \"alias/x\"\n"),
        ("main.tf", module),
        ("prod.tfvars", "n = \"bad\"\n"),
        ("terraform.tfvars", "n = \"bad\"\n"),
    ];
    finds(&files, &[]);
}

#[test]
fn values_are_loaded_for_the_root_module_alone_a1() {
    let module = "variable \"n\" { default = \"alias/x\" }\nresource \"aws_kms_alias\" \"a\" { name = var.n }\n";
    let values = ("m/terraform.tfvars", "n = \"bad\"\n");
    finds(
        &[("m/main.tf", module), values],
        &["m/terraform.tfvars:1:6 A1"],
    );
    let call = "module \"m\" {\n  source = \"./m\"\n}\n";
    finds(&[("m/main.tf", module), values, ("main.tf", call)], &[]);
    let wrong = module.replace("alias/x", "bad");
    let right = ("m/x.auto.tfvars", "n = \"alias/x\"\n");
    finds(
        &[("m/main.tf", &wrong), right, ("main.tf", call)],
        &["m/main.tf:1:27 A1"],
    );
}

#[test]
fn a_default_that_every_caller_overrides_is_not_judged_a1() {
    let module =
        "variable \"n\" { default = \"bad\" }\nresource \"aws_kms_alias\" \"a\" { name = var.n }\n";
    let call = |name: &str, argument: &str| {
        format!("module \"{name}\" {{\n  source = \"../modules/k\"\n  {argument}\n}}\n")
    };
    let set = call("a", "n = \"alias/x\"");
    finds(
        &[("live/main.tf", &set), ("modules/k/main.tf", module)],
        &[],
    );
    let both = format!("{set}{}", call("b", ""));
    let judged = ["modules/k/main.tf:1:27 A1"];
    finds(
        &[("live/main.tf", &both), ("modules/k/main.tf", module)],
        &judged,
    );
    finds(
        &[("live/main.tf", &set), ("modules/other/main.tf", module)],
        &["modules/other/main.tf:1:27 A1"],
    );
}

#[test]
fn other_documents_of_a_policy_document_may_give_the_alias_half_w8() {
    let document = |brings: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  {brings}\n  statement {{\n    actions = [\"kms:UpdateAlias\"]\n    resources = [\"*\"]\n    condition {{\n      test = \"ForAnyValue:StringEquals\"\n      variable = \"kms:ResourceAliases\"\n      values = [\"alias/x\"]\n    }}\n  }}\n}}\n"
        )
    };
    finds(&[("main.tf", &document(""))], &["main.tf:4:17 W8"]);
    for brings in [
        "source_policy_documents = var.docs",
        "override_policy_documents = [var.doc]",
    ] {
        finds(&[("main.tf", &document(brings))], &[]);
    }
}

#[test]
fn what_tools_fill_in_is_not_judged() {
    let template = |name: &str, target: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: {name}\n      TargetKeyId: {target}\n"
        )
    };
    for (name, target) in [
        ("alias/{{ env }}", "\"{{ key_id }}\""),
        ("!Sub 'alias/${Env}-{{ suffix }}'", "!Ref K"),
        ("alias/<%= env %>", "\"#{key}\""),
        ("$(NAME)", "\"@@KEY@@\""),
        ("alias/a", "\"%%KEY%%\""),
        (
            "alias/${self:service}-${opt:stage, \"dev\"}",
            "${self:custom.${opt:stage}.key}",
        ),
        ("alias/${file(names.yml):kms}", "${ssm:/key}"),
    ] {
        finds(&[("t.yaml", &template(name, target))], &[]);
    }
    // What stands around a placeholder is judged, and so is a `Sub` that was forgotten.
    finds(
        &[("t.yaml", &template("alias/a.b-{{ env }}", "!Ref K"))],
        &["t.yaml:5:18 A3"],
    );
    finds(
        &[("t.yaml", &template("alias/${AWS::StackName}", "!Ref K"))],
        &["t.yaml:5:18 A3"],
    );
    name("", "\"{{ cookiecutter.name }}\"", &[]);
    name("", "\"bad-{{ cookiecutter.name }}\"", &["main.tf:3:11 A1"]);
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "{{ alias }}"}}}}"#;
    finds(&[("p.json", policy)], &[]);
}

#[test]
fn an_empty_default_stands_for_no_value_k1() {
    let template = "\
Parameters:
  K: {Type: String, Default: ''}
Resources:
  A:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: alias/x
      TargetKeyId: !Ref K
";
    finds(&[("t.yaml", template)], &[]);
}

#[test]
fn an_alias_that_a_controller_only_observes_may_be_of_aws_a4() {
    let upbound = "\
apiVersion: kms.aws.upbound.io/v1beta1
kind: Alias
metadata:
  name: s3
  annotations:
    crossplane.io/external-name: alias/aws/s3
spec:
";
    let observed = format!("{upbound}  managementPolicies: [\"Observe\"]\n");
    finds(&[("a.yaml", &observed)], &[]);
    let managed = format!("{upbound}  managementPolicies: [\"*\"]\n");
    finds(&[("a.yaml", &managed)], &["a.yaml:6:34 A4"]);
    let ack = |read_only: &str| {
        format!(
            "apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Alias\nmetadata:\n  name: s3\n  annotations:\n    services.k8s.aws/read-only: \"{read_only}\"\nspec:\n  name: alias/aws/s3\n"
        )
    };
    finds(&[("a.yaml", &ack("true"))], &[]);
    finds(&[("a.yaml", &ack("false"))], &["a.yaml:8:9 A4"]);
}

#[test]
fn a_text_that_a_function_changes_is_no_policy() {
    let statement = "{Statement = [{Effect = \"Allow\", Action = \"kms:Decrypt\", Resource = \"arn:aws:kms:us-east-1:111122223333:alias/x\"}]}";
    let policy =
        |value: String| format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {value}\n}}\n");
    let changed = policy(format!("replace(jsonencode({statement}), \"a\", \"b\")"));
    finds(&[("main.tf", &changed)], &[]);
    let same = policy(format!("trimspace(jsonencode({statement}))"));
    assert_eq!(lint(&[("main.tf", &same)]).findings.len(), 1);
}

#[test]
fn a_variable_without_a_colon_is_one_of_a_template_w13() {
    let policy = |name: &str| {
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ["arn:aws:kms:*:*:alias/${{{name}}}", "arn:aws:kms:*:*:key/*"]}}}}"#
        )
    };
    finds(&[("p.json", &policy("name"))], &[]);
    assert_eq!(
        lint(&[("p.json", &policy("aws:username"))]).findings.len(),
        1
    );
}

#[test]
fn an_operator_that_does_not_work_is_told_once_w11() {
    for (operator, value) in [
        ("Bool", "true"),
        ("ForAnyValue:ArnLike", "arn:aws:kms:*:*:alias/x"),
    ] {
        let policy = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {{"{operator}": {{"kms:ResourceAliases": "{value}"}}}}}}}}"#
        );
        let report = lint(&[("p.json", &policy)]);
        let rules: Vec<_> = report
            .findings
            .iter()
            .map(|one| one.rule.number())
            .collect();
        assert_eq!(rules, ["W11"]);
        assert!(
            report.findings[0]
                .message
                .contains("`ForAnyValue:StringEquals`")
        );
    }
}

#[test]
fn what_a_key_policy_gives_to_an_account_only_delegates_w14() {
    let key = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}}"#;
    let own = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ["arn:aws:kms:us-east-1:111122223333:alias/x", "arn:aws:kms:us-east-1:111122223333:key/*"]}}"#;
    let mut options = kms_alias_lint::Options::default();
    options.complete = true;
    let files = [("k.json", key.as_bytes()), ("i.json", own.as_bytes())];
    let report = kms_alias_lint::lint_files(files, &options);
    assert_eq!(report.findings, []);
}

#[test]
fn a_default_is_not_judged_where_it_may_mean_that_the_block_is_not_there_a1_w10() {
    let variable = "variable \"n\" { default = \"none\" }\nvariable \"m\" { default = \"none\" }";
    let locals = "locals {\n  on = local.is\n  is = var.n != \"none\"\n  names = var.n == \"none\" ? [] : [\"x\"]\n  all = [\"x\"]\n  both = [var.n, \"x\"]\n}";
    let policy = "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"kms:Decrypt\", Resource = \"*\", Condition = { StringEquals = { \"kms:RequestAlias\" = var.n } } }] })";
    for decides in [
        "count = var.n == \"none\" ? 0 : 1",
        "count = local.on ? 1 : 0",
        "count = length(var.n == \"none\" ? [] : [1])",
        "for_each = var.n == \"none\" ? toset([]) : toset([\"x\"])",
        "for_each = toset(var.n == \"none\" ? [] : [\"x\"])",
        "for_each = toset(local.on ? [\"x\"] : [])",
        "for_each = toset(local.names)",
        "lifecycle {\n enabled = var.n != \"none\"\n }",
        "lifecycle {\n enabled = local.on\n }",
    ] {
        let of = |name: &str| {
            format!(
                "{variable}\n{locals}\nresource \"aws_kms_alias\" \"a\" {{\n  {decides}\n  name = {name}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  {decides}\n  policy = {policy}\n}}\n"
            )
        };
        finds(&[("main.tf", &of("var.n"))], &[]);
        finds(&[("main.tf", &of("var.m"))], &["main.tf:2:27 A1"]);
    }
    for decides_nothing in [
        "count = 1",
        "count = length(local.both)",
        "for_each = toset(local.all)",
        "for_each = toset([var.n])",
        "lifecycle {\n enabled = true\n }",
    ] {
        let text = format!(
            "{variable}\n{locals}\nresource \"aws_kms_alias\" \"a\" {{\n  {decides_nothing}\n  name = var.n\n}}\n"
        );
        finds(&[("main.tf", &text)], &["main.tf:1:27 A1"]);
    }
    let document = |more: &str| {
        format!(
            "{variable}\ndata \"aws_iam_policy_document\" \"d\" {{\n  {more}\n  statement {{\n    actions = [\"kms:Decrypt\"]\n    resources = [\"*\"]\n    condition {{\n      test = \"StringEquals\"\n      variable = \"kms:RequestAlias\"\n      values = [var.n]\n    }}\n  }}\n}}\n"
        )
    };
    finds(
        &[("main.tf", &document("version = \"2012-10-17\""))],
        &["main.tf:1:27 W10"],
    );
    finds(
        &[("main.tf", &document("count = var.n == \"none\" ? 0 : 1"))],
        &[],
    );
    let json = r#"{"variable":{"n":{"default":"none"}},"resource":{"aws_kms_alias":{"a":{"for_each":"${var.n == \"none\" ? [] : [1]}","name":"${var.n}"}}}}"#;
    finds(&[("main.tf.json", json)], &[]);
}
