"""The judge before moto: what KMS refuses is refused, and never reaches moto.

    tests/clients/run judge

AWS_ENDPOINT_URL_KMS is the judge, UPSTREAM_URL is moto itself, which is asked what it holds.
"""

import os
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-3"
ACCOUNT = "123456789012"
SCOPE = f"arn:aws:kms:{REGION}:{ACCOUNT}"


def client(url):
    # What is refused is not to be asked again, as a client does after a 5xx.
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    return boto3.client("kms", region_name=REGION, endpoint_url=url, config=config)


class Judge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.judge = client(os.environ["AWS_ENDPOINT_URL_KMS"])
        # What is made here is made behind the back of the judge.
        cls.moto = client(os.environ["UPSTREAM_URL"])
        create = lambda **members: cls.moto.create_key(**members)["KeyMetadata"]["KeyId"]
        cls.key, cls.other, cls.full, cls.dying, cls.disabled = (create() for _ in range(5))
        cls.rsa = create(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
        cls.signing = create(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        cls.hmac = create(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        cls.moto.schedule_key_deletion(KeyId=cls.dying, PendingWindowInDays=7)
        cls.moto.disable_key(KeyId=cls.disabled)
        for number in range(50):
            cls.moto.create_alias(AliasName=f"alias/full-{number}", TargetKeyId=cls.full)
        cls.moto.create_alias(AliasName="alias/app", TargetKeyId=cls.key)
        cls.moto.create_alias(AliasName="alias/off", TargetKeyId=cls.disabled)
        cls.of_aws = cls.moto.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]

    def state(self):
        """All that moto holds."""
        keys = sorted(key["KeyId"] for key in self.moto.list_keys()["Keys"])
        aliases = self.moto.list_aliases()["Aliases"]
        describe = lambda key: self.moto.describe_key(KeyId=key)["KeyMetadata"]
        return sorted(map(str, aliases)), [describe(key) for key in keys]

    def refused(self, exception, words, operation, **members):
        """The judge refuses it in KMS's words, and moto is as it was."""
        before = self.state()
        with self.assertRaises(ClientError) as raised:
            getattr(self.judge, operation)(**members)
        error = raised.exception.response["Error"]
        self.assertEqual((error["Code"], raised.exception.response["ResponseMetadata"]["HTTPStatusCode"]),
                         (exception, 400), error)
        self.assertIn(words, error["Message"])
        self.assertEqual(self.state(), before)

    def test_01_a_move_to_another_usage(self):
        self.moto.create_alias(AliasName="alias/rsa", TargetKeyId=self.rsa)
        self.refused("ValidationException", "cannot be changed from a CMK with key usage ENCRYPT_DECRYPT "
                     "to a CMK with key usage SIGN_VERIFY", "update_alias", AliasName="alias/rsa", TargetKeyId=self.signing)

    def test_02_a_move_to_another_type(self):
        self.refused("ValidationException", "", "update_alias", AliasName="alias/app", TargetKeyId=self.rsa)
        self.refused("ValidationException", "", "update_alias", AliasName="alias/app", TargetKeyId=self.hmac)

    def test_03_a_move_to_a_dying_key(self):
        self.refused("KMSInvalidStateException", f"{SCOPE}:key/{self.dying} is pending deletion.",
                     "update_alias", AliasName="alias/app", TargetKeyId=self.dying)
        self.refused("KMSInvalidStateException", "is pending deletion.",
                     "create_alias", AliasName="alias/new", TargetKeyId=self.dying)

    def test_04_the_51st_alias(self):
        words = "Aliases per key quota for this account in this region is 50, current usage is 50."
        self.refused("LimitExceededException", words, "create_alias", AliasName="alias/one-more", TargetKeyId=self.full)
        self.refused("LimitExceededException", words, "update_alias", AliasName="alias/app", TargetKeyId=self.full)

    def test_05_a_name_of_257_characters(self):
        self.refused("ValidationException", "Member must have length less than or equal to 256",
                     "create_alias", AliasName="alias/" + "a" * 251, TargetKeyId=self.key)

    def test_06_other_characters(self):
        for name in ("alias/a b", "alias/é", "alias/a.b", "alias/a:b", "alias/"):
            self.refused("ValidationException", "", "create_alias", AliasName=name, TargetKeyId=self.key)

    def test_07_no_prefix(self):
        self.refused("ValidationException", 'Alias must start with the prefix "alias/"',
                     "create_alias", AliasName="app", TargetKeyId=self.key)

    def test_08_reserved_names(self):
        for name in ("alias/aws/mine", "alias/aws/s3", "alias/awsome"):
            self.refused("InvalidAliasNameException", "", "create_alias", AliasName=name, TargetKeyId=self.key)
        self.refused("InvalidAliasNameException", "", "delete_alias", AliasName="alias/aws/s3")

    def test_09_an_alias_as_target(self):
        for target in ("alias/app", f"{SCOPE}:alias/app", "alias/nowhere"):
            self.refused("ValidationException", "Aliases must refer to keys. Not aliases",
                         "create_alias", AliasName="alias/new", TargetKeyId=target)

    def test_10_a_key_of_another_account_or_region(self):
        theirs = f"arn:aws:kms:{REGION}:999988887777:key/{self.key}"
        self.refused("NotFoundException", "", "create_alias", AliasName="alias/new", TargetKeyId=theirs)
        elsewhere = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/{self.key}"
        self.refused("NotFoundException", "Invalid arn us-west-2",
                     "create_alias", AliasName="alias/new", TargetKeyId=elsewhere)

    def test_11_a_page_of_101(self):
        for limit in (101, 1000, 0):
            self.refused("ValidationException", "", "list_aliases", Limit=limit)
        self.refused("InvalidMarkerException", "", "list_aliases", Marker="no marker")
        pages = list(self.judge.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 10}))
        self.assertTrue(all(len(page["Aliases"]) == 10 for page in pages[:-1]))
        found = [alias["AliasName"] for page in pages for alias in page["Aliases"]]
        self.assertEqual(found, sorted(alias["AliasName"] for alias in self.moto.list_aliases()["Aliases"]))
        of_key = self.judge.list_aliases(KeyId=self.full, Limit=100)["Aliases"]
        self.assertEqual({alias["TargetKeyId"] for alias in of_key}, {self.full})
        self.assertEqual(len(of_key), 50)

    def test_12_what_is_not_there(self):
        missing = "1234abcd-12ab-34cd-56ef-1234567890ab"
        for operation in ("update_alias", "delete_alias"):
            target = {"TargetKeyId": self.key} if operation == "update_alias" else {}
            self.refused("NotFoundException", f"Alias {SCOPE}:alias/nowhere is not found.",
                         operation, AliasName="alias/nowhere", **target)
        words = f"Key '{SCOPE}:key/{missing}' does not exist"
        self.refused("NotFoundException", words, "create_alias", AliasName="alias/new", TargetKeyId=missing)
        self.refused("NotFoundException", words, "list_aliases", KeyId=missing)
        self.refused("NotFoundException", words, "describe_key", KeyId=missing)
        self.refused("AlreadyExistsException", f"{SCOPE}:alias/app already exists",
                     "create_alias", AliasName="alias/app", TargetKeyId=self.other)

    def test_13_a_key_of_aws(self):
        self.refused("AccessDeniedException", "", "create_alias", AliasName="alias/new", TargetKeyId=self.of_aws)
        self.refused("AccessDeniedException", "", "update_alias", AliasName="alias/app", TargetKeyId=self.of_aws)

    def test_14_uses_of_keys(self):
        self.refused("DisabledException", "is disabled.", "encrypt", KeyId="alias/off", Plaintext=b"hello")
        self.refused("InvalidKeyUsageException", "", "encrypt", KeyId=self.signing, Plaintext=b"hello")
        self.refused("KMSInvalidStateException", "", "enable_key", KeyId=self.dying)
        self.refused("InvalidArnException", "", "enable_key", KeyId="alias/app")
        self.refused("ValidationException", "", "schedule_key_deletion", KeyId=self.key, PendingWindowInDays=6)

    def test_15_what_kms_takes_is_done(self):
        judge = self.judge
        judge.create_alias(AliasName="alias/done", TargetKeyId=self.key)
        sealed = judge.encrypt(KeyId="alias/done", Plaintext=b"hello")
        self.assertEqual(sealed["KeyId"], f"{SCOPE}:key/{self.key}")
        judge.update_alias(AliasName="alias/done", TargetKeyId=f"{SCOPE}:key/{self.other}")
        for identifier in ("alias/done", f"{SCOPE}:alias/done"):
            self.assertEqual(judge.describe_key(KeyId=identifier)["KeyMetadata"]["KeyId"], self.other)
        self.assertEqual(judge.decrypt(CiphertextBlob=sealed["CiphertextBlob"])["Plaintext"], b"hello")
        data_key = judge.generate_data_key(KeyId="alias/done", KeySpec="AES_256")
        self.assertEqual(judge.decrypt(CiphertextBlob=data_key["CiphertextBlob"])["Plaintext"], data_key["Plaintext"])
        judge.delete_alias(AliasName="alias/done")
        self.assertNotIn("alias/done", str(self.moto.list_aliases()))
        # What the judge does not know is moto's to answer.
        judge.tag_resource(KeyId=self.key, Tags=[{"TagKey": "a", "TagValue": "b"}])
        self.assertEqual(judge.list_resource_tags(KeyId=self.key)["Tags"], [{"TagKey": "a", "TagValue": "b"}])
        created = judge.create_key(Description="made behind the judge")["KeyMetadata"]
        self.assertEqual(created["Description"], "made behind the judge")

    def test_16_other_services_pass(self):
        s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=os.environ["AWS_ENDPOINT_URL_KMS"],
                          config=Config(s3={"addressing_style": "path"}))
        s3.create_bucket(Bucket="passed-on")
        content = os.urandom(3 << 20)
        s3.put_object(Bucket="passed-on", Key="a/b c", Body=content)
        self.assertEqual(s3.get_object(Bucket="passed-on", Key="a/b c")["Body"].read(), content)


if __name__ == "__main__":
    unittest.main()
