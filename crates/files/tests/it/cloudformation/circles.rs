//! Conditions and resources that refer to each other in a circle, and names and attributes that are not
//! there: CloudFormation refuses them before it makes anything.

use super::refused::{passes, said};
use super::*;

fn with_conditions(conditions: Value) -> Value {
    let mut with = template(json!({
        "K": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"}))
    }));
    with["Conditions"] = conditions;
    with["Parameters"] = json!({"P": {"Type": "String", "AllowedValues": ["y", "n"]}});
    with
}

const IN_A_CIRCLE: &str =
    "CloudFormation refuses the template (circular dependency); take one of these references out";

#[test]
fn conditions_that_go_round_are_no_template() {
    let open = json!({"Fn::Equals": [{"Ref": "P"}, "y"]});
    for (conditions, circle) in [
        (json!({"A": {"Condition": "A"}}), "`A` refers to itself"),
        (
            json!({"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}),
            "`A` refers to `B`, `B` refers to `A`",
        ),
        (
            json!({
                "First": {"Fn::Or": [open, {"Condition": "X"}]},
                "X": {"Fn::And": [open, {"Fn::Not": [{"Condition": "Y"}]}]},
                "Y": {"Fn::Or": [{"Condition": "Open"}, {"Condition": "X"}]}, "Open": open
            }),
            "`X` refers to `Y`, `Y` refers to `X`",
        ),
    ] {
        let new = with_conditions(conditions);
        let words = format!("conditions refer to each other in a circle: {circle}: {IN_A_CIRCLE}");
        // Whether or not a resource has the condition.
        assert_eq!(said(&new, None), Err(format!("t:1: {words}")));
        let other = with_conditions(json!({}));
        assert_eq!(said(&other, Some(&new)), Err(format!("old:1: {words}")));
        // A macro may make others of them.
        let mut made = new.clone();
        made["Transform"] = json!("MyMacro");
        assert_eq!(said(&made, None).map(|told| told.exit), Ok(3));
        let mut sam = new;
        sam["Transform"] = json!("AWS::Serverless-2016-10-31");
        assert_eq!(said(&sam, None), Err(format!("t:1: {words}")));
    }
    let each_other = json!({
        "A": {"Fn::And": [{"Condition": "B"}, {"Condition": "C"}]}, "B": {"Condition": "C"}, "C": open
    });
    passes(&with_conditions(each_other), None, &["A CreateAlias ok"]);
}

#[test]
fn a_condition_refers_to_conditions_and_parameters_that_are_there() {
    for (condition, words) in [
        (
            json!({"Fn::Not": [{"Condition": "Opne"}]}),
            "Conditions.C refers to `Opne`, but the template has no condition of that name",
        ),
        (
            json!({"Fn::Equals": [{"Ref": "Q"}, "y"]}),
            "Conditions.C.Fn::Equals[0] refers to `Q`, but the template has no parameter of that name \
             (conditions can refer to nothing else)",
        ),
        (
            json!({"Fn::Equals": [{"Fn::Sub": "${K}-x"}, "y"]}),
            "Conditions.C.Fn::Equals[0] refers to `K`, but",
        ),
    ] {
        let new = with_conditions(json!({
            "C": condition, "Open": {"Fn::Equals": [{"Ref": "P"}, {"Ref": "AWS::Region"}]}
        }));
        let error = said(&new, None).expect_err("not there");
        assert!(error.starts_with(&format!("t:1: {words}")), "{error}");
    }
}

#[test]
fn resources_that_refer_to_each_other_are_no_template() {
    let topic = |properties: Value| json!({"Type": "AWS::SNS::Topic", "Properties": properties});
    let of = |mut x: Value, depends_on: Value| {
        x["DependsOn"] = depends_on;
        template(json!({
            "K": key(json!({})), "A": alias(json!("alias/x"), json!({"Ref": "K"})), "X": x
        }))
    };
    let policy = json!({"KeyPolicy": {"Resource": {"Fn::GetAtt": ["X", "Arn"]}}});
    let mut both = of(
        topic(json!({"TopicName": {"Fn::Sub": "${Y.TopicName}"}})),
        json!([]),
    );
    both["Resources"]["Y"] = topic(json!({}));
    both["Resources"]["Y"]["DependsOn"] = json!("X");
    for (new, circle) in [
        (
            of(key(policy), json!([])),
            "`X` refers to itself (Resources.X.Properties.KeyPolicy.Resource)",
        ),
        (
            of(topic(json!({})), json!(["A", "X"])),
            "`X` refers to itself (Resources.X.DependsOn)",
        ),
        (
            both.clone(),
            "`X` refers to `Y` (Resources.X.Properties.TopicName), `Y` refers to `X` (Resources.Y.DependsOn)",
        ),
    ] {
        let words =
            format!("t:1: resources refer to each other in a circle: {circle}: {IN_A_CIRCLE}");
        assert_eq!(said(&new, None), Err(words));
    }
    // SAM makes a permission of its own of what refers back.
    both["Resources"]["X"]["Type"] = json!("AWS::Serverless::Function");
    both["Transform"] = json!("AWS::Serverless-2016-10-31");
    passes(&both, None, &["A CreateAlias ok"]);
}

/// What is not made, and a value that is not chosen, is no part of a circle.
#[test]
fn a_circle_counts_as_far_as_its_references_are_made() {
    let of = |condition: Value| {
        let mut of = with_conditions(json!({"C": condition}));
        of["Resources"]["A"]["DependsOn"] = json!("B");
        let name = json!({"Fn::If": ["C", {"Fn::Sub": "${A}-b"}, "alias/b"]});
        of["Resources"]["B"] = alias(name, json!({"Ref": "K"}));
        of
    };
    let error = said(&of(json!({"Fn::Equals": ["a", "a"]})), None).expect_err("a circle");
    assert!(error.contains("`A` refers to `B`"), "{error}");
    let ok = ["A CreateAlias ok", "B CreateAlias ok"];
    passes(&of(json!({"Fn::Equals": ["a", "b"]})), None, &ok);
    // Where it is not known, nothing is made in one of the worlds.
    passes(&of(json!({"Fn::Equals": [{"Ref": "P"}, "y"]})), None, &ok);
}

#[test]
fn an_attribute_that_a_resource_of_kms_does_not_have_is_no_template() {
    let replica = json!({"Type": "AWS::KMS::ReplicaKey", "Properties": {
        "PrimaryKeyArn": "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        "KeyPolicy": {}
    }});
    let of = |target: Value| {
        template(json!({
            "K": key(json!({})), "R": replica, "N": alias(json!("alias/n"), json!({"Ref": "K"})),
            "A": alias(json!("alias/x"), target)
        }))
    };
    let has = "which has no attribute";
    let refuses = "CloudFormation refuses the template";
    for (target, words) in [
        (
            json!({"Fn::GetAtt": ["K", "Foo"]}),
            format!(
                "`K` is of type `AWS::KMS::Key`, {has} `Foo` for `Fn::GetAtt`, it has `Arn` and `KeyId`: {refuses}"
            ),
        ),
        (
            json!({"Fn::Sub": "${K.ARN}"}),
            format!(
                "`K` is of type `AWS::KMS::Key`, {has} `ARN` for `Fn::GetAtt`, it has `Arn` and `KeyId`: {refuses}; did \
                     you mean `Arn`?"
            ),
        ),
        (
            json!({"Fn::GetAtt": "R.PrimaryKeyArn"}),
            format!(
                "`R` is of type `AWS::KMS::ReplicaKey`, {has} `PrimaryKeyArn` for `Fn::GetAtt`, it has `Arn` and \
                     `KeyId`: {refuses}"
            ),
        ),
        (
            json!({"Fn::GetAtt": ["N", "AliasName"]}),
            format!(
                "`N` is of type `AWS::KMS::Alias`, {has} `AliasName` for `Fn::GetAtt`, it has none: `Ref` gives its \
                     name: {refuses}"
            ),
        ),
    ] {
        let words = format!("t:1: Resources.A.Properties.TargetKeyId: {words}");
        assert_eq!(said(&of(target), None), Err(words));
    }
    let mut out = of(json!({"Fn::GetAtt": ["K", "KeyId"]}));
    out["Outputs"] = json!({"O": {"Value": {"Fn::GetAtt": ["K", "Id"]}}});
    let error = said(&out, None).expect_err("no such attribute");
    assert!(error.starts_with("t:1: Outputs.O.Value: `K` is"), "{error}");
}

/// CloudFormation follows references in the metadata of a resource as in its properties.
#[test]
fn what_metadata_refers_to_is_there() {
    let of = |metadata: Value| {
        let mut of = with_conditions(json!({"No": {"Fn::Equals": ["a", "b"]}}));
        of["Resources"]["L"] = key(json!({}));
        of["Resources"]["L"]["Condition"] = json!("No");
        of["Resources"]["A"]["Metadata"] = metadata;
        of
    };
    passes(
        &of(json!({"aws:cdk:path": "App/A", "Of": {"Ref": "K"}})),
        None,
        &["A CreateAlias ok"],
    );
    for (name, words) in [
        (
            "M",
            "refers to `M`, but the template has no parameter or resource of that name",
        ),
        (
            "L",
            "refers to `L`, which is not made, as its condition `No` does not hold",
        ),
    ] {
        let error = said(&of(json!({"Of": {"Ref": name}})), None).expect_err("not there");
        let words = format!("t:1: Resources.A.Metadata.Of {words}");
        assert!(error.starts_with(&words), "{error}");
    }
}

/// Templates that nest each other: each of these files has the next one, and the last one that of this number.
fn ring(names: &[&'static str], back_to: usize, condition: bool) -> Vec<(&'static str, Value)> {
    let following = names.iter().skip(1).chain(&names[back_to..=back_to]);
    let each = names.iter().zip(following).map(|(name, next)| {
        let file = next.rsplit('/').next().expect("a name");
        let parameters = match condition {
            true => json!({"Level": {"Ref": "Level"}}),
            false => json!({}),
        };
        let mut of = template(json!({
            "K": key(json!({})), "Again": nested::stack(file, parameters)
        }));
        if condition {
            of["Parameters"] = json!({"Level": {"Type": "String"}});
            of["Conditions"] = json!({"More": {"Fn::Equals": [{"Ref": "Level"}, "x"]}});
            of["Resources"]["Again"]["Condition"] = json!("More");
        }
        (*name, of)
    });
    each.collect()
}

#[test]
fn templates_that_nest_each_other_in_a_circle_cannot_be_used() {
    let words = |file: &str, links: &str| {
        format!(
            "{file}:1: Resources.Again: templates are nested in a circle: {links}: CloudFormation could never make all of these \
             stacks; take one of them out"
        )
    };
    for (names, back_to, file, links) in [
        (
            &["d/a.json"][..],
            0,
            "d/a.json",
            "the template of `Again` of a.json is a.json",
        ),
        (
            &["d/a.json", "d/b.json"],
            0,
            "d/b.json",
            "the template of `Again` of a.json is b.json, the template of `Again` of b.json is a.json",
        ),
        (
            &["d/a.json", "d/b.json"],
            1,
            "d/b.json",
            "the template of `Again` of b.json is b.json",
        ),
    ] {
        let told = nested::said(&ring(names, back_to, false), &[], &[]);
        assert_eq!(told, Err(words(file, links)));
    }
}

/// Parameters may end it: whether a nested stack is made depends on its condition there.
#[test]
fn a_circle_of_templates_that_a_condition_may_end_is_not_judged() {
    let names = ["d/a.json", "d/b.json"];
    let of = |level: &str| nested::said(&ring(&names, 0, true), &[], &[("Level", level)]);
    assert_eq!(of("y").map(|told| told.exit), Ok(0));
    let told = of("x").expect("a template");
    assert_eq!(told.exit, 3);
}
