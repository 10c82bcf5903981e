"""What is said of one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    needs: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """What an undecided outcome hangs on: a ``key`` and a ``fact`` of it, an ``alias`` that no list
    tells of, the ``order`` of two steps, the ``name`` of an unknown value, the ``place`` where the
    step runs; ``bound`` says that there are too many possibilities to try."""
    could_be: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """What may come out of the step, where there is more than one possibility."""
    settle: tuple[str, ...] = ()
    """Commands of the AWS CLI that would settle an undecided outcome."""
    notes: tuple[str, ...] = ()
    """What else is to be said of the step, such as that Terraform hides KMS's answer."""
