"""10,000 hostile requests: the endpoint still answers, and its table is unchanged.

    tests/clients/run hostile
    tests/clients/run judge-hostile

The address is that of AWS_ENDPOINT_URL_KMS, on loopback. If that is a judge, UPSTREAM_URL is the KMS
behind it, which is asked what it holds. COUNT, SEED and WORKERS can be set in the environment; the
run ends by itself, at the latest after PATIENCE seconds.
"""

import http.client
import ipaddress
import json
import os
import random
import socket
import string
import struct
import sys
import threading
import time
import urllib.parse
from collections import Counter

COUNT = int(os.environ.get("COUNT", "10000"))
SEED = int(os.environ.get("SEED", "1"))
WORKERS = int(os.environ.get("WORKERS", "8"))
PATIENCE = 840
MEBIBYTE = 1 << 20

URL = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_KMS"])
ADDRESS = (URL.hostname, URL.port)
UPSTREAM = urllib.parse.urlsplit(os.environ.get("UPSTREAM_URL", URL.geturl()))
IS_BEHIND = UPSTREAM != URL
for url in (URL, UPSTREAM):
    assert ipaddress.ip_address(url.hostname).is_loopback, "only this machine is a target"

OPERATIONS = (
    "CreateAlias UpdateAlias DeleteAlias ListAliases ListKeys DescribeKey CreateKey EnableKey "
    "DisableKey ScheduleKeyDeletion CancelKeyDeletion Encrypt Sign"
).split()
# Those that refuse an empty object, whatever else it holds.
NEEDY = [name for name in OPERATIONS if name not in ("ListAliases", "ListKeys", "CreateKey")]


def request(operation, body, more=b"", target="TrentService."):
    """A request of good HTTP."""
    if isinstance(body, str):
        body = body.encode()
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {target}{operation}\r\n"
    if b"Authorization" not in more:
        more = signed_for("us-east-1") + more
    return head.encode() + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


def signed_for(region):
    credential = f"any/20261125/{region}/kms/aws4_request"
    return f"Authorization: AWS4-HMAC-SHA256 Credential={credential}, Signature=0\r\n".encode()


# Each kind makes a request from a source of chance. REFUSED has to be answered 4xx, with an error
# body; of ODD it is enough that the answer is not 2xx or 5xx, or that the connection is closed.
REFUSED, ODD = "refused", "odd"


def random_bytes(chance):
    return ODD, chance.randbytes(chance.randint(1, 3000)) + b"\r\n\r\n"


def random_body(chance):
    body = b"\xff" + chance.randbytes(chance.randint(0, 2000))
    return REFUSED, request(chance.choice(OPERATIONS), body)


def no_json(chance):
    broken = ["", "{", "[]", "null", '"text"', "{]", '{"KeyId"}', '{"KeyId":}', "{} {}", '{"KeyId":"\\ud800"',
              "{'KeyId': 1}", '{"KeyId": NaN}', '{"a":1,}', "\ufeff{}", '{"a":"\n"}', "tru", "0x10"]
    return REFUSED, request(chance.choice(NEEDY), chance.choice(broken))


def deep_json(chance):
    depth = chance.choice([127, 128, 129, 1000, 50_000])
    opening, closing = chance.choice([("[", "]"), ('{"a":', "}")])
    core = chance.choice(["", "1", "[]"]) if opening == "[" else "1"
    closings = chance.choice([depth, depth - 1, 0])
    member = chance.choice(["AliasName", "KeyId", "Unknown"])
    body = '{"%s":%s%s%s}' % (member, opening * depth, core, closing * closings)
    return REFUSED, request(chance.choice(NEEDY), body)


def huge_number(chance):
    huge = ["9" * 5000, "-" + "9" * 400, "1e400", "-1e400", "1e-400", "18446744073709551616", "0." + "3" * 3000,
            "-9223372036854775809", "1e99999999999", "2147483648", "-1", "101", "1" + "0" * 300, "366"]
    number = chance.choice(huge)
    operation, members = chance.choice([
        ("ListAliases", '"Limit":%s'),
        ("ScheduleKeyDeletion", '"KeyId":"1234abcd-12ab-34cd-56ef-1234567890ab","PendingWindowInDays":%s'),
        ("CreateAlias", '"AliasName":%s,"TargetKeyId":1'),
        ("DescribeKey", '"KeyId":%s'),
    ])
    return REFUSED, request(operation, "{%s}" % (members % number))


