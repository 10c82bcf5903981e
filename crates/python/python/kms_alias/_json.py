"""JSON as the AWS CLI prints it and boto3 shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

_DATES = frozenset({"CreationDate", "LastUpdatedDate", "DeletionDate", "ValidTo"})


def document(value: Any) -> str:
    """What boto3 answered, as the AWS CLI prints it: dates in ISO 8601."""
    if not isinstance(value, Mapping):
        raise TypeError(
            f"a document is a str, bytes or a dict, not {type(value).__name__}"
        )
    return json.dumps(value, default=_plain)


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
