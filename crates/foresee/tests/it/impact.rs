//! What changes do to those who use keys, against every question asked before and after (rules P1,
//! P2, P4, P5, S6).

mod told;

use kms_alias_testing::model;
use kms_alias_testing::policy;
use kms_alias_testing::size;

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{AliasTable, Change, KmsOperation, Operation, Rule};
use kms_alias_foresee::{AliasConditions, Impact, KeyAliases, RequestedBy, Standing, UseRefusal};
use model::adaptor::{ask, build, moment, parsed, read, table};
use model::world::{Event, world_and_events, world_and_lives};
use model::{Key, Model, states};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

/// Operators that the condition keys take: `kms:ResourceAliases` those with a set operator.
fn operator(of_many: bool) -> impl Strategy<Value = String> {
    let comparisons = select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ]);
    let around = if of_many {
        vec![
            ("ForAnyValue:", ""),
            ("ForAllValues:", ""),
            ("ForAllValues:", "IfExists"),
        ]
    } else {
        vec![
            ("", ""),
            ("", "IfExists"),
            ("ForAnyValue:", ""),
            ("ForAllValues:", ""),
        ]
    };
    (select(around), comparisons)
        .prop_map(|((before, after), comparison)| format!("{before}{comparison}{after}"))
}

fn values() -> impl Strategy<Value = Value> {
    let patterns = [
        "alias/*",
        "*a*",
        "alias/?",
        "alias/a*",
        "*/b",
        "alias/aws*",
        "alias/aws/*",
        "nothing",
        "*-*",
        "",
    ];
    let value = || select([&model::world::NAMES[..], &patterns].concat());
    prop_oneof![
        value().prop_map(Value::from),
        prop::collection::vec(value(), 1..4).prop_map(Value::from),
    ]
}

/// A comparison as a `Condition` element has it: operator, key, values.
fn comparison() -> impl Strategy<Value = (String, &'static str, Value)> {
    let keys = vec!["kms:RequestAlias", "kms:ResourceAliases"];
    let null = (select(keys), any::<bool>())
        .prop_map(|(key, absent)| ("Null".to_owned(), key, json!(absent.to_string())));
    let of_request = (operator(false), values())
        .prop_map(|(operator, values)| (operator, "kms:RequestAlias", values));
    let of_key = (operator(true), values())
        .prop_map(|(operator, values)| (operator, "kms:ResourceAliases", values));
    prop_oneof![1 => null, 4 => of_request, 6 => of_key]
}

fn element() -> impl Strategy<Value = Value> {
    prop::collection::vec(comparison(), 1..4).prop_map(|comparisons| {
        let mut element = Map::new();
        for (operator, key, values) in comparisons {
            let keys = element.entry(operator).or_insert_with(|| json!({}));
            keys[key] = values;
        }
        Value::Object(element)
    })
}

/// Conditions as a document, and each of them by its name.
fn conditions() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let named = ("[a-z]{1,3}", element());
    prop::collection::vec(named, 1..5).prop_map(|named| named.into_iter().collect())
}

fn parse(conditions: &BTreeMap<String, Value>) -> AliasConditions {
    let text = json!(conditions).to_string();
    AliasConditions::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A key and the way to ask for it, under a condition of this name.
type Under = (String, String, String);

/// Everything that is under every condition.
fn under(conditions: &BTreeMap<String, Value>, model: &Model) -> BTreeSet<Under> {
    let targets = model
        .aliases
        .values()
        .filter_map(|alias| alias.target.clone());
    let keys: BTreeSet<String> = model.keys.keys().cloned().chain(targets).collect();
    let mut under = BTreeSet::new();
    for (name, element) in conditions {
        for key_id in &keys {
            let aliases: Vec<&str> = model.names_of(key_id).map(String::as_str).collect();
            for way in policy::ways(element, &aliases, model.quota) {
                under.insert((name.clone(), key_id.clone(), way));
            }
        }
    }
    under
}

/// What comes under a condition, and what falls out of one.
fn answers(conditions: &AliasConditions, impact: &Impact) -> [BTreeSet<Under>; 2] {
    let changes = conditions.affected_by(impact);
    let mut sides = [BTreeSet::new(), BTreeSet::new()];
    for change in &changes {
        let way = match change.requested_by() {
            RequestedBy::Any => "any".to_owned(),
            RequestedBy::Key => "key".to_owned(),
            RequestedBy::Alias(name) => name.to_string(),
        };
        let under = (
            change.condition().to_owned(),
            change.key_id().to_string(),
            way,
        );
        assert!(
            sides[usize::from(!change.comes_under())].insert(under),
            "{change:?} twice"
        );
    }
    sides
}

#[track_caller]
fn assert_same_access(
    conditions: &BTreeMap<String, Value>,
    impact: &Impact,
    before: &Model,
    after: &Model,
) {
    let (was, is) = (under(conditions, before), under(conditions, after));
    let expected = [&is - &was, &was - &is];
    assert_eq!(
        answers(&parse(conditions), impact),
        expected,
        "{}",
        json!(conditions)
    );
}

/// Whether an operation takes keys of this kind (rule M; KMS API reference).
fn takes(operation: &str, key: &Key) -> bool {
    match operation {
        "Encrypt" | "Decrypt" | "ReEncrypt" => key.usage == "ENCRYPT_DECRYPT",
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => key.spec == "SYMMETRIC_DEFAULT",
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            key.spec == "SYMMETRIC_DEFAULT" && ["AWS_KMS", "EXTERNAL"].contains(&key.origin)
        }
        "Sign" | "Verify" => key.usage == "SIGN_VERIFY",
        "GenerateMac" | "VerifyMac" => key.usage == "GENERATE_VERIFY_MAC",
        "DeriveSharedSecret" => key.usage == "KEY_AGREEMENT",
        "Encapsulate" | "Decapsulate" => key.usage == "ENCAPSULATE_DECAPSULATE",
        "GetPublicKey" => key.spec != "SYMMETRIC_DEFAULT" && !key.spec.starts_with("HMAC_"),
        _ => true,
    }
}

