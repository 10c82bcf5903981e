//! The judge before another KMS that is not there, does wrong, or keeps facts to itself.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::fake::{Fake, Received, write};
use super::judge::{KEY, OTHER, alias, judge, lenient, refused};
use super::program::{Endpoint, run};

#[test]
fn a_fact_that_is_not_told_leaves_the_request_to_the_other_kms() {
    for told in [
        "403 Forbidden\n{\"__type\": \"AccessDeniedException\"}",
        "200 OK\nnonsense",
        "200 OK\n{}",
    ] {
        let (status, body) = told.split_once('\n').expect("a body");
        let kms = Fake::start(move |asked, stream| match asked.operation() {
            "DescribeKey" | "ListAliases" => write(stream, status, body),
            _ => write(stream, "200 OK", "{}"),
        });
        let judge = Endpoint::start(&["--upstream", &kms.url(), "--json"]);
        for operation in [
            "CreateAlias",
            "UpdateAlias",
            "DeleteAlias",
            "EnableKey",
            "Encrypt",
        ] {
            let body = json!({"AliasName": "alias/a", "TargetKeyId": KEY, "KeyId": KEY, "Plaintext": "aGk="});
            judge.call(operation, &body.to_string()).is_ok();
            assert_eq!(kms.operations().pop().as_deref(), Some(operation));
        }
        // Nothing that is untold makes this one right.
        refused(
            &judge.call("CreateAlias", &alias("a", KEY)),
            400,
            "ValidationException",
        );
    }
}

#[test]
fn an_other_kms_that_is_not_there_is_a_clear_error() {
    let judge = judge("http://127.0.0.1:1");
    for operation in [
        "CreateAlias",
        "ListAliases",
        "DescribeKey",
        "CreateKey",
        "CreateCustomKeyStore",
    ] {
        let body = json!({"AliasName": "alias/a", "TargetKeyId": KEY});
        let body = match operation {
            "CreateAlias" => body,
            "DescribeKey" => json!({"KeyId": KEY}),
            _ => json!({}),
        };
        let answer = judge.call(operation, &body.to_string());
        refused(&answer, 502, "KMSInternalException");
        assert!(answer.body.contains("http://127.0.0.1:1"), "{answer:?}");
    }
}

#[test]
fn an_other_kms_that_does_wrong_is_a_clear_error_and_no_hang() {
    type Wrong = fn(&Received, &mut TcpStream);
    let wrongs: [(Wrong, u16, &str); 5] = [
        (
            |_, _| thread::sleep(Duration::from_secs(60)),
            504,
            "DependencyTimeoutException",
        ),
        (|_, _| {}, 502, "KMSInternalException"),
        (
            |_, stream| drop(stream.write_all(b"\x16\x03\x01 nonsense\r\n\r\n")),
            502,
            "KMSInternalException",
        ),
        (
            |_, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}");
            },
            502,
            "KMSInternalException",
        ),
        (
            |_, stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                while stream.write_all(&[b' '; 1 << 16]).is_ok() {}
            },
            502,
            "KMSInternalException",
        ),
    ];
    let calls = [
        ("DescribeKey", json!({"KeyId": KEY})),
        ("DeleteAlias", json!({"AliasName": "alias/a"})),
        ("CreateKey", json!({})),
    ];
    // All at a time: an answer that never comes is waited for once.
    thread::scope(|scope| {
        for (wrong, status, exception) in wrongs {
            for (operation, body) in &calls {
                scope.spawn(move || {
                    let judge = judge(&Fake::start(wrong).url());
                    refused(&judge.call(operation, &body.to_string()), status, exception);
                });
            }
        }
    });
}

#[test]
fn an_error_of_the_other_kms_is_handed_back() {
    let kms = Fake::start(|asked, stream| match asked.operation() {
        "DescribeKey" | "ListAliases" => lenient(asked, stream),
        _ => write(stream, "503 Odd", r#"{"__type": "OddException"}"#),
    });
    let judge = judge(&kms.url());
    let answer = judge.call("DisableKey", &json!({"KeyId": KEY}).to_string());
    refused(&answer, 503, "OddException");
}

#[test]
fn an_operation_in_other_letters_does_not_reach_the_other_kms() {
    let kms = Fake::start(lenient);
    let judge = judge(&kms.url());
    for operation in [
        "createAlias",
        "Createalias",
        " CreateAlias",
        "CreateAlias,",
        "CREATEALIAS",
    ] {
        let answer = judge.call(operation, &alias("alias/b", OTHER));
        refused(&answer, 400, "UnknownOperationException");
    }
    assert!(kms.received().is_empty(), "{:?}", kms.received());
    // One that is merely not known here is the other's to answer.
    judge.call("CreateCustomKeyStore", "{}").is_ok();
    assert_eq!(kms.operations(), ["CreateCustomKeyStore"]);
}

#[test]
fn only_a_url_that_can_be_asked_is_taken() {
    for (arguments, words) in [
        (["--upstream", "127.0.0.1:5000"], "expected a URL such as"),
        (
            ["--upstream", "https://kms.eu-west-3.amazonaws.com"],
            "TLS is not spoken here",
        ),
        (
            ["--upstream", "http://127.0.0.1:5000/kms"],
            "may have no path",
        ),
        (["--upstream-timeout", "1"], "--upstream"),
    ] {
        let output = run(&arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}
