"""Fields of pydantic models."""

from __future__ import annotations

import re

import pydantic
import pytest
from kms_alias import AccountId, AliasName, KeyId, KeyIdentifier, TargetKeyId

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


class Move(pydantic.BaseModel):
    name: AliasName
    target: TargetKeyId
    used_by: list[KeyIdentifier] = []


def test_a_model_takes_what_keeps_to_the_rules():
    move = Move(name="alias/payments", target=KEY, used_by=["alias/aws/s3", KEY])
    assert type(move.name) is AliasName and type(move.used_by[0]) is KeyIdentifier
    assert Move.model_validate_json(move.model_dump_json()) == move
    assert move.model_dump() == {
        "name": "alias/payments",
        "target": KEY,
        "used_by": ["alias/aws/s3", KEY],
    }
    assert type(move.model_copy().name) is AliasName


def test_a_model_says_which_rule_is_broken():
    for make in (
        lambda: Move(name="alias/pay.ments", target=KEY),
        lambda: Move.model_validate_json('{"name": "alias/pay.ments", "target": "%s"}' % KEY),
    ):
        with pytest.raises(pydantic.ValidationError) as caught:
            make()
        [error] = [error for error in caught.value.errors() if error["type"] == "value_error"]
        assert error["loc"][0] == "name" and error["ctx"]["error"].rule == "A3"


@pytest.mark.parametrize("value", [5, None, b"alias/x", ["alias/x"]])
def test_a_model_takes_no_other_types(value):
    with pytest.raises(pydantic.ValidationError):
        Move(name=value, target=KEY)


def test_an_instance_stays_what_it_is():
    """Rule A4: a name that was made under the newer reading is not judged again."""
    name = AliasName("alias/awsome", reserved="alias/aws/")
    assert Move(name=name, target=KEY).name is name
    with pytest.raises(pydantic.ValidationError):
        Move(name="alias/awsome", target=KEY)


def test_a_schema_says_that_it_is_a_string():
    for mode in ("validation", "serialization"):
        schema = Move.model_json_schema(mode=mode)["properties"]
        assert schema["name"]["type"] == schema["target"]["type"] == "string"


def test_one_wrong_field_is_one_error():
    class Move(pydantic.BaseModel):
        name: AliasName

    for value, kind in (("payments", "value_error"), (5, "string_type")):
        with pytest.raises(pydantic.ValidationError) as caught:
            Move(name=value)
        [error] = caught.value.errors()
        assert (error["loc"], error["type"]) == (("name",), kind)


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_says_what_a_pattern_can_say(mode):
    class Move(pydantic.BaseModel):
        name: AliasName
        target: KeyId
        account: AccountId

    members = Move.model_json_schema(mode=mode)["properties"]
    assert members["name"]["maxLength"] == 256 and members["name"]["type"] == "string"
    for name in ("alias/payments", "alias/" + "a" * 250, "alias/a/_-Z9"):
        assert re.search(members["name"]["pattern"], name) and AliasName.is_valid(name)
    for name in ("alias/", "alias/a.b", "payments", "alias/é"):
        assert not re.search(members["name"]["pattern"], name)
    key = "1234abcd-12ab-34cd-56ef-1234567890ab"
    for text in (key, "mrk-" + "0" * 32, key.upper(), "mrk-" + "A" * 32, "mrk-" + key, key[1:]):
        assert bool(re.search(members["target"]["pattern"], text)) == KeyId.is_valid(text), text
    assert re.search(members["account"]["pattern"], "111122223333")
