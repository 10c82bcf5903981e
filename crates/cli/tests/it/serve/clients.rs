//! What a client sees: operations, Regions, and clients at once.

use std::sync::Barrier;
use std::thread;

use super::program::{Answer, Connection, Endpoint, request, signed_for};
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
    let aliases = kms_alias_lint::AWS_ALIAS_SERVICES.len();
    assert_eq!(
        endpoint.line(),
        format!(
            "account 123456789012, default Region us-east-1; us-east-1: {aliases} aliases, 0 keys\n"
        )
    );
}

#[test]
fn an_alias_lives_from_create_to_delete() {
    let endpoint = Endpoint::start(&["--no-aws-aliases"]);
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
    let endpoint = Endpoint::start(&["--no-aws-aliases"]);
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

/// Regions that nobody else asks for.
fn made_up_regions() -> impl Iterator<Item = String> {
    let letter = |digit: u32| char::from_digit(10 + digit % 26, 36).expect("a letter");
    (0..).map(move |number| format!("us-{}{}-1", letter(number / 26), letter(number)))
}

fn call_for(client: &mut Connection, region: &str, operation: &str, body: &str) -> Answer {
    client.send(request(operation, body, &signed_for(region)));
    client.answer()
}

#[test]
fn made_up_regions_that_are_only_read_cost_nothing() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    for region in made_up_regions().take(300) {
        call_for(&mut client, &region, "ListKeys", "{}").is_ok();
        let refused = call_for(
            &mut client,
            &region,
            "DeleteAlias",
            r#"{"AliasName": "alias/a"}"#,
        );
        assert_eq!(refused.exception(), "NotFoundException");
    }
    call_for(&mut client, "eu-west-3", "CreateKey", "{}").is_ok();
    create_key(&endpoint);
}

#[test]
fn keys_in_more_regions_than_are_kept_are_refused_and_the_default_one_is_kept() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    let regions: Vec<_> = made_up_regions().take(120).collect();
    let mut refused = 0;
    for region in &regions {
        let answer = call_for(&mut client, region, "CreateKey", "{}");
        if answer.status != 200 {
            assert_eq!(answer.exception(), "LimitExceededException");
            refused += 1;
        }
    }
    // The default Region is one of the hundred.
    assert_eq!(refused, 21);
    let keys = |answer: Answer| answer.json()["Keys"].as_array().expect("keys").len();
    let mut list = |region: &str| keys(call_for(&mut client, region, "ListKeys", "{}"));
    assert_eq!((list(&regions[0]), list(&regions[119])), (1, 0));
    create_key(&endpoint);
    assert_eq!(list("us-east-1"), 1);
}

#[test]
fn the_aliases_that_aws_predefines_stand_in_every_region() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    for region in ["us-east-1", "eu-west-3"] {
        let list = call_for(&mut client, region, "ListAliases", "{}").json();
        let found = list["Aliases"].as_array().expect("a list");
        let s3 = found
            .iter()
            .find(|alias| alias["AliasName"] == "alias/aws/s3");
        // Rule A8: one without a key has nothing but its name and ARN.
        let arn = format!("arn:aws:kms:{region}:123456789012:alias/aws/s3");
        assert_eq!(
            s3,
            Some(&json!({"AliasName": "alias/aws/s3", "AliasArn": arn}))
        );
        assert_eq!(list["Truncated"], false);
    }
}

#[test]
fn a_request_signed_for_a_set_of_regions_finds_one() {
    let endpoint = Endpoint::start(&["--no-aws-aliases"]);
    let mut client = endpoint.connect();
    let mut call = |set: &str, operation: &str, body: &str| {
        let signature = "Authorization: AWS4-ECDSA-P256-SHA256 Credential=any/20261125/kms/\
                         aws4_request, Signature=0\r\n";
        let headers = format!("{signature}X-Amz-Region-Set: {set}\r\n");
        client.send(request(operation, body, &headers));
        client.answer()
    };
    let mut arn = |set: &str| {
        let key = call(set, "CreateKey", "{}").json();
        key["KeyMetadata"]["Arn"]
            .as_str()
            .expect("an ARN")
            .to_owned()
    };
    assert!(arn("*").contains(":us-east-1:"));
    assert!(arn("eu-west-3,us-east-2").contains(":eu-west-3:"));
    assert!(arn("eu-*").contains(":eu-west-3:"), "keys are kept there");
    let refused = call("ap-*", "ListKeys", "{}");
    assert_eq!(refused.exception(), "InvalidSignatureException");
}

#[test]
fn a_presigned_request_is_of_the_region_in_its_query() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    let query = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=any%2F20261125%2Feu-west-3\
                 %2Fkms%2Faws4_request&X-Amz-Signature=0";
    client.send(request("CreateKey", "{}", "").replacen("/", query, 1));
    let key = client.answer().json();
    let arn = key["KeyMetadata"]["Arn"].as_str().expect("an ARN");
    assert!(arn.contains(":eu-west-3:"), "{arn}");
}

#[test]
fn a_key_id_is_new_each_time() {
    let endpoint = Endpoint::start(&[]);
    let mut ids: Vec<_> = (0..20).map(|_| create_key(&endpoint)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
