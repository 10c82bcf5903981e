//! What a file leaves open is judged in each way in which it can be.

use kms_alias::Rule;
use kms_alias_files::{
    Accounts, File, JudgedRun, Options, RunInput, judge_run, read_account, read_run,
};
use kms_alias_foresee::verdict::{Conclusion, Need, Outcome, Possible};
use kms_alias_testing::size;
use serde_json::{Value, json};

use crate::builder::{id, scope};
use crate::plans::NOW;

/// A list of aliases, each on a key of its own.
fn standing(names: &[&str]) -> String {
    let entry = |(number, name): (u32, &&str)| json!({"AliasName": name, "AliasArn": format!("{}:{name}", scope()), "TargetKeyId": id(number)});
    json!({"Aliases": (1..).zip(names).map(entry).collect::<Vec<_>>()}).to_string()
}

fn accounts(standing: &str) -> Accounts {
    let file = File {
        name: "account",
        bytes: standing.as_bytes(),
    };
    read_account(&[file], Options::default()).expect("an account")
}

fn judged(changes: &Value, standing: &str) -> JudgedRun {
    let changes = changes.to_string();
    let file = File {
        name: "changes",
        bytes: changes.as_bytes(),
    };
    judge_run(&RunInput::new(file, NOW), accounts(standing)).expect("a run")
}

/// The outcome of the step of this address, and there is one.
fn outcome<'j>(judged: &'j JudgedRun, address: &str) -> &'j Outcome {
    let steps = judged.read.run.steps.iter();
    let mut of_address = steps
        .zip(&judged.judgement.outcomes)
        .filter(|(step, _)| step.address.as_deref() == Some(address));
    let (_, outcome) = of_address.next().expect("the step");
    assert!(of_address.next().is_none(), "one step");
    outcome
}

/// A template of one alias for each parameter, whose name has its value and which is an output too.
fn of_parameters(allowed: &[&[&str]]) -> Value {
    let mut template = of_parameters_in_names(allowed);
    for number in 0..allowed.len() {
        template["Outputs"][format!("O{number}")] = json!({"Value": {"Ref": format!("P{number}")}});
    }
    template
}

/// A template of one alias for each parameter, which nothing has but its name.
fn of_parameters_in_names(allowed: &[&[&str]]) -> Value {
    let mut parameters = json!({});
    let mut resources = json!({"Key": {"Type": "AWS::KMS::Key"}});
    for (number, values) in allowed.iter().enumerate() {
        parameters[format!("P{number}")] = json!({"Type": "String", "AllowedValues": values});
        resources[format!("A{number}")] = json!({"Type": "AWS::KMS::Alias", "Properties": {
            "AliasName": {"Fn::Sub": format!("alias/{number}-${{P{number}}}")}, "TargetKeyId": {"Ref": "Key"}}});
    }
    json!({"Parameters": parameters, "Resources": resources})
}

#[test]
fn the_values_that_a_parameter_may_have_are_all_that_is_judged() {
    let template = of_parameters(&[&["dev", "prod"]]);
    let of = |names: &[&str]| judged(&template, &standing(names));
    let taken = of(&["alias/0-dev", "alias/0-prod"]);
    assert_eq!((taken.ways, taken.conclusion()), (2, Conclusion::Fails));
    let Outcome::Refused { could_be } = outcome(&taken, "A0") else {
        panic!("{taken:?}");
    };
    let rules: Vec<_> = could_be.iter().map(|answer| answer.rule).collect();
    assert_eq!(rules, [Rule::A6, Rule::A6]);
    assert_ne!(could_be[0].message, could_be[1].message);

    let half = of(&["alias/0-dev"]);
    assert_eq!((half.ways, half.conclusion()), (2, Conclusion::Undecided));
    let Outcome::Undecided {
        needs, could_be, ..
    } = outcome(&half, "A0")
    else {
        panic!("{half:?}");
    };
    assert_eq!(needs.len(), 1);
    assert!(matches!(&needs[0], Need::Name { .. }), "{needs:?}");
    assert_eq!(could_be.len(), 2);
    assert_eq!(could_be[0], Possible::Ok);
    // Nothing is told of what stands afterwards: it is not one thing.
    assert!(half.afterwards.is_empty());
    assert!(!half.judgement.open.is_empty());

    let free = of(&["alias/0-test"]);
    assert_eq!((free.ways, free.conclusion()), (2, Conclusion::Passes));
    assert_eq!(*outcome(&free, "A0"), Outcome::Ok);
}

