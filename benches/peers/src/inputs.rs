//! What everybody is given: the same in every run.

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

const NAME: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/_-";

/// Alias names of so many bytes, one in twenty with a byte that is not allowed.
pub fn alias_names(count: usize, least: usize, most: usize) -> Vec<String> {
    let mut numbers = Numbers(1);
    (0..count)
        .map(|number| {
            let length = least + numbers.below(most - least + 1);
            let mut name = String::from("alias/");
            while name.len() < length {
                name.push(NAME[numbers.below(NAME.len())] as char);
            }
            if number % 20 == 0 {
                let at = 6 + numbers.below(length - 6);
                name.replace_range(at..=at, ".");
            }
            name
        })
        .collect()
}

/// 32 hex digits as a key ID of one Region has them.
fn dashed(hex: &str) -> String {
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// Key IDs, one in five multi-Region, one in twenty with a bad digit.
pub fn key_ids(count: usize, bad: bool) -> Vec<String> {
    let mut numbers = Numbers(2);
    (0..count)
        .map(|number| {
            let (high, low) = (numbers.next(), numbers.next());
            let hex = format!("{high:016x}{low:016x}");
            let mut id = if number % 5 == 0 {
                format!("mrk-{hex}")
            } else {
                dashed(&hex)
            };
            if bad && number % 20 == 0 {
                id.replace_range(35..36, "G");
            }
            id
        })
        .collect()
}

/// A UUID for a number.
pub fn key_id(number: usize) -> String {
    let hex = format!(
        "{:032x}",
        (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    );
    dashed(&hex)
}

/// The name of an alias: 31 bytes.
pub fn name(number: usize) -> String {
    format!(
        "alias/team-{:04}/service-{number:08}",
        number.wrapping_mul(7_919) % 10_000
    )
}
