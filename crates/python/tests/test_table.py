"""The table, against the scenarios of the conformance cases and against a naive model."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timedelta, timezone

import kms_alias
import pytest
from accounts import ACCOUNT, ARN, KEYS, REGION, alias, changes, described, key
from conftest import cases
from hypothesis import given
from hypothesis import strategies as st
from kms_alias import Inconsistent, Refusal, Table, UnusableInput, check

START = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def scenario_key(scenario, row):
    key_id = row["KeyId"]
    metadata = key(key_id, scenario["region"], scenario["account"])
    arn = metadata["Arn"].replace(":aws:", f":{scenario.get('partition', 'aws')}:", 1)
    metadata = {**metadata, "Arn": arn, **row}
    if key_id.startswith("mrk-"):
        state = row.get("KeyState")
        kind = "REPLICA" if state == "Creating" else "PRIMARY"
        replicas = [{}] if state == "PendingReplicaDeletion" else []
        metadata["MultiRegion"] = True
        metadata["MultiRegionConfiguration"] = {
            "MultiRegionKeyType": kind,
            "PrimaryKey": {},
            "ReplicaKeys": replicas,
        }
    return metadata


def scenario_table(scenario):
    scope = f"arn:{scenario.get('partition', 'aws')}:kms:{scenario['region']}:{scenario['account']}"
    aliases = [
        {"AliasArn": f"{scope}:{row['AliasName']}", **row} for row in scenario["aliases"]
    ]
    keys = [scenario_key(scenario, row) for row in scenario["keys"]]
    if not keys and not aliases:
        return Table(scenario["region"], scenario["account"])
    return Table.from_account([{"Aliases": aliases, "Truncated": False}, *described(*keys)])


def take(table, operation, request, at):
    """What the table answers, through the method of the operation's name."""
    members = dict(request)
    match operation:
        case "DescribeKey":
            return table.describe_key(members["KeyId"])
        case "ListAliases":
            return table.list_aliases(
                members.get("KeyId"), limit=members.get("Limit"), marker=members.get("Marker")
            )
        case "ListKeys":
            return table.list_keys(limit=members.get("Limit"), marker=members.get("Marker"))
        case _:
            return table.apply(operation, request, at=at)


def expect_answer(expected, answer):
    assert expected.get("ok")
    for member, name in (("aliases", "AliasName"), ("keys", "KeyId")):
        if member in expected:
            listed = [row[name] for row in answer[member.capitalize()]]
            wanted = expected[member]
            if expected.get("order") == "unspecified":
                listed, wanted = sorted(listed), sorted(wanted)
            assert listed == wanted
    if "truncated" in expected:
        assert answer["Truncated"] == expected["truncated"]
        assert ("NextMarker" in answer) == expected["truncated"]
    if "count_max" in expected:
        assert len(answer.get("Aliases", answer.get("Keys"))) <= expected["count_max"]
    for member, value in expected.get("key", {}).items():
        assert answer["KeyMetadata"][member] == value
    for name, wanted in expected.get("dates", {}).items():
        [row] = [row for row in answer["Aliases"] if row["AliasName"] == name]
        later = row["LastUpdatedDate"] > row["CreationDate"]
        assert wanted == ("later" if later else "same")


@pytest.mark.parametrize("scenario", cases("scenarios.jsonl"), ids=lambda case: case["id"])
def test_every_scenario_goes_as_it_should(scenario):
    table, answer = scenario_table(scenario), {}
    for index, step in enumerate(scenario["steps"]):
        request = {
            name: answer["NextMarker"] if value == "$NextMarker" else value
            for name, value in step["request"].items()
        }
        before, expected = table.to_json(), step["expect"]
        try:
            answer = take(table, step["op"], request, START + timedelta(seconds=index))
        except Refusal as refusal:
            assert not expected.get("ok"), refusal
            if expected["error"] != "*":
                assert refusal.code == expected["error"] == type(refusal).__name__
            for words in ("message", "message_likely"):
                assert refusal.message == expected.get(words, refusal.message)
            assert refusal.rule in kms_alias.RULES
            assert table.to_json() == before, "a refused step changes nothing"
        else:
            expect_answer(expected, answer or {})
    if "final_aliases" in scenario:
        wanted = {row["AliasName"]: row["TargetKeyId"] for row in scenario["final_aliases"]}
        assert {name: table.get(name) for name in table if table.get(name)} == wanted