def wrong_type(chance):
    value = chance.choice(["1", "true", "null", "[]", "{}", '["alias/victim-0"]', "1.5", '{"AliasName":"alias/a"}'])
    member = chance.choice(["AliasName", "KeyId", "TargetKeyId"])
    return REFUSED, request(chance.choice(NEEDY), '{"%s":%s}' % (member, value))


def wrong_text(chance):
    letters = string.printable + "é\u0000\u202e💥"
    name = "alias/" + "".join(chance.choices(letters, k=chance.choice([0, 1, 20, 251, 5000]))) + chance.choice("!é\u0000 ")
    key = chance.choice(KEYS + ["x" * 5000, "../../etc/passwd", "alias/victim-0", "' OR 1=1 --", "%s%n", ""])
    body = {"AliasName": name, "TargetKeyId": key, "KeyId": name + " "}
    return REFUSED, request(chance.choice(NEEDY), json.dumps(body))


def many_members(chance):
    count = chance.choice([1000, 20_000])
    body = "{" + ",".join(f'"{number}":{number}' for number in range(count)) + "}"
    return REFUSED, request(chance.choice(NEEDY), body)


def wrong_target(chance):
    target = chance.choice(["", "trentservice.", "TrentService", "DynamoDB_20120810.", "TrentService. ", "TrentService.."])
    operation = chance.choice(OPERATIONS + ["", "createAlias", "CREATEALIAS", "X" * 10_000, "ListGrants", "é"])
    if target == "" and operation == "":
        target = "."
    return REFUSED, request(operation, '{"AliasName":"alias/victim-0"}', target=target)


def wrong_line(chance):
    method = chance.choice(["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"])
    path = chance.choice(["/", "//", "/../", "/?Action=DeleteAlias", "/alias/victim-0", "*", "/%00", "/" + "a" * 3000])
    line = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    return ODD, line.encode()


def wrong_region(chance):
    region = chance.choice(["", "nowhere", "us-east-1\t", "..", "a" * 5000, "us_east_1", "EU-WEST-3", "é"])
    return ODD, request("DeleteAlias", "{}", signed_for(region))


def made_up_region(chance):
    region = "us-" + "".join(chance.choices(string.ascii_lowercase, k=8)) + "-1"
    return REFUSED, request("DeleteAlias", '{"AliasName":"alias/victim-0"}', signed_for(region))


def broken_headers(chance):
    lines = [b"NoColon\r\n", b" folded: value\r\n", b"Bad\x00Name: 1\r\n", b"A: \x00\r\n", b"A: b\rX-Amz-Target: c\r\n",
             b"Content-Length: 1\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b": empty\r\n",
             b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: gzip\r\n", b"A: b\r\n" * 200,
             b"A: " + b"b" * 100_000 + b"\r\n"]
    return ODD, request("DeleteAlias", '{"AliasName":"alias/nobody"}', chance.choice(lines))


def broken_chunks(chance):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: TrentService.ListKeys\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = chance.choice([b"zz\r\n{}\r\n", b"ffffffffffffffffff\r\n{}", b"-2\r\n{}\r\n", b"2\r\n{}}}}}\r\n", b"2;" + b"x" * 70_000])
    return ODD, head + chunk + b"0\r\n\r\n"


def oversized(chance):
    return REFUSED, request("ListKeys", b"{}" + b" " * (MEBIBYTE - 1 + chance.choice([0, 1, MEBIBYTE])))


# What is no request of KMS's is not the judge's to answer, and neither is what moto makes of a Region
# that it does not know.
NOT_OF_KMS = (wrong_target, wrong_line, wrong_region, made_up_region, broken_headers, broken_chunks)
KINDS = [random_bytes, random_body, no_json, deep_json, huge_number, wrong_type, wrong_text, many_members, wrong_target,
         wrong_line, wrong_region, made_up_region, broken_headers, broken_chunks]
# A large one now and then.
OVERSIZED_EVERY = 100
# How it is sent: whole, in pieces, or never to its end.
WHOLE, PIECES, ABORTED, RESET = "whole", "in pieces", "aborted", "reset"
MANNERS = [WHOLE] * 4 + [PIECES] * 2 + [ABORTED, RESET]

