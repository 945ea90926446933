import { randomBytes } from "node:crypto";
import { mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyCursor } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import { expect, onTestFinished, test } from "vitest";
import { SqliteStateStores } from "../src/index.ts";

const head = {
  position: "1:1" as Position,
  cursor: emptyCursor,
  barrenClaims: 0,
  at: 1,
  dispatchedUpTo: 0,
  undispatched: [],
};

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "engine.sqlite");
}

function damage(path: string, from: number, length: number): void {
  writeSync(openSync(path, "r+"), randomBytes(length), 0, length, from);
}

test("what was saved is there when the file is opened again", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).save(head, []);
  first.close();
  const second = new SqliteStateStores(path, () => {});
  expect(second.partition(0).head()).toEqual(head);
  expect(second.rebuilt).toBeUndefined();
  second.close();
});

test("a file whose beginning is damaged is begun anew, and it says so", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).save(head, []);
  first.close();
  damage(path, 0, 4_096);
  const second = new SqliteStateStores(path, () => {});
  onTestFinished(() => second.close());
  expect(second.rebuilt).toContain("not a database");
  expect(second.partition(0).head()).toBeUndefined();
});

test("a file that is found damaged later is deleted, and its owner told to begin again", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).save(head, []);
  first.close();
  const told: Error[] = [];
  const second = new SqliteStateStores(path, (error) => told.push(error));
  onTestFinished(() => second.close());
  // Everything after the first page: the tables themselves.
  damage(path, 4_096, 4_096 * 8);
  expect(() => second.partition(0).reset()).toThrow();
  expect(told).toHaveLength(1);
  // What the process was at is no part of it.
  expect(readdirSync(join(path, ".."))).toEqual(["engine.sqlite-work"]);
});
