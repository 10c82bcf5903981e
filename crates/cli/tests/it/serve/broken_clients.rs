//! Clients that are wrong, slow or broken: each gets an answer or its end, and stops no other.

use super::program::{Endpoint, request};

#[track_caller]
fn refused(endpoint: &Endpoint, request: &str, status: u16, exception: &str) {
    let mut client = endpoint.connect();
    client.send(request);
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.exception().as_str()),
        (status, exception)
    );
    assert!(answer.header("x-amzn-requestid").is_some());
}

#[test]
fn a_wrong_method_path_or_target_is_an_error_body() {
    let endpoint = Endpoint::start(&[]);
    let unknown = "UnknownOperationException";
    refused(&endpoint, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 405, unknown);
    refused(
        &endpoint,
        "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n",
        405,
        unknown,
    );
    refused(
        &endpoint,
        "POST /keys HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
        404,
        unknown,
    );
    refused(
        &endpoint,
        &request("NoSuchOperation", "{}", ""),
        400,
        unknown,
    );
    refused(
        &endpoint,
        &request("ListKeys", "[", ""),
        400,
        "SerializationException",
    );
    refused(
        &endpoint,
        &request("DeleteAlias", "{}", ""),
        400,
        "ValidationException",
    );
}

#[test]
fn a_request_that_names_no_operation_is_told_so() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    for header in ["", "X-Amz-Target:\r\n", "X-Amz-Target:  \r\n"] {
        client.send(format!(
            "POST / HTTP/1.1\r\nHost: a\r\n{header}Content-Length: 2\r\n\r\n{{}}"
        ));
        let answer = client.answer();
        assert_eq!(
            (answer.status, answer.exception().as_str()),
            (400, "UnknownOperationException")
        );
        assert_eq!(
            answer.json()["message"],
            "the header X-Amz-Target, which names the operation, is missing"
        );
    }
}

#[test]
fn after_a_refusal_the_connection_goes_on() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send("GET /favicon.ico HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 404);
    assert_eq!(client.call("DeleteAlias", "{}").status, 400);
    client.call("ListKeys", "{}").is_ok();
}

#[test]
fn a_header_is_read_in_any_case_and_a_request_in_any_pieces() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    for byte in request("ListKeys", "{}", "")
        .replace("X-Amz-Target", "x-AMZ-tARGET")
        .bytes()
    {
        client.send([byte]);
    }
    client.answer().is_ok();
    // Three requests in one piece.
    client.send(request("ListKeys", "{}", "").repeat(3));
    for _ in 0..3 {
        client.answer().is_ok();
    }
}

#[test]
fn who_ends_its_side_is_still_answered() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send(request("ListKeys", "{}", ""));
    client.end();
    client.answer().is_ok();
    assert!(
        client.try_answer().is_none(),
        "and then the connection ends"
    );
}

#[test]
fn a_body_of_a_mebibyte_is_read_and_a_longer_one_is_not() {
    let endpoint = Endpoint::start(&[]);
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    endpoint.call("ListKeys", &padded(1 << 20)).is_ok();
    for length in [(1 << 20) + 1, 5 << 20] {
        let answer = endpoint.call("ListKeys", &padded(length));
        assert_eq!(
            (answer.status, answer.exception().as_str()),
            (413, "RequestEntityTooLargeException")
        );
        assert_eq!(answer.header("connection"), Some("close"));
    }
}

#[test]
fn a_long_body_in_chunks_is_refused_too() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: TrentService.ListKeys\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
    );
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(1 << 16));
    for _ in 0..17 {
        client.send(&chunk);
    }
    client.send("0\r\n\r\n");
    assert_eq!(client.answer().status, 413);
}

#[test]
fn a_head_without_end_is_refused() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send(format!(
        "POST / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n",
        "a".repeat(100_000)
    ));
    assert_eq!(client.answer().status, 431);
}

#[test]
fn what_is_no_http_is_refused() {
    let endpoint = Endpoint::start(&[]);
    let mut client = endpoint.connect();
    client.send("\u{16}\u{3}\u{1} is how TLS begins\r\n\r\n");
    assert_eq!(client.answer().status, 400);
    endpoint.call("ListKeys", "{}").is_ok();
}

#[test]
fn a_client_that_goes_away_changes_nothing() {
    let endpoint = Endpoint::start(&[]);
    let whole = request("CreateKey", r#"{"Description": "never sent whole"}"#, "");
    for length in 1..whole.len() {
        endpoint.connect().send(&whole[..length]);
    }
    assert_eq!(
        endpoint.call("ListKeys", "{}").json()["Keys"],
        serde_json::json!([])
    );
}

/// As on systems that allow fewer open files than connections are allowed here.
#[cfg(unix)]
#[test]
fn slow_clients_keep_no_other_out_where_files_are_few() {
    let endpoint = Endpoint::with_open_files(40);
    let _silent: Vec<_> = (0..60).map(|_| endpoint.connect()).collect();
    for _ in 0..3 {
        endpoint.call("ListKeys", "{}").is_ok();
    }
}
