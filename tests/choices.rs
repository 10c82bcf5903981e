//! Every choice that is ours has a row, and a log shows what the row says that it shows.
#![cfg(feature = "json")]

mod trail_writer;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kms_alias::account::File;
use kms_alias::account::audit::{Choice, Coverage, audit, read_trail};
use kms_alias::{
    AliasListEntry, AliasTable, Assembly, KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec,
    KeyState, KeyStatus, KeyUsage, Origin, Rule, Scope, Timestamp,
};
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
const EMPTY: &str = "99999999-9999-9999-9999-999999999999";
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
    let mut parts = Assembly::new(scope);
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
        key(EMPTY, |key| key.origin(Origin::External)),
        key(DISABLED, |key| key.state(KeyState::Disabled)),
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
    parts.assemble().expect("a table")
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

const VALIDATION: &str = "ValidationException";
const NOT_FOUND: &str = "NotFoundException";
const NOT_AUTHORIZED: &str = "NotAuthorizedException";
const STATE: &str = "KMSInvalidStateException";

fn broken_pattern(value: &str, member: &str, constraint: &str) -> String {
    format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: \
         Member must {constraint}"
    )
}

/// A name and a key ID that are malformed.
fn cases_of_shapes() -> Vec<Case> {
    let long = format!("alias/{}", "x".repeat(300));
    let too_long = broken_pattern(
        &format!("'{long}'"),
        "aliasName",
        "have length less than or equal to 256",
    );
    let pattern = broken_pattern(
        "'alias/a.b'",
        "aliasName",
        "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    let reserved =
        "alias/aws/x is a reserved alias name: names that begin with alias/aws belong to AWS";
    let bad_arn = "arn:aws:kms:eu-west-3:1:key/x";
    let long_key = "k".repeat(3000);
    let key_too_long = broken_pattern(
        &format!("'{long_key}'"),
        "targetKeyId",
        "have length less than or equal to 2048",
    );
    let absent = broken_pattern("null", "targetKeyId", "not be null");
    let no_target = Event::Request("CreateAlias", json!({"aliasName": "alias/new"}));
    let no_text = Event::Request("DeleteAlias", json!({"aliasName": 5}));
    vec![
        words(
            Choice::NameLengthWords,
            create(&long, ENABLED),
            VALIDATION,
            too_long,
        ),
        words(
            Choice::NamePatternWords,
            create("alias/a.b", ENABLED),
            VALIDATION,
            pattern,
        ),
        case(
            Choice::ReservedNamesReading,
            create("alias/aws-x", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::Ok,
        ),
        case(
            Choice::ReservedNameException,
            update("alias/aws/x", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::bare(NOT_AUTHORIZED),
        ),
        words(
            Choice::ReservedNameWords,
            create("alias/aws/x", ENABLED),
            "InvalidAliasNameException",
            reserved,
        ),
        case(
            Choice::MalformedTargetException,
            create("alias/new", bad_arn),
            Answer::bare(NOT_FOUND),
            Answer::bare("InvalidArnException"),
        ),
        case(
            Choice::MalformedArnException,
            use_of("EnableKey", bad_arn),
            Answer::bare("InvalidArnException"),
            Answer::bare(NOT_FOUND),
        ),
        words(
            Choice::MalformedArnWords,
            create("alias/new", bad_arn),
            NOT_FOUND,
            format!("Invalid arn '{bad_arn}'"),
        ),
        case(Choice::RegionLengths, Event::Elsewhere, None, Answer::Ok),
        words(
            Choice::TargetIsAliasWords,
            create("alias/new", "alias/a"),
            VALIDATION,
            "Aliases must refer to keys. Not aliases",
        ),
        words(
            Choice::MemberBoundsWords,
            create("alias/new", &long_key),
            VALIDATION,
            key_too_long,
        ),
        words(Choice::MemberMissingWords, no_target, VALIDATION, absent),
        words(
            Choice::MemberTypeWords,
            no_text,
            "SerializationException",
            "AliasName is not a string",
        ),
    ]
}

fn cases_of_rules() -> Vec<Case> {
    let elsewhere = format!("arn:aws:kms:eu-west-3:999999999999:key/{ENABLED}");
    let other_type = "Alias alias/a cannot be changed from a key of type symmetric encryption to a key of \
                      type asymmetric. The key type of the current key and the new key must be the same.";
    let other_usage = "Alias alias/full cannot be changed from a CMK with key usage ENCRYPT_DECRYPT to a \
                       CMK with key usage SIGN_VERIFY. The key usage of the current CMK and the new CMK \
                       must be the same.";
    let page = || Event::Request("ListAliases", json!({"limit": 500}));
    let too_many = broken_pattern("'500'", "limit", "have value less than or equal to 100");
    let few_days = || {
        Event::Request(
            "ScheduleKeyDeletion",
            json!({"keyId": ENABLED, "pendingWindowInDays": 5}),
        )
    };
    let too_few = broken_pattern(
        "'5'",
        "pendingWindowInDays",
        "have value greater than or equal to 7",
    );
    vec![
        case(
            Choice::ListByAlias,
            use_of("ListAliases", "alias/a"),
            Answer::bare(NOT_FOUND),
            Answer::Ok,
        ),
        words(
            Choice::OtherAccountWords,
            create("alias/new", &elsewhere),
            NOT_FOUND,
            "Invalid arn: partition aws and account 999999999999 are not those of this table",
        ),
        case(
            Choice::AwsManagedTargetException,
            create("alias/new", OF_AWS),
            Answer::bare(NOT_AUTHORIZED),
            Answer::bare(VALIDATION),
        ),
        words(
            Choice::AwsManagedTargetWords,
            create("alias/new", OF_AWS),
            NOT_AUTHORIZED,
            format!(
                "{} is an AWS managed key, which cannot be the target of an alias",
                arn(OF_AWS)
            ),
        ),
        case(
            Choice::KeyTypeException,
            update("alias/a", RSA),
            Answer::bare(VALIDATION),
            Answer::bare("InvalidKeyUsageException"),
        ),
        words(
            Choice::KeyTypeWords,
            update("alias/a", RSA),
            VALIDATION,
            other_type,
        ),
        words(
            Choice::KeyUsageWords,
            update("alias/full", SIGNING),
            VALIDATION,
            other_usage,
        ),
        case(
            Choice::SameKey,
            update("alias/a", ENABLED),
            Answer::Ok,
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::PageLimit,
            page(),
            Answer::bare(VALIDATION),
            Answer::Ok,
        ),
        words(Choice::PageLimitWords, page(), VALIDATION, too_many),
        case(
            Choice::AliasWithoutKey,
            use_of("DescribeKey", "alias/aws/s3"),
            Answer::bare(NOT_FOUND),
            Answer::Ok,
        ),
        case(Choice::DeletionDate, Event::Deleted(0), Answer::Ok, None),
        case(Choice::DeletionDate, Event::Deleted(-1), None, Answer::Ok),
        words(Choice::WaitingPeriodWords, few_days(), VALIDATION, too_few),
    ]
}

fn cases_of_states() -> Vec<Case> {
    let managed = || use_of("DisableKey", OF_AWS);
    let pending = format!("{} is pending deletion.", arn(DYING));
    vec![
        case(
            Choice::AwsManagedKey,
            managed(),
            Answer::bare(NOT_AUTHORIZED),
            Answer::Ok,
        ),
        case(
            Choice::AwsManagedKeyException,
            managed(),
            Answer::bare(NOT_AUTHORIZED),
            Answer::bare(VALIDATION),
        ),
        words(
            Choice::AwsManagedKeyWords,
            managed(),
            NOT_AUTHORIZED,
            format!(
                "{} is an AWS managed key, whose state cannot be changed",
                arn(OF_AWS)
            ),
        ),
        case(
            Choice::PendingDeletionNote,
            use_of("Encrypt", DYING),
            Answer::error(STATE, pending.clone()),
            Answer::error("DisabledException", pending),
        ),
        case(
            Choice::PendingReplicaDeletionWords,
            use_of("Encrypt", PRIMARY),
            Answer::error(
                STATE,
                format!("{} is pending replica deletion.", arn(PRIMARY)),
            ),
            Answer::error(
                STATE,
                format!(
                    "{} is pending deletion (or pending replica deletion).",
                    arn(PRIMARY)
                ),
            ),
        ),
        case(
            Choice::NotApplicableCells,
            use_of("GenerateMac", EMPTY),
            Answer::bare(STATE),
            Answer::bare("DisabledException"),
        ),
        case(
            Choice::LaterOperations,
            use_of("Decapsulate", DISABLED),
            Answer::bare("DisabledException"),
            Answer::Ok,
        ),
        words(
            Choice::OriginWords,
            use_of("EnableKeyRotation", IMPORTED),
            "UnsupportedOperationException",
            format!(
                "{} origin is EXTERNAL which is not valid for this operation.",
                arn(IMPORTED)
            ),
        ),
    ]
}

fn cases_of_order() -> Vec<Case> {
    let elsewhere = format!("arn:aws:kms:us-east-1:999999999999:key/{ENABLED}");
    let not_there = format!("Alias {SCOPE}:alias/none is not found.");
    vec![
        case(
            Choice::MembersInOrder,
            create("alias/a.b", "x"),
            Answer::bare(VALIDATION),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
        ),
        case(
            Choice::MembersInOrder,
            Event::Request(
                "ScheduleKeyDeletion",
                json!({"keyId": "x", "pendingWindowInDays": 5}),
            ),
            Answer::bare(VALIDATION),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/none", "x"),
            Answer::error(NOT_FOUND, "Invalid keyId 'x'"),
            Answer::error(NOT_FOUND, not_there.clone()),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/a.b", DYING),
            Answer::bare(VALIDATION),
            Answer::bare(STATE),
        ),
        case(
            Choice::ShapesFirst,
            update("alias/aws-none", ENABLED),
            Answer::bare("InvalidAliasNameException"),
            Answer::error(
                NOT_FOUND,
                format!("Alias {SCOPE}:alias/aws-none is not found."),
            ),
        ),
        case(
            Choice::AliasBeforeTarget,
            update("alias/none", DYING),
            Answer::error(NOT_FOUND, not_there),
            Answer::bare(STATE),
        ),
        case(
            Choice::AliasBeforeTarget,
            create("alias/a", NOBODYS),
            Answer::bare("AlreadyExistsException"),
            Answer::bare(NOT_FOUND),
        ),
        case(
            Choice::AccountBeforeRegion,
            create("alias/new", &elsewhere),
            Answer::error(
                NOT_FOUND,
                "Invalid arn: partition aws and account 999999999999 are not those of this table",
            ),
            Answer::error(NOT_FOUND, "Invalid arn us-east-1"),
        ),
        case(
            Choice::ManagerBeforeState,
            create("alias/new", DYING_OF_AWS),
            Answer::bare(NOT_AUTHORIZED),
            Answer::bare(STATE),
        ),
        case(
            Choice::ManagerBeforeState,
            use_of("EnableKey", DYING_OF_AWS),
            Answer::bare(NOT_AUTHORIZED),
            Answer::bare(STATE),
        ),
        case(
            Choice::StateBeforeComparison,
            update("alias/a", DYING_RSA),
            Answer::bare(STATE),
            Answer::bare(VALIDATION),
        ),
        case(
            Choice::UsageBeforeType,
            update("alias/a", SIGNING),
            Answer::error(
                VALIDATION,
                "Alias alias/a cannot be changed from a CMK with key usage ENCRYPT_DECRYPT to a CMK with \
                 key usage SIGN_VERIFY. The key usage of the current CMK and the new CMK must be the same.",
            ),
            Answer::error(
                VALIDATION,
                "Alias alias/a cannot be changed from a key of type symmetric encryption to a key of type \
                 asymmetric. The key type of the current key and the new key must be the same.",
            ),
        ),
        case(
            Choice::QuotaLast,
            update("alias/a", FULL_RSA),
            Answer::bare(VALIDATION),
            Answer::bare("LimitExceededException"),
        ),
    ]
}

fn cases() -> Vec<Case> {
    [
        cases_of_shapes(),
        cases_of_rules(),
        cases_of_states(),
        cases_of_order(),
    ]
    .into_iter()
    .flatten()
    .collect()
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

/// The source files of the library.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
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
    assert!(seen >= 18, "the refusals are found at all: {seen}");
}

/// Where the floors that hold the rules say "ours", and the choices that they speak of.
const SAID_IN: &[(&str, usize, &[Choice])] = &[
    (
        "key/compatibility.rs",
        4,
        &[
            Choice::PendingDeletionNote,
            Choice::OriginWords,
            Choice::PendingReplicaDeletionWords,
            Choice::NotApplicableCells,
        ],
    ),
    ("key/state.rs", 1, &[Choice::ReturnsToEnabled]),
    ("key/time.rs", 1, &[Choice::FirstAndLastMoment]),
    ("operation/constraint.rs", 1, &[Choice::MembersInOrder]),
    (
        "operation/parse.rs",
        2,
        &[Choice::MembersInOrder, Choice::NameLengthWords],
    ),
    ("operation/request.rs", 1, &[Choice::UnknownDeletionDate]),
    (
        "table/rules.rs",
        1,
        &[Choice::AliasBeforeTarget, Choice::QuotaLast],
    ),
];

/// Whether a line says that something is ours.
fn says_ours(line: &str) -> bool {
    let words = line.split(|character: char| !character.is_alphabetic());
    words
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case("ours"))
}

#[test]
fn whatever_the_rules_call_ours_is_in_the_list() {
    for (path, text) in sources() {
        let name = path.to_string_lossy().replace('\\', "/");
        let (_, name) = name.split_once("/src/").expect("a source file");
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
