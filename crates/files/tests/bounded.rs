//! Loading is bounded: what is read decides how much memory is taken, not what the input claims.
//!
//! The allocator counts for the whole process, so all of it is one test.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use kms_alias::{AliasTable, ReservedNames, Scope, Snapshot};
use kms_alias_files::{File, Options, load, read_changes};
use peak_alloc::PeakAlloc;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// The most memory that was held while something was done, beyond what was held before.
fn peak(mut what: impl FnMut()) -> usize {
    PEAK.reset_peak_usage();
    let before = PEAK.current_usage();
    what();
    PEAK.peak_usage().saturating_sub(before)
}

/// Loading a text fails, as an account and as changes, and holds at most so many bytes meanwhile.
#[track_caller]
fn fails_within(what: &str, bytes: &[u8], most: usize) {
    let file = File {
        name: "file",
        bytes,
    };
    let used = peak(|| assert!(load(&[file], Options::default()).is_err(), "{what}"));
    assert!(
        used <= most,
        "{what}: an account took {used} bytes for {}",
        bytes.len()
    );
    let used = peak(|| {
        assert!(
            read_changes(file, ReservedNames::default()).is_err(),
            "{what}"
        )
    });
    assert!(
        used <= most,
        "{what}: changes took {used} bytes for {}",
        bytes.len()
    );
    let used = peak(|| {
        assert!(
            serde_json::from_slice::<AliasTable>(bytes).is_err(),
            "{what}"
        )
    });
    assert!(
        used <= most,
        "{what}: a snapshot took {used} bytes for {}",
        bytes.len()
    );
}

/// Items that claim to be more than there can be.
struct Claiming(usize);

impl Iterator for Claiming {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.0 = self.0.checked_sub(1)?;
        Some(7)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (1_000_000_000_000_000_000, Some(1_000_000_000_000_000_000))
    }
}

/// A snapshot whose list of keys claims 10¹⁸ entries.
fn claims_too_much() {
    let scope: Scope = "arn:aws:kms:eu-west-3:111122223333"
        .parse()
        .expect("a scope");
    let scope = scope.to_string();
    for list in ["keys", "aliases"] {
        let fields = [(list, SeqDeserializer::<_, Error>::new(Claiming(3)))].into_iter();
        let map = MapDeserializer::<_, Error>::new(fields.map(|(name, list)| (name, Lazy(list))));
        assert!(Snapshot::deserialize(map).is_err(), "{scope}");
    }
}

/// A sequence as a value of a map.
struct Lazy(SeqDeserializer<Claiming, Error>);

impl<'de> IntoDeserializer<'de, Error> for Lazy {
    type Deserializer = SeqDeserializer<Claiming, Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        self.0
    }
}

#[test]
fn memory_follows_what_is_read_and_not_what_is_claimed() {
    let size = kms_alias_testing::size(2, 8) * MIB;
    fails_within("nonsense", &vec![b'x'; size], MIB);
    fails_within("white space", &vec![b' '; size], MIB);
    let zeros = "0 ".repeat(size / 2);
    fails_within("numbers", zeros.as_bytes(), MIB);
    let nested = "[".repeat(size);
    // Every open bracket is kept until it is closed.
    fails_within("depth", nested.as_bytes(), 2 * size);
    for start in [
        r#"{"Aliases": [{"AliasName": ""#,
        r#"{"KeyMetadata": {"Description": ""#,
        r#"{"UpdateAlias": {"AliasName": ""#,
        r#"{"scope": ""#,
    ] {
        fails_within(
            "a string that never ends",
            format!("{start}{}", "a".repeat(size)).as_bytes(),
            MIB,
        );
        // What has escapes is copied while it is read: no more than was read, but for growth.
        let escaped = format!("{start}{}", "\\n".repeat(size / 2));
        fails_within(
            "an escaped string that never ends",
            escaped.as_bytes(),
            2 * size,
        );
    }
    let used = peak(claims_too_much);
    assert!(
        used <= 2 * MIB,
        "a claim of 10^18 entries took {used} bytes"
    );
}
