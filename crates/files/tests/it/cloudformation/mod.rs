//! Templates of CloudFormation and assemblies of CDK, made by hand.

use kms_alias_files::{Accounts, File, Options, ReadRun, RunInput, read_run};
use kms_alias_foresee::verdict::{KeyReference, NameReference, Request, judge};
use serde_json::{Value, json};

mod arguments;
mod around;
mod assemblies;
mod assemblies_that_run;
mod circles;
mod drift;
mod functions;
mod loops;
mod nested;
mod parts;
mod placed;
mod refused;
mod repeated;
mod replicas;
mod running;
mod shapes;
mod words;
mod yaml;

use crate::plans::{NOW, Told, judged, tell, told};

fn template(resources: Value) -> Value {
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
}

fn key(properties: Value) -> Value {
    json!({"Type": "AWS::KMS::Key", "Properties": properties})
}

fn alias(name: Value, target: Value) -> Value {
    json!({"Type": "AWS::KMS::Alias", "Properties": {"AliasName": name, "TargetKeyId": target}})
}

#[track_caller]
fn becomes(old: &Value, new: &Value, exit: u8, steps: &[&str]) -> Told {
    let told = told(&new.to_string(), None, Some(&old.to_string()));
    let found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    assert_eq!((found, told.exit), (steps.to_vec(), exit));
    told
}

fn read(text: &str, parameters: &[(&str, &str)]) -> ReadRun {
    let file = File {
        name: "template",
        bytes: text.as_bytes(),
    };
    let mut input = RunInput::new(file, NOW);
    input.parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    let mut accounts = Accounts::unknown(Options::default());
    read_run(&input, &mut accounts).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn step<'r>(read: &'r ReadRun, address: &str) -> &'r Request {
    let step = read.run.steps.iter();
    let mut step = step.filter(|step| step.address.as_deref() == Some(address));
    &step
        .next()
        .unwrap_or_else(|| panic!("{address}: {read:?}"))
        .request
}

