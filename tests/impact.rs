//! What changes do to those who use keys, against every question asked before and after (rules P1,
//! P2, P4, P5, S6).
#![cfg(feature = "json")]

mod model;
mod policy;

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{
    AliasConditions, AliasTable, Change, Impact, KmsOperation, Operation, RequestedBy, Rule,
    Standing, UseRefusal,
};
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
        let impact = table.impact(&change).expect("the newest change");
        assert_eq!(earlier.impact(&change).as_ref(), Ok(&impact), "{change:?}");
        assert_same_access(conditions, &impact, &before, &model);
        assert_same_uses(&impact, &before, &model);
        all.then(impact);
    }
    assert_same_access(conditions, &all, &start, &model);
    assert_same_uses(&all, &start, &model);
}

proptest! {
    #![proptest_config(config(400))]

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
    #![proptest_config(config(3000))]

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
        let aliases = kms_alias::KeyAliases::new(own.iter().map(|name| parsed(name)), quota);
        let request = request.map(|index| *index.get(&names));
        let standing = condition.standing(request.map(parsed).as_ref(), &aliases);
        let counted = own.iter().filter(|name| !name.starts_with("alias/aws/")).count();
        let expected = if policy::names_key(&element, "kms:ResourceAliases") && counted > quota as usize {
            kms_alias::Standing::Denied
        } else if policy::holds(&element, request, &own) {
            kms_alias::Standing::Under
        } else {
            kms_alias::Standing::Outside
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
            let impact = table.impact(&change).expect("the newest change");
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

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";

/// Two keys, aliases `a` and `b` on the first.
fn small(quota: usize) -> Model {
    let mut model = Model::new(["aws", "eu-west-3", "111122223333"]);
    model.quota = quota;
    for key_id in [KEY, OTHER] {
        model
            .insert_key(key_id, Key::plain(key_id))
            .expect("a new key");
    }
    for name in ["alias/a", "alias/b"] {
        let target = Some(KEY.to_owned());
        model.put_alias(
            name,
            model::Alias {
                target,
                created: None,
                updated: None,
            },
        );
    }
    model
}

fn foreseen(table: &AliasTable, request: &model::Request) -> Impact {
    let operation: Operation = read(request, table.reserved_names()).expect("an operation");
    let change = table.check(&operation, moment(0)).expect("a change");
    table.impact(&change).expect("the next change")
}

fn words(conditions: &str, impact: &Impact) -> Vec<String> {
    let conditions = AliasConditions::from_json(conditions.as_bytes()).expect("conditions");
    let changes = conditions.affected_by(impact);
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn disabling_a_key_breaks_encrypt_through_each_of_its_aliases_s6() {
    let table = table(&small(50));
    let impact = foreseen(&table, &model::Request::key("DisableKey", KEY));
    let names: Vec<_> = impact
        .aliases()
        .map(|alias| alias.alias_name().to_string())
        .collect();
    assert_eq!(names, ["alias/a", "alias/b"]);
    for alias in impact.aliases() {
        let broken: Vec<_> = alias
            .breaks()
            .map(|(operation, _)| operation.as_str())
            .collect();
        let expected = [
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "ReEncrypt",
        ];
        assert_eq!(broken, expected);
        assert_eq!(alias.starts().count(), 0);
        let (_, why) = alias.breaks().next().expect("a use");
        let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}");
        assert_eq!(
            why.to_string(),
            format!("DisabledException: {arn} is disabled.")
        );
        assert_eq!(
            alias.before().map(|key| key.state().as_str()),
            Some("Enabled")
        );
        assert_eq!(
            alias.after().map(|key| key.state().as_str()),
            Some("Disabled")
        );
    }
    assert_eq!(impact.keys().count(), 0, "its aliases stay");
}

#[test]
fn a_change_that_is_taken_back_is_none_at_all() {
    let mut table = table(&small(50));
    let mut all = Impact::default();
    assert!(all.is_empty());
    for (name, to) in [("alias/a", OTHER), ("alias/a", KEY)] {
        let request = model::Request::alias("UpdateAlias", name, to);
        let change = ask(&mut table, &request, 7).expect("a change");
        all.then(table.impact(&change).expect("the newest change"));
    }
    assert!(all.is_empty(), "{all:?}");
    let same = foreseen(
        &table,
        &model::Request::alias("UpdateAlias", "alias/a", KEY),
    );
    assert!(same.is_empty(), "rule U7");
}

#[test]
fn the_words_say_which_key_which_way_which_rule_and_how_late_p4_p5() {
    let by_key = r#"{"prod": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}}"#;
    let by_name = r#"{"named": {"StringEquals": {"kms:RequestAlias": "alias/a"}}}"#;
    let never = r#"{"never": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/?"},
                              "Null": {"kms:RequestAlias": "true"}}}"#;
    let table_of_50 = table(&small(50));
    let moved = foreseen(
        &table_of_50,
        &model::Request::alias("UpdateAlias", "alias/a", OTHER),
    );
    assert_eq!(
        words(by_key, &moved),
        [
            format!("brings key {OTHER} under `prod`, up to five minutes later (rule P4)"),
            format!("takes key {KEY} out of `prod`, up to five minutes later (rule P4)"),
        ]
    );
    assert_eq!(
        words(by_name, &moved),
        [
            format!(
                "brings key {OTHER}, asked for by alias/a, under `named`, up to five minutes later (rule P4)"
            ),
            format!(
                "takes key {KEY}, asked for by alias/a, out of `named`, up to five minutes later (rule P4)"
            ),
        ]
    );
    let created = foreseen(
        &table_of_50,
        &model::Request::alias("CreateAlias", "alias/long", OTHER),
    );
    assert_eq!(
        words(never, &created),
        [format!(
            "takes key {OTHER}, asked for by key ID or ARN, out of `never`, up to five minutes later (rule P4)"
        )]
    );
    // One alias above the quota goes, and the key is judged by its aliases again.
    let table_of_1 = table(&small(1));
    let deleted = foreseen(&table_of_1, &model::Request::delete_alias("alias/b"));
    assert_eq!(
        words(by_key, &deleted),
        [format!(
            "brings key {KEY} under `prod`, with no more aliases than the quota again, up to five \
             minutes later (rule P5)"
        )]
    );
    assert_eq!(words(by_name, &deleted), [""; 0]);
}

