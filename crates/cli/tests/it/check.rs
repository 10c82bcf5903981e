//! The verb `check` as its users run it.

use crate::program;
use kms_alias_testing::model;

use std::fs;
use std::process::Output;

use program::{file, folder, sample, text};

fn check(arguments: &[&str]) -> Output {
    program::run("check", arguments)
}

#[test]
fn the_sample_shows_its_verdicts_and_some_are_refusals() {
    let output = check(&[]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for word in [
        "   1  ok         UpdateAlias alias/payments\n",
        "   2  refused    UpdateAlias alias/payment\n      NotFoundException (rule U1)\n      \
         Alias arn:aws:kms:eu-west-3:111122223333:alias/payment is not found.\n",
        "\n13 steps: 5 ok, 8 refused  (arn:aws:kms:eu-west-3:111122223333)\n",
    ] {
        assert!(printed.contains(word), "no {word} in {printed}");
    }
    assert!(
        !printed.contains('\u{1b}'),
        "no colour where there is no terminal"
    );
}

#[test]
fn json_is_one_object_a_step() {
    let output = check(&["--json"]);
    let lines: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 13);
    assert_eq!(
        lines[0],
        serde_json::json!({"step": 1, "operation": "UpdateAlias", "outcome": "ok"})
    );
    let refused = serde_json::json!({
        "step": 2, "operation": "UpdateAlias", "outcome": "refused", "exception": "NotFoundException",
        "message": "Alias arn:aws:kms:eu-west-3:111122223333:alias/payment is not found.", "rule": "U1",
    });
    assert_eq!(lines[1], refused);
    assert!(
        text(&output.stdout).starts_with(r#"{"step":1,"operation":"UpdateAlias","outcome":"ok"}"#)
    );
}

#[test]
fn the_lines_that_the_readme_shows_are_those_of_the_sample() {
    let readme = include_str!("../../../../README.md");
    let printed = text(&check(&["--json"]).stdout);
    let shown = readme.lines().filter(|line| line.starts_with("{\"step\":"));
    let shown: Vec<_> = shown.collect();
    assert!(shown.len() > 1, "{shown:?}");
    for line in shown {
        assert!(printed.lines().any(|each| each == line), "{line}");
    }
}

#[test]
fn the_aliases_afterwards_are_an_account_again() {
    let folder = folder("after");
    let after = folder.join("after.json");
    let after = after.to_str().expect("a path of UTF-8");
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let arguments = [
        "--account",
        &account,
        "--changes",
        &changes,
        "--now",
        "2026-01-01T00:00:00Z",
        "--after",
        after,
    ];
    assert_eq!(check(&arguments).status.code(), Some(1));
    let written = fs::read_to_string(after).expect("the aliases");
    assert!(
        written.contains(r#""LastUpdatedDate": "2026-01-01T00:00:00Z""#),
        "{written}"
    );
    assert!(written.contains("alias/aws/s3"), "AWS's own too: {written}");
    assert_eq!(
        fs::read_dir(&folder).expect("the folder").count(),
        1,
        "nothing else is left"
    );

    // With the keys of the sample they are an account of their own.
    let sample = fs::read_to_string(&account).expect("the sample");
    let keys = &sample[sample.find("{\n    \"KeyMetadata\"").expect("the keys")..];
    let keys = file(&folder, "keys.json", keys);
    let none = file(&folder, "none.json", "[]");
    let output = check(&["--account", after, &keys, "--changes", &none]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn all_steps_passing_is_exit_code_0_and_the_strict_rule_is_a_choice_a4() {
    let folder = folder("reserved");
    let changes = r#"{"CreateAlias": {"AliasName": "alias/awsome", "TargetKeyId": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036"}}"#;
    let changes = file(&folder, "changes.json", changes);
    let account = sample("account.json");
    let strict = check(&["--account", &account, "--changes", &changes]);
    assert_eq!(strict.status.code(), Some(1));
    let current = check(&[
        "--account",
        &account,
        "--changes",
        &changes,
        "--reserved",
        "alias/aws/",
    ]);
    assert_eq!(current.status.code(), Some(0), "{}", text(&current.stderr));
}

#[test]
fn input_that_cannot_be_used_is_exit_code_2_and_touches_no_file() {
    let folder = folder("unusable");
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let truncated = file(&folder, "truncated.json", "{\"Aliases\": [\n");
    let empty = file(&folder, "empty.json", "");
    let binary = file(&folder, "binary.json", b"\xff\xfe{\x00}\x00");
    let after = file(&folder, "after.json", "as it was");
    for (account, changes, place) in [
        (&truncated, &changes, "truncated.json:2"),
        (&empty, &changes, "empty.json"),
        (&binary, &changes, "binary.json:1"),
        (&account, &truncated, "truncated.json"),
        (&account, &empty, "empty.json"),
        (&account, &binary, "binary.json:1"),
        (
            &"no-such-file.json".to_owned(),
            &changes,
            "no-such-file.json",
        ),
    ] {
        let output = check(&[
            "--account",
            account,
            "--changes",
            changes,
            "--after",
            &after,
        ]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.starts_with("error: ") && said.contains(place),
            "no {place} in {said}"
        );
        assert_eq!(text(&output.stdout), "");
        assert_eq!(fs::read_to_string(&after).expect("the file"), "as it was");
    }
    for arguments in [
        &["--account", &account][..],
        &["--now", "soon"],
        &["--what"],
    ] {
        assert_eq!(check(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let nowhere = folder.join("no-folder").join("after.json");
    let nowhere = nowhere.to_str().expect("a path of UTF-8");
    let output = check(&[
        "--account",
        &account,
        "--changes",
        &changes,
        "--after",
        nowhere,
    ]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_stands_beyond_the_rules_is_a_warning_i3() {
    let folder = folder("warning");
    let account = fs::read_to_string(sample("account.json")).expect("the sample");
    let account = file(
        &folder,
        "account.json",
        account.replace("alias/archive", "alias/aws-archive"),
    );
    let output = check(&["--account", &account, "--changes", &sample("changes.json")]);
    let said = text(&output.stderr);
    assert!(
        said.contains("warning: alias alias/aws-archive") && said.contains("--reserved alias/aws/"),
        "{said}"
    );
}

#[test]
fn nothing_in_a_file_reaches_the_terminal_as_a_command() {
    let folder = folder("escape");
    let changes = file(
        &folder,
        "changes.json",
        r#"{"DeleteAlias": {"AliasName": "alias/\u001b[2J"}}"#,
    );
    let output = check(&["--account", &sample("account.json"), "--changes", &changes]);
    assert!(!text(&output.stdout).contains('\u{1b}'));
}

/// The model's account as the AWS CLI would print it.
fn printed(model: &model::Model) -> String {
    let keys = model.keys.iter().map(|(key_id, key)| {
        let arn = model.key_arn(key_id);
        let [spec, usage, state] = [key.spec, key.usage, key.state];
        let metadata = serde_json::json!({"KeyMetadata": {
            "KeyId": key_id, "Arn": arn, "KeySpec": spec, "KeyUsage": usage, "KeyState": state,
            "Origin": key.origin, "KeyManager": key.manager,
        }});
        metadata.to_string()
    });
    let aliases: Vec<_> = (model.aliases.iter())
        .map(|(name, alias)| {
            serde_json::json!({"AliasName": name, "AliasArn": model.alias_arn(name), "TargetKeyId": alias.target})
        })
        .collect();
    let aliases = serde_json::json!({"Aliases": aliases}).to_string();
    // The whole list: a key that is not in it does not exist.
    let listed = model.keys.keys();
    let listed: Vec<_> = listed
        .map(|key_id| serde_json::json!({"KeyId": key_id, "KeyArn": model.key_arn(key_id)}))
        .collect();
    let listed = serde_json::json!({"Keys": listed}).to_string();
    keys.chain([aliases, listed]).collect::<Vec<_>>().join("\n")
}

/// A request as a step of a list of changes.
fn step(request: &model::Request) -> serde_json::Value {
    let members = [
        ("AliasName", &request.alias_name),
        ("TargetKeyId", &request.target_key_id),
        ("KeyId", &request.key_id),
    ];
    let members: serde_json::Map<_, _> = (members.into_iter())
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())))
        .collect();
    serde_json::json!({ request.operation: members })
}

#[test]
fn ten_thousand_changes_of_a_large_account_get_the_models_verdicts_q() {
    let mut numbers = model::large::Numbers(3);
    let mut model = model::large::account(&mut numbers);
    assert_eq!((model.keys.len(), model.aliases.len()), (2_000, 100_000));
    let folder = folder("large");
    let account = file(&folder, "account.json", printed(&model));
    // A deletion carried out is nothing that anybody asks for.
    let requests: Vec<_> = std::iter::repeat_with(|| model::large::request(&mut numbers))
        .filter(|request| request.operation != "DeleteKey")
        .take(10_000)
        .collect();
    let steps: Vec<_> = requests.iter().map(step).collect();
    let changes = file(
        &folder,
        "changes.json",
        serde_json::json!(steps).to_string(),
    );
    let output = check(&[
        "--account",
        &account,
        "--changes",
        &changes,
        "--json",
        "--now",
        "1700000000",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    assert_eq!(lines.lines().count(), requests.len());
    for (line, request) in lines.lines().zip(&requests) {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let verdict = model.apply(request, 1_700_000_000_000);
        assert_eq!(line["operation"], request.operation);
        assert_eq!(
            line["outcome"],
            if verdict.is_ok() { "ok" } else { "refused" },
            "{request:?}: {line}"
        );
        if let Err(refused) = verdict {
            assert_eq!(line["rule"], refused.rule, "{request:?}");
            assert!(
                refused
                    .exception
                    .is_none_or(|exception| line["exception"] == exception),
                "{line}"
            );
            assert!(
                refused
                    .message
                    .is_none_or(|message| line["message"] == message),
                "{line}"
            );
        }
    }
}

#[test]
fn a_key_that_is_listed_and_not_described_is_a_fact_and_steps_on_it_are_undecided() {
    let folder = folder("listed");
    let key_id = "5e0c3b7a-94d1-4f26-8a70-1b2c3d4e5f60";
    let listed = format!(
        r#"{{"Keys": [{{"KeyId": "{key_id}", "KeyArn": "arn:aws:kms:eu-west-3:111122223333:key/{key_id}"}}]}}"#
    );
    let listed = file(&folder, "keys.json", listed);
    let change =
        serde_json::json!({"CreateAlias": {"AliasName": "alias/new", "TargetKeyId": key_id}});
    let changes = file(&folder, "changes.json", change.to_string());
    let account = sample("account.json");
    let output = check(&[
        "--account",
        &account,
        &listed,
        "--changes",
        &changes,
        "--partial",
    ]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("  undecided  CreateAlias alias/new\n"));
}

#[cfg(unix)]
#[test]
fn what_is_written_afterwards_goes_where_a_link_leads_and_touches_no_neighbour() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder("link");
    let real = file(&folder, "real.json", "old");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).expect("a mode");
    let neighbour = file(&folder, "link.json.part", "a file of its own");
    let link = folder.join("link.json");
    symlink(&real, &link).expect("a link");
    let link = link.to_str().expect("a path of UTF-8");
    let arguments = [
        "--account",
        &sample("account.json"),
        "--changes",
        &sample("changes.json"),
        "--after",
        link,
    ];
    assert_eq!(check(&arguments).status.code(), Some(1));
    assert!(
        fs::read_to_string(&real)
            .expect("the file")
            .contains("alias/payments")
    );
    assert!(fs::symlink_metadata(link).expect("the link").is_symlink());
    assert_eq!(
        fs::metadata(&real).expect("the file").permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::read_to_string(neighbour).expect("the neighbour"),
        "a file of its own"
    );
}

#[test]
fn a_region_and_an_account_choose_where_a_list_of_changes_is_judged() {
    let folder = folder("check-chooses");
    let places = [
        ("eu-west-3", "111122223333"),
        ("us-east-1", "111122223333"),
        ("us-east-1", "444455556666"),
    ];
    let list = |(region, account): (&str, &str)| {
        let arn = format!("arn:aws:kms:{region}:{account}:alias/of-{region}");
        serde_json::json!({"Aliases": [{"AliasName": format!("alias/of-{region}"), "AliasArn": arn,
            "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}]})
    };
    let lists = places.map(|place| list(place).to_string());
    let together = vec![file(&folder, "all.json", lists.concat())];
    let apart = lists.iter().enumerate();
    let apart = apart.map(|(index, list)| file(&folder, &format!("{index}.json"), list));
    let apart: Vec<_> = apart.collect();
    let change = serde_json::json!({"DeleteAlias": {"AliasName": "alias/of-us-east-1"}});
    let changes = file(&folder, "changes.json", change.to_string());

    let outcomes = |files: &[String], choice: &[&str]| {
        let mut arguments = vec!["--json", "--changes", &changes, "--account"];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(choice);
        let output = check(&arguments);
        let printed = text(&output.stdout);
        let steps = printed.lines().map(|line| {
            let step: serde_json::Value = serde_json::from_str(line).expect("JSON");
            (
                step["scope"].as_str().map(str::to_owned),
                step["outcome"].as_str().expect("an outcome").to_owned(),
            )
        });
        (output.status.code(), steps.collect::<Vec<_>>())
    };
    let step = |place: Option<usize>, outcome: &str| {
        let scope = place.map(|place| {
            let (region, account) = places[place];
            format!("arn:aws:kms:{region}:{account}")
        });
        (scope, outcome.to_owned())
    };
    for files in [together, apart] {
        let all = vec![
            step(Some(0), "refused"),
            step(Some(1), "ok"),
            step(Some(2), "ok"),
        ];
        assert_eq!(outcomes(&files, &[]), (Some(1), all));
        let region = outcomes(&files, &["--region", "us-east-1"]);
        let both = vec![step(Some(1), "ok"), step(Some(2), "ok")];
        assert_eq!(region, (Some(0), both));
        let place = ["--region", "us-east-1", "--account-id", "444455556666"];
        assert_eq!(outcomes(&files, &place), (Some(0), vec![step(None, "ok")]));
        // Of a Region that no file tells of nothing is known, so there is nothing to judge.
        let elsewhere = outcomes(&files, &["--region", "eu-west-1"]);
        assert_eq!(elsewhere, (Some(2), Vec::new()));
    }
}

#[test]
fn a_change_to_a_key_of_a_place_that_no_file_tells_of_is_refused_where_files_tell_t2_t3() {
    const KEY: &str = "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036";
    let folder = folder("check-key-elsewhere");
    let account = |region: &str| {
        serde_json::json!({"Aliases": [{
            "AliasName": "alias/a", "TargetKeyId": KEY,
            "AliasArn": format!("arn:aws:kms:{region}:111122223333:alias/a"),
        }], "Truncated": false})
    };
    let files = ["eu-west-1", "eu-west-3"].map(|region| {
        file(
            &folder,
            &format!("{region}.json"),
            account(region).to_string(),
        )
    });
    for (scope, rule) in [
        ("us-east-1:111122223333", "T2"),
        ("eu-west-3:444455556666", "T3"),
    ] {
        let target = format!("arn:aws:kms:{scope}:key/{KEY}");
        let moves =
            serde_json::json!({"UpdateAlias": {"AliasName": "alias/a", "TargetKeyId": target}});
        let disables = serde_json::json!({"DisableKey": {"KeyId": target}});
        let changes = file(&folder, "changes.json", format!("{moves}\n{disables}"));
        let output = check(&[
            "--json",
            "--changes",
            &changes,
            "--account",
            &files[0],
            &files[1],
        ]);
        let printed = text(&output.stdout);
        let rules = printed.lines().map(|line| {
            let step: serde_json::Value = serde_json::from_str(line).expect("JSON");
            step["rule"].as_str().map(str::to_owned)
        });
        let rules: Vec<_> = rules.collect();
        assert_eq!(rules, vec![Some(rule.to_owned()); 4], "{printed}");
        assert_eq!(output.status.code(), Some(1));
    }
}
