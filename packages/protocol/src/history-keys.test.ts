import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recordKeysOf, recordKeysVariables } from "./history-keys.ts";

test("records are signed and checked where the variable names a file of keys, and not where it is absent", () => {
  expect(recordKeysOf({})).toBeUndefined();
  expect(recordKeysOf({ DOWNBEAT_RECORD_KEYS_FILE: undefined })).toBeUndefined();
  const place = mkdtempSync(join(tmpdir(), "record-keys-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const path = join(place, "keys.json");
  const secret = Buffer.alloc(32, 1).toString("base64");
  writeFileSync(path, JSON.stringify({ keys: [{ id: "a", secret }] }), { mode: 0o600 });
  expect(recordKeysOf({ DOWNBEAT_RECORD_KEYS_FILE: path })?.ids).toEqual(["a"]);
  const variable = recordKeysVariables.DOWNBEAT_RECORD_KEYS_FILE;
  expect([undefined, path, ""].map((value) => variable.safeParse(value).success)).toEqual([
    true,
    true,
    false,
  ]);
});
