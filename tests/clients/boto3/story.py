"""The story of tests/clients/README.md, by boto3."""

import datetime
import json
import pathlib
import re
import unittest

import boto3
from botocore.exceptions import ClientError

REGION, ELSEWHERE = "eu-west-3", "eu-west-1"
NAMES = [f"alias/client-{number:02}" for number in range(25)]
REFUSALS = pathlib.Path(__file__).parents[1] / "refusals.json"


def filled(template, keys):
    """The template with the key IDs in their places."""
    text = json.dumps(template)
    for name, key_id in keys.items():
        text = text.replace("{%s}" % name, key_id)
    return json.loads(text)


def method(operation):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


class Story(unittest.TestCase):
    def test_the_story(self):
        self.kms = boto3.client("kms", region_name=REGION)
        self.keys = self.create_keys()
        self.create_aliases()
        self.list_in_pages()
        self.update_and_describe()
        self.be_refused()
        self.create_elsewhere()
        self.delete()

    def create_key(self, **members):
        return self.kms.create_key(**members)["KeyMetadata"]["KeyId"]

    def create_keys(self):
        keys = {
            "symmetric": self.create_key(),
            "other": self.create_key(),
            "full": self.create_key(),
            "rsa": self.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT"),
            "signing": self.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY"),
            "disabled": self.create_key(),
            "dying": self.create_key(),
        }
        self.kms.disable_key(KeyId=keys["disabled"])
        answer = self.kms.schedule_key_deletion(KeyId=keys["dying"], PendingWindowInDays=7)
        self.assertEqual(answer["KeyState"], "PendingDeletion")
        days = answer["DeletionDate"] - datetime.datetime.now(datetime.timezone.utc)
        self.assertEqual(round(days / datetime.timedelta(days=1)), 7)
        return keys

    def create_aliases(self):
        for name in NAMES:
            self.kms.create_alias(AliasName=name, TargetKeyId=self.keys["symmetric"])
        for number in range(50):
            self.kms.create_alias(AliasName=f"alias/full-{number}", TargetKeyId=self.keys["full"])

    def aliases(self, **members):
        pages = self.kms.get_paginator("list_aliases").paginate(**members)
        return [page["Aliases"] for page in pages]

    def list_in_pages(self):
        of_key = {"KeyId": self.keys["symmetric"]}
        pages = self.aliases(PaginationConfig={"PageSize": 10}, **of_key)
        self.assertEqual([len(page) for page in pages], [10, 10, 5])
        aliases = [alias for page in pages for alias in page]
        self.assertEqual([alias["AliasName"] for alias in aliases], NAMES)
        now = datetime.datetime.now(datetime.timezone.utc)
        for alias in aliases:
            self.assertEqual(alias["TargetKeyId"], self.keys["symmetric"])
            self.assertEqual(alias["CreationDate"], alias["LastUpdatedDate"])
            self.assertLess(abs(now - alias["CreationDate"]), datetime.timedelta(minutes=10))
        whole = [alias for page in self.aliases(PaginationConfig={"PageSize": 7}) for alias in page]
        self.assertEqual(len(whole), 75)
        keys = self.kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 4})
        pages = [[key["KeyId"] for key in page["Keys"]] for page in keys]
        self.assertEqual([len(page) for page in pages], [4, 3])
        self.assertEqual(sorted(sum(pages, [])), sorted(self.keys.values()))

    def update_and_describe(self):
        other = self.keys["other"]
        self.kms.create_alias(AliasName="alias/disabled", TargetKeyId=self.keys["disabled"])
        self.assertEqual(self.kms.update_alias(AliasName=NAMES[7], TargetKeyId=other)
                         ["ResponseMetadata"]["HTTPStatusCode"], 200)
        [[alias]] = self.aliases(KeyId=other)
        self.assertEqual(alias["AliasName"], NAMES[7])
        self.assertGreaterEqual(alias["LastUpdatedDate"], alias["CreationDate"])
        for identifier in (NAMES[7], alias["AliasArn"], other):
            key = self.kms.describe_key(KeyId=identifier)["KeyMetadata"]
            self.assertEqual((key["KeyId"], key["KeyState"]), (other, "Enabled"))

    def be_refused(self):
        met = set()
        for refusal in json.loads(REFUSALS.read_text()):
            refusal = filled(refusal, self.keys)
            with self.subTest(refusal["rule"], operation=refusal["operation"]):
                # Where boto3 knows the exception it has to raise its own class for it.
                expected = refusal["exception"]
                known = getattr(self.kms.exceptions, expected, None) if expected in self.known() else None
                with self.assertRaises(known or ClientError) as raised:
                    getattr(self.kms, method(refusal["operation"]))(**refusal["input"])
                error = raised.exception.response
                self.assertEqual(error["Error"]["Code"], expected)
                self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)
                self.assertNotEqual("has_no_words" in refusal, bool(error["Error"]["Message"]))
                if "message" in refusal:
                    self.assertEqual(error["Error"]["Message"], refusal["message"])
                met.add(expected)
        self.assertGreaterEqual(len(met), 8)

    def known(self):
        return {shape.name for shape in self.kms.meta.service_model.error_shapes}

    def create_elsewhere(self):
        elsewhere = boto3.client("kms", region_name=ELSEWHERE)
        self.assertEqual(elsewhere.list_aliases()["Aliases"], [])
        key_id = elsewhere.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
        self.assertTrue(key_id.startswith("mrk-"))
        elsewhere.create_alias(AliasName=NAMES[0], TargetKeyId=key_id)
        [alias] = elsewhere.list_aliases()["Aliases"]
        self.assertEqual(alias["AliasArn"], f"arn:aws:kms:{ELSEWHERE}:123456789012:{NAMES[0]}")

    def delete(self):
        for page in self.aliases():
            for alias in page:
                self.kms.delete_alias(AliasName=alias["AliasName"])
        self.assertEqual(self.kms.list_aliases()["Aliases"], [])
        with self.assertRaises(self.kms.exceptions.NotFoundException):
            self.kms.describe_key(KeyId=NAMES[0])


if __name__ == "__main__":
    unittest.main()
