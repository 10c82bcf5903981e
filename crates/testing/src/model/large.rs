//! A large account and changes to it, the same in every run.

use super::{Alias, Key, Model, Request};

const KEYS: u64 = 2_000;
const ALIASES: u64 = 100_000;

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let bound = u64::try_from(of.len()).expect("a length");
        of[usize::try_from(self.below(bound)).expect("an index")]
    }
}

fn key_id(number: u64) -> String {
    if number.is_multiple_of(7) {
        format!("mrk-{number:032x}")
    } else {
        format!("{number:08x}-0000-4000-8000-{number:012x}")
    }
}

fn name(number: u64) -> String {
    format!("alias/service-{:03}/{number}", number % 640)
}

/// Mostly keys between which aliases can move, in states of which most allow it.
fn key(id: &str, numbers: &mut Numbers) -> Key {
    let kinds = [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
        ("RSA_2048", "ENCRYPT_DECRYPT"),
        ("ECC_NIST_P256", "SIGN_VERIFY"),
    ];
    let (spec, usage) = numbers.pick(&kinds);
    let states = [
        "Enabled",
        "Enabled",
        "Enabled",
        "Disabled",
        "PendingDeletion",
    ];
    let key = Key {
        spec,
        usage,
        ..Key::plain(id)
    };
    key.in_state(numbers.pick(&states))
}

/// Fifty aliases a key on the average: every other key is at its quota or above it (rule I3).
pub fn account(numbers: &mut Numbers) -> Model {
    let mut model = Model::new(["aws", "eu-west-3", "111122223333"]);
    for id in (0..KEYS).map(key_id) {
        let key = key(&id, numbers);
        model.insert_key(&id, key).expect("a new key");
    }
    for number in 0..ALIASES {
        let alias = Alias {
            target: Some(key_id(numbers.below(KEYS))),
            created: Some(0),
            updated: Some(0),
        };
        model.put_alias(&name(number), alias);
    }
    model
}

pub fn request(numbers: &mut Numbers) -> Request {
    let id = key_id(numbers.below(KEYS + 20));
    let target = if numbers.chance(50) {
        format!("arn:aws:kms:eu-west-3:111122223333:key/{id}")
    } else {
        id
    };
    let name = name(numbers.below(ALIASES + ALIASES / 10));
    match numbers.below(100) {
        0..40 => Request::alias("UpdateAlias", &name, &target),
        40..60 => Request::alias("CreateAlias", &name, &target),
        60..90 => Request::delete_alias(&name),
        90..93 => Request::key("ScheduleKeyDeletion", &target),
        93..96 => Request::key("CancelKeyDeletion", &target),
        96..98 => Request::key("DisableKey", &target),
        98 => Request::key("EnableKey", &target),
        _ => Request::key("DeleteKey", &key_id(numbers.below(KEYS))),
    }
}
