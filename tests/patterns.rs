//! Patterns over alias names against a matcher that tries everything (rule P3).
#![cfg(feature = "serde")]

use kms_alias::{AliasPattern, Rule};
use proptest::prelude::*;

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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

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

#[cfg(feature = "pattern")]
mod set {
    use super::{oracle, pattern};
    use kms_alias::{AliasPatternSet, PatternSetTooLarge};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn a_set_matches_as_its_patterns_do_p3(
            texts in prop::collection::vec("[*?ab./()$é\\[\\\\\n]{0,6}", 0..6),
            names in prop::collection::vec("[ab./()$é\\[\\\\\n]{0,6}", 0..6),
        ) {
            let patterns: Vec<_> = texts.iter().map(|text| pattern(text)).collect();
            let set = AliasPatternSet::new(&patterns).expect("a small set");
            for name in &names {
                let expected: Vec<_> = (0..texts.len()).filter(|at| oracle(&texts[*at], name)).collect();
                prop_assert_eq!(set.matches_any(name), !expected.is_empty());
                prop_assert_eq!(set.matching(name), expected);
            }
        }
    }

    #[test]
    fn a_set_beyond_its_memory_is_refused_p3() {
        let patterns = vec![pattern(&"?".repeat(100_000)); 10];
        assert_eq!(
            AliasPatternSet::new(&patterns).err(),
            Some(PatternSetTooLarge)
        );
    }
}
