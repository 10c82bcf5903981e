//! AWS's own record against the rules: what is read, what is judged, and what the table follows.

#[path = "audit/evidence.rs"]
mod evidence;
#[path = "audit/learned.rs"]
mod learned;
#[path = "audit/lives.rs"]
mod lives;
#[path = "audit/not_judged.rs"]
mod not_judged;
mod told;
#[path = "audit/trail.rs"]
mod trail;
#[path = "audit/undescribed.rs"]
mod undescribed;
use kms_alias_testing::trail_writer;

use kms_alias::{
    AliasTable, KeyId, KeyState, KeyStatus, MultiRegionRole, ReservedNames, Rule, Scope, Timestamp,
};
use kms_alias_audit::{Choice, Coverage, Difference, NotJudged, Report, Trail, audit, read_trail};
use kms_alias_files::{File, Options, load};
use serde_json::{Value, json};
use trail_writer::{Answer, by_aws, create_key, file, of, record};

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const RSA: &str = "22222222-2222-2222-2222-222222222222";
const IMPORTED: &str = "88888888-8888-8888-8888-888888888888";
const IN_STORE: &str = "99999999-9999-9999-9999-999999999999";
/// A key of which only an alias of AWS's own tells (rule H2).
const NOBODYS: &str = "dddddddd-dddd-dddd-dddd-dddddddddddd";
/// A key of which nothing tells.
const ABSENT: &str = "eeeeeeee-eeee-eeee-eeee-eeeeeeeeeeee";
const PRIMARY: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";

fn arn(key_id: &str) -> String {
    format!("{SCOPE}:key/{key_id}")
}

fn described(key_id: &str, more: Value) -> String {
    let mut key = json!({
        "KeyId": key_id, "Arn": arn(key_id), "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
    });
    for (name, value) in more.as_object().expect("members") {
        key[name] = value.clone();
    }
    json!({"KeyMetadata": key}).to_string()
}

/// An account of a few keys, one alias of the customer's and one of AWS's.
fn account() -> AliasTable {
    let aliases = json!({"Aliases": [
        {"AliasName": "alias/a", "AliasArn": format!("{SCOPE}:alias/a"), "TargetKeyId": KEY},
        {"AliasName": "alias/aws/s3", "AliasArn": format!("{SCOPE}:alias/aws/s3")},
        {"AliasName": "alias/aws/ebs", "AliasArn": format!("{SCOPE}:alias/aws/ebs"), "TargetKeyId": NOBODYS},
    ]});
    let text = [
        aliases.to_string(),
        described(KEY, json!({})),
        described(OTHER, json!({})),
        described(RSA, json!({"KeySpec": "RSA_2048"})),
        described(
            IMPORTED,
            json!({"Origin": "EXTERNAL", "KeyState": "PendingImport"}),
        ),
        described(
            IN_STORE,
            json!({"Origin": "AWS_CLOUDHSM", "KeyState": "Unavailable"}),
        ),
        described(PRIMARY, json!({})),
    ]
    .concat();
    loaded(&text)
}

fn loaded(text: &str) -> AliasTable {
    let file = File {
        name: "account.json",
        bytes: text.as_bytes(),
    };
    load(&[file], Options::default()).expect("an account")
}

fn empty() -> AliasTable {
    let scope: Scope = SCOPE.parse().expect("a scope");
    AliasTable::new(scope)
}

#[track_caller]
fn read(texts: &[&str]) -> Trail {
    let file = |bytes: &&'static str| File {
        name: "trail.json",
        bytes: bytes.as_bytes(),
    };
    // The texts are few, and the trail borrows nothing of them.
    let kept: Vec<&'static str> = texts
        .iter()
        .map(|text| &*(*text).to_owned().leak())
        .collect();
    let files: Vec<_> = kept.iter().map(file).collect();
    read_trail(&files).expect("a trail")
}

fn log(records: &[Value]) -> Trail {
    read(&[&file(records)])
}

fn on_alias(second: i64, name: &str, alias: &str, target: &str, answer: &Answer) -> Value {
    let request = json!({"aliasName": alias, "targetKeyId": target});
    record(second, name, request, answer)
}

fn on_key(second: i64, name: &str, key_id: &str, answer: &Answer) -> Value {
    record(second, name, json!({"keyId": key_id}), answer)
}

fn target_of(report: &Report<'_>, name: &str) -> Option<String> {
    let alias = report.table().get(name)?;
    alias.target_key_id().map(|key_id| key_id.to_string())
}

fn state_of(report: &Report<'_>, key_id: &str) -> KeyState {
    let key_id: KeyId = key_id.parse().expect("a key ID");
    report.table().key(key_id).expect("a key").state()
}