KEYS = []


def call(operation, **members):
    """An honest request, and what it answers."""
    connection = http.client.HTTPConnection(UPSTREAM.hostname, UPSTREAM.port, timeout=30)
    headers = {"X-Amz-Target": f"TrentService.{operation}", "Content-Type": "application/x-amz-json-1.1"}
    # A server of many services goes by the signature, unchecked.
    headers["Authorization"] = signed_for("us-east-1").decode().partition(": ")[2].strip()
    connection.request("POST", "/", json.dumps(members), headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, (operation, members, response.status, body)
    return json.loads(body) if body else {}


def pages(operation, member):
    found, marker = [], {}
    while True:
        page = call(operation, **marker)
        found += page[member]
        if not page.get("Truncated"):
            return found
        marker = {"Marker": page["NextMarker"]}


def prepare():
    """Keys in several states, with aliases."""
    KEYS.extend(call("CreateKey")["KeyMetadata"]["KeyId"] for _ in range(5))
    for number in range(120):
        call("CreateAlias", AliasName=f"alias/victim-{number}", TargetKeyId=KEYS[number % 5])
    call("DisableKey", KeyId=KEYS[3])
    call("ScheduleKeyDeletion", KeyId=KEYS[4])


def everything():
    """All that stands in the table."""
    keys = pages("ListKeys", "Keys")
    return pages("ListAliases", "Aliases"), [call("DescribeKey", KeyId=key["KeyId"]) for key in keys]


def send(stream, data, manner, chance):
    if manner == PIECES:
        # Few enough to end soon, wherever they fall.
        cuts = sorted(chance.sample(range(len(data)), min(len(data), 12)))
        for start, end in zip([0, *cuts], [*cuts, len(data)]):
            stream.sendall(data[start:end])
    elif manner in (ABORTED, RESET):
        stream.sendall(data[:chance.randrange(len(data))])
    else:
        stream.sendall(data)


def attack(index, chance):
    """One hostile request: what came of it, or None for nothing, which is what an aborted one gets."""
    kind = oversized if index % OVERSIZED_EVERY == 0 else chance.choice(KINDS)
    expected, data = kind(chance)
    passes = IS_BEHIND and kind in NOT_OF_KMS
    if passes:
        expected = ODD
    manner = chance.choice(MANNERS)
    with socket.create_connection(ADDRESS, timeout=30) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            send(stream, data, manner, chance)
            if manner == RESET:
                # Closed with a reset instead of an end.
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if manner in (ABORTED, RESET):
                return kind.__name__, manner
            if expected == ODD:
                # What looks unfinished is not waited for.
                stream.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(stream, method=data.split(b" ")[0].decode("latin-1"))
            response.begin()
            status, body = response.status, response.read()
        except (http.client.HTTPException, OSError) as error:
            assert expected == ODD, (kind.__name__, manner, data[:300], error)
            return kind.__name__, "closed"
    assert 400 <= status < 500 or passes, (kind.__name__, manner, data[:300], status, body[:300])
    if expected == REFUSED:
        error = json.loads(body)
        assert error["__type"].endswith("Exception") and isinstance(error["message"], str), error
    return kind.__name__, status


def work(worker, until, outcomes, failures):
    for index in range(worker, COUNT, WORKERS):
        if failures:
            return
        try:
            assert time.monotonic() < until, "out of time"
            outcomes.append(attack(index, random.Random(f"{SEED} {index}")))
        except Exception as error:  # pylint: disable=broad-except
            failures.append((index, repr(error)))


def main():
    until = time.monotonic() + PATIENCE
    prepare()
    before = everything()
    outcomes, failures = [], []
    workers = [threading.Thread(target=work, args=(worker, until, outcomes, failures)) for worker in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for kind, outcome in sorted(Counter(outcomes).items(), key=str):
        print(f"{outcome:6} {kind[0]}: {kind[1]}")
    if failures:
        sys.exit(f"seed {SEED}: request {failures[0][0]}: {failures[0][1]}")
    assert everything() == before, "the table has changed"
    call("DeleteAlias", AliasName="alias/victim-0")
    assert len(everything()[0]) == len(before[0]) - 1
    print(f"{len(outcomes)} hostile requests: the endpoint answers, its table is unchanged")


if __name__ == "__main__":
    main()
