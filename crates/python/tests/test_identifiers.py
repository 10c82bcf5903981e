"""Identifiers, against the conformance cases and against independent oracles."""

from __future__ import annotations

import copy
import dataclasses
import enum
import inspect
import json
import pickle
import re

import kms_alias
import pytest
from conftest import cases
from hypothesis import given
from hypothesis import strategies as st
from kms_alias import (
    AccountId,
    AliasArn,
    AliasName,
    AnyAliasName,
    AwsAliasName,
    KeyArn,
    KeyId,
    KeyIdentifier,
    ParseError,
    Region,
    TargetKeyId,
)

CASES = cases("identifiers.jsonl")
BY_KIND = {
    "alias_name": (AliasName, kms_alias.valid_alias_names),
    "key_id": (KeyId, kms_alias.valid_key_ids),
    "key_arn": (KeyArn, kms_alias.valid_key_arns),
    "alias_arn": (AliasArn, kms_alias.valid_alias_arns),
    "key_identifier": (KeyIdentifier, kms_alias.valid_key_identifiers),
}
KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
EXAMPLES = [
    (AliasName, "alias/payments"),
    (AnyAliasName, "alias/aws/s3"),
    (AwsAliasName, "alias/aws/s3"),
    (KeyId, KEY),
    (KeyArn, f"arn:aws:kms:eu-west-3:111122223333:key/{KEY}"),
    (AliasArn, "arn:aws:kms:eu-west-3:111122223333:alias/payments"),
    (TargetKeyId, KEY),
    (KeyIdentifier, "alias/payments"),
    (Region, "eu-west-3"),
    (AccountId, "111122223333"),
]
CLASSES = [kind for kind, _ in EXAMPLES]


class Inherited(AliasName):
    """A user's own class."""


def is_made(kind, text, **options):
    try:
        made = kind(text, **options)
    except ParseError as error:
        assert isinstance(error, ValueError)
        assert error.rule in kms_alias.RULES and error.rule in str(error)
        assert error.expected in str(error)
        # What stands before the fault could have gone on well, and is ASCII.
        assert 0 <= error.position <= len(text)
        assert text[: error.position].isascii()
        return False
    assert made == text and type(made) is kind
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_conformance_case_holds(case):
    kind, all_valid = BY_KIND[case["kind"]]
    wanted = case["form"] is not None if case["kind"] == "key_identifier" else case["valid"]
    text = case["input"]
    assert (is_made(kind, text), kind.is_valid(text), all_valid([text])) == (wanted, wanted, [wanted])
    if case.get("form"):
        assert KeyIdentifier(text).form == case["form"]
        assert KeyIdentifier(text).parsed == text
    if case["kind"] == "alias_name":
        today = case.get("valid_today")
        today = wanted if today is None else today
        options = {"reserved": "alias/aws/"}
        assert is_made(AliasName, text, **options) == today
        assert AliasName.is_valid(text, **options) == today
        assert kms_alias.valid_alias_names([text], **options) == [today]


def near(case):
    """A text of a case with some of it changed, left out or doubled."""
    text = case["input"]
    edges = st.integers(0, len(text))
    return st.tuples(edges, edges, st.text(max_size=3)).map(
        lambda cut: text[: min(cut[:2])] + cut[2] + text[max(cut[:2]) :]
    )


texts = st.one_of(st.text(), st.sampled_from(CASES).flatmap(near))


@given(texts)
def test_an_alias_name_is_what_the_grammar_says(text):
    """Rules A1 to A4, by a regular expression that shares nothing with the library."""
    is_name = re.fullmatch(r"alias/[A-Za-z0-9/_-]{1,250}", text) is not None
    assert is_made(AnyAliasName, text) == is_name
    assert is_made(AliasName, text) == (is_name and not text.startswith("alias/aws"))
    is_aws = is_name and len(text) > len("alias/aws/") and text.startswith("alias/aws/")
    assert is_made(AwsAliasName, text) == is_aws


@given(texts)
def test_a_key_id_is_what_the_grammar_says(text):
    """Rules K1 and K2."""
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    wanted = re.fullmatch(rf"{uuid}|mrk-[0-9a-f]{{32}}", text) is not None
    assert is_made(KeyId, text) == wanted
    assert is_made(AccountId, text) == (re.fullmatch("[0-9]{12}", text, re.ASCII) is not None)


@given(texts)
def test_one_call_and_a_list_agree(text):
    for kind in CLASSES:
        all_valid = getattr(kms_alias, f"valid_{_plural(kind)}")
        made = is_made(kind, text)
        assert kind.is_valid(text) == made
        assert all_valid([text, text]) == [made, made]


