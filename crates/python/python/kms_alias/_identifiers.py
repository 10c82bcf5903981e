"""Identifiers: strings that keep to their rules.

Each class is a ``str``: boto3, JSON and templates take its instances as they are. A text that
breaks a rule never becomes an instance: the constructor raises :class:`ParseError`.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from . import _kms_alias

if TYPE_CHECKING:
    from typing_extensions import Self


class Identifier(str):
    """What all identifiers share: they are immutable, hashable, ordered as text, and pickle."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        raise TypeError(f"{cls.__name__} is not an identifier of its own")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """A field of this type takes a text that keeps to the rules, and is a string in JSON."""
        from pydantic_core import core_schema

        def validated(value: Any, of_str: Any) -> Any:
            # An instance stays what it is, under whatever reading of rule A4 it was made.
            return value if isinstance(value, cls) else cls(of_str(value))

        return core_schema.no_info_wrap_validator_function(
            validated,
            core_schema.str_schema(strict=True),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        """In JSON Schema it is a string, with the pattern and length of the rule where it has one."""
        described = handler(schema)
        for base in cls.__mro__:
            if base in _JSON_SCHEMA:
                described.update(_JSON_SCHEMA[base])
                break
        return described


class AnyAliasName(Identifier):
    """Any alias name that can stand in a list: a customer's or AWS's (rules A1 to A3).

    >>> from kms_alias import AnyAliasName
    >>> AnyAliasName("alias/aws/s3").is_aws
    True
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(
        _kms_alias.is_any_alias_name
    )
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_any_alias_name

    @property
    def is_aws(self) -> bool:
        """Whether the alias is one of AWS's own (rule A8)."""
        return _kms_alias.is_aws_alias_name(self)


class AliasName(Identifier):
    """The name of a customer's alias, such as ``alias/payments``.

    ``alias/``, then 1 to 250 of ``A-Z a-z 0-9 / _ -`` (rules A1, A2, A3), and not a name that
    belongs to AWS (rule A4). By default that is every name which begins with ``alias/aws``;
    ``reserved="alias/aws/"`` is the newer reading.

    >>> from kms_alias import AliasName
    >>> name = AliasName("alias/payments")
    >>> name
    AliasName('alias/payments')
    >>> name == "alias/payments", name < AliasName("alias/refunds")
    (True, True)
    >>> AliasName("payments")
    Traceback (most recent call last):
    kms_alias.ParseError: invalid alias name `payments`: expected `alias/` at the beginning of the name, found `p` at byte 0 (rule A1)
    >>> AliasName.is_valid("alias/awsome"), AliasName.is_valid("alias/awsome", reserved="alias/aws/")
    (False, True)
    """

    __slots__ = ()

    is_valid = staticmethod(_kms_alias.is_alias_name)
    if TYPE_CHECKING:

        def __new__(
            cls, text: str, /, *, reserved: Literal["alias/aws", "alias/aws/"] | None = None
        ) -> Self: ...

    else:
        __new__ = _kms_alias.new_alias_name

        def __reduce_ex__(self, protocol):
            """A name that was taken under the newer reading is taken back under it."""
            members = getattr(self, "__dict__", None) or None
            return _alias_name_again, (type(self), str(self)), members


def _alias_name_again(cls: type[AliasName], text: str) -> AliasName:
    """A name of which it is known that one of the two readings of rule A4 allows it."""
    name: AliasName = _kms_alias.new_alias_name(cls, text, reserved="alias/aws/")
    return name


class AwsAliasName(Identifier):
    """The name of one of AWS's own aliases, such as ``alias/aws/s3`` (rule A8).

    >>> from kms_alias import AwsAliasName
    >>> AwsAliasName("alias/aws/s3").service
    's3'
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(
        _kms_alias.is_aws_alias_name
    )
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_aws_alias_name

    @property
    def service(self) -> str:
        """What follows ``alias/aws/``."""
        return str.__getitem__(self, slice(len("alias/aws/"), None))


class KeyId(Identifier):
    """The ID of a key: a UUID (rule K1), or ``mrk-`` and 32 hex digits (rule K2).

    >>> from kms_alias import KeyId
    >>> KeyId("1234abcd-12ab-34cd-56ef-1234567890ab").is_multi_region
    False
    >>> KeyId("mrk-1234abcd12ab34cd56ef1234567890ab").is_multi_region
    True
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_key_id)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_key_id

    @property
    def is_multi_region(self) -> bool:
        """Whether the key is a multi-Region key (rule K2)."""
        return self.startswith("mrk-")


class Region(Identifier):
    """A Region, such as ``eu-west-3`` (rule K4).

    >>> from kms_alias import Region
    >>> Region("cn-north-1").aws_partition
    'aws-cn'
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_region)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_region

    @property
    def aws_partition(self) -> str:
        """The partition that the Region belongs to."""
        return _kms_alias.region_partition(self)


class AccountId(Identifier):
    """The ID of an account: 12 digits (rule K3).

    >>> from kms_alias import AccountId
    >>> AccountId("111122223333")
    AccountId('111122223333')
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_account_id)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_account_id


