//! Laws of the audit, on logs that the model tells of random worlds.

use kms_alias_testing::told;
use kms_alias_testing::trail_writer;
use kms_alias_testing::{model, size};

use std::collections::BTreeSet;

use kms_alias::{AliasTable, KmsOperation, Operation};
use kms_alias_audit::{Coverage, NotJudged, Report, Trail, audit, read_trail};
use kms_alias_files::File;
use model::adaptor::{moment, parsed, read, table};
use model::world::{Event, world_and_events, world_and_identifiers, world_and_lives};
use model::{Model, states};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use told::call;
use trail_writer::file;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

/// A step of two days, so that some deletions fall due.
const STEP: i64 = 2 * 86_400;

/// What the log tells of these events: one event a step.
fn log(model: &mut Model, events: &[Event]) -> Vec<Value> {
    let steps = (1..).map(|step| step * STEP);
    let told = events.iter().zip(steps);
    told.filter_map(|(event, second)| told::told(model, event, second))
        .collect()
}

#[track_caller]
fn trail_of(records: &[Value]) -> Trail {
    let bytes = file(records);
    let file = File {
        name: "trail.json",
        bytes: bytes.as_bytes(),
    };
    read_trail(&[file]).expect("a trail")
}

fn created(records: &[Value]) -> usize {
    let names = records
        .iter()
        .filter(|record| record["eventName"] == "CreateKey");
    names.count()
}

/// How many say that there is no permission: AWS's policy on its own keys, and IAM, say so alike.
fn denied(records: &[Value]) -> usize {
    let codes = records
        .iter()
        .filter(|record| record["errorCode"] == "AccessDeniedException");
    codes.count()
}

/// The aliases and key states of a table, as text.
fn standing(table: &AliasTable) -> (Vec<String>, Vec<String>) {
    let aliases = table.iter().map(|alias| format!("{alias:?}")).collect();
    let keys = table
        .keys()
        .map(|key| format!("{} {:?}", key.key_id(), key.status()));
    (aliases, keys.collect())
}

#[track_caller]
fn assert_agrees(report: &Report<'_>) {
    assert!(report.findings().is_empty(), "{:?}", report.findings());
    let contradicted = report.evidence().iter().filter(|of| of.contradicted() > 0);
    assert_eq!(contradicted.count(), 0);
}