@given(texts)
def test_a_key_identifier_is_one_of_its_four_forms(text):
    """Rule K6, and rule K5 of targets."""
    forms = {
        "key-id": KeyId.is_valid(text),
        "key-arn": KeyArn.is_valid(text),
        "alias-name": AnyAliasName.is_valid(text),
        "alias-arn": AliasArn.is_valid(text),
    }
    assert KeyIdentifier.is_valid(text) == any(forms.values())
    assert TargetKeyId.is_valid(text) == (forms["key-id"] or forms["key-arn"])
    if any(forms.values()):
        assert forms[KeyIdentifier(text).form]


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_a_value_is_a_string_in_all_but_its_rules(kind, text):
    value = kind(text)
    assert (value, hash(value), str(value)) == (text, hash(text), text)
    assert type(str(value)) is str and isinstance(value, str)
    assert repr(value) == f"{kind.__name__}({text!r})"
    assert json.dumps({value: value}) == json.dumps({text: text})
    assert f"{value}" == text and {value: 1}[text] == 1
    assert kind(value) == value
    assert kind.__module__ == "kms_alias" and kind.__doc__


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_a_value_cannot_be_changed(kind, text):
    value = kind(text)
    with pytest.raises(AttributeError):
        value.note = 1
    with pytest.raises(AttributeError):
        value.is_valid = None
    with pytest.raises(TypeError):
        value[0] = "x"


@pytest.mark.parametrize(("kind", "text"), [*EXAMPLES, (Inherited, "alias/payments")])
def test_a_value_pickles_and_copies(kind, text):
    value = kind(text)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert (again, type(again)) == (value, kind)
    for again in (copy.copy(value), copy.deepcopy(value)):
        assert (again, type(again)) == (value, kind)


def test_a_name_of_the_newer_reading_pickles_and_copies():
    """Rule A4: what was valid when it was made is taken back as it is."""
    name = AliasName("alias/awsome", reserved="alias/aws/")
    for again in (pickle.loads(pickle.dumps(name)), copy.deepcopy(name)):
        assert (again, type(again)) == (name, AliasName)
    with pytest.raises(ParseError) as caught:
        AliasName("alias/awsome")
    assert caught.value.rule == "A4"


def test_values_sort_as_text():
    """Rule L4: lists are in the byte order of names."""
    names = ["alias/b", "alias/a/b", "alias/a-b", "alias/B", "alias/a"]
    assert sorted(map(AliasName, names)) == sorted(names)
    assert AliasName("alias/A") != AliasName("alias/a")  # rule A5


def test_a_class_of_ones_own_keeps_the_rules():
    class Prefixed(AliasName):
        def __new__(cls, text):
            return super().__new__(cls, f"alias/team/{text}")

    assert Prefixed("pay") == "alias/team/pay" and type(Prefixed("pay")) is Prefixed
    with pytest.raises(ParseError):
        Prefixed("pay.ments")


def test_the_text_counts_and_not_how_a_string_prints():
    class Name(str, enum.Enum):
        PAYMENTS = "alias/payments"

    class Disguised(str):
        def __str__(self):
            return "not an alias"

    for text in (Name.PAYMENTS, Disguised("alias/payments")):
        name = AliasName(text)
        assert str(name) == "alias/payments" and type(name) is AliasName
        assert AliasName.is_valid(text) and kms_alias.valid_alias_names([text]) == [True]


def test_the_parts_of_arns():
    arn = KeyArn(f"arn:aws-cn:kms:cn-north-1:111122223333:key/{KEY}")
    assert (arn.aws_partition, arn.region, arn.account) == ("aws-cn", "cn-north-1", "111122223333")
    assert (arn.key_id, type(arn.key_id)) == (KEY, KeyId)
    assert KeyArn.of("cn-north-1", "111122223333", KEY) == arn
    alias = AliasArn.of("eu-west-3", "111122223333", "alias/team/pay")
    assert (alias.alias_name, alias.region.aws_partition) == ("alias/team/pay", "aws")
    assert TargetKeyId(arn).key_id == KEY == TargetKeyId(KEY).key_id
    with pytest.raises(ParseError):
        KeyArn.of("cn-north-1", "1", KEY)


def test_values_are_dataclass_fields():
    @dataclasses.dataclass(frozen=True, order=True)
    class Move:
        name: AliasName = AliasName("alias/payments")
        key: KeyId = KeyId(KEY)

    assert dataclasses.asdict(Move()) == {"name": "alias/payments", "key": KEY}
    assert Move() == Move() and hash(Move()) == hash(Move())


def test_errors_pickle():
    with pytest.raises(ParseError) as caught:
        AliasName("alias/pay.ments")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.rule, again.position, str(again)) == ("A3", 9, str(caught.value))


def _plural(kind):
    words = re.sub("(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return f"{words}s"


class Newer(AliasName):
    """Names by the newer reading of rule A4."""

    def __new__(cls, text):
        return super().__new__(cls, text, reserved="alias/aws/")


def test_a_subclass_with_another_reading_pickles():
    name = Newer("alias/awsome")
    name.owner = "payments"
    for again in (pickle.loads(pickle.dumps(name)), copy.copy(name), copy.deepcopy(name)):
        assert (again, type(again), again.owner) == (name, Newer, "payments")


def test_the_constructors_have_signatures():
    for kind in CLASSES:
        assert "text" in inspect.signature(kind).parameters
    assert "reserved" in inspect.signature(AliasName).parameters
