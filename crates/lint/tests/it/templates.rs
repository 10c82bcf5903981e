//! CloudFormation, SAM, Serverless and CDK: short forms, functions, places, policies.

use crate::files::{lint, rows};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let report = lint(&[("t.yaml", text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

#[track_caller]
fn name(value: &str, expected: &[&str]) {
    let head = "Parameters:\n  P: {Type: String, Default: orders}\n  E: {Type: String, Default: ''}\n  S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /orders}\n";
    let text = format!(
        "{head}Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: {value}\n"
    );
    finds(&text, expected);
}

#[test]
fn a_text_stands_where_its_content_begins() {
    name("orders", &["t.yaml:9:18 A1"]);
    name("'orders'", &["t.yaml:9:19 A1"]);
    name("\"alias/a\\u0020b\"", &["t.yaml:9:19 A3"]);
    name("|\n        alias/a", &["t.yaml:10:9 A3"]);
    name(">-\n        orders", &["t.yaml:10:9 A1"]);
    name("''", &["t.yaml:9:19 A2"]);
    name("&anchor orders", &["t.yaml:9:26 A1"]);
    name("!!str orders", &["t.yaml:9:24 A1"]);
    name("null", &[]);
}

#[test]
fn functions_are_followed_as_far_as_the_template_tells() {
    name("!Sub 'alias/${AWS::StackName}:x'", &["t.yaml:9:24 A3"]);
    name("!Sub alias/${AWS::StackName}", &[]);
    name(
        "!Sub |-\n        alias/${AWS::StackName}.x",
        &["t.yaml:10:9 A3"],
    );
    name("{Fn::Sub: ['alias/${X}', {X: a.b}]}", &["t.yaml:9:47 A3"]);
    name("!Sub 'alias/${!Literal}'", &["t.yaml:9:24 A3"]);
    name("!Ref P", &["t.yaml:2:30 A1"]);
    name("!Ref E", &[]);
    name("!If [C, !Ref E, alias/b]", &[]);
    name("!If [C, orders, alias/b]", &["t.yaml:9:26 A1"]);
    name("!If [C, alias/a, !Ref AWS::NoValue]", &[]);
    name("!Ref S", &[]);
    name("!Ref AWS::StackName", &[]);
    name(
        "!Join ['/', [alias, !Ref AWS::StackName, a b]]",
        &["t.yaml:9:59 A3"],
    );
    name("!Join ['', !Ref Parts]", &[]);
    name("!Join [':', [alias, x]]", &["t.yaml:9:31 A1"]);
    name("!Select [1, [alias/a, orders]]", &["t.yaml:9:40 A1"]);
    name("!FindInMap [Names, !Ref AWS::Region, Alias]", &[]);
    name("!ImportValue orders", &[]);
    name("'{{resolve:ssm:/alias/name}}'", &[]);
    name("alias/${AWS::StackName}", &["t.yaml:9:18 A3"]);
}

#[test]
fn a_target_is_judged_in_pieces() {
    let target = |value: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      TargetKeyId: {value}\n"
        )
    };
    let arn = "!Sub arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/app";
    finds(&target(arn), &["t.yaml:5:25 K5"]);
    finds(&target(&arn.replace("alias/app", "key/${K}")), &[]);
    finds(&target(&arn.replace("kms:", "s3:")), &["t.yaml:5:25 K5"]);
    finds(&target("!GetAtt Key.Arn"), &[]);
    finds(&target("!Ref A"), &["t.yaml:5:25 K5"]);
}

#[test]
fn policies_in_a_template_are_checked() {
    let text = r#"Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: kms:Decrypt
            Resource: "*"
            Condition:
              ForAnyValue:StringLike:
                kms:ResourceAliases: alias/app-*
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - !If
                - Wide
                - Effect: Allow
                  Action: [kms:Decrypt]
                  Resource: !Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/app
                - !Ref AWS::NoValue
              - Effect: Allow
                Action: kms:Decrypt
                Resource: [!GetAtt Key.Arn, !Sub "${Key.Arn}"]
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - KMSDecryptPolicy: {KeyId: !Ref Key}
        - Statement:
            Effect: Allow
            Action: kms:Encrypt
            Resource: !Join [":", [arn:aws:kms, !Ref AWS::Region, !Ref AWS::AccountId, alias/app]]
"#;
    finds(
        text,
        &["t.yaml:14:17 W12", "t.yaml:27:34 W1", "t.yaml:40:36 W1"],
    );
}

#[test]
fn a_serverless_service_has_resources_and_statements() {
    let text = "service: s
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: kms:Decrypt
          Resource: arn:aws:kms:${self:provider.region}:${aws:accountId}:alias/app
resources:
  Resources:
    A:
      Type: AWS::KMS::Alias
      Properties:
        AliasName: ${self:custom.prefix, 'alias/${self:service}'}.x
        TargetKeyId: !Ref A
";
    finds(
        text,
        &["t.yaml:9:21 W1", "t.yaml:15:20 A3", "t.yaml:16:27 K5"],
    );
}

#[test]
fn an_assembly_tells_the_region_of_its_own_templates_only() {
    let template = r#"{"Resources": {"A": {"Type": "AWS::KMS::Alias", "Properties": {"TargetKeyId": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":kms:us-east-1:210987654321:key/", {"Ref": "K"}]]}}}}}"#;
    let manifest = |environment: &str| {
        format!(
            r#"{{"version": "36.0.0", "artifacts": {{"S": {{"type": "aws:cloudformation:stack", "environment": "{environment}", "properties": {{"templateFile": "S.template.json"}}}}}}}}"#
        )
    };
    let judge = |environment: &str, path: &str| {
        let manifest = manifest(environment);
        rows(&lint(&[("out/manifest.json", &manifest), (path, template)]))
    };
    assert_eq!(
        judge("aws://210987654321/eu-west-1", "out/S.template.json"),
        ["out/S.template.json:1:134 T2"],
    );
    assert_eq!(
        judge("aws://210987654321/us-east-1", "out/S.template.json"),
        [""; 0]
    );
    assert_eq!(
        judge(
            "aws://unknown-account/unknown-region",
            "out/S.template.json"
        ),
        [""; 0]
    );
    assert_eq!(
        judge("aws://210987654321/eu-west-1", "other/S.template.json"),
        [""; 0]
    );
}

#[test]
fn a_merge_key_brings_members_and_the_own_win() {
    let text = "x: &x\n  Type: AWS::KMS::Alias\nResources:\n  A:\n    <<: *x\n    Properties: {AliasName: orders}\n  B:\n    <<: *x\n    Type: AWS::Lambda::Alias\n    Properties: {AliasName: orders}\n";
    finds(text, &["t.yaml:6:29 A1"]);
}

#[test]
fn a_reference_to_an_alias_is_its_name_w1_w3() {
    let policy = |resource: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties: {{AliasName: alias/a, TargetKeyId: !Ref K}}\n  \
             K: {{Type: 'AWS::KMS::Key'}}\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      \
             PolicyDocument:\n        Version: 2012-10-17\n        Statement:\n          Effect: Allow\n          \
             Action: kms:Decrypt\n          Resource: {resource}\n"
        )
    };
    let arn = "arn:aws:kms:eu-west-3:111122223333:";
    finds(
        &policy(&format!("!Sub '{arn}${{A}}'")),
        &["t.yaml:14:27 W1"],
    );
    finds(
        &policy(&format!("!Join ['', ['{arn}', !Ref A]]")),
        &["t.yaml:14:34 W1"],
    );
    finds(&policy("!Ref A"), &["t.yaml:14:26 W3"]);
    finds(&policy("!GetAtt K.Arn"), &[]);
    // Beside a key an alias is an entry that does nothing, unless the other one covers every key.
    let beside = |key: &str| policy(&format!("[{key}, '{arn}alias/a']"));
    finds(&beside("!GetAtt K.Arn"), &["t.yaml:14:38 W1"]);
    finds(&beside("!GetAtt [K, Arn]"), &["t.yaml:14:41 W1"]);
    finds(&beside("!Sub '${K.Arn}'"), &["t.yaml:14:40 W1"]);
    finds(
        &beside(&format!("!Sub '{arn}key/${{K}}'")),
        &["t.yaml:14:75 W1"],
    );
    finds(&beside(&format!("'{arn}key/*'")), &[]);
    finds(&beside("!Ref Elsewhere"), &[]);
    finds(&policy("!Ref Elsewhere"), &[]);
}

