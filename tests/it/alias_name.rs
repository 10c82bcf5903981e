//! `AliasName`, `AwsAliasName` and `AnyAliasName`: the small world exhaustively, and the words.

use kms_alias_testing::{oracle, size};

use std::collections::{BTreeMap, HashMap};

use kms_alias::{AliasName, AnyAliasName, AwsAliasName, ParseError, ReservedNames, Rule};

use oracle::{EDGES, check_alias_name};

/// A name of this many bytes.
fn name_of(length: usize) -> String {
    let rest = "Az0/_-9bZ".chars().cycle().take(length - "alias/".len());
    format!("alias/{}", rest.collect::<String>())
}

/// Every Latin-1 character, so every ASCII byte, in every place of a name.
#[track_caller]
fn every_character_in_every_place_of(length: usize) {
    let name = name_of(length);
    check_alias_name(&name);
    for place in 0..length {
        for character in '\0'..='\u{ff}' {
            check_alias_name(&replaced(&name, place, character));
        }
    }
}

fn replaced(name: &str, place: usize, character: char) -> String {
    format!("{}{character}{}", &name[..place], &name[place + 1..])
}

#[test]
fn every_character_in_every_place_of_short_names_a1_a3() {
    for length in [7, 8, 15, 16, 17] {
        every_character_in_every_place_of(length);
    }
}

#[test]
fn every_character_in_every_place_of_names_of_about_32_bytes_a1_a3() {
    for length in [31, 32, 33] {
        every_character_in_every_place_of(length);
    }
}

#[test]
fn every_edge_of_a_class_in_every_place_of_long_names_a1_a2_a3() {
    for length in size(&[64, 255][..], &[63, 64, 65, 255, 256])
        .iter()
        .copied()
    {
        let name = name_of(length);
        check_alias_name(&name);
        for place in 0..length {
            for character in EDGES {
                check_alias_name(&replaced(&name, place, *character));
            }
        }
    }
}

#[test]
fn every_length_a2() {
    for length in 0..=300 {
        check_alias_name(&"a".repeat(length));
        check_alias_name(&"é".repeat(length));
        check_alias_name(&format!("alias/{}", "é".repeat(length)));
        check_alias_name(&format!("alias/{}.", "a".repeat(length)));
        check_alias_name(&format!("alias/aws/{}", "a".repeat(length)));
        if length >= "alias/".len() {
            let name = name_of(length);
            check_alias_name(&name);
            assert_eq!(
                AliasName::is_valid(&name),
                (7..=256).contains(&length),
                "{length}"
            );
        }
    }
}

/// Edges of what rule A3 allows, their neighbours, and what spells `aws/`.
const OF_SHORT_RESTS: [char; 16] = [
    'a', 'w', 's', '/', 'z', 'Z', '9', '_', '-', ':', '.', '@', '[', '`', '{', 'é',
];

#[test]
fn every_short_rest_a2_a3_a4_a8() {
    let mut rests = vec![String::new()];
    for _ in 0..4 {
        for rest in &rests {
            check_alias_name(&format!("alias/{rest}"));
        }
        let longer = |rest: &String| OF_SHORT_RESTS.map(|character| format!("{rest}{character}"));
        rests = rests.iter().flat_map(longer).collect();
    }
    assert_eq!(rests.len(), 16_usize.pow(4));
    // Seven and the number of characters have no divisor in common: each comes in each place.
    for rest in rests.iter().step_by(size(7, 1)) {
        check_alias_name(&format!("alias/{rest}"));
    }
}

#[test]
fn every_beginning_of_the_prefixes_a1_a2_a4_a8() {
    for (at, _) in "alias/aws/".char_indices() {
        for rest in ["", "x", ".", "A", "alias/", "aws", "é"] {
            check_alias_name(&format!("{}{rest}", &"alias/aws/"[..at]));
        }
    }
}

#[track_caller]
fn says(error: Result<impl std::fmt::Debug, ParseError>, rule: Rule, position: usize, words: &str) {
    let error = error.unwrap_err();
    assert_eq!((error.rule(), error.position()), (rule, position));
    // Between the two stands the text.
    let (what, rest) = words.split_once(": ").unwrap();
    let said = error.to_string();
    assert!(said.starts_with(what) && said.ends_with(rest), "{said}");
}

