//! The judge before another KMS: what is refused does not get there, what gets there is as it was,
//! and whatever the other one does there is an answer.

use std::net::TcpStream;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::fake::{Fake, Received, write};
use super::program::{Answer, Endpoint, request, signed_for};

pub(super) const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
pub(super) const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const SCOPE: &str = "arn:aws:kms:us-east-1:111122223333";

pub(super) fn judge(upstream: &str) -> Endpoint {
    Endpoint::start(&["--upstream", upstream, "--upstream-timeout", "2"])
}

fn url(endpoint: &Endpoint) -> String {
    format!("http://{}", endpoint.address)
}

pub(super) fn alias(name: &str, key_id: &str) -> String {
    json!({"AliasName": name, "TargetKeyId": key_id}).to_string()
}

fn create_key(endpoint: &Endpoint) -> String {
    let answer = endpoint.call("CreateKey", "{}");
    answer.is_ok();
    let key_id = answer.json()["KeyMetadata"]["KeyId"].clone();
    key_id.as_str().expect("a key ID").to_owned()
}

#[track_caller]
pub(super) fn refused(answer: &Answer, status: u16, exception: &str) {
    assert_eq!(
        (answer.status, answer.exception().as_str()),
        (status, exception),
        "{answer:?}"
    );
}

/// A KMS that describes any key, has one alias, and takes everything.
pub(super) fn lenient(asked: &Received, stream: &mut TcpStream) {
    let body = match asked.operation() {
        "DescribeKey" if asked.body.contains("nowhere") => {
            return write(
                stream,
                "400 Bad Request",
                r#"{"__type": "NotFoundException"}"#,
            );
        }
        "DescribeKey" => {
            let key_id = if asked.body.contains(OTHER) {
                OTHER
            } else {
                KEY
            };
            json!({"KeyMetadata": {
                "KeyId": key_id, "Arn": format!("{SCOPE}:key/{key_id}"), "KeyState": "Enabled",
                "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
                "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            }})
        }
        "ListAliases" => json!({"Aliases": [{
            "AliasName": "alias/app", "AliasArn": format!("{SCOPE}:alias/app"),
            "TargetKeyId": KEY, "CreationDate": 1_700_000_000.5,
        }], "Truncated": false}),
        _ => json!({}),
    };
    write(stream, "200 OK", &body.to_string());
}

#[test]
fn an_alias_lives_behind_the_judge_as_it_would_alone() {
    let kms = Endpoint::start(&["--no-aws-aliases"]);
    let judge = judge(&url(&kms));
    let (old, new) = (create_key(&judge), create_key(&kms));
    judge.call("CreateAlias", &alias("alias/app", &old)).is_ok();
    judge.call("UpdateAlias", &alias("alias/app", &new)).is_ok();
    let described = judge.call("DescribeKey", r#"{"KeyId": "alias/app"}"#);
    assert_eq!(described.json()["KeyMetadata"]["KeyId"], new);
    for list in [&kms, &judge].map(|endpoint| endpoint.call("ListAliases", "{}").json()) {
        assert_eq!(list["Aliases"][0]["TargetKeyId"], new);
    }
    let deleted = judge.call("DeleteAlias", r#"{"AliasName": "alias/app"}"#);
    assert_eq!((deleted.status, deleted.body.as_str()), (200, ""));
    assert_eq!(kms.call("ListAliases", "{}").json()["Aliases"], json!([]));
}

/// Rules A6, U1, A4, A1, T6, L2, L3, K5.
#[test]
fn what_is_refused_does_not_reach_the_other_kms() {
    let kms = Fake::start(lenient);
    let judge = Endpoint::start(&["--upstream", &kms.url(), "--aliases-per-key", "1"]);
    for (operation, body, exception, rule) in [
        (
            "CreateAlias",
            alias("alias/app", OTHER),
            "AlreadyExistsException",
            "A6",
        ),
        (
            "CreateAlias",
            alias("alias/b", KEY),
            "LimitExceededException",
            "T6",
        ),
        (
            "UpdateAlias",
            alias("alias/nowhere", KEY),
            "NotFoundException",
            "U1",
        ),
        (
            "DeleteAlias",
            r#"{"AliasName": "alias/nowhere"}"#.into(),
            "NotFoundException",
            "U1",
        ),
        (
            "CreateAlias",
            alias("alias/aws/b", KEY),
            "InvalidAliasNameException",
            "A4",
        ),
        ("CreateAlias", alias("b", KEY), "ValidationException", "A1"),
        (
            "CreateAlias",
            alias("alias/b", "alias/app"),
            "ValidationException",
            "K5",
        ),
        (
            "ListAliases",
            r#"{"Limit": 101}"#.into(),
            "ValidationException",
            "L2",
        ),
        (
            "ListAliases",
            r#"{"Marker": "b"}"#.into(),
            "InvalidMarkerException",
            "L3",
        ),
        (
            "ReplicateKey",
            format!(r#"{{"KeyId": "{KEY}", "ReplicaRegion": "eu-west-1"}}"#),
            "UnsupportedOperationException",
            "a key of one Region",
        ),
        (
            "GetParametersForImport",
            format!(
                r#"{{"KeyId": "{KEY}", "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}}"#
            ),
            "UnsupportedOperationException",
            "key material of KMS's own",
        ),
        (
            "EnableKey",
            "[]".into(),
            "SerializationException",
            "no structure",
        ),
    ] {
        let answer = judge.call(operation, &body);
        assert_eq!(answer.exception(), exception, "{rule}: {answer:?}");
        // The account is the one that the other KMS tells.
        assert!(!answer.body.contains("123456789012"), "{rule}: {answer:?}");
    }
    let questions = ["DescribeKey", "ListAliases"];
    let mut reached = kms.operations();
    reached.retain(|operation| !questions.contains(&operation.as_str()));
    assert!(reached.is_empty(), "{reached:?}");
}

/// Rules U3, U4: spec and usage of the key that an alias leaves never change.
#[test]
fn the_key_that_an_alias_leaves_is_described_once_and_the_target_each_time() {
    let kms = Fake::start(lenient);
    let judge = judge(&kms.url());
    for _ in 0..3 {
        judge
            .call("UpdateAlias", &alias("alias/app", OTHER))
            .is_ok();
    }
    let described = |key_id: &str| {
        let received = kms.received();
        let described = received
            .iter()
            .filter(|asked| asked.operation() == "DescribeKey" && asked.body.contains(key_id));
        described.count()
    };
    assert_eq!((described(KEY), described(OTHER)), (1, 3));
}

/// Rules T5, T1: what is remembered of a key is neither its state nor that it is there.
#[test]
fn a_target_that_dies_or_goes_behind_the_judge_is_seen() {
    let kms = Endpoint::start(&["--no-aws-aliases"]);
    let judge = judge(&url(&kms));
    let keys = [create_key(&kms), create_key(&kms)];
    judge
        .call("CreateAlias", &alias("alias/app", &keys[0]))
        .is_ok();
    for key_id in [&keys[1], &keys[0], &keys[1]] {
        judge
            .call("UpdateAlias", &alias("alias/app", key_id))
            .is_ok();
    }
    let dying = json!({"KeyId": keys[0], "PendingWindowInDays": 7}).to_string();
    kms.call("ScheduleKeyDeletion", &dying).is_ok();
    let moved = judge.call("UpdateAlias", &alias("alias/app", &keys[0]));
    refused(&moved, 400, "KMSInvalidStateException");
    let gone = judge.call("UpdateAlias", &alias("alias/app", OTHER));
    refused(&gone, 400, "NotFoundException");
}

/// Another KMS at the same address may have other keys of the same IDs.
#[test]
fn nothing_is_remembered_once_the_other_kms_gave_no_answer() {
    let restarted = AtomicBool::new(false);
    let kms = Fake::start(move |asked, stream| {
        // It goes without an answer, and comes back with a key of another usage.
        if asked.body.contains("restart") {
            return restarted.store(true, Ordering::SeqCst);
        }
        let is_old_key = asked.operation() == "DescribeKey" && asked.body.contains(KEY);
        if is_old_key && restarted.load(Ordering::SeqCst) {
            let key = json!({"KeyMetadata": {
                "KeyId": KEY, "Arn": format!("{SCOPE}:key/{KEY}"), "KeyState": "Enabled",
                "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC",
                "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            }});
            return write(stream, "200 OK", &key.to_string());
        }
        lenient(asked, stream);
    });
    let judge = judge(&kms.url());
    let moved = alias("alias/app", OTHER);
    judge.call("UpdateAlias", &moved).is_ok();
    judge.call("UpdateAlias", &moved).is_ok();
    let lost = judge.call("DescribeKey", r#"{"KeyId": "alias/restart"}"#);
    assert_eq!(lost.status, 502, "{lost:?}");
    refused(
        &judge.call("UpdateAlias", &moved),
        400,
        "ValidationException",
    );
}

#[test]
fn what_is_handed_on_is_as_it_came_and_so_is_its_answer() {
    let kms = Fake::start(lenient);
    let judge = judge(&kms.url());
    let mut client = judge.connect();
    let headers = format!(
        "{}X-ODD-case: a  b\r\nx-twice: 1\r\nx-twice: 2\r\n",
        signed_for("us-east-1")
    );
    let body = r#"{ "TargetKeyId":"0987dcba-09fe-87dc-65ba-ab0987654321","AliasName":"alias\/b", "X":1e0}"#;
    client.send(request("CreateAlias", body, &headers));
    let answer = client.answer();
    answer.is_ok();
    assert_eq!(answer.body, "{}");
    assert!(
        answer.headers.contains(&"X-Odd-Case: kept".to_owned()),
        "{answer:?}"
    );
    let received = kms.received().pop().expect("it was handed on");
    assert_eq!(received.body, body);
    let sent = request("CreateAlias", body, &headers);
    for line in sent.lines().take_while(|line| !line.is_empty()) {
        assert!(
            received.head.contains(&line.to_owned()),
            "{line} in {received:?}"
        );
    }
    // The questions had the signature of the client, and its Region.
    for question in kms.received() {
        let signature = signed_for("us-east-1");
        assert!(
            question
                .head
                .iter()
                .any(|line| line.eq_ignore_ascii_case(signature.trim_end()))
        );
    }
}

#[test]
fn what_is_no_request_of_kms_is_handed_on_both_ways() {
    let echo = |asked: &Received, stream: &mut TcpStream| {
        write(
            stream,
            "207 Odd",
            &format!("{}\n{}", asked.head[0], asked.body),
        );
    };
    let judge = judge(&Fake::start(echo).url());
    let mut client = judge.connect();
    let long = "x".repeat(3 << 20);
    for (line, body) in [
        ("PUT /bucket/a%20b?acl&x=%2F", long.as_str()),
        ("DELETE //a/../b", ""),
        ("POST /", "Action=GetCallerIdentity&Version=2011-06-15"),
    ] {
        let head = format!(
            "{line} HTTP/1.1\r\nHost: s3\r\nContent-Length: {}",
            body.len()
        );
        client.send(format!("{head}\r\n\r\n{body}"));
        let answer = client.answer();
        assert_eq!(answer.status, 207);
        assert!(answer.body == format!("{line} HTTP/1.1\n{body}"), "{line}");
    }
}

/// Rule T6: the other KMS would take them all.
#[test]
fn requests_that_race_are_judged_one_after_the_other() {
    let kms = Endpoint::start(&["--aliases-per-key", "1000"]);
    let judge = judge(&url(&kms));
    let key_id = create_key(&kms);
    for number in 0..48 {
        kms.call("CreateAlias", &alias(&format!("alias/{number}"), &key_id))
            .is_ok();
    }
    let barrier = Barrier::new(8);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let race = |number: usize| {
            let body = alias(&format!("alias/race-{number}"), &key_id);
            let mut client = judge.connect();
            barrier.wait();
            client.call("CreateAlias", &body).status
        };
        let racers: Vec<_> = (0..8)
            .map(|number| scope.spawn(move || race(number)))
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("it ends"))
            .collect()
    });
    assert_eq!(
        outcomes.iter().filter(|status| **status == 200).count(),
        2,
        "{outcomes:?}"
    );
}

#[test]
fn lists_come_in_pages_whatever_the_pages_of_the_other_kms() {
    let kms = Endpoint::start(&["--no-aws-aliases", "--aliases-per-key", "1000"]);
    let judge = judge(&url(&kms));
    let key_id = create_key(&kms);
    for number in 0..230 {
        kms.call(
            "CreateAlias",
            &alias(&format!("alias/{number:03}"), &key_id),
        )
        .is_ok();
    }
    let (mut found, mut marker) = (Vec::new(), json!({"Limit": 70}));
    loop {
        let page = judge.call("ListAliases", &marker.to_string()).json();
        for entry in page["Aliases"].as_array().expect("a list") {
            found.push(entry["AliasName"].as_str().expect("a name").to_owned());
        }
        match page["NextMarker"].as_str() {
            Some(next) => marker["Marker"] = next.into(),
            None => break,
        }
    }
    let all: Vec<_> = (0..230)
        .map(|number| format!("alias/{number:03}"))
        .collect();
    assert_eq!(found, all);
}
