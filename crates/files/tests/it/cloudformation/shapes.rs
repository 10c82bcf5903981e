//! What CloudFormation refuses for its form: properties that a type does not have, and values that are no text.

use super::refused::said;
use super::*;

fn with(properties: Value) -> Value {
    template(
        json!({"K": key(json!({})), "A": {"Type": "AWS::KMS::Alias", "Properties": properties}}),
    )
}

fn words(new: &Value) -> String {
    match said(new, None) {
        Ok(told) => panic!("{told:?}"),
        Err(words) => words,
    }
}

#[test]
fn a_property_that_a_type_does_not_have_is_told_f8() {
    let alias = |more: Value| {
        let mut properties = json!({"AliasName": "alias/a", "TargetKeyId": {"Ref": "K"}});
        for (name, value) in more.as_object().expect("a map") {
            properties[name] = value.clone();
        }
        said(&with(properties), None).expect("steps")
    };
    let told = alias(json!({"Tags": []}));
    assert_eq!((told.exit, &told.rules[..]), (3, &["F8".to_owned()][..]));
    assert_eq!(told.steps, ["A CreateAlias ok"]);
    assert!(alias(json!({})).rules.is_empty());
    let all = json!({"Description": "d", "KeyPolicy": {}, "Tags": [], "EnableKeyRotation": true, "RotationPeriodInDays": 90,
        "BypassPolicyLockoutSafetyCheck": false, "Enabled": true, "MultiRegion": false, "PendingWindowInDays": 7});
    let known = said(&template(json!({"K": key(all)})), None).expect("steps");
    assert!(known.rules.is_empty(), "{known:?}");
    let wrong = said(
        &template(json!({"K": key(json!({"KeySpecs": "RSA_2048"}))})),
        None,
    );
    assert_eq!(wrong.expect("steps").exit, 3);
}

#[test]
fn a_value_on_which_a_verdict_hangs_is_a_text_or_a_function() {
    let refused = "; CloudFormation refuses the template";
    let target = "t:1: Resources.A.Properties.TargetKeyId: ";
    let null = "there is no value here: write one, or leave the name out";
    for (value, wanted) in [
        (json!(null), null),
        (json!({"Fn::Join": ["", ["a", null]]}), null),
        (
            json!(["a"]),
            "this is a list: write one text, or choose one of the list with `Fn::Select`",
        ),
        (
            json!({"Fn::Split": ["/", "a/b"]}),
            "this is a list: write one text, or choose one of the list with `Fn::Select`",
        ),
        (json!({"Key": "K"}), "this is a map, and no function"),
        (
            json!({"Ref": "K", "Fn::GetAtt": ["K", "Arn"]}),
            "these are two functions: write one, with the other inside it",
        ),
        (
            json!({"Ref": "K", "Key": "K"}),
            "this is a function with something beside it: leave that out",
        ),
    ] {
        let new = with(json!({"AliasName": "alias/a", "TargetKeyId": value}));
        assert_eq!(words(&new), format!("{target}{wanted}{refused}"));
    }
    let new = template(json!({"K": {"Type": "AWS::KMS::Key", "Properties": null}}));
    assert_eq!(
        words(&new),
        format!("t:1: Resources.K.Properties: {null}{refused}")
    );
    let name = with(json!({"AliasName": ["alias/a"], "TargetKeyId": {"Ref": "K"}}));
    assert!(words(&name).starts_with("t:1: Resources.A.Properties.AliasName: this is a list"));
    // Of what is not made CloudFormation reads no properties.
    let mut open = with(json!({"AliasName": ["alias/a"], "TargetKeyId": {"Ref": "K"}}));
    open["Conditions"] = json!({"No": {"Fn::Equals": ["a", "b"]}});
    open["Resources"]["A"]["Condition"] = json!("No");
    assert_eq!(said(&open, None).expect("steps").exit, 0);
}

#[test]
fn a_policy_is_a_text_without_the_transform_that_has_functions_there() {
    let mut new = with(json!({"AliasName": "alias/a", "TargetKeyId": {"Ref": "K"}}));
    new["Conditions"] = json!({"Yes": {"Fn::Equals": ["a", "a"]}});
    new["Resources"]["A"]["DeletionPolicy"] = json!({"Fn::If": ["Yes", "Retain", "Delete"]});
    let expected = "t:1: Resources.A.DeletionPolicy: a text such as `Retain` is expected here, and a function only with the \
                    transform `AWS::LanguageExtensions`: CloudFormation refuses the template";
    assert_eq!(words(&new), expected);
    new["Transform"] = json!("AWS::LanguageExtensions");
    assert_eq!(said(&new, None).expect("steps").exit, 0);
    // There it counts.
    let mut without = new.clone();
    without["Resources"]
        .as_object_mut()
        .expect("a map")
        .remove("A");
    let kept = said(&without, Some(&new)).expect("steps");
    assert!(kept.steps.is_empty(), "{kept:?}");
}

#[test]
fn a_pseudo_parameter_that_there_is_not_is_a_name_that_the_template_lacks() {
    let of = |name: &str| {
        with(
            json!({"AliasName": {"Fn::Sub": format!("alias/a${{AWS::{name}}}")}, "TargetKeyId": {"Ref": "K"}}),
        )
    };
    let expected = "t:1: Resources.A.Properties.AliasName refers to `AWS::Regions`, but there is no pseudo parameter of that \
                    name: CloudFormation refuses the template; did you mean `AWS::Region`?";
    assert_eq!(words(&of("Regions")), expected);
    assert!(said(&of("Region"), None).is_ok());
    let mut new = of("Region");
    new["Conditions"] = json!({"C": {"Fn::Equals": [{"Ref": "AWS::Foo"}, "a"]}});
    assert!(words(&new).contains("refers to `AWS::Foo`"));
}
