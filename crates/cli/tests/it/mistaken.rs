//! Files of another kind than a flag takes: each is told by what it is.

use crate::program::{file, folder, run, text};

const TERRAFORM: &str = "resource \"aws_kms_alias\" \"a\" {\n}\n";
const TEMPLATE: &str = "Resources:\n  Key: {Type: AWS::KMS::Key}\n";
const CHANGES: &str = "[{\"DeleteAlias\": {\"AliasName\": \"alias/old\"}}]";
const WANTED: &str = "{\"alias/a\": \"1234abcd-12ab-34cd-56ef-1234567890ab\"}";
const TRAIL: &str = "{\"Records\": []}";
/// Each kind of file, and what is told of it where something else is asked for.
const KINDS: &[(&str, &str)] = &[
    (TERRAFORM, "this is Terraform configuration"),
    (TEMPLATE, "this is a CloudFormation template"),
    ("{\"Aliases\": []}\n{\"Keys\": []}", "this is an account"),
    ("{\"KeyMetadata\": {}}", "this is an account"),
    (TRAIL, "this is a log of CloudTrail"),
    (CHANGES, "this is a list of changes"),
    (WANTED, "these are wanted aliases"),
    (
        "{\"Version\": \"2012-10-17\", \"Statement\": []}",
        "this is a policy document",
    ),
    (
        "{\"format_version\": \"1.2\", \"resource_changes\": []}",
        "this is a Terraform plan",
    ),
    (
        "{\"version\": 4, \"lineage\": \"x\"}",
        "this is a Terraform state",
    ),
    (
        "apiVersion: v1\nkind: Pod\n",
        "this is a Kubernetes manifest",
    ),
    (
        "{\"artifacts\": {}}",
        "this is the manifest of a CDK assembly",
    ),
    ("ALIASES\talias/a\n", "this is the AWS CLI's text output"),
    ("<html></html>", "this is HTML or XML"),
    ("{'Aliases': []}", "this is a Python object"),
    ("a,b\n1,2\n", "this is CSV"),
    ("[a]\nb = 1\n", "this is TOML"),
    ("null", "this is `null`"),
    ("PK\u{3}\u{4}", "this is a zip file"),
];

/// Each flag that takes a file, with what else is named, and the kinds that it takes.
const FLAGS: &[(&str, &[&str], &str, &[&str])] = &[
    ("audit", &[], "--trail", &["this is a log"]),
    (
        "audit",
        &["--trail", "trail"],
        "--account",
        &["this is an account"],
    ),
    (
        "check",
        &["--changes", "changes"],
        "--account",
        &["this is an account"],
    ),
    (
        "check",
        &["--account", "account"],
        "--changes",
        &[
            "this is a list of changes",
            "this is a Terraform plan",
            "this is a CloudFormation",
            "this is the manifest",
        ],
    ),
    (
        "check",
        &["--account", "account", "--changes", "template"],
        "--deployed",
        &["this is a CloudFormation"],
    ),
    (
        "check",
        &["--account", "account", "--changes", "changes"],
        "--conditions",
        &[],
    ),
    (
        "plan",
        &["--account", "account"],
        "--wanted",
        &["these are wanted", "this is an account"],
    ),
    (
        "plan",
        &["--wanted", "wanted"],
        "--account",
        &["this is an account"],
    ),
];

#[test]
fn what_a_file_is_is_told_whatever_flag_names_it() {
    let folder = folder("mistaken");
    let account = "{\"Aliases\": [{\"AliasName\": \"alias/a\", \"AliasArn\": \"arn:aws:kms:eu-west-3:111122223333:alias/a\", \"TargetKeyId\": \"1234abcd-12ab-34cd-56ef-1234567890ab\"}]}";
    for (name, content) in [
        ("account", account),
        ("changes", CHANGES),
        ("template", TEMPLATE),
        ("trail", TRAIL),
        ("wanted", WANTED),
    ] {
        file(&folder, name, content);
    }
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    for (verb, others, flag, takes) in FLAGS {
        for (content, words) in KINDS {
            if takes.iter().any(|own| words.starts_with(own)) {
                continue;
            }
            let mistaken = file(&folder, "mistaken", content);
            let others = others.iter().map(|own| match own.strip_prefix("--") {
                Some(_) => (*own).to_owned(),
                None => path(own),
            });
            let arguments: Vec<_> = others.chain([(*flag).to_owned(), mistaken]).collect();
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let output = run(verb, &arguments);
            let told = text(&output.stderr);
            assert_eq!(
                output.status.code(),
                Some(2),
                "{verb} {flag} {content}: {told}"
            );
            assert!(told.contains(words), "{verb} {flag} {content}: {told}");
        }
    }
    let conditions = "{\"Keys\": {\"StringLikes\": {\"kms:RequestAlias\": \"alias/a\"}}}";
    let conditions = file(&folder, "conditions", conditions);
    let output = run(
        "check",
        &["--changes", &path("changes"), "--conditions", &conditions],
    );
    assert!(text(&output.stderr).contains("`StringLikes` is not interpreted"));
}