/// Counts of a report: those that agree, those that differ, and why others were not judged.
fn counts(report: &Report<'_>) -> (usize, usize, Vec<(NotJudged, usize)>) {
    let not_judged = report.not_judged().collect();
    (report.agreed(), report.findings().len(), not_judged)
}

#[track_caller]
fn whole(records: &[Value], agree: usize, differ: usize, not_judged: &[(NotJudged, usize)]) {
    let trail = log(records);
    let report = audit(account(), Coverage::Whole, &trail);
    let expected = (agree, differ, not_judged.to_vec());
    assert_eq!(counts(&report), expected, "{:?}", report.findings());
}

fn refused(code: &str) -> Answer {
    Answer::bare(code)
}

#[test]
fn verdict_exception_and_words_are_compared() {
    let not_found = format!("Alias {SCOPE}:alias/none is not found.");
    let update = |answer: &Answer| on_alias(1, "UpdateAlias", "alias/none", KEY, answer);
    whole(
        &[update(&Answer::error("NotFoundException", not_found))],
        1,
        0,
        &[],
    );
    whole(&[update(&refused("NotFoundException"))], 1, 0, &[]);
    // The log may leave `Exception` away.
    whole(&[update(&refused("NotFound"))], 1, 0, &[]);
    whole(
        &[update(&Answer::error("Client.NotFoundException", ""))],
        1,
        0,
        &[],
    );
    for (answer, difference) in [
        (Answer::Ok, Difference::AwsAccepts),
        (refused("ValidationException"), Difference::Exception),
        (Answer::error("NotFoundException", "No."), Difference::Words),
    ] {
        let trail = log(&[update(&answer)]);
        let report = audit(account(), Coverage::Whole, &trail);
        let [finding] = report.findings() else {
            panic!("{answer:?}");
        };
        assert_eq!(finding.difference(), difference);
        assert_eq!(finding.ours().map(|refusal| refusal.rule()), Some(Rule::U1));
        assert_eq!(finding.event().id(), Some("UpdateAlias at 1"));
        assert_eq!(finding.event().subject().as_deref(), Some("alias/none"));
        // A rule that has a source is no choice.
        assert_eq!(finding.choices(), []);
    }
    let trail = log(&[on_alias(
        1,
        "UpdateAlias",
        "alias/a",
        OTHER,
        &refused("NotFound"),
    )]);
    let report = audit(account(), Coverage::Whole, &trail);
    let finding = &report.findings()[0];
    assert_eq!(finding.difference(), Difference::AwsRefuses);
    assert!(finding.ours().is_none());
    assert_eq!(
        finding.event().error().map(|error| error.code()),
        Some("NotFound")
    );
    assert_eq!(target_of(&report, "alias/a").as_deref(), Some(KEY));
}

#[test]
fn the_readings_of_reserved_names_are_told_apart_a4() {
    let create = |answer: &Answer| {
        let trail = log(&[on_alias(1, "CreateAlias", "alias/aws-x", KEY, answer)]);
        let seen = |reserved_names| {
            let table = account().with_reserved_names(reserved_names);
            let report = audit(table, Coverage::Whole, &trail);
            let evidence = report.evidence().iter();
            let mut of_reading =
                evidence.filter(|evidence| evidence.choice() == Choice::ReservedNamesReading);
            let of_reading = of_reading.next().expect("a row");
            (of_reading.confirmed(), of_reading.contradicted())
        };
        [ReservedNames::AliasAws, ReservedNames::AliasAwsSlash].map(seen)
    };
    assert_eq!(create(&Answer::Ok), [(0, 1), (1, 0)]);
    for code in ["InvalidAliasNameException", "NotAuthorizedException"] {
        assert_eq!(create(&refused(code)), [(1, 0), (0, 1)], "{code}");
    }
    // A refusal for another reason says nothing of a reading that lets the name pass.
    assert_eq!(create(&refused("LimitExceededException"))[1], (0, 0));
}

#[test]
fn several_broken_constraints_are_told_in_any_order_k7() {
    let long = format!("alias/{}", "x".repeat(300));
    let first = format!(
        "Value '{long}' at 'aliasName' failed to satisfy constraint: Member must have length less \
         than or equal to 256"
    );
    let second = "Value '' at 'targetKeyId' failed to satisfy constraint: Member must have length \
                  greater than or equal to 1";
    let third = "Value '' at 'targetKeyId' failed to satisfy constraint: Member must satisfy regular \
                 expression pattern: ^\\p{ASCII}+$";
    let answer = |message: String| {
        let answer = Answer::error("ValidationException", message);
        on_alias(1, "CreateAlias", &long, "", &answer)
    };
    let all = format!("3 validation errors detected: {second}; {third}; {first}");
    whole(&[answer(all)], 1, 0, &[]);
    let fewer = format!("2 validation errors detected: {second}; {first}");
    whole(&[answer(fewer)], 0, 1, &[]);
    let other = format!("3 validation errors detected: {second}; {second}; {first}");
    whole(&[answer(other)], 0, 1, &[]);
}

