"""Verdicts on changes."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest
from accounts import ARN, KEYS, alias, changes, described, key
from kms_alias import UnusableInput, Verdict, Verdicts, check

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
        "scope": None,
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
    assert check(texts, json.loads(CHANGES)) == wanted, "a list of changes in Python"
    assert check(texts, tuple(json.loads(CHANGES))) == wanted


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


def test_every_value_that_a_parameter_may_have_is_judged():
    template = {
        "Parameters": {"Env": {"Type": "String", "AllowedValues": ["payments", "new"]}},
        "Resources": {
            "A": {
                "Type": "AWS::KMS::Alias",
                "Properties": {"AliasName": {"Fn::Sub": "alias/${Env}"}, "TargetKeyId": KEYS[2]},
            }
        },
    }
    [verdict] = check(ACCOUNT, template)
    assert verdict.outcome == "undecided"
    assert {(of["outcome"], of.get("rule")) for of in verdict.could_be} == {("ok", None), ("refused", "A6")}
    assert check(ACCOUNT, template, parameters={"Env": "payments"})[0].rule == "A6"


def test_two_providers_may_act_in_one_account():
    made = {"name": "alias/app", "target_key_id": f"{ARN}:key/{KEYS[2]}"}
    two = plan(("a", ["create"], None, made), ("b", ["create"], None, made))
    region = {"constant_value": "eu-west-3"}
    providers = {
        "aws": {"name": "aws", "expressions": {"region": region}},
        "aws.b": {"name": "aws", "expressions": {"region": region, "profile": {"constant_value": "b"}}},
    }
    resources = [
        {"address": f"aws_kms_alias.{name}", "type": "aws_kms_alias", "provider_config_key": key, "expressions": {}}
        for name, key in (("a", "aws"), ("b", "aws.b"))
    ]
    two["configuration"] = {"provider_config": providers, "root_module": {"resources": resources}}
    for verdict in check(ACCOUNT, two):
        assert verdict.outcome == "undecided"
        assert {"place": "account"} in verdict.needs


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


def test_a_part_that_is_not_judged_does_not_pass():
    """Rule F8: a macro may make anything of a template."""
    template = {"Transform": "X::Macro", "Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    verdicts = check(ACCOUNT, template)
    assert all(verdict.outcome == "ok" for verdict in verdicts)
    assert (verdicts.outcome, verdicts.exit_code) == ("undecided", 3)
    assert "F8" in {warning.rule for warning in verdicts.warnings}
    deferred = plan()
    change = plan(("b", ["create"], None, {"name": "alias/payments", "target_key_id": KEYS[2]}))
    deferred["deferred_changes"] = [
        {"reason": "provider_config_unknown", "resource_change": change["resource_changes"][0]}
    ]
    verdicts = check(ACCOUNT, deferred)
    assert verdicts.outcome == "undecided" and verdicts.warnings


def test_what_the_program_warns_of_is_told():
    """Rules H6, F2, F3, F5."""
    create = changes(("CreateAlias", {"AliasName": "alias/new", "TargetKeyId": KEYS[0]}))
    verdicts = check(described(key(KEYS[0])), create)
    assert [verdict.outcome for verdict in verdicts] == ["ok"]
    [warning] = verdicts.warnings
    assert (warning.rule, warning.address) == ("H6", None) and ARN in warning.message
    moved = {"name": "alias/payments", "target_key_id": KEYS[2]}
    verdicts = check(
        ACCOUNT, plan(("a", ["update"], {**moved, "target_key_id": KEYS[0]}, moved))
    )
    [warning] = [warning for warning in verdicts.warnings if warning.rule == "F3"]
    assert warning.address == "aws_kms_alias.a"
    verdicts = check(ACCOUNT, plan(("a", ["update"], {**moved, "target_key_id": KEYS[1]}, moved)))
    assert "F5" in {warning.rule for warning in verdicts.warnings}


def test_all_of_it_has_an_outcome():
    for steps, outcome, code in (
        ([], "ok", 0),
        ([{"DeleteAlias": {"AliasName": "alias/payments"}}], "ok", 0),
        ([{"DeleteAlias": {"AliasName": "alias/absent"}}], "refused", 1),
        ([{"CreateAlias": {"AliasName": "alias/a", "TargetKeyId": KEYS[5]}}], "undecided", 3),
    ):
        listed = {"Keys": [{"KeyId": KEYS[5], "KeyArn": f"{ARN}:key/{KEYS[5]}"}]}
        verdicts = check([*ACCOUNT, listed], steps)
        assert (verdicts.outcome, verdicts.exit_code) == (outcome, code)
        again = pickle.loads(pickle.dumps(verdicts))
        assert isinstance(again, Verdicts) and again == list(verdicts)
        assert (again.outcome, again.warnings) == (verdicts.outcome, verdicts.warnings)


def test_each_way_in_which_a_condition_can_be_is_judged():
    """A condition that hangs on a parameter without a value."""
    template = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"IsLive": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
        "Resources": {
            "A": {
                "Type": "AWS::KMS::Alias",
                "Condition": "IsLive",
                "Properties": {"AliasName": "alias/new", "TargetKeyId": KEYS[0]},
            },
            "B": {
                "Type": "AWS::KMS::Alias",
                "Properties": {
                    "AliasName": {"Fn::If": ["IsLive", "alias/payments", "alias/other"]},
                    "TargetKeyId": KEYS[0],
                },
            },
        },
    }
    verdicts = {verdict.address: verdict for verdict in check(ACCOUNT, template)}
    assert verdicts["A"].outcome == "ok"
    assert verdicts["B"].outcome == "undecided"
    assert {(of["outcome"], of.get("rule")) for of in verdicts["B"].could_be} == {
        ("ok", None),
        ("refused", "A6"),
    }
    assert check(ACCOUNT, template).outcome == "undecided"
    assert check(ACCOUNT, template, parameters={"Stage": "test"}).outcome == "ok"
    assert check(ACCOUNT, template, parameters={"Stage": "live"}).outcome == "refused"


def test_a_list_of_changes_runs_in_each_account():
    other = f"arn:aws:kms:eu-west-1:444455556666:key/{KEYS[6]}"
    there = described({**key(KEYS[6]), "Arn": other})
    verdicts = check([*ACCOUNT, *there], [{"DeleteAlias": {"AliasName": "alias/payments"}}])
    assert [(verdict.scope, verdict.outcome) for verdict in verdicts] == [
        (other.rsplit(":", 1)[0], "refused"),
        (ARN, "ok"),
    ]


@pytest.mark.parametrize(
    ("steps", "options", "words"),
    [
        ([{"DeletAlias": {"AliasName": "alias/a"}}], {}, "DeletAlias"),
        ([{"Sign": {"KeyId": KEYS[0]}}], {}, "Sign"),
        ({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, {"parameters": {"Stge": "live"}}, "Stge"),
        ([], {"parameters": {"Stage": "live"}}, "Stage"),
        ([{"DeleteAlias": {"AliasName": "\ud800"}}], {}, "changes"),
        ('"\ud800"', {}, "changes"),
    ],
)
def test_a_mistake_in_the_changes_is_told(steps, options, words):
    with pytest.raises(UnusableInput, match=words) as caught:
        check(ACCOUNT, steps, **options)
    assert caught.value.file == "changes"


def test_what_is_nested_too_deeply_is_unusable():
    deep: dict = {}
    for _ in range(100_000):
        deep = {"a": deep}
    cases = [(deep, CHANGES, "account"), ([deep], CHANGES, "account[0]"), ([], [deep], "changes")]
    for account, steps, file in cases:
        with pytest.raises(UnusableInput) as caught:
            check(account, steps)
        assert caught.value.file == file
    while deep:
        deep = deep["a"]


@pytest.mark.parametrize("at", [1e30, -1e30, float("nan"), float("inf"), 10**17])
def test_a_time_that_cannot_be_is_refused(at):
    with pytest.raises((ValueError, OverflowError), match="`at`|int"):
        check(ACCOUNT, CHANGES, at=at)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: check(5, CHANGES), "account"),
        (lambda: check([5], CHANGES), r"account\[0\]"),
        (lambda: check(ACCOUNT, 5), "changes"),
        (lambda: check(ACCOUNT, CHANGES, at="now"), "at"),
        (lambda: check(ACCOUNT, CHANGES, templates=5), "templates"),
        (lambda: check(ACCOUNT, CHANGES, deployed=5), "deployed"),
    ],
)
def test_a_wrong_type_names_the_argument(call, argument):
    with pytest.raises(TypeError, match=f"`{argument}`"):
        call()
