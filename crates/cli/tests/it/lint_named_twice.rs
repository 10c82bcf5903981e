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
