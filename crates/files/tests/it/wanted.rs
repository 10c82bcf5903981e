//! The aliases that are wanted, as files say it.

use kms_alias::{AliasName, AliasTable, KeyArn, KeyId, Rule, TargetKeyId};
use kms_alias_files::{AccountError, File, Options, list_aliases_json, load, read_wanted};
use kms_alias_foresee::Wanted;

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const HEAD: &str = "arn:aws:kms:eu-west-3:111122223333";

fn read(text: impl AsRef<[u8]>) -> Result<Wanted, AccountError> {
    read_wanted(File {
        name: "wanted.json",
        bytes: text.as_ref(),
    })
}

#[track_caller]
fn wanted(text: &str) -> Wanted {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The names and the keys as they are written.
fn told(wanted: &Wanted) -> Vec<(String, String)> {
    let aliases = wanted.iter();
    aliases
        .map(|(name, target)| (name.to_string(), target.to_string()))
        .collect()
}

fn pair(name: &str, target: &str) -> (String, String) {
    (name.to_owned(), target.to_owned())
}

#[test]
fn an_object_names_keys_by_id_or_arn_k5() {
    let arn = format!("{HEAD}:key/{OTHER}");
    let text = format!(r#"{{"alias/b": "{KEY}", "alias/a": "{arn}", "alias/aws/s3": "{KEY}"}}"#);
    let expected = [
        pair("alias/a", &arn),
        pair("alias/aws/s3", KEY),
        pair("alias/b", KEY),
    ];
    assert_eq!(told(&wanted(&text)), expected);
}

#[test]
fn documents_say_together_what_one_would() {
    let text = format!("{{\"alias/a\": \"{KEY}\"}}\n{{}}{{\"alias/\\u0062\": \"{OTHER}\"}}");
    assert_eq!(
        told(&wanted(&text)),
        [pair("alias/a", KEY), pair("alias/b", OTHER)]
    );
    let mut later = wanted("{}");
    assert!(later.is_empty());
    later.extend([(AliasName::from_static("alias/a"), KeyId::from_static(OTHER))]);
    later.extend(wanted(&text).iter().map(|(name, key)| (name.clone(), *key)));
    assert_eq!((later.len(), &later), (2, &wanted(&text)));
    assert!(!later.is_empty());
    assert!(wanted("\u{feff}{}").is_empty());
}

#[test]
fn a_list_of_aliases_names_keys_of_the_account_and_region_that_it_is_of_t2_t3() {
    let text = format!(
        r#"{{"NextToken": "x", "Aliases": [
            {{"AliasName": "alias/aws/ebs", "AliasArn": "{HEAD}:alias/aws/ebs"}},
            {{"AliasName": "alias/a", "AliasArn": "{HEAD}:alias/a", "TargetKeyId": "{KEY}", "CreationDate": 1}}
        ]}}
        {{"Aliases": [{{"AliasName": "alias/b", "TargetKeyId": "{OTHER}"}}]}}"#
    );
    let expected = [
        pair("alias/a", &format!("{HEAD}:key/{KEY}")),
        pair("alias/b", OTHER),
    ];
    assert_eq!(told(&wanted(&text)), expected);
}

#[test]
fn what_list_aliases_prints_of_an_account_wants_it_as_it_is() {
    let account = include_bytes!("../../../cli/data/account.json");
    let file = File {
        name: "account.json",
        bytes: account,
    };
    let table: AliasTable = load(&[file], Options::default()).expect("the sample");
    let found = wanted(&list_aliases_json(&table));
    let expected = table.iter().filter_map(|alias| {
        let arn = KeyArn::new(table.scope(), alias.target_key_id()?);
        Some((alias.to_name(), arn))
    });
    assert_eq!(found, Wanted::from_iter(expected));
    assert!(!found.is_empty());
}

/// A file that is at fault, what is said of it, and the rule.
#[track_caller]
fn at_fault(text: impl AsRef<[u8]>, words: &str, rule: Option<Rule>) {
    let error = read(text).expect_err("a fault");
    assert_eq!(error.to_string(), format!("wanted.json{words}"));
    assert_eq!(error.rule(), rule);
}

const NOT_A_TARGET: &str = r#"a wanted alias is its name and its key, such as {"alias/payments": "1234abcd-12ab-34cd-56ef-1234567890ab"}"#;

