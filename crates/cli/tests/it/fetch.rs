//! The verb `fetch`, of a program that is built without the AWS SDK. The reader's tests are beside
//! it; `tests/clients/fetch` runs the whole.

use crate::program::{run, text};

#[test]
fn the_help_says_what_the_caller_needs() {
    let output = run("fetch", &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = text(&output.stdout);
    for words in [
        "kms:ListAliases, kms:ListKeys and kms:DescribeKey",
        "REGION.json.partial",
        "[default: 20]",
    ] {
        assert!(help.contains(words), "no {words}: {help}");
    }
}

#[test]
fn a_region_is_one_and_a_pace_is_a_number_above_nothing() {
    for arguments in [
        ["--region", "../eu-west-3"],
        ["--region", ""],
        ["--requests-per-second", "0"],
        ["--requests-per-second", "1001"],
        ["--endpoint-url", "127.0.0.1"],
    ] {
        let output = run("fetch", &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(arguments[0]), "{arguments:?}");
    }
}

#[cfg(not(feature = "live"))]
#[test]
fn without_the_sdk_it_says_what_to_do_instead() {
    let output = run("fetch", &["--region", "eu-west-3"]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(
        error.starts_with("error: this program is built without `fetch`"),
        "{error}"
    );
    assert!(error.contains("`--features live`"), "{error}");
}