proptest! {
    #![proptest_config(config(size(120, 300)))]

    #[test]
    fn a_log_of_the_models_own_verdicts_agrees_entirely((mut model, events) in world_and_events(40)) {
        let before = table(&model);
        let records = log(&mut model, &events);
        let trail = trail_of(&records);
        let report = audit(before, Coverage::Whole, &trail);
        assert_agrees(&report);
        // Nothing is left out but what no rule judges.
        let created = created(&records);
        let denied = denied(&records);
        prop_assert_eq!(report.judged(), records.len() - created - denied);
        let not_judged: BTreeSet<_> = report.not_judged().collect();
        let expected = [(NotJudged::NoRule, created), (NotJudged::Permission, denied)];
        let expected = expected.into_iter().filter(|(_, count)| *count > 0);
        prop_assert_eq!(not_judged, expected.collect::<BTreeSet<_>>());
        prop_assert_eq!(standing(report.table()), standing(&table(&model)));
    }

    #[test]
    fn a_log_of_keys_lives_agrees_entirely_s1_s8((mut model, events) in world_and_lives(60)) {
        let before = table(&model);
        let records = log(&mut model, &events);
        let trail = trail_of(&records);
        let report = audit(before, Coverage::Whole, &trail);
        assert_agrees(&report);
        prop_assert_eq!(report.judged(), records.len() - created(&records) - denied(&records));
        prop_assert_eq!(standing(report.table()), standing(&table(&model)));
    }

    #[test]
    fn who_knows_a_part_contradicts_nothing(
        (mut model, events) in world_and_events(40),
        dropped in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let mut parts = table(&model).snapshot();
        for index in dropped {
            if parts.aliases.is_empty() {
                break;
            }
            parts.aliases.remove(index.index(parts.aliases.len()));
        }
        // A key without aliases may be dropped too.
        let used: BTreeSet<_> = parts.aliases.iter().filter_map(|alias| alias.target_key_id).collect();
        parts.keys.retain(|key| used.contains(&key.key_id()) || key.key_id().as_bytes()[0] % 2 == 0);
        let part = parts.into_table().expect("a table");
        let nothing = AliasTable::new(part.scope())
            .with_reserved_names(part.reserved_names())
            .with_aliases_per_key(part.aliases_per_key());
        let records = log(&mut model, &events);
        let trail = trail_of(&records);
        for table in [part, nothing] {
            let report = audit(table, Coverage::Part, &trail);
            prop_assert!(report.findings().is_empty(), "{:?}", report.findings());
            let not_judged: usize = report.not_judged().map(|(_, count)| count).sum();
            prop_assert_eq!(report.judged() + not_judged, records.len());
        }
    }

    #[test]
    fn a_forged_answer_is_found((mut model, events) in world_and_events(40), at in any::<Index>()) {
        let before = table(&model);
        let mut records = log(&mut model, &events);
        // A call on a key has more reasons to fail than these rules know.
        let judged = |record: &Value| {
            is_change(record["eventName"].as_str().expect("a name"))
                && record["errorCode"] != "AccessDeniedException"
        };
        let places: Vec<_> = (0..records.len()).filter(|place| judged(&records[*place])).collect();
        prop_assume!(!places.is_empty());
        let place = *at.get(&places);
        forge(&mut records[place]);
        let trail = trail_of(&records);
        let report = audit(before, Coverage::Whole, &trail);
        let first = report.findings().first();
        let id = first.and_then(|finding| finding.event().id());
        if id != records[place]["eventID"].as_str() {
            // A key whose state passes unseen may have been in another.
            let unseen = report.not_judged().any(|(reason, _)| reason == NotJudged::StateNotShown);
            prop_assert!(unseen, "{:?}: {:?}", records[place], report.findings());
        }
    }

    #[test]
    fn files_and_records_may_come_in_any_order(
        (mut model, events) in world_and_events(30),
        at in prop::collection::vec(any::<Index>(), 30),
        files in 1..4_usize,
    ) {
        let before = table(&model);
        let mut records = log(&mut model, &events);
        let in_order = trail_of(&records);
        let count = records.len();
        for (place, index) in at.iter().take(count).enumerate() {
            records.swap(place, index.index(count));
        }
        let chunk = records.len().div_ceil(files).max(1);
        let texts: Vec<_> = records.chunks(chunk).map(file).collect();
        prop_assume!(!texts.is_empty());
        let files: Vec<_> = texts.iter().map(|text| File { name: "trail.json", bytes: text.as_bytes() }).collect();
        let trail = read_trail(&files).expect("a trail");
        let ids = |trail: &Trail| {
            let events = trail.events().iter();
            events.map(|event| event.id().map(str::to_owned)).collect::<Vec<_>>()
        };
        prop_assert_eq!(ids(&trail), ids(&in_order));
        assert_agrees(&audit(before, Coverage::Whole, &trail));
    }

    #[test]
    fn every_rule_that_is_broken_is_told_in_the_order_of_checks((model, events) in world_and_events(30)) {
        let mut table = table(&model);
        for event in &events {
            let Event::Ask(request, at) = event else { continue };
            let Ok(operation) = read(request, table.reserved_names()) else { continue };
            let verdict = table.check(&operation, moment(*at));
            let broken = table.broken_rules(&operation, moment(*at));
            prop_assert_eq!(broken.first(), verdict.as_ref().err(), "{:?}", operation);
            let places: Vec<_> = broken.iter().map(|refusal| place(refusal.rule().number())).collect();
            prop_assert!(places.is_sorted_by(|a, b| a < b), "{:?}", broken);
            assert_others_are_broken(&table, &operation, *at);
            let _ = table.apply(&operation, moment(*at));
        }
    }
}

proptest! {
    #![proptest_config(config(size(30, 60)))]

    #[test]
    fn a_log_of_calls_on_keys_agrees_entirely_s6_s8((model, texts) in world_and_identifiers()) {
        let mut records = Vec::new();
        for text in texts.iter().flatten() {
            // A text that breaks a bound is another's question (rule K7).
            if text.is_empty() || text.chars().count() > 2048 {
                continue;
            }
            for operation in states::operations() {
                if is_call(operation) {
                    let second = STEP + i64::try_from(records.len()).expect("a time");
                    records.push(call(&model, operation, text, second));
                }
            }
        }
        prop_assume!(!records.is_empty());
        let trail = trail_of(&records);
        let report = audit(table(&model), Coverage::Whole, &trail);
        prop_assert!(report.findings().is_empty(), "{:?}", report.findings());
        // Keys of other accounts, and AWS's own that nobody described, are left out.
        let reasons = report.not_judged().filter(|(reason, _)| {
            ![
                NotJudged::OtherAccount,
                NotJudged::KeyNotDescribed,
                NotJudged::Permission,
            ].contains(reason)
        });
        prop_assert_eq!(reasons.collect::<Vec<_>>(), Vec::new());
    }
}

