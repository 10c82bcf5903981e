"""CloudTrail's log against the rules."""

from __future__ import annotations

import dataclasses
import gzip
import json
import pickle
import random

import pytest
from accounts import ACCOUNT, ARN, KEYS, REGION, described, key
from kms_alias import UnusableInput, audit


def event(number, name, request, error=None, region=REGION, account=ACCOUNT):
    made = {
        "eventSource": "kms.amazonaws.com",
        "eventName": name,
        "eventID": f"{account}-{region}-{number}",
        "eventTime": f"2026-01-31T12:{number // 60:02}:{number % 60:02}Z",
        "awsRegion": region,
        "recipientAccountId": account,
        "requestParameters": request,
    }
    return {**made, "errorCode": error} if error else made


LIFE = [
    event(1, "CreateAlias", {"aliasName": "alias/a", "targetKeyId": KEYS[0]}),
    event(2, "CreateAlias", {"aliasName": "alias/a", "targetKeyId": KEYS[0]}, "AlreadyExistsException"),
    event(3, "DeleteAlias", {"aliasName": "alias/a"}),
    event(4, "DeleteAlias", {"aliasName": "alias/a"}),
    event(5, "DeleteAlias", {"aliasName": "alias/a"}, "ValidationException"),
]
BEFORE = described(key(KEYS[0]))


def test_each_event_is_held_against_the_rules():
    [report] = audit(LIFE, account=BEFORE)
    assert (report.scope, report.judged, report.agreed) == (ARN, 5, 3)
    accepts, other = report.findings
    assert (accepts.event_id, accepts.difference) == (LIFE[3]["eventID"], "AwsAccepts")
    assert (accepts.exception, accepts.rule, accepts.aws_code) == ("NotFoundException", "U1", None)
    assert (other.difference, other.aws_code) == ("Exception", "ValidationException")
    assert pickle.loads(pickle.dumps(report)) == report
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.judged = 0


def test_events_may_be_dicts_text_files_or_iterators():
    wanted = audit(LIFE, account=BEFORE)
    texts = [json.dumps(of) for of in LIFE]
    for trail in (
        texts,
        [text.encode() for text in texts],
        {"Records": LIFE},
        json.dumps({"Records": LIFE}),
        iter(LIFE),
        {"Events": [{"CloudTrailEvent": text} for text in texts]},
        "\n".join(texts),
        json.dumps(LIFE),
        gzip.compress(json.dumps({"Records": LIFE}).encode()),
        [gzip.compress(text.encode()) for text in texts],
    ):
        assert audit(trail, account=BEFORE) == wanted


def test_accounts_and_regions_are_independent():
    """Split by group and in any order, the findings are the same."""
    groups = [("eu-west-3", "111122223333"), ("eu-west-1", "111122223333"), ("eu-west-3", "444455556666")]
    events = [
        event(number, name, request, error, region, account)
        for region, account in groups
        for number, name, request, error in [
            (1, "DeleteAlias", {"aliasName": "alias/aws/s3"}, "ValidationException"),
            (2, "DeleteAlias", {"aliasName": "alias/b.c"}, "ValidationException"),
            (3, "DeleteAlias", {"aliasName": "alias/aws/x"}, None),
        ]
    ]
    together = {report.scope: report for report in audit(events)}
    assert len(together) == 3
    random.Random(1).shuffle(events)
    for region, account in groups:
        group = [of for of in events if (of["awsRegion"], of["recipientAccountId"]) == (region, account)]
        [report] = audit(group)
        assert report == together[report.scope] and report.findings


def test_an_empty_log_has_no_report():
    assert audit([]) == []
    assert audit({"Records": []}) == []


@pytest.mark.parametrize("trail", [["{"], [{}], ["[]"], [b"\xff"], [{"Records": 5}]])
def test_what_is_no_log_says_where(trail):
    with pytest.raises(UnusableInput) as caught:
        audit(trail)
    assert caught.value.file == "trail[0]"


def test_no_event_is_lost_without_a_trace():
    nowhere = {name: value for name, value in LIFE[0].items() if name != "awsRegion"}
    unknown = {**LIFE[1], "awsRegion": "mars"}
    nobody = {name: value for name, value in LIFE[2].items() if name != "eventSource"}
    other = event(9, "DeleteAlias", {"aliasName": "alias/a"}, region="eu-west-1")
    bucket = {**LIFE[3], "eventSource": "s3.amazonaws.com"}
    log = {"Records": [nowhere, unknown, nobody, bucket, other, other, LIFE[4]]}
    reports = audit(log, account=BEFORE)
    assert (reports.other_services, reports.without_source) == (1, 1)
    assert (reports.repeated, reports.without_scope) == (1, 2)
    [report] = reports
    assert report.of_other_scopes == 3 and report.judged == 1
    reports = audit({"Records": [nowhere]})
    assert reports == [] and reports.without_scope == 1


@pytest.mark.parametrize("cut", [10, -10])
def test_what_is_packed_badly_is_unusable(cut):
    with pytest.raises(UnusableInput, match="gzip") as caught:
        audit(gzip.compress(json.dumps({"Records": LIFE}).encode())[:cut])
    assert caught.value.file == "trail"