#[test]
fn a_member_that_is_no_name_and_key_is_a_fault_with_its_line_a1_a3_k1_k5() {
    for value in ["5", "null", "[]", "{}", "true"] {
        let text = format!("{{\n\"alias/a\":\n{value}}}");
        at_fault(text, &format!(":3: alias/a: {NOT_A_TARGET}"), None);
    }
    let error = read(format!("{{}}\n{{\"payments\": \"{KEY}\"}}")).expect_err("a fault");
    assert_eq!((error.line(), error.entry()), (Some(2), Some("payments")));
    assert_eq!(error.rule(), Some(Rule::A1), "{error}");
    for (text, rule) in [
        (format!(r#"{{"alias/a.b": "{KEY}"}}"#), Rule::A3),
        (format!(r#"{{"alias/a": "x{KEY}"}}"#), Rule::K5),
        (format!(r#"{{"alias/a": "{KEY}0"}}"#), Rule::K1),
        (r#"{"alias/a": "alias/b"}"#.to_owned(), Rule::K5),
        (format!(r#"{{"alias/a": "{HEAD}"}}"#), Rule::K3),
    ] {
        let error = read(&text).expect_err("a fault");
        assert_eq!(error.rule(), Some(rule), "{text}: {error}");
    }
}

#[test]
fn a_name_that_is_wanted_twice_is_a_fault_i1() {
    let twice = "alias alias/a is wanted twice (rule I1)";
    let rule = Some(Rule::I1);
    let text = format!("{{\"alias/a\": \"{KEY}\",\n\"alias/a\": \"{KEY}\"}}");
    at_fault(text, &format!(":2: alias/a: {twice}"), rule);
    let entry = format!(r#"{{"AliasName": "alias/a", "TargetKeyId": "{KEY}"}}"#);
    let list = format!("{{\"Aliases\": [{entry},\n{entry}]}}");
    at_fault(list, &format!(":2: Aliases[1]: {twice}"), rule);
    let both = format!("{{\"alias/a\": \"{KEY}\"}}\n{{\"Aliases\": [{entry}]}}");
    at_fault(both, &format!(":2: Aliases[0]: {twice}"), rule);
}

#[test]
fn a_list_that_is_not_whole_or_has_a_wrong_entry_is_a_fault_l3_a8() {
    let entry = format!(r#"{{"AliasName": "alias/a", "TargetKeyId": "{KEY}"}}"#);
    for goes_on in [r#""NextToken": "x""#, r#""Truncated": true"#] {
        let error = read(format!("\n{{\"Aliases\": [{entry}], {goes_on}}}")).expect_err("a fault");
        assert_eq!((error.line(), error.rule()), (Some(2), Some(Rule::L3)));
    }
    let no_key = format!("{{\"Aliases\": [{entry},\n{{\"AliasName\": \"alias/b\"}}]}}");
    at_fault(no_key, ":2: Aliases[1]: `TargetKeyId` is missing", None);
    let bad = format!(
        "{{\"Aliases\": [{entry},\n{{\"AliasName\": \"b\", \"TargetKeyId\": \"{KEY}\"}}]}}"
    );
    let error = read(bad).expect_err("a fault");
    let found = (error.line(), error.entry(), error.rule());
    assert_eq!(found, (Some(2), Some("Aliases[1]"), Some(Rule::A1)));
    let words = ":3: Aliases[0]: this is the number `5`, and a text is expected here";
    at_fault("{}\n{\"Aliases\": [\n{\"AliasName\": 5}]}", words, None);
    at_fault(
        "{\"Aliases\": 5}",
        ":1: this is the number `5`, and an array is expected here",
        None,
    );
}

#[test]
fn a_file_that_says_nothing_or_is_not_json_is_a_fault() {
    at_fault("", ": the file holds no JSON document", None);
    at_fault(" \n", ": the file holds no JSON document", None);
    at_fault(
        "{\"alias/a\":",
        ":1: the file ends in the middle of a value: it is cut short, so print or copy it again (column 11)",
        None,
    );
    for text in ["[]", "5", "\"alias/a\""] {
        at_fault(format!("\n{text}"), &format!(":2: {NOT_A_TARGET}"), None);
    }
    let null =
        ": this is `null`, which a command prints whose `--query` selects nothing: leave it out";
    at_fault("\nnull", null, None);
    let error = read(b"{}\n\xff").expect_err("a fault");
    assert_eq!(error.line(), Some(2));
}

#[test]
fn wanted_is_a_map_by_name() {
    let key_id: KeyId = KEY.parse().expect("a key ID");
    let mut found = wanted(&format!(r#"{{"alias/a": "{OTHER}"}}"#));
    let old = found.insert(
        "alias/a".parse::<kms_alias::AliasName>().expect("a name"),
        key_id,
    );
    assert_eq!(
        old.map(|target| target.key_id().to_string()).as_deref(),
        Some(OTHER)
    );
    assert_eq!(found.get("alias/a"), Some(&TargetKeyId::from(key_id)));
    assert_eq!(found.remove("alias/a"), Some(key_id.into()));
    assert_eq!((found.len(), found.is_empty()), (0, true));
    let json = format!(r#"{{"alias/a":"{KEY}"}}"#);
    let read: Wanted = serde_json::from_str(&json).expect("what is wanted");
    assert_eq!(read, wanted(&json));
    assert_eq!(serde_json::to_string(&read).expect("JSON"), json);
}
