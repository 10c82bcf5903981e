//! What a nested stack has from its parent and in which order it runs with that, and what a resource depends on.

use super::nested::{becomes, gets, of_parameters, said, stack, with_a_key};
use super::*;

fn with_condition(mut template: Value) -> Value {
    template["Parameters"]["P"] = json!({"Type": "String"});
    template["Conditions"] = json!({"Is": {"Fn::Equals": [{"Ref": "P"}, "y"]}});
    template
}

/// CloudFormation follows neither a branch that is not taken nor a variable of `Fn::Sub`.
#[test]
fn what_is_not_referred_to_puts_nothing_in_order_t1() {
    let of = |description: Value| {
        let mut new = with_condition(template(json!({
            "K": key(json!({"Description": description})), "A": alias(json!("alias/a"), json!({"Ref": "K"}))
        })));
        new["Conditions"]["No"] = json!({"Fn::Equals": ["a", "b"]});
        new
    };
    let choice = json!({"Fn::If": ["No", {"Ref": "A"}, "x"]});
    let variable = json!({"Fn::Sub": ["${A}", {"A": "x"}]});
    for description in [choice, variable] {
        let told = told(&of(description.clone()).to_string(), None, None);
        assert_eq!(told.steps, ["A CreateAlias ok"], "{description}");
    }
}