#[test]
fn a_step_needs_only_what_its_own_verdict_hangs_on() {
    let template = of_parameters(&[&["a", "b"], &["c", "d"]]);
    let judged = judged(&template, &standing(&["alias/0-a", "alias/1-c"]));
    assert_eq!(judged.ways, 4);
    let needs = |address| match outcome(&judged, address) {
        Outcome::Undecided { needs, .. } => needs.clone(),
        other => panic!("{other:?}"),
    };
    let (first, second) = (needs("A0"), needs("A1"));
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
}

#[test]
fn a_resource_that_exists_in_some_ways_only_is_judged_in_those() {
    let alias = |condition: Value| {
        let mut alias = json!({"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/app", "TargetKeyId": {"Ref": "Key"}}});
        if let Value::String(_) = condition {
            alias["Condition"] = condition;
        }
        alias
    };
    let template = |one: Value, other: Value| {
        json!({
            "Parameters": {"Env": {"Type": "String"}},
            "Conditions": {
                "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                "Other": {"Fn::Not": [{"Condition": "Prod"}]}
            },
            "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "One": alias(one), "Two": alias(other)}
        })
    };
    let account = standing(&["alias/stands"]);
    let either = judged(&template("Prod".into(), "Other".into()), &account);
    assert_eq!((either.ways, either.conclusion()), (2, Conclusion::Passes));
    assert_eq!(*outcome(&either, "One"), Outcome::Ok);
    assert_eq!(*outcome(&either, "Two"), Outcome::Ok);
    // Together with one that is always there, one of the two is refused, and which is not said.
    let both = judged(&template("Prod".into(), Value::Null), &account);
    assert_eq!((both.ways, both.conclusion()), (2, Conclusion::Undecided));
    assert!(matches!(outcome(&both, "Two"), Outcome::Undecided { .. }));
}

#[test]
fn a_refused_step_that_may_not_be_taken_says_on_what_that_hangs_a6() {
    let template = json!({
        "Parameters": {"Use": {"Type": "String", "AllowedValues": ["yes", "no"]}},
        "Conditions": {"Used": {"Fn::Equals": [{"Ref": "Use"}, "yes"]}},
        "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "A": {"Type": "AWS::KMS::Alias", "Condition": "Used",
            "Properties": {"AliasName": "alias/app", "TargetKeyId": {"Ref": "Key"}}}}
    });
    let judged = judged(&template, &standing(&["alias/app"]));
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
    assert!(matches!(outcome(&judged, "A"), Outcome::Refused { .. }));
    let mut steps = judged.read.run.steps.iter();
    let step = steps
        .find(|step| step.address.as_deref() == Some("A"))
        .expect("the step");
    let notes = step
        .notes
        .iter()
        .filter(|note| note.fits(outcome(&judged, "A")));
    let notes: Vec<_> = notes.map(|note| &*note.words).collect();
    assert_eq!(
        notes,
        ["whether this step is taken at all depends on the value of Use"]
    );
}

