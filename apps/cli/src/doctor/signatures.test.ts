import { systemClock } from "@downbeat/message-log";
import { MemoryLog } from "@downbeat/message-log/memory";
import { RecordKeys, recordKeysFile } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { signatures, uncheckedSignatures } from "./signatures.ts";

const secretOf = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const keysOf = (...given: [id: string, byte: number, signs?: boolean][]) =>
  new RecordKeys(
    recordKeysFile.parse({
      keys: given.map(([id, byte, signs = false]) => ({ id, secret: secretOf(byte), signs })),
    }),
  );
const namespace = "public/default";
const topic = "history-partition-0";

async function written(...signers: (RecordKeys | undefined)[]) {
  const log = new MemoryLog({ clock: systemClock });
  await log.createPartitionedTopic("history", 2);
  const producer = await log.openProducer(topic);
  for (const [index, signer] of [undefined, ...signers].entries()) {
    const payload = Buffer.from(`{"record":${index}}`);
    const link = { id: `d${index}`, follows: `d${index - 1}` };
    await producer.send({
      payload,
      properties: { id: link.id, ...signer?.of(namespace).sign(topic, link, payload) },
    });
  }
  return log;
}

async function found(keys: RecordKeys, ...signers: (RecordKeys | undefined)[]) {
  const log = await written(...signers);
  return signatures({ log, namespace, keys }).finally(() => log.close());
}

test("it is said which keys sign, and that nothing is wrong with that", async () => {
  const both = keysOf(["k1", 1], ["k2", 2, true]);
  expect(await found(both, keysOf(["k1", 1, true]), both, both)).toEqual({
    id: "signatures",
    severity: "note",
    found:
      "of the records of the last hour that were looked at, are signed 1 by k1, 2 by k2; 0 are not signed, and 0 are signed by no key of the file",
    means: "engines that are started with the file sign with k2",
    mend: expect.stringContaining("nothing, unless"),
  });
});

test("records that aren't signed though a key signs, and what no key of the file has signed, are said as such", async () => {
  const keys = keysOf(["k1", 1, true]);
  expect(await found(keys, undefined)).toMatchObject({
    severity: "warning",
    found: expect.stringContaining("none is signed; 1 are not signed"),
  });
  expect(await found(keysOf(["k1", 1]), undefined)).toMatchObject({
    severity: "note",
    means: expect.stringContaining("check only"),
  });
  expect(await found(keys, keys, keysOf(["k1", 9, true]))).toMatchObject({
    severity: "error",
    found: expect.stringContaining("1 by k1; 0 are not signed, and 1 are signed by no key"),
  });
});

test("a log in which nothing was written is none that is wrong", async () => {
  const log = new MemoryLog({ clock: systemClock });
  await log.createPartitionedTopic("history", 1);
  const finding = await signatures({ log, namespace, keys: keysOf(["k1", 1, true]) });
  expect(finding).toMatchObject({ severity: "note", found: expect.stringContaining("none is signed") });
});

test("without keys nothing is said of records that aren't signed, and of signed ones that nobody checks them", async () => {
  expect(await uncheckedSignatures(await written(undefined))).toEqual([]);
  expect(await uncheckedSignatures(await written(keysOf(["k1", 1, true]), undefined))).toMatchObject([
    { severity: "warning", found: expect.stringContaining("1 are signed, and no keys were given") },
  ]);
});

test("without keys, a log that can't be read is no reason to fail", async () => {
  const log = new MemoryLog({ clock: systemClock });
  await log.close();
  expect(await uncheckedSignatures(log)).toMatchObject([{ severity: "unseen" }]);
});
