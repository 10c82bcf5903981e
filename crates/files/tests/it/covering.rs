//! Templates of more ways than are judged: what is certain of the run of all their steps is certain in
//! each way.

use kms_alias_foresee::verdict::{Conclusion, Outcome};
use serde_json::{Value, json};

use crate::ways::{judged, of_parameters, outcome, standing};

/// Eleven aliases, each on a key of its own, in 2,048 ways.
fn eleven_conditions() -> Value {
    let mut template = json!({"Resources": {}});
    for number in 0..11 {
        let condition = format!("C{number}");
        template["Parameters"][format!("P{number}")] = json!({"Type": "String"});
        template["Conditions"][&condition] =
            json!({"Fn::Equals": [{"Ref": format!("P{number}")}, "yes"]});
        template["Resources"][format!("K{number}")] =
            json!({"Type": "AWS::KMS::Key", "Condition": condition});
        template["Resources"][format!("A{number}")] = json!({"Type": "AWS::KMS::Alias",
            "Condition": condition, "Properties": {
            "AliasName": format!("alias/{number}"), "TargetKeyId": {"Ref": format!("K{number}")}}});
    }
    template
}

#[test]
fn aliases_that_pass_whichever_others_are_made_pass_in_more_ways_than_are_judged() {
    let template = eleven_conditions();
    let passing = judged(&template, &standing(&["alias/s"]));
    assert!(!passing.judgement.bound_reached);
    assert_eq!(passing.conclusion(), Conclusion::Passes);
    assert_eq!(passing.judgement.open.places.len(), 1);
    let eleven: Vec<&[&str]> = vec![&["a", "b"]; 11];
    let named = judged(&of_parameters(&eleven), &standing(&["alias/s"]));
    assert_eq!(named.conclusion(), Conclusion::Passes);
}

#[test]
fn what_every_way_that_has_it_refuses_is_refused_in_more_ways_than_are_judged_a6() {
    let template = eleven_conditions();
    let taken = judged(&template, &standing(&["alias/7"]));
    assert!(!taken.judgement.bound_reached);
    // It is not certain that the step is taken.
    assert_eq!(taken.conclusion(), Conclusion::Undecided);
    assert_eq!(*outcome(&taken, "A0"), Outcome::Ok);
    assert!(matches!(outcome(&taken, "A7"), Outcome::Refused { .. }));
    let mut steps = taken.read.run.steps.iter();
    let step = steps.find(|step| step.address.as_deref() == Some("A7"));
    let notes = &step.expect("the step").notes;
    assert!(
        notes
            .iter()
            .any(|note| note.words.ends_with("depends on the condition `C7`")),
        "{notes:?}"
    );
    // One that every way has refuses the run.
    let mut always = template;
    always["Resources"]["Key"] = json!({"Type": "AWS::KMS::Key"});
    always["Resources"]["A"] = json!({"Type": "AWS::KMS::Alias", "Properties": {
        "AliasName": "alias/7", "TargetKeyId": {"Ref": "Key"}}});
    always["Resources"]["A7"]["Properties"]["AliasName"] = json!("alias/seven");
    let refused = judged(&always, &standing(&["alias/7"]));
    assert_eq!(refused.conclusion(), Conclusion::Fails);
    assert!(matches!(outcome(&refused, "A"), Outcome::Refused { .. }));
}

#[test]
fn where_a_target_is_chosen_by_a_condition_nothing_is_certain_in_more_ways_than_are_judged() {
    let mut chosen = eleven_conditions();
    // In one of the ways there is no target.
    chosen["Resources"]["A0"]["Properties"]["TargetKeyId"] =
        json!({"Fn::If": ["C0", {"Ref": "K0"}, {"Ref": "AWS::NoValue"}]});
    let judged = judged(&chosen, &standing(&["alias/7"]));
    assert!(judged.judgement.bound_reached);
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
}
