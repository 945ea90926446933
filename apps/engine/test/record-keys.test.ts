import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStateStores } from "@downbeat/engine";
import type { Position } from "@downbeat/message-log";
import { expect, onTestFinished, test } from "vitest";
import { claimsKnownBefore } from "../src/earlier-snapshots.ts";
import { recordKeysOfEngine } from "../src/record-keys.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test("an engine doesn't start where nothing unsigned counts and no key signs: it would claim forever", () => {
  const file = join(folder(), "keys.json");
  const write = (unsigned: string, signs: boolean) => {
    const keys = [{ id: "k1", secret: Buffer.alloc(32, 1).toString("base64"), signs }];
    writeFileSync(file, JSON.stringify({ unsigned, keys }), { mode: 0o600 });
  };
  const read = (role: "all" | "log") =>
    recordKeysOfEngine({ DOWNBEAT_RECORD_KEYS_FILE: file, DOWNBEAT_ROLE: role })?.ids;
  write("never", false);
  expect(() => read("all")).toThrow(
    `The record keys in ${file} say that nothing unsigned counts ("unsigned": "never"), and none of them signs: this engine could decide nothing. Have one sign: downbeat keys sign ${file} k1.`,
  );
  expect(read("log")).toEqual(["k1"]);
  write("untilSigned", false);
  expect(read("all")).toEqual(["k1"]);
  write("never", true);
  expect(read("all")).toEqual(["k1"]);
  expect(recordKeysOfEngine({ DOWNBEAT_ROLE: "all" })).toBeUndefined();
});

test("snapshots by other keys stay until as much is known by these, and say what counted", () => {
  const directory = folder();
  const save = (name: string, epoch: number) => {
    const stores = new SqliteStateStores(join(directory, name), () => {});
    const cursor = { epoch, last: "d1", owner: "o", count: 2 };
    const position = "0:7" as Position;
    const rest = { barrenClaims: 0, at: 1, dispatchedUpTo: 0, undispatched: [] };
    stores
      .partition(0)
      .saving({ position, cursor, ...rest }, [])
      .goOn();
    stores.close();
  };
  const known = () => [...claimsKnownBefore(directory, "e", "e.keys-new.sqlite")];
  const files = () => readdirSync(directory).filter((name) => name.endsWith(".sqlite"));
  expect(known()).toEqual([]);
  save("e.sqlite", 2);
  save("e.keys-old.sqlite", 5);
  save("other.keys-old.sqlite", 9);
  writeFileSync(join(directory, "e.keys-bad.sqlite"), "no database");
  const old = { epoch: 5, position: "0:7", path: join(directory, "e.keys-old.sqlite") };
  expect(known()).toEqual([[0, old]]);
  save("e.keys-new.sqlite", 4);
  expect(known()).toEqual([[0, old]]);
  expect(files()).toContain("e.keys-old.sqlite");
  save("e.keys-new.sqlite", 6);
  known();
  expect(files()).toEqual(["e.keys-new.sqlite", "e.sqlite", "other.keys-old.sqlite"]);
});
