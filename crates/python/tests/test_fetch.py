"""A live account, read by the user's own client."""

from __future__ import annotations

import json
import time

import kms_alias
import pytest
from botocore.exceptions import ClientError
from kms_alias import check, fetch
from test_strict import deny, new_key

FAST = 100_000.0


def account(kms, keys=3):
    ids = [new_key(kms, KeyUsage="ENCRYPT_DECRYPT") for _ in range(keys)]
    kms.create_alias(AliasName="alias/payments", TargetKeyId=ids[0])
    return ids


def test_an_account_is_judged_as_it_stands(kms):
    keys = account(kms)
    kms.schedule_key_deletion(KeyId=keys[1])
    documents = fetch(kms, requests_per_second=FAST)
    steps = [
        {"CreateAlias": {"AliasName": "alias/payments", "TargetKeyId": keys[0]}},
        {"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": keys[1]}},
        {"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": keys[2]}},
    ]
    verdicts = check(documents, json.dumps(steps))
    assert [verdict.rule for verdict in verdicts] == ["A6", "T5", None]
    again = "\n".join(documents)
    assert check(again, json.dumps(steps)) == verdicts


def test_long_lists_are_read_to_their_end(kms):
    keys = account(kms, keys=120)
    for number in range(130):
        kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=keys[number % 120])
    documents = fetch(kms, requests_per_second=FAST)
    described = [document for document in documents if '"KeyMetadata"' in document]
    assert len(described) == 120
    names = {alias["AliasName"] for alias in json.loads(documents[0])["Aliases"]}
    assert {f"alias/{number}" for number in range(130)} <= names


def test_a_key_that_may_not_be_described_stays_undescribed(kms):
    keys = account(kms)
    deny(kms, "DescribeKey")
    documents = fetch(kms, requests_per_second=FAST)
    assert [list(json.loads(document))[0] for document in documents] == ["Aliases", "Keys"]
    assert {key["KeyId"] for key in json.loads(documents[1])["Keys"]} >= set(keys)


def test_without_the_list_of_keys_the_targets_of_aliases_are_described(kms):
    keys = account(kms)
    deny(kms, "ListKeys")
    documents = [json.loads(document) for document in fetch(kms, requests_per_second=FAST)]
    described = [document["KeyMetadata"]["KeyId"] for document in documents if "KeyMetadata" in document]
    assert described == [keys[0]]
    assert not any("Keys" in document for document in documents)


def test_without_the_list_of_aliases_nothing_is_told(kms):
    account(kms)
    deny(kms, "ListAliases")
    with pytest.raises(ClientError) as caught:
        fetch(kms, requests_per_second=FAST)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_busy_endpoint_is_asked_again(kms, monkeypatch):
    account(kms)
    waits = []
    monkeypatch.setattr(time, "sleep", waits.append)
    busy = iter([True, True, False] * 100)

    def answer(**_):
        if next(busy):
            from types import SimpleNamespace

            error = {"Error": {"Code": "ThrottlingException", "Message": "slow"}}
            return SimpleNamespace(status_code=400), error
        return None

    kms.meta.events.register_first("before-call.kms.DescribeKey", answer)
    documents = fetch(kms, requests_per_second=FAST)
    assert sum('"KeyMetadata"' in document for document in documents) == 3
    assert len(waits) >= 6 and sorted(waits)[-1] < 30


def test_an_endpoint_that_stays_busy_is_an_error(kms, monkeypatch):
    account(kms)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    deny(kms, "ListKeys", "ThrottlingException")
    with pytest.raises(ClientError) as caught:
        fetch(kms, requests_per_second=FAST)
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"


def test_requests_are_paced(kms, monkeypatch):
    """By a clock of the test's own: so many requests take at least so long."""
    account(kms)
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    documents = fetch(kms, requests_per_second=10)
    requests = len(documents)  # no list has a second page
    assert now[0] - 100.0 == pytest.approx((requests - 1) / 10)


@pytest.mark.parametrize("pace", [0, -1, float("nan")])
def test_a_pace_is_above_nothing(kms, pace):
    with pytest.raises(ValueError):
        fetch(kms, requests_per_second=pace)


def test_a_table_is_made_of_it(kms):
    account(kms)
    table = kms_alias.Table.from_account(fetch(kms, requests_per_second=FAST))
    assert "alias/payments" in table and len(table.key_ids) == 3


def test_what_an_emulator_leaves_out_is_a_default(kms):
    """moto tells no KeyUsage of a key that was made without one."""
    key = new_key(kms)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    documents = fetch(kms, requests_per_second=FAST)
    verdicts = check(documents, [{"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": key}}])
    assert verdicts.outcome == "ok"


def test_the_hyphens_of_an_emulator_do_not_make_an_account_unusable(kms):
    keys = account(kms)
    odd = new_key(kms, MultiRegion=True)
    kms.create_alias(AliasName="alias/odd", TargetKeyId=odd)
    with pytest.warns(UserWarning, match=odd):
        documents = fetch(kms, requests_per_second=FAST)
    assert not any(odd in document for document in documents)
    steps = [
        {"UpdateAlias": {"AliasName": "alias/payments", "TargetKeyId": keys[1]}},
        {"CreateAlias": {"AliasName": "alias/odd", "TargetKeyId": keys[1]}},
    ]
    verdicts = check(documents, steps)
    assert [(verdict.outcome, verdict.rule) for verdict in verdicts] == [("ok", None), ("refused", "A6")]
    assert "alias/odd" in kms_alias.Table.from_account(documents)


def test_a_key_id_that_cannot_be_is_left_out_with_a_warning(kms):
    keys = account(kms)
    kms.create_alias(AliasName="alias/odd", TargetKeyId=keys[2])

    def rename(parsed, **_):
        for entry in [*parsed.get("Aliases", ()), *parsed.get("Keys", ())]:
            for name in {"TargetKeyId", "KeyId"} & entry.keys():
                entry[name] = entry[name].replace(keys[2], "odd")

    kms.meta.events.register("after-call.kms", rename)
    with pytest.warns(UserWarning, match="'odd' is no key ID"):
        documents = fetch(kms, requests_per_second=FAST)
    steps = [
        {"DeleteAlias": {"AliasName": "alias/payments"}},
        {"CreateAlias": {"AliasName": "alias/odd", "TargetKeyId": keys[1]}},
    ]
    verdicts = check(documents, steps)
    assert [verdict.outcome for verdict in verdicts] == ["ok", "undecided"]
    assert "F6" in {warning.rule for warning in verdicts.warnings}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "Aliases"),
        ({"Aliases": [], "Truncated": True}, "NextMarker"),
        ({"Aliases": [], "Truncated": True, "NextMarker": "m"}, "twice"),
    ],
)
def test_an_endpoint_whose_lists_do_not_end_is_told(kms, answer, words):
    from types import SimpleNamespace

    kms.meta.events.register_first(
        "before-call.kms.ListAliases", lambda **_: (SimpleNamespace(status_code=200), answer)
    )
    with pytest.raises(kms_alias.UnusableInput, match=words) as caught:
        fetch(kms, requests_per_second=FAST)
    assert caught.value.file == "list_aliases"
