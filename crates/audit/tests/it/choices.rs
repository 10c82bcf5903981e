//! Every choice that is ours has a row, and a log shows what the row says that it shows.

#[path = "choices/cases.rs"]
mod cases;
use kms_alias_testing::trail_writer;

use cases::cases;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kms_alias::{
    AliasListEntry, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyState,
    KeyStatus, KeyUsage, Origin, Rule, Scope, Snapshot, Timestamp,
};
use kms_alias_audit::{Choice, Coverage, audit, read_trail};
use kms_alias_files::File;
use serde_json::{Value, json};
use trail_writer::{Answer, by_aws, file, record};

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const ENABLED: &str = "11111111-1111-1111-1111-111111111111";
const RSA: &str = "22222222-2222-2222-2222-222222222222";
const SIGNING: &str = "33333333-3333-3333-3333-333333333333";
const DYING: &str = "44444444-4444-4444-4444-444444444444";
const DYING_RSA: &str = "55555555-5555-5555-5555-555555555555";
const OF_AWS: &str = "66666666-6666-6666-6666-666666666666";
const DYING_OF_AWS: &str = "77777777-7777-7777-7777-777777777777";
const IMPORTED: &str = "88888888-8888-8888-8888-888888888888";
const UNAVAILABLE: &str = "99999999-9999-9999-9999-999999999999";
const DISABLED: &str = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
const FULL_RSA: &str = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";
const PRIMARY: &str = "mrk-cccccccccccccccccccccccccccccccc";
const NOBODYS: &str = "dddddddd-dddd-dddd-dddd-dddddddddddd";

/// The second at which the keys that are dying are due.
const DUE: i64 = 1_000_000;

fn arn(key_id: &str) -> String {
    format!("{SCOPE}:key/{key_id}")
}

/// A key for encryption under an ID, with more said of it.
fn key(
    key_id: &'static str,
    more: impl FnOnce(kms_alias::KeyMetadataBuilder) -> kms_alias::KeyMetadataBuilder,
) -> KeyMetadata {
    let arn: KeyArn = arn(key_id).parse().expect("a key ARN");
    more(KeyMetadata::builder(arn)).build().expect("a key")
}

/// An account in which every choice can be met, with room for one alias a key.
fn account() -> AliasTable {
    let scope: Scope = SCOPE.parse().expect("a scope");
    let dying = KeyStatus::PendingDeletion {
        deletion_date: Some(Timestamp::from_millis(DUE * 1000)),
    };
    let mut parts = Snapshot::new(scope);
    parts.aliases_per_key = 1;
    parts.keys = vec![
        key(ENABLED, |key| key),
        key(RSA, |key| key.spec(KeySpec::Rsa2048)),
        key(SIGNING, |key| {
            key.spec(KeySpec::Rsa2048).usage(KeyUsage::SignVerify)
        }),
        key(DYING, |key| key.status(dying)),
        key(DYING_RSA, |key| key.spec(KeySpec::Rsa2048).status(dying)),
        key(OF_AWS, |key| key.manager(KeyManager::Aws)),
        key(DYING_OF_AWS, |key| {
            key.manager(KeyManager::Aws).status(dying)
        }),
        key(IMPORTED, |key| {
            key.origin(Origin::External).state(KeyState::Enabled)
        }),
        key(UNAVAILABLE, |key| {
            key.origin(Origin::AwsCloudhsm).state(KeyState::Unavailable)
        }),
        key(DISABLED, |key| {
            key.spec(KeySpec::MlKem512)
                .usage(KeyUsage::EncapsulateDecapsulate)
                .state(KeyState::Disabled)
        }),
        key(FULL_RSA, |key| key.spec(KeySpec::Rsa2048)),
        key(PRIMARY, |key| key.state(KeyState::PendingReplicaDeletion)),
    ];
    let alias = |name: &str, key_id: Option<&'static str>| {
        let key_id = key_id.map(KeyId::from_static);
        AliasListEntry::new(name.parse().expect("a name"), key_id)
    };
    parts.aliases = vec![
        alias("alias/a", Some(ENABLED)),
        alias("alias/full", Some(FULL_RSA)),
        alias("alias/aws/s3", None),
    ];
    parts.into_table().expect("a table")
}

