import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeList, type ListFormat } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { FollowedList } from "./followed-list.ts";

const names: ListFormat<string> = {
  what: "names",
  parse: (text) => {
    if (text.includes("!")) throw new Error("it has a !");
    return text.split("\n").filter((name) => name !== "");
  },
  format: (all) => all.join("\n"),
};

function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-followed-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "names");
  const world = { now: 0, isFull: false };
  const troubles: string[] = [];
  changeList(path, names, () => ["ada", "grace"]);
  const parse = (text: string) => {
    if (world.isFull) throw new Error("no file can be opened");
    return names.parse(text);
  };
  const list = new FollowedList(
    { path, now: () => world.now, onTrouble: ({ message }) => troubles.push(message) },
    { ...names, parse },
    (name) => name,
  );
  const find = (name: string) => {
    world.now += 1_000;
    return list.find(name);
  };
  return { world, path, troubles, find };
}

test("what could not be read once is read at the next look, and the trouble is said once", () => {
  const { world, path, troubles, find } = stage();
  changeList(path, names, () => ["grace"]);
  world.isFull = true;
  expect([find("ada"), find("ada"), find("ada")]).toEqual(["ada", "ada", "ada"]);
  expect(troubles).toHaveLength(1);
  world.isFull = false;
  expect([find("ada"), find("grace")]).toEqual([undefined, "grace"]);
  expect(troubles).toHaveLength(1);
});

test("each version that can't be used is told of, and what stood there before still counts", () => {
  const { path, troubles, find } = stage();
  for (const text of ["!", "!!"]) {
    writeFileSync(path, text);
    expect([find("ada"), find("ada")]).toEqual(["ada", "ada"]);
  }
  expect(troubles).toHaveLength(2);
});

test.runIf(process.getuid?.() === 0)("a file that root changes stays its owner's", () => {
  const { path } = stage();
  chownSync(path, 1234, 1235);
  changeList(path, names, () => ["ada"]);
  expect(statSync(path)).toMatchObject({ uid: 1234, gid: 1235 });
});
