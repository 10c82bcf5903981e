//! What the verb `check` says of those whom changes touch (rules P1–P5, S6).

#[path = "check_touched/undecided.rs"]
mod undecided;

use crate::program;

use program::{file, folder, sample, text};
use serde_json::{Value, json};

const FIRST: &str = "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036";
const SECOND: &str = "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60";

/// Exit code, standard output and standard error on the sample account.
fn check(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program::run("check", arguments);
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), out, said)
}

fn lines(printed: &str) -> Vec<Value> {
    let lines = printed.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// Changes and conditions on the sample account, for programs: the steps, and all of them together.
fn touched(name: &str, changes: &Value, conditions: &Value) -> (Vec<Value>, Value) {
    let folder = folder(&format!("touched_{name}"));
    let changes = file(&folder, "changes.json", changes.to_string());
    let conditions = file(&folder, "conditions.json", conditions.to_string());
    let account = sample("account.json");
    let arguments = [
        "--account",
        &account,
        "--changes",
        &changes,
        "--conditions",
        &conditions,
        "--impact",
        "--json",
    ];
    let (code, printed, said) = check(&arguments);
    assert_eq!(code, Some(0), "{said}{printed}");
    let mut lines = lines(&printed);
    let together = lines.pop().expect("a line of all steps")["together"].clone();
    (lines, together)
}

fn update(name: &str, key_id: &str) -> Value {
    json!({"UpdateAlias": {"AliasName": name, "TargetKeyId": key_id}})
}

#[test]
fn without_the_flags_each_line_is_as_it_was_and_with_them_it_has_the_members_too() {
    let (code, plain, _) = check(&["--json"]);
    assert_eq!(code, Some(1));
    let conditions = sample("conditions.json");
    let flags = ["--json", "--impact", "--conditions", &conditions];
    let (code, printed, said) = check(&flags);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    let (plain, mut told) = (lines(&plain), lines(&printed));
    let last = told.pop().expect("a line of all steps");
    assert!(last["together"]["impact"].is_array(), "{last}");
    for line in &mut told {
        let line = line.as_object_mut().expect("an object");
        let refused = line["outcome"] == "refused";
        for member in ["impact", "access"] {
            let items = line.remove(member).expect("the member is always there");
            let items = items.as_array().expect("a list");
            assert!(
                !refused || items.is_empty(),
                "a refused step touches nobody: {line:?}"
            );
        }
    }
    assert_eq!(told, plain);
    for (flag, member, other) in [
        ("--impact", "impact", "access"),
        ("--conditions", "access", "impact"),
    ] {
        let file = (flag == "--conditions").then_some(conditions.as_str());
        let flags: Vec<_> = ["--json", flag].into_iter().chain(file).collect();
        let (_, printed, _) = check(&flags);
        let lines = lines(&printed);
        let (of_all, steps): (Vec<_>, Vec<_>) = lines
            .iter()
            .partition(|line| line.get("together").is_some());
        assert_eq!(of_all.len(), usize::from(flag == "--impact"));
        assert!(
            steps
                .iter()
                .all(|line| line.get(member).is_some() && line.get(other).is_none())
        );
    }
}

#[test]
fn the_last_line_says_what_all_steps_do_together_s6() {
    let disable = |name: &str| json!({name: {"KeyId": FIRST}});
    let conditions = json!({"any": {"Null": {"kms:ResourceAliases": "true"}}});
    let there = [disable("DisableKey")];
    let there_and_back = [disable("DisableKey"), disable("EnableKey")];
    for (name, changes) in [
        ("there", &there[..]),
        ("there_and_back", &there_and_back[..]),
    ] {
        let (told, together) = touched(name, &json!(changes), &conditions);
        assert!(
            told.iter().all(|step| step["impact"] != json!([])),
            "{told:?}"
        );
        // One step does what all do; two that take each other back do nothing.
        let expected = if changes.len() == 1 {
            told[0]["impact"].clone()
        } else {
            json!([])
        };
        assert_eq!(together["impact"], expected, "{name}");
    }
}

#[test]
fn disabling_a_key_breaks_its_uses_through_each_of_its_aliases_s6() {
    let (_, printed, _) = check(&["--json", "--impact"]);
    let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{FIRST}");
    let expected = json!([{
        "effect": "breaks",
        "operations": [
            "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "ReEncrypt",
        ],
        "aliases": ["alias/billing", "alias/invoices"],
        "exception": "DisabledException",
        "message": format!("{arn} is disabled."),
        "rule": "S6",
    }]);
    assert_eq!(lines(&printed)[11]["impact"], expected);

    let groups = "encrypting and decrypting, making data keys";
    let names = "Decrypt, Encrypt, GenerateDataKey, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, \
                 GenerateDataKeyWithoutPlaintext, ReEncrypt";
    let (_, all, _) = check(&["--impact"]);
    let (_, verbose, _) = check(&["--verbose"]);
    for (printed, uses) in [(&all, groups), (&verbose, names)] {
        // KMS's words are on a line of their own.
        let breaks = format!(
            "\n  step 12 breaks {uses} through alias/billing, alias/invoices\n    DisabledException: {arn} is \
             disabled. (rule S6)\n"
        );
        let starts = format!("\n  step 8 starts {uses} through alias/archive\n");
        for words in [breaks, starts] {
            assert!(printed.contains(&words), "no {words} in {printed}");
        }
    }
    for words in [
        "\n  step 11 starts every use through alias/billing\n",
        "\n  all steps together start describing the key through alias/billing\n",
        "\n  all steps together break every use through alias/invoices\n    NotFoundException: ",
    ] {
        assert!(all.contains(words), "no {words} in {all}");
    }
}

#[test]
fn a_step_takes_a_key_out_of_a_condition_and_brings_another_under_it_p4() {
    let conditions = json!({
        "prod-readers": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/pay*"}},
        "by-name": {"StringEquals": {"kms:RequestAlias": "alias/payments"}},
        "untouched": {"StringEquals": {"kms:RequestAlias": "alias/archive"}},
    });
    let (told, _) = touched(
        "access",
        &json!([update("alias/payments", SECOND)]),
        &conditions,
    );
    let item = |condition: &str, under: bool, key_id: &str, requested_by: &str| {
        let (verb, way) = if under {
            ("brings", "under")
        } else {
            ("takes", "out of")
        };
        let asked = if requested_by == "any" {
            String::new()
        } else {
            format!(", asked for by {requested_by},")
        };
        json!({
            "condition": condition,
            "effect": if under { "under" } else { "out" },
            "key_id": key_id,
            "requested_by": requested_by,
            "message": format!(
                "{verb} key {key_id}{asked} {way} `{condition}`, up to five minutes later (rule P4)"
            ),
            "rule": "P4",
            "lasts": true,
        })
    };
    // In the order of the names in the file, which here is that of the alphabet.
    let expected = json!([
        item("by-name", true, SECOND, "alias/payments"),
        item("by-name", false, FIRST, "alias/payments"),
        item("prod-readers", true, SECOND, "any"),
        item("prod-readers", false, FIRST, "any"),
    ]);
    assert_eq!(told[0]["access"], expected);
    let (_, printed, _) = check(&[]);
    let words = format!("\n  step 13 takes key {FIRST} out of `finance-readers`\n");
    assert!(printed.contains(&words), "{printed}");
}

#[test]
fn what_a_later_step_takes_back_does_not_last() {
    let conditions =
        json!({"x": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/pay*"}}});
    let there_and_back = [
        update("alias/payments", SECOND),
        update("alias/payments", FIRST),
    ];
    let lasts = |told: &[Value]| -> Vec<Vec<bool>> {
        let of = |line: &Value| -> Vec<bool> {
            let items = line["access"].as_array().expect("a list");
            items
                .iter()
                .map(|item| item["lasts"].as_bool().expect("a bool"))
                .collect()
        };
        told.iter().map(of).collect()
    };
    let (told, _) = touched("back", &json!(there_and_back), &conditions);
    assert_eq!(lasts(&told), [[false, false], [false, false]]);
    let and_there = [&there_and_back[..], &there_and_back[..1]].concat();
    let (told, _) = touched("and_there", &json!(and_there), &conditions);
    assert_eq!(lasts(&told), [[false, false], [false, false], [true, true]]);
    let folder = folder("touched_taken_back");
    let account = sample("account.json");
    let changes = file(&folder, "changes.json", json!(there_and_back).to_string());
    let conditions = file(&folder, "conditions.json", conditions.to_string());
    let arguments = [
        "--account",
        &account,
        "--changes",
        &changes,
        "--conditions",
        &conditions,
    ];
    let (code, printed, _) = check(&arguments);
    assert_eq!(code, Some(0));
    assert_eq!(
        printed.matches("; a later step takes this back\n").count(),
        4,
        "{printed}"
    );
    assert!(!printed.contains("Uses through aliases"), "{printed}");
}

#[test]
fn a_key_above_the_quota_comes_back_when_an_alias_goes_p5() {
    let folder = folder("touched_quota");
    let account = sample("account.json");
    let changes = file(
        &folder,
        "changes.json",
        r#"{"DeleteAlias": {"AliasName": "alias/invoices"}}"#,
    );
    let conditions = r#"{"x": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/*"}}}"#;
    let conditions = file(&folder, "conditions.json", conditions);
    let arguments = [
        "--account",
        &account,
        "--changes",
        &changes,
        "--conditions",
        &conditions,
        "--aliases-per-key",
        "1",
    ];
    let (code, printed, said) = check(&arguments);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("every condition on kms:ResourceAliases denies its use (rule P5)"),
        "{said}"
    );
    let words = format!(
        "step 1 brings key {FIRST} under `x`: it has no more aliases than the quota again\n"
    );
    assert!(printed.contains(&words), "{printed}");
}

#[test]
fn conditions_that_cannot_be_interpreted_end_the_run_and_say_where() {
    let folder = folder("touched_uninterpreted");
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let after = file(&folder, "after.json", "as it was");
    for (content, place, words) in [
        (
            "{\"s3\": {\n\"StringEquals\": {\"kms:ViaService\": \"s3.eu-west-3.amazonaws.com\"}}}",
            "conditions.json:2: s3: StringEquals: kms:ViaService: ",
            "`kms:ViaService` is not interpreted",
        ),
        (
            "{\"x\": {\"StringLike\": {\"kms:ResourceAliases\": \"alias/*\"}}}",
            "conditions.json:1: x: StringLike: kms:ResourceAliases: ",
            "say ForAnyValue: or ForAllValues:",
        ),
        (
            "{\"x\": {\"StringLike\": {\"kms:RequestAlias\": \"alias/${aws:username}\"}}}",
            "conditions.json:1: x: StringLike: kms:RequestAlias: ",
            "found `${` at byte 6 (rule P3)",
        ),
        (
            "{\"x\"",
            "conditions.json:1: ",
            "the file ends in the middle of",
        ),
        ("", "conditions.json: ", "no condition is there"),
        (
            "{\"\\u001b[2J\": {}}",
            "conditions.json:1: \\u{1b}[2J: ",
            "nothing is compared",
        ),
    ] {
        let conditions = file(&folder, "conditions.json", content);
        let arguments = [
            "--account",
            &account,
            "--changes",
            &changes,
            "--conditions",
            &conditions,
            "--after",
            &after,
        ];
        let (code, printed, said) = check(&arguments);
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{said}");
        assert!(
            said.contains(place) && said.contains(words),
            "no {place}{words} in {said}"
        );
        let kept = std::fs::read_to_string(&after).expect("the file");
        assert_eq!(kept, "as it was");
    }
    let (code, _, said) = check(&["--conditions", "no-such-file.json"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no-such-file.json"), "{said}");
}

#[test]
fn a_value_that_matches_no_alias_name_is_a_warning_p3() {
    let folder = folder("touched_idle");
    let conditions = r#"{"x": {"StringLike": {"kms:RequestAlias": ["alias/a*", "payments"]}}}"#;
    let conditions = file(&folder, "conditions.json", conditions);
    let (code, _, said) = check(&["--json", "--conditions", &conditions]);
    assert_eq!(code, Some(1));
    assert_eq!(said.matches("warning: ").count(), 1, "{said}");
    assert!(
        said.contains("condition `x`: no alias name there can be matches `payments`"),
        "{said}"
    );
}

#[test]
fn a_long_list_shows_few_uses_unless_all_are_asked_for_s6() {
    let folder = folder("touched_long");
    let create = |index: usize| json!({"CreateAlias": {"AliasName": format!("alias/new-{index}"), "TargetKeyId": SECOND}});
    let changes: Vec<_> = (0..40).map(create).collect();
    let changes = file(&folder, "changes.json", json!(changes).to_string());
    let account = sample("account.json");
    let (_, few, _) = check(&["--account", &account, "--changes", &changes]);
    let (_, all, _) = check(&["--account", &account, "--changes", &changes, "--impact"]);
    assert_eq!(
        few.matches(" starts every use through alias/new-").count(),
        10,
        "{few}"
    );
    assert!(
        few.contains("\n  and 30 more: --impact shows them all\n"),
        "{few}"
    );
    assert_eq!(all.matches("\n  step ").count(), 40, "{all}");
    assert!(!all.contains(" more:"), "{all}");
}

/// What is said of a plan that makes a key, and an alias of this target on it.
fn made(name: &str, key: &Value, references: &Value) -> (Vec<Value>, String) {
    let folder = folder(&format!("touched_made_{name}"));
    let change = |kind: &str, after: &Value, unknown: &Value| {
        json!({"address": format!("{kind}.it"), "mode": "managed", "type": kind, "name": "it",
            "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown}})
    };
    let resource = |kind: &str, expressions: &Value| {
        json!({"address": format!("{kind}.it"), "mode": "managed", "type": kind, "name": "it",
            "expressions": expressions})
    };
    let target = json!({"target_key_id": {"references": references}});
    let plan = json!({"format_version": "1.2", "resource_changes": [
        change("aws_kms_key", key, &json!({"arn": true, "key_id": true})),
        change("aws_kms_alias", &json!({"name": "alias/new"}), &json!({"target_key_id": true})),
    ], "configuration": {"root_module": {"resources": [
        resource("aws_kms_key", &json!({})), resource("aws_kms_alias", &target),
    ]}}});
    let plan = file(&folder, "plan.json", plan.to_string());
    let account = sample("account.json");
    let files = ["--account", &account, "--changes", &plan, "--impact"];
    let (_, printed, _) = check(&files);
    let (_, for_programs, _) = check(&[&files[..], &["--json"]].concat());
    (lines(&for_programs), printed)
}

#[test]
fn what_works_through_an_alias_of_a_key_that_the_plan_makes_is_told_s6() {
    let signing = json!({"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY",
        "is_enabled": true});
    let key = json!(["aws_kms_key.it.key_id", "aws_kms_key.it"]);
    let (lines, printed) = made("key", &signing, &key);
    let starts = json!([{"effect": "starts", "operations": ["DescribeKey", "GetPublicKey", "Sign", "Verify"],
        "aliases": ["alias/new"]}]);
    assert_eq!(lines[0]["impact"], starts);
    assert_eq!(lines[1]["together"]["impact"], starts);
    assert!(
        printed.contains("step 2 starts every use through alias/new"),
        "{printed}"
    );
    // Of a disabled key only what needs no material works.
    let disabled = json!({"customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "key_usage": "ENCRYPT_DECRYPT", "is_enabled": false});
    let (lines, _) = made("disabled", &disabled, &key);
    assert_eq!(lines[0]["impact"][0]["operations"], json!(["DescribeKey"]));
    // A key that is not followed may be any: that is said.
    let (lines, printed) = made(
        "unknown",
        &signing,
        &json!(["module.keys.id", "module.keys"]),
    );
    assert_eq!(lines[0]["impact"][0]["effect"], "unknown");
    let words = "may start uses through alias/new: the key is not known before the run";
    assert!(printed.contains(words), "{printed}");
}
