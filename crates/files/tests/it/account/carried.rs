//! What keys carry that no rule asks for: it is kept.

use kms_alias::{KeyDetails, KeyMetadata, KeyState, Operation, Timestamp};
use kms_alias_files::{File, Loaded, Options, load};

use super::{FIRST, SCOPE, SECOND, alias, aliases, enabled, key, loaded};

fn details(documents: &[&str]) -> KeyDetails {
    let table = loaded(documents);
    let key = table.keys().next();
    key.map(KeyMetadata::details).expect("a key").clone()
}

fn pairs(tags: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| (String::from(*key), String::from(*value));
    tags.iter().map(owned).collect()
}

#[test]
fn description_and_key_material_of_a_key_are_kept() {
    let id = "0f".repeat(32);
    let more = format!(
        r#", "KeyState": "Enabled", "Description": "for \"payments\"", "CurrentKeyMaterialId": "{id}""#
    );
    let kept = details(&[&key(FIRST, &more)]);
    assert_eq!(kept.description, "for \"payments\"");
    assert_eq!(kept.current_key_material_id, id.parse().ok());
    let table = loaded(&[&key(FIRST, &more)]);
    assert_eq!(table.snapshot().into_table().as_ref(), Ok(&table));
}

#[test]
fn tags_beside_a_key_are_kept_in_the_order_of_their_keys() {
    let described = enabled(FIRST);
    let described = described.strip_suffix('}').expect("an object");
    let expected = pairs(&[("cost", ""), ("team", "pay")]);
    for tags in [
        r#"[{"TagKey": "team", "TagValue": "pay"}, {"TagKey": "cost", "TagValue": ""}]"#,
        r#"[{"tagKey": "team", "tagValue": "pay"}, {"tagKey": "cost"}]"#,
        r#"{"team": "pay", "cost": null}"#,
    ] {
        let document = format!("{described}, \"Tags\": {tags}}}");
        assert_eq!(details(&[&document]).tags, expected, "{tags}");
    }
    // Of another form: they are none.
    let document = format!("{described}, \"Tags\": 7}}");
    assert_eq!(details(&[&document]).tags, []);
}

#[test]
fn an_item_of_aws_config_has_its_tags_beside_the_key() {
    for tags in [
        r#"{"team": "pay"}"#,
        r#"[{"key": "team", "value": "pay", "tag": "team=pay"}]"#,
    ] {
        let item = format!(
            r#"{{"resourceType": "AWS::KMS::Key", "ARN": "{SCOPE}:key/{FIRST}", "tags": {tags}, "configuration": {{
                "keyId": "{FIRST}", "keyState": "Enabled", "keySpec": "SYMMETRIC_DEFAULT", "description": "d",
                "keyUsage": "ENCRYPT_DECRYPT", "origin": "AWS_KMS", "keyManager": "CUSTOMER"}}}}"#
        );
        let kept = details(&[&item]);
        assert_eq!(
            (kept.tags, &*kept.description),
            (pairs(&[("team", "pay")]), "d")
        );
    }
}

#[test]
fn a_key_that_shows_no_key_material_awaits_its_import_s4() {
    let id = format!(r#", "CurrentKeyMaterialId": "{}""#, "0f".repeat(32));
    for (more, state) in [
        ("", KeyState::PendingImport),
        (
            r#", "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE""#,
            KeyState::Disabled,
        ),
        (r#", "ValidTo": "2030-01-31T12:00:00Z""#, KeyState::Disabled),
        (&*id, KeyState::Disabled),
    ] {
        let dying = key(FIRST, &format!(r#", "KeyState": "PendingDeletion"{more}"#));
        let mut table = loaded(&[&dying.replace("AWS_KMS", "EXTERNAL")]);
        let key_id: kms_alias::KeyId = FIRST.parse().expect("a key ID");
        let cancel = Operation::CancelKeyDeletion {
            key_id: key_id.into(),
        };
        table
            .apply(&cancel, Timestamp::from_millis(0))
            .expect("it is pending deletion");
        assert_eq!(
            table.key(key_id).map(KeyMetadata::state),
            Some(state),
            "{more}"
        );
    }
}

#[test]
fn files_of_several_regions_make_a_table_each_i2() {
    let elsewhere = |text: String| text.replace("eu-west-3", "eu-west-1");
    let list = aliases(&[alias("alias/a", FIRST), elsewhere(alias("alias/a", SECOND))]);
    let text = [list, enabled(FIRST), elsewhere(enabled(SECOND))].join("\n");
    let files = [File {
        name: "account.json",
        bytes: text.as_bytes(),
    }];
    let tables = Loaded::read_all(&files, Options::default()).expect("two tables");
    let shown: Vec<_> = (tables.iter().map(Loaded::table))
        .map(|table| (table.scope().to_string(), table.len(), table.key_count()))
        .collect();
    let dublin = SCOPE.replace("eu-west-3", "eu-west-1");
    assert_eq!(shown, [(dublin, 1, 1), (SCOPE.to_owned(), 1, 1)]);
    assert!(
        load(&files, Options::default()).is_err(),
        "one table is of one Region"
    );
    let open = text.replacen("]}", "], \"Truncated\": true}", 1);
    let files = [File {
        name: "account.json",
        bytes: open.as_bytes(),
    }];
    let error = Loaded::read_all(&files, Options::default()).expect_err("a page is missing");
    assert!(error.to_string().contains("account.json"), "{error}");
}
