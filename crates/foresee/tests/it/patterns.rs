//! Patterns over alias names against a matcher that tries everything (rule P3).

use kms_alias::{
    AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Rule, Scope, Timestamp,
};
use kms_alias_foresee::AliasPattern;
use kms_alias_testing::size;
use proptest::prelude::*;

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

/// Whether a pattern matches, by the definition: a star takes nothing, or one character and goes on.
fn matches(pattern: &[char], name: &[char]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            matches(rest, name) || matches!(name, [_, tail @ ..] if matches(pattern, tail))
        }
        (['?', rest @ ..], [_, tail @ ..]) => matches(rest, tail),
        ([expected, rest @ ..], [found, tail @ ..]) => expected == found && matches(rest, tail),
        _ => false,
    }
}

fn oracle(pattern: &str, name: &str) -> bool {
    matches(
        &pattern.chars().collect::<Vec<_>>(),
        &name.chars().collect::<Vec<_>>(),
    )
}

fn pattern(text: &str) -> AliasPattern {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(size(2_000, 6_000)) })]

    #[test]
    fn a_pattern_matches_what_its_definition_says_p3(text in "[*?ab/é]{0,8}", name in "[ab/é]{0,10}") {
        prop_assert_eq!(pattern(&text).matches(&name), oracle(&text, &name));
    }

    #[test]
    fn a_pattern_of_any_text_matches_what_its_definition_says_p3(text in "\\PC{0,6}", name in "\\PC{0,6}") {
        prop_assume!(!text.contains("${"));
        prop_assert_eq!(pattern(&text).matches(&name), oracle(&text, &name));
        prop_assert!(pattern(&text) == *text);
    }
}

#[test]
fn every_short_pattern_matches_what_its_definition_says_p3() {
    let texts = |alphabet: &[char], most: u32| -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..most {
            last = last
                .iter()
                .flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    };
    let names = texts(&['a', 'b'], 5);
    for text in texts(&['*', '?', 'a', 'b'], 5) {
        let pattern = pattern(&text);
        for name in &names {
            assert_eq!(pattern.matches(name), oracle(&text, name), "{text} {name}");
        }
    }
}

#[test]
fn a_pattern_of_many_stars_takes_no_long_time_p3() {
    let hostile = pattern(&("*a".repeat(2_000) + "b"));
    assert!(!hostile.matches("a".repeat(20_000)));
    assert!(hostile.matches("a".repeat(20_000) + "b"));
}

#[test]
fn a_policy_variable_is_refused_p3() {
    for (text, position) in [("alias/${aws:username}", 6), ("${*}", 0), ("a${", 1)] {
        let error = text.parse::<AliasPattern>().expect_err(text);
        assert_eq!((error.position(), error.rule()), (position, Rule::P3));
        let words = format!("found `${{` at byte {position} (rule P3)");
        assert!(error.to_string().contains(&words), "{error}");
        assert!(
            AliasPattern::try_from(text).is_err()
                && AliasPattern::try_from(text.to_owned()).is_err()
        );
    }
    for text in ["$", "alias/$", "{}", "$ {", ""] {
        let pattern = pattern(text);
        assert_eq!((pattern.as_str(), pattern.as_ref()), (text, text));
        assert_eq!(pattern.to_string(), text);
        assert_eq!(pattern, *text);
        assert_eq!(format!("{pattern:?}"), format!("AliasPattern(\"{text}\")"));
        assert_eq!(AliasPattern::try_from(text).as_ref(), Ok(&pattern));
        assert_eq!(
            AliasPattern::try_from(text.to_owned()).as_ref(),
            Ok(&pattern)
        );
    }
    assert_ne!(pattern("a"), *"b");
    assert_eq!(
        serde_json::to_string(&pattern("a*")).ok().as_deref(),
        Some("\"a*\"")
    );
    assert!(serde_json::from_str::<AliasPattern>("\"${a}\"").is_err());
}

#[test]
fn a_changed_alias_changes_what_a_pattern_grants_p4() {
    let pattern: AliasPattern = "alias/prod-*".parse().unwrap();
    let grants = |table: &AliasTable, key: &str| {
        let key_id: KeyId = key.parse().unwrap();
        table
            .aliases_of(key_id)
            .any(|alias| pattern.matches(alias.name()))
    };
    let (prod, at) = (
        AliasName::from_static("alias/prod-db"),
        Timestamp::from_millis(1),
    );
    let (key_id, other) = (KeyId::from_static(KEY_ID), KeyId::new([9; 16], false));
    let mut table = {
        let scope = Scope::new(
            Region::from_static("eu-west-3"),
            AccountId::from_static("111122223333"),
        );
        let mut table = AliasTable::new(scope);
        for key_id in [key_id, other] {
            let key = KeyMetadata::builder(KeyArn::new(scope, key_id))
                .build()
                .unwrap();
            table.insert_key(key).unwrap();
        }
        table
    };
    let granted = |table: &AliasTable| (grants(table, KEY_ID), grants(table, &other.to_string()));
    assert_eq!(granted(&table), (false, false));
    table.create_alias(prod.clone(), key_id, at).unwrap();
    assert_eq!(granted(&table), (true, false));
    table.update_alias(prod.clone(), other, at).unwrap();
    assert_eq!(granted(&table), (false, true));
    table.delete_alias(&prod).unwrap();
    assert_eq!(granted(&table), (false, false));
}
