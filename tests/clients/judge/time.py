"""Times a script of alias requests against two addresses in turn, and prints medians."""

import statistics
import sys
import time

import boto3

ROUNDS = int(sys.argv[1])
ALONE, BEHIND = sys.argv[2:]
STEPS = 40


def script(kms, keys, times):
    """Create, describe, move, list and delete an alias, as a deployment does."""
    def step(name, call, **members):
        begun = time.perf_counter()
        call(**members)
        times.setdefault(name, []).append(time.perf_counter() - begun)

    for _ in range(STEPS):
        alias = {"AliasName": "alias/deployed"}
        step("create", kms.create_alias, TargetKeyId=keys[0], **alias)
        step("describe", kms.describe_key, KeyId="alias/deployed")
        step("update", kms.update_alias, TargetKeyId=keys[1], **alias)
        step("list", kms.list_aliases, KeyId=keys[1])
        step("delete", kms.delete_alias, **alias)


def main():
    credentials = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    clients = [boto3.client("kms", endpoint_url=url, region_name="eu-west-3", **credentials)
               for url in (ALONE, BEHIND)]
    keys = [clients[0].create_key()["KeyMetadata"]["KeyId"] for _ in range(2)]
    times = [{}, {}]
    for _ in range(ROUNDS):
        for client, found in zip(clients, times):
            script(client, keys, found)
    print(f"{'median of a request':20} {'alone':>9} {'behind':>9} {'ratio':>6}")
    medians = [{name: statistics.median(found) for name, found in both.items()} for both in times]
    for both in medians:
        both["all five"] = sum(both.values())
    for name, alone in medians[0].items():
        behind = medians[1][name]
        print(f"{name:20} {alone * 1000:6.2f} ms {behind * 1000:6.2f} ms {behind / alone:6.2f}")


if __name__ == "__main__":
    main()
