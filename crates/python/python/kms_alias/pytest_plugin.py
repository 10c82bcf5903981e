"""The pytest plugin: the fixture ``strict_kms``."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ._strict import is_strict, strict, unhook


@pytest.fixture
def strict_kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], Any]]:
    """Makes every KMS client of boto3 strict: those that exist, and those that the test creates.

    The code under test may create its client itself, and another fixture may have created it
    before: the order of fixtures does not matter. After the test the clients that existed are as
    they were. ``strict_kms(client)`` hooks a client with options of your own, as
    :func:`kms_alias.strict` does. It goes with moto's ``mock_aws`` and with any endpoint.
    """
    from botocore.client import ClientCreator

    hooked = [client for client in _clients() if not is_strict(client)]
    for client in hooked:
        strict(client)
    create_client = ClientCreator.create_client

    def create_strict_client(self: Any, *arguments: Any, **options: Any) -> Any:
        client = create_client(self, *arguments, **options)
        if client.meta.service_model.service_name == "kms":
            strict(client)
        return client

    monkeypatch.setattr(ClientCreator, "create_client", create_strict_client)
    yield strict
    for client in hooked:
        unhook(client)


def _clients() -> list[Any]:
    """The KMS clients that are alive."""
    from botocore.client import BaseClient

    # The class is asked of the type: a proxy that merely poses as a client is left alone.
    found = [it for it in gc.get_objects() if issubclass(type(it), BaseClient)]
    return [it for it in found if it.meta.service_model.service_name == "kms"]
