"""Fields of pydantic models."""

from __future__ import annotations

import pydantic
import pytest
from kms_alias import AliasName, KeyIdentifier, TargetKeyId

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