/// An event that meets a choice: what AWS would answer if the choice is right, and if it is not.
struct Case {
    choice: Choice,
    event: Event,
    confirmed: Option<Answer>,
    contradicted: Option<Answer>,
}

enum Event {
    Request(&'static str, Value),
    /// A deletion, so many seconds after it is due.
    Deleted(i64),
    /// In a Region that no rule knows.
    Elsewhere,
}

fn update(name: &str, target: &str) -> Event {
    Event::Request(
        "UpdateAlias",
        json!({"aliasName": name, "targetKeyId": target}),
    )
}

fn create(name: &str, target: &str) -> Event {
    Event::Request(
        "CreateAlias",
        json!({"aliasName": name, "targetKeyId": target}),
    )
}

fn use_of(operation: &'static str, key_id: &str) -> Event {
    Event::Request(operation, json!({"keyId": key_id}))
}

fn case(
    choice: Choice,
    event: Event,
    confirmed: impl Into<Option<Answer>>,
    contradicted: impl Into<Option<Answer>>,
) -> Case {
    Case {
        choice,
        event,
        confirmed: confirmed.into(),
        contradicted: contradicted.into(),
    }
}

/// The same exception in our words, and in others.
fn words(choice: Choice, event: Event, exception: &str, words: impl Into<String>) -> Case {
    case(
        choice,
        event,
        Answer::error(exception, words),
        Answer::error(exception, "Computer says no."),
    )
}

/// How often the log of one event confirms and contradicts a choice, and whether it differs.
fn seen(case: &Case, answer: &Answer) -> (usize, usize, usize) {
    let record = match &case.event {
        Event::Request(name, request) => record(1, name, request.clone(), answer),
        Event::Deleted(late) => by_aws(DUE + late, "DeleteKey", &arn(DYING)),
        Event::Elsewhere => {
            let record = record(1, "ListAliases", json!({}), answer);
            trail_writer::of(record, ["moon-northwest-1", trail_writer::ACCOUNT])
        }
    };
    let bytes = file(&[record]);
    let file = File {
        name: "trail.json",
        bytes: bytes.as_bytes(),
    };
    let trail = read_trail(&[file]).expect("a trail");
    let report = audit(account(), Coverage::Whole, &trail);
    let evidence = report.evidence().iter();
    let mut of_choice = evidence.filter(|evidence| evidence.choice() == case.choice);
    let evidence = of_choice.next().expect("a row");
    let named = report.findings().iter();
    let named = named.filter(|finding| finding.choices().contains(&case.choice));
    (evidence.confirmed(), evidence.contradicted(), named.count())
}

#[test]
fn an_answer_as_ours_confirms_a_choice_and_another_contradicts_it() {
    for case in cases() {
        let choice = case.choice;
        if let Some(answer) = &case.confirmed {
            assert_eq!(
                seen(&case, answer),
                (1, 0, 0),
                "{choice:?} is confirmed by {answer:?}"
            );
        }
        if let Some(answer) = &case.contradicted {
            let findings = usize::from(choice != Choice::RegionLengths);
            let expected = (0, 1, findings);
            assert_eq!(
                seen(&case, answer),
                expected,
                "{choice:?} is contradicted by {answer:?}"
            );
        }
    }
}

#[test]
fn every_choice_that_a_log_shows_has_a_case_and_no_other() {
    let cases = cases();
    for choice in Choice::ALL {
        let mut of_choice = cases.iter().filter(|case| case.choice == *choice);
        let confirmed = of_choice.clone().any(|case| case.confirmed.is_some());
        let contradicted = of_choice.any(|case| case.contradicted.is_some());
        assert_eq!(choice.confirmed_by().is_some(), confirmed, "{choice:?}");
        assert_eq!(
            choice.contradicted_by().is_some(),
            contradicted,
            "{choice:?}"
        );
    }
}

#[test]
fn every_choice_says_what_it_is() {
    let names: BTreeSet<_> = Choice::ALL.iter().map(|choice| choice.name()).collect();
    assert_eq!(names.len(), Choice::ALL.len());
    for choice in Choice::ALL {
        assert_eq!(choice.name(), format!("{choice:?}"));
        assert!(choice.text().ends_with('.'), "{choice:?}");
    }
}

/// The source files of the libraries that speak for KMS.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = ["../../src", "../wire/src", "src"];
    let mut folders: Vec<_> = crates
        .iter()
        .map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a source file");
                files.push((path, text));
            }
        }
    }
    files
}

