//! Accounts as the AWS CLI prints them: what loads, and what does not fit and why.

#[path = "account/carried.rs"]
mod carried;
#[path = "account/dates.rs"]
mod dates;
#[path = "account/refused.rs"]
mod refused;

use kms_alias::{
    AliasTable, KeyId, KeyState, KeyStatus, MultiRegionRole, ReservedNames, ReturnsTo, Rule,
    Timestamp, WaitingPeriod, Warning,
};
use kms_alias_files::{AccountError, Fault, File, Loaded, Options, list_aliases_json, load};

const FIRST: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const SECOND: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const MULTI_REGION: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";
const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";

/// A key's document; `more` are further members, which come last and so may not repeat these.
fn key(key_id: &str, more: &str) -> String {
    format!(
        r#"{{"KeyMetadata": {{"KeyId": "{key_id}", "Arn": "{SCOPE}:key/{key_id}", "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"{more}}}}}"#
    )
}

fn enabled(key_id: &str) -> String {
    key(key_id, r#", "KeyState": "Enabled""#)
}

fn alias(name: &str, key_id: &str) -> String {
    format!(r#"{{"AliasName": "{name}", "AliasArn": "{SCOPE}:{name}", "TargetKeyId": "{key_id}"}}"#)
}

fn aliases(entries: &[String]) -> String {
    format!(r#"{{"Aliases": [{}]}}"#, entries.join(",\n"))
}

fn load_text(documents: &[&str]) -> Result<AliasTable, AccountError> {
    let text = documents.join("\n");
    load(
        &[File {
            name: "account.json",
            bytes: text.as_bytes(),
        }],
        Options::default(),
    )
}

#[track_caller]
fn loaded(documents: &[&str]) -> AliasTable {
    load_text(documents).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn status_of(more: &str, key_id: &str) -> KeyStatus {
    let table = loaded(&[&key(key_id, more)]);
    table
        .key(key_id.parse::<kms_alias::KeyId>().expect("a key ID"))
        .expect("the key")
        .status()
}

/// The error's words are these, and its rule.
#[track_caller]
fn refused(documents: &[&str], rule: Option<Rule>, words: &str) {
    let error = load_text(documents).expect_err("an account that does not fit");
    assert_eq!(error.to_string(), words);
    assert_eq!(error.rule(), rule, "{error}");
}

#[test]
fn documents_load_in_any_order_and_number_l1() {
    let list = aliases(&[alias("alias/b", FIRST), alias("alias/a", SECOND)]);
    let keys = format!(r#"{{"Keys": [{{"KeyId": "{FIRST}", "KeyArn": "{SCOPE}:key/{FIRST}"}}]}}"#);
    let (first, second) = (enabled(FIRST), enabled(SECOND));
    let table = loaded(&[&list, &keys, &first, &second]);
    assert_eq!(table, loaded(&[&second, &first, &list]));
    assert_eq!(table.scope(), *SCOPE);
    let names: Vec<_> = table.iter().map(|alias| alias.name().to_owned()).collect();
    assert_eq!(names, ["alias/a", "alias/b"]);
}

#[test]
fn an_alias_whose_key_is_not_described_is_a_fact_i6() {
    let table = loaded(&[&aliases(&[alias("alias/a", FIRST)])]);
    let first: KeyId = FIRST.parse().expect("a key ID");
    assert_eq!(
        table.get("alias/a").and_then(|alias| alias.target_key_id()),
        Some(first)
    );
    assert!(table.undescribed_keys().eq([first]));
}

#[test]
fn keys_that_are_listed_and_not_described_are_told_once_in_their_order_t1() {
    let listed = |key_ids: &[&str]| {
        let entries = key_ids
            .iter()
            .map(|key_id| format!(r#"{{"KeyId": "{key_id}"}}"#));
        format!(r#"{{"Keys": [{}]}}"#, entries.collect::<Vec<_>>().join(","))
    };
    let described = enabled(SECOND);
    let all = [FIRST, MULTI_REGION, SECOND];
    for (lists, undescribed) in [
        (&[&all[..0]][..], &all[..0]),
        (&[&[SECOND]], &all[..0]),
        (&[&[MULTI_REGION, FIRST, SECOND]], &all[..2]),
        (
            &[&[MULTI_REGION, FIRST], &[FIRST, SECOND, FIRST]],
            &all[..2],
        ),
    ] {
        let lists: Vec<_> = lists.iter().map(|list| listed(list)).collect();
        for described_last in [false, true] {
            let mut texts = lists.clone();
            texts.insert(
                if described_last { lists.len() } else { 0 },
                described.clone(),
            );
            let file = |text| File {
                name: "account.json",
                bytes: str::as_bytes(text),
            };
            let files: Vec<_> = texts.iter().map(|text| file(text)).collect();
            let loaded = Loaded::read(&files, Options::default()).expect("an account");
            assert_eq!(loaded.undescribed_keys(), undescribed);
            assert_eq!(loaded.table().key_count(), 1);
            assert_eq!(Ok(loaded.into_table()), load(&files, Options::default()));
        }
    }
}

#[test]
fn files_and_pages_join_l3() {
    let pages = [
        format!(
            r#"{{"Aliases": [{}], "Truncated": true, "NextMarker": "x"}}"#,
            alias("alias/a", FIRST)
        ),
        format!(
            r#"{{"Aliases": [{}], "NextToken": "eyJ"}}"#,
            alias("alias/b", FIRST)
        ),
        format!(
            r#"{{"Aliases": [{}], "Truncated": false}}"#,
            alias("alias/c", FIRST)
        ),
        enabled(FIRST),
    ];
    let files: Vec<_> = pages
        .iter()
        .map(|page| File {
            name: "page",
            bytes: page.as_bytes(),
        })
        .collect();
    assert_eq!(
        load(&files, Options::default()).map(|table| table.len()),
        Ok(3)
    );
}

#[test]
fn a_list_without_its_last_page_is_refused_l3() {
    for goes_on in [r#""Truncated": true"#, r#""NextToken": "eyJ""#] {
        let list = format!(r#"{{"Aliases": [{}], {goes_on}}}"#, alias("alias/a", FIRST));
        refused(
            &[&enabled(FIRST), &list],
            Some(Rule::L3),
            "account.json:3: the list goes on (`Truncated` or `NextToken`), and its last page is not there: \
             print all pages (rule L3)",
        );
    }
}

#[test]
fn the_dates_of_both_versions_of_the_cli_load() {
    let at = Timestamp::from_millis(1_521_062_623_185);
    for date in [
        "1521062623.185",
        r#""2018-03-14T21:23:43.185000+00:00""#,
        r#""2018-03-14T14:23:43.185-07:00""#,
        r#""2018-03-14T14\u003a23\u003a43.185-07:00""#,
    ] {
        let list = format!(
            r#"{{"Aliases": [{{"AliasName": "alias/aws/s3", "AliasArn": "{SCOPE}:alias/aws/s3", "CreationDate": {date}}}]}}"#
        );
        let table = loaded(&[&list]);
        let alias = table.get("alias/aws/s3").expect("the alias");
        assert_eq!(
            (alias.creation_date(), alias.last_updated_date()),
            (Some(at), None),
            "{date}"
        );
    }
}

#[test]
fn a_fraction_below_a_millisecond_is_rounded() {
    for (date, millis) in [
        ("1.0005", 1001),
        ("-1.0005", -1000),
        ("-0.0005", 0),
        (r#""1969-12-31T23:59:59.999500Z""#, 0),
        (r#""1970-01-01T00:00:01.000500Z""#, 1001),
        (r#""1970-01-01T00:00:01.000499Z""#, 1000),
        ("0.122999", 123),
        ("7", 7000),
        ("-7", -7000),
    ] {
        let list = format!(
            r#"{{"Aliases": [{{"AliasName": "alias/aws/s3", "AliasArn": "{SCOPE}:alias/aws/s3", "CreationDate": {date}}}]}}"#
        );
        let created = loaded(&[&list])
            .get("alias/aws/s3")
            .and_then(|alias| alias.creation_date());
        assert_eq!(created, Some(Timestamp::from_millis(millis)), "{date}");
    }
}

#[test]
fn a_date_that_is_none_is_refused() {
    for (date, said) in [
        (r#""2018-03-14T14:23:43""#, "2018-03-14T14:23:43"),
        (r#""now""#, "now"),
        ("1e300", "1"),
    ] {
        let list = format!(
            r#"{{"Aliases": [{{"AliasName": "alias/aws/s3", "AliasArn": "{SCOPE}:alias/aws/s3", "CreationDate": {date}}}]}}"#
        );
        let error = load_text(&[&list]).expect_err("no date").to_string();
        assert!(
            error.starts_with(&format!("account.json:1: Aliases[0]: `{said}")),
            "{error}"
        );
        assert!(error.ends_with("is neither a number of seconds since the Unix epoch nor an ISO 8601 time with an offset"));
    }
}

#[test]
fn the_aliases_of_aws_load_with_a_target_or_without_a8_i2() {
    let described = key(FIRST, r#", "KeyState": "Enabled""#).replace("CUSTOMER", "AWS");
    let without =
        format!(r#"{{"AliasName": "alias/aws/ssm", "AliasArn": "{SCOPE}:alias/aws/ssm"}}"#);
    let list = aliases(&[
        alias("alias/aws/ebs", FIRST),
        alias("alias/aws/s3", SECOND),
        without,
    ]);
    let table = loaded(&[&list, &described]);
    let targets: Vec<_> = table.iter().map(|alias| alias.target_key_id()).collect();
    let id = |text: &str| text.parse::<KeyId>().ok();
    assert_eq!(targets, [id(FIRST), id(SECOND), None]);
    assert_eq!(table.key_count(), 1);
}

#[test]
fn unknown_members_are_ignored_however_deep() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let list = format!(
        r#"{{"Aliases": [{}], "New": {deep}, "ResponseMetadata": {{"a": 1}}}}"#,
        alias("alias/a", FIRST)
    );
    assert_eq!(loaded(&[&enabled(FIRST), &list]).len(), 1);
}

#[test]
fn the_old_name_of_the_key_spec_stands_in_m() {
    let old = enabled(FIRST).replace("KeySpec", "CustomerMasterKeySpec");
    assert_eq!(loaded(&[&old]), loaded(&[&enabled(FIRST)]));
    let both = key(
        FIRST,
        r#", "KeyState": "Enabled", "CustomerMasterKeySpec": "RSA_2048""#,
    );
    assert_eq!(
        loaded(&[&both]),
        loaded(&[&enabled(FIRST)]),
        "the new name decides"
    );
}

#[test]
fn what_goes_with_a_state_loads_with_it_s2_s4() {
    let pending = r#", "KeyState": "PendingDeletion", "DeletionDate": 1521062623.185"#;
    let deletion_date = Some(Timestamp::from_millis(1_521_062_623_185));
    assert_eq!(
        status_of(pending, FIRST),
        KeyStatus::PendingDeletion { deletion_date }
    );
    let replicas = r#", "KeyState": "PendingReplicaDeletion", "PendingDeletionWindowInDays": 9"#;
    let waiting_period = WaitingPeriod::from_days(9).expect("9 days");
    assert_eq!(
        status_of(replicas, MULTI_REGION),
        KeyStatus::PendingReplicaDeletion { waiting_period }
    );
    let waiting_period = WaitingPeriod::default();
    assert_eq!(
        status_of(r#", "KeyState": "PendingReplicaDeletion""#, MULTI_REGION),
        KeyStatus::PendingReplicaDeletion { waiting_period }
    );
    let unavailable =
        key(FIRST, r#", "KeyState": "Unavailable""#).replace(r#""AWS_KMS""#, r#""AWS_CLOUDHSM""#);
    let table = loaded(&[&unavailable]);
    let status = table.keys().next().expect("the key").status();
    assert_eq!(
        status,
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Enabled
        }
    );
}

#[test]
fn the_role_of_a_multi_region_key_loads_s4() {
    let role = |configuration: &str| {
        let more = format!(r#", "KeyState": "Enabled", "MultiRegion": true{configuration}"#);
        loaded(&[&key(MULTI_REGION, &more)])
            .keys()
            .next()
            .expect("the key")
            .multi_region_role()
    };
    let primary = r#", "MultiRegionConfiguration": {"MultiRegionKeyType": "PRIMARY", "ReplicaKeys": [{}, {}]}"#;
    assert_eq!(
        role(primary),
        Some(MultiRegionRole::Primary { replicas: 2 })
    );
    let other = r#", "MultiRegionConfiguration": {"MultiRegionKeyType": "COPY"}"#;
    let other = key(MULTI_REGION, &format!(r#", "KeyState": "Enabled"{other}"#));
    refused(
        &[&other],
        Some(Rule::M),
        "account.json:1: KeyMetadata: `MultiRegionKeyType`: unknown multi-Region key type `COPY`: known are PRIMARY, \
         REPLICA (rule M)",
    );
    let replica = r#", "MultiRegionConfiguration": {"MultiRegionKeyType": "REPLICA"}"#;
    assert_eq!(role(replica), Some(MultiRegionRole::Replica));
    assert_eq!(role(""), Some(MultiRegionRole::Primary { replicas: 0 }));
}

#[test]
fn what_stands_is_a_fact_and_a_warning_i3_a4_t6() {
    let mut entries: Vec<_> = (0..51)
        .map(|number| alias(&format!("alias/a{number}"), FIRST))
        .collect();
    entries.push(alias("alias/aws-prod", SECOND));
    let documents = [enabled(FIRST), enabled(SECOND), aliases(&entries)].join("\n");
    let files = [File {
        name: "account.json",
        bytes: documents.as_bytes(),
    }];
    let strict = load(&files, Options::default()).expect("facts load");
    let warnings: Vec<_> = strict.warnings().collect();
    assert_eq!(
        warnings.iter().map(Warning::rule).collect::<Vec<_>>(),
        [Rule::T6, Rule::A4]
    );
    assert!(
        warnings[1].to_string().contains("--reserved alias/aws/"),
        "{}",
        warnings[1]
    );
    let current = Options::default()
        .with_reserved_names(ReservedNames::AliasAwsSlash)
        .with_aliases_per_key(51);
    assert_eq!(
        load(&files, current)
            .expect("facts load")
            .warnings()
            .count(),
        0
    );
}

#[test]
fn json_nested_a_million_deep_is_an_error() {
    for open in [
        "[",
        "{\"Aliases\":",
        "{\"Aliases\":[",
        "{\"KeyMetadata\":{\"KeyId\":[",
    ] {
        let error = load_text(&[&open.repeat(1_000_000)]).expect_err("no account");
        assert_eq!(error.file(), "account.json");
    }
}

#[test]
fn the_mark_before_a_text_is_passed_over() {
    assert_eq!(
        loaded(&[&format!("\u{feff}{}", enabled(FIRST))]).key_count(),
        1
    );
}

#[test]
fn what_is_written_loads_again() {
    let dated = alias("alias/a", FIRST).replace(
        '}',
        r#", "CreationDate": 1.25, "LastUpdatedDate": -1900000000000.25}"#,
    );
    let without =
        format!(r#"{{"AliasName": "alias/aws/ssm", "AliasArn": "{SCOPE}:alias/aws/ssm"}}"#);
    let table = loaded(&[
        &enabled(FIRST),
        &aliases(&[dated, without, alias("alias/aws/s3", SECOND)]),
    ]);
    let written = list_aliases_json(&table);
    assert_eq!(loaded(&[&enabled(FIRST), &written]), table, "{written}");
    assert!(
        written.contains(r#""CreationDate": "1970-01-01T00:00:01.25Z""#),
        "{written}"
    );
    let pending = r#", "KeyState": "PendingDeletion""#;
    assert_eq!(status_of(pending, FIRST).state(), KeyState::PendingDeletion);
}

#[test]
fn an_array_does_not_stand_for_an_object() {
    let key_members = "null, ".repeat(12);
    for document in [
        format!(
            r#"[[{}], null, null, false, null]"#,
            alias("alias/aws/s3", FIRST)
        ),
        format!(r#"{{"Aliases": [["alias/aws/s3", "{SCOPE}:alias/aws/s3", null, null, null]]}}"#),
        format!(r#"{{"KeyMetadata": [{key_members} null]}}"#),
        format!(r#"{{"Keys": [["{FIRST}", null]]}}"#),
    ] {
        let error = load_text(&[&document]).expect_err("an array").to_string();
        assert!(
            error.contains("neither `Aliases` nor") || error.contains("an object is expected here"),
            "{error}"
        );
    }
}

#[test]
fn a_key_above_the_quota_is_said_to_be_denied_by_conditions_on_its_aliases_p5() {
    let entries: Vec<_> = (0..51)
        .map(|number| alias(&format!("alias/a{number:02}"), FIRST))
        .collect();
    let above = loaded(&[&enabled(FIRST), &aliases(&entries)]);
    let words = format!(
        "key {SCOPE}:key/{FIRST} has 51 aliases, more than the quota of 50 (rule T6): while it has, every condition on \
         kms:ResourceAliases denies its use (rule P5)"
    );
    assert_eq!(
        above
            .warnings()
            .map(|warning| warning.to_string())
            .collect::<Vec<_>>(),
        [words]
    );
    let at_quota = loaded(&[&enabled(FIRST), &aliases(&entries[..50])]);
    assert_eq!(at_quota.warnings().count(), 0);
}
