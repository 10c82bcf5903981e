"""Verdicts on changes."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest
from accounts import ARN, KEYS, alias, changes, described, key
from kms_alias import UnusableInput, Verdict, check

ACCOUNT = [
    {"Aliases": [alias("alias/payments", KEYS[0]), alias("alias/aws/s3")]},
    *described(key(KEYS[0]), key(KEYS[1], KeyState="PendingDeletion"), key(KEYS[2])),
]
CHANGES = changes(
    ("UpdateAlias", {"AliasName": "alias/payments", "TargetKeyId": KEYS[2]}),
    ("UpdateAlias", {"AliasName": "alias/payments", "TargetKeyId": KEYS[1]}),
    ("DeleteAlias", {"AliasName": "alias/refunds"}),
)


def test_each_step_has_its_verdict():
    verdicts = check(ACCOUNT, CHANGES)
    assert verdicts[0] == Verdict(1, "UpdateAlias", "ok")
    assert dataclasses.asdict(verdicts[1]) == {
        "step": 2,
        "operation": "UpdateAlias",
        "outcome": "refused",
        "exception": "KMSInvalidStateException",
        "message": f"{ARN}:key/{KEYS[1]} is pending deletion.",
        "rule": "T5",
        "address": None,
        "needs": (),
        "could_be": (),
        "settle": (),
        "notes": (),
    }
    assert (verdicts[2].exception, verdicts[2].rule) == ("NotFoundException", "U1")
    assert pickle.loads(pickle.dumps(verdicts)) == verdicts
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdicts[0].outcome = "refused"


def test_documents_may_be_text_bytes_or_dicts():
    texts = [json.dumps(document) for document in ACCOUNT]
    wanted = check(ACCOUNT, CHANGES)
    assert check(texts, CHANGES) == wanted
    assert check([text.encode() for text in texts], CHANGES.encode()) == wanted
    assert check("\n".join(texts), CHANGES) == wanted
    assert check((document for document in texts), CHANGES) == wanted
    assert check(texts, json.loads(CHANGES)[0])[0] == wanted[0]


def test_options_are_those_of_a_table():
    create = changes(("CreateAlias", {"AliasName": "alias/awsome", "TargetKeyId": KEYS[0]}))
    assert check(ACCOUNT, create)[0].rule == "A4"
    assert check(ACCOUNT, create, reserved="alias/aws/")[0].outcome == "ok"
    assert check(ACCOUNT, create, reserved="alias/aws/", aliases_per_key=1)[0].rule == "T6"


def test_what_hangs_on_the_unknown_is_undecided():
    """The key exists, as a list names it, and nobody says what it is."""
    listed = {"Keys": [{"KeyId": KEYS[3], "KeyArn": f"{ARN}:key/{KEYS[3]}"}]}
    create = changes(
        ("CreateAlias", {"AliasName": "alias/new", "TargetKeyId": KEYS[3]}),
        ("CreateAlias", {"AliasName": "alias/payments", "TargetKeyId": KEYS[3]}),
        ("CreateAlias", {"AliasName": "alias/absent", "TargetKeyId": KEYS[4]}),
    )
    undecided, taken, absent = check([*ACCOUNT, listed], create)
    assert undecided.outcome == "undecided" and undecided.rule is None
    assert {"key": KEYS[3], "fact": "key state"} in undecided.needs
    assert {"outcome": "ok"} in undecided.could_be
    rules = {of["rule"] for of in undecided.could_be if of["outcome"] == "refused"}
    assert "T5" in rules
    assert any("describe-key" in command for command in undecided.settle)
    assert (taken.outcome, taken.rule) == ("refused", "A6")
    assert (absent.outcome, absent.rule) == ("refused", "T1")
    assert pickle.loads(pickle.dumps(undecided)) == undecided
    assert len({undecided, taken, absent}) == 3


def test_a_partial_list_leaves_names_open():
    """A name that a partial list of aliases lacks may stand or be free."""
    create = changes(
        ("CreateAlias", {"AliasName": "alias/new", "TargetKeyId": KEYS[0]}),
        ("CreateAlias", {"AliasName": "alias/payments", "TargetKeyId": KEYS[0]}),
    )
    assert [verdict.outcome for verdict in check(ACCOUNT, create)] == ["ok", "refused"]
    new, taken = check(ACCOUNT, create, partial=True)
    assert new.outcome == "undecided"
    assert {(of["outcome"], of.get("rule")) for of in new.could_be} >= {("ok", None), ("refused", "A6")}
    assert (taken.outcome, taken.rule) == ("refused", "A6")


def test_a_partial_list_leaves_keys_open():
    create = changes(("CreateAlias", {"AliasName": "alias/new", "TargetKeyId": KEYS[4]}))
    keys = {"Keys": [{"KeyId": KEYS[0], "KeyArn": f"{ARN}:key/{KEYS[0]}"}]}
    assert check([*ACCOUNT, keys], create)[0].rule == "T1"
    [verdict] = check([*ACCOUNT, keys], create, partial=True)
    assert verdict.outcome == "undecided"
    assert {"key": KEYS[4], "fact": "existence"} in verdict.needs


def test_a_verdict_of_a_list_is_one_that_is_made():
    """The module makes verdicts in a way of its own: they are the same to every eye."""
    for verdict in check(ACCOUNT, CHANGES):
        made = Verdict(**dataclasses.asdict(verdict))
        assert made == verdict and hash(made) == hash(verdict) and repr(made) == repr(verdict)
        assert dataclasses.replace(verdict, step=9).step == 9
        assert pickle.loads(pickle.dumps(verdict)) == made


def test_an_alias_may_name_a_key_that_is_not_described():
    aliases = [{"Aliases": [alias("alias/payments", KEYS[0])]}]
    [verdict] = check(aliases, changes(("DeleteAlias", {"AliasName": "alias/payments"})))
    assert verdict.outcome == "ok"


def plan(*changes):
    resources = [
        {
            "address": f"aws_kms_alias.{name}",
            "mode": "managed",
            "type": "aws_kms_alias",
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
        }
        for name, actions, before, after in changes
    ]
    return {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": resources}


def test_a_plan_of_terraform_has_addresses():
    made = {"name": "alias/payments", "target_key_id": f"{ARN}:key/{KEYS[2]}"}
    free = {**made, "name": "alias/new"}
    verdicts = check(ACCOUNT, plan(("a", ["create"], None, made), ("b", ["create"], None, free)))
    by_address = {verdict.address: verdict for verdict in verdicts}
    assert by_address["aws_kms_alias.a"].rule == "A6"
    assert by_address["aws_kms_alias.b"].outcome == "ok"


def test_a_template_has_logical_ids_and_parameters():
    template = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {
            "A": {
                "Type": "AWS::KMS::Alias",
                "Properties": {"AliasName": {"Ref": "Name"}, "TargetKeyId": KEYS[2]},
            }
        },
    }
    for name, rule in (("alias/payments", "A6"), ("alias/pay.ments", "A3"), ("alias/new", None)):
        [verdict] = check(ACCOUNT, template, parameters={"Name": name})
        assert (verdict.address, verdict.operation, verdict.rule) == ("A", "CreateAlias", rule)
    [verdict] = check([], template, parameters={"Name": "payments"})
    assert verdict.rule == "A1", "what is wrong without an account is told without one"


def test_what_cannot_be_read_says_where():
    broken = [
        (['{"Aliases": [\n{"AliasName": "alias/pay.ments"}]}'], CHANGES, "account[0]", 2, "A3"),
        ([*ACCOUNT, "{"], CHANGES, "account[4]", 1, None),
        (ACCOUNT, "[1]", "changes", 1, None),
        (ACCOUNT, b"\xff", "changes", 1, None),
    ]
    for account, steps, file, line, rule in broken:
        with pytest.raises(UnusableInput) as caught:
            check(account, steps)
        error = caught.value
        assert (error.file, error.line, error.rule) == (file, line, rule)
        assert str(error).startswith(file)
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("account", [5, [5], None, [None], [object()], [{1: 2}], [{"a": {1}}]])
def test_what_is_no_document_is_an_error(account):
    with pytest.raises((TypeError, ValueError)):
        check(account, CHANGES)
    with pytest.raises((TypeError, ValueError)):
        check(ACCOUNT, account)
