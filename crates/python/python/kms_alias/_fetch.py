"""Reads a live account by the user's own boto3 client."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from . import _json

_DENIED = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"})
_BUSY = frozenset(
    {
        "LimitExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
# After so many answers that KMS is busy, of one request, its error is the caller's.
_MOST_ATTEMPTS = 8


def fetch(client: Any, *, requests_per_second: float = 20.0) -> list[str]:
    """Reads the account and Region of a boto3 KMS client into what :func:`check` takes.

    ListAliases, ListKeys and DescribeKey are all that is asked, and nothing is changed. Requests
    are spread evenly, by default 20 a second: far below the quotas, which the account's other
    programs share. A request that KMS is too busy to answer is asked again, more and more slowly.

    The answer is a list of JSON documents, as the AWS CLI prints them. A key that the caller may
    not describe stays undescribed: a verdict that hangs on it says so. If ListKeys is denied, the
    keys that aliases name are described.

    >>> import boto3, moto
    >>> from kms_alias import fetch
    >>> with moto.mock_aws():
    ...     kms = boto3.client("kms", region_name="eu-west-3")
    ...     _ = kms.create_key()
    ...     account = fetch(kms, requests_per_second=1000)
    >>> sum('"KeyMetadata"' in document for document in account)
    1
    """
    if not requests_per_second > 0:
        raise ValueError("requests_per_second is a number above 0")
    paced = _Paced(client, 1.0 / requests_per_second)
    aliases = paced.pages("list_aliases", "Aliases")
    documents: list[dict[str, Any]] = [{"Aliases": aliases, "Truncated": False}]
    try:
        keys = paced.pages("list_keys", "Keys")
    except _Denied:
        targets = {alias["TargetKeyId"] for alias in aliases if "TargetKeyId" in alias}
        key_ids = sorted(targets)
    else:
        documents.append({"Keys": keys, "Truncated": False})
        key_ids = [key["KeyId"] for key in keys]
    for key_id in key_ids:
        metadata = paced.describe(key_id)
        if metadata is not None:
            documents.append({"KeyMetadata": metadata})
    return [_json.document(document) for document in documents]


class _Denied(Exception):
    """The caller may not ask this."""


class _Paced:
    """Requests at a steady pace, each asked again while KMS is busy."""

    def __init__(self, client: Any, interval: float) -> None:
        self._client = client
        self._interval = interval
        self._next = 0.0

    def pages(self, operation: str, member: str) -> list[Any]:
        """All items of a list."""
        call = getattr(self._client, operation)
        items: list[Any] = []
        request: dict[str, Any] = {}
        while True:
            try:
                page = self._ask(call, **request)
            except _Denied as denied:
                if operation == "list_aliases" and denied.__cause__ is not None:
                    raise denied.__cause__ from None
                raise
            items.extend(page[member])
            if not page.get("Truncated"):
                return items
            request = {"Marker": page["NextMarker"]}

    def describe(self, key_id: str) -> Any:
        """What DescribeKey says, or None where it may not be asked or the key is gone."""
        from botocore.exceptions import ClientError

        try:
            return self._ask(self._client.describe_key, KeyId=key_id)["KeyMetadata"]
        except _Denied:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                return None
            raise

    def _ask(self, call: Callable[..., Any], **request: Any) -> Any:
        from botocore.exceptions import ClientError

        for attempt in range(1, _MOST_ATTEMPTS + 1):
            self._wait()
            try:
                return call(**request)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in _DENIED:
                    raise _Denied from error
                if code not in _BUSY or attempt == _MOST_ATTEMPTS:
                    raise
                # Slower from now on, too.
                self._interval = min(self._interval * 1.5, 5.0)
                time.sleep(min(0.2 * 2**attempt, 20.0))
        raise AssertionError("the last attempt returns or raises")

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._interval
