"""A strict client refuses what KMS refuses, with the client's own exceptions."""

from __future__ import annotations

import boto3
import moto
import pytest
from botocore.exceptions import ClientError
from kms_alias import strict

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def new_key(kms, **options):
    return kms.create_key(**options)["KeyMetadata"]["KeyId"]


def code(caught):
    return caught.value.response["Error"]["Code"]


@pytest.fixture
def strict_client(kms):
    return strict(kms)


def test_what_kms_allows_is_done(strict_client):
    kms, key = strict_client, new_key(strict_client)
    other = new_key(kms)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    kms.update_alias(AliasName="alias/payments", TargetKeyId=other)
    assert kms.describe_key(KeyId="alias/payments")["KeyMetadata"]["KeyId"] == other
    kms.delete_alias(AliasName="alias/payments")
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId="alias/payments")


def test_a_key_that_is_pending_deletion_gets_no_alias(strict_client):
    """Rule T5."""
    kms, key = strict_client, new_key(strict_client)
    kms.schedule_key_deletion(KeyId=key)
    with pytest.raises(kms.exceptions.KMSInvalidStateException) as caught:
        kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    assert caught.value.response["Error"]["Message"].endswith(" is pending deletion.")
    assert caught.value.response["message"] == caught.value.response["Error"]["Message"]
    assert caught.value.operation_name == "CreateAlias"
    assert kms.list_aliases(KeyId=key)["Aliases"] == []


