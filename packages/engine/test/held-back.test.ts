import type { Position } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { claimIsMissing, isForKeys, keyIsMissing, noKeyThatSigns } from "../src/held-back.ts";

const at = (position: string) => position as Position;
const known = { epoch: 3, position: at("5:0"), path: "/data/partition-0" };

test("a claim that counted by other keys and is further on than these believe is missing", () => {
  expect(claimIsMissing(known, 2, at("5:0"))).toMatch(
    /claim 3 counts here, and by those it has now none after 2 does/,
  );
  expect(claimIsMissing(known, 0, at("9:0"))).toMatch(
    /claim 3 counts here, and by those it has now none does: /,
  );
  expect(claimIsMissing(known, 2, at("9:0"))).toMatch("/data/partition-0 is of another log");
});

test("none is missing where these keys believe as much, nobody knew more, or the log is another one", () => {
  expect(claimIsMissing(undefined, 2, at("9:0"))).toBeUndefined();
  expect(claimIsMissing(known, 3, at("9:0"))).toBeUndefined();
  expect(claimIsMissing(known, 4, at("9:0"))).toBeUndefined();
  // It ends before what was read of it.
  expect(claimIsMissing(known, 2, at("4:9"))).toBeUndefined();
  expect(claimIsMissing(known, 2, undefined)).toBeUndefined();
});

test("what holds an engine back for its keys is told from everything else, and names their file's variable", () => {
  for (const reason of [noKeyThatSigns, keyIsMissing('k "1"'), claimIsMissing(known, 2, at("9:0")) ?? ""]) {
    expect(isForKeys(reason)).toBe(true);
    expect(reason).toMatch("DOWNBEAT_RECORD_KEYS_FILE");
  }
  expect(keyIsMissing('k "1"')).toMatch(String.raw`the key "k \"1\"",`);
  expect(isForKeys("its records are of a newer version")).toBe(false);
});
