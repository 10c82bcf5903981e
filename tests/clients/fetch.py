"""`kms-alias fetch` against two KMS endpoints, behind a proxy that limits, denies and breaks.

    tests/clients/fetch

Arguments: the program, built with the feature `live`, and moto's server; then `serve` or `moto`, if
only one of them is meant.
"""

import collections
import http.client
import http.server
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM, MOTO, *SERVERS = sys.argv[1:]
REGION = "eu-west-3"
KEYS = 120


class Proxy(http.server.ThreadingHTTPServer):
    """Hands requests on, up to `limit` in any second, but for keys that are `denied`.

    After `breaks_after` requests it closes each connection without an answer.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, limit=10**9, denied=(), breaks_after=10**9):
        self.upstream, self.limit, self.denied = port, limit, set(denied)
        self.breaks_after = breaks_after
        self.lock = threading.Lock()
        self.recent = collections.deque()
        self.asked = collections.Counter()
        # What was answered whole.
        self.described, self.statuses = collections.Counter(), collections.Counter()
        self.throttled = 0
        self.busiest = 0
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that is killed leaves broken connections."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def judge(self, operation, key_id):
        """Why a request is not handed on, if it is not."""
        with self.lock:
            now = time.monotonic()
            while self.recent and now - self.recent[0] > 1:
                self.recent.popleft()
            if sum(self.asked.values()) >= self.breaks_after:
                return "break"
            if len(self.recent) >= self.limit:
                self.throttled += 1
                return "ThrottlingException"
            self.recent.append(now)
            self.busiest = max(self.busiest, len(self.recent))
            self.asked[operation] += 1
            if key_id in self.denied:
                return "AccessDeniedException"
            return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].split(".")[1]
        key_id = json.loads(body).get("KeyId")
        verdict = self.server.judge(operation, key_id)
        if verdict == "break":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif verdict:
            error = {"__type": verdict, "message": "the proxy says so"}
            self.answer(400, json.dumps(error).encode())
        else:
            status, answer = post(self.server.upstream, body, self.headers)
            self.answer(status, answer)
            with self.server.lock:
                self.server.statuses[status] += 1
                if operation == "DescribeKey" and status == 200:
                    self.server.described[key_id] += 1

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def post(port, body, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    kept = {
        name: value
        for name, value in headers.items()
        if name.lower() in ("x-amz-target", "authorization", "content-type", "x-amz-date")
    }
    connection.request("POST", "/", body, kept)
    answer = connection.getresponse()
    content = answer.status, answer.read()
    connection.close()
    return content


def ask(port, operation, **members):
    scope = f"any/20260101/{REGION}/kms/aws4_request"
    headers = {
        "X-Amz-Target": f"TrentService.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Date": "20260101T000000Z",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00",
    }
    status, body = post(port, json.dumps(members), headers)
    assert status == 200, (operation, status, body)
    return json.loads(body or b"null")


def fill(port):
    """Makes keys, each but the last with an alias."""
    ids = [ask(port, "CreateKey", KeyUsage="ENCRYPT_DECRYPT", KeySpec="SYMMETRIC_DEFAULT")["KeyMetadata"]["KeyId"] for _ in range(KEYS)]
    for number, key_id in enumerate(ids[:-1]):
        ask(port, "CreateAlias", AliasName=f"alias/n{number}", TargetKeyId=key_id)
    return ids


def fetch(url, folder, *arguments, expected=0):
    command = [PROGRAM, "fetch", "--region", REGION, "--endpoint-url", url, "--out", folder]
    started = time.monotonic()
    ended = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120)
    took = time.monotonic() - started
    assert ended.returncode == expected, ended
    return ended, took


def documents(folder):
    """The keys described, listed and named by aliases, as the account file has them."""
    text = (pathlib.Path(folder) / f"{REGION}.json").read_text()
    decoder, at, all_of_it = json.JSONDecoder(), 0, []
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
        all_of_it.append(document)
    described = {one["KeyMetadata"]["KeyId"] for one in all_of_it if "KeyMetadata" in one}
    listed = {key["KeyId"] for one in all_of_it for key in one.get("Keys", [])}
    names = {alias["AliasName"] for one in all_of_it for alias in one.get("Aliases", [])}
    return described, listed, names


def check(folder, ids):
    """Which of a change for each key `check` finds undecided; what it says of the account."""
    changes = [
        {"CreateAlias": {"AliasName": f"alias/new{number}", "TargetKeyId": key_id}}
        for number, key_id in enumerate(ids)
    ]
    path = pathlib.Path(folder) / "changes"
    path.write_text(json.dumps(changes))
    account = pathlib.Path(folder) / f"{REGION}.json"
    command = [PROGRAM, "check", "--account", account, "--changes", path, "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    return ended.returncode, collections.Counter(
        line["outcome"] for line in lines if "outcome" in line
    ), ended.stderr


def whole(port, ids, folder):
    proxy = Proxy(port)
    ended, took = fetch(proxy.url, folder)
    described, listed, names = documents(folder)
    assert set(ids) <= described <= listed, (len(described), len(listed))
    assert {f"alias/n{number}" for number in range(KEYS - 1)} <= names
    assert proxy.busiest <= 22, proxy.busiest
    code, outcomes, error = check(folder, ids)
    assert (code, outcomes) == (0, {"ok": KEYS}), (code, outcomes, error)
    print(f"whole: {sum(proxy.asked.values())} requests in {took:.1f} s, at most {proxy.busiest} a second")


def denied(port, ids, folder):
    proxy = Proxy(port, denied=ids[5:12])
    ended, _ = fetch(proxy.url, folder, "--requests-per-second", "100")
    assert "7 of " in ended.stderr and "may not be described" in ended.stderr, ended.stderr
    described, listed, _ = documents(folder)
    assert set(ids) - described == set(ids[5:12]) and set(ids) <= listed
    code, outcomes, error = check(folder, ids)
    print(f"denied: 7 of {KEYS} keys; check ends with {code}: {dict(outcomes)}")
    assert code == 3 and outcomes["undecided"] <= 7 and sum(outcomes.values()) == KEYS, error


def limited(port, ids, folder):
    proxy = Proxy(port, limit=30)
    _, took = fetch(proxy.url, folder)
    assert proxy.throttled == 0, proxy.throttled
    print(f"limit of 30 a second, default pace: nothing refused, {took:.1f} s")
    proxy = Proxy(port, limit=30)
    _, took = fetch(proxy.url, folder, "--requests-per-second", "200")
    assert set(ids) <= documents(folder)[0]
    assert proxy.throttled > 0
    print(f"limit of 30 a second, pace of 200: {proxy.throttled} refused, whole after {took:.1f} s")


def broken(port, ids, folder):
    proxy = Proxy(port, breaks_after=60)
    ended, _ = fetch(proxy.url, folder, "--requests-per-second", "200", expected=2)
    assert "the same command goes on from there" in ended.stderr, ended.stderr
    assert not (pathlib.Path(folder) / f"{REGION}.json").exists()
    proxy.breaks_after = 10**9
    ended, _ = fetch(proxy.url, folder, "--requests-per-second", "200")
    assert "were described by a run that did not end" in ended.stderr, ended.stderr
    once = sum(count == 1 for count in proxy.described.values())
    assert set(ids) <= documents(folder)[0]
    assert once == len(proxy.described), (once, len(proxy.described), proxy.statuses)
    print(f"broken after 60 requests, and gone on: {once} keys described, each once")


def interrupted(port, ids, folder):
    proxy = Proxy(port)
    for sent in (signal.SIGINT, signal.SIGKILL):
        command = [PROGRAM, "fetch", "--region", REGION, "--endpoint-url", proxy.url]
        running = subprocess.Popen([*command, "--out", folder], stderr=subprocess.PIPE, text=True)
        time.sleep(2)
        running.send_signal(sent)
        _, error = running.communicate(timeout=20)
        assert running.returncode == (2 if sent == signal.SIGINT else -9), running.returncode
        kept = (pathlib.Path(folder) / f"{REGION}.json.partial").read_text().count("\n")
        assert kept > 0
    fetch(proxy.url, folder, "--requests-per-second", "200")
    assert set(ids) <= documents(folder)[0]
    # What was under way when it was killed is asked for again: a few keys, not all.
    again = sum(count - 1 for count in proxy.described.values())
    assert again <= 32, again
    print(f"killed twice, and gone on: {kept} keys were kept, {again} described twice")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def start(name):
    port = free_port()
    command = {
        "serve": [PROGRAM, "serve", "--listen", f"127.0.0.1:{port}"],
        "moto": [MOTO, "-H", "127.0.0.1", "-p", str(port)],
    }[name]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit(f"{name} does not start")


for name in SERVERS or ("serve", "moto"):
    server, port = start(name)
    try:
        ids = fill(port)
        print(f"\n== {name}: {KEYS} keys")
        for story in (whole, denied, limited, broken, interrupted):
            with tempfile.TemporaryDirectory() as folder:
                story(port, ids, folder)
    finally:
        server.terminate()
        server.wait(timeout=20)
