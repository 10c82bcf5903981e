//! What is no account, or none that can be, is refused with its place and rule.

use super::*;

#[test]
fn what_stands_twice_is_refused_with_its_place_i1() {
    let list = aliases(&[
        alias("alias/a", FIRST),
        alias("alias/b", FIRST),
        alias("alias/a", FIRST),
    ]);
    refused(
        &[&enabled(FIRST), &list],
        Some(Rule::I1),
        "account.json:5: Aliases[2]: alias alias/a stands there already (rule I1)",
    );
    refused(
        &[&enabled(FIRST), &enabled(FIRST)],
        Some(Rule::I1),
        &format!(
            "account.json:3: KeyMetadata: key {SCOPE}:key/{FIRST} stands there already (rule I1)"
        ),
    );
}

#[test]
fn an_alias_that_names_no_key_is_refused_i2() {
    let list =
        format!(r#"{{"Aliases": [{{"AliasName": "alias/a", "AliasArn": "{SCOPE}:alias/a"}}]}}"#);
    let words = "account.json:1: Aliases[0]: alias alias/a names no key, and is not one of AWS's own (rule I2)";
    refused(&[&list], Some(Rule::I2), words);
}

#[test]
fn two_scopes_are_refused_i2() {
    let elsewhere = enabled(SECOND).replace("eu-west-3", "eu-west-1");
    let words = format!(
        "account.json:3: KeyMetadata: arn:aws:kms:eu-west-1:111122223333 is not of {SCOPE}, where the account began: \
         one account and Region at a time (rule I2)"
    );
    refused(&[&enabled(FIRST), &elsewhere], Some(Rule::I2), &words);
    let list = aliases(&[
        alias("alias/aws/a", FIRST),
        alias("alias/aws/b", FIRST).replace("eu-west-3", "eu-west-1"),
    ]);
    let words = format!(
        "account.json:2: Aliases[1]: arn:aws:kms:eu-west-1:111122223333 is not of {SCOPE}, where the account began: \
         one account and Region at a time (rule I2)"
    );
    refused(&[&list], Some(Rule::I2), &words);
    let listed = format!(
        r#"{{"Keys": [{{"KeyId": "{FIRST}", "KeyArn": "arn:aws:kms:eu-west-3:999999999999:key/{FIRST}"}}]}}"#
    );
    let error = load_text(&[&enabled(FIRST), &listed]).expect_err("two accounts");
    assert_eq!(
        (error.entry(), error.rule()),
        (Some("Keys[0]"), Some(Rule::I2))
    );
}

#[test]
fn an_arn_that_is_not_its_entrys_is_refused_a7_k3() {
    let list = aliases(&[alias("alias/a", FIRST).replace(":alias/a", ":alias/b")]);
    let words = format!(
        "account.json:1: Aliases[0]: the ARN {SCOPE}:alias/b is not that of alias alias/a (rule A7)"
    );
    refused(&[&list], Some(Rule::A7), &words);
    let other = enabled(FIRST).replace(&format!("key/{FIRST}"), &format!("key/{SECOND}"));
    let words = format!(
        "account.json:1: KeyMetadata: the ARN {SCOPE}:key/{SECOND} is not that of key {FIRST} (rule K3)"
    );
    refused(&[&other], Some(Rule::K3), &words);
    let listed =
        format!(r#"{{"Keys": [{{"KeyId": "{FIRST}", "KeyArn": "{SCOPE}:key/{SECOND}"}}]}}"#);
    let words = format!(
        "account.json:1: Keys[0]: the ARN {SCOPE}:key/{SECOND} is not that of key {FIRST} (rule K3)"
    );
    refused(&[&listed], Some(Rule::K3), &words);
}

#[test]
fn an_unknown_state_or_spec_is_refused_by_name_m() {
    let state = key(FIRST, r#", "KeyState": "Sleeping""#);
    let error = load_text(&[&state]).expect_err("an unknown state");
    assert!(
        error
            .to_string()
            .starts_with("account.json:1: KeyMetadata: `KeyState`: unknown key state `Sleeping`")
    );
    let spec = enabled(FIRST).replace("SYMMETRIC_DEFAULT", "RSA_9000");
    let error = load_text(&[&spec]).expect_err("an unknown spec");
    assert!(
        error
            .to_string()
            .starts_with("account.json:1: KeyMetadata: `KeySpec`: unknown key spec `RSA_9000`")
    );
    assert_eq!(error.rule(), Some(Rule::M));
}

#[test]
fn a_key_that_cannot_be_is_refused_m_s1_k2() {
    let usage = enabled(FIRST).replace("ENCRYPT_DECRYPT", "SIGN_VERIFY");
    let words = "account.json:1: KeyMetadata: a key of spec SYMMETRIC_DEFAULT cannot have the usage SIGN_VERIFY (rule M)";
    refused(&[&usage], Some(Rule::M), words);
    let state = key(FIRST, r#", "KeyState": "PendingImport""#);
    let words = format!(
        "account.json:1: KeyMetadata: a key of origin AWS_KMS and ID {FIRST} cannot be PendingImport (rule S1)"
    );
    refused(&[&state], Some(Rule::S1), &words);
    let said = key(FIRST, r#", "KeyState": "Enabled", "MultiRegion": true"#);
    let words = format!(
        "account.json:1: KeyMetadata: a key is multi-Region exactly if its key ID begins with `mrk-`, and {FIRST} says \
         otherwise (rule K2)"
    );
    refused(&[&said], Some(Rule::K2), &words);
    let date = key(FIRST, r#", "KeyState": "Enabled", "DeletionDate": 1"#);
    let words = "account.json:1: KeyMetadata: `DeletionDate` does not go with the key state Enabled (rule S4)";
    refused(&[&date], Some(Rule::S4), words);
    let days = key(
        FIRST,
        r#", "KeyState": "Enabled", "PendingDeletionWindowInDays": 7"#,
    );
    let words = "account.json:1: KeyMetadata: `PendingDeletionWindowInDays` does not go with the key state Enabled \
                 (rule S4)";
    refused(&[&days], Some(Rule::S4), words);
    let days = key(
        MULTI_REGION,
        r#", "KeyState": "PendingReplicaDeletion", "PendingDeletionWindowInDays": 6"#,
    );
    let words = "account.json:1: KeyMetadata: a key cannot wait 6 days for its deletion, only 7 to 30 (rule S4)";
    refused(&[&days], Some(Rule::S4), words);
}

#[test]
fn a_malformed_identifier_is_refused_with_its_member_a3_k1() {
    let list = aliases(&[alias("alias/a", FIRST), alias("alias/a.b", FIRST)]);
    let words = "account.json:2: Aliases[1]: `AliasName`: invalid alias name `alias/a.b`: expected a letter, a digit, `/`, `_` or \
                 `-`, found `.` at byte 7 (rule A3)";
    refused(&[&list], Some(Rule::A3), words);
    let list = aliases(&[alias("alias/a", "1234")]);
    let error = load_text(&[&list]).expect_err("no key ID");
    assert_eq!(
        (error.line(), error.entry(), error.rule()),
        (Some(1), Some("Aliases[0]"), Some(Rule::K1))
    );
}

#[test]
fn a_member_that_is_missing_is_named() {
    for member in [
        "KeyId",
        "Arn",
        "KeyState",
        "KeySpec",
        "KeyUsage",
        "Origin",
        "KeyManager",
    ] {
        let renamed = enabled(FIRST).replace(&format!("\"{member}\""), "\"Other\"");
        refused(
            &[&renamed],
            None,
            &format!("account.json:1: KeyMetadata: `{member}` is missing"),
        );
    }
    refused(
        &[r#"{"Aliases": [{}]}"#],
        None,
        "account.json:1: Aliases[0]: `AliasName` is missing",
    );
}

#[test]
fn json_that_ends_too_early_is_refused_at_its_line() {
    let text = format!("{}\n{{\"Aliases\": [", enabled(FIRST));
    refused(
        &[&text],
        None,
        "account.json:3: the file ends in the middle of an array: it is cut short, so print or copy it again (column 13)",
    );
}

#[test]
fn a_member_of_the_wrong_type_is_refused_with_its_entry() {
    let list = format!(
        "{{\"Aliases\": [{},\n{{\"AliasName\": 5}}]}}",
        alias("alias/aws/s3", FIRST)
    );
    let words = "account.json:2: Aliases[1]: this is the number `5`, and a text is expected here (column 15)";
    refused(&[&list], None, words);
    let metadata = enabled(FIRST).replace("\"SYMMETRIC_DEFAULT\"", "[]");
    let error = load_text(&[&metadata]).expect_err("a wrong type");
    assert_eq!(error.entry(), Some("KeyMetadata"));
    let date = key(FIRST, r#", "KeyState": "Enabled", "CreationDate": true"#);
    let error = load_text(&[&date]).expect_err("a wrong type");
    let Fault::Json(words) = error.fault() else {
        panic!("{error}");
    };
    let expected = "this is `true`, and a date, as epoch seconds or ISO 8601 is expected here";
    assert!(words.starts_with(expected), "{words}");
}

#[test]
fn what_is_no_account_is_refused() {
    refused(
        &["[1]"],
        None,
        "account.json:1: the document has neither `Aliases` nor `KeyMetadata` nor `Keys`: an account is what `aws kms list-aliases`, `list-keys` and `describe-key` print",
    );
    refused(
        &["\n{}"],
        None,
        "account.json:2: the document has neither `Aliases` nor `KeyMetadata` nor `Keys`: an account is what `aws kms list-aliases`, `list-keys` and `describe-key` print",
    );
    refused(&[""], None, "account.json: the file holds no JSON document");
    let empty = "account.json: the file holds an empty array, which tells nothing: an account without \
                 aliases is {\"Aliases\": []}, one without keys {\"Keys\": []}";
    refused(&["[]"], None, empty);
    refused(
        &[r#"{"Aliases": []}"#],
        Some(Rule::I2),
        "account.json: no ARN says which account and Region this is: add a key or an alias with its ARN, or name them (`--region REGION --account-id DIGITS`) (rule I2)",
    );
    let bytes = b"{\"Aliases\":\n[\"\xff\"]}";
    let error = load(
        &[File {
            name: "latin.json",
            bytes,
        }],
        Options::default(),
    )
    .expect_err("not UTF-8");
    assert_eq!(
        error.to_string(),
        "latin.json:2: the file is not UTF-8 text"
    );
    assert!(load(&[], Options::default()).is_err());
}
