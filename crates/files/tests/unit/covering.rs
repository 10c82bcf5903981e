//! What is certain where a template has more ways than are judged, beside the verdicts of all ways.

use std::collections::BTreeMap;

use kms_alias::Timestamp;
use kms_alias_foresee::verdict::{Conclusion, Need, Outcome, Possible};
use kms_alias_testing::size;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{JudgedRun, Left, MOST_WAYS, judge_within};
use crate::{File, Options, RunInput, read_account};

/// A condition of a resource: none, or one of two, or that one of them does not hold.
const CONDITIONS: [Option<&str>; 4] = [None, Some("C0"), Some("C1"), Some("NotC0")];

const NAMES: [&str; 6] = [
    "alias/0",
    "alias/1",
    "alias/s",
    "alias/aws/own",
    "alias/${P}",
    "alias/not allowed",
];

#[derive(Clone, Debug)]
struct Alias {
    name: usize,
    key: usize,
    /// The key has the same condition, or none.
    has_condition_of_key: bool,
    after: Option<usize>,
}

/// Some keys and aliases of a template.
fn template(keys: &[usize], aliases: &[Alias]) -> Value {
    let mut resources = BTreeMap::new();
    let with = |mut resource: Value, condition: Option<&str>| {
        if let Some(condition) = condition {
            resource["Condition"] = json!(condition);
        }
        resource
    };
    for (number, condition) in keys.iter().enumerate() {
        let key = with(json!({"Type": "AWS::KMS::Key"}), CONDITIONS[*condition]);
        resources.insert(format!("K{number}"), key);
    }
    for (number, alias) in aliases.iter().enumerate() {
        let key = alias.key.min(keys.len().saturating_sub(1));
        let condition = match CONDITIONS[keys[key]] {
            None if !alias.has_condition_of_key => Some("C1"),
            of_key => of_key,
        };
        let mut resource = json!({"Type": "AWS::KMS::Alias", "Properties": {
            "AliasName": {"Fn::Sub": NAMES[alias.name]}, "TargetKeyId": {"Ref": format!("K{key}")}}});
        if let Some(before) = alias.after.filter(|before| *before < number) {
            resource["DependsOn"] = json!(format!("A{before}"));
        }
        resources.insert(format!("A{number}"), with(resource, condition));
    }
    let equals = |parameter: &str| json!({"Fn::Equals": [{"Ref": parameter}, "yes"]});
    json!({
        "Parameters": {"P": {"Type": "String", "AllowedValues": ["0", "new"]},
            "Q0": {"Type": "String"}, "Q1": {"Type": "String"}},
        "Conditions": {"C0": equals("Q0"), "C1": equals("Q1"),
            "NotC0": {"Fn::Not": [{"Condition": "C0"}]}},
        "Resources": resources
    })
}

