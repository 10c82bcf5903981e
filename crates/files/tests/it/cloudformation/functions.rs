//! Functions with which CloudFormation refuses a template.

use super::refused::{passes, said};
use super::*;

/// A template whose alias has this name.
fn named(name: Value) -> Value {
    let mut of = template(json!({"K": key(json!({})), "A": alias(name, json!({"Ref": "K"}))}));
    of["Mappings"] = json!({"M": {"a": {"name": "alias/a"}}});
    of["Parameters"] = json!({
        "Names": {"Type": "CommaDelimitedList", "Default": "alias/a, alias/b"},
        "Others": {"Type": "CommaDelimitedList"}
    });
    of["Conditions"] = json!({"No": {"Fn::Equals": ["a", "b"]}});
    of
}

#[track_caller]
fn is_refused(template: &Value, words: &str) {
    let error = said(template, None).expect_err("CloudFormation refuses it");
    assert!(error.contains(words), "{error}");
}

fn without_a_certain_name(name: Value) {
    let told = said(&named(name), None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(told.exit, 3, "{:?}", told.steps);
}

#[test]
fn a_select_outside_of_its_list_is_refused() {
    let select = |index: Value, list: Value| json!({"Fn::Select": [index, list]});
    for list in [
        json!(["alias/a", "alias/b"]),
        json!({"Ref": "Names"}),
        json!({"Fn::Split": [",", "alias/a,alias/b"]}),
    ] {
        for index in [json!(2), json!("2")] {
            is_refused(
                &named(select(index, list.clone())),
                "t: Resources.A.Properties.AliasName.Fn::Select: the list has 2 values, and none with the index 2, which \
                 counts from 0: CloudFormation refuses the template",
            );
        }
        passes(&named(select(json!(1), list)), None, &["A CreateAlias ok"]);
    }
    let id = json!({"Fn::Split": ["/", {"Ref": "K"}]});
    is_refused(&named(select(json!(1), id)), "the list has 1 values");
    // A list that is not known, or may hold one.
    without_a_certain_name(select(json!(7), json!({"Ref": "Others"})));
    without_a_certain_name(select(json!(7), json!([{"Ref": "Others"}])));
    let chosen = json!({"Fn::If": ["No", select(json!(7), json!(["alias/a"])), "alias/x"]});
    passes(&named(chosen), None, &["A CreateAlias ok"]);
}

#[test]
fn a_mapping_without_the_key_is_refused() {
    let find =
        |map: &str, first: &str, second: &str| json!({"Fn::FindInMap": [map, first, second]});
    for (map, first, second) in [("N", "a", "name"), ("M", "b", "name"), ("M", "a", "title")] {
        let words = format!(
            "t: Resources.A.Properties.AliasName.Fn::FindInMap: the mapping `{map}` of the template has no `{second}` of \
             `{first}`: CloudFormation refuses the template"
        );
        is_refused(&named(find(map, first, second)), &words);
    }
    passes(&named(find("M", "a", "name")), None, &["A CreateAlias ok"]);
    let mut included = named(find("M", "b", "name"));
    included["Mappings"]["M"]["Fn::Transform"] = json!({"Name": "AWS::Include"});
    assert_eq!(said(&included, None).map(|told| told.exit), Ok(3));
    let mut extended =
        named(json!({"Fn::FindInMap": ["M", "b", "name", {"DefaultValue": "alias/x"}]}));
    extended["Transform"] = json!("AWS::LanguageExtensions");
    passes(&extended, None, &["A CreateAlias ok"]);
}

#[test]
fn what_a_parameter_would_not_find_it_is_not() {
    let find = json!({"Fn::FindInMap": ["M", {"Ref": "P"}, "name"]});
    let of = |allowed: Value| {
        let mut of = named(find.clone());
        of["Parameters"]["P"] = json!({"Type": "String", "AllowedValues": allowed});
        of
    };
    passes(&of(json!(["a", "b"])), None, &["A CreateAlias ok"]);
    is_refused(&of(json!(["b", "c"])), "a function finds nothing");
    let mut both = of(json!(["a", "b"]));
    both["Mappings"]["M"]["b"] = json!({"name": "alias/aws/b"});
    let told = said(&both, None).expect("a template");
    assert_eq!(
        (told.steps, told.exit),
        (vec!["A CreateAlias undecided".to_owned()], 3)
    );
}

#[test]
fn functions_of_the_language_extensions_are_refused_without_their_transform() {
    let default = json!({"Fn::FindInMap": ["M", "b", "name", {"DefaultValue": "alias/x"}]});
    let length = json!({"Fn::Sub": ["alias/${N}", {"N": {"Fn::Length": ["a"]}}]});
    let text = json!({"Fn::ToJsonString": {"a": "b"}});
    let mut looped = named(json!("alias/x"));
    looped["Resources"]["Fn::ForEach::Each"] =
        json!(["N", ["a"], {"B${N}": alias(json!("alias/b"), json!({"Ref": "K"}))}]);
    for (template, what) in [
        (named(default), "the `DefaultValue` of `Fn::FindInMap`"),
        (named(length), "`Fn::Length`"),
        (named(text), "`Fn::ToJsonString`"),
        (looped, "`Fn::ForEach`"),
    ] {
        is_refused(
            &template,
            &format!(
                ": CloudFormation has {what} only with the transform `AWS::LanguageExtensions`, and refuses the template: \
                 add `Transform: AWS::LanguageExtensions`"
            ),
        );
        let mut extended = template.clone();
        extended["Transform"] = json!("AWS::LanguageExtensions");
        assert!(said(&extended, None).is_ok());
        let mut other = template;
        other["Transform"] = json!("Mine");
        assert!(said(&other, None).is_ok());
    }
}

/// What a function gives that is not evaluated is the same value only where it is written alike.
#[test]
fn values_of_functions_that_are_not_known_may_differ_a6() {
    let cidr = |index: u8| json!({"Fn::Select": [index, {"Fn::Cidr": [{"Ref": "P"}, 4, 8]}]});
    let zone = |index: u8| json!({"Fn::Select": [index, {"Fn::GetAZs": ""}]});
    let of = |one: Value, other: Value| {
        let name = |value: Value| json!({"Fn::Join": ["-", ["alias/x", value]]});
        let mut of = template(json!({
            "K": key(json!({})), "A": alias(name(one), json!({"Ref": "K"})), "B": alias(name(other), json!({"Ref": "K"}))
        }));
        of["Parameters"] = json!({"P": {"Type": "String"}});
        of
    };
    for (one, other) in [(zone(0), zone(1)), (cidr(0), cidr(1))] {
        let told = told(&of(one.clone(), other).to_string(), None, None);
        assert_eq!(told.exit, 3, "{told:?}");
        // One name twice is taken by the first, if it is a name at all.
        let both = crate::plans::told(&of(one.clone(), one).to_string(), None, None);
        assert_ne!(both.exit, 0, "{both:?}");
    }
    let mut equal = of(zone(0), json!("y"));
    equal["Conditions"] = json!({"Same": {"Fn::Equals": [zone(0), zone(1)]}});
    equal["Resources"]["A"]["Condition"] = json!("Same");
    equal["Resources"]["A"]["Properties"]["AliasName"] = json!("alias/aws/x");
    assert_eq!(told(&equal.to_string(), None, None).exit, 3);
    // With another value of what it is made of it may be another.
    let value = json!({"Fn::Base64": {"Fn::Sub": "${Q}-${AWS::StackName}"}});
    let mut one = of(value, json!("y"));
    one["Parameters"]["Q"] = json!({"Type": "String", "Default": "q"});
    let mut other = one.clone();
    other["Parameters"]["Q"]["Default"] = json!("r");
    let same = told(&one.to_string(), None, Some(&one.to_string()));
    assert_eq!((same.steps.len(), same.exit), (0, 0));
    let told = told(&other.to_string(), None, Some(&one.to_string()));
    assert_eq!((told.steps.len(), told.exit), (2, 3), "{told:?}");
}
