//! One account in every form in which people have it.

use kms_alias::{KeySpec, KeyUsage};
use kms_alias_files::Options;
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList};

use super::{KEY, OTHER, SCOPE, id, only, read, read_bytes, sample, told};

#[test]
fn one_account_in_every_form_is_the_same_account() {
    let (list, key) = sample();
    let expected = told(only(&read(&[&list, &key]).expect("an account")));
    let stream = format!("{list}\n{key}");
    let array = format!("[{key},\n {list}]");
    let marked = format!("\u{feff}{list}\n\u{feff}{key}");
    let recorded = format!(
        r#"{{"status_code": 200, "data": {list}}} {{"status_code": 200, "data": {key}}}"#
    )
    .replace(
        "\"2023-04-13T10:00:00+00:00\"",
        r#"{"__class__": "datetime", "year": 2023, "month": 4, "day": 13, "hour": 10, "minute": 0,
                "second": 0, "microsecond": 0}"#,
    );
    let printed = stream
        .replace("2023-04-13T10:00:00+00:00", "2023-04-13 10:00:00+00:00")
        .replace(
            "{\"Aliases\"",
            "{\"ResponseMetadata\": {\"HTTPStatusCode\": 200}, \"Truncated\": false, \"Aliases\"",
        );
    let first_cli = stream.replace("\"2023-04-13T10:00:00+00:00\"", "1681380000.0");
    let powershell = stream.replace("2023-04-13T10:00:00+00:00", "/Date(1681380000000)/");
    for (form, text) in [
        ("stream", &stream),
        ("array", &array),
        ("marks", &marked),
        ("recorded", &recorded),
        ("printed", &printed),
        ("CLI v1", &first_cli),
        ("dates of .NET", &powershell),
    ] {
        let accounts = read(&[text]).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert!(told(only(&accounts)) == expected, "{form}");
    }
    for (form, mark) in [("with", true), ("without", false)] {
        let units = || {
            mark.then_some(0xfeff)
                .into_iter()
                .chain(stream.encode_utf16())
        };
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            let accounts = read_bytes(&[&bytes], Options::default());
            let accounts = accounts.unwrap_or_else(|error| panic!("{form} a mark: {error}"));
            assert!(told(only(&accounts)) == expected, "{form} a mark");
        }
    }
}

#[test]
fn yaml_of_the_cli_is_the_same_account() {
    let (list, key) = sample();
    let list_yaml = format!(
        "Aliases:\n- AliasArn: {SCOPE}:alias/a\n  AliasName: alias/a\n  CreationDate: '2023-04-13T10:00:00+00:00'\n  \
         TargetKeyId: {KEY}\n- AliasArn: {SCOPE}:alias/b\n  AliasName: alias/b\n  CreationDate: \
         '2023-04-13T10:00:00+00:00'\n  TargetKeyId: {OTHER}\n"
    );
    let key_yaml = format!(
        "KeyMetadata:\n  AWSAccountId: '111122223333'\n  Arn: {SCOPE}:key/{KEY}\n  CreationDate: \
         '2023-04-13T10:00:00+00:00'\n  Description: ''\n  Enabled: true\n  EncryptionAlgorithms:\n  - \
         SYMMETRIC_DEFAULT\n  KeyId: {KEY}\n  KeyManager: CUSTOMER\n  KeySpec: SYMMETRIC_DEFAULT\n  KeyState: \
         Enabled\n  KeyUsage: ENCRYPT_DECRYPT\n  MultiRegion: false\n  Origin: AWS_KMS\n"
    );
    let expected = told(only(&read(&[&list, &key]).expect("an account")));
    let two = read(&[&list_yaml, &key_yaml]).unwrap_or_else(|error| panic!("{error}"));
    assert!(told(only(&two)) == expected);
    let stream = format!("{list_yaml}---\n{key_yaml}");
    assert!(told(only(&read(&[&stream]).expect("an account"))) == expected);

    let wrong = list_yaml.replace("AliasName: alias/b", "AliasName: alias/b.c");
    let error = read(&[&wrong]).expect_err("no name");
    assert_eq!(
        (error.line(), error.entry()),
        (Some(6), Some("Aliases[1]")),
        "{error}"
    );
    let error = read(&["Aliases: &a\n- *a\n"]).expect_err("an alias of YAML");
    assert_eq!(
        error.to_string(),
        "a.json:2: YAML aliases (`*name`) are not read: write the value out"
    );
}

