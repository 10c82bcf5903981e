"""JSON as the AWS CLI prints it and boto3 shows it."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ._errors import UnusableInput

_DATES = frozenset({"CreationDate", "LastUpdatedDate", "DeletionDate", "ValidTo"})


# As the program does: CloudTrail's files unpack to some 50 MiB at most.
_MOST_UNPACKED = 256 << 20


def document(value: Any, name: str = "document") -> str:
    """What boto3 answered, as the AWS CLI prints it: dates in ISO 8601."""
    if not isinstance(value, (Mapping, list)):
        raise TypeError(
            f"`{name}` is a str, bytes or a dict, not {type(value).__name__}"
        )
    try:
        return json.dumps(value, default=_plain)
    except RecursionError:
        words = f"{name}: the document is nested too deeply, or holds itself"
    except ValueError as error:
        words = f"{name}: {error}"
    except TypeError as error:
        raise TypeError(f"`{name}`: {error}") from None
    raise UnusableInput(words, None, name)


def unpacked(packed: bytes, name: str) -> bytes:
    """What a document that is packed with gzip unpacks to."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(_MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        words = f"{name}: it begins like gzip and cannot be unpacked: {error}"
        raise UnusableInput(words, None, name) from None
    if len(content) > _MOST_UNPACKED:
        words = f"{name}: it unpacks to more than {_MOST_UNPACKED >> 20} MiB"
        raise UnusableInput(words, None, name)
    return content


def key_document(value: Any) -> Any:
    """A document that describes a key: ``KeyMetadata`` alone, or what is around it."""
    if isinstance(value, Mapping) and "KeyMetadata" not in value:
        return {"KeyMetadata": dict(value)}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime in a document has no time zone")
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a document cannot hold a {type(value).__name__}")


def answer(body: bytes) -> Any:
    """An answer of the service as boto3 shows it, with dates as :class:`datetime.datetime`."""
    return json.loads(body, object_hook=_with_dates)


def _with_dates(members: dict[str, Any]) -> dict[str, Any]:
    for name in _DATES & members.keys():
        members[name] = _date(members[name])
    return members


def _date(seconds: Any) -> Any:
    # A date that no datetime can hold stays a number of seconds.
    try:
        return datetime.fromtimestamp(seconds, timezone.utc)
    except (OverflowError, ValueError, OSError):
        return seconds