NAMES = [f"alias/{letter}" for letter in "abcd"]
steps = st.lists(
    st.tuples(
        st.sampled_from(["CreateAlias", "UpdateAlias", "DeleteAlias"]),
        st.sampled_from(NAMES),
        st.sampled_from(KEYS[:3]),
    ),
    max_size=40,
)


@given(steps)
def test_a_table_lives_as_a_dict_does(life):
    """Rules A6, U1, T6 and D1, against a dict; the verdicts of `check` are the same."""
    account = described(*map(key, KEYS[:3]))
    table = Table.from_account(account, aliases_per_key=2)
    model: dict[str, str] = {}
    wanted, requests = [], []
    for operation, name, key_id in life:
        request = {"AliasName": name}
        if operation != "DeleteAlias":
            request["TargetKeyId"] = key_id
        requests.append((operation, request))
        rule = None
        full = sum(of == key_id for of in model.values()) == 2
        if operation == "CreateAlias":
            rule = "A6" if name in model else "T6" if full else None
        elif name not in model:
            rule = "U1"
        elif operation == "UpdateAlias" and model[name] != key_id and full:
            rule = "T6"
        try:
            table.check(operation, request)
            table.apply(operation, request)
        except Refusal as refusal:
            assert refusal.rule == rule
            with pytest.raises(Refusal):
                table.apply(operation, request)
        else:
            assert rule is None
            if operation == "DeleteAlias":
                del model[name]
            else:
                model[name] = key_id
        wanted.append(rule)
        assert {name: table.get(name) for name in table} == model
        assert list(table) == sorted(model) and len(table) == len(model)
    verdicts = check(account, changes(*requests), aliases_per_key=2)
    assert [verdict.rule for verdict in verdicts] == wanted


def table_of(*names):
    table = Table(REGION, ACCOUNT)
    table.insert_key(key(KEYS[0]))
    table.insert_key(json.dumps({"KeyMetadata": key(KEYS[1], KeyState="Disabled")}))
    for name in names:
        table.create_alias(name, KEYS[0], at=START)
    return table


def test_pages_join():
    """Rules L2 and L3."""
    names = [f"alias/{number:03}" for number in range(120)]
    table = Table.from_account(described(key(KEYS[0])), aliases_per_key=200)
    for name in names:
        table.create_alias(name, KEYS[0])
    walked, marker = [], None
    while True:
        page = table.list_aliases(limit=7, marker=marker)
        walked += [row["AliasName"] for row in page["Aliases"]]
        marker = page.get("NextMarker")
        if not page["Truncated"]:
            break
    assert walked == names and marker is None
    assert len(table.list_aliases()["Aliases"]) == 50
    assert table.aliases_of(KEYS[0]) == names
    assert table.list_aliases(KEYS[0])["Aliases"] == table.list_aliases()["Aliases"]


def test_what_describe_key_and_the_lists_tell_makes_the_table_again():
    table = table_of("alias/a", "alias/b")
    documents = [
        table.list_aliases(),
        table.list_keys(),
        *(table.describe_key(key_id) for key_id in table.key_ids),
    ]
    again = Table.from_account(documents)
    assert again.to_json() == table.to_json()
    assert again.key_ids == table.key_ids == KEYS[:2]
    assert again.describe_key(KEYS[1]) == table.describe_key(KEYS[1])
    assert again.describe_key("alias/a")["KeyMetadata"]["KeyId"] == KEYS[0]


