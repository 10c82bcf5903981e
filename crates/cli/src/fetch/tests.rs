//! The reader against a KMS with limits, denials and interruptions. Time is virtual: waits cost
//! none.

use std::collections::BTreeSet;
use std::fs::{self, File as OsFile};
use std::path::Path;
use std::time::{Duration, SystemTime};

use clap::Parser;
use kms_alias::{AliasTable, Region};
use kms_alias_files::{File, Loaded, Options, load};
use tempfile::TempDir;

use super::Arguments;
use super::fake::Fake;
use super::kms::Question;
use super::pace::Pace;
use super::region::{fetch, fetch_all};
use crate::common::{Exit, Output, Unusable};

const SAMPLE: &str = include_str!("../../data/account.json");
const REGION: Region = Region::from_static("eu-west-3");

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn read(fake: &Fake, folder: &Path) -> Result<String, Unusable> {
    fetch(fake, &REGION, folder, Pace::per_second(20)).await
}

fn written(folder: &Path) -> String {
    fs::read_to_string(folder.join("eu-west-3.json")).expect("the account file")
}

/// What stands in the file of an interrupted run.
fn partial(folder: &Path) -> Option<Vec<u8>> {
    fs::read(folder.join("eu-west-3.json.partial")).ok()
}

fn file(text: &str) -> [File<'_>; 1] {
    let bytes = text.as_bytes();
    [File { name: "f", bytes }]
}

fn table(text: &str) -> AliasTable {
    load(&file(text), Options::default()).expect("an account")
}

#[track_caller]
fn words(result: Result<String, Unusable>) -> String {
    match result {
        Ok(summary) => panic!("it passes: {summary}"),
        Err(unusable) => unusable.to_string(),
    }
}

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

#[test]
fn a_region_that_is_named_twice_is_read_once() {
    let line = "fetch --region eu-west-3 us-east-1 --region eu-west-3";
    let program = Program::try_parse_from(line.split(' ')).expect("arguments");
    let regions = program.arguments.unique_regions();
    assert_eq!(regions, [REGION, Region::from_static("us-east-1")]);
}

