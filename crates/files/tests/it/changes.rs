//! Lists of changes: a malformed step is a refused step, a malformed file is an error.

use kms_alias::{KeyState, Operation, ReservedNames, Rule, Timestamp};
use kms_alias_files::{
    Fault, File, Options, RunInput, Step, change_json, read_account, read_changes, read_run,
};
use kms_alias_foresee::verdict::Outcome;
use serde_json::json;

fn read(text: &str) -> Result<Vec<Step>, String> {
    let file = File {
        name: "changes.json",
        bytes: text.as_bytes(),
    };
    read_changes(file, ReservedNames::default()).map_err(|error| error.to_string())
}

#[track_caller]
fn steps(text: &str) -> Vec<Step> {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The only step is refused by this rule, with this exception and these words.
#[track_caller]
fn refused(text: &str, rule: Rule, exception: &str, words: &str) {
    let mut steps = steps(text);
    assert_eq!(steps.len(), 1);
    let refusal = steps.remove(0).request.expect_err("a malformed step");
    let found = (refusal.rule(), refusal.exception(), refusal.to_string());
    assert_eq!(found, (rule, exception, words.to_owned()));
}

#[test]
fn a_stream_and_an_array_say_the_same() {
    let array = r#"[{"DeleteAlias": {"AliasName": "alias/a"}}, {"EnableKey": {"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}}]"#;
    let stream = r#"{"DeleteAlias": {"AliasName": "alias/a"}} {"EnableKey": {"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}}"#;
    assert_eq!(steps(array), steps(stream));
    assert_eq!(steps(array).len(), 2);
    assert_eq!(steps("[]"), []);
}

#[test]
fn every_operation_is_read_with_what_it_is_about() {
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    for (text, operation, subject) in [
        (
            format!(r#"{{"CreateAlias": {{"AliasName": "alias/a", "TargetKeyId": "{key}"}}}}"#),
            "CreateAlias",
            "alias/a",
        ),
        (
            format!(r#"{{"UpdateAlias": {{"AliasName": "alias/a", "TargetKeyId": "{key}"}}}}"#),
            "UpdateAlias",
            "alias/a",
        ),
        (
            r#"{"DeleteAlias": {"AliasName": "alias/a"}}"#.to_owned(),
            "DeleteAlias",
            "alias/a",
        ),
        (
            format!(r#"{{"EnableKey": {{"KeyId": "{key}"}}}}"#),
            "EnableKey",
            key,
        ),
        (
            format!(r#"{{"DisableKey": {{"KeyId": "{key}"}}}}"#),
            "DisableKey",
            key,
        ),
        (
            format!(r#"{{"ScheduleKeyDeletion": {{"KeyId": "{key}", "PendingWindowInDays": 7}}}}"#),
            "ScheduleKeyDeletion",
            key,
        ),
        (
            format!(r#"{{"CancelKeyDeletion": {{"KeyId": "{key}"}}}}"#),
            "CancelKeyDeletion",
            key,
        ),
    ] {
        let steps = steps(&text);
        let request = steps[0]
            .request
            .as_ref()
            .unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        assert_eq!(request.name(), operation);
        assert_eq!(
            (steps[0].operation.as_str(), steps[0].subject.as_deref()),
            (operation, Some(subject))
        );
    }
}

#[test]
fn a_step_knows_its_line() {
    let lines: Vec<_> = steps("[\n{\"DeleteAlias\": {}},\n\n{\"DeleteAlias\": {}}]")
        .iter()
        .map(|step| step.line)
        .collect();
    assert_eq!(lines, [2, 4]);
}

#[test]
fn an_absent_member_is_a_refused_step_k7() {
    let words = "1 validation error detected: Value null at 'aliasName' failed to satisfy constraint: Member must not be null";
    refused(
        r#"{"DeleteAlias": {}}"#,
        Rule::K7,
        "ValidationException",
        words,
    );
    refused(
        r#"{"DeleteAlias": {"AliasName": null}}"#,
        Rule::K7,
        "ValidationException",
        words,
    );
    let words = words.replace("aliasName", "targetKeyId");
    refused(
        r#"{"CreateAlias": {"AliasName": "alias/a"}}"#,
        Rule::K7,
        "ValidationException",
        &words,
    );
    let words = words.replace("targetKeyId", "keyId");
    refused(
        r#"{"EnableKey": {}}"#,
        Rule::K7,
        "ValidationException",
        &words,
    );
}

#[test]
fn a_member_of_the_wrong_type_is_a_refused_step_k7() {
    for value in [
        "5",
        "5.5",
        "true",
        "[]",
        "{}",
        "[[1], {\"a\": 2}]",
        "18446744073709551615",
    ] {
        let text = format!(r#"{{"DeleteAlias": {{"AliasName": {value}}}}}"#);
        refused(
            &text,
            Rule::K7,
            "SerializationException",
            "AliasName is not a string",
        );
    }
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    for value in ["\"7\"", "7.5", "1e2", "18446744073709551615", "[]"] {
        let text = format!(
            r#"{{"ScheduleKeyDeletion": {{"KeyId": "{key}", "PendingWindowInDays": {value}}}}}"#
        );
        refused(
            &text,
            Rule::K7,
            "SerializationException",
            "PendingWindowInDays is not an integer",
        );
    }
    for request in ["5", "null", "[]", "\"x\""] {
        let text = format!(r#"{{"EnableKey": {request}}}"#);
        refused(
            &text,
            Rule::K7,
            "SerializationException",
            "the request is not a structure",
        );
    }
}

/// Whoever misspells an operation wrote a list that cannot be used; KMS is not asked.
#[test]
fn an_operation_that_kms_does_not_have_is_an_error_that_says_what_was_meant() {
    let has = "a list of changes holds CreateAlias, UpdateAlias, DeleteAlias, EnableKey, DisableKey, \
               ScheduleKeyDeletion and CancelKeyDeletion";
    for (name, meant) in [
        ("UpdateAlais", "; did you mean `UpdateAlias`?"),
        ("updatealias", "; did you mean `UpdateAlias`?"),
        ("ScheduleDeletion", "; did you mean `ScheduleKeyDeletion`?"),
        (
            "RenameAlias",
            "; an alias keeps its name: create one with the new name, and delete the old one",
        ),
        ("apiVersion", ""),
        ("", ""),
    ] {
        let text = format!("[\n{{\"{name}\": {{\"AliasName\": \"alias/a\"}}}}]");
        let words =
            format!("changes.json:2: step 1: `{name}` is not an operation of KMS: {has}{meant}");
        assert_eq!(read(&text), Err(words));
    }
}

#[test]
fn a_parameter_that_an_operation_does_not_have_is_an_error_that_says_what_was_meant() {
    let has = "`AliasName` and `TargetKeyId`";
    for (text, words) in [
        (
            r#"{"UpdateAlias": {"AliasNmae": "alias/a", "TargetKeyId": "x"}}"#,
            format!(
                "`AliasNmae` is not a parameter of UpdateAlias, which has {has}; did you mean `AliasName`?"
            ),
        ),
        (
            r#"{"CreateAlias": {"aliasName": "alias/a"}}"#,
            format!(
                "`aliasName` is not a parameter of CreateAlias, which has {has}; did you mean `AliasName`?"
            ),
        ),
        (
            r#"{"EnableKey": {"Reason": 5}}"#,
            "`Reason` is not a parameter of EnableKey, which has `KeyId`".to_owned(),
        ),
    ] {
        assert_eq!(read(text), Err(format!("changes.json:1: step 1: {words}")));
    }
}

#[test]
fn an_operation_that_changes_no_alias_is_no_step() {
    for name in [
        "Encrypt",
        "CreateKey",
        "Encapsulate",
        "GenerateRandom",
        "UpdateCustomKeyStore",
    ] {
        let text = format!(r#"{{"{name}": {{}}}}"#);
        let file = File {
            name: "changes.json",
            bytes: text.as_bytes(),
        };
        let error = read_changes(file, ReservedNames::default()).expect_err("no change");
        assert_eq!(*error.fault(), Fault::NotAChange(name.to_owned()));
    }
}

#[test]
fn a_waiting_period_outside_its_bounds_is_a_refused_step_s4() {
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    for (days, bound) in [
        (6, "greater than or equal to 7"),
        (31, "less than or equal to 30"),
        (-1, "greater than or equal to 7"),
    ] {
        let text = format!(
            r#"{{"ScheduleKeyDeletion": {{"KeyId": "{key}", "PendingWindowInDays": {days}}}}}"#
        );
        let words = format!(
            "1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy constraint: Member \
             must have value {bound}"
        );
        refused(&text, Rule::S4, "ValidationException", &words);
    }
}

#[test]
fn a_file_that_is_no_list_of_changes_is_an_error() {
    let not_a_step = "a step is an object of one member, such as {\"DeleteAlias\": {\"AliasName\": \"alias/old\"}}, and a list of changes is an array of steps";
    for (text, words) in [
        (
            "",
            "changes.json: the file holds no JSON document".to_owned(),
        ),
        ("5", format!("changes.json:1: step 1: {not_a_step}")),
        ("{}", format!("changes.json:1: step 1: {not_a_step}")),
        (
            "[{\"DeleteAlias\": {}},\n{\"DeleteAlias\": {}, \"EnableKey\": {}}]",
            format!("changes.json:2: step 2: {not_a_step}"),
        ),
        ("[[]]", format!("changes.json:1: step 1: {not_a_step}")),
        (
            "{\"DeleteAlias\": {}",
            "changes.json:1: the file ends in the middle of an object: it is cut short, so print or copy it again (column 18)".to_owned(),
        ),
    ] {
        assert_eq!(read(text), Err(words), "{text}");
    }
    let twice = r#"{"DeleteAlias": {"AliasName": "alias/a", "AliasName": "alias/b"}}"#;
    let words = "changes.json:1: step 1: the member `AliasName` is there twice";
    assert_eq!(read(twice).as_ref().map_err(String::as_str), Err(words));
    let later = "[\n{\"DeleteAlias\": {}},\n\n{\"DeleteAlias\":\n {\"AliasName\": \"a\",\n \"AliasName\": \"b\"}}]";
    let words = "changes.json:6: step 2: the member `AliasName` is there twice";
    assert_eq!(read(later).as_ref().map_err(String::as_str), Err(words));
    let bytes = b"{\"DeleteAlias\": {\"AliasName\": \"\xff\"}}";
    assert!(
        read_changes(
            File {
                name: "changes.json",
                bytes
            },
            ReservedNames::default()
        )
        .is_err()
    );
    assert!(read(&"[".repeat(1_000_000)).is_err());
    assert!(read(&"{\"a\":".repeat(1_000_000)).is_err());
}

#[test]
fn an_operation_is_written_as_it_is_read() {
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{key}");
    let mut written = 0;
    for target in [key, &arn] {
        for text in [
            format!(r#"{{"CreateAlias":{{"AliasName":"alias/a","TargetKeyId":"{target}"}}}}"#),
            format!(r#"{{"UpdateAlias":{{"AliasName":"alias/a","TargetKeyId":"{target}"}}}}"#),
            r#"{"DeleteAlias":{"AliasName":"alias/a"}}"#.to_owned(),
            format!(r#"{{"EnableKey":{{"KeyId":"{target}"}}}}"#),
            format!(r#"{{"DisableKey":{{"KeyId":"{target}"}}}}"#),
            format!(r#"{{"ScheduleKeyDeletion":{{"KeyId":"{target}","PendingWindowInDays":7}}}}"#),
            format!(r#"{{"CancelKeyDeletion":{{"KeyId":"{target}"}}}}"#),
        ] {
            let operation = steps(&text).remove(0).request.expect("an operation");
            assert_eq!(change_json(&operation), Some(text));
            written += 1;
        }
    }
    assert_eq!(written, 14);
    let key_id = key.parse().expect("a key ID");
    assert_eq!(change_json(&Operation::DeleteKey { key_id }), None);
    let state = KeyState::Enabled;
    assert_eq!(change_json(&Operation::SetKeyState { key_id, state }), None);
}

/// Rules T2 and T3 compare with an account and Region, which nothing but the ARN tells here.
#[test]
fn a_list_whose_place_nothing_tells_is_judged_where_its_keys_are_t2_t3() {
    let create = |region: &str, name: &str| {
        format!(
            r#"{{"CreateAlias": {{"AliasName": "alias/{name}", "TargetKeyId":
            "arn:aws:kms:{region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}}}"#
        )
    };
    let one = format!("[{}]", create("eu-west-3", "a"));
    let told = crate::plans::told(&one, None, None);
    assert_eq!((told.steps.len(), told.exit), (1, 3), "{:?}", told.steps);
    // Two Regions: one of them is not that of the list, whichever that is.
    let two = format!(
        "[{}, {}]",
        create("eu-west-3", "a"),
        create("eu-west-1", "b")
    );
    assert_eq!(crate::plans::told(&two, None, None).exit, 1);
}

/// Where a list is judged in several places, each is told of the keys of the others, as a chosen one is.
#[test]
fn a_key_of_one_place_is_not_found_by_its_id_in_the_others_t1() {
    const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let aliases = |region: &str, key: &str| {
        let arn = format!("arn:aws:kms:{region}:111122223333");
        json!({"Aliases": [{"AliasName": "alias/a", "AliasArn": format!("{arn}:alias/a"), "TargetKeyId": key}],
            "Truncated": false})
    };
    let other = "0987dcba-09fe-87dc-65ba-ab0987654321";
    let account = format!(
        "{}{}",
        aliases("eu-west-1", other),
        aliases("eu-west-3", KEY)
    );
    let changes =
        json!([{"CreateAlias": {"AliasName": "alias/b", "TargetKeyId": KEY}}]).to_string();
    let file = |name, text: &'static str| File {
        name,
        bytes: text.as_bytes(),
    };
    let files = [file("account", account.leak())];
    let mut accounts = read_account(&files, Options::default()).expect("an account");
    let scopes = accounts.iter().filter_map(|(place, _)| place.scope());
    let scopes: Vec<_> = scopes.collect();
    let input = RunInput::new(file("changes", changes.leak()), Timestamp::from_millis(0));
    let mut read = read_run(&input, &mut accounts).expect("changes");
    read.over_places(&accounts, &scopes);
    let judged = read.judge(accounts, &mut |_, _, _| {});
    let refused = judged
        .judgement
        .outcomes
        .first()
        .and_then(Outcome::exception);
    assert_eq!(refused, Some("NotFoundException"));
    assert_eq!(judged.judgement.outcomes.len(), 2);
}
