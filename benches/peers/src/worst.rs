//! The longest time that one create or one delete takes on the way to many aliases and back.
//!
//! What the machine does besides lengthens any operation now and then. So the same life is lived several
//! times, and of each operation the shortest time counts: what is left is what the operation itself does,
//! such as to grow.

use std::collections::HashMap;
use std::time::Instant;

use kms_alias::{AliasName, AliasTable, KeyId, Timestamp};

use crate::accounts::{AT, key_count, parts, shuffled};
use crate::inputs::{key_id, name};
use crate::measure::{Row, Sample};

/// The times of each create and each delete, in nanoseconds.
struct Times([Vec<u64>; 2]);

impl Times {
    fn least(self, other: Self) -> Self {
        let pairs = self.0.into_iter().zip(other.0);
        let least = pairs.map(|(one, other)| {
            one.into_iter()
                .zip(other)
                .map(|(one, other)| one.min(other))
                .collect()
        });
        let mut least = least;
        Self(std::array::from_fn(|_| least.next().expect("two lists")))
    }

    /// The longest of them, in microseconds.
    fn worst(&self) -> [Sample; 2] {
        self.0.each_ref().map(|times| {
            let worst = times.iter().copied().max().unwrap_or_default();
            Sample::once(worst as f64 / 1000.0)
        })
    }
}

fn timed<T>(count: usize, mut what: impl FnMut(usize) -> T) -> Vec<u64> {
    (0..count)
        .map(|number| {
            let start = Instant::now();
            let value = what(number);
            let time = start.elapsed().as_nanos() as u64;
            drop(value);
            time
        })
        .collect()
}

/// Creates all aliases of an empty table in no order, and deletes them in another.
fn ours(empty: &AliasTable, names: &[AliasName], keys: &[KeyId], order: &[usize]) -> Times {
    let mut table = empty.clone();
    let at = Timestamp::from_millis(AT);
    let created = timed(names.len(), |number| {
        let key = keys[number % keys.len()];
        table
            .create_alias(names[number].clone(), key, at)
            .expect("a free name")
    });
    let deleted = timed(names.len(), |number| {
        table.delete_alias(&names[order[number]]).expect("an alias")
    });
    Times([created, deleted])
}

fn theirs(names: &[AliasName], keys: &[String], order: &[usize]) -> Times {
    let mut map = HashMap::new();
    let created = timed(names.len(), |number| {
        map.insert(
            names[number].as_str().to_owned(),
            keys[number % keys.len()].clone(),
        )
    });
    let deleted = timed(names.len(), |number| {
        map.remove(names[order[number]].as_str())
    });
    Times([created, deleted])
}

pub fn rows(aliases: usize, lives: usize) -> Vec<Row> {
    let mut parts = parts(aliases);
    parts.aliases.clear();
    let empty = parts.into_table().expect("a table of keys");
    let ids: Vec<String> = (0..key_count(aliases)).map(key_id).collect();
    let keys: Vec<KeyId> = ids.iter().map(|id| id.parse().expect("a key ID")).collect();
    let names = shuffled(aliases).into_iter().map(name);
    let names: Vec<AliasName> = names.map(|name| name.parse().expect("a name")).collect();
    let order = shuffled(aliases);
    let repeat = |live: &dyn Fn() -> Times| (1..lives).fold(live(), |times, _| times.least(live()));
    let of_ours = repeat(&|| ours(&empty, &names, &keys, &order)).worst();
    let of_theirs = repeat(&|| theirs(&names, &ids, &order)).worst();
    let [our_create, our_delete] = of_ours;
    let [their_create, their_delete] = of_theirs;
    let row = |name, what, theirs, ours| Row {
        name,
        what,
        theirs_is: "HashMap<String, String>",
        leaves_out: "every check, dates, the aliases of a key, order",
        unit: "µs",
        theirs,
        ours,
    };
    vec![
        row(
            "worst_create_1m_vs_hashmap",
            "the longest create on the way to 1,000,000 aliases",
            their_create,
            our_create,
        ),
        row(
            "worst_delete_1m_vs_hashmap",
            "the longest delete on the way back",
            their_delete,
            our_delete,
        ),
    ]
}
