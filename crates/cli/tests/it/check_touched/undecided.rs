//! What is said of those whom undecided steps may touch.

use super::*;

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const LISTED: &str = "00000000-0000-4000-8000-000000000001";

/// Runs on the sample account, a key that is listed, and an alias on it.
fn half_known(name: &str, changes: &Value, more: &[&str]) -> (Option<i32>, String) {
    let folder = folder(&format!("touched_{name}"));
    let keys = json!({"Keys": [{"KeyId": LISTED, "KeyArn": format!("{SCOPE}:key/{LISTED}")}]});
    let alias = |name: &str| json!({"AliasName": name, "AliasArn": format!("{SCOPE}:{name}"), "TargetKeyId": LISTED});
    let known = format!("{keys}\n{}\n{}", alias("alias/there"), alias("alias/gone"));
    let known = file(&folder, "known.json", known);
    let changes = file(&folder, "changes.json", changes.to_string());
    let account = sample("account.json");
    let files = ["--account", &account, &known, "--changes", &changes];
    let (code, printed, _) = check(&[&files[..], more].concat());
    (code, printed)
}

#[test]
fn a_step_that_may_succeed_would_break_and_start_what_it_does_then_a6_s6() {
    let conditions = folder("touched_would_conditions");
    let all = r#"{"all": {"StringLike": {"kms:RequestAlias": "alias/*"}}}"#;
    let all = file(&conditions, "all.json", all);
    // In a part of the list the name may be taken.
    let changes = json!([{"CreateAlias": {"AliasName": "alias/unlisted", "TargetKeyId": SECOND}}]);
    let flags = ["--partial", "--impact", "--conditions", &all];
    let (code, printed) = half_known("would", &changes, &flags);
    assert_eq!(code, Some(3), "{printed}");
    for words in [
        "step 1 would start every use through alias/unlisted",
        "step 1 would bring key 1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60, asked for by alias/unlisted,",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    let (_, printed) = half_known("would", &changes, &[&flags[..], &["--json"]].concat());
    let lines = lines(&printed);
    let impact = &lines[0]["impact"];
    assert_eq!(impact.as_array().map(Vec::len), Some(1), "{impact}");
    assert_eq!(
        (&impact[0]["effect"], &impact[0]["certain"]),
        (&json!("starts"), &json!(false))
    );
    let access = &lines[0]["access"][0];
    assert_eq!(
        (&access["effect"], &access["certain"]),
        (&json!("under"), &json!(false))
    );
    assert_eq!(lines[1]["together"], json!({"impact": [], "without": [1]}));
}

#[test]
fn what_works_on_a_key_that_is_not_described_is_not_told_i6() {
    let changes = json!([
        update("alias/payments", LISTED),
        update("alias/there", SECOND),
        {"CreateAlias": {"AliasName": "alias/new", "TargetKeyId": LISTED}},
        {"DisableKey": {"KeyId": LISTED}},
        {"DeleteAlias": {"AliasName": "alias/gone"}},
        {"DeleteAlias": {"AliasName": "alias/there"}},
    ]);
    let (code, printed) = half_known("unknown", &changes, &["--impact"]);
    assert_eq!(code, Some(3), "{printed}");
    let printed = printed.replace("\n    ", " ");
    for words in [
        "step 1 may break or start uses through alias/payments: key 00000000-0000-4000-8000-000000000001 is not described",
        "step 2 may break or start uses through alias/there: key 0",
        "step 3 may start uses through alias/new: key 0",
        "step 4 may break or start uses through alias/gone, alias/there: key 0",
        "step 5 may break uses through alias/gone: key 0",
        // By then it names one of two keys.
        "step 6 may break uses through alias/there: key 0",
        "step 6 would break every use through alias/there",
        "all steps together, but for what is not certain, may break uses through alias/gone",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    assert!(!printed.contains("NotFoundException: Key"), "{printed}");
    let (_, printed) = half_known("unknown", &changes, &["--impact", "--json"]);
    let lines = lines(&printed);
    for (index, line) in lines[..5].iter().enumerate() {
        let [one] = &line["impact"].as_array().expect("a list")[..] else {
            panic!("step {}: {line}", index + 1);
        };
        assert_eq!(one["effect"], "unknown");
        // The alias is deleted for certain, wherever it stands.
        let certain = (index == 4).then_some(true).is_some();
        assert_eq!(one.get("certain").is_none(), certain, "{one}");
    }
    assert_eq!(lines[6]["together"]["without"], json!([1, 2, 3, 4, 6]));
}

#[test]
fn a_step_that_is_refused_for_certain_touches_nobody() {
    let changes = json!([{"CreateAlias": {"AliasName": "alias/there", "TargetKeyId": LISTED}}]);
    let (code, printed) = half_known("refused", &changes, &["--impact", "--json"]);
    assert_eq!(code, Some(1), "{printed}");
    let lines = lines(&printed);
    assert_eq!(lines[0]["impact"], json!([]));
    assert_eq!(lines[1]["together"], json!({"impact": []}));
}
