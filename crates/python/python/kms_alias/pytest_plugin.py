"""The pytest plugin: the fixture ``strict_kms``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ._strict import strict


@pytest.fixture
def strict_kms(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """Makes every KMS client of boto3 strict that is created during the test.

    The code under test may create its client itself. A client that exists already is hooked by
    calling the fixture: ``strict_kms(client)``. It goes with moto's ``mock_aws`` and with any
    endpoint. See :func:`kms_alias.strict`.
    """
    from botocore.client import ClientCreator

    create_client = ClientCreator.create_client

    def create_strict_client(self: Any, *arguments: Any, **options: Any) -> Any:
        client = create_client(self, *arguments, **options)
        if client.meta.service_model.service_name == "kms":
            strict(client)
        return client

    monkeypatch.setattr(ClientCreator, "create_client", create_strict_client)
    return strict
