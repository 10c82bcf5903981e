//! `KeyArn`, `AliasArn` and their parts: every Region in every partition, every place, the words.

use kms_alias_testing::oracle;

use std::collections::{BTreeMap, HashMap};

use kms_alias::{AccountId, AliasArn, KeyArn, KeyId, ParseError, Partition, Region, Rule, Scope};

use oracle::{
    EDGES, check_account_id, check_alias_arn, check_key_arn, check_partition, check_region,
    check_scope,
};

/// The Regions in which KMS runs today, as AWS publishes them, by partition (rule K4).
const PUBLISHED: [(&str, &str); 8] = [
    (
        "aws",
        "us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-northeast-1 \
         ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 \
         ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 \
         ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 \
         eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1",
    ),
    ("aws-cn", "cn-north-1 cn-northwest-1"),
    ("aws-eusc", "eusc-de-east-1"),
    ("aws-iso", "us-iso-east-1 us-iso-west-1"),
    ("aws-iso-b", "us-isob-east-1 us-isob-west-1"),
    ("aws-iso-e", "eu-isoe-west-1"),
    ("aws-iso-f", "us-isof-east-1 us-isof-south-1"),
    ("aws-us-gov", "us-gov-east-1 us-gov-west-1"),
];

const KEY: &str = "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const REPLICATED: &str =
    "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const ALIAS: &str = "arn:aws:kms:eu-west-3:111122223333:alias/payments";
const SCOPE: &str = "arn:aws-iso-b:kms:us-isob-east-1:111122223333";

#[track_caller]
fn every_character_in_every_place(text: &str, check: fn(&str)) {
    in_every_place(text, check, |_| every_character().collect());
}

fn every_character() -> impl Iterator<Item = char> {
    ('\0'..='\u{ff}').chain(['\u{ff10}', '\u{1f511}'])
}

/// Each of these characters in a place and before it, and the text cut, doubled and without its
/// character there.
#[track_caller]
fn in_every_place(text: &str, check: fn(&str), characters: impl Fn(usize) -> Vec<char>) {
    check(text);
    for place in 0..text.len() {
        let (begin, end) = text.split_at(place);
        for character in characters(place) {
            check(&format!("{begin}{character}{}", &end[1..]));
            check(&format!("{begin}{character}{end}"));
        }
        check(&format!("{begin}{}", &end[1..]));
        check(begin);
        check(end);
        check(&begin.repeat(2));
    }
}

/// Every character in the place of a separator, and the edges of each class in every place: the parts
/// between meet every character where they are alone.
#[track_caller]
fn every_edge_in_every_place(text: &str, check: fn(&str)) {
    in_every_place(text, check, |place| match text.as_bytes()[place] {
        b':' | b'/' => every_character().collect(),
        _ => EDGES.to_vec(),
    });
}

#[test]
fn every_edge_of_a_class_in_every_place_of_a_key_arn_k3_k4() {
    every_edge_in_every_place(KEY, check_key_arn);
    every_edge_in_every_place(REPLICATED, check_key_arn);
}

#[test]
fn every_edge_of_a_class_in_every_place_of_an_alias_arn_a7_k3_k4() {
    every_edge_in_every_place(ALIAS, check_alias_arn);
}

#[test]
fn every_edge_of_a_class_in_every_place_of_a_scope_k3_k4() {
    every_edge_in_every_place(SCOPE, check_scope);
}

#[test]
fn every_character_in_every_place_of_a_region_k4() {
    for region in ["us-east-1", "us-iso-east-12", "eusc-de-abcdefghijkl-99"] {
        every_character_in_every_place(region, check_region);
    }
}

#[test]
fn every_character_in_every_place_of_a_partition_k4() {
    for partition in Partition::ALL {
        every_character_in_every_place(partition.as_str(), check_partition);
    }
}

#[test]
fn every_character_in_every_place_of_an_account_k3() {
    every_character_in_every_place("012345678999", check_account_id);
}