#[test]
fn a_branch_that_is_not_taken_leaves_the_order_of_two_names_open_a6() {
    let of = |condition: &str| {
        let bucket = json!({"Fn::If": [condition, {"Ref": "A"}, "x"]});
        let mut last = alias(json!("alias/a"), json!({"Ref": "K"}));
        last["DependsOn"] = json!("B");
        let mut new = template(json!({
            "K": key(json!({})), "A": alias(json!("alias/a"), json!({"Ref": "K"})),
            "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}, "D": last
        }));
        new["Conditions"] =
            json!({"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}});
        told(&new.to_string(), None, None).steps
    };
    let taken = "D CreateAlias refused AlreadyExistsException";
    assert_eq!(of("Yes"), ["A CreateAlias ok", taken]);
    let open = ["A CreateAlias undecided", "D CreateAlias undecided"];
    assert_eq!(of("No"), open);
}

/// CloudFormation cleans up nested stacks once all of them are updated.
#[test]
fn what_goes_from_a_nested_stack_goes_after_all_that_is_made_a6() {
    let k = || key(json!({}));
    let x = |logical_id: &str| {
        let mut outer = template(json!({"Z": k()}));
        outer["Resources"][logical_id] = stack("inner.json", json!({"Name": "alias/x"}));
        outer
    };
    let own = template(json!({"Z": k(), "A": alias(json!("alias/x"), json!({"Ref": "Z"}))}));
    let taken = "CreateAlias refused AlreadyExistsException";
    // From one nested stack to another, from the parent, and to it.
    becomes(
        (&x("X"), &with_a_key()),
        (&x("Y"), &with_a_key()),
        1,
        &["X/KeyAlias DeleteAlias ok", &format!("Y/KeyAlias {taken}")],
    );
    becomes(
        (&own, &with_a_key()),
        (&x("X"), &with_a_key()),
        1,
        &["A DeleteAlias ok", &format!("X/KeyAlias {taken}")],
    );
    let mut keyless = with_a_key();
    keyless["Resources"] = json!({"K": k()});
    let mut to_parent = x("X");
    let of_nested = json!({"Fn::GetAtt": ["X", "Outputs.Key"]});
    to_parent["Resources"]["A"] = alias(json!("alias/x"), of_nested);
    becomes(
        (&x("X"), &with_a_key()),
        (&to_parent, &keyless),
        1,
        &[&format!("A {taken}"), "X/KeyAlias DeleteAlias ok"],
    );
}

/// What a policy keeps stands under its name.
#[test]
fn the_aliases_of_a_nested_stack_that_is_kept_stand_a6() {
    let own = || template(json!({"Z": key(json!({}))}));
    let mut old = own();
    old["Resources"]["X"] = stack("inner.json", json!({"Name": "alias/x"}));
    old["Resources"]["X"]["DeletionPolicy"] = json!("Retain");
    let mut new = own();
    new["Resources"]["A"] = alias(json!("alias/x"), json!({"Ref": "Z"}));
    let inner = with_a_key();
    becomes((&old, &inner), (&own(), &inner), 0, &[]);
    let taken = "A CreateAlias refused AlreadyExistsException";
    becomes((&old, &inner), (&new, &inner), 1, &[taken]);
    // Those of a stack inside it too.
    let mid = template(json!({"In": stack("inner.json", json!({"Name": "alias/x"}))}));
    old["Resources"]["X"]["Properties"]["TemplateURL"] = json!("mid.json");
    let files = [
        ("old/outer.json", old),
        ("old/mid.json", mid),
        ("old/inner.json", inner),
    ];
    gets(said(&[("new/outer.json", new)], &files, &[]), 1, &[taken]);
}

#[test]
fn each_value_that_a_parameter_of_a_nested_stack_may_get_is_tried() {
    let of = |parameters: Value, given: &[(&str, &str)]| {
        let outer = with_condition(template(json!({"Nested": stack("inner.json", parameters)})));
        said(
            &[("outer.json", outer), ("inner.json", with_a_key())],
            &[],
            given,
        )
    };
    let none = json!({"Ref": "AWS::NoValue"});
    let ok = ["Nested/KeyAlias CreateAlias ok"];
    for parameters in [
        json!({"Name": {"Fn::If": ["Is", "alias/y", none]}}),
        json!({"Fn::If": ["Is", {"Name": "alias/y"}, none]}),
    ] {
        gets(of(parameters, &[]), 0, &ok);
    }
    let reserved = json!({"Fn::If": ["Is", {"Name": "alias/aws/y"}, none]});
    let undecided = ["Nested/KeyAlias CreateAlias undecided"];
    gets(of(reserved.clone(), &[]), 3, &undecided);
    let refused = ["Nested/KeyAlias CreateAlias refused InvalidAliasNameException"];
    gets(of(reserved.clone(), &[("P", "y")]), 1, &refused);
    gets(of(reserved, &[("P", "n")]), 0, &ok);
}

#[test]
fn a_nested_stack_without_a_value_or_an_output_that_it_needs_is_no_template() {
    let none = json!({"Ref": "AWS::NoValue"});
    let outer =
        template(json!({"Nested": stack("inner.json", json!({"Name": "alias/x", "Key": none}))}));
    let words = "outer.json:1: Resources.Nested.Properties.Parameters has no value for the parameter `Key` of the template \
                 inner.json, which has no default: CloudFormation refuses to make the nested stack";
    let files = [("outer.json", outer), ("inner.json", of_parameters())];
    assert_eq!(said(&files, &[], &[]), Err(words.to_owned()));
    let of_nested = json!({"Fn::GetAtt": ["Nested", "Outputs.Key"]});
    let outer = template(json!({
        "Nested": stack("inner.json", json!({})), "A": alias(json!("alias/a"), of_nested)
    }));
    let of = |value: &str| {
        let mut inner = with_condition(with_a_key());
        inner["Parameters"]["P"]["Default"] = json!(value);
        inner["Outputs"]["Key"]["Condition"] = json!("Is");
        let files = [("outer.json", outer.clone()), ("inner.json", inner)];
        said(&files, &[], &[])
    };
    gets(
        of("y"),
        0,
        &["A CreateAlias ok", "Nested/KeyAlias CreateAlias ok"],
    );
    let words = "outer.json:1: Resources.A.Properties.TargetKeyId refers to the output `Key` of the nested stack `Nested`, \
                 which is not made, as its condition `Is` in the template inner.json does not hold: the parent stack \
                 fails";
    assert_eq!(of("n"), Err(words.to_owned()));
}

#[test]
fn of_a_nested_stack_that_is_not_made_nothing_is_missing_f8() {
    let mut nested = stack("none.json", json!({}));
    nested["Condition"] = json!("Is");
    let outer = with_condition(template(json!({"K": key(json!({})), "Nested": nested})));
    let of = |given| said(&[("outer.json", outer.clone())], &[], &[("P", given)]);
    gets(of("n"), 0, &[]);
    gets(of("y"), 3, &[]);
}

#[test]
fn loops_over_a_parameter_of_a_nested_stack_are_written_out() {
    let inner = |default: Option<&str>| {
        let one = alias(json!({"Fn::Sub": "alias/${N}"}), json!({"Ref": "K"}));
        let mut inner = template(json!({
            "K": key(json!({})), "Fn::ForEach::Aliases": ["N", {"Ref": "Names"}, {"A${N}": one}]
        }));
        inner["Transform"] = json!("AWS::LanguageExtensions");
        inner["Parameters"] = json!({"Names": {"Type": "CommaDelimitedList"}});
        if let Some(default) = default {
            inner["Parameters"]["Names"]["Default"] = json!(default);
        }
        inner
    };
    let of = |parameters: Value, default: Option<&str>, given: &[(&str, &str)]| {
        let mut outer = template(json!({"Nested": stack("inner.json", parameters)}));
        outer["Parameters"] = json!({"All": {"Type": "CommaDelimitedList"}});
        let files = [("outer.json", outer), ("inner.json", inner(default))];
        said(&files, &[], given)
    };
    let refused = "Nested/Aaws CreateAlias refused InvalidAliasNameException";
    let both = [
        "Nested/Aaws CreateAlias refused InvalidAliasNameException",
        "Nested/Ax CreateAlias ok",
    ];
    gets(of(json!({"Names": "x, aws"}), None, &[]), 1, &both);
    gets(of(json!({}), Some("aws"), &[]), 1, &[refused]);
    let joined = json!({"Names": {"Fn::Join": [",", {"Ref": "All"}]}});
    gets(
        of(joined.clone(), Some("y"), &[("All", "aws")]),
        1,
        &[refused],
    );
    // The default is none where the parent has a value that is not known.
    gets(of(joined, Some("y"), &[]), 3, &[]);
}

/// What a loop of the running template made may have the name.
#[test]
fn a_loop_of_the_running_template_that_is_not_written_out_is_told_f8() {
    let of = |loops: &str| {
        let one = alias(json!({"Fn::Sub": "alias/${N}"}), json!({"Ref": "K"}));
        let mut one_of = template(json!({"K": key(json!({}))}));
        let mut body = json!({});
        body[format!("{loops}${{N}}")] = one;
        one_of["Resources"]["Fn::ForEach::Aliases"] = json!(["N", {"Ref": "Names"}, body]);
        one_of["Transform"] = json!("AWS::LanguageExtensions");
        one_of["Parameters"] = json!({"Names": {"Type": "CommaDelimitedList"}});
        one_of
    };
    let (old, new) = ([("old.json", of("A"))], [("new.json", of("B"))]);
    let told = said(&new, &old, &[("Names", "y")]).expect("a template");
    assert_eq!((told.exit, &told.rules[..]), (3, &["F8".to_owned()][..]));
}

/// CloudFormation reads no template of a nested stack that it does not make.
#[test]
fn what_is_wrong_with_a_nested_stack_that_is_not_made_is_no_fault() {
    let round = key(json!({"Description": {"Ref": "A"}}));
    let wrong = [
        template(json!({"A": alias(json!("alias/a"), json!({"Ref": "Nowhere"}))})),
        template(json!({"K": round, "A": alias(json!("alias/a"), json!({"Ref": "K"}))})),
        template(json!({})),
    ];
    for inner in wrong {
        let mut nested = stack("inner.json", json!({}));
        nested["Condition"] = json!("Is");
        let outer = with_condition(template(json!({"K": key(json!({})), "Nested": nested})));
        let files = [("outer.json", outer), ("inner.json", inner)];
        gets(said(&files, &[], &[("P", "n")]), 0, &[]);
        let made = said(&files, &[], &[("P", "y")]).expect_err("a fault");
        assert!(made.starts_with("inner.json:1: "), "{made}");
        let told = said(&files, &[], &[]);
        assert!(told.is_ok(), "it may not be made: {told:?}");
    }
}

#[test]
fn a_nested_stack_has_no_attributes_but_its_outputs() {
    let of = |condition: &str| {
        let target =
            json!({"Fn::If": [condition, {"Fn::GetAtt": ["Nested", "Key"]}, {"Ref": "K"}]});
        let mut outer = template(json!({
            "K": key(json!({})), "Nested": stack("inner.json", json!({})), "A": alias(json!("alias/a"), target)
        }));
        outer["Conditions"] =
            json!({"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}});
        said(
            &[("outer.json", outer), ("inner.json", with_a_key())],
            &[],
            &[],
        )
    };
    let made = ["A CreateAlias ok", "Nested/KeyAlias CreateAlias ok"];
    gets(of("No"), 0, &made);
    let words = "outer.json:1: Resources.A.Properties.TargetKeyId.Fn::If[1] refers to the attribute `Key` of the nested stack \
                 `Nested`, but a nested stack has no others than its outputs: CloudFormation refuses the template; did you \
                 mean `Outputs.Key`?";
    assert_eq!(of("Yes"), Err(words.to_owned()));
}

/// What a condition compares in a nested stack is the value of the parent that it gets.
#[test]
fn conditions_of_a_parent_and_a_nested_stack_hang_together_a6() {
    let of = |negated: bool| {
        let mut inner = with_condition(template(json!({
            "K": key(json!({})), "A": alias(json!("alias/a"), json!({"Ref": "K"}))
        })));
        inner["Resources"]["A"]["Condition"] = json!("Is");
        let passed = stack("inner.json", json!({"P": {"Ref": "P"}}));
        let mid = stack("mid.json", json!({"P": {"Ref": "P"}}));
        let mut b = alias(json!("alias/a"), json!({"Ref": "Z"}));
        b["Condition"] = json!(if negated { "Not" } else { "Is" });
        let mut outer = with_condition(template(json!({"Z": key(json!({})), "B": b, "Mid": mid})));
        outer["Conditions"]["Not"] = json!({"Fn::Not": [{"Condition": "Is"}]});
        let mut mid = template(json!({"Nested": passed}));
        mid["Parameters"] = json!({"P": {"Type": "String"}});
        let files = [
            ("outer.json", outer),
            ("mid.json", mid),
            ("inner.json", inner),
        ];
        said(&files, &[], &[])
    };
    let ok = ["Mid/Nested/A CreateAlias ok", "B CreateAlias ok"];
    gets(of(true), 0, &ok);
    assert_eq!(of(false).expect("a template").exit, 3, "both, or none");
}

/// An output that may not be made, and one that may be either of two keys, is that of each way.
#[test]
fn an_output_under_a_condition_that_is_not_known_is_judged_in_each_way_t6() {
    let of_nested = json!({"Fn::GetAtt": ["Nested", "Outputs.Key"]});
    let of = |condition: Option<&str>, value: Value| {
        let mut inner = with_condition(template(json!({"K": key(json!({})), "L": key(json!({}))})));
        inner["Outputs"] = json!({"Key": {"Value": value}});
        if let Some(condition) = condition {
            inner["Outputs"]["Key"]["Condition"] = json!(condition);
        }
        let nested = stack("inner.json", json!({"P": {"Ref": "P"}}));
        let mut outer = template(json!({
            "Nested": nested, "A": alias(json!("alias/a"), of_nested.clone())
        }));
        outer["Parameters"] = json!({"P": {"Type": "String"}});
        said(&[("outer.json", outer), ("inner.json", inner)], &[], &[])
    };
    let made = || json!({"Ref": "K"});
    // Where it is not made, the parent stack fails before it asks KMS.
    gets(of(Some("Is"), made()), 0, &["A CreateAlias ok"]);
    let either = json!({"Fn::If": ["Is", {"Ref": "K"}, {"Ref": "L"}]});
    gets(of(None, either), 0, &["A CreateAlias ok"]);
    let text = json!({"Fn::If": ["Is", {"Ref": "K"}, "alias/x"]});
    gets(of(None, text), 3, &["A CreateAlias undecided"]);
}