fn rules_with_a_choice() -> BTreeSet<Rule> {
    Choice::ALL
        .iter()
        .filter_map(|choice| choice.rule())
        .collect()
}

#[test]
fn every_rule_whose_source_is_ours_has_a_choice() {
    let rules = rules_with_a_choice();
    for rule in Rule::ALL
        .iter()
        .filter(|rule| rule.source().contains("ours"))
    {
        assert!(rules.contains(rule), "{rule}: {}", rule.source());
    }
}

#[test]
fn every_refusal_whose_words_or_exception_are_ours_has_a_choice() {
    let sources = sources();
    let refusals = sources
        .iter()
        .find(|(path, _)| path.ends_with("operation/refusal.rs"));
    let (_, text) = refusals.expect("the refusals");
    let mut seen = 0;
    let documented = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("/// "));
    for line in documented.filter(|line| line.contains("ours.") || line.contains("emulator")) {
        let Some((rules, _)) = line.split_once(':') else {
            continue;
        };
        seen += 1;
        let with_choice = rules_with_a_choice();
        let mut numbers = rules.split(", ");
        let named = numbers.any(|number| with_choice.iter().any(|rule| rule.number() == number));
        assert!(named, "{line}");
    }
    assert!(seen >= 9, "the refusals are found at all: {seen}");
}

/// Where the floors that hold the rules say "ours", and the choices that they speak of.
const SAID_IN: &[(&str, usize, &[Choice])] = &[
    (
        "key/key_state_table.rs",
        4,
        &[Choice::OriginWords, Choice::NotApplicableCells],
    ),
    ("key/state.rs", 1, &[Choice::ReturnsToEnabled]),
    ("key/time.rs", 1, &[Choice::FirstAndLastMoment]),
    ("key/model/violation.rs", 2, &[Choice::ViolationsTold]),
    ("operation/parse.rs", 2, &[Choice::MembersInOrder]),
    ("operation/request.rs", 1, &[Choice::UnknownDeletionDate]),
    (
        "table/rules.rs",
        1,
        &[Choice::AliasBeforeTarget, Choice::QuotaLast],
    ),
];

/// Whether the comment of a line says that something is ours: a name in code is no word.
fn says_ours(line: &str) -> bool {
    let (_, comment) = line.split_once("//").unwrap_or_default();
    let words = comment.split(|character: char| !character.is_alphabetic());
    words
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case("ours"))
}

#[test]
fn whatever_the_rules_call_ours_is_in_the_list() {
    for (path, text) in sources() {
        let name = path.to_string_lossy().replace('\\', "/");
        let (_, name) = name.rsplit_once("/src/").expect("a source file");
        let floors = ["identifier/", "key/", "operation/", "table/"];
        // The refusals have a test of their own.
        let is_read = floors.iter().any(|floor| name.starts_with(floor));
        if !is_read || name == "operation/refusal.rs" {
            continue;
        }
        let said = text.lines().filter(|line| says_ours(line)).count();
        let listed = SAID_IN.iter().find(|(file, ..)| *file == name);
        let listed = listed.map_or(0, |(_, count, _)| *count);
        assert_eq!(
            said, listed,
            "{name} calls something ours: it needs a row of `Choice`"
        );
    }
    assert!(SAID_IN.iter().all(|(.., choices)| !choices.is_empty()));
}