#[test]
fn every_published_region_is_of_its_partition_only_k4() {
    for (home, regions) in PUBLISHED {
        for region in regions.split(' ') {
            assert_eq!(
                region.parse::<Region>().unwrap().partition(),
                home,
                "{region}"
            );
            for (partition, _) in PUBLISHED {
                let scope = format!("arn:{partition}:kms:{region}:111122223333");
                check_scope(&scope);
                assert_eq!(scope.parse::<Scope>().is_ok(), partition == home, "{scope}");
                let alias = format!("{scope}:alias/a");
                assert_eq!(
                    alias.parse::<AliasArn>().is_ok(),
                    partition == home,
                    "{alias}"
                );
                let key = format!("{scope}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
                assert_eq!(KeyArn::is_valid(&key), partition == home, "{key}");
            }
        }
    }
}

#[test]
fn there_are_eight_partitions_k4() {
    let published: Vec<_> = PUBLISHED.iter().map(|(partition, _)| *partition).collect();
    let known: Vec<_> = Partition::ALL.iter().map(Partition::as_str).collect();
    assert_eq!(known, published);
}

#[test]
fn every_length_of_a_regions_word_and_number_k4() {
    for (prefix, partition) in [
        ("us-", "aws"),
        ("us-gov-", "aws-us-gov"),
        ("eusc-de-", "aws-eusc"),
    ] {
        for word in 0..=14 {
            for digits in 0..=4 {
                let region = format!("{prefix}{}-{}", "z".repeat(word), "9".repeat(digits));
                check_region(&region);
                let wanted = (1..=12).contains(&word) && (1..=2).contains(&digits);
                assert_eq!(region.parse::<Region>().is_ok(), wanted, "{region}");
                check_scope(&format!("arn:{partition}:kms:{region}:111122223333"));
            }
        }
    }
}

#[test]
fn two_parts_less_make_a_commercial_region_k4() {
    for region in [
        "us-iso-1",
        "us-isob-1",
        "us-isof-1",
        "eu-isoe-1",
        "us-gov-1",
    ] {
        assert_eq!(
            region.parse::<Region>().unwrap().partition(),
            Partition::Aws
        );
    }
}

#[test]
fn every_length_of_an_account_k3() {
    for length in 0..=300 {
        let digits = "1".repeat(length);
        check_account_id(&digits);
        assert_eq!(digits.parse::<AccountId>().is_ok(), length == 12);
        check_scope(&format!("arn:aws:kms:us-east-1:{digits}"));
    }
}

#[test]
fn every_part_missing_doubled_or_empty_k3() {
    for (text, check) in [(KEY, check_key_arn as fn(&str)), (ALIAS, check_alias_arn)] {
        let parts: Vec<_> = text.split(':').collect();
        for at in 0..parts.len() {
            for instead in [&[][..], &[""], &[parts[at], parts[at]], &[parts[at], ""]] {
                let mut parts = parts.clone();
                parts.splice(at..=at, instead.iter().copied());
                check(&parts.join(":"));
            }
        }
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

#[track_caller]
fn refused(key_arn: &str, rule: Rule, position: usize, words: &str) {
    says(key_arn.parse::<KeyArn>(), rule, position, words);
}

#[test]
fn a_short_account_is_refused_k3() {
    let words = "invalid key ARN: expected an account of 12 digits, found `:` at byte 26 (rule K3)";
    refused(
        "arn:aws:kms:us-east-1:1111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        Rule::K3,
        26,
        words,
    );
}

#[test]
fn an_empty_account_is_refused_k3() {
    let words = "invalid key ARN: expected an account of 12 digits, found `:` at byte 22 (rule K3)";
    refused(
        "arn:aws:kms:us-east-1::key/1234abcd-12ab-34cd-56ef-1234567890ab",
        Rule::K3,
        22,
        words,
    );
}

#[test]
fn another_service_is_refused_k3() {
    let words = "invalid key ARN: expected `kms:`, found `s` at byte 8 (rule K3)";
    refused(
        "arn:aws:sns:us-east-1:111122223333:key/a",
        Rule::K3,
        8,
        words,
    );
}

#[test]
fn an_alias_arn_is_no_key_arn_k3() {
    let words = "invalid key ARN: expected `key/`, found `a` at byte 35 (rule K3)";
    refused(ALIAS, Rule::K3, 35, words);
}

#[test]
fn a_key_id_is_no_key_arn_k3() {
    let words = "invalid key ARN: expected `arn:`, found `1` at byte 0 (rule K3)";
    refused("1234abcd-12ab-34cd-56ef-1234567890ab", Rule::K3, 0, words);
}

#[test]
fn an_unknown_partition_is_refused_k4() {
    let words =
        "invalid key ARN: expected a partition, such as `aws`, found `g` at byte 4 (rule K4)";
    refused(
        "arn:gov:kms:us-east-1:111122223333:key/a",
        Rule::K4,
        4,
        words,
    );
}

#[test]
fn a_partition_that_goes_on_is_refused_k4() {
    for (text, position) in [
        ("arn:awsx:kms:us-east-1:", 7),
        ("arn:aws-isob:kms:us-isob-east-1:", 11),
    ] {
        let error = text.parse::<KeyArn>().unwrap_err();
        assert_eq!(
            (error.rule(), error.position()),
            (Rule::K4, position),
            "{error}"
        );
    }
}

#[test]
fn a_region_of_another_partition_is_refused_k4() {
    let words = "invalid key ARN: expected a Region of this partition, such as `us-east-1` in `aws`, \
                 found `n` at byte 13 (rule K4)";
    refused(
        "arn:aws:kms:cn-north-1:111122223333:key/a",
        Rule::K4,
        13,
        words,
    );
}

#[test]
fn a_region_that_goes_on_is_refused_k4() {
    let text = "arn:aws:kms:us-east-123:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let error = text.parse::<KeyArn>().unwrap_err();
    assert_eq!((error.rule(), error.position()), (Rule::K4, 22), "{error}");
}

#[test]
fn the_key_id_in_an_arn_is_told_k1_k2() {
    let words = "invalid key ARN: expected 8 lower-case hex digits, found `A` at byte 39 (rule K1)";
    refused(
        "arn:aws:kms:us-east-1:111122223333:key/ABCD",
        Rule::K1,
        39,
        words,
    );
    let words =
        "invalid key ARN: expected 32 lower-case hex digits, found the end at byte 43 (rule K2)";
    refused(
        "arn:aws:kms:us-east-1:111122223333:key/mrk-",
        Rule::K2,
        43,
        words,
    );
}

#[test]
fn the_name_in_an_alias_arn_is_told_a1_a2_a3_a7() {
    let parse = |name| format!("arn:aws:kms:us-east-1:111122223333:{name}").parse::<AliasArn>();
    let words = "invalid alias ARN: expected `alias/` at the beginning of the name, found `p` at byte 35 (rule A1)";
    says(parse("payments"), Rule::A1, 35, words);
    let words = "invalid alias ARN: expected at least one character after the prefix, found the end \
                 at byte 41 (rule A2)";
    says(parse("alias/"), Rule::A2, 41, words);
    let words = "invalid alias ARN: expected a letter, a digit, `/`, `_` or `-`, found `:` at byte 42 \
                 (rule A3)";
    says(parse("alias/a:b"), Rule::A3, 42, words);
}

#[test]
fn an_alias_arn_has_the_whole_name_a7() {
    let arn: AliasArn = ALIAS.parse().unwrap();
    assert_eq!(*arn.alias_name(), "alias/payments");
    let of_aws: AliasArn = "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3"
        .parse()
        .unwrap();
    assert!(of_aws.alias_name().is_aws());
    assert_eq!(arn.scope(), of_aws.scope());
}

#[test]
fn parts_are_told_in_their_own_words_k3_k4() {
    let words =
        "invalid account ID: expected an account of 12 digits, found the end at byte 4 (rule K3)";
    says("1111".parse::<AccountId>(), Rule::K3, 4, words);
    let words =
        "invalid partition: expected a partition, such as `aws`, found `c` at byte 0 (rule K4)";
    says("cn".parse::<Partition>(), Rule::K4, 0, words);
    let words = "invalid Region: expected a Region, such as `us-east-1`, \
                 found the end at byte 7 (rule K4)";
    says("us-west".parse::<Region>(), Rule::K4, 7, words);
    let words = "invalid scope: expected an account of 12 digits, found `:` at byte 34 (rule K3)";
    says(
        "arn:aws:kms:us-east-1:111122223333:".parse::<Scope>(),
        Rule::K3,
        34,
        words,
    );
}

const REGION: Region = Region::from_static("eu-west-3");
const ACCOUNT: AccountId = AccountId::from_static("111122223333");
const KEY_ARN: KeyArn = KeyArn::from_static(KEY);
const IS_VALID: [bool; 2] = [KeyArn::is_valid(REPLICATED), KeyArn::is_valid(ALIAS)];

#[test]
fn parts_are_checked_at_compile_time() {
    let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    assert_eq!(KeyArn::new(Scope::new(REGION, ACCOUNT), key_id), KEY_ARN);
    assert_eq!(KEY_ARN, KEY);
    assert_eq!(IS_VALID, [true, false]);
}

#[test]
#[should_panic(expected = "not a valid key ARN")]
fn no_constant_arn_is_of_an_alias_k3() {
    let _ = KeyArn::from_static(ALIAS);
}

#[test]
#[should_panic(expected = "not a valid Region")]
fn no_constant_region_lacks_a_number_k4() {
    let _ = Region::from_static("us-west");
}

#[test]
#[should_panic(expected = "not a valid account ID")]
fn no_constant_account_is_short_k3() {
    let _ = AccountId::from_static("1111");
}

#[test]
fn parts_are_found_by_their_text() {
    assert_eq!(HashMap::from([(REGION, 1)]).get("eu-west-3"), Some(&1));
    assert_eq!(BTreeMap::from([(ACCOUNT, 1)]).get("111122223333"), Some(&1));
    assert_eq!(
        HashMap::from([(Partition::AwsCn, 1)]).get("aws-cn"),
        Some(&1)
    );
}

#[test]
fn nothing_stands_for_the_prefix_of_a_region_k4() {
    for zeros in 0..=16 {
        let text = format!("{}west-3", "\0".repeat(zeros));
        assert!(text.parse::<Region>().is_err(), "{text:?}");
    }
}
