"""Every rule of AWS KMS key aliases.

- Identifiers that keep to their rules: :class:`AliasName`, :class:`KeyId`, :class:`KeyArn` and
  their kin, and functions such as :func:`valid_alias_names` for whole lists.
- The account as KMS keeps it: :class:`Table`, which refuses with KMS's exceptions and words.
- Verdicts before anything runs: :func:`check` for changes, :func:`audit` for CloudTrail's log,
  :func:`lint` for Terraform, CloudFormation, Kubernetes and IAM policies.
- Tests that tell the truth: :func:`strict` makes an emulator such as moto refuse what KMS refuses,
  :func:`fetch` reads a live account.

Every rule has a number such as ``U3``: errors tell it, and :data:`RULES` says what it is.

>>> import kms_alias
>>> kms_alias.AliasName("alias/payments")
AliasName('alias/payments')
>>> kms_alias.valid_alias_names(["alias/payments", "payments"])
[True, False]
>>> print(kms_alias.RULES["U3"].text)
An alias moves between keys of one key type only: symmetric encryption, asymmetric, or HMAC.
"""

from __future__ import annotations

from typing import NamedTuple

from . import _kms_alias
from ._audit import AuditFinding, AuditReport, AuditReports, audit
from ._check import check
from ._errors import (
    AccessDeniedException,
    AlreadyExistsException,
    DisabledException,
    IncorrectKeyException,
    Inconsistent,
    InvalidAliasNameException,
    InvalidArnException,
    InvalidKeyUsageException,
    InvalidMarkerException,
    KMSInvalidStateException,
    LimitExceededException,
    NotDescribed,
    NotFoundException,
    ParseError,
    Refusal,
    SerializationException,
    UnknownOperationException,
    UnsupportedOperationException,
    UnusableInput,
    ValidationException,
)
from ._fetch import fetch
from ._identifiers import (
    AccountId,
    AliasArn,
    AliasName,
    AnyAliasName,
    AwsAliasName,
    Identifier,
    KeyArn,
    KeyId,
    KeyIdentifier,
    Region,
    TargetKeyId,
)
from ._kms_alias import (
    Table,
    __version__,
    valid_account_ids,
    valid_alias_arns,
    valid_alias_names,
    valid_any_alias_names,
    valid_aws_alias_names,
    valid_key_arns,
    valid_key_identifiers,
    valid_key_ids,
    valid_regions,
    valid_target_key_ids,
)
from ._lint import LintFinding, LintReport, UnreadFile, lint, lint_files
from ._program import main
from ._strict import strict
from ._verdict import CheckWarning, Verdict, Verdicts


class Rule(NamedTuple):
    """A rule: its number, what it says in a sentence, and where it comes from."""

    number: str
    text: str
    source: str


RULES: dict[str, Rule] = {row[0]: Rule(*row) for row in _kms_alias.rules()}
"""Every rule by its number, those on policies (W) and on plans and files (F) too; "ours" in a source marks a choice that no public source settles."""

__all__ = [
    "RULES",
    "AccessDeniedException",
    "AccountId",
    "AliasArn",
    "AliasName",
    "AlreadyExistsException",
    "AnyAliasName",
    "AuditFinding",
    "AuditReport",
    "AuditReports",
    "AwsAliasName",
    "CheckWarning",
    "DisabledException",
    "Identifier",
    "IncorrectKeyException",
    "Inconsistent",
    "InvalidAliasNameException",
    "InvalidArnException",
    "InvalidKeyUsageException",
    "InvalidMarkerException",
    "KMSInvalidStateException",
    "KeyArn",
    "KeyId",
    "KeyIdentifier",
    "LimitExceededException",
    "LintFinding",
    "LintReport",
    "NotDescribed",
    "NotFoundException",
    "ParseError",
    "Refusal",
    "Region",
    "Rule",
    "SerializationException",
    "Table",
    "TargetKeyId",
    "UnknownOperationException",
    "UnreadFile",
    "UnsupportedOperationException",
    "UnusableInput",
    "ValidationException",
    "Verdict",
    "Verdicts",
    "__version__",
    "audit",
    "check",
    "fetch",
    "lint",
    "lint_files",
    "main",
    "strict",
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

# Errors and values are shown, and pickled, under the name by which they are imported.
for _name in __all__:
    _value = globals()[_name]
    if isinstance(_value, type) and _value is not Table:
        _value.__module__ = __name__
del _name, _value
