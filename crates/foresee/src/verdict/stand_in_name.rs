//! Texts that stand in names for what is not known before it is made.

use super::request::UnknownName;

/// What a part of an alias name begins with that stands for one which is not known before it is
/// made: no other name has it. After a run such an alias is known by this name;
/// [`name_shown`](super::name_shown) is for output.
pub const STAND_IN_NAME: &str = "unknown-7f3a";

/// A part of an alias name, of so many characters, that stands for one which is not known: equal
/// labels have equal parts, and different labels different ones, unless there is room for a few
/// characters only.
///
/// ```
/// use kms_alias_foresee::verdict::{STAND_IN_NAME, stand_in_part};
///
/// let part = stand_in_part("aws_kms_alias.a.name", 26);
/// assert!(part.starts_with(STAND_IN_NAME) && part.len() == 26);
/// assert_ne!(part, stand_in_part("aws_kms_alias.b.name", 26));
/// ```
#[must_use]
pub fn stand_in_part(label: &str, characters: usize) -> String {
    let digits = format!("{:032x}", hash(label));
    // Without room for both, what tells labels apart is kept.
    let marker = if characters < STAND_IN_NAME.len().saturating_add(LEAST_DIGITS) {
        ""
    } else {
        STAND_IN_NAME
    };
    let digits = digits.chars().rev().cycle();
    marker.chars().chain(digits).take(characters).collect()
}

/// So many digits tell labels apart: 56 bits.
const LEAST_DIGITS: usize = 14;

/// So many characters has the unique suffix of a name: a timestamp of 18 digits and 8 hexadecimal
/// digits.
const UNIQUE_SUFFIX: usize = STAND_IN_NAME.len() + LEAST_DIGITS;

/// So many characters stand for what is not known of a name, where there is room for them.
const MOST_CHARACTERS: usize = STAND_IN_NAME.len() + 32;

/// The longest name (rule A2).
const LONGEST: usize = 256;

/// A name like no other, for a name that is not known.
pub(super) fn new_name(unknown: &UnknownName) -> String {
    let begins = !unknown.is_unique && "alias/".starts_with(&*unknown.prefix);
    let prefix = if unknown.prefix.is_empty() || begins {
        "alias/"
    } else {
        &unknown.prefix
    };
    let room = LONGEST.saturating_sub(prefix.len());
    let characters = match unknown.is_unique {
        true => UNIQUE_SUFFIX,
        false => MOST_CHARACTERS.min(room),
    };
    [prefix, &stand_in_part(&unknown.label, characters)].concat()
}

/// FNV-1a of 128 bits.
fn hash(label: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    label.bytes().fold(BASIS, step)
}

#[cfg(test)]
mod tests {
    use super::super::name_form::NameForm;
    use super::*;

    fn unknown(prefix: &str, label: &str, is_unique: bool) -> UnknownName {
        UnknownName {
            label: label.into(),
            prefix: prefix.into(),
            is_unique,
            form: NameForm::Any,
        }
    }

    #[test]
    fn different_labels_have_different_names_however_long_their_prefix_is() {
        for room in [26, 40, 200] {
            let prefix = format!("alias/{}", "p".repeat(256 - 6 - room));
            let mut names = std::collections::BTreeSet::new();
            for number in 0..2_000 {
                let label = format!("module.m[{number}].aws_kms_alias.a.name");
                let name = new_name(&unknown(&prefix, &label, true));
                assert_eq!(name.len(), prefix.len() + 26);
                assert!(names.insert(name), "{label}");
            }
        }
    }

    #[test]
    fn a_name_that_may_end_with_its_prefix_is_no_longer_than_names_are_a2() {
        for length in [6, 200, 250, 255, 256] {
            let prefix = format!("alias/{}", "p".repeat(length - 6));
            let name = new_name(&unknown(&prefix, "Name", false));
            assert!(name.starts_with(&prefix) && name.len() <= 256, "{length}");
        }
    }
}