#[test]
fn an_answer_tells_both_sides_p4_p5() {
    let table = table(&small(1));
    let deleted = foreseen(&table, &model::Request::delete_alias("alias/b"));
    let text = br#"{"prod": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}}"#;
    let conditions = AliasConditions::from_json(text).expect("conditions");
    let changes = conditions.affected_by(&deleted);
    let [change] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(
        (change.before(), change.after()),
        (Standing::Denied, Standing::Under)
    );
    let key = deleted.keys().next().expect("the key");
    let names = |aliases: Option<&kms_alias::KeyAliases>| -> Vec<String> {
        let names = aliases.expect("the key is there").names();
        names.iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(key.before()), ["alias/a", "alias/b"]);
    assert_eq!(names(key.after()), ["alias/a"]);
    assert_eq!(key.key_id(), KEY);
}

#[test]
fn an_alias_that_comes_to_another_kind_of_key_says_which_uses_it_is_not_for_m() {
    let mut model = small(50);
    let rsa = Key {
        spec: "RSA_2048",
        ..Key::plain(OTHER)
    };
    model.keys.insert(OTHER.to_owned(), rsa);
    let mut table = table(&model);
    let mut all = Impact::default();
    for request in [
        model::Request::delete_alias("alias/a"),
        model::Request::alias("CreateAlias", "alias/a", OTHER),
    ] {
        let change = ask(&mut table, &request, 7).expect("a change");
        all.then(table.impact(&change).expect("the newest change"));
    }
    let alias = all.aliases().next().expect("the alias");
    let broken: Vec<_> = alias.breaks().map(|(_, why)| why.to_string()).collect();
    assert_eq!(broken.len(), 4, "{broken:?}");
    let words = "GenerateDataKey does not work on a key of spec RSA_2048 and usage ENCRYPT_DECRYPT";
    assert_eq!(broken[0], words);
    let started: Vec<_> = alias
        .starts()
        .map(|(operation, why)| (operation, why.rule()))
        .collect();
    assert_eq!(started, [(KmsOperation::GetPublicKey, Rule::M)]);
}

#[test]
fn a_key_that_comes_above_the_quota_is_denied_p5() {
    // No operation does this (rule T6): a log that is replayed, or a table with another quota may.
    let mut table = table(&small(2));
    let request = model::Request::alias("CreateAlias", "alias/c", KEY);
    let operation = read(&request, table.reserved_names()).expect("an operation");
    let raised = table.clone().with_aliases_per_key(3);
    let change = raised.check(&operation, moment(0)).expect("a change");
    let impact = table.impact(&change).expect("the next change");
    let by_key = r#"{"prod": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/?"}}}"#;
    let expected = format!(
        "takes key {KEY} out of `prod`, denied with more aliases than the quota, up to five minutes \
         later (rule P5)"
    );
    assert_eq!(words(by_key, &impact), [expected]);
    assert_eq!(
        words(by_key, &raised.impact(&change).expect("the next change")),
        [""; 0]
    );
    table.replay(&change).expect("the next change");
    assert_eq!(table.impact(&change).as_ref(), Ok(&impact));
    assert!(
        table
            .key_aliases(&parsed(KEY))
            .is_some_and(|aliases| aliases.is_above_quota())
    );
    assert_eq!(
        table.key_aliases(&parsed("ffffffff-ffff-ffff-ffff-ffffffffffff")),
        None
    );
}

#[test]
fn a_change_that_is_neither_next_nor_newest_is_refused_i4() {
    let mut table = table(&small(50));
    let create = |name| model::Request::alias("CreateAlias", name, KEY);
    let first = ask(&mut table, &create("alias/x"), 1).expect("a change");
    let second = ask(&mut table, &create("alias/y"), 2).expect("a change");
    assert!(table.impact(&second).is_ok());
    let refused = table.impact(&first).expect_err("an older change");
    assert_eq!(refused.rule(), Rule::I4);
    // The right number on a table that stands otherwise.
    let mut other = AliasTable::new(table.scope());
    assert_eq!(other.impact(&first).expect_err("no key").rule(), Rule::I4);
    let key = table.key(&parsed(OTHER)).expect("the key").clone();
    other.insert_key(key).expect("a new key");
    assert_eq!(
        other.impact(&first).expect_err("another alias").rule(),
        Rule::I4
    );
}

#[test]
fn every_operation_takes_the_keys_that_it_is_for_m() {
    let model = small(50);
    let mut seen = 0;
    for key in model::key::every_key(KEY, &[model::Role::Single]) {
        if !key.broken_rules(KEY, "aws").is_empty() {
            continue;
        }
        let built = build(&model, KEY, &key).expect("a possible key");
        for operation in KmsOperation::ALL
            .iter()
            .filter(|operation| operation.takes_alias())
        {
            let expected = takes(operation.as_str(), &key);
            assert_eq!(operation.suits(&built), expected, "{operation} {key:?}");
            seen += usize::from(expected);
        }
    }
    assert!(seen > 500, "{seen}");
}