#[track_caller]
fn created<'r>(read: &'r ReadRun, address: &str) -> (&'r NameReference, &'r KeyReference) {
    match step(read, address) {
        Request::CreateAlias {
            alias_name,
            target_key_id,
        } => (alias_name, target_key_id),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_name_that_changes_is_made_first_and_deleted_last() {
    let of = |name: &str| {
        template(json!({"K": key(json!({})), "A": alias(json!(name), json!({"Ref": "K"}))}))
    };
    becomes(&of("alias/x"), &of("alias/x"), 0, &[]);
    becomes(
        &of("alias/x"),
        &of("alias/y"),
        0,
        &["A CreateAlias ok", "A DeleteAlias ok"],
    );
    let mut kept = of("alias/y");
    kept["Resources"]["A"]["UpdateReplacePolicy"] = json!("Retain");
    becomes(&of("alias/x"), &kept, 0, &["A CreateAlias ok"]);
}

#[test]
fn what_goes_is_deleted_unless_it_is_kept() {
    let whole =
        template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"}))}));
    let none = template(json!({"B": {"Type": "AWS::S3::Bucket"}}));
    let told = becomes(&whole, &none, 0, &["A DeleteAlias ok"]);
    assert!(told.rules.is_empty());
    let mut kept = whole.clone();
    kept["Resources"]["A"]["DeletionPolicy"] = json!("RetainExceptOnCreate");
    kept["Resources"]["K"]["DeletionPolicy"] = json!("Retain");
    becomes(&kept, &none, 0, &[]);
}

#[test]
fn an_alias_moves_to_a_key_of_its_own_type_and_usage_u3_u4() {
    let old =
        template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"}))}));
    let new = |properties: Value| {
        template(json!({
            "K": key(json!({})), "New": key(properties),
            "A": alias(json!("alias/x"), json!({"Fn::GetAtt": ["New", "Arn"]}))
        }))
    };
    let told = becomes(&old, &new(json!({})), 0, &["A UpdateAlias ok"]);
    assert_eq!(told.rules, ["F3"]);
    becomes(
        &old,
        &new(json!({"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"})),
        1,
        &["A UpdateAlias refused ValidationException"],
    );
    let dying = template(json!({
        "New": key(json!({})), "A": alias(json!("alias/x"), json!({"Fn::GetAtt": "New.Arn"}))
    }));
    let told = becomes(&old, &dying, 0, &["A UpdateAlias ok"]);
    assert_eq!(told.rules, ["F2", "F3"]);
}

/// CloudFormation compares the values, and its handler sends UpdateAlias whatever key that names.
#[test]
fn a_target_whose_form_changes_is_asked_for_again_u7() {
    let of = |target: Value| {
        template(json!({"K": key(json!({})), "A": alias(json!("alias/x"), target)}))
    };
    let id = json!({"Ref": "K"});
    let arn = json!({"Fn::GetAtt": ["K", "Arn"]});
    let told = becomes(&of(id.clone()), &of(arn.clone()), 0, &["A UpdateAlias ok"]);
    assert!(told.rules.is_empty(), "the alias does not move: {told:?}");
    becomes(&of(arn.clone()), &of(id.clone()), 0, &["A UpdateAlias ok"]);
    becomes(&of(arn), &of(json!({"Fn::Sub": "${K.Arn}"})), 0, &[]);
    becomes(&of(id), &of(json!({"Fn::GetAtt": ["K", "KeyId"]})), 0, &[]);
}

#[test]
fn what_a_key_is_cannot_be_changed_f9() {
    let old = template(json!({"K": key(json!({"KeySpec": "SYMMETRIC_DEFAULT"}))}));
    let same = template(json!({"K": key(json!({}))}));
    assert!(
        becomes(&old, &same, 0, &[]).rules.is_empty(),
        "the default is written out"
    );
    let new =
        template(json!({"K": key(json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}))}));
    // The update certainly fails, though KMS refuses nothing.
    assert_eq!(becomes(&old, &new, 1, &[]).rules, ["F9"]);
    // By a parameter of which only the running value is not known, it is not certain.
    let of = |allowed: Value| {
        let mut new = template(json!({"K": key(json!({"MultiRegion": {"Ref": "P"}}))}));
        new["Parameters"] = json!({"P": {"Type": "String", "AllowedValues": allowed}});
        new
    };
    assert_eq!(
        becomes(&old, &of(json!(["true", "false"])), 3, &[]).rules,
        ["F8"]
    );
    assert_eq!(becomes(&old, &of(json!(["true"])), 1, &[]).rules, ["F9"]);
    let mut open = of(json!([]));
    open["Parameters"] = json!({"P": {"Type": "String"}});
    assert_eq!(becomes(&old, &open, 3, &[]).rules, ["F8"]);
}

