"""The exceptions of the module.

Four families: a text that is no identifier (:class:`ParseError`), a request that KMS refuses
(:class:`Refusal`, one subclass for each exception of KMS), what hangs on a key that is not described
(:class:`NotDescribed`), and an input that cannot be used
(:class:`UnusableInput`, :class:`Inconsistent`).
"""

from __future__ import annotations


class ParseError(ValueError):
    """A text is not the identifier that it was taken for.

    >>> from kms_alias import AliasName, ParseError
    >>> try:
    ...     AliasName("alias/pay.ments")
    ... except ParseError as error:
    ...     print(error.rule, error.position, error.expected)
    A3 9 a letter, a digit, `/`, `_` or `-`
    """

    message: str
    """The whole sentence."""
    rule: str
    """The number of the rule that the text breaks, such as ``"A3"``."""
    position: int
    """The index of the first character after which nothing could have made the text valid."""
    expected: str
    """What would have been right at that place."""

    def __init__(self, message: str, rule: str, position: int, expected: str) -> None:
        super().__init__(message, rule, position, expected)
        self.message = message
        self.rule = rule
        self.position = position
        self.expected = expected

    def __str__(self) -> str:
        return self.message


class Refusal(Exception):
    """KMS refuses a request: the class is that of KMS's exception.

    >>> from kms_alias import NotFoundException, Table
    >>> table = Table("eu-west-3", "111122223333")
    >>> try:
    ...     table.delete_alias("alias/old")
    ... except NotFoundException as refusal:
    ...     print(refusal.code, refusal.rule)
    ...     print(refusal.message)
    NotFoundException U1
    Alias arn:aws:kms:eu-west-3:111122223333:alias/old is not found.
    """

    code: str
    """The name of KMS's exception, as botocore's ``Error.Code``."""
    message: str
    """KMS's words."""
    rule: str
    """The number of the rule that the request breaks, such as ``"U1"``."""

    def __init__(self, code: str, message: str, rule: str) -> None:
        super().__init__(code, message, rule)
        self.code = code
        self.message = message
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.code}: {self.message} (rule {self.rule})"


class AlreadyExistsException(Refusal):
    """The alias exists already (rule A6)."""


class DisabledException(Refusal):
    """The key is disabled (rules S6, S8)."""


class IncorrectKeyException(Refusal):
    """The key is not the one that the ciphertext was made with."""


class InvalidAliasNameException(Refusal):
    """The name belongs to AWS (rule A4)."""


class InvalidArnException(Refusal):
    """The ARN is malformed, or one of another kind is wanted (rules K3, K4, K8)."""


class InvalidKeyUsageException(Refusal):
    """The key is for another use, or its spec does not go with the algorithm (rule M)."""


class InvalidMarkerException(Refusal):
    """The marker is not one that a list gave out (rule L3)."""


class KMSInvalidStateException(Refusal):
    """The state of the key does not allow the operation (rules T5, S1 to S8)."""


class LimitExceededException(Refusal):
    """The quota is reached (rules T6, Q)."""


class AccessDeniedException(Refusal):
    """The key is AWS's own (rules T4, S7); the name of the exception is our choice."""


class NotFoundException(Refusal):
    """There is no such alias or key here (rules T1 to T3, U1), or its ID is malformed (K1, K2)."""


class SerializationException(Refusal):
    """A member is of the wrong type (rule K7)."""


class UnknownOperationException(Refusal):
    """A table has no such operation (rule K7)."""


class UnsupportedOperationException(Refusal):
    """Such a key does not take the operation (rules S6, S8)."""


class ValidationException(Refusal):
    """A member is missing or breaks a bound (rules A1 to A3, K5, K7, L2, S4, U3, U4)."""


class NotDescribed(Exception):
    """Whether KMS refuses hangs on a key that exists and is not described (rule I6).

    It is no answer of KMS, and so no :class:`Refusal`: describe the key, and ask again.
    """

    message: str
    """What is not known."""
    rule: str
    """The number of the rule: ``"I6"``."""
    key: str
    """The ARN of the key."""

    def __init__(self, message: str, rule: str, key: str) -> None:
        super().__init__(message, rule, key)
        self.message = message
        self.rule = rule
        self.key = key

    def __str__(self) -> str:
        return self.message


class Inconsistent(ValueError):
    """A key or an alias cannot stand in the table (rules I1 to I5)."""

    message: str
    """What is wrong."""
    rule: str
    """The number of the rule, such as ``"I2"``."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message, rule)
        self.message = message
        self.rule = rule

    def __str__(self) -> str:
        return self.message


class UnusableInput(ValueError):
    """A document is not what it was handed in as.

    >>> from kms_alias import Table, UnusableInput
    >>> try:
    ...     Table.from_account(['{"Aliases": [{"AliasName": "alias/pay.ments"}]}'])
    ... except UnusableInput as error:
    ...     print(error.file, error.line, error.entry, error.rule)
    account[0] 1 Aliases[0] A3
    """

    message: str
    """What is wrong, with file, line and entry."""
    rule: str | None
    """The number of the rule, if the fault is a rule's."""
    file: str
    """The document, such as ``"account[0]"`` for the first one."""
    line: int | None
    """The line, from 1, where the fault has one."""
    entry: str | None
    """The entry, such as ``"Aliases[3]"``, where the fault is one entry's."""

    def __init__(
        self,
        message: str,
        rule: str | None = None,
        file: str = "",
        line: int | None = None,
        entry: str | None = None,
    ) -> None:
        super().__init__(message, rule, file, line, entry)
        self.message = message
        self.rule = rule
        self.file = file
        self.line = line
        self.entry = entry

    def __str__(self) -> str:
        return self.message


CLASSES: dict[str, type[Refusal]] = {
    refusal.__name__: refusal for refusal in Refusal.__subclasses__()
}
"""The classes of KMS's exceptions by name."""
