//! `KeyId`: both forms exhaustively, and the words.

use kms_alias_testing::oracle;

use std::collections::{HashSet, hash_map::RandomState};
use std::hash::BuildHasher;

use kms_alias::{KeyId, Rule};

use oracle::check_key_id;

const UUID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const MULTI_REGION: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";

#[test]
fn every_character_in_every_place_k1_k2() {
    for text in [UUID, MULTI_REGION] {
        check_key_id(text);
        for place in 0..text.len() {
            for character in '\0'..='\u{ff}' {
                check_key_id(&format!(
                    "{}{character}{}",
                    &text[..place],
                    &text[place + 1..]
                ));
                check_key_id(&format!("{}{character}{}", &text[..place], &text[place..]));
            }
            check_key_id(&format!("{}{}", &text[..place], &text[place + 1..]));
        }
    }
}

#[test]
fn every_length_k1_k2() {
    for length in 0..=300 {
        check_key_id(&"a".repeat(length));
        check_key_id(&"é".repeat(length));
        check_key_id(&format!("mrk-{}", "0".repeat(length)));
        for text in [UUID, MULTI_REGION] {
            let endless = text.chars().chain("0-m".chars().cycle());
            let cut: String = endless.take(length).collect();
            check_key_id(&cut);
            assert_eq!(KeyId::is_valid(&cut), length == 36, "{length}");
        }
    }
}

#[test]
fn every_byte_is_kept_k1_k2() {
    for byte in 0..=u8::MAX {
        for place in 0..16 {
            let mut bytes = [0x5a; 16];
            bytes[place] = byte;
            for multi_region in [false, true] {
                let key_id = KeyId::new(bytes, multi_region);
                check_key_id(&key_id.to_string());
                assert_eq!(key_id.to_string().parse(), Ok(key_id));
            }
        }
    }
}

#[track_caller]
fn refused(text: &str, rule: Rule, position: usize, words: &str) {
    let error = text.parse::<KeyId>().unwrap_err();
    assert_eq!((error.rule(), error.position()), (rule, position));
    // Between the two stands the text.
    let (what, rest) = words.split_once(": ").unwrap();
    let said = error.to_string();
    assert!(said.starts_with(what) && said.ends_with(rest), "{said}");
}

#[test]
fn upper_case_is_refused_k1() {
    let words = "invalid key ID: expected 8 lower-case hex digits, found `A` at byte 4 (rule K1)";
    refused("1234ABCD-12ab-34cd-56ef-1234567890ab", Rule::K1, 4, words);
}

#[test]
fn a_missing_dash_is_refused_k1() {
    let words = "invalid key ID: expected `-`, found `1` at byte 8 (rule K1)";
    refused("1234abcd12ab34cd56ef1234567890ab", Rule::K1, 8, words);
}

#[test]
fn a_digit_too_many_is_refused_k1() {
    let words = "invalid key ID: expected 12 lower-case hex digits, found `0` at byte 36 (rule K1)";
    refused(&format!("{UUID}0"), Rule::K1, 36, words);
}

#[test]
fn an_empty_key_id_is_refused_k1() {
    let words =
        "invalid key ID: expected 8 lower-case hex digits, found the end at byte 0 (rule K1)";
    refused("", Rule::K1, 0, words);
}

#[test]
fn a_short_multi_region_id_is_refused_k2() {
    let words =
        "invalid key ID: expected 32 lower-case hex digits, found the end at byte 8 (rule K2)";
    refused("mrk-1234", Rule::K2, 8, words);
}

#[test]
fn a_multi_region_id_of_33_digits_is_refused_k2() {
    let words = "invalid key ID: expected 32 lower-case hex digits, found `0` at byte 36 (rule K2)";
    refused(&format!("{MULTI_REGION}0"), Rule::K2, 36, words);
}

#[test]
fn dashes_in_a_multi_region_id_are_refused_k2() {
    let words = "invalid key ID: expected 32 lower-case hex digits, found `-` at byte 12 (rule K2)";
    refused(&format!("mrk-{UUID}"), Rule::K2, 12, words);
}

#[test]
fn the_prefix_in_upper_case_is_refused() {
    let words = "invalid key ID: expected 8 lower-case hex digits, found `M` at byte 0 (rule K1)";
    refused("MRK-1234abcd12ab34cd56ef1234567890ab", Rule::K1, 0, words);
}

#[test]
fn one_set_of_bytes_is_two_key_ids_k2() {
    let (one, other) = (KeyId::new([7; 16], false), KeyId::new([7; 16], true));
    assert_ne!(one, other);
    assert!(one < other);
    assert_eq!(HashSet::from([one, other]).len(), 2);
}

const KEY: KeyId = KeyId::from_static(UUID);
const REPLICATED: KeyId = KeyId::from_static(MULTI_REGION);
const IS_VALID: [bool; 2] = [KeyId::is_valid(UUID), KeyId::is_valid("mrk-")];

#[test]
fn key_ids_are_checked_at_compile_time() {
    assert_eq!(KEY, UUID);
    assert_eq!(REPLICATED, MULTI_REGION);
    assert_eq!(IS_VALID, [true, false]);
}

#[test]
#[should_panic(expected = "not a valid key ID")]
fn no_constant_is_in_upper_case_k1() {
    let _ = KeyId::from_static("1234ABCD-12ab-34cd-56ef-1234567890ab");
}

#[test]
#[should_panic(expected = "not a valid key ID")]
fn no_constant_is_short_k2() {
    let _ = KeyId::from_static("mrk-1234");
}

#[test]
fn every_beginning_of_mrk_k2() {
    for beginning in ["m", "mr", "mrk", "mrk-"] {
        for rest in ["", "x", "-", "0", "é"] {
            check_key_id(&format!("{beginning}{rest}"));
        }
    }
}

#[test]
fn key_ids_that_differ_in_a_bit_have_other_hashes_k1() {
    let (hasher, zeros) = (RandomState::new(), KeyId::new([0; 16], false));
    let hashes = (0..128_u32).map(|bit| {
        let key_id = KeyId::new((1_u128 << bit).to_le_bytes(), false);
        hasher.hash_one(key_id)
    });
    let hashes: HashSet<u64> = hashes.chain([hasher.hash_one(zeros)]).collect();
    assert_eq!(hashes.len(), 129);
}
