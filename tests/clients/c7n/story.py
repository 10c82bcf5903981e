"""Cloud Custodian's KMS policies: they find keys and aliases, tag what lacks a tag, and then nothing."""

import json
import pathlib
import subprocess
import sys
import tempfile

import boto3

HERE = pathlib.Path(__file__).parent
CUSTODIAN = pathlib.Path(sys.executable).parent / "custodian"
REGION = "eu-west-3"


def run(folder):
    """Runs the policies: what each of them found."""
    subprocess.run(
        [CUSTODIAN, "run", "--output-dir", folder, "--region", REGION, "--cache", "", "--metrics", "",
         HERE / "policies.yml"],
        check=True, timeout=300,
    )
    found = lambda name: json.loads((pathlib.Path(folder) / name / "resources.json").read_text())
    return found("keys"), found("aliases")


def names(aliases):
    return {alias["AliasName"]: alias["TargetKeyId"] for alias in aliases}


def main():
    kms = boto3.client("kms", region_name=REGION)
    old, new = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/c7n-app", TargetKeyId=old)
    with tempfile.TemporaryDirectory() as folder:
        keys, aliases = run(folder)
        assert {key["KeyId"] for key in keys} == {old, new}, keys
        assert names(aliases) == {"alias/c7n-app": old}, aliases
        assert kms.list_resource_tags(KeyId=old)["Tags"] == [{"TagKey": "team", "TagValue": "payments"}]
        # The alias moves, and the second run has nothing to do.
        kms.update_alias(AliasName="alias/c7n-app", TargetKeyId=new)
        keys, aliases = run(folder)
        assert keys == [], keys
        assert names(aliases) == {"alias/c7n-app": new}, aliases
    print("the policies found what there is, and nothing on the second run")


if __name__ == "__main__":
    main()
