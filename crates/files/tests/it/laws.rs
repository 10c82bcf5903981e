//! Laws of the readers: they end on every input, and what is hidden from them makes a verdict
//! undecided and never another one.

use std::collections::BTreeMap;

use kms_alias_files::{
    Accounts, File, Options, RunInput, load, read_account, read_changes, read_run, recognise,
};
use kms_alias_foresee::verdict::{Outcome, judge};
use proptest::prelude::*;
use serde_json::Value;

use crate::plans::{NOW, judged};

const PLANS: [(&str, Option<&str>, Option<&str>); 8] = [
    (include_str!("../data/plans/rename/plan.json"), None, None),
    (
        include_str!("../data/plans/name-handed-over-in-no-order/plan.json"),
        None,
        None,
    ),
    (
        include_str!("../data/plans/move-to-new-key-of-other-usage/plan.json"),
        None,
        None,
    ),
    (
        include_str!("../data/plans/move-to-dying-key/plan.json"),
        Some(include_str!("../data/plans/move-to-dying-key/account.json")),
        None,
    ),
    (
        include_str!("../data/plans/inside-a-module-with-count/plan.json"),
        Some(include_str!(
            "../data/plans/inside-a-module-with-count/account.json"
        )),
        None,
    ),
    (
        include_str!("../data/plans/reference-text-for-an-id/plan.json"),
        None,
        None,
    ),
    (
        include_str!("../data/plans/cfn-new-logical-id/template.json"),
        None,
        Some(include_str!(
            "../data/plans/cfn-new-logical-id/deployed.json"
        )),
    ),
    (
        include_str!("../data/plans/cfn-new-stack/template.json"),
        None,
        None,
    ),
];

/// Every place in a document, by its pointer.
fn pointers(value: &Value) -> Vec<String> {
    let mut open = vec![(String::new(), value)];
    let mut all = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(name, value)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{name}"), value)
            })),
            Value::Array(list) => {
                let each = list.iter().enumerate();
                open.extend(each.map(|(index, value)| (format!("{pointer}/{index}"), value)));
            }
            _ => {}
        }
        all.push(pointer);
    }
    all
}

fn replacements() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::Bool(true)),
        Just(Value::from(7)),
        Just(Value::from(-1.5)),
        Just(Value::from("")),
        Just(Value::from("aws_kms_key.k[\"")),
        Just(Value::from("${module.a.b}")),
        Just(Value::from("alias/aws/s3")),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!({"references": ["var.x", "each.value", "module.a.b.c", "local.y"]})),
        Just(serde_json::json!({"Fn::If": ["A", {"Ref": "Key"}, {"Fn::Sub": "${"}]})),
        Just(serde_json::json!(["create", "delete", "create", "update"])),
    ]
}