def test_an_alias_stays_with_its_kind_of_key(strict_client):
    """Rules U3 and U4."""
    kms, symmetric = strict_client, new_key(strict_client)
    signing = new_key(kms, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    encrypting = new_key(kms, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    kms.create_alias(AliasName="alias/payments", TargetKeyId=symmetric)
    for target in (signing, encrypting):
        with pytest.raises(ClientError) as caught:
            kms.update_alias(AliasName="alias/payments", TargetKeyId=target)
        assert code(caught) == "ValidationException"
        assert kms.describe_key(KeyId="alias/payments")["KeyMetadata"]["KeyId"] == symmetric


def test_names_keep_to_their_rules(strict_client):
    """Rules A1 to A4, A6, U1."""
    kms, key = strict_client, new_key(strict_client)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    refused = [
        ("payments", "ValidationException"),
        ("alias/pay.ments", "ValidationException"),
        ("alias/aws/payments", "InvalidAliasNameException"),
        ("alias/awsome", "InvalidAliasNameException"),
        ("alias/payments", "AlreadyExistsException"),
    ]
    for name, exception in refused:
        with pytest.raises(ClientError) as caught:
            kms.create_alias(AliasName=name, TargetKeyId=key)
        assert code(caught) == exception
        if hasattr(kms.exceptions, exception):
            assert isinstance(caught.value, getattr(kms.exceptions, exception))
    for call in (
        lambda: kms.delete_alias(AliasName="alias/refunds"),
        lambda: kms.update_alias(AliasName="alias/refunds", TargetKeyId=key),
    ):
        with pytest.raises(kms.exceptions.NotFoundException) as caught:
            call()
        words = "Alias arn:aws:kms:eu-west-3:123456789012:alias/refunds is not found."
        assert caught.value.response["Error"]["Message"] == words


def test_targets_keep_to_their_rules(strict_client):
    """Rules K1, K5, T1, T2, T3."""
    kms, key = strict_client, new_key(strict_client)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    refused = {
        "alias/payments": "ValidationException",
        "1234": "NotFoundException",
        "1234abcd-12ab-34cd-56ef-1234567890ab": "NotFoundException",
        arn.replace("eu-west-3", "eu-west-1"): "NotFoundException",
        arn.replace("123456789012", "111122223333"): "NotFoundException",
    }
    for target, exception in refused.items():
        with pytest.raises(ClientError) as caught:
            kms.create_alias(AliasName="alias/refunds", TargetKeyId=target)
        assert code(caught) == exception, target


def test_the_quota_counts(kms):
    """Rule T6."""
    strict(kms, aliases_per_key=2)
    key = new_key(kms)
    for name in ("alias/a", "alias/b"):
        kms.create_alias(AliasName=name, TargetKeyId=key)
    with pytest.raises(kms.exceptions.LimitExceededException):
        kms.create_alias(AliasName="alias/c", TargetKeyId=key)
    kms.update_alias(AliasName="alias/a", TargetKeyId=key)  # rule U7
    kms.delete_alias(AliasName="alias/b")
    kms.create_alias(AliasName="alias/c", TargetKeyId=key)


def test_the_quota_counts_over_many_pages(strict_client):
    kms, key = strict_client, new_key(strict_client)
    for number in range(50):
        kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=key)
    with pytest.raises(kms.exceptions.LimitExceededException) as caught:
        kms.create_alias(AliasName="alias/50", TargetKeyId=key)
    assert "is 50, current usage is 50" in caught.value.response["Error"]["Message"]


def test_an_alias_is_no_key(strict_client):
    """Rule K8: these operations take a key ID or a key ARN only."""
    kms, key = strict_client, new_key(strict_client)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    for call in (
        lambda: kms.disable_key(KeyId="alias/payments"),
        lambda: kms.schedule_key_deletion(KeyId="alias/payments"),
        lambda: kms.list_aliases(KeyId="alias/payments"),
    ):
        with pytest.raises(kms.exceptions.InvalidArnException) as caught:
            call()
        words = "Key Aliases are not supported for this operation."
        assert caught.value.response["Error"]["Message"] == words
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    with pytest.raises(ClientError):
        kms.list_aliases(Limit=101)  # rule L2


def deny(client, operation, exception="AccessDeniedException"):
    """The endpoint refuses an operation for want of permission."""
    from types import SimpleNamespace

    def answer(**_):
        error = {"Error": {"Code": exception, "Message": "no"}, "ResponseMetadata": {}}
        return SimpleNamespace(status_code=400), error

    client.meta.events.register_first(f"before-call.kms.{operation}", answer)


def test_what_cannot_be_told_is_handed_on(kms):
    """A key that may not be described is not held against the request."""
    key = new_key(kms)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    strict(kms)
    deny(kms, "DescribeKey")
    kms.create_alias(AliasName="alias/refunds", TargetKeyId=key)
    kms.delete_alias(AliasName="alias/payments")
    with pytest.raises(ClientError) as caught:
        kms.create_alias(AliasName="alias/pay.ments", TargetKeyId=key)
    assert code(caught) == "ValidationException"  # the name alone tells that


def test_lists_that_are_denied_leave_the_quota_out(kms):
    strict(kms, aliases_per_key=1)
    key = new_key(kms)
    deny(kms, "ListAliases")
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    kms.create_alias(AliasName="alias/b", TargetKeyId=key)


def test_hooking_twice_hooks_once(kms):
    asked = []
    strict(strict(kms))
    kms.meta.events.register("before-call.kms.DescribeKey", lambda **_: asked.append(1))
    key = new_key(kms)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    assert len(asked) == 2  # the name and the target, once each


def test_other_clients_are_not_touched(kms):
    strict(kms)
    plain = boto3.client("kms", region_name="eu-west-3")
    key = new_key(plain)
    plain.schedule_key_deletion(KeyId=key)
    plain.create_alias(AliasName="alias/payments", TargetKeyId=key)  # moto allows it


@pytest.mark.parametrize("client", [None, 5, object(), "kms"])
def test_only_a_client_of_kms_is_taken(client):
    with pytest.raises(TypeError):
        strict(client)
    with moto.mock_aws(), pytest.raises(TypeError):
        strict(boto3.client("s3", region_name="eu-west-3"))


def test_a_wrong_option_is_told_at_once(kms):
    with pytest.raises(ValueError):
        strict(kms, reserved="aws")


PLAIN = '''
import boto3, moto

@moto.mock_aws
def test_rotation{fixture}:
    kms = boto3.client("kms", region_name="eu-west-3")
    old = kms.create_key()["KeyMetadata"]["KeyId"]
    new = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/payments", TargetKeyId=old)
    kms.update_alias(AliasName="alias/payments", TargetKeyId=new)
'''


def test_a_test_that_passes_on_moto_fails_with_the_fixture(pytester):
    """The example of the page about Python."""
    pytester.makepyfile(test_plain=PLAIN.format(fixture="()"))
    pytester.makepyfile(test_strict=PLAIN.format(fixture="(strict_kms)"))
    # An assertion rewriter of the outer run would warn of itself.
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*ValidationException*key usage*"])


def test_the_fixture_hooks_clients_that_are_made_in_the_test(strict_kms, kms):
    assert strict_kms(kms) is kms
    made = boto3.client("kms", region_name="eu-west-3")
    with pytest.raises(ClientError):
        made.delete_alias(AliasName="payments")
    boto3.client("s3", region_name="eu-west-3")


def test_after_the_test_clients_are_plain_again():
    from botocore.client import ClientCreator

    assert ClientCreator.create_client.__module__ == "botocore.client"


FIXTURE_FIRST = """
import boto3, moto, pytest

@pytest.fixture
def kms():
    with moto.mock_aws():
        yield boto3.client("kms", region_name="eu-west-3")

def test_after(kms, strict_kms):
    with pytest.raises(Exception, match="prefix"):
        kms.create_alias(AliasName="payments", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
"""


def test_the_order_of_fixtures_does_not_matter(pytester):
    pytester.makepyfile(test_order=FIXTURE_FIRST)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_clients_that_existed_are_plain_again_after_the_test(kms):
    from kms_alias._strict import is_strict, unhook

    strict(kms)
    assert is_strict(kms)
    unhook(kms)
    assert not is_strict(kms)
    key = new_key(kms)
    kms.schedule_key_deletion(KeyId=key)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)  # moto allows it


