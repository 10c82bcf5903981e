//! Every case of `tests/conformance/*.jsonl`: what AWS's documentation, its recorded answers and
//! the tests of emulators say, against what this crate says.
//!
//! Identifiers: an `input` and whether it is `valid`, or which `form` it has. Patterns: rule P3.
//! Scenarios: a table, steps as the service's own JSON, and what each of them gets. A `message` is
//! AWS's own, a `message_likely` that of another operation or of an emulator; the crate adopts
//! both, so both are exact here.

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/door.rs"]
mod door;
#[path = "conformance/recorded.rs"]
mod recorded;
#[path = "conformance/scenario.rs"]
mod scenario;

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{AliasArn, AliasName, KeyArn, KeyId, KeyIdentifier, ReservedNames};
use kms_alias_foresee::AliasPattern;
use serde::Deserialize;

use case::{Expect, Identifier, PatternMatch, Scenario};
use door::Door;
use recorded::{Grade, Outcome, Recorded};
use scenario::{run, time};

const IDENTIFIERS: &str = include_str!("conformance/identifiers.jsonl");
const PATTERNS: &str = include_str!("conformance/patterns.jsonl");
const SCENARIOS: &str = include_str!("conformance/scenarios.jsonl");
const RECORDED: &str = include_str!("conformance/recorded.jsonl");

fn read<'a, T: Deserialize<'a>>(lines: &'a str) -> Vec<T> {
    let read = |(index, line)| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", index + 1))
    };
    lines.lines().enumerate().map(read).collect()
}

fn identifiers(kind: &str, count: usize) -> Vec<Identifier> {
    let mut cases: Vec<Identifier> = read(IDENTIFIERS);
    cases.retain(|case| case.kind == kind);
    assert_eq!(cases.len(), count, "cases of kind {kind}");
    cases
}

