//! YAML that CloudFormation takes, whether or not YAML 1.2 does.

use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
use kms_alias_foresee::verdict::NameReference;

use super::{created, read};
use crate::plans::NOW;

#[test]
fn brackets_and_quotes_that_close_at_the_depth_of_their_block_are_read() {
    let template = "\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: 'the key
      of orders'
      KeyPolicy: {
        \"Version\": \"2012-10-17\",
      \"Statement\": []
      }
  Alias:
    Type: AWS::KMS::Alias
    Properties:
      TargetKeyId: !GetAtt [
        Key,
      Arn
    ]
      AliasName: !Sub \"alias/\\
      orders-\\
    ä\"
";
    let read = read(template, &[]);
    let (name, _) = created(&read, "Alias");
    assert_eq!(*name, NameReference::Text("alias/orders-ä".into()));
}

#[test]
fn what_is_no_yaml_behind_such_a_bracket_is_told_at_its_line() {
    let template = "Resources:\n  Key: {\n    Type: AWS::KMS::Key,\n  }\nOutputs: [e\n";
    let file = File {
        name: "t.yaml",
        bytes: template.as_bytes(),
    };
    let mut accounts = Accounts::unknown(Options::default());
    let error = read_run(&RunInput::new(file, NOW), &mut accounts).expect_err("no YAML");
    let words = error.to_string();
    assert!(words.starts_with("t.yaml:6: not YAML: "), "{words}");
}

#[test]
fn a_space_may_stand_before_the_colon_of_the_first_key() {
    let template = "AWSTemplateFormatVersion : '2010-09-09'\nResources:\n  A:\n    Type: AWS::KMS::Alias\n    \
                    Properties: {AliasName: alias/a, TargetKeyId: k}\n";
    let read = read(template, &[]);
    let (name, _) = created(&read, "A");
    assert_eq!(*name, NameReference::Text("alias/a".into()));
}

fn error_of(text: &str) -> Option<String> {
    let file = File {
        name: "t.yaml",
        bytes: text.as_bytes(),
    };
    let read = read_run(
        &RunInput::new(file, NOW),
        &mut Accounts::unknown(Options::default()),
    );
    read.err().map(|error| error.to_string())
}

/// YAML 1.1 has `yes` as true and `017` as 15: what CloudFormation makes of it is not known (ours).
#[test]
fn a_value_that_yaml_may_have_as_no_text_is_put_in_quotes() {
    let of = |last: &str| {
        format!(
            "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties: {{Description: yes, PendingWindowInDays: 7}}\n  \
             A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: !Join\n        - /\n        - [alias, \
             {last}]\n      TargetKeyId: !Ref K\n"
        )
    };
    for wrong in ["yes", "017", "1_000", "1e3"] {
        let words = format!(
            "t.yaml:10: Resources.A.Properties.AliasName: `{wrong}` is written without quotes, and YAML 1.1, which \
             CloudFormation reads, may have it as another value: put it in quotes"
        );
        assert_eq!(error_of(&of(wrong)), Some(words));
    }
    for right in ["'yes'", "\"017\"", "app", "!Ref K", "2024-01-01", "7"] {
        assert_eq!(error_of(&of(right)), None, "{right}");
    }
}

#[test]
fn a_second_document_is_told_with_its_line() {
    let of = |name: &str| format!("Resources:\n  {name}:\n    Type: AWS::KMS::Key\n");
    let words = "t.yaml:5: a second document begins here, and a template is one document: give each of them in a file of its own";
    let both = [of("K"), of("L")].join("---\n");
    assert_eq!(error_of(&both).as_deref(), Some(words));
    assert_eq!(error_of(&format!("---\n{}...\n", of("K"))), None);
}

#[test]
fn a_dynamic_reference_is_shown_as_it_is_written() {
    let text = "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: \
                'alias/{{resolve:ssm:/a:1}}-{{resolve:ssm:/b}}'\n      TargetKeyId: x\n";
    let read = read(text, &[]);
    let (NameReference::Unknown(name), _) = created(&read, "A") else {
        panic!("{read:?}");
    };
    assert_eq!(
        &*name.label,
        "alias/{{resolve:ssm:/a:1}}-{{resolve:ssm:/b}}"
    );
}