/// The verdicts with a quota of two aliases a key, in so many ways, where the template is not refused
/// in each of them and this alias stands.
fn judged(template: &Value, ways: usize, stands: &str) -> Option<JudgedRun> {
    let standing = json!({"Aliases": [{"AliasName": stands,
        "AliasArn": format!("arn:aws:kms:eu-west-3:111122223333:{stands}"),
        "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}]})
    .to_string();
    let account = File {
        name: "account",
        bytes: standing.as_bytes(),
    };
    let options = Options::default().with_aliases_per_key(2);
    let accounts = read_account(&[account], options).expect("an account");
    let changes = template.to_string();
    let file = File {
        name: "changes",
        bytes: changes.as_bytes(),
    };
    let left = Left {
        ways,
        ..Left::default()
    };
    let input = RunInput::new(file, Timestamp::from_millis(0));
    judge_within(left, &input, accounts, &mut |_, _, _| {}).ok()
}

fn alias() -> impl Strategy<Value = Alias> {
    let after = prop::option::weighted(0.3, 0..5_usize);
    (0..NAMES.len(), 0..3_usize, any::<bool>(), after).prop_map(
        |(name, key, has_condition_of_key, after)| Alias {
            name,
            key,
            has_condition_of_key,
            after,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(size(100, 2_000)))]

    #[test]
    fn what_is_certain_in_more_ways_than_are_judged_is_so_in_each_way(
        keys in prop::collection::vec(0..CONDITIONS.len(), 1..4),
        aliases in prop::collection::vec(alias(), 1..6),
    ) {
        let template = template(&keys, &aliases);
        let Some(exact) = judged(&template, MOST_WAYS, "alias/s") else {
            return Ok(());
        };
        prop_assert!(!exact.judgement.bound_reached);
        prop_assume!(exact.ways > 1);
        let exact_verdicts = verdicts(&exact);
        for ways in 1..exact.ways {
            let bounded = judged(&template, ways, "alias/s").expect("it can be in one way");
            for (address, outcome) in verdicts(&bounded) {
                // A step that no way has is none.
                let Some(exact) = exact_verdicts.get(address) else {
                    continue;
                };
                match outcome {
                    Outcome::Ok => prop_assert_eq!(*exact, outcome, "{}", address),
                    Outcome::Refused { .. } => {
                        let is_refused = matches!(exact, Outcome::Refused { .. });
                        prop_assert!(is_refused, "{}: {:?}", address, exact);
                    }
                    Outcome::Undecided { needs, could_be, .. } => {
                        prop_assert!(could_be.contains(&Possible::Ok));
                        prop_assert!(needs.contains(&Need::BoundReached));
                    }
                }
            }
            match bounded.conclusion() {
                Conclusion::Undecided => {}
                certain => prop_assert_eq!(certain, exact.conclusion()),
            }
        }
    }
}

fn verdicts(judged: &JudgedRun) -> BTreeMap<&str, &Outcome> {
    let steps = judged.read.run.steps.iter();
    let addresses = steps.map(|step| step.address.as_deref().expect("an address"));
    addresses.zip(&judged.judgement.outcomes).collect()
}

/// The verdicts in fewer ways than there are.
fn in_eight_ways(template: &Value, stands: &str) -> JudgedRun {
    judged(template, 8, stands).expect("it can be in one way")
}

/// The outcome of the step of this address.
fn outcome<'j>(judged: &'j JudgedRun, address: &str) -> &'j Outcome {
    verdicts(judged)[address]
}

/// Four aliases, each on a key of its own, in 16 ways.
fn four_conditions() -> Value {
    let mut template = json!({"Resources": {}});
    for number in 0..4 {
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
    let template = four_conditions();
    let passing = in_eight_ways(&template, "alias/s");
    assert!(!passing.judgement.bound_reached);
    assert_eq!(passing.conclusion(), Conclusion::Passes);
    assert_eq!(passing.judgement.open.places.len(), 1);
    // Names are open too.
    let mut named = json!({"Resources": {}});
    for number in 0..4 {
        let (parameter, key) = (format!("P{number}"), format!("K{number}"));
        named["Resources"][format!("A{number}")] = json!({"Type": "AWS::KMS::Alias", "Properties": {
            "AliasName": {"Fn::Sub": format!("alias/{number}-${{{parameter}}}")},
            "TargetKeyId": {"Ref": key}}});
        named["Resources"][key] = json!({"Type": "AWS::KMS::Key"});
        named["Outputs"][&parameter] = json!({"Value": {"Ref": parameter}});
        named["Parameters"][parameter] = json!({"Type": "String", "AllowedValues": ["a", "b"]});
    }
    let named = in_eight_ways(&named, "alias/s");
    assert_eq!(named.conclusion(), Conclusion::Passes);
}

#[test]
fn what_every_way_that_has_it_refuses_is_refused_in_more_ways_than_are_judged_a6() {
    let template = four_conditions();
    let taken = in_eight_ways(&template, "alias/3");
    assert!(!taken.judgement.bound_reached);
    // It is not certain that the step is taken.
    assert_eq!(taken.conclusion(), Conclusion::Undecided);
    assert_eq!(*outcome(&taken, "A0"), Outcome::Ok);
    assert!(matches!(outcome(&taken, "A3"), Outcome::Refused { .. }));
    let mut steps = taken.read.run.steps.iter();
    let step = steps.find(|step| step.address.as_deref() == Some("A3"));
    let notes = &step.expect("the step").notes;
    assert!(
        notes
            .iter()
            .any(|note| note.words.ends_with("depends on the condition `C3`")),
        "{notes:?}"
    );
    // One that every way has refuses the run.
    let mut always = template;
    always["Resources"]["Key"] = json!({"Type": "AWS::KMS::Key"});
    always["Resources"]["A"] = json!({"Type": "AWS::KMS::Alias", "Properties": {
        "AliasName": "alias/3", "TargetKeyId": {"Ref": "Key"}}});
    always["Resources"]["A3"]["Properties"]["AliasName"] = json!("alias/three");
    let refused = in_eight_ways(&always, "alias/3");
    assert_eq!(refused.conclusion(), Conclusion::Fails);
    assert!(matches!(outcome(&refused, "A"), Outcome::Refused { .. }));
}

#[test]
fn where_a_target_is_chosen_by_a_condition_nothing_is_certain_in_more_ways_than_are_judged() {
    let mut chosen = four_conditions();
    // In one of the ways there is no target.
    chosen["Resources"]["A0"]["Properties"]["TargetKeyId"] =
        json!({"Fn::If": ["C0", {"Ref": "K0"}, {"Ref": "AWS::NoValue"}]});
    let judged = in_eight_ways(&chosen, "alias/3");
    assert!(judged.judgement.bound_reached);
    assert_eq!(judged.conclusion(), Conclusion::Undecided);
}
