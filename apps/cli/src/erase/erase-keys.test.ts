import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changePayloadKeys, newPayloadKey, readPayloadKeys } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { eraseKeys, keysOf } from "./erase-keys.ts";

function keyFile(...ids: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "payload-keys.json");
  changePayloadKeys(file, () => [
    newPayloadKey("all-1"),
    ...ids.map((id) => newPayloadKey(id, "customer=4711")),
  ]);
  return file;
}

const subject = "customer=4711";

test("what is erased is what was noted, a key that a worker made meanwhile too", async () => {
  const file = keyFile("k-1", "k-2");
  const noted: (readonly string[])[] = [];
  const note = async (ids: readonly string[]) => {
    noted.push(ids);
    if (noted.length === 1) changePayloadKeys(file, (keys) => [...keys, newPayloadKey("k-3", subject)]);
    // Nothing is gone before it is noted.
    expect(keysOf(readPayloadKeys(file), subject)).toEqual(expect.arrayContaining([...ids]));
  };
  expect(await eraseKeys({ file, subject, note })).toEqual(["k-1", "k-2", "k-3"]);
  expect(noted).toEqual([["k-1", "k-2"], ["k-3"]]);
  expect(keysOf(readPayloadKeys(file), subject)).toEqual([]);
  expect(
    readPayloadKeys(file)
      .filter((key) => "secret" in key)
      .map(({ id }) => id),
  ).toEqual(["all-1"]);
});

test("waits while another command changes the file, and says what was not done when that doesn't end", async () => {
  const file = keyFile("k-1");
  const lock = `${file}.lock`;
  writeFileSync(lock, "");
  const note = async () => {};
  await expect(eraseKeys({ file, subject, note })).rejects.toThrow(
    /remove .*these keys are not erased: k-1/s,
  );
  const open = async () => void setImmediate(() => rmSync(lock));
  expect(await eraseKeys({ file, subject, note: open })).toEqual(["k-1"]);
});

test("more keys than one entry of the audit takes are noted in several", async () => {
  const file = keyFile(...Array.from({ length: 1_001 }, (_, id) => `k-${id}`));
  const noted: number[] = [];
  await eraseKeys({ file, subject, note: async (ids) => void noted.push(ids.length) });
  expect(noted).toEqual([1_000, 1]);
});
