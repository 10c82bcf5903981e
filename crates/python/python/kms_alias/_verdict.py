"""What is said of one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Verdict:
    """What KMS would answer to one step.

    ``ok`` and ``refused`` hold whatever is unknown, and in every order that a plan allows;
    otherwise the outcome is ``undecided``, and ``needs`` says what it hangs on.

    >>> from kms_alias import Verdict
    >>> Verdict(1, "UpdateAlias", "ok").outcome
    'ok'
    """

    step: int
    """The number of the step, from 1."""
    operation: str
    """The operation, such as ``"UpdateAlias"``."""
    outcome: Literal["ok", "refused", "undecided"]
    """What comes of it."""
    exception: str | None = None
    """KMS's exception, if the step is refused and there is one answer."""
    message: str | None = None
    """KMS's words."""
    rule: str | None = None
    """The number of the rule that refuses it, such as ``"A6"``."""
    address: str | None = None
    """The Terraform address or the logical ID of the step, if it comes from a plan or template."""
    needs: tuple[Any, ...] = ()
    """What an undecided outcome hangs on."""
    could_be: tuple[Any, ...] = ()
    """What may come out of a step, where there is more than one possibility."""
