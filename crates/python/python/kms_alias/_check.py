"""Verdicts on changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from . import _kms_alias
from ._verdict import CheckWarning, Verdicts

Document = str | bytes | Mapping[str, Any]


def check(
    account: Document | Iterable[Document],
    changes: Document | Iterable[Mapping[str, Any]],
    *,
    deployed: Document | None = None,
    parameters: Mapping[str, str] | None = None,
    deployed_parameters: Mapping[str, str] | None = None,
    templates: Mapping[str, Document] | None = None,
    deployed_templates: Mapping[str, Document] | None = None,
    at: datetime | float | None = None,
    partial: bool = False,
    reserved: Literal["alias/aws", "alias/aws/"] | None = None,
    aliases_per_key: int | None = None,
) -> Verdicts:
    """What KMS would answer to each of these changes: one :class:`Verdict` a step.

    ``account`` is a list of documents as ``aws kms list-aliases``, ``list-keys`` and ``describe-key``
    print them, text, bytes or what boto3 answered; :func:`fetch` makes one. ``changes`` is a list of
    changes, such as ``[{"DeleteAlias": {"AliasName": "alias/old"}}]`` as JSON or in Python, a
    Terraform plan (``terraform show -json``), a CloudFormation template or the manifest of a CDK
    assembly. Each step is judged on the account as the steps before it leave it, in every order that
    a plan allows; a step that is refused changes nothing.

    ``deployed`` is the template that is running, ``parameters`` are the values of a template's
    parameters by name and ``deployed_parameters`` those of the running one, ``templates`` and
    ``deployed_templates`` those of an assembly and of nested stacks by their file names. ``at`` is
    when it happens.

    An account may be known in part: keys that are not described, lists that are missing, or a part
    of what stands (``partial``). A verdict is ``ok`` or ``refused`` only if it is so whatever the
    unknown is; otherwise it is ``undecided``, and says what it depends on and what would help to settle
    it.

    The verdicts are a list. Whether all of it passes is its ``outcome``, and not whether each step
    is ``ok``: a part of a plan may not have been read, and then there are ``warnings``.

    Raises :class:`UnusableInput`, which says where, for what cannot be read.

    >>> from kms_alias import check
    >>> account = [{"Aliases": [{
    ...     "AliasName": "alias/aws/s3",
    ...     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3",
    ... }]}]
    >>> verdicts = check(account, [{"DeleteAlias": {"AliasName": "alias/old"}}])
    >>> [(verdict.outcome, verdict.exception, verdict.rule) for verdict in verdicts]
    [('refused', 'NotFoundException', 'U1')]
    >>> verdicts.outcome, verdicts.exit_code
    ('refused', 1)
    """
    listed, outcome, warnings = _kms_alias.check(
        account,
        changes,
        deployed=deployed,
        parameters=parameters,
        deployed_parameters=deployed_parameters,
        templates=templates,
        deployed_templates=deployed_templates,
        at=at,
        partial=partial,
        reserved=reserved,
        aliases_per_key=aliases_per_key,
    )
    return Verdicts(listed, outcome, tuple(CheckWarning(*row) for row in warnings))
