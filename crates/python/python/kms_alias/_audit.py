"""CloudTrail's log against the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import _kms_alias


@dataclass(frozen=True)
class AuditFinding:
    """An event on which AWS and the rules differ."""

    event_id: str | None
    """The event's ID."""
    event_time: float
    """When it happened, in seconds since the Unix epoch."""
    event_name: str
    """The operation."""
    subject: str | None
    """The alias or key that the event is about."""
    difference: Literal["AwsRefuses", "AwsAccepts", "Exception", "Words"]
    """How the two differ."""
    aws_code: str | None
    """The code of AWS's refusal."""
    aws_message: str | None
    """AWS's words, if the log has them."""
    exception: str | None
    """The exception that the rules give."""
    message: str | None
    """The words that the rules give."""
    rule: str | None
    """The number of the rule."""
    choices: tuple[str, ...]
    """The choices of ours that the event speaks against."""


@dataclass(frozen=True)
class AuditReport:
    """What the log of one account and Region says of the rules."""

    scope: str
    """The account and Region, such as ``"arn:aws:kms:eu-west-3:111122223333"``."""
    judged: int
    """How many events could be judged."""
    agreed: int
    """On how many of them AWS and the rules agree."""
    findings: tuple[AuditFinding, ...]
    """The events on which they differ, in the order of their time."""
    not_judged: Mapping[str, int]
    """Why events were not judged, each reason with how many."""
    of_other_scopes: int = field(default=0, compare=False)
    """How many events of the log are not of this account and Region. It does not count when reports
    are compared: a log that is split has others."""


class AuditReports(list[AuditReport]):
    """The reports on a log, and what none of them counts. It is a list."""

    other_services: int = 0
    """Records of other services than KMS."""
    without_source: int = 0
    """Records that do not say which service they are of."""
    repeated: int = 0
    """Events that came again."""
    without_scope: int = 0
    """Events of KMS that do not say which account and Region they are of, or name an unknown one."""


def audit(
    trail: str | bytes | Mapping[str, Any] | Iterable[str | bytes | Mapping[str, Any]],
    *,
    account: Any = None,
    part: bool = False,
    reserved: Literal["alias/aws", "alias/aws/"] | None = None,
    aliases_per_key: int | None = None,
) -> AuditReports:
    """Holds CloudTrail's log against the rules: one report for each account and Region in it.

    ``trail`` is a file of a trail, what ``lookup-events`` printed, a single event, or any number of
    them: text, bytes, packed with gzip or not, or dicts. Accounts and Regions are independent, so that a large log may be
    split by (account, Region) and each part be audited where it lies.

    ``account`` is the account just before the first event, as :func:`check` takes it; ``part`` says
    that it is only a part of it. Without one keys are learned from the log.

    What no report counts is told by the list itself: ``other_services``, ``without_source``,
    ``repeated`` and ``without_scope``.

    >>> from kms_alias import audit
    >>> event = {
    ...     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
    ...     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
    ...     "recipientAccountId": "111122223333",
    ...     "requestParameters": {"aliasName": "alias/aws/s3"},
    ...     "errorCode": "ValidationException",
    ... }
    >>> [report] = audit([event])
    >>> report.judged, report.findings[0].difference, report.findings[0].rule
    (1, 'Exception', 'A4')
    """
    rows, unjudged = _kms_alias.audit(
        trail,
        account=account,
        part=part,
        reserved=reserved,
        aliases_per_key=aliases_per_key,
    )
    reports = AuditReports(_report(row) for row in rows)
    reports.other_services, reports.without_source = unjudged[:2]
    reports.repeated, reports.without_scope = unjudged[2:]
    return reports


def _report(report: dict[str, Any]) -> AuditReport:
    findings = [
        AuditFinding(**{**finding, "choices": tuple(finding["choices"])})
        for finding in report.pop("findings")
    ]
    return AuditReport(findings=tuple(findings), **report)