/// Everything that reads a file reads this one, and ends.
fn read_all(text: &[u8], deployed: Option<&[u8]>) {
    let file = File {
        name: "file",
        bytes: text,
    };
    let _ = recognise(text);
    let _ = load(&[file], Options::default());
    let _ = read_changes(file, Options::default().reserved_names);
    let mut accounts = read_account(&[file], Options::default())
        .unwrap_or_else(|_| Accounts::unknown(Options::default()));
    let mut input = RunInput::new(file, NOW);
    input.deployed = deployed.map(|bytes| File {
        name: "deployed",
        bytes,
    });
    input.templates = vec![file];
    if let Ok(read) = read_run(&input, &mut accounts) {
        for (number, step) in read.run.steps.iter().enumerate() {
            let last = read.run.steps.len();
            assert!(
                step.after
                    .iter()
                    .all(|first| *first < last && *first != number)
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_plan_that_is_mutated_is_read_or_refused_and_nothing_else(
        which in 0..PLANS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), replacements()), 1..6),
    ) {
        let (text, _, deployed) = PLANS[which];
        let mut document: Value = serde_json::from_str(text).expect("JSON");
        for (index, value) in changes {
            let all = pointers(&document);
            if let Some(place) = document.pointer_mut(&all[index.index(all.len())]) {
                *place = value;
            }
        }
        read_all(document.to_string().as_bytes(), deployed.map(str::as_bytes));
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_read_or_refused(
        which in 0..PLANS.len(),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_cut: bool,
    ) {
        let (text, _, deployed) = PLANS[which];
        let mut bytes = text.as_bytes().to_vec();
        let at = cut.index(bytes.len());
        if is_cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        read_all(&bytes, deployed.map(str::as_bytes));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|[\\[\\]{}:,\"!&*|>?\\n\\t -]){0,60}") {
        read_all(text.as_bytes(), None);
    }
}

/// The outcome of each step, by address and operation.
fn outcomes(
    file: &str,
    account: Option<&str>,
    deployed: Option<&str>,
) -> BTreeMap<(String, String), Outcome> {
    let (read, judgement) = judged(file, account, deployed);
    let steps = read.run.steps.iter().zip(judgement.outcomes);
    steps
        .map(|(step, outcome)| {
            let address = step.address.as_deref().unwrap_or_default().to_owned();
            ((address, step.request.operation().to_owned()), outcome)
        })
        .collect()
}

/// A document in which values are hidden that a plan need not have: what keys are, and the targets
/// of aliases with what they refer to.
fn hidden(text: &str, hides: &[bool]) -> String {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    let mut all = pointers(&document);
    all.sort_unstable();
    let facts = [
        "customer_master_key_spec",
        "key_usage",
        "is_enabled",
        "multi_region",
    ];
    let mut hides = hides.iter().cycle();
    for pointer in all {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let is_fact = pointer.starts_with("/prior_state/") && facts.contains(&name)
            || pointer.contains("/before/") && facts.contains(&name);
        let is_reference = name == "references" && pointer.contains("/target_key_id/");
        if !(is_fact || is_reference) || !hides.next().is_some_and(|hides| *hides) {
            continue;
        }
        if is_reference {
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = serde_json::json!(["local.hidden"]);
            }
        } else if let Some(Value::Object(members)) = document.pointer_mut(parent) {
            members.remove(name);
        }
    }
    document.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is known of less is said of less: a verdict that is not undecided stays what it was.
    #[test]
    fn hiding_what_is_known_never_turns_a_verdict(
        which in 0..6_usize,
        hides in prop::collection::vec(any::<bool>(), 12),
    ) {
        let (text, account, deployed) = PLANS[which];
        let whole = outcomes(text, account, deployed);
        for (step, outcome) in outcomes(&hidden(text, &hides), account, deployed) {
            if matches!(outcome, Outcome::Undecided { .. }) {
                continue;
            }
            let of_whole = whole.get(&step);
            let is_refused = matches!(outcome, Outcome::Refused { .. });
            let was_refused = matches!(of_whole, Some(Outcome::Refused { .. }));
            let was_undecided = matches!(of_whole, Some(Outcome::Undecided { .. }));
            prop_assert!(!was_undecided && is_refused == was_refused, "{step:?}: {outcome:?}, {of_whole:?}");
        }
    }
}

#[test]
fn twenty_thousand_resources_are_read_and_judged() {
    let mut plan: Value = serde_json::from_str(PLANS[4].0).expect("JSON");
    let template = plan["resource_changes"][0].clone();
    let mut changes = Vec::new();
    for number in 0..20_000 {
        let mut change = template.clone();
        let kind = if number % 10 == 0 {
            "aws_kms_alias"
        } else {
            "aws_s3_bucket"
        };
        change["address"] = format!("{kind}.r{number}").into();
        change["type"] = kind.into();
        change["change"]["after"] = serde_json::json!({
            "name": format!("alias/r{number}"), "target_key_id": "00000001-12ab-34cd-56ef-000000000001"
        });
        changes.push(change);
    }
    let resources: Vec<_> = changes
        .iter()
        .map(|change| {
            serde_json::json!({"address": change["address"], "type": change["type"], "expressions": {},
                "depends_on": ["aws_s3_bucket.r1", "aws_s3_bucket.r2"]})
        })
        .collect();
    plan["resource_changes"] = changes.into();
    plan["configuration"]["root_module"] = serde_json::json!({"resources": resources});
    let text = plan.to_string();
    let mut accounts = Accounts::unknown(Options::default().with_aliases_per_key(100_000));
    let input = RunInput::new(
        File {
            name: "plan.json",
            bytes: text.as_bytes(),
        },
        NOW,
    );
    let read = read_run(&input, &mut accounts).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.run.steps.len(), 2_000);
    let judgement = judge(&read.run, accounts.into_knowledge());
    assert_eq!(judgement.outcomes.len(), 2_000);
}