/// The operations that work through each alias.
fn uses(model: &Model) -> BTreeSet<(String, &'static str)> {
    let works = |name: &String, operation| {
        let key_id = model.check_use(operation, name).ok()?;
        takes(operation, &model.keys[&key_id]).then(|| (name.clone(), operation))
    };
    let pairs = model.aliases.keys().flat_map(|name| {
        let operations = states::operations().into_iter();
        operations.filter_map(move |operation| works(name, operation))
    });
    pairs.collect()
}

/// The reason is the one that asking gives.
#[track_caller]
fn assert_reason(model: &Model, name: &str, operation: &'static str, refusal: &UseRefusal) {
    match (model.check_use(operation, name), refusal) {
        (Err(expected), UseRefusal::Refused(refusal)) => {
            let found = Err::<(), _>(refusal.clone());
            model::adaptor::assert_same(&found, &Err::<(), _>(expected), &(operation, name));
            assert!(
                [Rule::S6, Rule::U1, Rule::T1].contains(&refusal.rule()),
                "{refusal:?}"
            );
        }
        // What is not for keys of the kind never works, whatever their state.
        (
            _,
            UseRefusal::Unsuited {
                operation: named, ..
            },
        ) => {
            let key_id = model.aliases[name].target.as_deref().expect("a key");
            assert!(!takes(operation, &model.keys[key_id]));
            assert_eq!((named.as_str(), refusal.rule()), (operation, Rule::M));
        }
        other => panic!("{operation} through {name}: {other:?}"),
    }
}

#[track_caller]
fn assert_same_uses(impact: &Impact, before: &Model, after: &Model) {
    let (was, is) = (uses(before), uses(after));
    let mut found = [BTreeSet::new(), BTreeSet::new()];
    for alias in impact.aliases() {
        let name = alias.alias_name().to_string();
        for (operation, refusal) in alias.breaks() {
            assert_reason(after, &name, operation.as_str(), &refusal);
            found[0].insert((name.clone(), operation.as_str()));
        }
        for (operation, refusal) in alias.starts() {
            assert_reason(before, &name, operation.as_str(), &refusal);
            found[1].insert((name.clone(), operation.as_str()));
        }
    }
    assert_eq!(found, [&was - &is, &is - &was]);
}

/// Lets an event happen to both, if it is not refused.
fn happen(table: &mut AliasTable, model: &mut Model, event: &Event) -> Option<Change> {
    match event {
        Event::Ask(request, at) => {
            let change = ask(table, request, *at).ok()?;
            model.apply(request, *at).expect("both");
            Some(change)
        }
        Event::Insert(key_id, key) => {
            let built = build(model, key_id, key).expect("a possible key");
            let change = table.insert_key(built).ok()?;
            model.insert_key(key_id, key.clone()).expect("both");
            Some(change)
        }
        Event::InsertUndescribed(key_id) => {
            let change = table.insert_undescribed_key(parsed(key_id)).ok()?;
            model.insert_undescribed_key(key_id).expect("both");
            Some(change)
        }
        Event::Remove(key_id) => {
            let change = table.remove_key(&parsed(key_id)).ok()?;
            model.remove_key(key_id).expect("both");
            Some(change)
        }
    }
}