#[test]
fn the_account_tells_which_key_stands_behind_a_logical_id() {
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let arn = "arn:aws:kms:eu-west-3:111122223333";
    let account = json!({
        "Aliases": [{"AliasName": "alias/x", "AliasArn": format!("{arn}:alias/x"), "TargetKeyId": id},
            {"AliasName": "alias/taken", "AliasArn": format!("{arn}:alias/taken"), "TargetKeyId": id}],
        "KeyMetadata": {"KeyId": id, "Arn": format!("{arn}:key/{id}"), "KeyState": "Disabled", "KeySpec": "HMAC_256",
            "KeyUsage": "GENERATE_VERIFY_MAC", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"}
    });
    let mac = json!({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"});
    let old =
        template(json!({"K": key(mac.clone()), "A": alias(json!("alias/x"), json!({"Ref": "K"}))}));
    let new = template(json!({
        "K": key(mac), "A": alias(json!("alias/x"), json!({"Ref": "K"})),
        "B": alias(json!("alias/y"), json!({"Ref": "K"})), "C": alias(json!("alias/taken"), json!({"Ref": "K"}))
    }));
    let told = told(
        &new.to_string(),
        Some(&account.to_string()),
        Some(&old.to_string()),
    );
    assert_eq!(
        told.steps,
        [
            "B CreateAlias ok",
            "C CreateAlias refused AlreadyExistsException"
        ]
    );
    // The template says that the key is enabled, and the account that it is not.
    assert_eq!((told.exit, told.rules), (1, vec!["F5".to_owned()]));
}

const YAML: &str = "
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Stage: {Type: String, Default: dev}
  Names: {Type: CommaDelimitedList, Default: 'alias/one, alias/two'}
  Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}
Mappings:
  Of:
    dev: {name: alias/mapped}
    prod: {name: alias/mapped-prod}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsNotProd: !Not [Condition: IsProd]
  Either: !Or [!Condition IsProd, !Equals [a, a]]
  Unknown: !Equals [!Ref Secret, prod]
Resources:
  Key:
    Type: AWS::KMS::Key
  OnlyProd:
    Type: AWS::KMS::Alias
    Condition: IsProd
    Properties: {AliasName: alias/prod, TargetKeyId: !Ref Key}
  NotProd:
    Type: AWS::KMS::Alias
    Condition: IsNotProd
    Properties: {AliasName: !Sub 'alias/${Stage}', TargetKeyId: !GetAtt Key.Arn}
  Joined:
    Type: AWS::KMS::Alias
    Properties: {AliasName: !Join ['/', [alias, !Ref Stage, x]], TargetKeyId: !GetAtt [Key, Arn]}
  Selected:
    Type: AWS::KMS::Alias
    Properties: {AliasName: !Select [1, !Ref Names], TargetKeyId: !Select [1, !Split ['/', !GetAtt Key.Arn]]}
  Mapped:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: !FindInMap [Of, !Ref Stage, name]
      TargetKeyId: !Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}'
  Chosen:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: !If [Either, alias/either, alias/neither]
      TargetKeyId: !If [Unknown, !Ref Key, !ImportValue other]
  Named:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: !Sub ['alias/${Part}-${AWS::StackName}', {Part: !Ref Secret}]
      TargetKeyId: '{{resolve:ssm:/key}}'
";

#[test]
fn functions_and_conditions_are_evaluated_as_far_as_they_are_known() {
    let read = read(YAML, &[]);
    let key = read
        .run
        .steps
        .iter()
        .position(|step| matches!(step.request, Request::CreateKey { .. }));
    let made = KeyReference::MadeBy(key.expect("a key"));
    for (address, name) in [
        ("NotProd", "alias/dev"),
        ("Joined", "alias/dev/x"),
        ("Selected", "alias/two"),
        ("Mapped", "alias/mapped"),
    ] {
        assert_eq!(
            created(&read, address),
            (&NameReference::Text(name.into()), &made),
            "{address}"
        );
    }
    assert!(
        !read
            .run
            .steps
            .iter()
            .any(|step| step.address.as_deref() == Some("OnlyProd"))
    );
    let (name, target) = created(&read, "Chosen");
    assert_eq!(*name, NameReference::Text("alias/either".into()));
    assert!(
        matches!(target, KeyReference::Unknown(key) if &*key.label == "${Key} or ${Fn::ImportValue other}")
    );
    let (name, target) = created(&read, "Named");
    assert!(
        matches!(name, NameReference::Unknown(name)
            if &*name.label == "alias/${Secret}-${AWS::StackName}" && &*name.prefix == "alias/"),
        "{name:?}"
    );
    assert!(matches!(target, KeyReference::Unknown(key) if &*key.label == "{{resolve:ssm:/key}}"));
}

#[test]
fn parameters_that_are_handed_in_are_known() {
    let read = read(YAML, &[("Stage", "prod"), ("AWS::StackName", "app")]);
    let (name, _) = created(&read, "OnlyProd");
    assert_eq!(*name, NameReference::Text("alias/prod".into()));
    assert!(
        !read
            .run
            .steps
            .iter()
            .any(|step| step.address.as_deref() == Some("NotProd"))
    );
    let (name, _) = created(&read, "Named");
    assert!(matches!(name, NameReference::Unknown(name) if &*name.label == "alias/${Secret}-app"));
}

#[test]
fn what_is_not_read_is_told_f8() {
    let text = json!({
        "Transform": ["AWS::LanguageExtensions", "MyMacro"],
        "Resources": {
            "Nested": {"Type": "AWS::CloudFormation::Stack"},
            "Maybe": {"Type": "AWS::KMS::Key", "Condition": "Unknown"},
            "Fn::ForEach::Keys": []
        },
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"Unknown": {"Fn::Equals": [{"Ref": "P"}, "x"]}}
    });
    let read = read(&text.to_string(), &[]);
    assert_eq!(read.advice.len(), 4, "{:?}", read.advice);
    assert!(
        read.advice
            .iter()
            .all(|advice| advice.rule.number() == "F8")
    );
}

