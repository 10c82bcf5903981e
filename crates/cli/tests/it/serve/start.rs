//! How it starts and ends: files, addresses, signals.

use std::fs;
use std::path::Path;

use super::program::{Endpoint, request, run, signed_for};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/account.json");

/// A file of a test's own.
fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("a path of UTF-8").to_owned()
}

/// An account of one key and one alias, as the AWS CLI prints it in two files.
fn files(name: &str, scope: &str) -> [String; 2] {
    let key_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let aliases = format!(
        r#"{{"Aliases": [{{"AliasName": "alias/app", "AliasArn": "{scope}:alias/app", "TargetKeyId": "{key_id}"}}]}}"#
    );
    let key = format!(
        r#"{{"KeyMetadata": {{"KeyId": "{key_id}", "Arn": "{scope}:key/{key_id}", "KeyState": "Enabled",
            "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"}}}}"#
    );
    [
        file(&format!("{name}-aliases.json"), &aliases),
        file(&format!("{name}-key.json"), &key),
    ]
}

#[track_caller]
fn cannot_start(arguments: &[&str], words: &str) {
    let output = run(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(words), "{error}");
    assert!(output.stdout.is_empty());
}

#[test]
fn an_account_stands_where_its_files_say() {
    let mut endpoint = Endpoint::start(&["--account", SAMPLE]);
    endpoint.line();
    let line = endpoint.line();
    assert!(
        line.starts_with("account 111122223333, default Region eu-west-3; eu-west-3: "),
        "{line}"
    );
    let answer = endpoint.call("DescribeKey", r#"{"KeyId": "alias/payments"}"#);
    let arn = answer.json()["KeyMetadata"]["Arn"].clone();
    let arn = arn.as_str().expect("an ARN");
    assert!(
        arn.starts_with("arn:aws:kms:eu-west-3:111122223333:key/"),
        "{arn}"
    );
}

#[test]
fn files_of_several_regions_fill_several_tables() {
    let paris = files("paris", "arn:aws:kms:eu-west-3:111122223333");
    let beijing = files("beijing", "arn:aws-cn:kms:cn-north-1:111122223333");
    let arguments = [
        "--account",
        &paris[0],
        &beijing[1],
        "--account",
        &beijing[0],
        &paris[1],
    ];
    let endpoint = Endpoint::start(&arguments);
    let mut client = endpoint.connect();
    for (region, arn) in [
        ("eu-west-3", "arn:aws:kms:eu-west-3:111122223333:alias/app"),
        (
            "cn-north-1",
            "arn:aws-cn:kms:cn-north-1:111122223333:alias/app",
        ),
    ] {
        client.send(request("ListAliases", "{}", &signed_for(region)));
        assert_eq!(client.answer().json()["Aliases"][0]["AliasArn"], arn);
    }
}

#[test]
fn the_account_and_its_rules_can_be_chosen() {
    let endpoint = Endpoint::start(&[
        "--account-id",
        "999988887777",
        "--reserved",
        "alias/aws/",
        "--aliases-per-key",
        "1",
    ]);
    let key = endpoint.call("CreateKey", "{}").json();
    let key_id = key["KeyMetadata"]["KeyId"].as_str().expect("a key ID");
    assert_eq!(key["KeyMetadata"]["AWSAccountId"], "999988887777");
    let create = |name: &str| {
        let body = format!(r#"{{"AliasName": "{name}", "TargetKeyId": "{key_id}"}}"#);
        endpoint.call("CreateAlias", &body)
    };
    // Rule A4 as AWS reads it today, and rule T6.
    create("alias/awsome").is_ok();
    assert_eq!(create("alias/second").exception(), "LimitExceededException");
}

#[test]
fn what_cannot_be_used_is_said_at_the_start() {
    cannot_start(&["--account", "/no/such/file"], "/no/such/file: ");
    cannot_start(&["--account", &file("nonsense.json", "{")], "nonsense.json");
    cannot_start(
        &["--account", SAMPLE, "--account-id", "999988887777"],
        "--account-id 999988887777: no file is of this account: the first is of account 111122223333",
    );
    cannot_start(&["--account-id", "12345"], "12345");
    cannot_start(&["--listen", "nonsense:port"], "--listen nonsense:port");
}

#[test]
fn an_address_that_others_reach_needs_a_flag() {
    for listen in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0", "192.0.2.1:0"] {
        cannot_start(&["--listen", listen], "--allow-non-loopback");
    }
    for listen in ["127.0.0.1:0", "127.9.9.9:0", "localhost:0"] {
        Endpoint::start(&["--listen", listen])
            .call("ListKeys", "{}")
            .is_ok();
    }
}

#[test]
fn an_address_without_a_port_is_told_how_to_write_one() {
    for (listen, words) in [
        ("127.0.0.1", "the port is missing: write `127.0.0.1:8080`"),
        ("localhost", "or `localhost:0` for a free one"),
        ("::1", "write `[::1]:8080`"),
        ("[::1]", "write `[::1]:8080`"),
    ] {
        cannot_start(&["--listen", listen], words);
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let endpoint = Endpoint::start(&[]);
    cannot_start(
        &["--listen", &endpoint.address.to_string()],
        &endpoint.address.to_string(),
    );
}

#[cfg(unix)]
#[test]
fn sigint_and_sigterm_end_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let mut endpoint = Endpoint::start(&[]);
        // An idle connection does not keep it.
        let mut idle = endpoint.connect();
        idle.call("ListKeys", "{}").is_ok();
        endpoint.signal(signal);
        assert_eq!(endpoint.wait().code(), Some(0), "{signal}");
        assert!(idle.try_answer().is_none(), "the connection is closed");
    }
}

#[cfg(unix)]
#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let mut endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    // An answer proves that the connection is served, and the body that the request has begun.
    client.call("ListKeys", "{}").is_ok();
    let request = request("ListKeys", "{   }", "Expect: 100-continue\r\n");
    let (begun, rest) = request.split_at(request.len() - 2);
    client.send(begun);
    assert_eq!(client.answer().status, 100);
    endpoint.signal("TERM");
    client.send(rest);
    client.answer().is_ok();
    assert_eq!(endpoint.wait().code(), Some(0));
}
