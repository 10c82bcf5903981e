"""Makes a boto3 client refuse what KMS refuses, whatever answers it."""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, TypeVar

from ._errors import NotDescribed, Refusal
from ._kms_alias import Table

_Client = TypeVar("_Client")

_HANDLER = "kms-alias-strict"

_ALIAS_OPERATIONS = ("CreateAlias", "UpdateAlias", "DeleteAlias")
# These name a key by its ID or ARN, and not by an alias (rule K8).
_KEY_OPERATIONS = (
    "EnableKey",
    "DisableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "ListAliases",
)

# KMS tells these of every key; an emulator that was not told them leaves them out.
DEFAULTS = {
    "KeyManager": "CUSTOMER",
    "KeyState": "Enabled",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "Origin": "AWS_KMS",
}

# An ID that breaks these is no key's, unless the endpoint describes a key by it.
_KEY_ID = frozenset({"K1", "K2", "K3"})

# What is refused only if the endpoint says that the key or the alias does not exist.
_ABSENT = frozenset({"T1", "U1"})


def strict(
    client: _Client, *, reserved: Any = None, aliases_per_key: int | None = None
) -> _Client:
    """Hooks a boto3 KMS client, and returns it: what KMS refuses is now refused before it is sent.

    CreateAlias, UpdateAlias and DeleteAlias are judged by what the client itself can tell: it asks
    DescribeKey and ListAliases of the same endpoint. A refusal is the client's own exception, such
    as ``client.exceptions.AlreadyExistsException``, with KMS's code and words. What cannot be told,
    because a key may not be described or the endpoint describes it oddly, is handed on. An alias where KMS takes only a key is refused
    too (rule K8).

    The endpoint may be moto, another emulator or KMS itself. Members that KMS always tells of a key
    and an emulator leaves out are taken as CreateKey's defaults. ``reserved`` and ``aliases_per_key``
    are as those of :class:`Table`; hooking a client again replaces its options.

    >>> import boto3, moto
    >>> with moto.mock_aws():
    ...     kms = strict(boto3.client("kms", region_name="eu-west-3"))
    ...     key = kms.create_key()["KeyMetadata"]["KeyId"]
    ...     _ = kms.disable_key(KeyId=key)
    ...     _ = kms.schedule_key_deletion(KeyId=key)
    ...     try:
    ...         kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    ...     except kms.exceptions.KMSInvalidStateException as error:
    ...         print(error.response["Error"]["Code"])
    KMSInvalidStateException
    """
    meta = getattr(client, "meta", None)
    service = getattr(getattr(meta, "service_model", None), "service_name", None)
    if meta is None or service != "kms":
        raise TypeError("a boto3 client of KMS is wanted, such as boto3.client('kms')")
    judge = _Judge(client, {"reserved": reserved, "aliases_per_key": aliases_per_key})
    # A wrong option is told here, and not at the first request.
    judge.table(["eu-west-3", "111122223333"], [])
    unhook(client)
    for event, handler in _hooks():
        meta.events.register(event, judge, unique_id=handler)
    _STRICT.add(client)
    return client


_STRICT: weakref.WeakSet[Any] = weakref.WeakSet()


def is_strict(client: Any) -> bool:
    """Whether a client is hooked."""
    return client in _STRICT


def unhook(client: Any) -> None:
    """Makes a client plain again."""
    for event, handler in _hooks():
        client.meta.events.unregister(event, unique_id=handler)
    _STRICT.discard(client)


def _hooks() -> list[tuple[str, str]]:
    operations = (*_ALIAS_OPERATIONS, *_KEY_OPERATIONS)
    return [(f"before-call.kms.{name}", f"{_HANDLER}-{name}") for name in operations]


