//! The verb `lint` as its users run it.

use std::fs;

use kms_alias_lint::PolicyRule;
use serde_json::Value;

use crate::program::{command, file, folder, run, text};

/// A file with one finding: the name of the alias begins at line 2, column 11.
const WRONG: &str = "resource \"aws_kms_alias\" \"a\" {\n  name = \"orders\"\n}\n";
const RIGHT: &str = "resource \"aws_kms_alias\" \"a\" {\n  name = \"alias/orders\"\n}\n";

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = text(bytes);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn the_line_is_shown_with_a_marker_under_the_fault() {
    let folder = folder("lint-marker");
    let path = file(&folder, "main.tf", WRONG);
    let output = run("lint", &[&path]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    let shown = "2 |   name = \"orders\"\n  |           ^^^^^^\n";
    assert!(printed.contains(shown), "no {shown} in {printed}");
    assert!(printed.contains(&format!("{path}:2:11")), "{printed}");
    let summary = "1 file looked at: 1 error, 0 warnings, 0 notes\n";
    assert!(printed.ends_with(summary), "{printed}");
}

#[test]
fn folders_are_walked_and_what_git_ignores_is_passed_over() {
    let folder = folder("lint-walk");
    for sub in ["modules/kms", ".terraform/modules", "ignored"] {
        fs::create_dir_all(folder.join(sub)).expect("a folder");
    }
    file(&folder, ".gitignore", "ignored/\n");
    for name in [
        "modules/kms/UPPER.TF",
        "main.tf",
        ".terraform/modules/x.tf",
        "ignored/x.tf",
        "readme.txt",
    ] {
        file(&folder, name, WRONG);
    }
    let mut here = command("lint", &[".", "--json"]);
    let output = here
        .current_dir(&folder)
        .output()
        .expect("the program runs");
    let found = lines(&output.stdout);
    let files: Vec<_> = found.iter().map(|one| one["file"].clone()).collect();
    assert_eq!(files, ["main.tf", "modules/kms/UPPER.TF"]);
    let expected = serde_json::json!({
        "file": "main.tf", "line": 2, "column": 11, "rule": "A1", "severity": "error",
        "message": "`orders` is no alias name: expected `alias/` at the beginning of the name",
    });
    assert_eq!(found[0], expected);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_of_a_folder_are_passed_over_and_a_link_that_is_named_is_walked() {
    use std::os::unix::fs::symlink;

    let folder = folder("lint-links");
    let walked = folder.join("walked");
    fs::create_dir_all(walked.join("a")).expect("a folder");
    file(&walked.join("a"), "main.tf", WRONG);
    symlink("a", walked.join("b")).expect("a link to a folder");
    symlink("nothing", walked.join("c.tf")).expect("a link to nothing");
    symlink("/dev/zero", walked.join("d.tf")).expect("a link to a device");
    symlink("a/main.tf", walked.join("e.tf")).expect("a link to a file");
    let made = std::process::Command::new("mkfifo")
        .arg(walked.join("f.tf"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    symlink("walked", folder.join("link")).expect("a link to a folder");
    for path in ["walked", "link"] {
        let mut lint = command("lint", &[path, "--json"]);
        let output = lint
            .current_dir(&folder)
            .output()
            .expect("the program runs");
        assert_eq!(text(&output.stderr), "");
        assert_eq!(output.status.code(), Some(1));
        let files: Vec<_> = lines(&output.stdout)
            .iter()
            .map(|one| one["file"].as_str().expect("a text").to_owned())
            .collect();
        assert_eq!(files, [format!("{path}/a/main.tf"), format!("{path}/e.tf")]);
    }
}

#[test]
fn in_a_folder_what_cannot_be_read_is_told_only_where_it_is_about_kms() {
    let folder = folder("lint-strangers");
    file(&folder, "main.tf", RIGHT);
    for (name, content) in [
        ("erb.yml", &b"default: &default\n<% if ENV['X'] %>\n  host: <%= x %>\n<% end %>\n"[..]),
        ("fixture.json", b"[1,2,"),
        ("tab.yaml", b"a:\n\tb: c\n"),
        ("latin.json", b"{\"a\":\"\xe9\"}"),
        ("cloud.yaml", b"#cloud-config\n%{ if x }\nruncmd:\n  - echo\n%{ endif }\n"),
        (
            "source.json",
            b"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":${arns}}]}",
        ),
    ] {
        fs::write(folder.join(name), content).expect("a file");
    }
    let here = folder.to_str().expect("UTF-8");
    let output = run("lint", &[here]);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(
        text(&output.stdout),
        "1 file looked at: 0 errors, 0 warnings, 0 notes\n"
    );
    // Who names it wants to know.
    let fixture = folder.join("fixture.json");
    let output = run("lint", &[fixture.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(2));
    for (name, content) in [
        ("a.json", "{\"Statement\": [{\"Effect\": \"Allow\""),
        ("b.yaml", "Resources:\n\tA:\n    Type: AWS::KMS::Alias\n"),
        ("c.yaml", "a:\n\tb: alias/c\n"),
        ("d.tf", "locals {"),
    ] {
        let path = file(&folder, name, content);
        assert_eq!(run("lint", &[here]).status.code(), Some(2), "{name}");
        fs::remove_file(path).expect("it is there");
    }
}

#[test]
fn what_the_folders_above_ignore_in_a_repository_is_passed_over() {
    let folder = folder("lint-above");
    for sub in [".git", "sub", "cdk.out"] {
        fs::create_dir_all(folder.join(sub)).expect("a folder");
    }
    file(&folder, ".gitignore", "b.tf\n/cdk.out/*\n");
    for name in ["sub/a.tf", "sub/b.tf", "cdk.out/c.tf"] {
        file(&folder, name, WRONG);
    }
    let found = |path: &str, from: &std::path::Path| -> Vec<Value> {
        let mut lint = command("lint", &[path, "--json"]);
        let output = lint.current_dir(from).output().expect("the program runs");
        lines(&output.stdout)
            .iter()
            .map(|one| one["file"].clone())
            .collect()
    };
    assert_eq!(found(".", &folder), ["sub/a.tf"]);
    assert_eq!(found("sub", &folder), ["sub/a.tf"]);
    assert_eq!(found(".", &folder.join("sub")), ["a.tf"]);
    // All of it is ignored: who names it means it.
    assert_eq!(found("cdk.out", &folder), ["cdk.out/c.tf"]);
}

#[test]
fn it_goes_on_after_what_it_cannot_read_and_says_so() {
    let folder = folder("lint-unread");
    file(&folder, "a.yaml", "Resources: [\n");
    file(&folder, "b.tf", WRONG);
    // Deep enough to end a parser that recurses without a bound.
    file(&folder, "c.yaml", "? ".repeat(16_000) + "a");
    file(&folder, "d.yaml", "- ".repeat(32_000) + "a");
    let path = folder.to_str().expect("UTF-8");
    let output = run("lint", &[path, "no-such-file.tf", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let found = lines(&output.stdout);
    let findings = found.iter().filter(|one| one.get("rule").is_some());
    assert_eq!(findings.count(), 1, "{found:?}");
    let annotated = run("lint", &["no-such-file.tf", "--format", "github"]);
    let annotation = text(&annotated.stdout);
    assert!(
        annotation.starts_with("::error file=no-such-file.tf,title="),
        "{annotation}"
    );
    let said = text(&output.stderr);
    assert!(said.contains("no-such-file.tf: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn standard_input_is_told_by_its_content() {
    use std::io::Write;
    use std::process::Stdio;

    let policy =
        r#"{"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "alias/app"}}"#;
    let mut child = command("lint", &["-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(policy.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let found = lines(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{found:?}");
    assert_eq!(found[0]["rule"], "W3");
    assert_eq!(found[0]["path"], "/Statement/Resource");
}

#[test]
fn warnings_alone_are_no_failure_and_control_characters_are_escaped() {
    let folder = folder("lint-warning");
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt",
        "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"kms:RequestAlias": "alias/app"}}}}"#;
    let path = file(&folder, "policy.json", policy);
    let output = run("lint", &[&path]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("1 warning"));
    #[cfg(unix)]
    {
        let odd = file(&folder, "a\u{1b}[2J.tf", WRONG);
        let output = run("lint", &[&odd]);
        let printed = text(&output.stdout);
        assert!(!printed.contains('\u{1b}'), "{printed}");
    }
}

#[test]
fn findings_are_annotations_of_github_and_results_of_sarif() {
    let folder = folder("lint-formats");
    file(&folder, "main.tf", WRONG);
    file(&folder, "good.tf.json", "{}");
    let of = |format: &str| {
        let mut here = command("lint", &["main.tf", "--format", format]);
        let output = here
            .current_dir(&folder)
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(1));
        text(&output.stdout)
    };
    let annotation = "::error file=main.tf,line=2,col=11,endColumn=17,title=rule A1::`orders` is no \
                      alias name: expected `alias/` at the beginning of the name\n";
    assert_eq!(of("github"), annotation);
    let sarif: Value = serde_json::from_str(&of("sarif")).expect("JSON");
    let run = &sarif["runs"][0];
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "A1");
    let region = serde_json::json!({"startLine": 2, "startColumn": 11, "endColumn": 17});
    let physical = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(physical["region"], region);
    assert_eq!(physical["artifactLocation"]["uri"], "main.tf");
}

#[test]
fn nothing_wrong_is_exit_code_0() {
    let folder = folder("lint-right");
    let path = file(&folder, "main.tf", RIGHT);
    for format in ["text", "json", "github"] {
        let output = run("lint", &[&path, "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    }
}

#[test]
fn every_rule_on_policies_has_its_place_in_sarif() {
    let folder = folder("lint-sarif-places");
    for rule in PolicyRule::ALL {
        let path = file(&folder, &format!("{rule}.json"), rule.wrong());
        let output = run("lint", &[&path, "--complete", "--format", "sarif"]);
        let sarif: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        assert!(
            results.iter().any(|one| one["ruleId"] == rule.number()),
            "{rule}: {sarif}"
        );
        for result in results {
            let location = &result["locations"][0];
            let physical = &location["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"]
                .as_str()
                .expect("a file");
            assert!(uri.ends_with(&format!("{rule}.json")), "{result}");
            let number = |name: &str| physical["region"][name].as_u64().expect("a number");
            let lines = rule.wrong().lines().nth(number("startLine") as usize - 1);
            let (start, end) = (number("startColumn") as usize, number("endColumn") as usize);
            let line: Vec<char> = lines.expect("a line of the file").chars().collect();
            assert!(start < end && end <= line.len() + 1, "{result}");
            assert_eq!(
                line[start - 2],
                '"',
                "the content begins after its quote: {result}"
            );
            let path = location["logicalLocations"][0]["fullyQualifiedName"].as_str();
            assert!(path.expect("a pointer").contains('/'), "{result}");
        }
    }
}

/// What `lint` says of a target in a file, `check` says of the same target in a request.
#[test]
fn lint_and_check_say_the_same_rule_of_a_target_k1_k3_k4_k5() {
    let folder = folder("lint-as-check");
    let arn = "arn:aws:kms:eu-west-1:111122223333";
    for (target, rule) in [
        ("1234ABCD-12AB-34CD-56EF-1234567890AB".to_owned(), "K1"),
        ("1234abcd-12ab-34cd-56ef-1234567890aB".to_owned(), "K1"),
        (
            format!("{arn}:key/1234ABCD-12AB-34CD-56EF-1234567890AB"),
            "K1",
        ),
        ("mrk-1234ABCD12AB34CD56EF1234567890AB".to_owned(), "K1"),
        (
            format!("{arn}:KEY/1234abcd-12ab-34cd-56ef-1234567890ab"),
            "K3",
        ),
        (
            "arn:aws:kms:EU-WEST-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                .to_owned(),
            "K4",
        ),
        (format!("{arn}:alias/x"), "K5"),
    ] {
        let block =
            format!("resource \"aws_kms_alias\" \"a\" {{\n  target_key_id = \"{target}\"\n}}\n");
        let source = file(&folder, "main.tf", block);
        let linted = lines(&run("lint", &[&source, "--json"]).stdout);
        let change =
            serde_json::json!({"CreateAlias": {"AliasName": "alias/a", "TargetKeyId": target}});
        let changes = file(&folder, "changes.json", change.to_string());
        let place = ["--region", "eu-west-1", "--account-id", "111122223333"];
        let arguments = [&["--changes", &changes, "--json"][..], &place].concat();
        let checked = lines(&run("check", &arguments).stdout);
        assert_eq!((linted.len(), checked.len()), (1, 1), "{target}");
        assert_eq!(linted[0]["rule"], rule, "{target}");
        assert_eq!(checked[0]["rule"], rule, "{target}");
    }
}

/// Whoever names a plan means it to be checked.
#[test]
fn a_terraform_plan_that_is_named_is_told_with_what_judges_it() {
    let folder = folder("lint-plan");
    let plan = r#"{"format_version": "1.2", "resource_changes": []}"#;
    let path = file(&folder, "plan.json", plan);
    let output = run("lint", &[&path]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    let words = format!("kms-alias check --changes {path}");
    assert!(said.contains(&words), "{said}");
    let here = folder.to_str().expect("UTF-8");
    assert_eq!(run("lint", &[here]).status.code(), Some(0));
}

#[test]
fn what_is_named_and_of_no_known_kind_is_told_with_the_kinds() {
    let folder = folder("lint-unknown");
    let names = ["notes.txt", "package.json", "values.yaml"];
    let contents = ["# Notes", r#"{"name": "app"}"#, "replicas: 2\n"];
    let paths: Vec<_> = names
        .iter()
        .zip(contents)
        .map(|(name, content)| file(&folder, name, content))
        .collect();
    let paths: Vec<_> = paths.iter().map(String::as_str).collect();
    let output = run("lint", &paths);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    for path in &paths {
        let words = format!("warning: {path}: nothing in this file is checked\n");
        assert!(said.contains(&words), "no {words} in {said}");
    }
    assert!(said.contains("note: lint checks Terraform (.tf"), "{said}");
    // In a folder they are in nobody's way; that there is nothing else is told.
    let here = folder.to_str().expect("UTF-8");
    let said = text(&run("lint", &[here]).stderr);
    assert!(
        said.contains("this folder holds no file that is checked"),
        "{said}"
    );
    file(&folder, "main.tf", RIGHT);
    let output = run("lint", &[here]);
    assert_eq!(text(&output.stderr), "");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_is_read_as_standard_input_is() {
    let folder = folder("lint-pipes");
    let pipe = folder.join("pipe.tf");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let path = pipe.to_str().expect("UTF-8");
    let into = pipe.clone();
    let writer = std::thread::spawn(move || fs::write(into, WRONG).expect("the pipe is read"));
    let output = run("lint", &[path, "--json"]);
    writer.join().expect("the writer ends");
    assert_eq!(output.status.code(), Some(1));
    let found = lines(&output.stdout);
    assert_eq!(
        (&found[0]["file"], &found[0]["rule"]),
        (&path.into(), &"A1".into())
    );
    // The pipes of a folder are no files of it.
    let output = run("lint", &[folder.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_refused() {
    let output = run("lint", &["/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.starts_with("error: /dev/zero: this is a device, which need not have an end"),
        "{told}"
    );
    let zeros = fs::File::open("/dev/zero").expect("a device");
    let mut lint = command("lint", &["-"]);
    let output = lint.stdin(zeros).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.starts_with("error: -: standard input: this gives more than 256 MiB"),
        "{told}"
    );
}

#[test]
fn json_with_comments_is_read_where_the_ending_says_so() {
    let folder = folder("lint-comments");
    let policy = "{ // why\n  \"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\",\n  \"Resource\": \"arn:aws:kms:*:*:alias/a\",\n}\n";
    file(&folder, "policy.jsonc", policy);
    file(&folder, "policy.json", policy);
    let output = run("lint", &[folder.to_str().expect("UTF-8"), "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let found = lines(&output.stdout);
    assert_eq!(
        (&found[0]["line"], &found[0]["column"], &found[0]["rule"]),
        (&3.into(), &16.into(), &"W1".into())
    );
    assert_eq!(
        found[1]["unread"],
        "1:3: not JSON: JSON has no comments: remove it, or end the name of the file with `.jsonc` if \
         something else takes the comments out"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_told_and_the_rest_is_checked() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let folder = folder("lint-unreadable");
    let closed = folder.join("closed");
    fs::create_dir_all(&closed).expect("a folder");
    file(&folder, "main.tf", WRONG);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    let mut lint = command("lint", &[".", "--json"]);
    lint.current_dir(&folder);
    // Root may read everything, so that another user runs the program then.
    if fs::metadata(&folder).expect("a folder").uid() == 0 {
        lint.uid(65534);
    }
    let output = lint.output().expect("the program runs");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("permissions");
    let told = text(&output.stderr);
    assert!(
        told.starts_with("error: closed: you may not read this folder"),
        "{told}"
    );
    assert_eq!(output.status.code(), Some(2));
    let found = lines(&output.stdout);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (&found[0]["file"], &found[0]["rule"]),
        (&"main.tf".into(), &"A1".into())
    );
    assert_eq!(found[1]["file"], "closed");
}
