//! The example `audit` as its users run it.

use crate::program;
use kms_alias_testing::trail_writer;

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use program::{file, folder, sample, text};
use serde_json::{Value, json};
use trail_writer::{Answer, create_key, of, record};

const KEY: &str = "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036";

fn audit(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program::run("audit", arguments);
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn on_alias(second: i64, name: &str, alias: &str, answer: &Answer) -> Value {
    let request = json!({"aliasName": alias, "targetKeyId": KEY});
    record(second, name, request, answer)
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("a vector");
    encoder.finish().expect("a vector")
}

/// The lines of `--json` of one kind.
fn lines(printed: &str, kind: &str) -> Vec<Value> {
    let lines = printed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines
        .filter_map(|mut line| Some(line.get_mut(kind)?.take()))
        .collect()
}

#[test]
fn the_sample_shows_what_agrees_what_differs_and_what_the_log_says_of_choices() {
    let (code, printed, said) = audit(&[]);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "arn:aws:kms:eu-west-3:111122223333: 13 judged, 11 agree, 2 differ.",
        "2026-02-02T10:00:00Z CreateAlias alias/aws-billing",
        "  AWS answered:\n    NotFoundException: Invalid ARN\n",
        "  by the rules it would have answered (rule K3):\n    NotFoundException: Invalid keyId reports\n",
        "not judged: 1, the log does not show the request.",
        "SameKey",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    assert!(said.contains("invented"), "{said}");
    assert!(
        !printed.contains('\u{1b}'),
        "no colour where there is no terminal"
    );
}

#[test]
fn json_is_an_object_a_line() {
    let (code, printed, said) = audit(&["--json"]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    let findings = lines(&printed, "finding");
    assert_eq!(findings.len(), 2);
    assert_eq!(
        findings[1],
        json!({
            "eventID": "11111111-0000-4000-8000-000000000016",
            "eventTime": "2026-02-03T09:30:00Z",
            "eventName": "CreateAlias",
            "subject": "alias/reports",
            "difference": "Words",
            "aws": {"errorCode": "NotFoundException", "errorMessage": "Invalid ARN"},
            "ours": {
                "exception": "NotFoundException", "rule": "K3",
                "message": "Invalid keyId reports",
            },
            "choices": [],
        })
    );
    let choices = lines(&printed, "choice");
    let same_key = choices
        .iter()
        .find(|choice| choice["name"] == "SameKey")
        .expect("a choice");
    assert_eq!(
        (&same_key["confirmed"], &same_key["contradicted"]),
        (&json!(1), &json!(0))
    );
    let summary =
        json!({"judged": 13, "agree": 11, "differ": 2, "notJudged": 4, "ofOtherScopes": 0});
    assert_eq!(lines(&printed, "summary"), [summary]);
    assert_eq!(lines(&printed, "notJudged").len(), 4);
}

#[test]
fn a_log_that_agrees_is_exit_code_0_compressed_or_not() {
    let folder = folder("audit-agrees");
    let records = [
        on_alias(1, "CreateAlias", "alias/new", &Answer::Ok),
        on_alias(
            2,
            "CreateAlias",
            "alias/new",
            &Answer::bare("AlreadyExistsException"),
        ),
    ];
    let plain = file(&folder, "plain.json", trail_writer::file(&records[..1]));
    // CloudTrail's files may be of several gzip members.
    let mut members = compressed(&trail_writer::file(&records[1..]));
    members.extend(compressed("\n"));
    let packed = file(&folder, "packed.json.gz", members);
    let account = sample("account.json");
    let (code, printed, said) = audit(&["--trail", &packed, &plain, "--account", &account]);
    assert_eq!(code, Some(0), "{printed}{said}");
    assert!(
        printed.contains("2 judged, 2 agree, 0 differ."),
        "{printed}"
    );
    // Without the first event the second differs, and as a part nobody can say.
    let since = [
        "--trail",
        &packed,
        &plain,
        "--since",
        "2",
        "--account",
        &account,
    ];
    assert_eq!(audit(&since).0, Some(1));
    let (code, printed, _) = audit(&[&since[..], &["--part"]].concat());
    assert_eq!(code, Some(0));
    assert!(
        printed.contains("not judged: 1, nothing is known of its alias."),
        "{printed}"
    );
}

#[test]
fn without_an_account_every_one_of_the_log_begins_at_nothing() {
    let folder = folder("audit-from-nothing");
    let there = ["us-east-1", "999999999999"];
    let arn = |region, account, key_id| format!("arn:aws:kms:{region}:{account}:key/{key_id}");
    let make = |second, arn: &str| create_key(second, arn, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    let records = [
        make(1, &arn(trail_writer::REGION, trail_writer::ACCOUNT, KEY)),
        on_alias(2, "CreateAlias", "alias/new", &Answer::Ok),
        of(make(3, &arn(there[0], there[1], KEY)), there),
        of(
            on_alias(
                4,
                "CreateAlias",
                "alias/new",
                &Answer::bare("DisabledException"),
            ),
            there,
        ),
    ];
    let log = file(&folder, "trail.json", trail_writer::file(&records));
    let (code, printed, said) = audit(&["--trail", &log]);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "arn:aws:kms:eu-west-3:111122223333: 1 judged, 1 agree, 0 differ.",
        "arn:aws:kms:us-east-1:999999999999: 1 judged, 0 agree, 1 differ.",
        "not looked at: 2 of other accounts and Regions.",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

#[test]
fn a_log_of_elsewhere_is_a_warning() {
    let folder = folder("audit-elsewhere");
    let record = of(
        on_alias(1, "CreateAlias", "alias/new", &Answer::Ok),
        ["us-east-1", trail_writer::ACCOUNT],
    );
    let log = file(&folder, "trail.json", trail_writer::file(&[record]));
    let (code, printed, said) = audit(&["--trail", &log, "--account", &sample("account.json")]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        said.contains("warning: no event of the log is of arn:aws:kms:eu-west-3:111122223333"),
        "{said}"
    );
}

#[test]
fn what_says_neither_place_nor_service_is_a_warning() {
    let folder = folder("audit-nowhere");
    let mut nowhere = on_alias(1, "CreateAlias", "alias/new", &Answer::Ok);
    let mut nobody = nowhere.clone();
    nowhere["awsRegion"] = Value::Null;
    nobody["eventSource"] = Value::Null;
    let log = file(
        &folder,
        "trail.json",
        trail_writer::file(&[nowhere, nobody]),
    );
    let (code, printed, said) = audit(&["--trail", &log]);
    assert_eq!(code, Some(0), "{printed}");
    let left_out =
        "warning: events that do not say which account and Region they are of are not judged: 1";
    assert!(said.contains(left_out), "{said}");
    assert!(
        said.contains("warning: records without `eventSource` are not judged: 1"),
        "{said}"
    );
}

#[test]
fn a_key_that_is_listed_and_not_described_is_a_warning_i6() {
    let folder = folder("audit-listed");
    let key_id = "5e0c3b7a-94d1-4f26-8a70-1b2c3d4e5f60";
    let listed = format!(r#"{{"Keys": [{{"KeyId": "{key_id}"}}]}}"#);
    let listed = file(&folder, "keys.json", listed);
    let (_, _, said) = audit(&[
        "--trail",
        &sample("trail.json"),
        "--account",
        &sample("account.json"),
        &listed,
    ]);
    let words = format!("warning: key {key_id} is not described: ");
    assert!(said.contains(&words), "{said}");
}

#[test]
fn every_choice_is_listed_with_what_would_settle_it() {
    let (code, printed, _) = audit(&["--choices"]);
    assert_eq!(code, Some(1));
    for choice in kms_alias_audit::Choice::ALL {
        assert!(printed.contains(choice.name()), "no {choice:?}");
    }
    assert!(printed.contains("nothing in a log"));
    let (code, help, _) = audit(&["--help"]);
    assert_eq!(code, Some(0));
    for words in ["Exit code: 0", "lookup-events", "--since", "invented"] {
        assert!(help.contains(words), "no {words} in {help}");
    }
}

#[test]
fn the_reading_of_reserved_names_is_a_choice_a4() {
    let trails = [sample("trail.json"), sample("trail.json.gz")];
    let account = sample("account.json");
    let arguments = [
        "--trail",
        &trails[0],
        &trails[1],
        "--account",
        &account,
        "--reserved",
        "alias/aws/",
        "--json",
    ];
    let (_, printed, said) = audit(&arguments);
    assert_eq!(lines(&printed, "finding").len(), 1, "{said}");
    let choices = lines(&printed, "choice");
    let reading = choices
        .iter()
        .find(|choice| choice["name"] == "ReservedNamesReading");
    assert_eq!(reading.map(|choice| &choice["confirmed"]), Some(&json!(1)));
}

#[test]
fn input_that_cannot_be_used_is_exit_code_2() {
    let folder = folder("audit-unusable");
    let account = sample("account.json");
    let no_log = file(&folder, "no-log.json", "{}");
    let broken = file(
        &folder,
        "broken.json.gz",
        &compressed(&"x".repeat(5000))[..20],
    );
    let good = sample("trail.json");
    for (arguments, place) in [
        (vec!["--trail", &no_log], "no-log.json:1"),
        (vec!["--trail", &broken], "broken.json.gz"),
        (vec!["--trail", "no-such-file.json"], "no-such-file.json"),
        (
            vec!["--trail", &good, "--account", &no_log],
            "no-log.json:1",
        ),
        (vec!["--account", &account], "--trail"),
        (vec!["--trail", &good, "--part"], "--account"),
        (vec!["--trail", &good, "--since", "soon"], "ISO 8601"),
    ] {
        let (code, printed, said) = audit(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(place), "no {place} in {said}");
        assert_eq!(printed, "");
    }
}

#[test]
fn nothing_in_a_log_reaches_the_terminal_as_a_command() {
    let folder = folder("audit-escape");
    let answer = Answer::error("\u{1b}[2JException", "\u{1b}[2J");
    let mut record = on_alias(1, "UpdateAlias", "alias/\u{1b}[2J", &answer);
    record["eventID"] = json!("\u{1b}[2J");
    let log = file(&folder, "trail.json", trail_writer::file(&[record]));
    let (code, printed, _) = audit(&["--trail", &log, "--account", &sample("account.json")]);
    assert_eq!(code, Some(1));
    assert!(!printed.contains('\u{1b}'), "{printed}");
}

#[test]
fn the_compressed_sample_is_what_its_name_says() {
    let bytes = fs::read(sample("trail.json.gz")).expect("the sample");
    assert!(bytes.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn json_has_the_choices_of_which_the_log_says_something_or_all_of_them() {
    let named = |arguments: &[&str]| {
        let (_, printed, _) = audit(arguments);
        lines(&printed, "choice").len()
    };
    assert_eq!(named(&["--json"]), 2);
    let all = kms_alias_audit::Choice::ALL.len();
    assert_eq!(named(&["--json", "--choices"]), all);
}

/// Rule H4: without a complete list of keys, one that is not told of may exist.
#[test]
fn a_key_that_no_file_tells_of_is_not_taken_as_absent_h4() {
    let folder = folder("audit-no-key-list");
    let other = "77777777-7777-4777-8777-777777777777";
    let request = json!({"keyId": other});
    let log = [record(1, "DisableKey", request, &Answer::Ok)];
    let log = file(&folder, "trail.json", trail_writer::file(&log));
    let account = sample("account.json");
    let (code, printed, said) = audit(&["--trail", &log, "--account", &account]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        printed.contains("not judged: 1, nothing is known of its key."),
        "{printed}"
    );
    assert!(
        said.contains("add what `aws kms list-keys` prints (rule H4)"),
        "{said}"
    );
    let keys = [
        "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385",
        "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
    ];
    let keys = keys.map(|key| json!({"KeyId": key}));
    let keys = file(&folder, "keys.json", json!({"Keys": keys}).to_string());
    let (code, _, said) = audit(&["--trail", &log, "--account", &account, &keys]);
    assert_eq!(code, Some(1), "{said}");
}
