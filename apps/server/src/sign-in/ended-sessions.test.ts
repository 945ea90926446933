import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { EndedSessions } from "./ended-sessions.ts";

const hour = 60 * 60_000;

function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-ended-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const folder = join(directory, "ended");
  const world = { now: 1_000_000 };
  return { folder, world, open: () => new EndedSessions(folder, () => world.now) };
}

test("servers that share a directory know of each other's sign-outs soon, and undo none", () => {
  const { world, open } = stage();
  const [one, other] = [open(), open()];
  expect([one.has("b"), other.has("a")]).toEqual([false, false]);
  one.add("a", world.now + hour);
  other.add("b", world.now + hour);
  world.now += 500;
  for (const each of [one, other, open()])
    expect([each.has("a"), each.has("b"), each.has("c")]).toEqual([true, true, false]);
});

test("ids are told apart whatever they are, and none leads out of the folder", () => {
  const { folder, world, open } = stage();
  for (const id of ["../x", "a/b", ".", "..", "名"]) open().add(id, world.now + hour);
  expect(readdirSync(join(folder, ".."))).toEqual(["ended"]);
  expect(open().has("../x")).toBe(true);
  expect(open().has("x")).toBe(false);
});

test("what has ended by itself since is not kept", () => {
  const { folder, world, open } = stage();
  const server = open();
  server.add("a", world.now + hour);
  world.now += 2 * hour;
  server.add("b", world.now + hour);
  expect(readdirSync(folder)).toHaveLength(1);
  world.now += 2 * hour;
  open();
  expect(readdirSync(folder)).toEqual([]);
});

test("a file that was torn says the same, and keeps no server from starting", () => {
  const { folder, world, open } = stage();
  open().add("a", world.now + hour);
  const [file = ""] = readdirSync(folder);
  writeFileSync(join(folder, file), "");
  world.now += 2 * hour;
  expect(open().has("a")).toBe(true);
});

test("who can't be looked up is not let in", () => {
  const { folder, open } = stage();
  const server = open();
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
  expect(server.has("a")).toBe(true);
});