def test_a_key_id_of_the_endpoints_own_is_handed_on(strict_client):
    """moto writes the IDs of multi-Region keys with hyphens."""
    kms = strict_client
    key = new_key(kms, MultiRegion=True)
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    kms.update_alias(AliasName="alias/payments", TargetKeyId=new_key(kms))
    kms.disable_key(KeyId=key)
    with pytest.raises(ClientError) as caught:
        kms.create_alias(AliasName="alias/refunds", TargetKeyId="mrk-1234")
    assert code(caught) == "NotFoundException"
    with pytest.raises(ClientError):
        kms.create_alias(AliasName="alias/re.funds", TargetKeyId=key)


@pytest.mark.parametrize(
    "metadata", [{}, {"KeyId": "x"}, {"KeyId": "x", "Arn": "x"}, {"KeyId": "x", "Arn": "a:b"}, None]
)
def test_what_the_endpoint_describes_oddly_is_handed_on(kms, metadata):
    from types import SimpleNamespace

    key = new_key(kms)
    strict(kms)
    answer = {} if metadata is None else {"KeyMetadata": metadata}
    kms.meta.events.register_first(
        "before-call.kms.DescribeKey", lambda **_: (SimpleNamespace(status_code=200), answer)
    )
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key)
    kms.delete_alias(AliasName="alias/payments")


def test_a_stubber_keeps_its_answers(kms):
    from botocore.stub import Stubber

    key = "1234abcd-12ab-34cd-56ef-1234567890ab"
    with Stubber(strict(kms)) as stubber:
        stubber.add_response("create_alias", {}, {"AliasName": "alias/a", "TargetKeyId": key})
        kms.create_alias(AliasName="alias/a", TargetKeyId=key)
        stubber.assert_no_pending_responses()


def test_hooking_again_replaces_the_options(kms):
    key = new_key(kms)
    strict(kms, reserved="alias/aws/")
    kms.create_alias(AliasName="alias/awsome", TargetKeyId=key)
    strict(kms)
    with pytest.raises(ClientError):
        kms.create_alias(AliasName="alias/awsome2", TargetKeyId=key)
