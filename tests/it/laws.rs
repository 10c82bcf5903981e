//! Laws that hold of every table, whatever happens to it, and its agreement with the model.

use kms_alias_testing::{model, size};

use std::collections::BTreeSet;

use kms_alias::{
    AliasTable, Change, Inconsistent, KeyId, KmsOperation, ListAliases, ListKeys, Operation,
    Refusal, parse_key_identifier,
};
use model::adaptor::{
    ask, assert_agree, assert_same, build, joined, joined_keys, moment, page, parsed, read, table,
};
use model::world::{
    Event, half_known_world_and_events, half_known_world_and_identifiers, world_and_lives,
};
use model::{Model, states};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

/// What a table says to an event.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Done(Change),
    Refused(Refusal),
    Inconsistent(Inconsistent),
}

impl Answer {
    fn change(self) -> Option<Change> {
        match self {
            Self::Done(change) => Some(change),
            Self::Refused(_) | Self::Inconsistent(_) => None,
        }
    }
}

/// Lets an event happen to a table; the model is asked for the crate's form of a key only.
fn happen(table: &mut AliasTable, model: &Model, event: &Event) -> Answer {
    let outcome = match event {
        Event::Ask(request, at) => {
            return ask(table, request, *at).map_or_else(Answer::Refused, Answer::Done);
        }
        Event::Insert(key_id, key) => {
            table.insert_key(build(model, key_id, key).expect("a possible key"))
        }
        Event::InsertUndescribed(key_id) => table.insert_undescribed_key(parsed(key_id)),
        Event::Remove(key_id) => table.remove_key(&parsed(key_id)),
    };
    outcome.map_or_else(Answer::Inconsistent, Answer::Done)
}

/// Lets an event happen to both, which have to answer alike.
#[track_caller]
fn happen_to_both(table: &mut AliasTable, model: &mut Model, event: &Event) {
    let answer = happen(table, model, event);
    let by_model = match event {
        Event::Ask(request, at) => {
            let crates = match answer {
                Answer::Refused(refusal) => Err(refusal),
                _ => Ok(()),
            };
            return assert_same(&crates, &model.apply(request, *at), event);
        }
        Event::Insert(key_id, key) => model.insert_key(key_id, key.clone()),
        Event::InsertUndescribed(key_id) => model.insert_undescribed_key(key_id),
        Event::Remove(key_id) => model.remove_key(key_id),
    };
    let by_crate = match &answer {
        Answer::Inconsistent(error) => Err(error.rule().number()),
        _ => Ok(()),
    };
    assert_eq!(by_crate, by_model, "{event:?}");
}

/// The operations among the events that can be read.
fn operations(table: &AliasTable, events: &[Event]) -> Vec<Operation> {
    let requests = events.iter().filter_map(|event| match event {
        Event::Ask(request, _) => Some(request),
        Event::Insert(..) | Event::InsertUndescribed(_) | Event::Remove(_) => None,
    });
    requests
        .filter_map(|request| read(request, table.reserved_names()).ok())
        .collect()
}

fn names(table: &AliasTable) -> Vec<String> {
    table.iter().map(|alias| alias.name().to_owned()).collect()
}

