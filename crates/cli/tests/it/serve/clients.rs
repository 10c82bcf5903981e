//! What a client sees: operations, Regions, and clients at once.

use std::sync::Barrier;
use std::thread;

use super::program::{Endpoint, request, signed_for};
use serde_json::{Value, json};

/// Creates a key and says its ID.
fn create_key(endpoint: &Endpoint) -> String {
    let answer = endpoint.call("CreateKey", "{}");
    answer.is_ok();
    let key_id = answer.json()["KeyMetadata"]["KeyId"].clone();
    key_id.as_str().expect("a key ID").to_owned()
}

fn alias(name: &str, key_id: &str) -> String {
    json!({"AliasName": name, "TargetKeyId": key_id}).to_string()
}

fn names(list: &Value) -> Vec<&str> {
    let aliases = list["Aliases"].as_array().expect("a list");
    aliases
        .iter()
        .filter_map(|alias| alias["AliasName"].as_str())
        .collect()
}

#[test]
fn the_first_lines_say_where_and_that_signatures_are_not_checked() {
    let mut endpoint = Endpoint::start(&[]);
    assert!(endpoint.address.ip().is_loopback());
    assert!(endpoint.line().starts_with("signatures are not checked"));
    assert_eq!(
        endpoint.line(),
        "account 123456789012, default Region us-east-1\n"
    );
}

#[test]
fn an_alias_lives_from_create_to_delete() {
    let endpoint = Endpoint::start(&[]);
    let (old, new) = (create_key(&endpoint), create_key(&endpoint));
    let mut client = endpoint.connect();
    let created = client.call("CreateAlias", &alias("alias/app", &old));
    created.is_ok();
    assert_eq!(created.body, "");
    client
        .call("UpdateAlias", &alias("alias/app", &new))
        .is_ok();
    let described = client.call("DescribeKey", r#"{"KeyId": "alias/app"}"#);
    assert_eq!(described.json()["KeyMetadata"]["KeyId"], new);
    assert_eq!(
        names(&client.call("ListAliases", "{}").json()),
        ["alias/app"]
    );
    client
        .call("DeleteAlias", r#"{"AliasName": "alias/app"}"#)
        .is_ok();
    let gone = client.call("DescribeKey", r#"{"KeyId": "alias/app"}"#);
    assert_eq!(
        (gone.status, gone.exception().as_str()),
        (400, "NotFoundException")
    );
    assert_eq!(
        gone.header("content-type"),
        Some("application/x-amz-json-1.1")
    );
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    let mut id = || {
        client
            .call("ListKeys", "{}")
            .header("x-amzn-RequestId")
            .map(str::to_owned)
    };
    let (first, second) = (id().expect("an ID"), id().expect("an ID"));
    assert_eq!(first.len(), 36);
    assert_ne!(first, second);
}

/// Rule A6.
#[test]
fn of_two_creates_at_once_one_succeeds() {
    let endpoint = Endpoint::start(&[]);
    let key_id = create_key(&endpoint);
    let (clients, rounds) = (4, 25);
    let barrier = Barrier::new(clients);
    let race = || {
        let mut client = endpoint.connect();
        let mut outcomes = Vec::new();
        for round in 0..rounds {
            let body = alias(&format!("alias/race-{round}"), &key_id);
            barrier.wait();
            let answer = client.call("CreateAlias", &body);
            outcomes.push(if answer.status == 200 {
                String::new()
            } else {
                answer.exception()
            });
        }
        outcomes
    };
    let outcomes: Vec<Vec<String>> = thread::scope(|scope| {
        let racers: Vec<_> = (0..clients).map(|_| scope.spawn(race)).collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("a racer"))
            .collect()
    });
    for round in 0..rounds {
        let mut of_round: Vec<_> = outcomes
            .iter()
            .map(|outcomes| outcomes[round].as_str())
            .collect();
        of_round.sort_unstable();
        let taken = "AlreadyExistsException";
        assert_eq!(of_round, ["", taken, taken, taken], "round {round}");
    }
}

/// Rule A6.
#[test]
fn one_name_can_stand_in_two_regions() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    for region in ["eu-west-3", "us-gov-west-1"] {
        let mut call = |operation: &str, body: &str| {
            client.send(request(operation, body, &signed_for(region)));
            client.answer()
        };
        let key = call("CreateKey", "{}").json();
        let key_id = key["KeyMetadata"]["KeyId"].as_str().expect("a key ID");
        call("CreateAlias", &alias("alias/app", key_id)).is_ok();
        let list = call("ListAliases", "{}").json();
        assert_eq!(names(&list), ["alias/app"]);
        let arn = list["Aliases"][0]["AliasArn"].as_str().expect("an ARN");
        assert!(
            arn.contains(&format!(":kms:{region}:123456789012:")),
            "{arn}"
        );
    }
    // What is not signed is of the default Region.
    assert!(names(&client.call("ListAliases", "{}").json()).is_empty());
}

#[test]
fn a_signature_for_no_region_is_refused() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send(request("ListAliases", "{}", &signed_for("nowhere")));
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.exception().as_str()),
        (400, "InvalidSignatureException")
    );
}

#[test]
fn made_up_regions_do_not_fill_the_memory() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    let mut refused = 0;
    for number in 0..260_u32 {
        let letter = |digit: u32| char::from_digit(10 + digit % 26, 36).expect("a letter");
        let region = format!("us-{}{}-1", letter(number / 26), letter(number));
        client.send(request("ListKeys", "{}", &signed_for(&region)));
        let answer = client.answer();
        if answer.status != 200 {
            assert_eq!(answer.exception(), "LimitExceededException");
            refused += 1;
        }
    }
    assert_eq!(refused, 160);
    client.send(request("ListKeys", "{}", &signed_for("us-aa-1")));
    client.answer().is_ok();
}

#[test]
fn a_key_id_is_new_each_time() {
    let endpoint = Endpoint::start(&[]);
    let mut ids: Vec<_> = (0..20).map(|_| create_key(&endpoint)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