#[track_caller]
fn refused(name: &str, rule: Rule, position: usize, words: &str) {
    says(name.parse::<AliasName>(), rule, position, words);
}

#[test]
fn a_missing_prefix_is_refused_a1() {
    let words = "invalid alias name: expected `alias/` at the beginning of the name, found `p` at byte 0 (rule A1)";
    refused("payments", Rule::A1, 0, words);
}

#[test]
fn a_prefix_in_upper_case_is_refused_a1() {
    let words = "invalid alias name: expected `alias/` at the beginning of the name, found `A` at byte 0 (rule A1)";
    refused("Alias/payments", Rule::A1, 0, words);
}

#[test]
fn half_a_prefix_is_refused_a1() {
    let words = "invalid alias name: expected `alias/` at the beginning of the name, found the end at byte 5 (rule A1)";
    refused("alias", Rule::A1, 5, words);
}

#[test]
fn an_empty_name_is_refused_a2() {
    let words =
        "invalid alias name: expected `alias/` and a name, found the end at byte 0 (rule A2)";
    refused("", Rule::A2, 0, words);
}

#[test]
fn a_bare_prefix_is_refused_a2() {
    let words = "invalid alias name: expected at least one character after the prefix, found the \
                 end at byte 6 (rule A2)";
    refused("alias/", Rule::A2, 6, words);
}

#[test]
fn a_name_of_257_bytes_is_refused_a2() {
    let words = "invalid alias name: expected at most 256 bytes, found `Z` at byte 256 (rule A2)";
    refused(&format!("{}Z", name_of(256)), Rule::A2, 256, words);
}

#[test]
fn a_dot_is_refused_a3() {
    let words = "invalid alias name: expected a letter, a digit, `/`, `_` or `-`, found `.` at byte \
                 9 (rule A3)";
    refused("alias/pay.ments", Rule::A3, 9, words);
}

#[test]
fn a_colon_is_refused_a3() {
    let words = "invalid alias name: expected a letter, a digit, `/`, `_` or `-`, found `:` at byte \
                 9 (rule A3)";
    refused("alias/pay:ments", Rule::A3, 9, words);
}

#[test]
fn what_was_found_is_readable_a3() {
    let found = |name: &str| name.parse::<AliasName>().unwrap_err().to_string();
    assert!(found("alias/a\n").contains(r"found `\n` at byte 7 "));
    assert!(found("alias/a\u{200b}").contains(r"found `\u{200b}` at byte 7 "));
    assert!(found("alias/a`").contains("found a backtick at byte 7 "));
    assert!(found("alias/clé").contains("found `é` at byte 8 "));
}

#[test]
fn the_text_is_quoted_as_far_as_it_is_read() {
    let said = |name: &str| name.parse::<AliasName>().unwrap_err().to_string();
    assert_eq!(
        said("acme"),
        "invalid alias name `acme`: expected `alias/` at the beginning of the name, found `c` at \
         byte 1 (rule A1)"
    );
    assert!(said("alias/a\u{1b}[2J").starts_with(r"invalid alias name `alias/a\u{1b}[2J`: "));
    let long = format!("alias/{}.", "é".repeat(100_000));
    assert!(said(&long).starts_with(&format!("invalid alias name `alias/{}…`: ", "é".repeat(37))));
    assert!(said("").starts_with("invalid alias name: "));
}

#[test]
fn a_reserved_name_is_refused_a4() {
    let words = "invalid alias name: expected a name that does not begin with `alias/aws`, found \
                 `s` at byte 8 (rule A4)";
    refused("alias/awsome", Rule::A4, 8, words);
    refused("alias/aws/s3", Rule::A4, 8, words);
}

#[test]
fn todays_reading_reserves_less_a4() {
    let parse = |name| AliasName::parse_with(name, ReservedNames::AliasAwsSlash);
    assert_eq!(parse("alias/awsome").unwrap(), "alias/awsome");
    assert_eq!(parse("alias/aws").unwrap(), "alias/aws");
    let words = "invalid alias name: expected a name that does not begin with `alias/aws/`, found \
                 `/` at byte 9 (rule A4)";
    says(parse("alias/aws/s3"), Rule::A4, 9, words);
    says(parse("alias/aws/"), Rule::A4, 9, words);
}