#[test]
fn yaml_nests_as_deep_as_the_bound_and_not_deeper() {
    for nested in [
        "? ".repeat(50_000),
        "- ".repeat(50_000),
        "[".repeat(50_000),
        "a: {".repeat(50_000),
    ] {
        let text = format!("a:\n  {nested}x");
        assert!(read(&[&text]).is_err());
    }
}

#[test]
fn aws_config_is_an_account() {
    let (_, key) = sample();
    let whole = read(&[&key]).expect("an account");
    let expected = only(&whole).table().key(id(KEY)).expect("the key").clone();
    let configuration = format!(
        r#"{{"keyId": "{KEY}", "arn": "{SCOPE}:key/{KEY}", "creationDate": 1681380000000, "enabled": true,
            "description": "", "keyUsage": "ENCRYPT_DECRYPT", "keyState": "Enabled", "origin": "AWS_KMS",
            "keyManager": "CUSTOMER", "keySpec": "SYMMETRIC_DEFAULT", "multiRegion": false,
            "awsaccountId": "111122223333"}}"#
    );
    let alias =
        r#"{"AliasName": "alias/a", "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}"#;
    let item = |kind: &str, configuration: &str| {
        format!(
            r#"{{"resourceType": "{kind}", "accountId": "111122223333", "awsRegion": "eu-west-3",
                "configuration": {configuration}}}"#
        )
    };
    let items = [
        item("AWS::KMS::Alias", alias),
        item("AWS::KMS::Key", &configuration),
        item("AWS::S3::Bucket", "{}"),
    ];
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let results: Vec<_> = items.iter().map(|item| quoted(item)).collect();
    let in_strings = [
        item("AWS::KMS::Alias", &quoted(alias)),
        item("AWS::KMS::Key", &quoted(&configuration)),
    ];
    for text in [
        items.join("\n"),
        format!(
            r#"{{"Results": [{}], "QueryInfo": {{"SelectFields": []}}}}"#,
            results.join(",")
        ),
        format!(
            r#"{{"fileVersion": "1.0", "configurationItems": [{}]}}"#,
            items.join(",")
        ),
        format!(r#"{{"configurationItems": [{}]}}"#, in_strings.join(",")),
        format!(
            r#"{{"baseConfigurationItems": [{}]}}"#,
            in_strings.join(",")
        ),
    ] {
        let accounts = read(&[&text]).unwrap_or_else(|error| panic!("{error}: {text}"));
        let knowledge = only(&accounts);
        assert_eq!(knowledge.table().scope(), *SCOPE);
        let key = knowledge.table().key(id(KEY)).expect("the key");
        assert_eq!(
            (key.spec(), key.state()),
            (expected.spec(), expected.state())
        );
        assert!(knowledge.table().get("alias/a").is_some());
        // Items are facts, and no list.
        assert_eq!(
            (knowledge.key_list, knowledge.alias_list),
            (KeyList::Incomplete, AliasList::Absent)
        );
    }
    let gone = items[1].replace(
        "{\"resourceType\"",
        "{\"configurationItemStatus\": \"ResourceDeleted\", \"resourceType\"",
    );
    assert!(read(&[&gone]).expect("no account").is_empty());
}

#[test]
fn a_query_of_some_members_tells_facts() {
    let row = format!(
        r#"{{"resourceType": "AWS::KMS::Key", "arn": "{SCOPE}:key/{KEY}",
            "configuration": {{"keyUsage": "SIGN_VERIFY", "keySpec": "RSA_2048", "enabled": false}}}}"#
    );
    let text = serde_json::json!({"Results": [row]}).to_string();
    let accounts = read(&[&text]).unwrap_or_else(|error| panic!("{error}"));
    let mut facts = KeyFacts::existing();
    facts.usage = Some(KeyUsage::SignVerify);
    facts.spec = Some(KeySpec::Rsa2048);
    facts.enabled = Some(false);
    assert_eq!(only(&accounts).facts_of(&id(KEY)), facts);
}
