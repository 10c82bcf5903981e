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

const STANDING: &[u8] = br#"{"Aliases": [{"AliasName": "alias/s",
    "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/s",
    "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}]}"#;

/// The verdicts with a quota of two aliases a key, in so many ways, where the template is not refused
/// in each of them.
fn judged(template: &Value, ways: usize) -> Option<JudgedRun> {
    let account = File {
        name: "account",
        bytes: STANDING,
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
        let Some(exact) = judged(&template, MOST_WAYS) else {
            return Ok(());
        };
        prop_assert!(!exact.judgement.bound_reached);
        prop_assume!(exact.ways > 1);
        let exact_verdicts = verdicts(&exact);
        for ways in 1..exact.ways {
            let bounded = judged(&template, ways).expect("it can be in one way");
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