/// Rules A2 and A3, as in Terraform.
#[test]
fn a_wrong_alias_name_is_found_where_another_service_takes_a_key() {
    let template = "Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: alias/my app
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      SSESpecification:
        KMSMasterKeyId: !Sub 'alias/${AWS::StackName}.x'
  Right:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: alias/aws/sqs
";
    let report = lint(&[("template.yaml", template)]);
    assert_eq!(
        rows(&report),
        ["template.yaml:5:23 A3", "template.yaml:10:31 A3"]
    );
}

#[test]
fn brackets_and_quotes_that_close_at_the_depth_of_their_block_are_read_as_cloudformation_reads_them()
 {
    let text = "\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {
        \"Version\": \"2012-10-17\",
      \"Statement\": [{
        \"Effect\": \"Allow\",
        \"Action\": \"kms:Decrypt\",
      \"Resource\": \"arn:aws:kms:eu-west-1:111122223333:alias/app\"
      }]
      }
  Q:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: 'it''s
      described'
      PolicyDocument: !Sub '{
        \"Version\": \"2012-10-17\",
      \"Statement\": []
      }'
  A:
    Type: AWS::KMS::Alias
    Properties:
      TargetKeyId: !GetAtt [
        Key,
      Arn
    ]
      AliasName: orders
";
    finds(text, &["t.yaml:10:20 W1", "t.yaml:29:18 A1"]);
}

#[test]
fn what_is_no_yaml_behind_such_a_bracket_is_told_where_it_stands() {
    let text = "a:\n  b: [\n    c,\n  ]\nd: [e\n";
    let report = lint(&[("t.yaml", text)]);
    let told: Vec<_> = report.unread.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("t.yaml:6:1: not YAML: "), "{told:?}");
}
