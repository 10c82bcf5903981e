//! What is known of accounts, from every form in which people have it.

use kms_alias::{KeyId, KeyManager, KeyState, Scope};
use kms_alias_files::{AccountError, Accounts, AdviceRule, Fault, File, Options, read_account};
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList, Knowledge};

mod forms;
mod later;

const DESCRIBED: &str = include_str!("../data/account/describe-key.json");
const ALIASES: &str = include_str!("../data/account/list-aliases.json");
const KEYS: &str = include_str!("../data/account/list-keys.json");

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const ELSEWHERE: &str = "arn:aws:kms:eu-west-1:111122223333";

fn read_bytes(files: &[&[u8]], options: Options) -> Result<Accounts, AccountError> {
    let names = ["a.json", "b.json", "c.json"];
    let files = files.iter().zip(names);
    let files: Vec<_> = files.map(|(bytes, name)| File { name, bytes }).collect();
    read_account(&files, options)
}

fn read(files: &[&str]) -> Result<Accounts, AccountError> {
    let files: Vec<_> = files.iter().map(|text| text.as_bytes()).collect();
    read_bytes(&files, Options::default())
}

#[track_caller]
fn only(accounts: &Accounts) -> &Knowledge {
    assert_eq!(accounts.len(), 1);
    accounts.iter().next().expect("a place").1
}

fn id(text: &str) -> KeyId {
    text.parse().expect("a key ID")
}

/// All that is known, comparable.
fn told(knowledge: &Knowledge) -> impl PartialEq + core::fmt::Debug + use<> {
    let keys: Vec<_> = knowledge.undescribed_keys().collect();
    let aliases = knowledge.aliases_of_undescribed_keys();
    let aliases: Vec<_> = aliases.collect();
    let lists = (knowledge.key_list, knowledge.alias_list);
    (knowledge.table().clone(), keys, aliases, lists)
}

fn alias(name: &str, scope: &str, key: &str) -> String {
    format!(
        r#"{{"AliasName": "{name}", "AliasArn": "{scope}:{name}", "TargetKeyId": "{key}",
            "CreationDate": "2023-04-13T10:00:00+00:00"}}"#
    )
}

fn described(scope: &str, key: &str) -> String {
    let account = scope.rsplit(':').next().expect("an account");
    format!(
        r#"{{"KeyMetadata": {{"AWSAccountId": "{account}", "KeyId": "{key}", "Arn": "{scope}:key/{key}",
            "CreationDate": "2023-04-13T10:00:00+00:00", "Enabled": true, "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false}}}}"#
    )
}

fn sample() -> (String, String) {
    let list = format!(
        r#"{{"Aliases": [{}, {}]}}"#,
        alias("alias/a", SCOPE, KEY),
        alias("alias/b", SCOPE, OTHER)
    );
    (list, described(SCOPE, KEY))
}

#[test]
fn a_real_account_loads_with_and_without_its_list_of_keys_h1_h2_h4() {
    let whole = read(&[DESCRIBED, ALIASES, KEYS]).expect("an account");
    let knowledge = only(&whole);
    assert_eq!(knowledge.table().key_count(), 40);
    let undescribed: Vec<_> = knowledge.undescribed_keys().collect();
    assert_eq!(undescribed.len(), 5);
    assert!(undescribed.iter().all(|(_, facts)| facts.exists));
    assert_eq!(knowledge.aliases_of_undescribed_keys().count(), 5);
    assert_eq!(knowledge.table().len(), 36);
    assert_eq!(
        (knowledge.key_list, knowledge.alias_list),
        (KeyList::Complete, AliasList::Complete)
    );

    let fewer = read(&[DESCRIBED, ALIASES]).expect("an account");
    let knowledge = only(&fewer);
    assert_eq!(knowledge.key_list, KeyList::Incomplete);
    assert_eq!(knowledge.table().key_count(), 40);
    for (_, facts) in knowledge.undescribed_keys() {
        let manager = facts.manager.expect("an alias names it");
        assert!([KeyManager::Aws, KeyManager::Customer].contains(&manager));
    }
    assert!(whole.advice().is_empty() && fewer.advice().is_empty());
}

#[test]
fn a_list_of_aliases_alone_is_an_account_h1() {
    let accounts = read(&[ALIASES]).expect("an account");
    let knowledge = only(&accounts);
    assert_eq!(knowledge.table().key_count(), 0);
    assert_eq!(knowledge.table().len(), 36);
}

