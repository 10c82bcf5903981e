//! Files and folders that are named more than once, or in several ways.

use crate::program::{file, folder, run, text};

const WRONG: &str = "resource \"aws_kms_alias\" \"a\" {\n  name = \"orders\"\n}\n";
const RIGHT: &str = "resource \"aws_kms_alias\" \"a\" {\n  name = \"alias/orders\"\n}\n";

#[cfg(unix)]
#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let folder = folder("lint-twice");
    let (main, over) = (
        file(&folder, "main.tf", WRONG),
        file(&folder, "override.tf", RIGHT),
    );
    let (all, again) = (
        folder.to_string_lossy(),
        main.replace("main.tf", "./main.tf"),
    );
    for paths in [[&*all, &main], [&*main, &*all], [&*again, &*all]] {
        let output = run("lint", &[&paths[..], &[&*over, &*over]].concat());
        let printed = text(&output.stdout);
        assert_eq!(
            printed,
            "2 files looked at: 0 errors, 0 warnings, 0 notes\n"
        );
        assert_eq!(text(&output.stderr), "");
    }
}

#[cfg(unix)]
#[test]
fn files_are_of_one_folder_however_they_are_named() {
    let folder = folder("lint-mixed");
    let main = file(&folder, "main.tf", WRONG);
    let over = file(&folder, "override.tf", RIGHT);
    let elsewhere = file(
        &crate::program::folder("lint-mixed-elsewhere"),
        "x.tf",
        WRONG,
    );
    let run_in = |paths: &[&str]| {
        let mut command = crate::program::command("lint", paths);
        text(&command.current_dir(&folder).output().unwrap().stdout)
    };
    let silent = "2 files looked at: 0 errors, 0 warnings, 0 notes\n";
    assert_eq!(run_in(&["main.tf", &over]), silent);
    assert_eq!(run_in(&[&main, "./override.tf"]), silent);
    assert_eq!(run_in(&["main.tf", &folder.to_string_lossy()]), silent);
    assert_eq!(run_in(&[&over, "."]), silent);
    let printed = run_in(&["main.tf", &over, &elsewhere]);
    assert_eq!(printed.matches("error:").count(), 1, "{printed}");
    let told = run_in(&["main.tf", &elsewhere]);
    assert!(told.contains(&main) && told.contains(&elsewhere), "{told}");
    let told = run_in(&["main.tf", &main]);
    assert!(told.contains("--> main.tf:2:11"), "{told}");
}
