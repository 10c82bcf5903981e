//! What all verbs share: standard input, output that ends early, files written, width, colour.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::program::{command, file, folder, run, sample, text};

/// Each verb that prints and ends, with the exit code of its sample.
const SAMPLES: [(&str, i32); 5] = [
    ("check", 1),
    ("plan", 0),
    ("audit", 1),
    ("lint", 1),
    ("explain", 0),
];

/// Runs a command with something on standard input.
fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

#[test]
fn a_dash_is_standard_input_and_it_is_there_once() {
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let content = fs::read(&account).expect("the sample");
    let arguments = ["--account", "-", "--changes", &changes, "--json"];
    let output = with_input(command("check", &arguments), &content);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let by_path = run(
        "check",
        &["--account", &account, "--changes", &changes, "--json"],
    );
    assert_eq!(text(&output.stdout), text(&by_path.stdout));

    let twice = with_input(
        command("check", &["--account", "-", "--changes", "-"]),
        &content,
    );
    assert_eq!(twice.status.code(), Some(2));
    assert!(text(&twice.stderr).contains("can be read only once"));

    let broken = with_input(
        command("check", &["--account", "-", "--changes", &changes]),
        b"{\n?",
    );
    assert_eq!(broken.status.code(), Some(2));
    assert!(text(&broken.stderr).contains("standard input:2"));
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_refused_whatever_the_verb() {
    let account = sample("account.json");
    for arguments in [
        &["check", "--account", &account, "--changes", "/dev/zero"][..],
        &["plan", "--account", "/dev/zero", "--wanted", &account],
        &["audit", "--trail", "-"],
    ] {
        let zeros = fs::File::open("/dev/zero").expect("a device");
        let mut verb = command(arguments[0], &arguments[1..]);
        let output = verb.stdin(zeros).output().expect("the program runs");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let place = if arguments[0] == "audit" {
            "standard input"
        } else {
            "/dev/zero"
        };
        let begins =
            format!("error: {place}: this gives more than 256 MiB, and need not have an end");
        assert!(said.starts_with(&begins), "{said}");
    }
    // A device may have an end.
    let empty = run("check", &["--account", &account, "--changes", "/dev/null"]);
    assert!(!text(&empty.stderr).contains("MiB"));
}

#[test]
fn what_is_packed_with_gzip_is_unpacked_whatever_the_verb() {
    let folder = folder("habits-gzip");
    let account = fs::read(sample("account.json")).expect("the sample");
    let account = file(&folder, "account.json.gz", packed(&account));
    for (option, other) in [("--changes", "changes.json"), ("--wanted", "wanted.json")] {
        let other = sample(other);
        let (verb, code) = if option == "--changes" {
            ("check", 1)
        } else {
            ("plan", 0)
        };
        let output = run(verb, &["--account", &account, option, &other]);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    }
}

#[test]
fn a_file_that_unpacks_to_very_much_is_refused_and_the_limit_is_said() {
    let folder = folder("habits-bomb");
    // 257 MiB of blanks, a MiB at a time.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..257 {
        encoder.write_all(&blanks).expect("memory takes all");
    }
    let bomb = file(&folder, "bomb.json.gz", encoder.finish().expect("memory"));
    let output = run("audit", &["--trail", &bomb]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("bomb.json.gz: ") && said.contains("more than 256 MiB"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_changes_no_exit_code() {
    for (verb, code) in SAMPLES {
        let mut child = command(verb, &[])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{verb}: {said}");
        assert!(
            !said.contains("error:") && !said.contains("panicked"),
            "{verb}: {said}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_that_takes_nothing_keeps_findings_and_spoils_success() {
    let full = || {
        let mut options = fs::OpenOptions::new();
        options.write(true).open("/dev/full").expect("the device")
    };
    for (verb, code) in SAMPLES {
        let output = command(verb, &[]).stdout(full()).output();
        let output = output.expect("the program runs");
        // Who asked for a plan and got none is told.
        let code = if code == 0 { 2 } else { code };
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{verb}: {said}");
        assert!(!said.contains("panicked"), "{verb}: {said}");
        let status = command(verb, &[])
            .stderr(full())
            .stdout(Stdio::null())
            .status();
        let expected = SAMPLES.iter().find(|(name, _)| *name == verb);
        assert_eq!(
            status.expect("the program runs").code(),
            expected.map(|(_, code)| *code),
            "{verb}"
        );
    }
}

#[cfg(unix)]
#[test]
fn an_audit_judges_the_accounts_that_follow_after_its_reader_has_left() {
    let folder = folder("habits-audit");
    // The account that differs is the last one; many before it fill the pipe.
    let record = |account: usize, region: &str, target: &str| {
        serde_json::json!({
            "eventVersion": "1.08", "eventTime": "2026-02-02T10:00:00Z", "eventSource": "kms.amazonaws.com",
            "eventName": "DeleteAlias", "awsRegion": region, "recipientAccountId": format!("{account:012}"),
            "eventID": format!("00000000-0000-4000-8000-{account:012}"),
            "requestParameters": {"aliasName": target},
            "errorCode": if target.starts_with("alias/") { "" } else { "InternalException" },
        })
    };
    let records: Vec<_> = (1..400)
        .map(|account| record(account, "eu-west-3", "alias/x"))
        .chain([record(999, "eu-west-3", "no-prefix")])
        .collect();
    let log = serde_json::json!({ "Records": records }).to_string();
    let log = file(&folder, "trail.json", log);
    let whole = run("audit", &["--trail", &log]);
    let code = whole.status.code();
    let mut child = command("audit", &["--trail", &log])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), code);
    assert_eq!(code, Some(1), "{}", text(&whole.stderr));
}

/// The arguments of a check of the sample that writes the aliases afterwards.
fn after<'a>(account: &'a str, changes: &'a str, after: &'a str) -> [&'a str; 6] {
    ["--account", account, "--changes", changes, "--after", after]
}

#[cfg(unix)]
#[test]
fn no_input_is_written_over_by_whatever_name() {
    use std::os::unix::fs::symlink;

    let folder = folder("habits-over");
    let content = fs::read(sample("account.json")).expect("the sample");
    let account = file(&folder, "account.json", &content);
    let changes = sample("changes.json");
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    symlink("account.json", folder.join("symbolic.json")).expect("a link");
    fs::hard_link(&account, folder.join("hard.json")).expect("a link");
    fs::create_dir(folder.join("sub")).expect("a folder");
    for name in [
        "account.json",
        "symbolic.json",
        "hard.json",
        "./sub/../account.json",
    ] {
        let output = run("check", &after(&account, &changes, &path(name)));
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("would be lost"), "{name}: {said}");
        assert_eq!(fs::read(&account).expect("the file"), content, "{name}");
    }
    // Nor by way of standard input.
    let mut command = command("check", &after("-", &changes, &account));
    let output = command
        .stdin(fs::File::open(&account).expect("the file"))
        .output();
    assert_eq!(output.expect("the program runs").status.code(), Some(2));
    assert_eq!(fs::read(&account).expect("the file"), content);
}

#[cfg(unix)]
#[test]
fn a_new_file_has_the_mode_that_others_have_and_pipes_are_written_to() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder("habits-mode");
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let plain = file(&folder, "plain.json", "");
    let new = folder.join("new.json");
    let output = run(
        "check",
        &after(&account, &changes, new.to_str().expect("UTF-8")),
    );
    assert_eq!(output.status.code(), Some(1));
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode(&new), mode(Path::new(&plain)));

    let mut child = command("check", &after(&account, &changes, "/dev/stderr"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut written = String::new();
    let mut pipe = child.stderr.take().expect("a pipe");
    pipe.read_to_string(&mut written).expect("UTF-8");
    assert_eq!(child.wait().expect("an end").code(), Some(1));
    assert!(written.contains("\"Aliases\""), "{written}");
}

#[test]
fn the_last_day_of_the_calendar_is_a_time() {
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let output = run(
        "check",
        &[
            "--account",
            &account,
            "--changes",
            &changes,
            "--now",
            "9999-12-31T00:00:00Z",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

/// What the sample of a verb prints in so many columns.
fn in_columns(verb: &str, columns: &str, colour: bool) -> String {
    let mut command = command(verb, &[]);
    command.env("COLUMNS", columns);
    if colour {
        command.env("CLICOLOR_FORCE", "1");
    } else {
        command.env("NO_COLOR", "1");
    }
    text(&command.output().expect("the program runs").stdout)
}

#[test]
fn words_are_not_broken_and_kms_words_stay_whole_at_any_width() {
    let whole = "Alias arn:aws:kms:eu-west-3:111122223333:alias/payment is not found.";
    for columns in ["40", "80", "200", "1", "0", "x"] {
        let printed = in_columns("check", columns, false);
        assert!(printed.contains(&format!("\n      {whole}\n")), "{printed}");
        assert!(!printed.contains('\u{1b}'), "{printed}");
        for line in printed.lines().filter(|line| line.contains("arn:")) {
            assert!(!line.ends_with("arn:aws:kms:eu-"), "{line}");
        }
    }
    let narrow = in_columns("check", "40", false);
    let ours = narrow.lines().filter(|line| line.starts_with("  step"));
    for line in ours {
        assert!(line.len() <= 40 || line.contains("1b6f0c93"), "{line}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for (verb, _) in SAMPLES {
        let plain = in_columns(verb, "80", false);
        let coloured = in_columns(verb, "80", true);
        assert_eq!(
            text(&anstream::adapter::strip_bytes(coloured.as_bytes()).into_vec()),
            plain
        );
    }
    assert!(in_columns("check", "80", true).contains('\u{1b}'));
}

#[test]
fn the_summary_is_the_last_of_what_a_check_says() {
    for arguments in [&[][..], &["--refused"], &["--impact"]] {
        let printed = text(&run("check", arguments).stdout);
        let last: Vec<_> = printed.lines().rev().take(2).collect();
        assert!(
            last[1].starts_with("13 steps: 5 ok, 8 refused"),
            "{printed}"
        );
    }
}

#[test]
fn refusals_alone_are_shown_if_that_is_asked_for() {
    let printed = text(&run("check", &["--refused"]).stdout);
    assert_eq!(printed.matches("  refused  ").count(), 8, "{printed}");
    assert_eq!(printed.matches("  ok  ").count(), 0, "{printed}");
    let lines = text(&run("check", &["--refused", "--json"]).stdout);
    assert_eq!(lines.lines().count(), 8);
    assert!(
        lines.lines().all(|line| line.contains("\"refused\"")),
        "{lines}"
    );
}

/// A pipeline shows the place of what is wrong, and which command settles what is undecided.
#[test]
fn annotations_of_github_say_where_a_file_is_unreadable_and_what_settles_a_step() {
    let folder = folder("annotations");
    let cut = file(&folder, "cut.json", "[\n{\"DeleteAlias\": {");
    let output = run("check", &["--changes", &cut, "--format", "github"]);
    assert_eq!(output.status.code(), Some(2));
    let printed = text(&output.stdout);
    let begins = format!(
        "::error file={cut},line=2,title=this file cannot be read::the file ends in the middle of"
    );
    assert!(printed.starts_with(&begins), "{printed}");
    let template = file(&folder, "broken.yaml", "Resources: [\n");
    let printed = text(&run("lint", &[&template, "--format", "github"]).stdout);
    let begins = format!(
        "::error file={template},line=2,col=1,endColumn=2,title=this file cannot be read::not YAML"
    );
    assert!(printed.starts_with(&begins), "{printed}");
    let key = "00000000-0000-4000-8000-000000000001";
    let listed = format!(
        r#"{{"Keys": [{{"KeyId": "{key}", "KeyArn": "arn:aws:kms:eu-west-3:111122223333:key/{key}"}}]}}"#
    );
    let listed = file(&folder, "listed.json", listed);
    let moved =
        format!(r#"{{"UpdateAlias": {{"AliasName": "alias/payments", "TargetKeyId": "{key}"}}}}"#);
    let moved = file(&folder, "moved.json", moved);
    let account = sample("account.json");
    let arguments = [
        "--account",
        &account,
        &listed,
        "--changes",
        &moved,
        "--format",
        "github",
    ];
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(3));
    let printed = text(&output.stdout);
    for words in [
        "title=undecided::UpdateAlias alias/payments: undecided: it depends on the key manager, key spec, key usage and key state of key",
        ". It may be refused: AccessDeniedException: ",
        &format!(
            ". This would help to settle it: aws kms describe-key --key-id {key} --region eu-west-3\n"
        ),
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

#[test]
fn two_formats_at_once_are_a_usage_error() {
    for verb in ["check", "lint"] {
        let output = run(verb, &["--json", "--format", "sarif"]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(text(&output.stdout), "");
        let said = text(&output.stderr);
        assert!(said.contains("cannot be used with"), "{said}");
    }
}

/// The operating system's own words are short, and name a number.
#[test]
fn a_path_that_is_no_file_is_told_in_plain_words() {
    let folder = folder("no-file");
    let here = folder.to_str().expect("UTF-8");
    let changes = sample("changes.json");
    let empty = file(&folder, "empty.json", "[]");
    for (arguments, words) in [
        (
            ["--account", here, "--changes", &changes],
            "this is a folder: name the files in it",
        ),
        (
            ["--account", "absent.json", "--changes", &changes],
            "absent.json: there is no such file",
        ),
        (
            ["--now", "0", "--changes", here],
            "no CDK assembly, as it has no manifest.json: name the file",
        ),
        (
            ["--now", "0", "--changes", "absent.json"],
            "absent.json: there is no such file",
        ),
        (
            ["--changes", &empty, "--after", "absent/after.json"],
            "its folder does not exist",
        ),
    ] {
        let output = run("check", &arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "no {words} in {said}");
        assert!(!said.contains("os error"), "{said}");
    }
}
