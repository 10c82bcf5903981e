//! Bytes as AWS's log, and logs that the model tells.

use arbitrary::Unstructured;
use kms_alias::{AliasTable, Scope};
use kms_alias_audit::{Choice, Coverage, NotJudged, Report, Trail, audit, read_trail};
use kms_alias_files::File;

use super::table::{request, world};
use kms_alias_testing::invariants;
use kms_alias_testing::model::adaptor;
use kms_alias_testing::model::world::Event;
use kms_alias_testing::told::told;
use kms_alias_testing::trail_writer::file;

/// What separates the files: a byte that no file of UTF-8 holds.
const SEPARATOR: u8 = 0xff;

/// What begins bytes that choose a world and what happens in it.
const WORLD: &[u8] = b"world";

/// Bytes are an error that names the file, or a report whose counts add up and whose table keeps
/// every invariant; a log of the model's own verdicts agrees entirely, and contradicts nobody who
/// knows only a part of the account.
pub fn trail(data: &[u8]) {
    match data.strip_prefix(WORLD) {
        Some(data) => told_log(data),
        None => arbitrary_log(data),
    }
}

fn arbitrary_log(data: &[u8]) {
    let parts = data.split(|byte| *byte == SEPARATOR).take(3);
    let file = |bytes| File {
        name: "file",
        bytes,
    };
    let files: Vec<File<'_>> = parts.map(file).collect();
    let trail = match read_trail(&files) {
        Ok(trail) => trail,
        Err(error) => {
            assert!(error.to_string().starts_with("file"), "{error}");
            assert!(error.line().is_none_or(|line| line >= 1));
            return;
        }
    };
    assert!(trail.events().is_sorted_by_key(|event| event.time()));
    let scopes = trail.scopes();
    let placed: usize = scopes.iter().map(|(_, count)| count).sum();
    assert!(placed <= trail.events().len());
    for (scope, count) in scopes.into_iter().take(3) {
        for coverage in [Coverage::Whole, Coverage::Part] {
            check_report(&audit(account(scope), coverage, &trail), &trail, count);
        }
    }
}

/// An account with the keys of the samples in it, as far as its log has not made them.
fn account(scope: Scope) -> AliasTable {
    let mut table = AliasTable::new(scope).with_aliases_per_key(2);
    let key_id = kms_alias::KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    let arn = kms_alias::KeyArn::new(scope, key_id);
    let key = kms_alias::KeyMetadata::builder(arn).build().expect("a key");
    table.insert_key(key).expect("the only key");
    let at = kms_alias::Timestamp::from_millis(0);
    table
        .create_alias("alias/a".parse().expect("a name"), key_id, at)
        .expect("the only alias");
    table
}

fn check_report(report: &Report<'_>, trail: &Trail, of_scope: usize) {
    let not_judged: usize = report.not_judged().map(|(_, count)| count).sum();
    assert_eq!(report.judged() + not_judged, of_scope);
    assert_eq!(of_scope + report.of_other_scopes(), trail.events().len());
    invariants::check(report.table());
    for finding in report.findings() {
        assert_eq!(finding.event().scope(), Some(report.scope()));
    }
    for evidence in report.evidence() {
        assert_eq!(
            evidence.confirmed() > 0,
            evidence.first_confirmation().is_some()
        );
        assert_eq!(
            evidence.contradicted() > 0,
            evidence.first_contradiction().is_some()
        );
        let of_finding = report
            .findings()
            .iter()
            .filter(|finding| finding.choices().contains(&evidence.choice()));
        if evidence.choice() != Choice::RegionLengths {
            assert!(evidence.contradicted() >= of_finding.count());
        }
    }
}

/// A log that the model tells, as the bytes choose what happens.
fn told_log(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(mut model) = world(&mut u) else { return };
    let before = adaptor::table(&model);
    let (mut records, mut second) = (Vec::new(), 0);
    while !u.is_empty() && records.len() < 200 {
        let Ok(request) = request(&mut u) else { break };
        second += 1 + u.int_in_range(0..=40 * 24 * 60 * 60).unwrap_or(0);
        records.extend(told(&mut model, &Event::Ask(request, 0), second));
    }
    let bytes = file(&records);
    let bytes = bytes.as_bytes();
    let trail = read_trail(&[File {
        name: "file",
        bytes,
    }])
    .expect("a log");
    let nothing = AliasTable::new(before.scope())
        .with_reserved_names(before.reserved_names())
        .with_aliases_per_key(before.aliases_per_key());
    let report = audit(before, Coverage::Whole, &trail);
    assert!(report.findings().is_empty(), "{:?}", report.findings());
    // Of a key that only an alias of AWS's own tells no more is known (rules H2, I6), and IAM refuses
    // with the exception by which a key of AWS's own refuses (rules T4, S7).
    let apart = |reason| matches!(reason, NotJudged::KeyNotDescribed | NotJudged::Permission);
    let not_judged: Vec<_> = report.not_judged().collect();
    let counts = not_judged.iter().filter(|(reason, _)| apart(*reason));
    let count: usize = counts.map(|(_, count)| count).sum();
    assert_eq!(report.agreed() + count, records.len(), "{not_judged:?}");
    invariants::check(report.table());
    let report = audit(nothing, Coverage::Part, &trail);
    assert!(report.findings().is_empty(), "{:?}", report.findings());
    invariants::check(report.table());
}
