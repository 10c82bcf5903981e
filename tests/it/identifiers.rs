//! Every law of every identifier on arbitrary texts, on near misses of every form, and in order.

use kms_alias_testing::near_miss;
use kms_alias_testing::oracle;

use kms_alias::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, Partition, Region,
    Scope,
};
use proptest::prelude::*;

use near_miss::{anything, exactly, near};
use oracle::grammar::Grammar;

/// What a failure needs is in its message; no file is kept.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(count)
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn alias_names_keep_every_law_a1_a2_a3_a4_a8(
        text in prop_oneof![
            near(near_miss::NAME), near(near_miss::LONG_NAME), near(near_miss::RESERVED),
        ],
    ) {
        oracle::check_alias_name(&text);
    }

    #[test]
    fn key_ids_keep_every_law_k1_k2(
        text in prop_oneof![near(near_miss::KEY_ID), near(near_miss::MULTI_REGION)],
    ) {
        oracle::check_key_id(&text);
    }

    #[test]
    fn key_arns_keep_every_law_k3_k4(
        text in prop_oneof![near(&near_miss::key_arn()), near(&near_miss::alias_arn())],
    ) {
        oracle::check_key_arn(&text);
    }

    #[test]
    fn alias_arns_keep_every_law_a7_k3_k4(
        text in prop_oneof![near(&near_miss::alias_arn()), near(&near_miss::key_arn())],
    ) {
        oracle::check_alias_arn(&text);
    }

    #[test]
    fn scopes_keep_every_law_k3_k4(
        text in prop_oneof![near(&near_miss::scope()), near(&near_miss::crossed_scope())],
    ) {
        oracle::check_scope(&text);
    }

    #[test]
    fn regions_keep_every_law_k4(text in near(near_miss::REGION)) {
        oracle::check_region(&text);
    }

    #[test]
    fn partitions_keep_every_law_k4(text in near(near_miss::PARTITION)) {
        oracle::check_partition(&text);
    }

    #[test]
    fn account_ids_keep_every_law_k3(text in near(near_miss::ACCOUNT)) {
        oracle::check_account_id(&text);
    }

    #[test]
    fn targets_and_identifiers_keep_every_law_k5_k6(text in anything()) {
        oracle::check_target_key_id(&text);
        oracle::check_key_identifier(&text);
    }

    #[test]
    fn any_text_keeps_every_law_of_every_type(text in anything()) {
        oracle::check_all(&text);
    }
}

/// Pairs that share a beginning, so that their order is decided late.
fn pairs(form: &str) -> impl Strategy<Value = (String, String)> + use<> {
    let near = (exactly(form), any::<prop::sample::Index>(), "[0-9a-f/-]").prop_map(
        |(text, at, character)| {
            let mut other: Vec<_> = text.chars().collect();
            let at = at.index(other.len());
            other.splice(at..=at, character.chars());
            (text, other.into_iter().collect())
        },
    );
    prop_oneof![(exactly(form), exactly(form)), near]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn names_are_in_the_order_of_their_texts_l4(
        (a, b) in prop_oneof![pairs(near_miss::NAME), pairs(near_miss::RESERVED), pairs("alias/[aA]{1,3}")],
    ) {
        oracle::check_order_of_texts::<AliasName>(&a, &b);
        oracle::check_order_of_texts::<AwsAliasName>(&a, &b);
        oracle::check_order_of_texts::<AnyAliasName>(&a, &b);
    }

    #[test]
    fn key_ids_are_in_the_order_of_their_texts_l4(
        (a, b) in pairs(&format!("({}|{})", near_miss::KEY_ID, near_miss::MULTI_REGION)),
    ) {
        oracle::check_order_of_texts::<KeyId>(&a, &b);
    }

    #[test]
    fn regions_and_accounts_are_in_the_order_of_their_texts(
        (a, b) in prop_oneof![
            pairs(near_miss::REGION), pairs(near_miss::ACCOUNT), pairs("us-[ab]{1,3}-[0-9]{1,2}"),
        ],
    ) {
        oracle::check_order_of_texts::<Region>(&a, &b);
        oracle::check_order_of_texts::<AccountId>(&a, &b);
        oracle::check_order_of_texts::<Partition>(&a, &b);
    }

    #[test]
    fn arns_and_scopes_are_in_the_order_of_their_parts(
        (a, b) in prop_oneof![
            pairs(&near_miss::key_arn()), pairs(&near_miss::alias_arn()), pairs(&near_miss::scope()),
        ],
    ) {
        oracle::check_order_of_parts::<KeyArn>(&a, &b);
        oracle::check_order_of_parts::<AliasArn>(&a, &b);
        oracle::check_order_of_parts::<Scope>(&a, &b);
    }
}

#[test]
fn the_order_of_arns_is_not_that_of_their_texts() {
    let text = |partition, region| {
        format!(
            "arn:{partition}:kms:{region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        )
    };
    let (aws, china) = (text("aws", "us-east-1"), text("aws-cn", "cn-north-1"));
    assert!(china < aws);
    assert!(aws.parse::<KeyArn>().unwrap() < china.parse().unwrap());
}

#[test]
fn partitions_are_in_the_order_of_their_texts() {
    let texts: Vec<_> = Partition::ALL.iter().map(Partition::as_str).collect();
    assert!(texts.is_sorted());
    assert_eq!(texts.len(), 8);
    for a in &texts {
        for b in &texts {
            oracle::check_order_of_texts::<Partition>(a, b);
        }
    }
}

/// The oracle's own laws: a valid text and all its beginnings can be completed.
#[track_caller]
fn beginnings_of(grammar: &Grammar, text: &str) {
    assert!(grammar.is_valid(text), "{text}");
    for (at, _) in text.char_indices() {
        assert!(grammar.can_be_completed(&text[..at]), "{}", &text[..at]);
    }
    assert!(grammar.can_be_completed(text));
    assert!(!grammar.can_be_completed(&format!("{text} ")));
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_oracle_completes_every_beginning(
        name in exactly(near_miss::NAME),
        key_id in exactly(near_miss::KEY_ID),
        multi_region in exactly(near_miss::MULTI_REGION),
        region in exactly(near_miss::REGION),
        key_arn in exactly(&near_miss::key_arn()),
        alias_arn in exactly(&near_miss::alias_arn()),
    ) {
        beginnings_of(&oracle::ALIAS_NAMES, &name);
        beginnings_of(&oracle::REGIONS, &region);
        beginnings_of(&oracle::ALIAS_ARNS, &alias_arn);
        beginnings_of(&oracle::KEY_ARNS, &key_arn);
        for text in [&key_id, &multi_region] {
            beginnings_of(&oracle::KEY_IDS, text);
        }
        for text in [&key_id, &multi_region, &key_arn] {
            beginnings_of(&oracle::TARGET_KEY_IDS, text);
        }
        for text in [&key_id, &name, &key_arn, &alias_arn] {
            beginnings_of(&oracle::KEY_IDENTIFIERS, text);
        }
    }
}