/// Every change alone and all of them together, told before they are made and after.
#[track_caller]
fn assert_told(conditions: &BTreeMap<String, Value>, mut model: Model, events: &[Event]) {
    let mut table = table(&model);
    let (start, mut all) = (model.clone(), Impact::default());
    for event in events {
        let (before, earlier) = (model.clone(), table.clone());
        let Some(change) = happen(&mut table, &mut model, event) else {
            continue;
        };
        let impact = Impact::of(&table, &change).expect("the newest change");
        assert_eq!(
            Impact::of(&earlier, &change).as_ref(),
            Ok(&impact),
            "{change:?}"
        );
        assert_same_access(conditions, &impact, &before, &model);
        assert_same_uses(&impact, &before, &model);
        all.then(impact);
    }
    assert_same_access(conditions, &all, &start, &model);
    assert_same_uses(&all, &start, &model);
}

proptest! {
    #![proptest_config(config(size(150, 400)))]

    #[test]
    fn what_changes_do_is_what_asking_everything_before_and_after_says_p1_p2_p4_p5_s6(
        conditions in conditions(),
        (model, events) in world_and_events(20),
    ) {
        assert_told(&conditions, model, &events);
    }

    #[test]
    fn the_same_through_the_lives_of_keys_s6(
        conditions in conditions(),
        (model, events) in world_and_lives(20),
    ) {
        assert_told(&conditions, model, &events);
    }
}

proptest! {
    #![proptest_config(config(size(1_000, 3_000)))]

    #[test]
    fn a_condition_stands_as_its_document_says_p1_p2_p3_p5(
        element in element(),
        (request, mask) in (prop::option::of(any::<Index>()), any::<u16>()),
        quota in 0..9_u32,
    ) {
        let names = [&model::world::NAMES[..], &["alias/aws/s3"]].concat();
        let conditions = parse(&BTreeMap::from([("x".to_owned(), element.clone())]));
        let condition = conditions.get("x").expect("the condition");
        let own: Vec<&str> = (0..names.len()).filter(|at| mask >> at & 1 == 1).map(|at| names[at]).collect();
        let aliases = kms_alias_foresee::KeyAliases::new(own.iter().map(|name| parsed(name)), quota);
        let request = request.map(|index| *index.get(&names));
        let standing = condition.standing(request.map(parsed).as_ref(), &aliases);
        let counted = own.iter().filter(|name| !name.starts_with("alias/aws/")).count();
        let expected = if policy::names_key(&element, "kms:ResourceAliases") && counted > quota as usize {
            kms_alias_foresee::Standing::Denied
        } else if policy::holds(&element, request, &own) {
            kms_alias_foresee::Standing::Under
        } else {
            kms_alias_foresee::Standing::Outside
        };
        prop_assert_eq!(standing, expected, "{}", element);
    }
}

/// The worlds prove nothing of what never happens in them.
#[test]
fn the_worlds_show_each_kind_of_answer() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..400 {
        let strategy = (conditions(), world_and_events(40));
        let (conditions, (mut model, events)) =
            strategy.new_tree(&mut runner).expect("a world").current();
        let (mut table, conditions) = (table(&model), parse(&conditions));
        for event in &events {
            let Some(change) = happen(&mut table, &mut model, event) else {
                continue;
            };
            let impact = Impact::of(&table, &change).expect("the newest change");
            for change in conditions.affected_by(&impact) {
                let way = match change.requested_by() {
                    RequestedBy::Any => "any",
                    RequestedBy::Key => "key",
                    RequestedBy::Alias(_) => "alias",
                };
                seen.insert(format!("{way} {} {}", change.comes_under(), change.rule()));
            }
            for alias in impact.aliases() {
                seen.extend(
                    alias
                        .breaks()
                        .map(|(_, why)| format!("breaks {}", why.rule())),
                );
                seen.extend(
                    alias
                        .starts()
                        .map(|(_, why)| format!("starts {}", why.rule())),
                );
            }
        }
    }
    for kind in [
        "any true P4",
        "any false P4",
        "any true P5",
        "key true P4",
        "key false P4",
        "key true P5",
        "alias true P4",
        "alias false P4",
        "alias true P5",
        "breaks S6",
        "starts S6",
        "breaks U1",
        "starts U1",
        "breaks M",
        "starts M",
    ] {
        assert!(seen.contains(kind), "no {kind} in {seen:?}");
    }
}
