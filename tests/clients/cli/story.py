"""The story of tests/clients/README.md, by the AWS CLI, version 1."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

REGION, ELSEWHERE = "eu-west-3", "eu-west-1"
NAMES = [f"alias/client-{number:02}" for number in range(25)]
REFUSALS = pathlib.Path(__file__).parents[1] / "refusals.json"
# The exit code of a call that the service refused.
REFUSED = 255
AWS = pathlib.Path(sys.executable).parent / "aws"


def aws(operation, *arguments, region=REGION):
    """Runs the CLI: its exit code, its output, its words."""
    command = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
    done = subprocess.run(
        [AWS, "kms", command, "--region", region, "--output", "json", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )
    return done.returncode, done.stdout, done.stderr.strip()


def done(operation, *arguments, **options):
    """What the CLI printed, of a call that succeeds."""
    code, out, words = aws(operation, *arguments, **options)
    assert code == 0, (operation, arguments, words)
    return json.loads(out) if out else None


def create_key(*arguments, **options):
    return done("CreateKey", *arguments, **options)["KeyMetadata"]["KeyId"]


class Story(unittest.TestCase):
    def test_the_story(self):
        self.keys = self.create_keys()
        self.create_aliases()
        self.list_in_pages()
        self.update_and_describe()
        self.be_refused()
        self.create_elsewhere()
        self.delete()

    def create_keys(self):
        rsa = ("--key-spec", "RSA_2048", "--key-usage")
        keys = {
            "symmetric": create_key(),
            "other": create_key(),
            "full": create_key(),
            "rsa": create_key(*rsa, "ENCRYPT_DECRYPT"),
            "signing": create_key(*rsa, "SIGN_VERIFY"),
            "disabled": create_key(),
            "dying": create_key(),
        }
        self.assertIsNone(done("DisableKey", "--key-id", keys["disabled"]))
        window = ("--pending-window-in-days", "7")
        answer = done("ScheduleKeyDeletion", "--key-id", keys["dying"], *window)
        self.assertEqual(answer["KeyState"], "PendingDeletion")
        return keys

    def create_alias(self, name, key, **options):
        done("CreateAlias", "--alias-name", name, "--target-key-id", key, **options)

    def create_aliases(self):
        for name in NAMES:
            self.create_alias(name, self.keys["symmetric"])
        self.create_alias("alias/disabled", self.keys["disabled"])

    def aliases(self, *arguments, **options):
        return done("ListAliases", *arguments, **options)["Aliases"]

    def list_in_pages(self):
        aliases = self.aliases("--key-id", self.keys["symmetric"], "--page-size", "10")
        self.assertEqual([alias["AliasName"] for alias in aliases], NAMES)
        begun = done("ListAliases", "--page-size", "10", "--max-items", "12")
        self.assertEqual(len(begun["Aliases"]), 12)
        rest = self.aliases("--page-size", "10", "--starting-token", begun["NextToken"])
        self.assertEqual(begun["Aliases"] + rest, self.aliases())
        keys = done("ListKeys", "--page-size", "4")["Keys"]
        self.assertEqual(sorted(key["KeyId"] for key in keys), sorted(self.keys.values()))

    def update_and_describe(self):
        other = self.keys["other"]
        done("UpdateAlias", "--alias-name", NAMES[7], "--target-key-id", other)
        [alias] = self.aliases("--key-id", other)
        self.assertEqual(alias["AliasName"], NAMES[7])
        for identifier in (NAMES[7], alias["AliasArn"], other):
            key = done("DescribeKey", "--key-id", identifier)["KeyMetadata"]
            self.assertEqual((key["KeyId"], key["KeyState"]), (other, "Enabled"))

    def be_refused(self):
        text = REFUSALS.read_text()
        for name, key_id in self.keys.items():
            text = text.replace("{%s}" % name, key_id)
        # Fifty aliases, one run of the CLI each, would take a minute: boto3 has them.
        refusals = [refusal for refusal in json.loads(text) if refusal["rule"] != "T6"]
        for refusal in refusals:
            operation, exception = refusal["operation"], refusal["exception"]
            with self.subTest(refusal["rule"], operation=operation):
                request = json.dumps(refusal["input"])
                # Without its own paginator the CLI sends Limit and Marker as they are.
                plain = ("--no-paginate",) if operation.startswith("List") else ()
                code, out, words = aws(operation, "--cli-input-json", request, *plain)
                self.assertEqual((code, out), (REFUSED, ""), words)
                start = f"An error occurred ({exception}) when calling the {operation} operation: "
                # What it printed is stripped: some refusals have no words.
                self.assertIn(start.strip(), words)
                if "message" in refusal:
                    self.assertTrue(words.endswith(start + refusal["message"]), words)
        self.assertGreaterEqual(len({refusal["exception"] for refusal in refusals}), 8)

    def create_elsewhere(self):
        self.assertEqual(self.aliases(region=ELSEWHERE), [])
        key_id = create_key("--multi-region", region=ELSEWHERE)
        self.assertTrue(key_id.startswith("mrk-"))
        self.create_alias(NAMES[0], key_id, region=ELSEWHERE)
        [alias] = self.aliases(region=ELSEWHERE)
        self.assertEqual(alias["AliasArn"], f"arn:aws:kms:{ELSEWHERE}:123456789012:{NAMES[0]}")

    def delete(self):
        for alias in self.aliases():
            done("DeleteAlias", "--alias-name", alias["AliasName"])
        self.assertEqual(self.aliases(), [])
        code, _, words = aws("DescribeKey", "--key-id", NAMES[0])
        self.assertEqual(code, REFUSED)
        self.assertIn("(NotFoundException)", words)


if __name__ == "__main__":
    unittest.main()
