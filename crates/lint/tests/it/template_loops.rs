//! `Fn::ForEach` of CloudFormation, and the policy templates of SAM.

use crate::files::{lint, rows};

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    let report = lint(&[("t.yaml", text)]);
    assert_eq!(rows(&report), expected, "{text}\n{:#?}", report.findings);
    assert_eq!(report.unread, []);
}

/// A loop that makes an alias of each of these names.
fn aliases(items: &str, name: &str) -> String {
    format!(
        "Transform: AWS::LanguageExtensions\nParameters:\n  Names: {{Type: CommaDelimitedList, Default: 'a,b'}}\nResources:\n  'Fn::ForEach::Aliases':\n    - Name\n    - {items}\n    - 'Alias&{{Name}}':\n        Type: AWS::KMS::Alias\n        Properties:\n          AliasName: {name}\n          TargetKeyId: !Ref K\n"
    )
}

#[test]
fn names_that_a_loop_makes_of_a_literal_list_are_judged_a1_a3() {
    let list = "[orders, pay.ments]";
    finds(&aliases(list, "!Sub 'alias/${Name}'"), &["t.yaml:7:16 A3"]);
    finds(&aliases(list, "alias/${Name}"), &["t.yaml:7:16 A3"]);
    finds(
        &aliases(list, "!Join ['/', [alias, !Ref Name]]"),
        &["t.yaml:7:16 A3"],
    );
    finds(
        &aliases(list, "!Ref Name"),
        &["t.yaml:7:8 A1", "t.yaml:7:16 A1"],
    );
    // The parts around the item are told where they stand, once.
    finds(
        &aliases("[a, b]", "!Sub 'alias/${Name}.x'"),
        &["t.yaml:11:28 A3"],
    );
    finds(&aliases(list, "!Sub 'alias/&{Name}'"), &[]);
    finds(&aliases("[a, b]", "!Sub 'alias/${Name}'"), &[]);
    finds(&aliases("[1, 2]", "!Sub 'alias/${Name}'"), &[]);
}

#[test]
fn a_loop_over_what_is_not_known_is_judged_where_every_item_breaks_a_rule_a3() {
    for items in ["!Ref Names", "!Split [',', !Ref X]"] {
        finds(&aliases(items, "!Sub 'alias/${Name}'"), &[]);
        finds(&aliases(items, "!Ref Name"), &[]);
        finds(
            &aliases(items, "!Sub 'alias/${Name}.x'"),
            &["t.yaml:11:28 A3"],
        );
    }
    finds(&aliases("[!Ref Stage, b]", "!Sub 'alias/${Name}'"), &[]);
}

#[test]
fn references_to_what_a_loop_makes_are_followed_k5() {
    let text = aliases("[a, b]", "!Sub 'alias/${Name}'")
        + "  Other:\n    Type: AWS::KMS::Alias\n    Properties: {AliasName: alias/o, TargetKeyId: !Ref Aliasb}\n";
    finds(&text, &["t.yaml:15:56 K5"]);
}

#[test]
fn loops_within_loops_and_within_properties_are_written_out_a3_w1() {
    finds(
        "Resources:\n  Fn::ForEach::Outer:\n    - A\n    - [x, y]\n    - Fn::ForEach::Inner:\n        - B\n        - [p, 'q:']\n        - Alias${A}&{B}:\n            Type: AWS::KMS::Alias\n            Properties: {AliasName: !Sub 'alias/${A}-${B}'}\n",
        &["t.yaml:7:16 A3"],
    );
    finds(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          Effect: Allow\n          Action: kms:Decrypt\n          Resource: '*'\n          Condition:\n            Fn::ForEach::Tests:\n              - Set\n              - [ForAnyValue]\n              - '${Set}:StringEquals': {'kms:ResourceAliases': orders}\n",
        &["t.yaml:14:64 W10"],
    );
}

