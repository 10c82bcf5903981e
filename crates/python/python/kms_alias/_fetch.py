"""Reads a live account by the user's own boto3 client."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

from . import _json
from ._errors import UnusableInput
from ._identifiers import KeyId
from ._strict import DEFAULTS

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

    An emulator is read too: members that KMS always tells of a key and an emulator leaves out are
    taken as CreateKey's defaults. moto writes the IDs of multi-Region keys with hyphens, which no
    key of KMS has: they are written without, with a warning. A key with any other ID that no key can
    have is left out with a warning, and so are its aliases: then their list is one that goes on.

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
    listed = paced.pages("list_aliases", "Aliases")
    aliases = [alias for alias in listed if _is_key(alias.get("TargetKeyId"))]
    odd = {alias["TargetKeyId"] for alias in listed if "TargetKeyId" in alias}
    documents: list[dict[str, Any]] = [
        {"Aliases": aliases, "Truncated": len(aliases) < len(listed)}
    ]
    try:
        keys = paced.pages("list_keys", "Keys")
    except _Denied:
        targets = {alias["TargetKeyId"] for alias in aliases if "TargetKeyId" in alias}
        key_ids = sorted(targets)
    else:
        odd.update(key["KeyId"] for key in keys)
        keys = [key for key in keys if _is_key(key["KeyId"])]
        documents.append({"Keys": keys, "Truncated": False})
        key_ids = [key["KeyId"] for key in keys]
    for key_id in key_ids:
        metadata = paced.describe(key_id)
        if metadata is not None:
            documents.append({"KeyMetadata": {**DEFAULTS, **metadata}})
    texts = [_json.document(document) for document in documents]
    for key_id in sorted(key_id for key_id in odd if not KeyId.is_valid(key_id)):
        if not _is_key(key_id):
            words = "the key and its aliases are left out"
        else:
            words = f"it is written as {_mended(key_id)!r}, and changes are to name it so"
            texts = [text.replace(key_id, _mended(key_id)) for text in texts]
        warnings.warn(f"{key_id!r} is no key ID (rules K1, K2): {words}", stacklevel=2)
    return texts


def _mended(key_id: str) -> str:
    """The ID of a multi-Region key without the hyphens that moto writes in it."""
    if not key_id.startswith("mrk-"):
        return key_id
    return "mrk-" + key_id[len("mrk-") :].replace("-", "")


def _is_key(key_id: Any) -> bool:
    """Whether it is a key's ID or can be mended to one, or there is none."""
    return key_id is None or KeyId.is_valid(_mended(key_id))


class _Denied(Exception):
    """The caller may not ask this."""


def _odd(operation: str, words: str) -> UnusableInput:
    return UnusableInput(f"{operation}: {words}", None, operation)


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
        markers: set[str] = set()
        while True:
            try:
                page = self._ask(call, **request)
            except _Denied as denied:
                if operation == "list_aliases" and denied.__cause__ is not None:
                    raise denied.__cause__ from None
                raise
            if not isinstance(page.get(member), list):
                raise _odd(operation, f"an answer has no list `{member}`")
            items.extend(page[member])
            if not page.get("Truncated"):
                return items
            marker = page.get("NextMarker")
            if not marker:
                raise _odd(operation, "an answer is truncated and has no `NextMarker`")
            if marker in markers:
                raise _odd(operation, f"the marker {marker!r} came twice")
            markers.add(marker)
            request = {"Marker": marker}

    def describe(self, key_id: str) -> Any:
        """What DescribeKey says, or None where it may not be asked or the key is gone."""
        from botocore.exceptions import ClientError

        try:
            answer = self._ask(self._client.describe_key, KeyId=key_id)
        except _Denied:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                return None
            raise
        if "KeyMetadata" not in answer:
            raise _odd("describe_key", "an answer has no `KeyMetadata`")
        return answer["KeyMetadata"]

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