#[test]
fn two_steps_of_one_address_keep_a_verdict_each() {
    let old = |name: &str, key: u32| json!({"name": name, "target_key_id": id(key), "arn": format!("{}:{name}", scope())});
    let change = |name: &str, before: Value| {
        json!({"address": format!("aws_kms_alias.{name}"), "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["delete"], "before": before, "after": null, "after_unknown": {}}})
    };
    let again = change("a", old("alias/gone", 2));
    let create = |name: &str| {
        json!({"address": format!("aws_kms_alias.{name}"), "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["create"], "before": null,
                "after": {"name": "alias/new", "target_key_id": id(1)}, "after_unknown": {}}})
    };
    let resource = |name: &str, provider: &str| {
        json!({"address": format!("aws_kms_alias.{name}"), "type": "aws_kms_alias",
            "provider_config_key": provider, "expressions": {}})
    };
    let region = json!({"constant_value": "eu-west-3"});
    let plan = json!({"format_version": "1.2",
    "resource_changes": [change("a", old("alias/stands", 1)), again, create("b"), create("c")],
    "configuration": {
        "provider_config": {
            "aws": {"name": "aws", "expressions": {"region": region}},
            "aws.b": {"name": "aws", "expressions": {"region": region, "profile": {"constant_value": "b"}}},
            "aws.c": {"name": "aws", "expressions": {"region": region, "profile": {"constant_value": "c"}}}
        },
        "root_module": {"resources": [resource("a", "aws"), resource("b", "aws.b"), resource("c", "aws.c")]}
    }});
    let judged = judged(&plan, &standing(&["alias/stands"]));
    assert!(judged.ways > 1, "{judged:?}");
    let steps = judged.read.run.steps.iter().zip(&judged.judgement.outcomes);
    let deleted: Vec<_> = steps
        .filter(|(step, _)| step.address.as_deref() == Some("aws_kms_alias.a"))
        .map(|(_, outcome)| outcome)
        .collect();
    assert_eq!(deleted.len(), 2);
    assert_eq!(*deleted[0], Outcome::Ok);
    assert!(matches!(deleted[1], Outcome::Refused { .. }), "{deleted:?}");
}

#[test]
fn beyond_the_bound_on_ways_what_hangs_on_them_is_not_said_for_certain() {
    let eleven: Vec<&[&str]> = vec![&["a", "b"]; 11];
    let judged = judged(&of_parameters(&eleven), &standing(&["alias/0-a"]));
    assert!(judged.judgement.bound_reached);
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
    let Outcome::Undecided {
        needs, could_be, ..
    } = outcome(&judged, "A0")
    else {
        panic!("{judged:?}");
    };
    assert!(needs.contains(&Need::BoundReached));
    assert!(could_be.contains(&Possible::Ok));
    assert_eq!(*outcome(&judged, "A1"), Outcome::Ok);
}

#[test]
fn a_run_that_is_open_is_not_judged_in_one_way_alone() {
    let template = of_parameters(&[&["dev", "prod"]]).to_string();
    let file = File {
        name: "changes",
        bytes: template.as_bytes(),
    };
    let mut accounts = Accounts::unknown(Options::default());
    let read = read_run(&RunInput::new(file, NOW), &mut accounts).expect("a run");
    assert!(read.open.is_some());
    let mut told = 0;
    let alone = read.judge(accounts, &mut |_, _, _| told += 1);
    assert_eq!(alone.conclusion(), Conclusion::Undecided);
    assert!(alone.judgement.bound_reached);
}

#[test]
fn what_only_one_name_has_is_judged_at_once_a6() {
    // The key that is made has room for 50, and which name comes last is not said (rule T6).
    let many: Vec<&[&str]> = vec![&["a", "b"]; 100];
    let judged_many = judged(&of_parameters_in_names(&many), &standing(&["alias/s"]));
    assert_eq!(judged_many.ways, 1);
    assert!(!judged_many.judgement.bound_reached);
    assert_eq!(judged_many.conclusion(), Conclusion::Fails);
    assert!(
        judged_many.judgement.work < 2_000_000,
        "{}",
        judged_many.judgement.work
    );

    // Of many values each is tried that is a name which stands.
    let values: Vec<String> = (0..200).map(|number| format!("v{number}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let template = of_parameters_in_names(&[&values, &["a", "b"]]);
    let free = judged(&template, &standing(&["alias/s"]));
    assert_eq!((free.ways, free.conclusion()), (1, Conclusion::Passes));
    let taken = judged(
        &template,
        &standing(&["alias/0-v7", "alias/1-a", "alias/1-b"]),
    );
    assert_eq!(taken.conclusion(), Conclusion::Fails);
    assert!(matches!(outcome(&taken, "A0"), Outcome::Undecided { .. }));
    assert!(matches!(outcome(&taken, "A1"), Outcome::Refused { .. }));
}

#[test]
fn many_ways_are_no_more_work_than_is_bounded() {
    let many: Vec<&[&str]> = vec![&["a", "b"]; size(60, 100)];
    let judged = judged(&of_parameters(&many), &standing(&["alias/s"]));
    assert!(judged.judgement.bound_reached);
    assert_eq!(
        (judged.ways, judged.conclusion()),
        (1_024, Conclusion::Undecided)
    );
    assert!(
        judged.judgement.work < 2_000_000,
        "{}",
        judged.judgement.work
    );
}

#[test]
fn eight_conditions_are_judged_in_each_way() {
    let mut template = json!({"Resources": {"Key": {"Type": "AWS::KMS::Key"}}});
    for number in 0..8 {
        template["Parameters"][format!("P{number}")] = json!({"Type": "String"});
        template["Conditions"][format!("C{number}")] =
            json!({"Fn::Equals": [{"Ref": format!("P{number}")}, "yes"]});
        template["Resources"][format!("A{number}")] = json!({"Type": "AWS::KMS::Alias",
            "Condition": format!("C{number}"), "Properties": {
            "AliasName": format!("alias/{number}"), "TargetKeyId": {"Ref": "Key"}}});
    }
    let judged = judged(&template, &standing(&["alias/7"]));
    assert_eq!((judged.ways, judged.judgement.bound_reached), (256, false));
    assert_eq!(*outcome(&judged, "A0"), Outcome::Ok);
    assert!(matches!(outcome(&judged, "A7"), Outcome::Refused { .. }));
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
}

/// A template of one alias, named so, of a parameter.
fn of_parameter(parameter: Value, name: &str) -> Value {
    json!({"Parameters": {"P": parameter}, "Resources": {"Key": {"Type": "AWS::KMS::Key"},
        "A": {"Type": "AWS::KMS::Alias", "Properties": {
            "AliasName": {"Fn::Sub": name}, "TargetKeyId": {"Ref": "Key"}}}}})
}

#[test]
fn a_pattern_tells_of_a_name_what_all_texts_have_in_common_a3_a6() {
    let of = |pattern: &str, name: &str, stands: &str| {
        let parameter = json!({"Type": "String", "AllowedPattern": pattern, "MaxLength": 20});
        let judged = judged(&of_parameter(parameter, name), &standing(&[stands]));
        outcome(&judged, "A").clone()
    };
    let name = "alias/app-${P}";
    assert_eq!(of("^[a-z0-9-]+$", name, "alias/s"), Outcome::Ok);
    assert_eq!(of("^[a-z0-9-]+$", name, "alias/app-X"), Outcome::Ok);
    assert_eq!(of("[b-z]{3}", "alias/${P}-x", "alias/bcde-x"), Outcome::Ok);
    assert!(matches!(
        of("[b-z]{3}", "alias/${P}-x", "alias/bcd-x"),
        Outcome::Undecided { .. }
    ));
    assert!(matches!(
        of("^[a-z]+$", "alias/${P}", "alias/s"),
        Outcome::Undecided { .. }
    )); // A4
    assert!(matches!(
        of(".*", name, "alias/s"),
        Outcome::Undecided { .. }
    ));
    assert!(matches!(
        of("^[.:]+$", name, "alias/s"),
        Outcome::Refused { .. }
    ));
    assert!(matches!(
        of("^(dev|prod)$", name, "alias/app-dev"),
        Outcome::Undecided { .. }
    ));
    assert_eq!(of("^(dev|prod)$", name, "alias/app-test"), Outcome::Ok);
}

#[test]
fn a_length_alone_is_told_of_a_name_a2() {
    let of = |least: usize| {
        let parameter = json!({"Type": "String", "MinLength": least, "AllowedPattern": "x*"});
        let judged = judged(
            &of_parameter(parameter, "alias/${P}"),
            &standing(&["alias/s"]),
        );
        outcome(&judged, "A").clone()
    };
    assert!(matches!(of(0), Outcome::Undecided { .. }));
    assert!(matches!(of(251), Outcome::Refused { .. }));
}

#[test]
fn a_value_and_a_condition_on_it_are_one() {
    let template = |parameter: Value| {
        json!({"Parameters": {"Env": parameter},
            "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Env"}, "dev"]}},
            "Resources": {"Key": {"Type": "AWS::KMS::Key"}, "A": {"Type": "AWS::KMS::Alias",
            "Properties": {"TargetKeyId": {"Ref": "Key"}, "AliasName": {"Fn::If": ["IsDev",
                {"Fn::Sub": "alias/${Env}"}, "alias/other"]}}}}})
    };
    let ten: Vec<String> = (0..9)
        .map(|n| format!("e{n}"))
        .chain(["dev".to_owned()])
        .collect();
    let ten = template(json!({"Type": "String", "AllowedValues": ten}));
    let free = judged(&ten, &standing(&["alias/e1", "alias/e2"]));
    assert_eq!(*outcome(&free, "A"), Outcome::Ok);
    // What is assumed of a parameter without allowed values is its value too.
    let any = template(json!({"Type": "String"}));
    let free = judged(&any, &standing(&["alias/s"]));
    assert_eq!((free.ways, free.conclusion()), (2, Conclusion::Passes));
    let taken = judged(&any, &standing(&["alias/dev", "alias/other"]));
    assert!(matches!(outcome(&taken, "A"), Outcome::Refused { .. }));
}