proptest! {
    #![proptest_config(config(size(500, 1500)))]

    #[test]
    fn crate_and_model_say_the_same((mut model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        assert_agree(&table, &model);
        for event in &events {
            happen_to_both(&mut table, &mut model, event);
        }
        assert_agree(&table, &model);
    }

    #[test]
    fn a_keys_life_is_the_same_s1_s8((mut model, events) in world_and_lives(60)) {
        let mut table = table(&model);
        for event in &events {
            happen_to_both(&mut table, &mut model, event);
            assert_agree(&table, &model);
        }
    }

    #[test]
    fn an_identifier_names_the_same_key_k6_l5((model, texts) in half_known_world_and_identifiers()) {
        let table = table(&model);
        for text in &texts {
            let identifier = parse_key_identifier(text.as_deref());
            let resolved = identifier.clone().and_then(|identifier| table.resolve(&identifier));
            let expected = model.resolve(text.as_deref());
            assert_same(&resolved, &expected, text);
            prop_assert_eq!(resolved.ok().map(|key_id| key_id.to_string()), expected.ok());
            let by_crate = identifier.and_then(|identifier| table.describe_key(&identifier));
            let by_model = model.describe_key(text.as_deref());
            assert_same(&by_crate, &by_model, text);
            if let (Ok(key), Ok((key_id, expected))) = (by_crate, by_model) {
                let expected = build(&model, &key_id, expected).expect("a possible key");
                prop_assert_eq!(key, &expected);
            }
        }
    }

    #[test]
    fn a_marker_that_no_page_gave_is_refused_k7_l3(marker in hostile_marker()) {
        let length = marker.chars().count();
        let latin = marker.chars().all(|c| ('\u{20}'..='\u{ff}').contains(&c));
        let expected = if (1..=1024).contains(&length) && latin {
            ("L3", "InvalidMarkerException")
        } else {
            ("K7", "ValidationException")
        };
        let aliases = ListAliases::parse(None, None, Some(&marker)).expect_err("no marker");
        let keys = ListKeys::parse(None, Some(&marker)).expect_err("no marker");
        for refusal in [aliases, keys] {
            prop_assert_eq!((refusal.rule().number(), refusal.exception()), expected);
        }
    }

    #[test]
    fn a_list_of_one_keys_aliases_is_the_same_k8_l1((model, texts) in half_known_world_and_identifiers()) {
        let table = table(&model);
        for text in texts.iter().flatten() {
            joined(&table, &model, Some(text), 2);
        }
    }

    #[test]
    fn refused_means_unchanged((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            let before = table.clone();
            if happen(&mut table, &model, event).change().is_none() {
                prop_assert_eq!(&table, &before, "{:?}", event);
                prop_assert_eq!(table.snapshot(), before.snapshot(), "{:?}", event);
            }
        }
    }

    #[test]
    fn check_equals_apply((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            if let Event::Ask(request, at) = event
                && let Ok(operation) = read(request, table.reserved_names())
            {
                let before = table.clone();
                let foreseen = table.check(&operation, moment(*at));
                prop_assert_eq!(&table, &before);
                prop_assert_eq!(table.apply(&operation, moment(*at)), foreseen);
            } else {
                happen(&mut table, &model, event);
            }
        }
    }

    #[test]
    fn undo_restores((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        let mut past = Vec::new();
        for event in &events {
            let before = table.clone();
            if let Some(change) = happen(&mut table, &model, event).change() {
                past.push((before, change));
            }
        }
        for (before, change) in past.into_iter().rev() {
            table.undo(&change).expect("the newest change");
            prop_assert_eq!(&table, &before);
            prop_assert_eq!(table.snapshot(), before.snapshot());
        }
        assert_agree(&table, &model);
    }

    #[test]
    fn an_undo_out_of_order_is_refused_i4((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        let changed = events.iter().filter_map(|event| happen(&mut table, &model, event).change());
        let changes: Vec<_> = changed.collect();
        let before = table.clone();
        for change in changes.iter().rev().skip(1) {
            let refused = table.undo(change).expect_err("not the newest");
            prop_assert_eq!(refused.rule().number(), "I4");
        }
        for change in &changes {
            let refused = table.replay(change).expect_err("made already");
            prop_assert_eq!(refused.rule().number(), "I4");
        }
        prop_assert_eq!(table, before);
    }

    #[test]
    fn replay_reaches_the_same_table((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        let mut other = table.clone();
        for event in &events {
            if let Some(change) = happen(&mut table, &model, event).change() {
                other.replay(&change).expect("the next change");
                prop_assert_eq!(&other, &table);
            }
        }
        prop_assert_eq!(other.snapshot(), table.snapshot());
    }

    #[test]
    fn apply_all_is_all_or_none((model, events) in half_known_world_and_events(8), at in 0..10_000_000_000_i64) {
        let mut table = table(&model);
        let operations = operations(&table, &events);
        let (before, mut single) = (table.clone(), table.clone());
        let one_by_one: Vec<_> = operations
            .iter()
            .map(|operation| single.apply(operation, moment(at)))
            .collect();
        match table.apply_all(&operations, moment(at)) {
            Ok(changes) => {
                prop_assert_eq!(Ok(changes), one_by_one.into_iter().collect());
                prop_assert_eq!(table, single);
            }
            Err(refused) => {
                let first = one_by_one.iter().position(Result::is_err);
                prop_assert_eq!(first, Some(refused.index));
                prop_assert_eq!(&one_by_one[refused.index], &Err(refused.refusal));
                prop_assert_eq!(&table, &before);
                prop_assert_eq!(table.snapshot(), before.snapshot());
            }
        }
    }

    #[test]
    fn pages_join_to_the_whole_list((mut model, events) in half_known_world_and_events(30), limit in 1..6_i64) {
        let mut table = table(&model);
        for event in &events {
            happen_to_both(&mut table, &mut model, event);
        }
        prop_assert_eq!(joined(&table, &model, None, limit), names(&table));
        prop_assert_eq!(joined(&table, &model, None, 100), names(&table));
        let keys = model.keys.keys().chain(&model.undescribed).cloned();
        for key in keys.collect::<Vec<_>>() {
            let key_id = parsed::<KeyId>(&key);
            let of_key: Vec<_> = table.aliases_of(key_id).map(|alias| alias.name()).collect();
            prop_assert_eq!(joined(&table, &model, Some(&key), limit), of_key);
        }
        let mut ids: Vec<_> = table.keys().map(|key| key.key_id()).chain(table.undescribed_keys()).collect();
        ids.sort_unstable();
        let ids: Vec<_> = ids.into_iter().map(|id| id.to_string()).collect();
        prop_assert_eq!(joined_keys(&table, &model, limit), ids);
    }

    #[test]
    fn what_stands_throughout_a_walk_shows_once_l3(
        (model, events) in half_known_world_and_events(60),
        (limit, pace) in (1..4_i64, 0..8_usize),
    ) {
        let mut table = table(&model);
        let mut throughout: BTreeSet<_> = names(&table).into_iter().collect();
        let (mut events, mut seen, mut marker) = (events.iter(), Vec::new(), None);
        loop {
            let shown = page(&table, None, limit, marker.as_deref());
            let (page, next) = shown.expect("a page");
            seen.extend(page.entries);
            if next.is_none() {
                break;
            }
            marker = next;
            for event in events.by_ref().take(pace) {
                happen(&mut table, &model, event);
                let there: BTreeSet<_> = names(&table).into_iter().collect();
                throughout.retain(|name| there.contains(name));
            }
        }
        let once: BTreeSet<_> = seen.iter().cloned().collect();
        prop_assert_eq!(once.len(), seen.len(), "a name shows twice: {:?}", seen);
        prop_assert!(once.is_superset(&throughout), "{:?} of {:?}", once, throughout);
    }

    #[test]
    fn every_alias_has_its_key_i2((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            happen(&mut table, &model, event);
            for alias in table.iter().filter(|alias| !alias.name().starts_with("alias/aws/")) {
                let key_id = alias.target_key_id().expect("a key");
                prop_assert!(table.knows_key(&key_id), "{:?}", alias);
                let mut names = table.aliases_of(key_id).map(|alias| alias.name());
                prop_assert!(names.any(|name| name == alias.name()), "{:?}", alias);
            }
        }
    }

    #[test]
    fn counts_equal_the_list((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            happen(&mut table, &model, event);
            prop_assert_eq!(table.len(), table.iter().count());
            prop_assert_eq!(table.is_empty(), table.iter().next().is_none());
            prop_assert_eq!(table.key_count(), table.keys().count());
            for key in table.keys() {
                let listed = table.iter().filter(|alias| alias.target_key_id() == Some(key.key_id()));
                prop_assert_eq!(table.aliases_of(key.key_id()).count(), listed.count());
            }
            let names = names(&table);
            prop_assert!(names.is_sorted_by(|a, b| a < b), "{:?}", names);
            for name in &names {
                prop_assert_eq!(table.get(name).map(|alias| alias.name()), Some(name.as_str()));
            }
        }
    }

    #[test]
    fn a_snapshot_loads_equal((model, events) in half_known_world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            happen(&mut table, &model, event);
        }
        prop_assert_eq!(&table.snapshot().into_table().expect("a table"), &table);
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_call_on_a_key_meets_the_same_k8_s6_s8((model, texts) in half_known_world_and_identifiers()) {
        let table = table(&model);
        for text in texts.iter().flatten() {
            for operation in states::operations() {
                let used = parse_key_identifier(Some(text)).and_then(|identifier| {
                    table.check_use(parsed::<KmsOperation>(operation), &identifier)
                });
                let expected = if text.is_empty() || text.chars().count() > 2048 {
                    model.describe_key(Some(text)).map(|(key_id, _)| key_id)
                } else {
                    model.check_use(operation, text)
                };
                if expected.as_ref().is_err_and(|refused| refused.rule == "S7") {
                    continue; // The exhaustive tests have them.
                }
                assert_same(&used, &expected, &(operation, text));
            }
        }
    }
}

fn hostile_marker() -> impl Strategy<Value = String> {
    let long = (1020..1030_usize).prop_map(|length| "\u{e9}".repeat(length));
    prop_oneof![any::<String>(), "[ -~]{0,12}", "[ -\u{17f}]{1,3}", long]
}

/// The laws prove nothing of what their worlds never meet.
#[test]
fn the_worlds_meet_every_rule_that_refuses() {
    let rules = "A1 A2 A3 A4 A6 I1 I5 I6 K1 K2 K3 K4 K5 K7 K8 S1 S2 S3 S4 S5 S7 S8 T1 T2 T3 T4 T5 T6 U1 U3 U4";
    let rules: BTreeSet<&str> = rules.split(' ').collect();
    let mut runner = TestRunner::deterministic();
    let (mut met, mut done) = (BTreeSet::new(), 0);
    let worlds = half_known_world_and_events(40);
    for _ in 0..3000 {
        let tree = worlds.new_tree(&mut runner).expect("a world");
        let (mut model, events) = tree.current();
        for event in &events {
            let refused = match event {
                Event::Ask(request, at) => model.apply(request, *at).map_err(|error| error.rule),
                Event::Insert(key_id, key) => model.insert_key(key_id, key.clone()),
                Event::InsertUndescribed(key_id) => model.insert_undescribed_key(key_id),
                Event::Remove(key_id) => model.remove_key(key_id),
            };
            done += usize::from(refused.is_ok());
            met.extend(refused.err());
        }
        if met == rules && done > 10_000 {
            return;
        }
    }
    panic!("{done} were done, and of {rules:?} these were met: {met:?}");
}

mod as_json {
    use super::*;

    proptest! {
        #![proptest_config(config(500))]

        #[test]
        fn a_table_and_its_changes_load_equal((model, events) in half_known_world_and_events(30)) {
            let mut table = table(&model);
            for event in &events {
                if let Some(change) = happen(&mut table, &model, event).change() {
                    let text = serde_json::to_string(&change).expect("JSON");
                    let loaded = serde_json::from_str::<Change>(&text).expect("a change");
                    prop_assert_eq!(loaded, change, "{}", text);
                }
            }
            let text = serde_json::to_string(&table).expect("JSON");
            let loaded = serde_json::from_str::<AliasTable>(&text).expect("a table");
            prop_assert_eq!(loaded, table, "{}", text);
        }
    }
}

/// Many events, so that the store grows, shrinks and takes up again what was free.
mod long {
    use super::*;

    proptest! {
        #![proptest_config(config(12))]

        #[test]
        fn a_long_life_keeps_the_laws((mut model, events) in half_known_world_and_events(2500)) {
            let mut table = table(&model);
            let start = table.clone();
            let mut changes = Vec::new();
            for (index, event) in events.iter().enumerate() {
                let mut foreseen = table.clone();
                if let Some(change) = happen(&mut foreseen, &model, event).change() {
                    changes.push(change);
                }
                happen_to_both(&mut table, &mut model, event);
                prop_assert_eq!(&foreseen, &table);
                if index % 50 == 0 {
                    assert_agree(&table, &model);
                    prop_assert_eq!(&table.snapshot().into_table().expect("a table"), &table);
                }
            }
            prop_assert_eq!(joined(&table, &model, None, 3), names(&table));
            let mut replayed = start.clone();
            for change in &changes {
                replayed.replay(change).expect("the next change");
            }
            prop_assert_eq!(&replayed, &table);
            for change in changes.into_iter().rev() {
                table.undo(&change).expect("the newest change");
            }
            prop_assert_eq!(table, start);
        }
    }
}

#[test]
fn operations_on_a_table_are_accepted_and_refused() {
    use kms_alias::strategies::operation_on;
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..300 {
        let table = any::<kms_alias::AliasTable>().new_tree(&mut runner);
        let table = table.expect("a table").current();
        let operation = operation_on(&table).new_tree(&mut runner);
        let operation = operation.expect("an operation").current();
        match table.check(&operation, kms_alias::Timestamp::from_millis(0)) {
            Ok(_) => accepted += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(
        accepted > 60 && refused > 60,
        "{accepted} accepted, {refused} refused"
    );
}
