//! `TargetKeyId` and `KeyIdentifier`: which form a text has, the words where it has none, and what
//! a condition on aliases sees of a request.

use kms_alias_testing::oracle;

use kms_alias::{
    AliasArn, AliasListEntry, AliasName, AliasTable, AnyAliasName, KeyArn, KeyId, KeyIdentifier,
    KeyMetadata, ParseError, Rule, TargetKeyId,
};

use oracle::{EDGES, check_key_identifier, check_target_key_id};

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ARN: &str = "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const NAME: &str = "alias/payments";
const ALIAS_ARN: &str = "arn:aws:kms:eu-west-3:111122223333:alias/payments";

fn check(text: &str) {
    check_target_key_id(text);
    check_key_identifier(text);
}

#[test]
fn every_edge_of_a_class_in_every_place_k5_k6() {
    for text in [
        KEY_ID,
        KEY_ARN,
        NAME,
        ALIAS_ARN,
        "mrk-1234abcd12ab34cd56ef1234567890ab",
    ] {
        check(text);
        for place in 0..text.len() {
            for character in EDGES {
                check(&format!(
                    "{}{character}{}",
                    &text[..place],
                    &text[place + 1..]
                ));
                check(&format!("{}{character}{}", &text[..place], &text[place..]));
            }
            check(&text[..place]);
            check(&text[place..]);
        }
    }
}

/// Where two forms part: `a` begins a key ID, an ARN and an alias name.
#[test]
fn every_short_beginning_k5_k6() {
    let alphabet = ['a', 'r', 'n', 'l', 'i', ':', '/', '0', 'm', 'k', 'x', 'é'];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        let longer = |text: &String| alphabet.map(|character| format!("{text}{character}"));
        texts = texts
            .iter()
            .flat_map(longer)
            .chain([String::new()])
            .collect();
        texts.iter().for_each(|text| check(text));
    }
    assert!(texts.len() > 20_000);
}

#[test]
fn every_length_k5_k6() {
    for length in 0..=300 {
        for text in ["a", "alias/", "arn:", "0", "é"] {
            check(&text.chars().cycle().take(length).collect::<String>());
        }
        check(&format!("alias/{}", "a".repeat(length)));
        check(&format!("{ALIAS_ARN}{}", "a".repeat(length)));
    }
}

#[track_caller]
fn says(error: Result<impl std::fmt::Debug, ParseError>, rule: Rule, position: usize, words: &str) {
    let error = error.unwrap_err();
    assert_eq!(
        (error.rule(), error.position()),
        (rule, position),
        "{error}"
    );
    // Between the two stands the text.
    let (what, rest) = words.split_once(": ").unwrap();
    let said = error.to_string();
    assert!(said.starts_with(what) && said.ends_with(rest), "{said}");
}

#[test]
fn a_target_is_a_key_k5() {
    let by_id: TargetKeyId = KEY_ID.parse().unwrap();
    assert!(matches!(by_id, TargetKeyId::KeyId(key_id) if key_id == KEY_ID));
    let by_arn: TargetKeyId = KEY_ARN.parse().unwrap();
    assert!(matches!(by_arn, TargetKeyId::KeyArn(arn) if arn == KEY_ARN));
    assert_ne!(by_id, by_arn);
    assert_eq!(by_id.key_id(), by_arn.key_id());
}

#[test]
fn an_alias_is_no_target_k5() {
    let words = "invalid target key: expected a key ID or a key ARN, not an alias, found `l` at byte \
                 1 (rule K5)";
    says(NAME.parse::<TargetKeyId>(), Rule::K5, 1, words);
    let words = "invalid target key: expected a key ID or a key ARN, not an alias, found `a` at byte \
                 35 (rule K5)";
    says(ALIAS_ARN.parse::<TargetKeyId>(), Rule::K5, 35, words);
}

#[test]
fn a_target_of_no_form_is_refused_k5() {
    let words = "invalid target key: expected a key ID or a key ARN, found `p` at byte 0 (rule K5)";
    says("payments".parse::<TargetKeyId>(), Rule::K5, 0, words);
}

#[test]
fn a_target_that_is_nearly_a_key_is_told_by_its_form_k1_k2_k3_k4() {
    let rule = |text: &str| text.parse::<TargetKeyId>().unwrap_err().rule();
    assert_eq!(rule("1234"), Rule::K1);
    assert_eq!(rule("mrk-1234"), Rule::K2);
    assert_eq!(rule("arn:aws:kms:eu-west-3:1111:key/a"), Rule::K3);
    assert_eq!(rule("arn:aws:kms:cn-north-1:111122223333:key/a"), Rule::K4);
}

#[test]
fn there_are_four_forms_k6() {
    let parse = |text: &str| text.parse::<KeyIdentifier>().unwrap();
    assert!(matches!(parse(KEY_ID), KeyIdentifier::KeyId(_)));
    assert!(matches!(parse(KEY_ARN), KeyIdentifier::KeyArn(_)));
    assert!(matches!(parse(NAME), KeyIdentifier::AliasName(_)));
    assert!(matches!(parse(ALIAS_ARN), KeyIdentifier::AliasArn(_)));
}

