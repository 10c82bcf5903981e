//! What is told of chosen changes, word by word.

use super::*;

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";

/// Two keys, aliases `a` and `b` on the first.
fn small(quota: usize) -> Model {
    let mut model = Model::new(["aws", "eu-west-3", "111122223333"]);
    model.quota = quota;
    for key_id in [KEY, OTHER] {
        model
            .insert_key(key_id, Key::plain(key_id))
            .expect("a new key");
    }
    for name in ["alias/a", "alias/b"] {
        let target = Some(KEY.to_owned());
        model.put_alias(
            name,
            model::Alias {
                target,
                created: None,
                updated: None,
            },
        );
    }
    model
}

fn foreseen(table: &AliasTable, request: &model::Request) -> Impact {
    let operation: Operation = read(request, table.reserved_names()).expect("an operation");
    let change = table.check(&operation, moment(0)).expect("a change");
    Impact::of(table, &change).expect("the next change")
}

fn words(conditions: &str, impact: &Impact) -> Vec<String> {
    let conditions = AliasConditions::from_json(conditions.as_bytes()).expect("conditions");
    let changes = conditions.affected_by(impact);
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn disabling_a_key_breaks_encrypt_through_each_of_its_aliases_s6() {
    let table = table(&small(50));
    let impact = foreseen(&table, &model::Request::key("DisableKey", KEY));
    let names: Vec<_> = impact
        .aliases()
        .map(|alias| alias.alias_name().to_string())
        .collect();
    assert_eq!(names, ["alias/a", "alias/b"]);
    for alias in impact.aliases() {
        let broken: Vec<_> = alias
            .breaks()
            .map(|(operation, _)| operation.as_str())
            .collect();
        let expected = [
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "ReEncrypt",
        ];
        assert_eq!(broken, expected);
        assert_eq!(alias.starts().count(), 0);
        let (_, why) = alias.breaks().next().expect("a use");
        let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}");
        assert_eq!(
            why.to_string(),
            format!("DisabledException: {arn} is disabled.")
        );
        assert_eq!(
            alias.before().map(|key| key.state().as_str()),
            Some("Enabled")
        );
        assert_eq!(
            alias.after().map(|key| key.state().as_str()),
            Some("Disabled")
        );
    }
    assert_eq!(impact.keys().count(), 0, "its aliases stay");
    assert!(!impact.is_empty());
}

#[test]
fn a_change_that_is_taken_back_is_none_at_all() {
    let mut table = table(&small(50));
    let mut all = Impact::default();
    assert!(all.is_empty());
    for (name, to) in [("alias/a", OTHER), ("alias/a", KEY)] {
        let request = model::Request::alias("UpdateAlias", name, to);
        let change = ask(&mut table, &request, 7).expect("a change");
        all.then(Impact::of(&table, &change).expect("the newest change"));
    }
    assert!(all.is_empty(), "{all:?}");
    let same = foreseen(
        &table,
        &model::Request::alias("UpdateAlias", "alias/a", KEY),
    );
    assert!(same.is_empty(), "rule U7");
    let enabled = foreseen(&table, &model::Request::key("EnableKey", KEY));
    assert!(enabled.is_empty(), "it was enabled");
}

#[test]
fn the_words_say_which_key_which_way_which_rule_and_how_late_p4_p5() {
    let by_key = r#"{"prod": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}}"#;
    let by_name = r#"{"named": {"StringEquals": {"kms:RequestAlias": "alias/a"}}}"#;
    let never = r#"{"never": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/?"},
                              "Null": {"kms:RequestAlias": "true"}}}"#;
    let table_of_50 = table(&small(50));
    let moved = foreseen(
        &table_of_50,
        &model::Request::alias("UpdateAlias", "alias/a", OTHER),
    );
    assert_eq!(
        words(by_key, &moved),
        [
            format!("brings key {OTHER} under `prod`, up to five minutes later (rule P4)"),
            format!("takes key {KEY} out of `prod`, up to five minutes later (rule P4)"),
        ]
    );
    assert_eq!(
        words(by_name, &moved),
        [
            format!(
                "brings key {OTHER}, asked for by alias/a, under `named`, up to five minutes later (rule P4)"
            ),
            format!(
                "takes key {KEY}, asked for by alias/a, out of `named`, up to five minutes later (rule P4)"
            ),
        ]
    );
    let created = foreseen(
        &table_of_50,
        &model::Request::alias("CreateAlias", "alias/long", OTHER),
    );
    assert_eq!(
        words(never, &created),
        [format!(
            "takes key {OTHER}, asked for by key ID or ARN, out of `never`, up to five minutes later (rule P4)"
        )]
    );
    // One alias above the quota goes, and the key is judged by its aliases again.
    let table_of_1 = table(&small(1));
    let deleted = foreseen(&table_of_1, &model::Request::delete_alias("alias/b"));
    assert_eq!(
        words(by_key, &deleted),
        [format!(
            "brings key {KEY} under `prod`, with no more aliases than the quota again, up to five \
             minutes later (rule P5)"
        )]
    );
    assert_eq!(words(by_name, &deleted), [""; 0]);
}

