//! Accounts that are written and read back, appended to each other, or told of at many times.

use super::{KEY, OTHER, SCOPE, id, only, read};

/// What is known of an account that is not described is written and read back (rules I6, H1).
#[test]
fn keys_that_are_not_described_are_written_and_read_back_i6() {
    let listed = format!(
        r#"{{"Aliases": [{{"AliasName": "alias/a", "AliasArn": "{scope}:alias/a", "TargetKeyId": "{KEY}"}},
            {{"AliasName": "alias/aws/s3", "AliasArn": "{scope}:alias/aws/s3", "TargetKeyId": "{OTHER}"}}]}}"#,
        scope = SCOPE
    );
    let third = "3234abcd-12ab-34cd-56ef-1234567890ab";
    let keys = |truncated: &str| {
        format!(
            r#"{{"Keys": [{{"KeyId": "{third}", "KeyArn": "{scope}:key/{third}"}}]{truncated}}}"#,
            scope = SCOPE
        )
    };
    let item = format!(
        r#"{{"configurationItems": [{{"resourceType": "AWS::KMS::Key", "arn": "{scope}:key/{third}",
            "configuration": {{"keyUsage": "SIGN_VERIFY", "enabled": false}}}}]}}"#,
        scope = SCOPE
    );
    for keys in [keys(""), keys(r#", "Truncated": true"#), String::new()] {
        let text = format!("{listed}{keys}{item}");
        let before = read(&[&text]).expect("an account");
        let before = only(&before);
        let written = kms_alias_files::account_json(before);
        let after = read(&[&written]).expect("an account");
        let after = only(&after);
        assert!(before.undescribed_keys().eq(after.undescribed_keys()));
        assert_eq!(before.undescribed_keys().count(), 3);
        assert_eq!(before.table(), after.table(), "{written}");
        assert_eq!(
            (before.key_list, before.alias_list),
            (after.key_list, after.alias_list)
        );
    }
}

/// Documents of YAML that were appended to one file, without `---` between them.
#[test]
fn yaml_documents_follow_each_other_without_a_mark() {
    let key = |id: &str| format!("Keys:\n- KeyArn: {SCOPE}:key/{id}\n  KeyId: {id}\n");
    let text = [key(KEY), key(OTHER)].concat();
    let accounts = read(&[&text]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(only(&accounts).undescribed_keys().count(), 2);
    let error = read(&[&[&text, "Keys:\n- KeyId: 7\n"].concat()]).expect_err("no key ID");
    assert!(
        error.to_string().starts_with("a.json:8: Keys[0]"),
        "{error}"
    );
}

/// A history of AWS Config tells of one resource at many times: the newest counts, in any order.
#[test]
fn the_newest_item_of_a_history_counts() {
    let item = |at: &str, key: &str, status: &str| {
        format!(
            r#"{{"resourceType": "AWS::KMS::Alias", "arn": "{SCOPE}:alias/a",
                "configurationItemCaptureTime": "{at}", "configurationItemStatus": "{status}",
                "configuration": {{"AliasName": "alias/a", "TargetKeyId": "{key}"}}}}"#
        )
    };
    let older = item("2026-01-02T03:04:05.678Z", KEY, "OK");
    let newer = item("2026-02-02T03:04:05.678Z", OTHER, "OK");
    let gone = item("2026-03-02T03:04:05.678Z", OTHER, "ResourceDeleted");
    for items in [[&older, &newer], [&newer, &older]] {
        let text = format!(r#"{{"configurationItems": [{}, {}]}}"#, items[0], items[1]);
        let accounts = read(&[&text]).unwrap_or_else(|error| panic!("{error}"));
        let alias = only(&accounts).table().get("alias/a").expect("the alias");
        assert_eq!(alias.target_key_id(), Some(id(OTHER)));
    }
    let listed = format!(r#"{{"Keys": [{{"KeyId": "{KEY}", "KeyArn": "{SCOPE}:key/{KEY}"}}]}}"#);
    let text = format!(r#"{{"configurationItems": [{gone}, {newer}, {older}]}}"#);
    let accounts = read(&[&text, &listed]).unwrap_or_else(|error| panic!("{error}"));
    assert!(only(&accounts).table().is_empty());
}
