"""Prints the figures of docs/python.md: names a call, names in a list, and `check`.

All are processor time, the least of several rounds: other programs on the machine count for little.

Run it where the wheel is installed: python crates/python/figures.py [PROGRAM]
PROGRAM is the Rust program, built with --release; without it the command of the wheel is taken.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path

import kms_alias

ROUNDS = 7
NAMES = [f"alias/team-{number % 97}/service_{number}" for number in range(1_000_000)]
PATTERN = re.compile(r"alias/(?!aws)[a-zA-Z0-9/_-]{1,250}")


def nanoseconds(statement, scope, calls):
    timer = timeit.Timer(statement, timer=time.process_time, globals=scope)
    return min(timer.repeat(ROUNDS, calls)) / calls * 1e9


def one_call():
    scope = {
        "text": NAMES[4242],
        "is_valid": kms_alias.AliasName.is_valid,
        "AliasName": kms_alias.AliasName,
        "match": PATTERN.fullmatch,
    }
    rule = nanoseconds("match(text) is not None", scope, 500_000)
    for what, statement in [
        ("AliasName.is_valid(text)", "is_valid(text)"),
        ("AliasName(text)", "AliasName(text)"),
    ]:
        took = nanoseconds(statement, scope, 500_000)
        print(f"{what:<28}{took:8.0f} ns   re {rule:.0f} ns   ratio {took / rule:.2f}")


def a_list():
    match = PATTERN.fullmatch
    took = nanoseconds("valid(names)", {"valid": kms_alias.valid_alias_names, "names": NAMES}, 1)
    rule = nanoseconds(
        "[match(name) is not None for name in names]", {"match": match, "names": NAMES}, 1
    )
    print(f"{'valid_alias_names, a name':<28}{took / 1e6:8.1f} ns   re {rule / 1e6:.0f} ns")


def account(keys=2_000, aliases=20_000):
    ids = [f"1234abcd-12ab-34cd-56ef-{number:012x}" for number in range(keys)]
    scope = "arn:aws:kms:eu-west-3:111122223333"
    described = [
        {
            "KeyMetadata": {
                "KeyId": key,
                "Arn": f"{scope}:key/{key}",
                "KeyState": "Enabled",
                "KeySpec": "SYMMETRIC_DEFAULT",
                "KeyUsage": "ENCRYPT_DECRYPT",
                "Origin": "AWS_KMS",
                "KeyManager": "CUSTOMER",
            }
        }
        for key in ids
    ]
    listed = [
        {
            "AliasName": f"alias/{number}",
            "AliasArn": f"{scope}:alias/{number}",
            "TargetKeyId": ids[number % keys],
        }
        for number in range(aliases)
    ]
    documents = [{"Aliases": listed, "Truncated": False}, *described]
    steps = [
        {"UpdateAlias": {"AliasName": f"alias/{7 * n % aliases}", "TargetKeyId": ids[n % keys]}}
        if n % 10
        else {"CreateAlias": {"AliasName": f"alias/new-{n}", "TargetKeyId": ids[(n // 10) % keys]}}
        for n in range(100_000)
    ]
    return "\n".join(map(json.dumps, documents)), json.dumps(steps)


def of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def changes(program):
    documents, steps = account()
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "account.json"), Path(folder, "changes.json")
        for path, text in zip(paths, (documents, steps), strict=True):
            path.write_text(text)
        command = [program, "check", "--json", "--account", paths[0], "--changes", paths[1]]
        module, whole = [], []
        verdicts = kms_alias.check([documents], steps)
        for _ in range(ROUNDS):
            started = time.process_time()
            verdicts = kms_alias.check([paths[0].read_bytes()], paths[1].read_bytes())
            module.append(time.process_time() - started)
            started = of_children()
            with open(os.devnull, "w") as nowhere:
                subprocess.run(command, stdout=nowhere, stderr=nowhere, check=False)
            whole.append(of_children() - started)
    refused = sum(verdict.outcome != "ok" for verdict in verdicts)
    print(f"check, 100,000 changes ({refused} refused): {min(module):.3f} s")
    print(f"the program: {min(whole):.3f} s   ratio {min(module) / min(whole):.2f}")


if __name__ == "__main__":
    one_call()
    a_list()
    changes(sys.argv[1] if len(sys.argv) > 1 else Path(sys.executable).with_name("kms-alias"))