#[test]
fn an_answer_tells_both_sides_p4_p5() {
    let table = table(&small(1));
    let deleted = foreseen(&table, &model::Request::delete_alias("alias/b"));
    let text = br#"{"prod": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}}"#;
    let conditions = AliasConditions::from_json(text).expect("conditions");
    let changes = conditions.affected_by(&deleted);
    let [change] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(
        (change.before(), change.after()),
        (Standing::Denied, Standing::Under)
    );
    let key = deleted.keys().next().expect("the key");
    let names = |aliases: Option<&kms_alias_foresee::KeyAliases>| -> Vec<String> {
        let names = aliases.expect("the key is there").names();
        names.iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(key.before()), ["alias/a", "alias/b"]);
    assert_eq!(names(key.after()), ["alias/a"]);
    assert_eq!(key.key_id(), KEY);
}

#[test]
fn an_alias_that_comes_to_another_kind_of_key_says_which_uses_it_is_not_for_m() {
    let mut model = small(50);
    let rsa = Key {
        spec: "RSA_2048",
        ..Key::plain(OTHER)
    };
    model.keys.insert(OTHER.to_owned(), rsa);
    let mut table = table(&model);
    let mut all = Impact::default();
    for request in [
        model::Request::delete_alias("alias/a"),
        model::Request::alias("CreateAlias", "alias/a", OTHER),
    ] {
        let change = ask(&mut table, &request, 7).expect("a change");
        all.then(Impact::of(&table, &change).expect("the newest change"));
    }
    let alias = all.aliases().next().expect("the alias");
    let broken: Vec<_> = alias.breaks().map(|(_, why)| why.to_string()).collect();
    assert_eq!(broken.len(), 4, "{broken:?}");
    let words = "GenerateDataKey does not work on a key of spec RSA_2048 and usage ENCRYPT_DECRYPT";
    assert_eq!(broken[0], words);
    let started: Vec<_> = alias
        .starts()
        .map(|(operation, why)| (operation, why.rule()))
        .collect();
    assert_eq!(started, [(KmsOperation::GetPublicKey, Rule::M)]);
}

#[test]
fn a_key_that_comes_above_the_quota_is_denied_p5() {
    // No operation does this (rule T6): a log that is replayed, or a table with another quota may.
    let mut table = table(&small(2));
    let request = model::Request::alias("CreateAlias", "alias/c", KEY);
    let operation = read(&request, table.reserved_names()).expect("an operation");
    let raised = table.clone().with_aliases_per_key(3);
    let change = raised.check(&operation, moment(0)).expect("a change");
    let impact = Impact::of(&table, &change).expect("the next change");
    let by_key = r#"{"prod": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/?"}}}"#;
    let expected = format!(
        "takes key {KEY} out of `prod`, denied with more aliases than the quota, up to five minutes \
         later (rule P5)"
    );
    assert_eq!(words(by_key, &impact), [expected]);
    assert_eq!(
        words(
            by_key,
            &Impact::of(&raised, &change).expect("the next change")
        ),
        [""; 0]
    );
    table.replay(&change).expect("the next change");
    assert_eq!(Impact::of(&table, &change).as_ref(), Ok(&impact));
    assert!(KeyAliases::of(&table, &parsed(KEY)).is_some_and(|aliases| aliases.is_above_quota()));
    assert_eq!(
        KeyAliases::of(&table, &parsed("ffffffff-ffff-ffff-ffff-ffffffffffff")),
        None
    );
}

#[test]
fn a_change_that_is_neither_next_nor_newest_is_refused_i4() {
    let mut table = table(&small(50));
    let create = |name| model::Request::alias("CreateAlias", name, KEY);
    let first = ask(&mut table, &create("alias/x"), 1).expect("a change");
    let second = ask(&mut table, &create("alias/y"), 2).expect("a change");
    assert!(Impact::of(&table, &second).is_ok());
    let refused = Impact::of(&table, &first).expect_err("an older change");
    assert_eq!(refused.rule(), Rule::I4);
    // The right number on a table that stands otherwise.
    let mut other = AliasTable::new(table.scope());
    assert_eq!(
        Impact::of(&other, &first).expect_err("no key").rule(),
        Rule::I4
    );
    let key = table
        .key(parsed::<kms_alias::KeyId>(OTHER))
        .expect("the key")
        .clone();
    other.insert_key(key).expect("a new key");
    assert_eq!(
        Impact::of(&other, &first)
            .expect_err("another alias")
            .rule(),
        Rule::I4
    );
}

#[test]
fn every_operation_takes_the_keys_that_it_is_for_m() {
    let model = small(50);
    let mut seen = 0;
    for key in model::key::every_key(KEY, &[model::Role::Single]) {
        if !key.broken_rules(KEY, "aws").is_empty() {
            continue;
        }
        let built = build(&model, KEY, &key).expect("a possible key");
        for operation in KmsOperation::ALL
            .iter()
            .filter(|operation| operation.takes_alias())
        {
            let expected = takes(operation.as_str(), &key);
            assert_eq!(operation.suits(&built), expected, "{operation} {key:?}");
            seen += usize::from(expected);
        }
    }
    assert!(seen > 500, "{seen}");
}