#[test]
fn what_aws_did_is_a_fact_that_the_table_follows() {
    let records = [
        on_alias(1, "CreateAlias", "alias/aws-b", KEY, &Answer::Ok),
        on_alias(2, "UpdateAlias", "alias/a", RSA, &Answer::Ok),
        record(
            3,
            "DeleteAlias",
            json!({"aliasName": "alias/aws-b"}),
            &Answer::Ok,
        ),
        on_key(4, "CancelKeyDeletion", OTHER, &Answer::Ok),
        by_aws(5, "DeleteKey", &arn(KEY)),
        // An alias of a key that is not there is known to exist, and no more.
        on_alias(6, "CreateAlias", "alias/c", ABSENT, &Answer::Ok),
        on_alias(7, "UpdateAlias", "alias/c", OTHER, &Answer::Ok),
        on_alias(8, "UpdateAlias", "alias/c", OTHER, &Answer::Ok),
        on_alias(9, "CreateAlias", "alias/d", ABSENT, &Answer::Ok),
    ];
    let trail = log(&records);
    let report = audit(account(), Coverage::Whole, &trail);
    let found: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| {
            (
                finding.event().name(),
                finding.ours().map(|refusal| refusal.rule()),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("CreateAlias", Some(Rule::A4)),
            ("UpdateAlias", Some(Rule::U3)),
            ("DeleteAlias", Some(Rule::A4)),
            ("CancelKeyDeletion", Some(Rule::S8)),
            ("DeleteKey", Some(Rule::S5)),
            ("CreateAlias", Some(Rule::T1)),
        ]
    );
    let expected = vec![(NotJudged::KeyNotDescribed, 2)];
    assert_eq!(report.not_judged().collect::<Vec<_>>(), expected);
    assert_eq!(target_of(&report, "alias/a").as_deref(), Some(RSA));
    assert!(report.table().get("alias/aws-b").is_none());
    assert_eq!(state_of(&report, OTHER), KeyState::Disabled);
    assert_eq!(target_of(&report, "alias/c").as_deref(), Some(OTHER));
    assert!(report.table().get("alias/d").is_none());
    assert_eq!(report.agreed(), 1);
}

