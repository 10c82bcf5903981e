//! What a file leaves open is judged in each way in which it can be.

use kms_alias::Rule;
use kms_alias_files::{
    Accounts, File, JudgedRun, Options, RunInput, judge_run, read_account, read_run,
};
use kms_alias_foresee::verdict::{Conclusion, Need, Outcome, Possible};
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

/// A template of one alias for each parameter, whose name has its value.
fn of_parameters(allowed: &[&[&str]]) -> Value {
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
fn beyond_the_bound_on_ways_nothing_is_said_for_certain() {
    let seven: Vec<&[&str]> = vec![&["a", "b"]; 7];
    let judged = judged(&of_parameters(&seven), &standing(&["alias/0-a"]));
    assert!(judged.judgement.bound_reached);
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
    for outcome in &judged.judgement.outcomes {
        let Outcome::Undecided {
            needs, could_be, ..
        } = outcome
        else {
            panic!("{outcome:?}");
        };
        assert!(needs.contains(&Need::BoundReached));
        assert!(could_be.contains(&Possible::Ok));
    }
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