#[test]
fn a_pattern_that_is_none_is_told() {
    let parameter = json!({"Type": "String", "AllowedPattern": "^[a-z$"});
    let changes = of_parameter(parameter, "alias/${P}").to_string();
    let file = File {
        name: "changes",
        bytes: changes.as_bytes(),
    };
    let error = judge_run(&RunInput::new(file, NOW), accounts(&standing(&["alias/s"])));
    let error = error.expect_err("no pattern").to_string();
    assert!(
        error.contains("Parameters.P.AllowedPattern") && error.contains("not a regular expression"),
        "{error}"
    );
}

#[test]
fn a_rule_of_a_template_forbids_values() {
    let template = |parameter: Value, assert: Value| {
        let mut template = of_parameter(parameter, "alias/${P}");
        template["Rules"] = json!({"R": {"Assertions": [
            {"Assert": assert, "AssertDescription": "not this"}]}});
        template
    };
    let allowed = json!({"Type": "String", "AllowedValues": ["a", "b", "c"]});
    let contains = json!({"Fn::Contains": [["a", "b"], {"Ref": "P"}]});
    let of = |stands| {
        judged(
            &template(allowed.clone(), contains.clone()),
            &standing(&[stands]),
        )
    };
    // `c` is not possible.
    let free = of("alias/c");
    assert_eq!((free.ways, free.conclusion()), (2, Conclusion::Passes));
    assert_eq!(of("alias/a").conclusion(), Conclusion::Undecided);

    let default = json!({"Type": "String", "Default": "c"});
    let changes = template(default, contains.clone()).to_string();
    let file = File {
        name: "changes",
        bytes: changes.as_bytes(),
    };
    let error = judge_run(&RunInput::new(file, NOW), accounts(&standing(&["alias/s"])));
    let error = error.expect_err("a forbidden value").to_string();
    assert!(
        error.contains("Rules.R") && error.contains("not this"),
        "{error}"
    );

    // What is not judged is told (rule F8).
    let of_many = json!({"Fn::EachMemberIn": [["a"], {"Ref": "P"}]});
    let open = judged(&template(allowed, of_many), &standing(&["alias/s"]));
    assert_eq!(open.conclusion(), Conclusion::Undecided);
    assert!(
        open.read
            .advice
            .iter()
            .any(|it| it.rule.number() == "F8" && it.words.contains("`R`"))
    );
}