#[test]
fn keys_are_learned_from_their_creation() {
    let made = |second, key_id: &str| {
        create_key(second, &arn(key_id), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    };
    let records = [
        made(1, NOBODYS),
        on_alias(2, "CreateAlias", "alias/new", NOBODYS, &Answer::Ok),
        on_key(3, "DisableKey", NOBODYS, &Answer::Ok),
        on_key(4, "Encrypt", "alias/new", &refused("DisabledException")),
        // A spec of the future.
        create_key(5, &arn(KEY), "ML_FOO_9", "FOO"),
        on_alias(6, "CreateAlias", "alias/strange", KEY, &Answer::Ok),
        // The response is of another Region.
        create_key(
            7,
            &format!("arn:aws:kms:us-east-1:111122223333:key/{OTHER}"),
            "RSA_2048",
            "SIGN_VERIFY",
        ),
        on_alias(8, "CreateAlias", "alias/other", OTHER, &Answer::Ok),
        create_key(9, &arn(RSA), "RSA_2048", "SIGN_VERIFY"),
        on_alias(
            10,
            "UpdateAlias",
            "alias/new",
            RSA,
            &refused("ValidationException"),
        ),
    ];
    let trail = log(&records);
    let report = audit(empty(), Coverage::Part, &trail);
    let not_judged = vec![
        (NotJudged::NoRule, 4),
        (NotJudged::KeyNotDescribed, 1),
        (NotJudged::KeyNotKnown, 1),
    ];
    assert_eq!(
        counts(&report),
        (4, 0, not_judged),
        "{:?}",
        report.findings()
    );
    let key_id: KeyId = NOBODYS.parse().expect("a key ID");
    let key = report.table().key(key_id).expect("the key");
    // Its date is that of the event: the log has it in words for people.
    assert_eq!(key.creation_date(), Some(Timestamp::from_millis(1000)));
    assert_eq!(target_of(&report, "alias/new").as_deref(), Some(NOBODYS));
}

#[test]
fn a_part_of_an_account_says_nothing_of_what_it_does_not_know() {
    let not_found = |name: &str| {
        Answer::error(
            "NotFoundException",
            format!("Alias {SCOPE}:{name} is not found."),
        )
    };
    let no_key = Answer::error(
        "NotFoundException",
        format!("Key '{}' does not exist", arn(RSA)),
    );
    let made = |second, key_id: &str| {
        create_key(second, &arn(key_id), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    };
    let delete = |second, name: &str, answer: &Answer| {
        record(second, "DeleteAlias", json!({"aliasName": name}), answer)
    };
    let records = [
        made(1, KEY),
        // Not known, then known to be there, and gone.
        on_alias(2, "UpdateAlias", "alias/a", KEY, &Answer::Ok),
        on_alias(3, "UpdateAlias", "alias/a", KEY, &Answer::Ok),
        delete(4, "alias/a", &Answer::Ok),
        delete(5, "alias/a", &not_found("alias/a")),
        // Not known, then known not to be there.
        delete(6, "alias/b", &not_found("alias/b")),
        delete(7, "alias/b", &not_found("alias/b")),
        // Not known, then known to be there with a key that is not.
        on_alias(
            8,
            "CreateAlias",
            "alias/c",
            KEY,
            &refused("AlreadyExistsException"),
        ),
        on_alias(
            9,
            "UpdateAlias",
            "alias/c",
            KEY,
            &refused("ValidationException"),
        ),
        // A name that is free is not seen to be taken, so this is judged.
        on_alias(10, "CreateAlias", "alias/d", KEY, &Answer::Ok),
        // Keys likewise.
        on_key(11, "Encrypt", OTHER, &refused("DisabledException")),
        on_key(12, "DisableKey", RSA, &no_key),
        on_key(13, "DisableKey", RSA, &no_key),
        on_key(14, "Encrypt", "alias/e", &Answer::Ok),
    ];
    let trail = log(&records);
    let report = audit(empty(), Coverage::Part, &trail);
    let not_judged = vec![
        (NotJudged::NoRule, 1),
        (NotJudged::KeyNotDescribed, 1),
        (NotJudged::KeyNotKnown, 2),
        (NotJudged::AliasNotKnown, 4),
    ];
    assert_eq!(
        counts(&report),
        (6, 0, not_judged),
        "{:?}",
        report.findings()
    );
}

#[test]
fn a_quota_is_judged_where_all_aliases_are_known_t6() {
    let full = refused("LimitExceededException");
    let made = create_key(1, &arn(NOBODYS), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    let on_new = on_alias(2, "CreateAlias", "alias/b", NOBODYS, &full);
    let on_old = on_alias(3, "CreateAlias", "alias/c", KEY, &full);
    let trail = log(&[made, on_new, on_old]);
    let report = audit(account(), Coverage::Part, &trail);
    let not_judged = vec![(NotJudged::NoRule, 1), (NotJudged::QuotaNotKnown, 1)];
    assert_eq!(counts(&report), (0, 1, not_judged));
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(report.findings().len(), 2);
    let quota = account().with_aliases_per_key(1);
    let trail = log(&[on_alias(
        3,
        "CreateAlias",
        "alias/c",
        KEY,
        &Answer::error(
            "LimitExceededException",
            "Aliases per key quota for this account in this region is 1, current usage is 1.",
        ),
    )]);
    assert_eq!(audit(quota, Coverage::Part, &trail).agreed(), 1);
}

#[test]
fn events_of_one_second_are_taken_in_an_order_that_agrees() {
    let create = on_alias(5, "CreateAlias", "alias/b", NOBODYS, &Answer::Ok);
    let made = create_key(5, &arn(NOBODYS), "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    let taken = record(
        5,
        "CreateAlias",
        json!({"aliasName": "alias/b", "targetKeyId": KEY}),
        &refused("AlreadyExistsException"),
    );
    let mut taken = taken;
    taken["eventID"] = json!("taken");
    let delete = record(
        5,
        "DeleteAlias",
        json!({"aliasName": "alias/b"}),
        &Answer::Ok,
    );
    let records = [delete, taken, create, made];
    whole(&records, 3, 0, &[(NotJudged::NoRule, 1)]);
    // In a part of the account, what is learned comes first too.
    let trail = log(&records);
    let report = audit(empty(), Coverage::Part, &trail);
    assert_eq!(
        (report.agreed(), report.findings().len()),
        (3, 0),
        "{:?}",
        counts(&report)
    );
    // The log of two seconds says more.
    let mut later = records;
    later[0]["eventTime"] = json!(trail_writer::time(4));
    whole(&later, 2, 1, &[(NotJudged::NoRule, 1)]);
}

#[test]
fn events_before_a_time_can_be_left_out() {
    let create = |second| on_alias(second, "CreateAlias", "alias/b", KEY, &Answer::Ok);
    let trail = log(&[create(1), create(2), create(3)]).since(Timestamp::from_millis(2000));
    assert_eq!(trail.events().len(), 2);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (1, 1, Vec::new()));
}

#[test]
fn every_reason_has_words_of_its_own() {
    let mut words: Vec<_> = NotJudged::ALL.iter().map(ToString::to_string).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), NotJudged::ALL.len());
}
