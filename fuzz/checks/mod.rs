//! The laws that fuzzing tries to break: one check a target, each with an oracle of its own.
//!
//! A check takes the fuzzer's bytes and panics if a law is broken. The fuzz targets call them, and
//! so does a test that replays the corpora without a fuzzer.
#![allow(dead_code, reason = "a fuzz target uses one of the checks")]

mod account;
mod changes;
mod closed;
mod lint;
mod pattern;
mod plan;
mod snapshot;
mod table;
mod template;
mod terraform;
mod trail;
mod verdict;
mod wire;

pub use account::account;
pub use changes::changes;
pub use lint::lint;
pub use pattern::pattern;
pub use plan::plan;
pub use snapshot::snapshot;
pub use table::table;
pub use template::template;
pub use terraform::terraform_plan;
pub use trail::trail;
pub use verdict::verdict;
pub use wire::wire;

/// A check of some bytes.
pub type Check = fn(&[u8]);

/// Every target by its name, which is that of its corpus.
pub const ALL: &[(&str, Check)] = &[
    ("alias_name", alias_name),
    ("key_id", key_id),
    ("key_arn", key_arn),
    ("key_identifier", key_identifier),
    ("table", table),
    ("snapshot", snapshot),
    ("account", account),
    ("changes", changes),
    ("wire", wire),
    ("trail", trail),
    ("pattern", pattern),
    ("plan", plan),
    ("verdict", verdict),
    ("terraform_plan", terraform_plan),
    ("template", template),
    ("lint", lint),
];

/// Rules A1–A4: parsing agrees with a regex, prints back, and stops at the first hopeless byte.
pub fn alias_name(data: &[u8]) {
    kms_alias_testing::oracle::check_alias_name(&String::from_utf8_lossy(data));
}

/// Rules K1 and K2, likewise.
pub fn key_id(data: &[u8]) {
    kms_alias_testing::oracle::check_key_id(&String::from_utf8_lossy(data));
}

/// Rules K3 and K4, likewise.
pub fn key_arn(data: &[u8]) {
    kms_alias_testing::oracle::check_key_arn(&String::from_utf8_lossy(data));
}

/// Rules K5 and K6, likewise.
pub fn key_identifier(data: &[u8]) {
    kms_alias_testing::oracle::check_key_identifier(&String::from_utf8_lossy(data));
}
