"""The command `kms-alias` is the Rust program."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import kms_alias
import pytest
from accounts import KEYS, alias, changes, described, key

COMMAND = Path(sys.executable).with_name("kms-alias")


def run(*arguments, **options):
    command = [COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def test_every_verb_of_the_program_is_there():
    done = run("--help")
    assert done.returncode == 0
    source = Path(__file__).parents[2] / "cli/src/lib.rs"
    verbs = re.search(r"enum Verb \{(.*?)\n\}", source.read_text(), re.DOTALL)[1]
    names = [name.lower() for name in re.findall(r"^    (\w+)\(", verbs, re.MULTILINE)]
    assert "check" in names and len(names) >= 5
    for name in names:
        assert name in done.stdout
        assert run(name, "--help").returncode == 0


def test_version_and_wrong_arguments():
    assert run("--version").stdout.strip() == f"kms-alias {kms_alias.__version__}"
    assert run("no-such-verb").returncode == 2
    assert run().returncode == 2


def test_the_sample_runs():
    done = run("check")
    assert done.returncode in (1, 3) and done.stdout


@pytest.fixture
def files(tmp_path):
    documents = [{"Aliases": [alias("alias/a", KEYS[0])]}, *described(key(KEYS[0]), key(KEYS[1]))]
    steps = changes(
        ("UpdateAlias", {"AliasName": "alias/a", "TargetKeyId": KEYS[1]}),
        ("CreateAlias", {"AliasName": "alias/a", "TargetKeyId": KEYS[0]}),
        ("DeleteAlias", {"AliasName": "alias/é"}),
    )
    (tmp_path / "account.json").write_text("\n".join(map(json.dumps, documents)))
    (tmp_path / "changes.json").write_text(steps)
    return tmp_path / "account.json", tmp_path / "changes.json"


def test_the_command_and_the_module_say_the_same(files):
    account, steps = files
    done = run("check", "--account", account, "--changes", steps, "--json")
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    verdicts = kms_alias.check([account.read_text()], steps.read_bytes())
    for line, verdict in zip(lines, verdicts, strict=False):
        for member, value in line.items():
            if hasattr(verdict, member):
                assert getattr(verdict, member) == value
    assert [verdict.rule for verdict in verdicts] == [None, "A6", "A3"]


def test_the_module_runs_as_a_program(files):
    account, steps = files
    arguments = ["check", "--account", str(account), "--changes", str(steps), "--json"]
    command = [sys.executable, "-m", "kms_alias", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, run(*arguments).stdout)
    assert kms_alias.main(["check", "--account", "no-such-file", "--changes", str(steps)]) == 2


def test_a_pipe_that_closes_ends_it_quietly(files):
    account, _ = files
    with subprocess.Popen([COMMAND, "check", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.wait(60) == 0
        assert b"panicked" not in process.stderr.read()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_endpoint_serves_and_stops(stop):
    with subprocess.Popen([COMMAND, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        address = re.search(r"http://\S+", line)[0]
        request = urllib.request.Request(
            address,
            b"{}",
            {
                "X-Amz-Target": "TrentService.ListAliases",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260131/eu-west-3/kms/aws4_request",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200 and b"Aliases" in answer.read()
        process.send_signal(stop)
        started = time.monotonic()
        process.wait(30)
        assert time.monotonic() - started < 30
