"""What several tests need: the conformance cases, and a client that reaches nothing but moto."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import moto
import pytest

CONFORMANCE = Path(__file__).parents[2] / "wire/tests/it/conformance"

pytest_plugins = ["pytester"]


def cases(name: str) -> list[dict[str, Any]]:
    lines = (CONFORMANCE / name).read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds credentials of an account."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def kms() -> Any:
    """A KMS client of moto."""
    with moto.mock_aws():
        yield boto3.client("kms", region_name="eu-west-3")