#[test]
fn loops_that_multiply_end() {
    let items = (0..100)
        .map(|at| format!("i{at}"))
        .collect::<Vec<_>>()
        .join(", ");
    let mut body = String::from("{A: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/a}}}");
    for level in 0..12 {
        body = format!("{{'Fn::ForEach::L{level}': [V{level}, [{items}], {body}]}}");
    }
    finds(&format!("Resources: {body}\n"), &[]);
}

#[test]
fn an_alias_is_no_key_of_a_policy_template_of_sam_w3() {
    let function = |kind: &str, policies: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nParameters:\n  KeyAlias: {{Type: String, Default: alias/app}}\nResources:\n  A: {{Type: 'AWS::KMS::Alias', Properties: {{AliasName: alias/a, TargetKeyId: !Ref K}}}}\n  K: {{Type: 'AWS::KMS::Key'}}\n  F:\n    Type: AWS::Serverless::{kind}\n    Properties:\n      Policies:\n{policies}\n"
        )
    };
    for kind in ["Function", "StateMachine"] {
        for template in ["KMSDecryptPolicy", "KMSEncryptPolicy", "KMSEncryptPolicyV2"] {
            let column = 21 + template.len();
            let wrong = function(kind, &format!("        - {template}: {{KeyId: alias/app}}"));
            finds(&wrong, &[&format!("t.yaml:11:{column} W3")]);
            let right =
                format!("        - {template}: {{KeyId: !Ref K}}\n        - AWSLambdaExecute");
            finds(&function(kind, &right), &[]);
        }
    }
    let of = |key_id: &str| {
        function(
            "Function",
            &format!("        KMSDecryptPolicy:\n          KeyId: {key_id}"),
        )
    };
    finds(&of("!Ref A"), &["t.yaml:12:23 W3"]);
    let words = "SAM puts `key/` before this `KeyId`, and `arn:…:kms:…:…:key/alias/app` is the ARN of no key";
    let report = lint(&[("t.yaml", &of("alias/app"))]);
    assert!(report.findings[0].message.starts_with(words));
    finds(&of("!Ref KeyAlias"), &["t.yaml:3:37 W3"]);
    finds(&of("!Sub 'alias/${AWS::StackName}'"), &["t.yaml:12:24 W3"]);
    finds(
        &of("!Sub arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/app"),
        &["t.yaml:12:23 W3"],
    );
    // An ARN has `key/` already.
    finds(&of("!GetAtt K.Arn"), &["t.yaml:12:26 K1"]);
    finds(
        &of("arn:aws:kms:us-east-1:111122223333:key/*"),
        &["t.yaml:12:18 K1"],
    );
    finds(
        &of("!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${K}'"),
        &["t.yaml:12:24 K1"],
    );
    finds(
        &of("key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6"),
        &["t.yaml:12:18 K1"],
    );
    finds(&of("!Select [1, !Split ['/', !GetAtt K.Arn]]"), &[]);
    let report = lint(&[("t.yaml", &of("!GetAtt K.Arn"))]);
    let words = "`arn:…:kms:…:…:key/…` is an ARN, and SAM puts `arn:…:key/` before this `KeyId`";
    assert!(report.findings[0].message.starts_with(words));
    finds(&of("!Ref Elsewhere"), &[]);
    finds(&of("5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6"), &[]);
    finds(&of("'*'"), &[]);
    finds(&of("!ImportValue alias"), &[]);
    // A branch of a condition is only what is written in it.
    let chosen = |key_id: &str| {
        let chosen =
            format!("!If [Has, {{KMSDecryptPolicy: {{KeyId: {key_id}}}}}, !Ref AWS::NoValue]");
        [
            function("Function", &format!("        - {chosen}")),
            function("Function", &format!("        {chosen}")),
        ]
    };
    let [in_list, alone] = chosen("alias/app");
    finds(&in_list, &["t.yaml:11:48 W3"]);
    finds(&alone, &["t.yaml:11:46 W3"]);
    for key_id in ["!Ref K", "!Ref KeyAlias"] {
        for right in chosen(key_id) {
            finds(&right, &[]);
        }
    }
    let other = function(
        "Function",
        "        - S3ReadPolicy: {BucketName: alias/app}",
    );
    finds(&other, &[]);
}
