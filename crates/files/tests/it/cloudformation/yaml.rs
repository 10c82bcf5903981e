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
