"""Names, identifiers and policies in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from . import _kms_alias
from ._errors import UnusableInput

PolicyKind = Literal["identity", "key", "scp", "rcp"]

# By its name a file of Terraform is known; of the others the content tells.
_NAMES = {"terraform": "main.tf", "cloudformation": "-", "kubernetes": "-", None: "-"}
_POLICIES = ("identity", "key", "scp", "rcp")


@dataclass(frozen=True)
class LintFinding:
    """Something that is wrong, and where."""

    file: str
    """The name of the file, as it was handed in."""
    line: int
    """The line, from 1."""
    column: int
    """The column, from 1, in characters."""
    length: int
    """How many characters of the line are wrong."""
    rule: str
    """The number of the rule, such as ``"A3"`` or ``"W4"``."""
    severity: Literal["error", "warning", "note"]
    """How bad it is."""
    message: str
    """What is wrong and what would be right."""
    path: str | None = None
    """In a policy: a JSON pointer to what is wrong."""
    statement: str | int | None = None
    """In a policy: the ``Sid`` of the statement, or its place among the statements from 0."""


@dataclass(frozen=True)
class UnreadFile:
    """A file that could not be read."""

    file: str
    """The name of the file, as it was handed in."""
    line: int
    """The line, from 1, at which reading stopped."""
    column: int
    """The column, from 1."""
    reason: str
    """Why, and what to mend."""


@dataclass(frozen=True)
class LintReport:
    """What came of checking files."""

    findings: tuple[LintFinding, ...]
    """What is wrong, by file and place."""
    unread: tuple[UnreadFile, ...]
    """The files that could not be read."""
    looked_at: int
    """How many files may hold aliases or policies, and were read."""


def lint(
    text: str | bytes,
    kind: Literal["terraform", "cloudformation", "kubernetes"] | PolicyKind | None = None,
    *,
    complete: bool = False,
    reserved: Literal["alias/aws", "alias/aws/"] | None = None,
) -> list[LintFinding]:
    """Finds wrong alias names, targets and policies in one text.

    ``kind`` says what the text is: a file of Terraform, a template of CloudFormation, a manifest of
    Kubernetes, or a policy that is attached to an identity, to a key, or as a service control
    policy. Without it the content tells. ``complete`` says that a policy is all there is (rule W14).

    Raises :class:`UnusableInput` for what cannot be read, and for what is no such text.

    >>> from kms_alias import lint
    >>> [finding] = lint('resource "aws_kms_alias" "a" {\\n  name = "orders"\\n}\\n', "terraform")
    >>> finding.line, finding.column, finding.rule
    (2, 11, 'A1')
    """
    if kind in _POLICIES:
        rows, unread = _kms_alias.lint_policy(text, kind=kind, complete=complete)
        faults = [] if unread is None else [unread]
    elif kind in _NAMES:
        rows, faults, looked_at = _kms_alias.lint(
            [(_NAMES[kind], text)], complete=complete, reserved=reserved
        )
        if kind is not None and not faults and not (looked_at and _is(text, kind)):
            raise UnusableInput(f"the text is no {kind} file", file=kind)
    else:
        raise ValueError(f"`kind` is none of {[*_NAMES, *_POLICIES]}")
    for file, line, column, reason in faults:
        place = file or kind or "text"
        raise UnusableInput(f"{place}:{line}:{column}: {reason}", None, place, line)
    return [LintFinding(*row) for row in rows]


def _is(text: str | bytes, kind: str) -> bool:
    """Whether a text is of the kind that it was handed in as."""
    if kind == "terraform":
        return True
    is_template = _kms_alias.kind_of(text) == "CloudFormation"
    if kind == "cloudformation":
        return is_template
    words = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return not is_template and "apiVersion" in words


def lint_files(
    files: Mapping[str, str | bytes],
    *,
    policy_kind: PolicyKind = "identity",
    complete: bool = False,
    reserved: Literal["alias/aws", "alias/aws/"] | None = None,
) -> LintReport:
    """Checks files that belong together: their content by their path.

    The files of one folder with Terraform in them are one module, and the manifest of a CDK assembly
    tells the Regions of its templates. Files of no interest are passed over in silence.

    >>> from kms_alias import lint_files
    >>> report = lint_files({"main.tf": "", "README.md": "# Orders"})
    >>> report.looked_at, report.findings
    (1, ())
    """
    findings, unread, looked_at = _kms_alias.lint(
        list(files.items()), policy_kind=policy_kind, complete=complete, reserved=reserved
    )
    return LintReport(
        tuple(LintFinding(*row) for row in findings),
        tuple(UnreadFile(*row) for row in unread),
        looked_at,
    )