#[test]
fn a_reserved_name_with_a_dot_breaks_a3_before_a4() {
    let error = "alias/aws.ome".parse::<AliasName>().unwrap_err();
    assert_eq!((error.rule(), error.position()), (Rule::A3, 9));
}

#[test]
fn upper_case_is_not_reserved_a4_a5() {
    assert!(AliasName::is_valid("alias/AWS/s3"));
    assert!(AliasName::is_valid("alias/Awsome"));
}

#[test]
fn names_that_differ_in_case_are_two_a5() {
    let (upper, lower) = (
        AliasName::from_static("alias/App"),
        AliasName::from_static("alias/app"),
    );
    assert_ne!(upper, lower);
    assert!(upper < lower);
    assert_eq!(HashMap::from([(&upper, 1), (&lower, 2)]).len(), 2);
}

#[test]
fn a_name_of_aws_begins_with_its_prefix_a8() {
    let words =
        "invalid name of an AWS alias: expected `alias/aws/`, found `l` at byte 6 (rule A8)";
    says("alias/ledger".parse::<AwsAliasName>(), Rule::A8, 6, words);
    let words =
        "invalid name of an AWS alias: expected `alias/aws/`, found `o` at byte 9 (rule A8)";
    says("alias/awsome".parse::<AwsAliasName>(), Rule::A8, 9, words);
    let words = "invalid name of an AWS alias: expected at least one character after the prefix, \
                 found the end at byte 10 (rule A2)";
    says("alias/aws/".parse::<AwsAliasName>(), Rule::A2, 10, words);
}

#[test]
fn no_customers_name_is_of_aws_a4_a8() {
    let any: AnyAliasName = "alias/aws/s3".parse().unwrap();
    let words = "invalid alias name: expected a name that does not begin with `alias/aws`, found `s` \
                 at byte 8 (rule A4)";
    says(AliasName::try_from(any.clone()), Rule::A4, 8, words);
    assert_eq!(AwsAliasName::try_from(any).unwrap().service(), "s3");
}

const LEDGER: AliasName = AliasName::from_static("alias/ledger");
const IS_VALID: [bool; 3] = [
    AliasName::is_valid("alias/ledger"),
    AliasName::is_valid("alias/awsome"),
    AnyAliasName::is_valid("alias/aws/s3"),
];

#[test]
fn names_are_checked_at_compile_time() {
    assert_eq!(LEDGER, "alias/ledger");
    assert_eq!("alias/ledger".parse(), Ok(LEDGER));
    assert_eq!(IS_VALID, [true, false, true]);
}

#[test]
#[should_panic(expected = "not an alias name")]
fn no_constant_lacks_the_prefix_a1() {
    let _ = AliasName::from_static("ledger");
}

#[test]
#[should_panic(expected = "not an alias name")]
fn no_constant_is_reserved_a4() {
    let _ = AliasName::from_static("alias/awsome");
}

#[test]
fn names_are_found_by_their_text() {
    let ledger: AliasName = "alias/ledger".parse().unwrap();
    assert_eq!(
        HashMap::from([(ledger.clone(), 1)]).get("alias/ledger"),
        Some(&1)
    );
    assert_eq!(BTreeMap::from([(ledger, 1)]).get("alias/ledger"), Some(&1));
}

#[test]
fn readings_of_a4_are_serialized_as_what_they_reserve() {
    let json = |reserved_names| serde_json::to_string(&reserved_names).unwrap();
    assert_eq!(json(ReservedNames::AliasAws), r#""alias/aws""#);
    assert_eq!(json(ReservedNames::AliasAwsSlash), r#""alias/aws/""#);
    for reserved_names in [ReservedNames::AliasAws, ReservedNames::AliasAwsSlash] {
        let read: ReservedNames = serde_json::from_str(&json(reserved_names)).unwrap();
        assert_eq!(read, reserved_names);
    }
    assert!(serde_json::from_str::<ReservedNames>(r#""alias/""#).is_err());
    assert_eq!(ReservedNames::default(), ReservedNames::AliasAws);
}
