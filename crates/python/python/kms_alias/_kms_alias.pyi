from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from typing_extensions import Self, disjoint_base

from ._verdict import Verdict

_Reserved = Literal["alias/aws", "alias/aws/"]
_Document = str | bytes | Mapping[str, Any]
_Moment = datetime | float

__all__ = [
    "Table",
    "__version__",
    "audit",
    "check",
    "is_account_id",
    "is_alias_arn",
    "is_alias_name",
    "is_any_alias_name",
    "is_aws_alias_name",
    "is_key_arn",
    "is_key_id",
    "is_key_identifier",
    "is_region",
    "is_target_key_id",
    "key_identifier_form",
    "kind_of",
    "lint",
    "lint_policy",
    "main",
    "new_account_id",
    "new_alias_arn",
    "new_alias_name",
    "new_any_alias_name",
    "new_aws_alias_name",
    "new_key_arn",
    "new_key_id",
    "new_key_identifier",
    "new_region",
    "new_target_key_id",
    "region_partition",
    "rules",
    "valid_account_ids",
    "valid_alias_arns",
    "valid_alias_names",
    "valid_any_alias_names",
    "valid_aws_alias_names",
    "valid_key_arns",
    "valid_key_identifiers",
    "valid_key_ids",
    "valid_regions",
    "valid_target_key_ids",
]
__version__: str

def is_alias_name(text: str, /, *, reserved: _Reserved | None = None) -> bool: ...
def is_any_alias_name(text: str, /) -> bool: ...
def is_aws_alias_name(text: str, /) -> bool: ...
def is_key_id(text: str, /) -> bool: ...
def is_key_arn(text: str, /) -> bool: ...
def is_alias_arn(text: str, /) -> bool: ...
def is_target_key_id(text: str, /) -> bool: ...
def is_key_identifier(text: str, /) -> bool: ...
def is_region(text: str, /) -> bool: ...
def is_account_id(text: str, /) -> bool: ...
def new_alias_name(class_: type, text: str, /, *, reserved: _Reserved | None = None) -> Any: ...
def new_any_alias_name(class_: type, text: str, /) -> Any: ...
def new_aws_alias_name(class_: type, text: str, /) -> Any: ...
def new_key_id(class_: type, text: str, /) -> Any: ...
def new_key_arn(class_: type, text: str, /) -> Any: ...
def new_alias_arn(class_: type, text: str, /) -> Any: ...
def new_target_key_id(class_: type, text: str, /) -> Any: ...
def new_key_identifier(class_: type, text: str, /) -> Any: ...
def new_region(class_: type, text: str, /) -> Any: ...
def new_account_id(class_: type, text: str, /) -> Any: ...
def valid_alias_names(
    texts: Iterable[str], /, *, reserved: _Reserved | None = None
) -> list[bool]:
    """Whether each text of a list is a customer's alias name (rules A1 to A4)."""