#[test]
fn a_template_does_not_pass_of_which_a_part_is_not_judged_f8() {
    let key = || json!({"Type": "AWS::KMS::Key"});
    for (template, exit) in [
        (json!({"Resources": {"K": key()}}), 0),
        (
            json!({"Transform": "AWS::LanguageExtensions", "Resources": {"K": key()}}),
            0,
        ),
        (
            json!({"Transform": "AWS::LanguageExtensions", "Resources": {"K": key(),
                "Fn::ForEach::More": ["Name", ["a", "b"], {"Key${Name}": key()}]}}),
            0,
        ),
        (
            json!({"Transform": "AWS::LanguageExtensions", "Parameters": {"P": {"Type": "CommaDelimitedList"}},
                "Resources": {"K": key(), "Fn::ForEach::More": ["Name", {"Ref": "P"}, {"Key${Name}": key()}]}}),
            3,
        ),
        (
            json!({"Transform": ["Macro"], "Resources": {"K": key()}}),
            3,
        ),
        (
            json!({"Resources": {"K": key(), "N": {"Type": "AWS::CloudFormation::Stack"}}}),
            3,
        ),
    ] {
        let told = crate::plans::told(&template.to_string(), None, None);
        assert_eq!(told.exit, exit, "{template}");
    }
}

#[test]
fn a_resource_waits_for_what_it_depends_on() {
    let text = template(json!({
        "K": key(json!({})),
        "First": alias(json!("alias/x"), json!({"Ref": "K"})),
        "Between": {"Type": "AWS::S3::Bucket", "DependsOn": "First"},
        "Second": {"Type": "AWS::KMS::Alias", "DependsOn": ["Between"],
            "Properties": {"AliasName": "alias/x", "TargetKeyId": {"Ref": "K"}}}
    }));
    let told = told(&text.to_string(), None, None);
    assert_eq!(
        told.steps,
        [
            "First CreateAlias ok",
            "Second CreateAlias refused AlreadyExistsException"
        ]
    );
}

#[test]
fn what_is_literal_in_a_name_may_break_it_whatever_the_rest_is_a3() {
    let gets = |name: &str, exit: u8, outcome: &str| {
        let new = template(json!({
            "K": key(json!({})), "A": alias(json!({"Fn::Sub": name}), json!({"Ref": "K"}))
        }));
        let told = told(&new.to_string(), None, None);
        let expected = [format!("A CreateAlias {outcome}")];
        assert_eq!(
            (&told.steps[..], told.exit),
            (&expected[..], exit),
            "{name}"
        );
    };
    gets(
        "alias/${AWS::StackName}.x",
        1,
        "refused ValidationException",
    );
    gets(
        "alias/a b/${AWS::StackName}",
        1,
        "refused ValidationException",
    );
    gets(
        "alias/${AWS::StackName}:x",
        1,
        "refused ValidationException",
    );
    gets("alias/${AWS::StackName}/x", 3, "undecided");
}

#[test]
fn a_resource_that_is_left_out_puts_no_others_in_order() {
    let of = |between: Value, values: Value| {
        let first = alias(json!("alias/x"), json!({"Ref": "K"}));
        let mut last = first.clone();
        last["Properties"]["AliasName"] = json!({
            "Fn::If": ["Is", {"Fn::Sub": ["alias/x", {"Unused": {"Ref": "B"}}]}, "alias/x"]
        });
        let mut between = between;
        between["DependsOn"] = json!("A");
        between["Condition"] = json!("Is");
        let mut text = template(json!({"K": key(json!({})), "A": first, "B": between, "C": last}));
        text["Conditions"] = json!({"Is": {"Fn::Equals": values}});
        let mut steps = told(&text.to_string(), None, None).steps;
        steps.retain(|step| !step.starts_with('B'));
        steps
    };
    let other = alias(json!("alias/y"), json!({"Ref": "K"}));
    for between in [other, json!({"Type": "AWS::SNS::Topic"})] {
        assert_eq!(
            of(between.clone(), json!(["a", "a"])),
            [
                "A CreateAlias ok",
                "C CreateAlias refused AlreadyExistsException"
            ]
        );
        assert_eq!(
            of(between, json!(["a", "b"])),
            ["A CreateAlias undecided", "C CreateAlias undecided"]
        );
    }
}
