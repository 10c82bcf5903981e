"""Accounts to test on."""

from __future__ import annotations

import json
from typing import Any

REGION, ACCOUNT = "eu-west-3", "111122223333"
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}"
KEYS = [f"1234abcd-12ab-34cd-56ef-{number:012x}" for number in range(8)]


def key(key_id: str, region: str = REGION, account: str = ACCOUNT, **members: Any) -> dict[str, Any]:
    """``KeyMetadata`` of a key, by default an enabled symmetric key of a customer."""
    metadata = {
        "KeyId": key_id,
        "Arn": f"arn:aws:kms:{region}:{account}:key/{key_id}",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
    }
    return {**metadata, **members}


def alias(name: str, key_id: str | None = None) -> dict[str, Any]:
    entry = {"AliasName": name, "AliasArn": f"{ARN}:{name}"}
    return entry if key_id is None else {**entry, "TargetKeyId": key_id}


def described(*keys: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"KeyMetadata": metadata} for metadata in keys]


def changes(*steps: tuple[str, dict[str, Any]]) -> str:
    return json.dumps([{operation: request} for operation, request in steps])