class _Judge:
    """The handler of the event ``before-call``: an answer, or None to hand the request on."""

    def __init__(self, client: Any, options: dict[str, Any]) -> None:
        self._client = client
        self._options = options

    def __call__(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        operation: str = model.name
        request = _request(params)
        try:
            if operation in _ALIAS_OPERATIONS:
                self._judge(operation, request)
            else:
                self._judge_shape(operation, request, _Facts(self._client))
        except Refusal as refusal:
            return SimpleNamespace(status_code=400), _response(refusal)
        except (NotDescribed, ValueError, LookupError, TypeError, AttributeError):
            # What the endpoint tells is not what KMS would tell, or not enough: it may answer itself.
            return None
        return None

    def table(self, scope: list[str], documents: list[Any]) -> Table:
        if documents:
            return Table.from_account(documents, **self._options)
        return Table(*scope, **self._options)

    def _judge_shape(
        self, operation: str, request: dict[str, Any], facts: _Facts
    ) -> None:
        """What is refused whatever stands in the account."""
        table = self.table(["eu-west-3", "111122223333"], [])
        try:
            if operation == "ListAliases":
                # A marker is the endpoint's own.
                table.list_aliases(request.get("KeyId"), limit=request.get("Limit"))
            else:
                table.check(operation, _known(request))
        except Refusal as refusal:
            if refusal.rule[0] in "TU":
                return
            key = request.get("TargetKeyId") or request.get("KeyId", "")
            if refusal.rule in _KEY_ID and facts.describe(key):
                # No key of KMS has this ID, and the endpoint has one: it may answer itself.
                raise LookupError(key) from None
            raise

    def _judge(self, operation: str, request: dict[str, Any]) -> None:
        facts = _Facts(self._client)
        self._judge_shape(operation, request, facts)
        name, target = request["AliasName"], request.get("TargetKeyId")
        present = facts.describe(name)
        wanted = facts.describe(target) if target is not None else None
        if wanted and (operation == "CreateAlias" or not _same(wanted, present)):
            facts.list_aliases(wanted["Arn"])
        if present and name not in facts.aliases:
            facts.aliases[name] = _alias(name, present)
        scope = facts.scope()
        if scope is None:
            return
        table = self.table(scope, facts.documents())
        try:
            table.check(operation, _known(request))
        except Refusal as refusal:
            asked = name if refusal.rule == "U1" else target
            if refusal.rule in _ABSENT and asked not in facts.absent:
                return
            raise


class _Facts:
    """What the endpoint tells of the keys and aliases that a request names."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.keys: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, dict[str, Any]] = {}
        self.absent: set[str] = set()

    def describe(self, key: str) -> dict[str, Any] | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            metadata: dict[str, Any] = self._client.describe_key(KeyId=key)["KeyMetadata"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                self.absent.add(key)
            return None
        except BotoCoreError:
            # It cannot be reached, or is a Stubber that expects other requests.
            return None
        metadata = {**DEFAULTS, **metadata}
        self.keys[metadata["Arn"]] = metadata
        return metadata

    def list_aliases(self, key: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            for page in self._client.get_paginator("list_aliases").paginate(KeyId=key):
                for alias in page["Aliases"]:
                    self.aliases[alias["AliasName"]] = alias
        except (ClientError, BotoCoreError):
            # Without the list the quota (rule T6) is not judged.
            return

    def scope(self) -> list[str] | None:
        """Region and account, as the ARN of any key or alias tells them."""
        from botocore.exceptions import BotoCoreError, ClientError

        arns = list(self.keys)
        try:
            if not arns:
                arns = [key["KeyArn"] for key in self._client.list_keys(Limit=1)["Keys"]]
            if not arns:
                aliases = self._client.list_aliases(Limit=1)["Aliases"]
                arns = [alias["AliasArn"] for alias in aliases]
        except (ClientError, BotoCoreError):
            return None
        if not arns:
            return None
        parts = arns[0].split(":")
        return [parts[3], parts[4]]

    def documents(self) -> list[Any]:
        keys = [{"KeyMetadata": metadata} for metadata in self.keys.values()]
        return [*keys, {"Aliases": list(self.aliases.values())}] if keys else []


def _request(params: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a request as they would be sent."""
    body = params.get("body") or b"{}"
    members: dict[str, Any] = json.loads(body)
    return members


def _known(request: dict[str, Any]) -> dict[str, Any]:
    members = ("AliasName", "TargetKeyId", "KeyId", "PendingWindowInDays")
    return {name: request[name] for name in members if name in request}


def _same(wanted: dict[str, Any], present: dict[str, Any] | None) -> bool:
    return present is not None and wanted["Arn"] == present["Arn"]


def _alias(name: str, key: dict[str, Any]) -> dict[str, Any]:
    scope = key["Arn"].rsplit(":", 1)[0]
    return {
        "AliasName": name,
        "AliasArn": f"{scope}:{name}",
        "TargetKeyId": key["KeyId"],
    }


def _response(refusal: Refusal) -> dict[str, Any]:
    """A refusal as botocore parses it from an answer of KMS."""
    return {
        "Error": {"Code": refusal.code, "Message": refusal.message},
        "message": refusal.message,
        "ResponseMetadata": {
            "RequestId": "kms-alias",
            "HTTPStatusCode": 400,
            "HTTPHeaders": {},
            "RetryAttempts": 0,
        },
    }
