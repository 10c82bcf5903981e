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
                "t:1: Resources.A.Properties.AliasName.Fn::Select: the list has 2 values, and none with the index 2 (the \
                 first has 0): CloudFormation refuses the template",
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
            "t:1: Resources.A.Properties.AliasName.Fn::FindInMap: the mapping `{map}` of the template has no `{second}` under \
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

/// Where the Region is not known, it is one of those that the mapping has: others are refused.
#[test]
fn a_value_by_the_region_is_one_of_those_of_the_mapping_a4() {
    let of = |other: &str| {
        let name = json!({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "name"]});
        let mut of = named(json!({"Fn::Sub": ["alias/${N}", {"N": name}]}));
        of["Mappings"] =
            json!({"Names": {"eu-west-3": {"name": "a"}, "us-west-2": {"name": other}}});
        // What is in a policy is no matter.
        let by_region = json!({"Fn::FindInMap": ["Accounts", {"Ref": "AWS::Region"}, "of"]});
        of["Resources"]["K"]["Properties"]["KeyPolicy"] = json!({"Principal": by_region});
        of["Mappings"]["Accounts"] = json!({"eu-west-3": {"of": "1"}, "us-west-2": {"of": "2"}});
        told(&of.to_string(), None, None)
    };
    let ok = of("b");
    assert_eq!(
        (ok.steps, ok.exit),
        (vec!["A CreateAlias ok".to_owned()], 0)
    );
    let open = of("aws/b");
    assert_eq!(
        (open.steps, open.exit),
        (vec!["A CreateAlias undecided".to_owned()], 3)
    );
}

#[test]
fn what_base64_and_the_suffix_of_addresses_are_is_known() {
    let of = |value: Value, expected: &str| {
        let mut of = named(json!("alias/x"));
        of["Conditions"]["Is"] = json!({"Fn::Equals": [value, expected]});
        of["Resources"]["A"]["Condition"] = json!("Is");
        let text = of.to_string();
        let mut input = RunInput::new(
            File {
                name: "t",
                bytes: text.as_bytes(),
            },
            NOW,
        );
        input.parameters = vec![("AWS::Region".into(), "eu-west-3".into())];
        let mut options = Options::default();
        options.region = "cn-north-1".parse().ok();
        let judged =
            kms_alias_files::judge_run(&input, Accounts::unknown(options)).expect("a template");
        tell(&judged.read, &judged.judgement).steps.len()
    };
    assert_eq!(of(json!({"Fn::Base64": "foobar"}), "Zm9vYmFy"), 1);
    assert_eq!(of(json!({"Fn::Base64": "foobar"}), "foobar"), 0);
    assert_eq!(of(json!({"Ref": "AWS::URLSuffix"}), "amazonaws.com.cn"), 1);
    assert_eq!(of(json!({"Ref": "AWS::URLSuffix"}), "amazonaws.com"), 0);
}

/// A policy may be any, and be chosen by conditions of which there are more combinations than are tried.
#[test]
fn conditions_on_which_no_verdict_hangs_are_not_tried() {
    let mut of = named(json!("alias/x"));
    let mut conditions = json!({});
    let mut statements = Vec::new();
    for number in 0..40 {
        let name = format!("C{number}");
        of["Parameters"][format!("P{number}")] =
            json!({"Type": "String", "AllowedValues": ["y", "n"]});
        conditions[&name] = json!({"Fn::Equals": [{"Ref": format!("P{number}")}, "y"]});
        statements.push(json!({"Fn::If": [name, {"Effect": "Allow"}, {"Ref": "AWS::NoValue"}]}));
    }
    of["Conditions"] = conditions;
    of["Resources"]["K"]["Properties"]["KeyPolicy"] = json!({"Statement": statements});
    passes(&of, None, &["A CreateAlias ok"]);
    // Nor is it with a template that runs.
    let mut old = of.clone();
    old["Resources"]["A"]["Properties"]["AliasName"] = json!("alias/y");
    passes(&of, Some(&old), &["A CreateAlias ok", "A DeleteAlias ok"]);
}