/// Fails with every case that breaks, not only the first.
#[track_caller]
fn none_breaks(broken: impl IntoIterator<Item = String>) {
    let broken: Vec<_> = broken.into_iter().collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[track_caller]
fn valid_exactly(kind: &str, count: usize, is_valid: impl Fn(&str) -> bool) {
    let broken = |case: &Identifier| Some(is_valid(&case.input)) != case.valid;
    let cases = identifiers(kind, count);
    none_breaks(
        cases
            .iter()
            .filter(|case| broken(case))
            .map(|case| case.id.clone()),
    );
}

#[test]
fn no_case_is_of_an_unknown_kind() {
    let kinds: BTreeSet<_> = read::<Identifier>(IDENTIFIERS)
        .into_iter()
        .map(|case| case.kind)
        .collect();
    let known = [
        "alias_arn",
        "alias_name",
        "key_arn",
        "key_id",
        "key_identifier",
    ];
    assert!(kinds.iter().eq(&known), "{kinds:?}");
    assert_eq!(read::<Identifier>(IDENTIFIERS).len(), 273);
}

#[test]
fn ids_are_unique() {
    let ids = read::<Identifier>(IDENTIFIERS)
        .into_iter()
        .map(|case| case.id);
    let ids = ids.chain(
        read::<PatternMatch>(PATTERNS)
            .into_iter()
            .map(|case| case.id),
    );
    let mut ids: Vec<_> = ids
        .chain(scenarios().into_iter().map(|case| case.id))
        .collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!((count, ids.len()), (463, 463));
}

#[test]
fn alias_names_a1_a2_a3_a4() {
    valid_exactly("alias_name", 127, |name| name.parse::<AliasName>().is_ok());
}

#[test]
fn alias_names_under_todays_reading_of_a4() {
    let cases = identifiers("alias_name", 127);
    assert_eq!(
        cases
            .iter()
            .filter(|case| case.valid_today.is_some())
            .count(),
        13
    );
    let broken = |case: &&Identifier| {
        let parsed = AliasName::parse_with(&case.input, ReservedNames::AliasAwsSlash);
        Some(parsed.is_ok()) != case.valid_today.or(case.valid)
    };
    none_breaks(cases.iter().filter(broken).map(|case| case.id.clone()));
}

#[test]
fn key_ids_k1_k2() {
    valid_exactly("key_id", 46, |text| text.parse::<KeyId>().is_ok());
}

#[test]
fn key_arns_k3_k4() {
    valid_exactly("key_arn", 44, |text| text.parse::<KeyArn>().is_ok());
}

#[test]
fn alias_arns_a7_k4() {
    valid_exactly("alias_arn", 26, |text| text.parse::<AliasArn>().is_ok());
}

#[test]
fn key_identifiers_k6() {
    let form = |text: &str| match text.parse().ok()? {
        KeyIdentifier::KeyId(_) => Some("key-id"),
        KeyIdentifier::KeyArn(_) => Some("key-arn"),
        KeyIdentifier::AliasName(_) => Some("alias-name"),
        KeyIdentifier::AliasArn(_) => Some("alias-arn"),
    };
    let cases = identifiers("key_identifier", 30);
    let broken = |case: &&Identifier| form(&case.input) != case.form.as_deref();
    none_breaks(cases.iter().filter(broken).map(|case| case.id.clone()));
}

#[test]
fn patterns_p3() {
    let cases: Vec<PatternMatch> = read(PATTERNS);
    assert_eq!(cases.len(), 35);
    let broken = |case: &&PatternMatch| {
        let pattern: AliasPattern = case.pattern.parse().expect(&case.id);
        pattern.matches(&case.alias) != case.matches
    };
    none_breaks(cases.iter().filter(broken).map(|case| case.id.clone()));
}

fn scenarios() -> Vec<Scenario> {
    read(SCENARIOS)
}

#[test]
fn no_expectation_is_lost() {
    let scenarios = scenarios();
    let expectations = || {
        let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
        steps.map(|step| &step.expect)
    };
    let count = |has: fn(&&Expect) -> bool| expectations().filter(has).count();
    assert_eq!(count(|expect| expect.ok), 242);
    assert_eq!(count(|expect| expect.error.is_some()), 93);
    assert_eq!(count(|expect| expect.message.is_some()), 22);
    assert_eq!(count(|expect| expect.message_likely.is_some()), 25);
    assert_eq!(count(|expect| expect.aliases.is_some()), 58);
    assert_eq!(count(|expect| expect.keys.is_some()), 2);
    assert_eq!(count(|expect| expect.key.is_some()), 68);
    assert_eq!(count(|expect| expect.dates.is_some()), 6);
    assert_eq!(count(|expect| expect.truncated.is_some()), 4);
    assert_eq!(count(|expect| expect.count_max.is_some()), 2);
    assert_eq!(
        scenarios
            .iter()
            .filter(|scenario| scenario.final_aliases.is_some())
            .count(),
        150
    );
}

#[test]
fn scenarios_in_the_default_reading_of_a4() {
    let scenarios = scenarios();
    assert_eq!(scenarios.len(), 155);
    assert_eq!(
        scenarios
            .iter()
            .map(|scenario| scenario.steps.len())
            .sum::<usize>(),
        335
    );
    let run = |scenario: &Scenario| run(scenario, ReservedNames::AliasAws, Door::Table).err();
    none_breaks(scenarios.iter().filter_map(run));
}

#[test]
fn scenarios_over_the_wire() {
    for reserved_names in [ReservedNames::AliasAws, ReservedNames::AliasAwsSlash] {
        let scenarios = scenarios().into_iter().filter(|scenario| {
            !scenario.strict_rule_only || reserved_names == ReservedNames::AliasAws
        });
        none_breaks(
            scenarios.filter_map(|scenario| run(&scenario, reserved_names, Door::Wire).err()),
        );
    }
}

/// What the cases do not tell, such as other dates and members, is the same through both doors too.
#[test]
fn both_doors_give_the_same_answers_and_leave_the_same_table() {
    for scenario in scenarios() {
        let mut tables = [(); 2].map(|()| scenario.table(ReservedNames::AliasAws));
        let [by_text, by_wire] = &mut tables;
        let mut next_marker: Option<String> = None;
        for (index, step) in scenario.steps.iter().enumerate() {
            let (at, marker) = (time(index), next_marker.as_deref());
            let answer = step.take(by_text, marker, at, Door::Table);
            let same = step.take(by_wire, marker, at, Door::Wire);
            assert_eq!(answer, same, "{} step {}", scenario.id, index + 1);
            assert_eq!(by_text, by_wire, "{} step {}", scenario.id, index + 1);
            next_marker = answer.ok().and_then(|answer| answer.next_marker);
        }
    }
}

#[test]
fn scenarios_in_todays_reading_of_a4() {
    let (strict_only, both): (Vec<_>, Vec<_>) = scenarios()
        .into_iter()
        .partition(|scenario| scenario.strict_rule_only);
    assert_eq!((strict_only.len(), both.len()), (1, 154));
    let run_today =
        |scenario: &Scenario| run(scenario, ReservedNames::AliasAwsSlash, Door::Table).err();
    none_breaks(both.iter().filter_map(run_today));
    for scenario in &strict_only {
        succeeds_today(scenario);
    }
}

/// A scenario whose refusals are those of the strict reading only.
#[track_caller]
fn succeeds_today(scenario: &Scenario) {
    let mut table = scenario.table(ReservedNames::AliasAwsSlash);
    for (index, step) in scenario.steps.iter().enumerate() {
        let answer = step.take(&mut table, None, time(index), Door::Table);
        assert!(
            answer.is_ok(),
            "{} step {}: {:?}",
            scenario.id,
            index,
            answer.err()
        );
        let name = step.request.alias_name.as_deref().unwrap_or_default();
        assert!(
            table.get(name).is_some(),
            "{}: {name} is not there",
            scenario.id
        );
    }
}

/// The real service's own answers, in recordings of it or as they were measured.
#[test]
fn recorded_answers_hold() {
    let cases: Vec<Recorded> = read(RECORDED);
    let mut counts = BTreeMap::<(Grade, Outcome), usize>::new();
    let mut broken = Vec::new();
    for case in &cases {
        let (outcome, why) = case.run();
        *counts.entry((case.grade, outcome)).or_default() += 1;
        broken.extend(why);
    }
    println!("{counts:?}");
    none_breaks(broken);
    let count = |grade, outcome| counts.get(&(grade, outcome)).copied().unwrap_or_default();
    assert_eq!(count(Grade::Recorded, Outcome::Passed), 80);
    assert_eq!(count(Grade::Measured, Outcome::Passed), 57);
    assert_eq!(counts.len(), 2, "none fails or is left out: {counts:?}");
}