def valid_any_alias_names(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is an alias name, a customer's or AWS's (rules A1 to A3)."""

def valid_aws_alias_names(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is the name of one of AWS's own aliases (rule A8)."""

def valid_key_ids(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is a key ID (rules K1, K2)."""

def valid_key_arns(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is a key ARN (rules K3, K4)."""

def valid_alias_arns(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is an alias ARN (rule A7)."""

def valid_target_key_ids(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list can name the target of an alias (rule K5)."""

def valid_key_identifiers(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list can name a key (rule K6)."""

def valid_regions(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is a Region (rule K4)."""

def valid_account_ids(texts: Iterable[str], /) -> list[bool]:
    """Whether each text of a list is an account ID (rule K3)."""

def region_partition(region: str, /) -> str: ...
def key_identifier_form(
    text: str, /
) -> Literal["key-id", "key-arn", "alias-name", "alias-arn"]: ...
def rules() -> list[tuple[str, str, str]]: ...
def main(arguments: Sequence[str]) -> int: ...
def check(
    account: _Document | Iterable[_Document],
    changes: _Document | Iterable[Mapping[str, Any]],
    *,
    deployed: _Document | None = None,
    parameters: Mapping[str, str] | None = None,
    deployed_parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, _Document] | None = None,
    deployed_templates: Mapping[str, _Document] | None = None,
    at: _Moment | None = None,
    partial: bool = False,
    reserved: _Reserved | None = None,
    aliases_per_key: int | None = None,
) -> tuple[
    list[Verdict],
    Literal["ok", "refused", "undecided"],
    list[tuple[str | None, str, str | None]],
]: ...
def kind_of(text: str | bytes) -> str: ...
def lint(
    files: list[tuple[str, str | bytes]],
    *,
    policy_kind: str = "identity",
    complete: bool = False,
    reserved: _Reserved | None = None,
) -> tuple[list[tuple[Any, ...]], list[tuple[str, int, int, str]], int]: ...
def lint_policy(
    text: str | bytes, *, kind: str = "identity", complete: bool = False
) -> tuple[list[tuple[Any, ...]], tuple[str, int, int, str] | None]: ...
def audit(
    trail: _Document | Iterable[_Document],
    *,
    account: _Document | Iterable[_Document] | None = None,
    part: bool = False,
    reserved: _Reserved | None = None,
    aliases_per_key: int | None = None,
) -> tuple[list[dict[str, Any]], tuple[int, int, int, int]]: ...

@disjoint_base
class Table:
    def __new__(
        cls,
        region: str,
        account: str,
        *,
        reserved: _Reserved | None = None,
        aliases_per_key: int | None = None,
    ) -> Self: ...
    @classmethod
    def from_account(
        cls,
        account: _Document | Iterable[_Document],
        *,
        reserved: _Reserved | None = None,
        aliases_per_key: int | None = None,
    ) -> Self: ...
    @property
    def region(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def reserved(self) -> _Reserved: ...
    @property
    def aliases_per_key(self) -> int: ...
    @property
    def key_ids(self) -> list[str]: ...
    def insert_key(self, metadata: _Document) -> None: ...
    def create_alias(
        self, alias_name: str, target_key_id: str, *, at: _Moment | None = None
    ) -> None: ...
    def update_alias(
        self, alias_name: str, target_key_id: str, *, at: _Moment | None = None
    ) -> None: ...
    def delete_alias(self, alias_name: str) -> None: ...
    def enable_key(self, key_id: str) -> None: ...
    def disable_key(self, key_id: str) -> None: ...
    def schedule_key_deletion(
        self,
        key_id: str,
        pending_window_in_days: int | None = None,
        *,
        at: _Moment | None = None,
    ) -> None: ...
    def cancel_key_deletion(self, key_id: str) -> None: ...
    def delete_key(self, key_id: str, *, at: _Moment | None = None) -> None: ...
    def set_key_state(
        self, key_id: str, state: str, *, at: _Moment | None = None
    ) -> None: ...
    def apply(
        self, operation: str, request: Mapping[str, Any], *, at: _Moment | None = None
    ) -> None: ...
    def check(
        self, operation: str, request: Mapping[str, Any], *, at: _Moment | None = None
    ) -> None: ...
    def describe_key(self, key_id: str) -> dict[str, Any]: ...
    def resolve(self, key_id: str) -> str: ...
    def list_aliases(
        self,
        key_id: str | None = None,
        *,
        limit: int | None = None,
        marker: str | None = None,
    ) -> dict[str, Any]: ...
    def list_keys(
        self, *, limit: int | None = None, marker: str | None = None
    ) -> dict[str, Any]: ...
    def aliases_of(self, key_id: str) -> list[str]: ...
    def get(self, alias_name: str) -> str | None: ...
    def to_json(self) -> str: ...
    def copy(self) -> Self: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: dict[int, Any]) -> Self: ...
    def __reduce__(self) -> Any: ...
    def __len__(self) -> int: ...
    def __contains__(self, alias_name: str, /) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