/// The requests that change an alias or a key's state.
fn is_change(operation: &str) -> bool {
    let parts = ["Alias", "EnableKey", "DisableKey", "KeyDeletion"];
    parts.iter().any(|part| operation.ends_with(part))
}

/// The operations that use or show the key that they name, and leave it as it is.
fn is_call(operation: &str) -> bool {
    let others = [
        "ReEncrypt",
        "ListAliases",
        "ReplicateKey",
        "UpdatePrimaryRegion",
    ];
    !is_change(operation) && !others.contains(&operation) && !operation.contains("Import")
        || operation == "GetParametersForImport"
}

/// Where a rule stands in the documented order of checks.
fn place(rule: &str) -> usize {
    let order = [
        "A4", "U1", "A6", "T3", "T2", "T1", "T4", "S7", "T5", "S8", "S5", "U4", "U3", "T6",
    ];
    let place = order.iter().position(|number| *number == rule);
    // What no request asks for stands alone.
    place.unwrap_or(order.len())
}

/// A rule that is told beside the first is broken by itself too: with the name of an alias that is
/// free, or with the key of another, it is the first.
#[track_caller]
fn assert_others_are_broken(table: &AliasTable, operation: &Operation, at: i64) {
    let Operation::CreateAlias { target_key_id, .. } = operation else {
        return;
    };
    let free = "alias/a-name-that-is-free-and-not-reserved";
    let alone = Operation::CreateAlias {
        alias_name: parsed(free),
        target_key_id: *target_key_id,
    };
    let of_target = |refusals: Vec<kms_alias::Refusal>| -> Vec<_> {
        let refusals = refusals.into_iter();
        refusals
            .filter(|refusal| refusal.rule().number().starts_with('T'))
            .collect()
    };
    let told = of_target(table.broken_rules(operation, moment(at)));
    assert_eq!(told, of_target(table.broken_rules(&alone, moment(at))));
    assert_eq!(told.first(), table.check(&alone, moment(at)).as_ref().err());
}

/// Turns a success into a refusal, and a refusal into a success.
fn forge(record: &mut Value) {
    if record["errorCode"].is_null() {
        record["errorCode"] = json!("LimitExceededException");
    } else {
        let members = record.as_object_mut().expect("a record");
        members.remove("errorCode");
        members.remove("errorMessage");
    }
}

#[test]
fn the_log_of_a_large_account_agrees_entirely_q() {
    let mut numbers = model::large::Numbers(4);
    let mut model = model::large::account(&mut numbers);
    let before = table(&model);
    let request = || Event::Ask(model::large::request(&mut numbers), 0);
    let events: Vec<_> = std::iter::repeat_with(request).take(10_000).collect();
    // Sixteen events a second, as many as are tried for the one that comes first.
    let seconds = (0..).map(|number: i64| number / 16);
    let told = events.iter().zip(seconds).zip(0..);
    let records: Vec<_> = told
        .filter_map(|((event, second), number)| {
            let mut record = told::told(&mut model, event, second)?;
            record["eventID"] = json!(format!("{number}"));
            Some(record)
        })
        .collect();
    let trail = trail_of(&records);
    let report = audit(before, Coverage::Whole, &trail);
    assert_agrees(&report);
    assert_eq!(report.judged() + denied(&records), records.len());
}

/// The laws prove nothing of what their logs never tell.
#[test]
fn the_logs_tell_of_every_kind_of_event_and_of_most_refusals() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut names, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..1500 {
        let worlds = prop_oneof![world_and_events(40), world_and_lives(60)];
        let (mut model, events) = worlds.new_tree(&mut runner).expect("a world").current();
        for record in log(&mut model, &events) {
            names.insert(record["eventName"].as_str().expect("a name").to_owned());
            codes.extend(record["errorCode"].as_str().map(str::to_owned));
        }
    }
    let expected = "CancelKeyDeletion CreateAlias CreateKey DeleteAlias DeleteImportedKeyMaterial \
                    DeleteKey DisableKey EnableKey ImportKeyMaterial ScheduleKeyDeletion UpdateAlias";
    assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), expected);
    let expected = "AccessDeniedException AlreadyExistsException InvalidAliasNameException \
                    InvalidArnException KMSInvalidStateException LimitExceededException \
                    NotFoundException ValidationException";
    assert_eq!(codes.into_iter().collect::<Vec<_>>().join(" "), expected);
}

/// Every operation of the key-state table has a name that the crate knows.
#[test]
fn every_call_is_an_operation() {
    let calls = states::operations()
        .into_iter()
        .filter(|name| is_call(name));
    assert!(calls.map(parsed::<KmsOperation>).count() > 20);
}
