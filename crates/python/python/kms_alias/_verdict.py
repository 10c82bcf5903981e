"""What is said of one step, and of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Verdict:
    """What KMS would answer to one step.

    ``ok`` and ``refused`` hold whatever is unknown, and in every order that a plan allows;
    otherwise the outcome is ``undecided``, and ``needs`` says what it depends on.

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
    """KMS's exception, if the step is refused and all answers have the same one."""
    message: str | None = None
    """KMS's words."""
    rule: str | None = None
    """The number of the rule that refuses it, such as ``"A6"``, if there is one rule alone."""
    address: str | None = None
    """The Terraform address or the logical ID of the step, if it comes from a plan or template."""
    needs: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """What an undecided outcome hangs on: a ``key`` and a ``fact`` of it, an ``alias`` that no list
    tells of, the ``order`` of two steps, the ``name`` of an unknown value, the ``place`` where the
    step runs; ``bound`` says that there are too many possibilities to try."""
    could_be: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    """What may come out of the step, where there is more than one possibility."""
    settle: tuple[str, ...] = ()
    """Commands of the AWS CLI, and options of the command, that would settle an undecided outcome."""
    notes: tuple[str, ...] = ()
    """What else is to be said of the step, such as that Terraform hides KMS's answer."""
    scope: str | None = None
    """The account and Region of the step, such as ``"arn:aws:kms:eu-west-3:111122223333"``, where
    there are several."""


@dataclass(frozen=True)
class CheckWarning:
    """What is to be said beside the verdicts: what the program ``kms-alias check`` warns of."""

    rule: str | None
    """The number of the rule, such as ``"F8"`` (a part is not judged) or ``"H6"`` (names are taken
    as free); :data:`RULES` has its text where it is one of its own."""
    message: str
    """What is wrong, with the file and line where there is one, and what to do."""
    address: str | None = None
    """The Terraform address or the logical ID of what it is about."""


class Verdicts(list[Verdict]):
    """The verdicts on all steps, and what is said of them together.

    It is a list, and equal to any list of the same verdicts.

    >>> from kms_alias import check
    >>> verdicts = check([], [{"DeleteAlias": {"AliasName": "alias/old.name"}}])
    >>> verdicts.outcome, verdicts.exit_code, len(verdicts)
    ('refused', 1, 1)
    """

    outcome: Literal["ok", "refused", "undecided"]
    """Whether all of it passes: ``ok`` only if each step does, whatever the unknown is, and nothing
    was left out."""
    warnings: tuple[CheckWarning, ...]
    """What else is to be said."""

    def __init__(
        self,
        verdicts: Iterable[Verdict] = (),
        outcome: Literal["ok", "refused", "undecided"] = "ok",
        warnings: tuple[CheckWarning, ...] = (),
    ) -> None:
        super().__init__(verdicts)
        self.outcome = outcome
        self.warnings = warnings

    @property
    def exit_code(self) -> int:
        """The exit code of ``kms-alias check``: 0, 1 if something is refused, 3 if undecided."""
        return {"ok": 0, "refused": 1, "undecided": 3}[self.outcome]