#[test]
fn an_identifier_names_any_alias_k6_a8() {
    for name in ["alias/aws/s3", "alias/awsome", "alias/aws"] {
        let identifier: KeyIdentifier = name.parse().unwrap();
        assert_eq!(identifier.alias_name().unwrap(), name);
    }
}

#[test]
fn an_identifier_of_no_form_is_refused_k6() {
    let words = "invalid key identifier: expected a key ID, a key ARN, an alias name or an alias ARN, \
                 found `p` at byte 0 (rule K6)";
    says("payments".parse::<KeyIdentifier>(), Rule::K6, 0, words);
    let words = "invalid key identifier: expected a key ID, a key ARN, an alias name or an alias ARN, \
                 found the end at byte 0 (rule K6)";
    says("".parse::<KeyIdentifier>(), Rule::K6, 0, words);
}

#[test]
fn an_identifier_that_is_nearly_one_is_told_by_its_form() {
    let rule = |text: &str| text.parse::<KeyIdentifier>().unwrap_err().rule();
    assert_eq!(rule("alias"), Rule::A1);
    assert_eq!(rule("alias/"), Rule::A2);
    assert_eq!(rule("alias/a.b"), Rule::A3);
    assert_eq!(rule("1234"), Rule::K1);
    assert_eq!(rule("mrk-1234"), Rule::K2);
    assert_eq!(rule("arn:aws:kms:eu-west-3:1111:key/a"), Rule::K3);
    assert_eq!(
        rule("arn:aws:kms:cn-north-1:111122223333:alias/a"),
        Rule::K4
    );
}

#[test]
fn the_alias_name_is_that_of_the_request_p1() {
    let name = |text: &str| {
        let identifier: KeyIdentifier = text.parse().unwrap();
        identifier.alias_name().map(AnyAliasName::to_string)
    };
    assert_eq!(name(NAME).as_deref(), Some(NAME));
    assert_eq!(name(ALIAS_ARN).as_deref(), Some(NAME));
    assert_eq!(name(KEY_ID), None);
    assert_eq!(name(KEY_ARN), None);
}

/// A table of two keys, the first of which has these aliases.
fn table_with(names: &[&str]) -> AliasTable {
    let scope = KEY_ARN.parse::<KeyArn>().unwrap().scope();
    let other = KeyArn::new(scope, KeyId::new([9; 16], false));
    let mut parts = AliasTable::new(scope).snapshot();
    parts.keys = [KEY_ARN.parse().unwrap(), other]
        .map(|arn| KeyMetadata::builder(arn).build().unwrap())
        .into();
    let target = Some(KEY_ID.parse().unwrap());
    let entry = |name: &&str| AliasListEntry::new(name.parse().unwrap(), target);
    parts.aliases = names.iter().map(entry).collect();
    parts.into_table().unwrap()
}

/// The aliases that a condition on the key of an identifier compares.
fn aliases_of(table: &AliasTable, identifier: &str) -> Vec<String> {
    let key_id = table.resolve(&identifier.parse().unwrap()).unwrap();
    let names = table
        .aliases_of(key_id)
        .map(|alias| alias.name().to_owned());
    names.collect()
}

#[test]
fn every_alias_of_the_key_counts_however_it_was_named_p2() {
    let names = ["alias/aws/s3", "alias/ledger", NAME];
    let table = table_with(&names);
    for identifier in [
        KEY_ID,
        KEY_ARN,
        NAME,
        ALIAS_ARN,
        "alias/ledger",
        "alias/aws/s3",
    ] {
        assert_eq!(aliases_of(&table, identifier), names, "{identifier}");
    }
    let other = KeyId::new([9; 16], false);
    assert_eq!(aliases_of(&table, &other.to_string()), [""; 0]);
}

#[test]
fn every_narrower_type_becomes_an_identifier_k6() {
    let (key_id, arn): (KeyId, KeyArn) = (KEY_ID.parse().unwrap(), KEY_ARN.parse().unwrap());
    let (name, alias_arn): (AliasName, AliasArn) =
        (NAME.parse().unwrap(), ALIAS_ARN.parse().unwrap());
    assert_eq!(KeyIdentifier::from(key_id), KEY_ID);
    assert_eq!(KeyIdentifier::from(arn), KEY_ARN);
    assert_eq!(KeyIdentifier::from(AnyAliasName::from(name.clone())), NAME);
    assert_eq!(KeyIdentifier::from(name), NAME);
    assert_eq!(KeyIdentifier::from(alias_arn), ALIAS_ARN);
    assert_eq!(KeyIdentifier::from(TargetKeyId::from(key_id)), KEY_ID);
    assert_eq!(KeyIdentifier::from(TargetKeyId::from(arn)), KEY_ARN);
    assert_eq!(TargetKeyId::from(key_id), KEY_ID);
    assert_eq!(TargetKeyId::from(arn), KEY_ARN);
}