def test_the_methods_are_kms_operations():
    table = table_of("alias/a")
    assert (table.region, table.account) == (REGION, ACCOUNT)
    assert table.resolve("alias/a").endswith(KEYS[0])
    table.disable_key(KEYS[0])
    table.enable_key(KEYS[0])
    table.schedule_key_deletion(KEYS[0], 7, at=START)
    due = table.describe_key(KEYS[0])["KeyMetadata"]["DeletionDate"]
    assert due == START + timedelta(days=7)
    table.cancel_key_deletion(KEYS[0])
    table.update_alias("alias/a", KEYS[1])
    assert table.get("alias/a") == KEYS[1]
    table.set_key_state(KEYS[0], "Enabled")
    table.schedule_key_deletion(KEYS[1], at=START)
    with pytest.raises(kms_alias.KMSInvalidStateException) as caught:
        table.delete_key(KEYS[1], at=START + timedelta(days=29))
    assert caught.value.rule == "S4"
    table.delete_key(KEYS[1], at=START + timedelta(days=30))
    assert "alias/a" not in table and table.key_ids == [KEYS[0]]  # rule S5


def test_a_copy_is_a_table_of_its_own():
    table = table_of("alias/a")
    for other in (table.copy(), copy.copy(table), copy.deepcopy(table)):
        other.delete_alias("alias/a")
        assert "alias/a" in table and "alias/a" not in other


def test_what_cannot_stand_is_refused():
    table = table_of()
    for metadata, rule in ((key(KEYS[0]), "I1"), (key(KEYS[2], "eu-west-1"), "I2")):
        with pytest.raises(Inconsistent) as caught:
            table.insert_key(metadata)
        assert caught.value.rule == rule
    for metadata in ({}, {"KeyMetadata": {}}, "", "{", b"\xff", {"Aliases": []}, {"KeyMetadata": 5}):
        with pytest.raises((UnusableInput, TypeError)):
            table.insert_key(metadata)


def test_dates_beyond_a_datetime_stay_numbers():
    table = table_of()
    table.create_alias("alias/far", KEYS[0], at=1e12)
    [row] = table.list_aliases()["Aliases"]
    assert row["CreationDate"] == 1e12


def test_every_exception_of_the_rules_has_its_class():
    """The names stand in the library's source, and nothing else there ends so."""
    import re
    from pathlib import Path

    source = Path(__file__).parents[3] / "src"
    texts = [path.read_text() for path in source.rglob("*.rs")]
    names = {name for text in texts for name in re.findall(r'"(\w+Exception)"', text)}
    assert len(names) > 8
    for name in names:
        assert issubclass(getattr(kms_alias, name), Refusal)


def test_aliases_of_aws():
    """Rule A8: they are listed, and may have no key."""
    table = Table.from_account([{"Aliases": [alias("alias/aws/s3")]}])
    assert list(table) == ["alias/aws/s3"] and table.get("alias/aws/s3") is None
    with pytest.raises(kms_alias.NotFoundException):
        table.describe_key("alias/aws/s3")


def test_a_key_that_is_not_described_is_no_refusal_of_kms():
    """Rule I6."""
    mine = Table.from_account([{"Aliases": [alias("alias/a", KEYS[0])]}, *described(key(KEYS[1]))])
    with pytest.raises(kms_alias.NotDescribed) as caught:
        mine.create_alias("alias/b", KEYS[0])
    error = caught.value
    assert not isinstance(error, kms_alias.Refusal)
    assert (error.rule, error.key) == ("I6", f"{ARN}:key/{KEYS[0]}")
    assert str(error).count("I6") == 1
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    with pytest.raises(kms_alias.NotDescribed):
        mine.describe_key("alias/a")


def test_a_subclass_stays_one():
    class Mine(Table):
        def __init__(self, *arguments, **options):
            super().__init__()
            self.owner = "payments"

    mine = Mine("eu-west-3", "111122223333", aliases_per_key=3)
    for copied in (mine.copy(), copy.copy(mine), copy.deepcopy(mine)):
        assert type(copied) is Mine and copied.owner == "payments"
        assert copied.aliases_per_key == 3
    assert type(Mine.from_account(described(key(KEYS[0])))) is Mine


def test_a_table_says_why_it_is_not_pickled():
    with pytest.raises(TypeError, match="from_account"):
        pickle.dumps(Table("eu-west-3", "111122223333"))