class _Arn(Identifier):
    """What the two kinds of ARN share: partition, Region and account."""

    __slots__ = ()

    @property
    def aws_partition(self) -> str:
        """The partition, such as ``aws``."""
        return self.split(":", 2)[1]

    @property
    def region(self) -> Region:
        """The Region."""
        return Region(self.split(":", 4)[3])

    @property
    def account(self) -> AccountId:
        """The account."""
        return AccountId(self.split(":", 5)[4])


class KeyArn(_Arn):
    """The ARN of a key (rules K3, K4).

    >>> from kms_alias import KeyArn
    >>> arn = KeyArn("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    >>> arn.region, arn.account
    (Region('us-east-1'), AccountId('111122223333'))
    >>> arn.key_id
    KeyId('1234abcd-12ab-34cd-56ef-1234567890ab')
    >>> KeyArn.of(arn.region, arn.account, arn.key_id) == arn
    True
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_key_arn)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_key_arn

    @classmethod
    def of(cls, region: str, account: str, key_id: str) -> Self:
        """The ARN of a key in an account and Region; the Region tells the partition."""
        partition = Region(region).aws_partition
        return cls(f"arn:{partition}:kms:{region}:{account}:key/{key_id}")

    @property
    def key_id(self) -> KeyId:
        """The key ID."""
        return KeyId(self.split("/", 1)[1])


class AliasArn(_Arn):
    """The ARN of an alias, a customer's or AWS's (rule A7).

    >>> from kms_alias import AliasArn
    >>> AliasArn("arn:aws:kms:us-east-1:111122223333:alias/payments").alias_name
    AnyAliasName('alias/payments')
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_alias_arn)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_alias_arn

    @classmethod
    def of(cls, region: str, account: str, alias_name: str) -> Self:
        """The ARN of an alias in an account and Region; the Region tells the partition."""
        partition = Region(region).aws_partition
        return cls(f"arn:{partition}:kms:{region}:{account}:{alias_name}")

    @property
    def alias_name(self) -> AnyAliasName:
        """The alias name, its prefix included."""
        return AnyAliasName(self.split(":", 5)[5])


class TargetKeyId(Identifier):
    """What the target of an alias is named by: a key ID or a key ARN, never an alias (rule K5).

    >>> from kms_alias import TargetKeyId
    >>> TargetKeyId("1234abcd-12ab-34cd-56ef-1234567890ab").key_id
    KeyId('1234abcd-12ab-34cd-56ef-1234567890ab')
    >>> TargetKeyId("alias/payments")
    Traceback (most recent call last):
    kms_alias.ParseError: invalid target key `alias/payments`: expected a key ID or a key ARN, not an alias, found `l` at byte 1 (rule K5)
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_target_key_id)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_target_key_id

    @property
    def key_id(self) -> KeyId:
        """The key ID, in either form."""
        return KeyId(self.rsplit("/", 1)[-1])


class KeyIdentifier(Identifier):
    """How DescribeKey and the cryptographic operations name a key, in any of four forms (rule K6).

    >>> from kms_alias import KeyIdentifier
    >>> KeyIdentifier("alias/aws/s3").form
    'alias-name'
    >>> KeyIdentifier("alias/aws/s3").parsed
    AnyAliasName('alias/aws/s3')
    """

    __slots__ = ()

    is_valid: ClassVar[Callable[[str], bool]] = staticmethod(_kms_alias.is_key_identifier)
    if not TYPE_CHECKING:
        __new__ = _kms_alias.new_key_identifier

    @property
    def form(self) -> Literal["key-id", "key-arn", "alias-name", "alias-arn"]:
        """Which of the four forms it has."""
        return _kms_alias.key_identifier_form(self)

    @property
    def parsed(self) -> KeyId | KeyArn | AnyAliasName | AliasArn:
        """The same text as what it is."""
        return _FORMS[self.form](self)


_FORMS: dict[str, type[KeyId | KeyArn | AnyAliasName | AliasArn]] = {
    "key-id": KeyId,
    "key-arn": KeyArn,
    "alias-name": AnyAliasName,
    "alias-arn": AliasArn,
}

_ALIAS_NAME = {"pattern": "^alias/[a-zA-Z0-9/_-]+$", "minLength": 7, "maxLength": 256}
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# What a pattern can say of the rules: rule A4 and the Regions of rule K4 are checked by the class.
_JSON_SCHEMA: dict[type, dict[str, Any]] = {
    AliasName: _ALIAS_NAME,
    AnyAliasName: _ALIAS_NAME,
    AwsAliasName: {**_ALIAS_NAME, "pattern": "^alias/aws/[a-zA-Z0-9/_-]+$"},
    KeyId: {"pattern": f"^({_UUID}|mrk-[0-9a-f]{{32}})$"},
    AccountId: {"pattern": "^[0-9]{12}$"},
}

# What help() and editors show: the constructors are built in, and a class has no text signature.
_TEXT = Parameter("text", Parameter.POSITIONAL_ONLY)
_READING = Parameter("reserved", Parameter.KEYWORD_ONLY, default=None)
setattr(Identifier, "__signature__", Signature([_TEXT]))
setattr(AliasName, "__signature__", Signature([_TEXT, _READING]))
