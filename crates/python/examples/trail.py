"""A made-up CloudTrail log: so many events of so many accounts and Regions, the same each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

REGIONS = ["eu-west-1", "eu-west-3", "us-east-1", "ap-southeast-2"]


def groups(accounts: int = 100) -> list[tuple[str, str]]:
    """The pairs of account and Region."""
    return [(f"{100000000000 + number}", region) for number in range(accounts) for region in REGIONS]


def events(account: str, region: str, count: int) -> Iterator[tuple[str, str, str]]:
    """The events of one group as account, Region and JSON, in the order of their time."""
    chance = random.Random(f"{account} {region}")
    key = f"1234abcd-12ab-34cd-56ef-{int(account):012d}"
    arn = f"arn:aws:kms:{region}:{account}"
    standing: set[str] = set()
    for number in range(count):
        event = {
            "eventSource": "kms.amazonaws.com",
            "eventID": f"{account}-{region}-{number}",
            "eventTime": f"2026-01-{1 + number // 86400 % 28:02}T{number // 3600 % 24:02}:"
            f"{number // 60 % 60:02}:{number % 60:02}Z",
            "awsRegion": region,
            "recipientAccountId": account,
        }
        if number == 0:
            event |= {"eventName": "CreateKey", "responseElements": {"keyMetadata": _key(arn, key)}}
        else:
            event |= _change(chance, standing, arn, key)
        yield account, region, json.dumps(event)


def _key(arn: str, key: str) -> dict[str, str]:
    return {
        "keyId": key,
        "arn": f"{arn}:key/{key}",
        "keySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "origin": "AWS_KMS",
        "keyManager": "CUSTOMER",
        "keyState": "Enabled",
    }


def _change(chance: random.Random, standing: set[str], arn: str, key: str) -> dict[str, object]:
    """A change of an alias and what KMS answers; one in 200 answers is made up."""
    name = f"alias/{chance.randrange(40)}"
    operation = chance.choice(["CreateAlias", "UpdateAlias", "DeleteAlias"])
    request = {"aliasName": name}
    if operation != "DeleteAlias":
        request["targetKeyId"] = key
    event: dict[str, object] = {"eventName": operation, "requestParameters": request}
    error = None
    if operation == "CreateAlias" and name in standing:
        error = ("AlreadyExistsException", f"An alias with the name {arn}:{name} already exists")
    elif operation != "CreateAlias" and name not in standing:
        error = ("NotFoundException", f"Alias {arn}:{name} is not found.")
    if chance.randrange(200) == 0:
        error = ("ValidationException", "made up")
    elif error is None:
        (standing.discard if operation == "DeleteAlias" else standing.add)(name)
    if error:
        event["errorCode"], event["errorMessage"] = error
    return event
