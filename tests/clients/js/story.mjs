// The story of tests/clients/README.md, by @aws-sdk/client-kms for JavaScript.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-kms";

const [REGION, ELSEWHERE] = ["eu-west-3", "eu-west-1"];
const NAMES = Array.from({ length: 25 }, (_, number) => `alias/client-${String(number).padStart(2, "0")}`);

/** Sends an operation by its name. */
const call = (client, operation, input = {}) => client.send(new sdk[`${operation}Command`](input));

const createKey = async (client, input) => (await call(client, "CreateKey", input)).KeyMetadata.KeyId;

async function pages(paginator) {
  const all = [];
  for await (const page of paginator) all.push(page);
  return all;
}

/** The refusals with the key IDs in their places. */
function refusals(keys) {
  let text = readFileSync(process.env.REFUSALS, "utf8");
  for (const [name, keyId] of Object.entries(keys)) text = text.replaceAll(`{${name}}`, keyId);
  return JSON.parse(text);
}

test("the story", async (t) => {
  const client = new sdk.KMSClient({ region: REGION });
  const create = (name, keyId) => call(client, "CreateAlias", { AliasName: name, TargetKeyId: keyId });
  let keys;

  await t.test("keys and aliases are created", async () => {
    keys = {
      symmetric: await createKey(client),
      other: await createKey(client),
      full: await createKey(client),
      rsa: await createKey(client, { KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }),
      signing: await createKey(client, { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }),
      disabled: await createKey(client),
      dying: await createKey(client),
    };
    await call(client, "DisableKey", { KeyId: keys.disabled });
    const answer = await call(client, "ScheduleKeyDeletion", { KeyId: keys.dying, PendingWindowInDays: 7 });
    assert.equal(answer.KeyState, "PendingDeletion");
    assert.equal(Math.round((answer.DeletionDate - Date.now()) / 86_400_000), 7);
    // Many at once, over connections that are kept.
    await Promise.all(NAMES.map((name) => create(name, keys.symmetric)));
    await Promise.all(Array.from({ length: 50 }, (_, number) => create(`alias/full-${number}`, keys.full)));
    await create("alias/disabled", keys.disabled);
  });

  await t.test("lists come in pages", async () => {
    const found = await pages(sdk.paginateListAliases({ client, pageSize: 10 }, { KeyId: keys.symmetric }));
    assert.deepEqual(found.map((page) => page.Aliases.length), [10, 10, 5]);
    const aliases = found.flatMap((page) => page.Aliases);
    assert.deepEqual(aliases.map((alias) => alias.AliasName), NAMES);
    for (const alias of aliases) {
      assert.equal(alias.TargetKeyId, keys.symmetric);
      assert.ok(Math.abs(alias.CreationDate - Date.now()) < 600_000, String(alias.CreationDate));
    }
    const listed = await pages(sdk.paginateListKeys({ client, pageSize: 4 }, {}));
    assert.deepEqual(listed.map((page) => page.Keys.length), [4, 3]);
    const keyIds = listed.flatMap((page) => page.Keys).map((key) => key.KeyId);
    assert.deepEqual(keyIds.sort(), Object.values(keys).sort());
  });

  await t.test("an alias moves to another key", async () => {
    await call(client, "UpdateAlias", { AliasName: NAMES[7], TargetKeyId: keys.other });
    const { Aliases: aliases } = await call(client, "ListAliases", { KeyId: keys.other });
    assert.deepEqual(aliases.map((alias) => alias.AliasName), [NAMES[7]]);
    assert.ok(aliases[0].LastUpdatedDate >= aliases[0].CreationDate);
    for (const identifier of [NAMES[7], aliases[0].AliasArn, keys.other]) {
      const { KeyMetadata: key } = await call(client, "DescribeKey", { KeyId: identifier });
      assert.deepEqual([key.KeyId, key.KeyState], [keys.other, "Enabled"]);
    }
  });

  const met = new Set();
  for (const { rule, operation, exception, input, message, has_no_words } of refusals(keys)) {
    await t.test(`${rule}: ${operation} is refused`, async () => {
      if (input.Plaintext) input.Plaintext = Buffer.from(input.Plaintext, "base64");
      const error = await call(client, operation, input).then(() => null, (thrown) => thrown);
      assert.ok(error instanceof sdk.KMSServiceException, String(error));
      // Where the SDK has a class for it, it has to throw that.
      if (sdk[exception]) assert.ok(error instanceof sdk[exception], error.name);
      met.add(exception);
      assert.equal(error.name, exception);
      assert.equal(error.$metadata.httpStatusCode, 400);
      assert.ok(has_no_words || error.message);
      if (message) assert.equal(error.message, message);
    });
  }
  assert.ok(met.size >= 8, `only ${[...met]}`);

  await t.test("the same name stands in another Region", async () => {
    const elsewhere = new sdk.KMSClient({ region: ELSEWHERE });
    const keyId = await createKey(elsewhere, { MultiRegion: true });
    assert.ok(keyId.startsWith("mrk-"), keyId);
    await call(elsewhere, "CreateAlias", { AliasName: NAMES[0], TargetKeyId: keyId });
    const { Aliases: aliases } = await call(elsewhere, "ListAliases");
    assert.deepEqual(
      aliases.map((alias) => alias.AliasArn),
      [`arn:aws:kms:${ELSEWHERE}:123456789012:${NAMES[0]}`],
    );
    elsewhere.destroy();
  });

  await t.test("all aliases are deleted", async () => {
    for (const page of await pages(sdk.paginateListAliases({ client }, {}))) {
      for (const alias of page.Aliases) await call(client, "DeleteAlias", { AliasName: alias.AliasName });
    }
    assert.deepEqual((await call(client, "ListAliases")).Aliases, []);
    await assert.rejects(call(client, "DescribeKey", { KeyId: NAMES[0] }), sdk.NotFoundException);
  });
  client.destroy();
});
