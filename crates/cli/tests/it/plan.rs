//! The verb `plan` as its users run it, and `check` on what it prints.

use crate::program;
use kms_alias_testing::small;

use std::path::Path;

use kms_alias::{AliasTable, KeyMetadata};
use kms_alias_files::list_aliases_json;
use program::{file, folder, run, sample, text};
use serde_json::{Value, json};
use small::random::Numbers;
use small::{Third, World};

pub(crate) fn plan(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run("plan", arguments);
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn the_sample_shows_its_steps_and_a_gap() {
    let (code, printed, said) = plan(&[]);
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "alias/billing",
        "5 steps on arn:aws:kms:eu-west-3:111122223333, 1 gap.",
        "U4: An alias moves between keys of one key usage only.",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    assert!(said.starts_with("note: a sample"), "{said}");
    assert!(
        !printed.contains('\u{1b}'),
        "no colour where there is no terminal"
    );
}

#[test]
fn it_explains_itself() {
    let (code, printed, _) = plan(&["--help"]);
    assert_eq!(code, Some(0));
    for words in [
        "--prune",
        "--third-key",
        "kms-alias check --account",
        "Exit code: 0",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

/// The changes that are printed, through `check`: every step passes, and these aliases stand.
#[track_caller]
fn check(folder: &Path, account: &[&str], changes: &str, options: &[&str]) -> Value {
    let changes = file(folder, "changes.json", changes);
    let after = folder.join("after.json");
    let after = after.to_str().expect("a path of UTF-8");
    let files = [&["--account"], account, &["--changes", &changes]].concat();
    let output = run(
        "check",
        &[&files[..], &["--after", after, "--json"], options].concat(),
    );
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    let after = std::fs::read_to_string(after).expect("the aliases");
    let mut after: Value = serde_json::from_str(&after).expect("JSON");
    let aliases = after["Aliases"].as_array_mut().expect("a list").iter();
    let pairs = aliases.filter_map(|alias| {
        let name = alias["AliasName"].as_str()?.to_owned();
        Some((name, alias.get("TargetKeyId")?.clone()))
    });
    Value::Object(pairs.collect())
}

#[test]
fn its_list_of_changes_passes_a_check_and_ends_at_what_is_wanted() {
    let folder = folder("plan-sample");
    let (code, changes, said) = plan(&["--json", "--prune"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let after = check(&folder, &[&sample("account.json")], &changes, &[]);
    let expected = json!({
        "alias/archive": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60",
        "alias/aws/ebs": "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385",
        "alias/billing": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
        "alias/payments": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60",
        "alias/release-signing": "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
    });
    assert_eq!(after, expected);
}

#[test]
fn where_there_is_nothing_to_do_the_list_of_changes_is_empty() {
    let folder = folder("plan-nothing");
    let account = sample("account.json");
    // What list-aliases printed is a wish for what stands.
    let aliases = std::fs::read_to_string(&account).expect("the sample");
    let end = aliases.find("{\n    \"KeyMetadata\"").expect("the keys");
    let wanted = file(&folder, "wanted.json", &aliases[..end]);
    let files = ["--account", &account, "--wanted", &wanted, "--prune"];
    let (code, printed, said) = plan(&files);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(printed.starts_with("Nothing to do"), "{printed}");
    let (code, changes, _) = plan(&[&files[..], &["--json"]].concat());
    assert_eq!((code, changes.as_str()), (Some(0), "[]\n"));
    check(&folder, &[&account], &changes, &[]);
}

#[test]
fn what_cannot_be_reached_is_exit_code_1_and_no_list_of_changes_t1_t5_t6() {
    let folder = folder("plan-impossible");
    let wanted = json!({
        "alias/invoices": "e7b94f02-6d1c-4a35-8c50-f2a91d7b6e48",
        "alias/new": "00000000-0000-4000-8000-000000000000",
        "alias/payments": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60",
        "alias/three": "1b6f0c93-72d8-4e5a-9c14-a8e3d5f72b60",
    });
    let wanted = file(&folder, "wanted.json", wanted.to_string());
    let account = sample("account.json");
    let listed = file(&folder, "keys.json", r#"{"Keys": []}"#);
    let files = ["--account", &account, &listed, "--wanted", &wanted];
    let arguments = [&files[..], &["--aliases-per-key", "1"]].concat();
    let (code, printed, _) = plan(&arguments);
    assert_eq!(code, Some(1));
    for words in [
        "KMSInvalidStateException",
        "NotFoundException",
        "LimitExceededException",
        "There is no plan: 3 aliases cannot be as they are wanted.",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    let (code, printed, said) = plan(&[&arguments[..], &["--json"]].concat());
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert_eq!(said.matches("error: ").count(), 4, "{said}");
    for rule in ["(rule T1)", "(rule T5)", "(rule T6)"] {
        assert!(said.contains(rule), "no {rule} in {said}");
    }
}

#[test]
fn input_that_cannot_be_used_is_exit_code_2() {
    let folder = folder("plan-unusable");
    let account = sample("account.json");
    let wanted = sample("wanted.json");
    let wrong = file(&folder, "wrong.json", "{\n\"alias/a\": 5}");
    let cases: &[(&[&str], &str)] = &[
        (&["--account", &account], "--wanted"),
        (&["--wanted", &wanted], "--account"),
        (
            &["--account", "none.json", "--wanted", &wanted],
            "none.json",
        ),
        (
            &["--account", &account, "--wanted", &wrong],
            "wrong.json:2: alias/a",
        ),
        (&["--account", &wanted, "--wanted", &wanted], "wanted.json"),
        (&["--third-key", "alias/a"], "not an alias"),
        (
            &["--third-key", "00000000-0000-4000-8000-000000000000"],
            "no key of",
        ),
        (
            &[
                "--third-key",
                "arn:aws:kms:us-east-1:111122223333:key/9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036",
            ],
            "no key of",
        ),
    ];
    for (arguments, words) in cases {
        let (code, printed, said) = plan(arguments);
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(said.contains(words), "no {words} in {said}");
    }
}

#[test]
fn what_hangs_on_a_key_that_is_not_described_is_undecided_and_exit_code_3_i6() {
    let folder = folder("plan-undecided");
    let key_id = "00000000-0000-4000-8000-000000000000";
    let listed = json!({"Keys": [{"KeyId": key_id}]}).to_string();
    let listed = file(&folder, "keys.json", listed);
    let wanted = json!({"alias/a": key_id, "alias/payments": key_id}).to_string();
    let wanted = file(&folder, "wanted.json", wanted);
    let account = sample("account.json");
    let settle = format!("aws kms describe-key --key-id {key_id} --region eu-west-3");
    let files = ["--account", &account, &listed, "--wanted", &wanted];
    let (code, printed, said) = plan(&files);
    assert_eq!((code, said.as_str()), (Some(3), ""));
    for words in [
        &*settle,
        "alias/a  wanted on 00000000-0000-4000-8000-000000000000  undecided",
        "it depends on the key manager and key state of key 00000000-0000-4000-8000-000000000000",
        "AccessDeniedException (rule T4)",
        "KMSInvalidStateException (rule T5)",
        "it may have to be deleted and created, with a gap (rules U3, U4)",
        "There is no plan: 2 aliases are undecided.",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    for words in ["NotFoundException", "      (rule"] {
        assert!(!printed.contains(words), "{words} in {printed}");
    }
    for form in [
        &["--json"][..],
        &["--as", "terraform"],
        &["--as", "aws-cli"],
    ] {
        let (code, printed, said) = plan(&[&files[..], form].concat());
        assert_eq!((code, printed.as_str()), (Some(3), ""), "{form:?}");
        assert_eq!(said.matches("error: whether alias/").count(), 2, "{said}");
        assert!(said.contains(&settle), "{said}");
    }
}

#[test]
fn a_key_that_no_list_tells_of_may_exist_unless_the_list_is_whole_h4() {
    let folder = folder("plan-existence");
    let key_id = "00000000-0000-4000-8000-000000000000";
    let wanted = json!({"alias/a": key_id}).to_string();
    let wanted = file(&folder, "wanted.json", wanted);
    let account = sample("account.json");
    let (code, printed, _) = plan(&["--account", &account, "--wanted", &wanted]);
    assert_eq!(code, Some(3), "{printed}");
    assert!(
        printed.contains("it depends on the existence, "),
        "{printed}"
    );
    let all = file(&folder, "keys.json", r#"{"Keys": []}"#);
    let (code, printed, _) = plan(&["--account", &account, &all, "--wanted", &wanted]);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("NotFoundException (rule T1)"), "{printed}");
}

#[test]
fn what_cannot_be_reached_and_what_cannot_be_told_are_both_said() {
    let folder = folder("plan-both");
    let listed = "00000000-0000-4000-8000-000000000001";
    let keys = json!({"Keys": [{"KeyId": listed}]}).to_string();
    let keys = file(&folder, "keys.json", keys);
    let wanted = json!({"alias/a": "00000000-0000-4000-8000-000000000002", "alias/b": listed});
    let wanted = file(&folder, "wanted.json", wanted.to_string());
    let account = sample("account.json");
    let (code, printed, _) = plan(&["--account", &account, &keys, "--wanted", &wanted]);
    assert_eq!(code, Some(1), "{printed}");
    let words = "There is no plan: 1 alias cannot be as it is wanted, 1 alias is undecided.";
    assert!(printed.contains(words), "{printed}");
}

#[test]
fn an_alias_goes_from_a_key_that_is_not_described_d1() {
    let folder = folder("plan-prune");
    let account = json!({"Aliases": [{
        "AliasName": "alias/old",
        "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/old",
        "TargetKeyId": "00000000-0000-4000-8000-000000000000"
    }]});
    let account = file(&folder, "account.json", account.to_string());
    let wanted = file(&folder, "wanted.json", "{}");
    let files = ["--account", &account, "--wanted", &wanted];
    let (code, changes, said) = plan(&[&files[..], &["--prune", "--json"]].concat());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(changes.contains("DeleteAlias"), "{changes}");
    let changes = file(&folder, "changes.json", changes);
    let checked = run("check", &["--account", &account, "--changes", &changes]);
    assert_eq!(checked.status.code(), Some(0));
    let (code, printed, _) = plan(&files);
    assert_eq!(code, Some(0));
    assert!(printed.starts_with("Nothing to do"), "{printed}");
}

#[test]
fn an_account_that_tells_no_scope_is_of_the_one_that_is_named() {
    let folder = folder("plan-scope");
    let empty = file(&folder, "empty.json", r#"{"Aliases": []} {"Keys": []}"#);
    let wanted = file(&folder, "wanted.json", "{}");
    let files = ["--account", &empty, "--wanted", &wanted];
    let (code, _, said) = plan(&files);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("--region REGION --account-id DIGITS"),
        "{said}"
    );
    let scope = ["--region", "eu-west-3", "--account-id", "111122223333"];
    let (code, printed, said) = plan(&[&files[..], &scope].concat());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(printed.starts_with("Nothing to do"), "{printed}");
    // Of files of several Regions one is chosen.
    let alias = |region: &str| {
        let arn = format!("arn:aws:kms:{region}:111122223333:alias/aws/s3");
        json!({"AliasName": "alias/aws/s3", "AliasArn": arn})
    };
    let both = json!({"Aliases": [alias("eu-west-3"), alias("eu-west-1")]}).to_string();
    let both = file(&folder, "both.json", both);
    let files = ["--account", &both, "--wanted", &wanted];
    let (code, _, said) = plan(&files);
    assert_eq!(code, Some(2), "{said}");
    let (code, _, said) = plan(&[&files[..], &["--region", "eu-west-1"]].concat());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (code, _, said) = plan(&[&files[..], &["--region", "us-east-1"]].concat());
    assert_eq!(code, Some(2));
    let words = "they tell of arn:aws:kms:eu-west-1:111122223333, arn:aws:kms:eu-west-3:111122223333. Name one";
    assert!(said.contains(words), "{said}");
}

/// An account as the AWS CLI prints it.
fn printed(table: &AliasTable) -> String {
    let document = |key: &KeyMetadata| {
        json!({"KeyMetadata": {
            "KeyId": key.key_id(), "Arn": key.arn(), "KeySpec": key.spec(), "KeyUsage": key.usage(),
            "KeyState": key.state(), "Origin": key.origin(), "KeyManager": key.manager(),
        }})
        .to_string()
    };
    let keys = table.keys().map(document);
    [list_aliases_json(table)].into_iter().chain(keys).collect()
}

/// A world through both examples: a plan whose changes all pass, or exit code 1 where the library
/// says so too. Whether there is a plan.
#[track_caller]
fn through_both(folder: &Path, world: &World) -> bool {
    let table = small::plan::table(world);
    let account = file(folder, "account.json", printed(&table));
    let mut wanted = serde_json::Map::new();
    for (name, target) in small::plan::wanted(world).iter() {
        wanted.insert(name.to_string(), json!(target));
    }
    let wanted = Value::Object(wanted);
    let wanted_file = file(folder, "wanted.json", wanted.to_string());
    let quota = world.quota.to_string();
    let third = match world.third {
        Third::No => None,
        Third::Any => Some("any".to_owned()),
        Third::This(key) => Some(small::plan::key_id(key).to_string()),
    };
    let mut arguments = vec!["--account", &account, "--wanted", &wanted_file];
    arguments.extend(["--prune", "--json", "--aliases-per-key", &quota]);
    if let Some(third) = &third {
        arguments.extend(["--third-key", third]);
    }
    let (code, changes, said) = plan(&arguments);
    let possible = small::plan::plan(world).is_some();
    assert_eq!(code, Some(i32::from(!possible)), "{said}: {world:?}");
    if possible {
        let options = ["--aliases-per-key", &quota];
        assert_eq!(check(folder, &[&account], &changes, &options), wanted);
    }
    possible
}

#[test]
fn random_accounts_pass_through_plan_and_check_t6() {
    let folder = folder("plan-random");
    let mut numbers = Numbers(11);
    let mut possible = 0;
    for _ in 0..100 {
        let world = small::random::world(&mut numbers, 5, 12);
        possible += usize::from(through_both(&folder, &world));
    }
    assert!((20..95).contains(&possible), "{possible}");
}

#[test]
fn a_large_account_of_full_keys_that_swap_everything_passes_through_both_t6() {
    let mut numbers = Numbers(12);
    let world = small::random::full(&mut numbers, 400, 25);
    assert!(through_both(&folder("plan-large"), &world));
}

/// What a program named `aws` is told by the printed script: the words of each call.
#[cfg(unix)]
fn told_to_aws(folder: &Path, script: &str) -> Vec<Vec<String>> {
    use std::os::unix::fs::PermissionsExt;
    let calls = folder.join("calls");
    let fake = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" --- >> '{}'\n",
        calls.display()
    );
    let fake = file(folder, "aws", fake);
    std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let script = file(folder, "way.sh", script);
    let paths = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").expect("a path")
    );
    let mut shell = std::process::Command::new("sh");
    let output = shell.arg(script).env("PATH", paths).output();
    let output = output.expect("a shell");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let calls = std::fs::read_to_string(calls).expect("the calls");
    let calls = calls.split("---\n").filter(|call| !call.is_empty());
    calls
        .map(|call| call.lines().map(str::to_owned).collect())
        .collect()
}

/// The script asks what the list of changes says, in its order and Region.
#[cfg(unix)]
#[test]
fn its_commands_of_the_aws_cli_are_its_changes() {
    let folder = folder("plan-aws-cli");
    let (code, script, said) = plan(&["--as", "aws-cli", "--prune"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (_, changes, _) = plan(&["--json", "--prune"]);
    let changes: Vec<Value> = serde_json::from_str(&changes).expect("JSON");
    let wanted = changes.iter().map(|change| {
        let (operation, members) = change
            .as_object()
            .expect("a change")
            .iter()
            .next()
            .expect("one");
        let verb = operation.replace("Alias", "-alias").to_lowercase();
        let mut words = vec![
            "kms".to_owned(),
            verb,
            "--region".into(),
            "eu-west-3".into(),
        ];
        for (member, option) in [
            ("AliasName", "--alias-name"),
            ("TargetKeyId", "--target-key-id"),
        ] {
            if let Some(value) = members[member].as_str() {
                words.extend([option.to_owned(), value.to_owned()]);
            }
        }
        words
    });
    assert!(changes.len() > 3);
    assert_eq!(told_to_aws(&folder, &script), wanted.collect::<Vec<_>>());
}