#[test]
fn a_url_has_a_scheme_and_a_host() {
    for (url, passes) in [
        ("http://127.0.0.1:8080", true),
        ("https://kms.eu-west-3.amazonaws.com", true),
        ("127.0.0.1:8080", false),
        ("https://", false),
        ("http://a b", false),
    ] {
        let program = Program::try_parse_from(["fetch", "--endpoint-url", url]);
        assert_eq!(program.is_ok(), passes, "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_account_that_is_read_is_the_account_that_is_there() {
    for page in 1..=9 {
        let (fake, folder) = (Fake::of(SAMPLE), folder());
        fake.world().page = page;
        let summary = read(&fake, folder.path()).await.expect("it is read");
        assert!(
            table(&written(folder.path())) == table(SAMPLE),
            "pages of {page}"
        );
        let (aliases, keys) = fake.counts();
        let counts = format!("{aliases} aliases, {keys} keys, {keys} of them described");
        assert!(summary.ends_with(&counts), "{summary}");
        assert_eq!(partial(folder.path()), None);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_region_is_an_account_file_too() {
    let (fake, folder) = (Fake::of(""), folder());
    read(&fake, folder.path()).await.expect("it is read");
    let text = written(folder.path());
    assert_eq!(
        text,
        "{\"Aliases\":[\n],\"Truncated\":false}\n{\"Keys\":[\n],\"Truncated\":false}\n"
    );
}

#[tokio::test(start_paused = true)]
async fn keys_that_may_not_be_described_are_undescribed() {
    for denied in 0..5 {
        let (fake, folder) = (Fake::with_keys(4), folder());
        let ids: BTreeSet<_> = (0..denied.min(4))
            .map(|key| fake.world().key_id(key))
            .collect();
        fake.world().denied.clone_from(&ids);
        read(&fake, folder.path()).await.expect("it is read");
        let text = written(folder.path());
        let loaded = Loaded::read(&file(&text), Options::default()).expect("an account");
        let undescribed = loaded.undescribed_keys().iter();
        let undescribed: BTreeSet<_> = undescribed.map(ToString::to_string).collect();
        assert_eq!(undescribed, ids);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_list_of_keys_those_of_aliases_are_described() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    fake.world().lists_keys = false;
    fake.world().aliases.pop();
    read(&fake, folder.path()).await.expect("it is read");
    let text = written(folder.path());
    assert!(!text.contains("\"Keys\""), "{text}");
    assert_eq!(text.matches("KeyMetadata").count(), 2);
    table(&text);
}

#[tokio::test(start_paused = true)]
async fn without_a_list_of_aliases_nothing_is_written() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    fake.world().lists_aliases = false;
    let words = words(read(&fake, folder.path()).await);
    let expected = "ListAliases: AccessDeniedException: no: allow the caller `kms:ListAliases`; no key is \
                    described yet";
    assert_eq!(words, expected);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[tokio::test(start_paused = true)]
async fn wherever_a_run_ends_the_next_one_goes_on_and_describes_no_key_twice() {
    let (whole, of_whole) = (Fake::with_keys(40), folder());
    read(&whole, of_whole.path()).await.expect("it is read");
    let questions = whole.world().asked.len();
    assert_eq!(questions, 42);
    for breaks_at in 0..questions {
        let (fake, folder) = (Fake::with_keys(40), folder());
        fake.world().breaks_at = breaks_at;
        let words = words(read(&fake, folder.path()).await);
        assert!(words.contains("the connection broke"), "{words}");
        assert!(!folder.path().join("eu-west-3.json").exists());
        let kept = fake.world().described.len();
        assert_eq!(kept, breaks_at.saturating_sub(2), "all that was answered");
        if kept > 0 {
            assert!(words.contains(&format!(".partial: {kept}; ")), "{words}");
        }
        fake.world().breaks_at = usize::MAX;
        read(&fake, folder.path()).await.expect("it is read");
        assert_eq!(written(folder.path()), written(of_whole.path()));
        let described = &fake.world().described;
        let unique: BTreeSet<_> = described.iter().collect();
        assert_eq!(
            (described.len(), unique.len()),
            (40, 40),
            "broke at {breaks_at}"
        );
        assert_eq!(partial(folder.path()), None);
    }
}

#[tokio::test(start_paused = true)]
async fn wherever_the_kept_file_is_torn_the_account_is_read_whole() {
    let (whole, of_whole) = (Fake::with_keys(3), folder());
    read(&whole, of_whole.path()).await.expect("it is read");
    let (fake, folder) = (Fake::with_keys(3), folder());
    fake.world().breaks_at = 4;
    words(read(&fake, folder.path()).await);
    let kept = partial(folder.path()).expect("two keys are kept");
    for length in 0..=kept.len() {
        let path = folder.path().join("eu-west-3.json.partial");
        fs::write(&path, &kept[..length]).expect("a file");
        // Torn, gone on with, and torn again.
        fake.break_after(3);
        let _ = read(&fake, folder.path()).await;
        fake.world().breaks_at = usize::MAX;
        read(&fake, folder.path()).await.expect("it is read");
        assert_eq!(
            written(folder.path()),
            written(of_whole.path()),
            "torn at {length}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn old_descriptions_and_those_of_another_account_are_not_used() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    let path = folder.path().join("eu-west-3.json.partial");
    read(&fake, folder.path()).await.expect("it is read");
    let text = written(folder.path());
    let lines = text
        .lines()
        .filter(|line| line.starts_with("{\"KeyMetadata\""));
    let kept: String = lines.map(|line| format!("{line}\n")).collect();
    for (of, age, asked_again) in [
        ("111122223333", 23, false),
        ("111122223333", 25, true),
        ("999999999999", 0, true),
    ] {
        fs::write(&path, kept.replace("111122223333", of)).expect("a file");
        let file = OsFile::options().write(true).open(&path).expect("a file");
        let modified = SystemTime::now() - Duration::from_secs(age * 60 * 60);
        file.set_modified(modified).expect("a time");
        fake.world().described.clear();
        read(&fake, folder.path()).await.expect("it is read");
        let described = fake.world().described.len();
        assert_eq!(
            described,
            if asked_again { 3 } else { 0 },
            "{of}, {age} hours"
        );
        assert!(!written(folder.path()).contains("999999999999"));
    }
}

#[tokio::test(start_paused = true)]
async fn requests_keep_their_pace_and_stay_below_the_limit() {
    for pace in [1, 20, 97] {
        let (fake, folder) = (Fake::with_keys(200), folder());
        // A second holds both of its ends.
        fake.world().limit = pace as usize + 1;
        let paced = Pace::per_second(pace);
        fetch(&fake, &REGION, folder.path(), paced)
            .await
            .expect("it is read");
        assert_eq!(fake.world().refused_as_busy, 0);
        let asked = &fake.world().asked;
        assert_eq!(
            asked.len(),
            2 + 2 + 200,
            "two pages of each list, and the keys"
        );
        let took = asked[asked.len() - 1].0 - asked[0].0;
        // The lists are one question after the other; up to 16 keys are under way at once.
        let fastest = Duration::from_secs(1) / pace * 203;
        let slack = Duration::from_millis(600);
        assert!(
            took + slack >= fastest && took <= fastest + slack,
            "{pace}: {took:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_kms_is_asked_more_slowly_until_all_is_read() {
    let (fake, folder) = (Fake::with_keys(300), folder());
    fake.world().limit = 10;
    let pace = Pace::per_second(100);
    fetch(&fake, &REGION, folder.path(), pace)
        .await
        .expect("it is read");
    let world = fake.world();
    assert!(world.refused_as_busy > 0, "the limit is met");
    assert!(
        world.refused_as_busy < 150,
        "{} refusals",
        world.refused_as_busy
    );
    assert_eq!(world.described.len(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_kms_that_stays_busy_ends_the_run_with_advice() {
    let (fake, folder) = (Fake::with_keys(1), folder());
    fake.world().limit = 0;
    let words = words(read(&fake, folder.path()).await);
    assert!(
        words.contains("give fewer `--requests-per-second`"),
        "{words}"
    );
    assert_eq!(fake.world().asked.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_deleted_meanwhile_is_left_out_with_its_aliases() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    let gone = fake.world().key_id(1);
    fake.world().gone.insert(gone.clone());
    read(&fake, folder.path()).await.expect("it is read");
    let text = written(folder.path());
    assert!(!text.contains(&gone), "{text}");
    table(&text);
}

#[tokio::test(start_paused = true)]
async fn an_alias_of_an_unlisted_key_leaves_open_what_else_exists() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    let hidden = fake.world().key_id(2);
    fake.world().keys.pop();
    fake.world().denied.insert(hidden);
    read(&fake, folder.path()).await.expect("it is read");
    let text = written(folder.path());
    assert!(text.contains("],\"Truncated\":true}"), "{text}");
    Loaded::read(&file(&text), Options::default()).expect("an account");
}

#[tokio::test(start_paused = true)]
async fn a_list_without_an_end_is_no_list() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    fake.world().circles = true;
    let words = words(read(&fake, folder.path()).await);
    assert!(
        words.starts_with("ListAliases: the list goes on"),
        "{words}"
    );
    assert_eq!(fake.world().asked.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_alias_that_moves_between_pages_is_there_once() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    let twice = fake.world().aliases[0].clone();
    fake.world().aliases.push(twice);
    read(&fake, folder.path()).await.expect("it is read");
    assert_eq!(written(folder.path()).matches("\"alias/n0\"").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_fails_does_not_keep_the_others_back() {
    let folder = folder();
    let regions = ["us-east-1", "eu-west-3"].map(|name| name.parse().expect("a Region"));
    let connect = |region: &Region| {
        let fake = Fake::with_keys(2);
        fake.world().lists_aliases = *region == REGION;
        fake
    };
    let mut out = Output::for_programs();
    let exit = fetch_all(&regions, connect, folder.path(), 20, &mut out).await;
    assert_eq!(exit, Exit::Unusable);
    assert!(!folder.path().join("us-east-1.json").exists());
    table(&written(folder.path()));
}

#[tokio::test(start_paused = true)]
async fn an_earlier_file_stays_until_the_new_one_is_whole() {
    let (fake, folder) = (Fake::with_keys(3), folder());
    read(&fake, folder.path()).await.expect("it is read");
    let before = written(folder.path());
    fake.world().keys.pop();
    fake.world().aliases.pop();
    fake.break_after(3);
    words(read(&fake, folder.path()).await);
    assert_eq!(written(folder.path()), before);
}

#[tokio::test(start_paused = true)]
async fn markers_lead_from_page_to_page() {
    let (fake, folder) = (Fake::with_keys(5), folder());
    fake.world().page = 2;
    read(&fake, folder.path()).await.expect("it is read");
    let marker = |text: &str| Some(text.to_owned());
    let asked: Vec<_> = fake
        .world()
        .asked
        .iter()
        .map(|(_, asked)| asked.clone())
        .collect();
    let markers = [None, marker("2"), marker("4")];
    let lists = markers
        .clone()
        .map(|marker| Question::ListAliases { marker });
    assert_eq!(asked[..3], lists);
    assert_eq!(
        asked[3..6],
        markers.map(|marker| Question::ListKeys { marker })
    );
}