#[test]
fn entries_that_stand_by_themselves_are_facts_and_no_lists() {
    let bare = format!(
        "[{}]",
        [
            alias("alias/a", SCOPE, KEY),
            format!(r#"{{"KeyId": "{OTHER}", "KeyArn": "{SCOPE}:key/{OTHER}"}}"#)
        ]
        .join(",")
    );
    let key = described(SCOPE, KEY);
    let key: serde_json::Value = serde_json::from_str(&key).expect("JSON");
    let key = key["KeyMetadata"].to_string();
    let accounts = read(&[&bare, &key]).unwrap_or_else(|error| panic!("{error}"));
    let knowledge = only(&accounts);
    assert_eq!(knowledge.table().len(), 1);
    assert_eq!(knowledge.facts_of(&id(OTHER)), KeyFacts::existing());
    assert_eq!(
        (knowledge.key_list, knowledge.alias_list),
        (KeyList::Incomplete, AliasList::Absent)
    );
}

#[test]
fn several_accounts_and_regions_are_kept_apart_i2() {
    const ANOTHER: &str = "arn:aws:kms:eu-west-1:999988887777";
    let list = format!(
        r#"{{"Aliases": [{}, {}, {}]}}"#,
        alias("alias/a", SCOPE, KEY),
        alias("alias/a", ELSEWHERE, OTHER),
        alias("alias/b", SCOPE, KEY)
    );
    let other = format!(r#"{{"Aliases": [{}]}}"#, alias("alias/a", ANOTHER, KEY));
    let accounts = read(&[&list, &other, &described(ELSEWHERE, OTHER)])
        .unwrap_or_else(|error| panic!("{error}"));
    let places: Vec<_> = accounts
        .iter()
        .map(|(place, _)| place.to_string())
        .collect();
    assert_eq!(places.len(), 3);
    for (scope, all, undescribed) in [(SCOPE, 2, 2), (ELSEWHERE, 1, 0), (ANOTHER, 1, 1)] {
        let scope: Scope = scope.parse().expect("a scope");
        let knowledge = accounts.get(&scope.into()).expect("the place");
        assert_eq!(knowledge.table().len(), all, "{scope}");
        assert_eq!(
            knowledge.aliases_of_undescribed_keys().count(),
            undescribed,
            "{scope}"
        );
    }
}

#[test]
fn a_list_is_complete_if_its_last_page_is_there_l3() {
    let page =
        |name: &str, more: &str| format!(r#"{{"Aliases": [{}]{more}}}"#, alias(name, SCOPE, KEY));
    let lists = |files: &[&str]| {
        let accounts = read(files).unwrap_or_else(|error| panic!("{error}"));
        let rules: Vec<_> = accounts.advice().iter().map(|advice| advice.rule).collect();
        (only(&accounts).alias_list, rules)
    };
    for more in [
        r#", "NextToken": "x""#,
        r#", "Truncated": true, "NextMarker": "x""#,
    ] {
        let (first, last) = (
            page("alias/a", more),
            page("alias/b", r#", "Truncated": false"#),
        );
        assert_eq!(
            lists(&[&first]),
            (AliasList::Incomplete, vec![AdviceRule::F6])
        );
        assert_eq!(lists(&[&first, &last]), (AliasList::Complete, vec![]));
    }
    assert_eq!(
        lists(&[&page("alias/a", r#", "NextToken": null"#)]),
        (AliasList::Complete, vec![])
    );
    let page = page("alias/a", "");
    let partial = read_bytes(
        &[page.as_bytes(), KEYS.as_bytes()],
        Options::default().with_partial(true),
    )
    .expect("an account");
    for (_, knowledge) in partial.iter() {
        assert_eq!(knowledge.key_list, KeyList::Incomplete);
        assert_ne!(knowledge.alias_list, AliasList::Complete);
    }
}

#[test]
fn an_empty_account_has_the_scope_of_the_options_i2() {
    let empty = r#"{"Aliases": []}"#;
    let error = read(&[empty]).expect_err("no scope");
    assert!(
        error
            .to_string()
            .contains("no ARN says which account and Region this is"),
        "{error}"
    );
    let options = Options::default().with_scope(SCOPE.parse().expect("a scope"));
    let accounts = read_bytes(&[empty.as_bytes()], options).expect("an account");
    let knowledge = only(&accounts);
    assert_eq!(
        (knowledge.table().scope().to_string(), knowledge.alias_list),
        (SCOPE.to_owned(), AliasList::Complete)
    );
}

#[test]
fn an_empty_list_is_of_the_account_that_its_file_tells_i2() {
    let list = |scope: &str| {
        format!(
            r#"{{"Aliases": [{{"AliasName": "alias/aws/s3", "AliasArn": "{scope}:alias/aws/s3"}}]}}"#
        )
    };
    let (here, elsewhere) = (list(SCOPE), list(ELSEWHERE));
    let both = format!("{elsewhere}\n{{\"Keys\": []}}");
    let accounts = read(&[&here, &both]).expect("accounts");
    let knowledge = |scope: &str| {
        let scope: Scope = scope.parse().expect("a scope");
        accounts.get(&scope.into()).expect("the place")
    };
    assert_eq!(knowledge(ELSEWHERE).key_list, KeyList::Complete);
    assert_ne!(knowledge(SCOPE).key_list, KeyList::Complete);
    // In a file of its own, or beside two of them, it is nobody's.
    let empty = r#"{"Keys": []}"#;
    let of_two = format!("{here}\n{both}");
    for files in [vec![&*here, &*elsewhere, empty], vec![&*of_two]] {
        let error = read(&files).expect_err("whose list is not told");
        assert_eq!(*error.fault(), Fault::NoScope);
    }
}

#[test]
fn what_is_told_twice_in_the_same_words_counts_once_i1() {
    let (list, key) = sample();
    let accounts =
        read(&[&list, &format!("{key}{key}"), &list]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(only(&accounts).table().key_count(), 1);
    let otherwise = key
        .replace("\"Enabled\"", "\"Disabled\"")
        .replace("true", "false");
    let error = read(&[&key, &otherwise]).expect_err("two states");
    assert_eq!(
        error.to_string(),
        format!("b.json:1: KeyMetadata: key {SCOPE}:key/{KEY} stands there already (rule I1)")
    );
    let moved = format!(r#"{{"Aliases": [{}]}}"#, alias("alias/a", SCOPE, OTHER));
    let error = read(&[&list, &key, &moved]).expect_err("two keys");
    assert_eq!(
        error.to_string(),
        "c.json:1: Aliases[0]: alias alias/a stands there already (rule I1)"
    );
}

#[test]
fn members_that_contradict_each_other_are_told_k3_s8() {
    let (_, key) = sample();
    for (from, to, words) in [
        (
            "\"AWSAccountId\": \"111122223333\"",
            "\"AWSAccountId\": \"999988887777\"",
            format!("a.json:1: KeyMetadata: `AWSAccountId` is 999988887777, and the ARN is {SCOPE}:key/{KEY} (rule K3)"),
        ),
        (
            "\"Enabled\": true",
            "\"Enabled\": false",
            "a.json:1: KeyMetadata: `Enabled` is false, and the key state is Enabled (rule S8): describe the key again"
                .to_owned(),
        ),
    ] {
        let error = read(&[&key.replace(from, to)]).expect_err("a contradiction");
        assert_eq!(error.to_string(), words);
    }
    for state in ["Disabled", "PendingDeletion"] {
        let error = read(&[&key.replace(
            "\"KeyState\": \"Enabled\"",
            &format!("\"KeyState\": \"{state}\""),
        )]);
        assert_eq!(
            error.expect_err("a contradiction").rule(),
            Some(kms_alias::Rule::S8)
        );
    }
}

#[test]
fn an_alias_of_a_key_that_the_whole_list_lacks_is_told_f7() {
    let (list, key) = sample();
    let keys = format!(r#"{{"Keys": [{{"KeyId": "{KEY}", "KeyArn": "{SCOPE}:key/{KEY}"}}]}}"#);
    let accounts = read(&[&list, &key, &keys]).expect("an account");
    let rules: Vec<_> = accounts.advice().iter().map(|advice| advice.rule).collect();
    assert_eq!(rules, [AdviceRule::F7]);
    assert_eq!(
        only(&accounts).facts_of(&id(OTHER)),
        KeyFacts::customer_managed()
    );
}

#[test]
fn a_key_state_of_every_kind_is_read() {
    let (_, key) = sample();
    let dying = key
        .replace(
            "\"KeyState\": \"Enabled\"",
            "\"KeyState\": \"PendingDeletion\", \"DeletionDate\": \"2030-01-01T00:00:00Z\"",
        )
        .replace("\"Enabled\": true", "\"Enabled\": false");
    let accounts = read(&[&dying]).unwrap_or_else(|error| panic!("{error}"));
    let state = only(&accounts).table().key(id(KEY)).map(|key| key.state());
    assert_eq!(state, Some(KeyState::PendingDeletion));
}

#[test]
fn related_keys_that_are_described_as_different_are_told_f7() {
    let key = |region: &str, spec: &str| {
        let id = "mrk-1234abcd12ab34cd56ef1234567890ab";
        serde_json::json!({"KeyMetadata": {"AWSAccountId": "111122223333", "KeyId": id,
            "Arn": format!("arn:aws:kms:{region}:111122223333:key/{id}"), "KeySpec": spec,
            "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            "KeyState": "Enabled", "Enabled": true, "CreationDate": 1.0, "MultiRegion": true}})
        .to_string()
    };
    let told = |other: &str| {
        let files = [
            key("eu-west-1", "SYMMETRIC_DEFAULT"),
            key("eu-west-3", other),
        ];
        let accounts = read(&[&files[0], &files[1]]).expect("an account");
        accounts
            .advice()
            .iter()
            .map(|it| it.rule)
            .collect::<Vec<_>>()
    };
    assert!(told("SYMMETRIC_DEFAULT").is_empty());
    assert_eq!(told("RSA_2048"), [AdviceRule::F7]);
}
