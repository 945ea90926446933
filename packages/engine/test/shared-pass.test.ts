import { expect, test } from "vitest";
import { SharedPass } from "../src/shared-pass.ts";

function opened() {
  const ends: (() => void)[] = [];
  const pass = new SharedPass(() => new Promise((resolve) => void ends.push(resolve)));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const end = async () => {
    ends.at(-1)?.();
    await turn();
  };
  return { pass, begun: () => ends.length, end };
}

test("whoever comes while a pass is under way waits for the next one, all of them for the same", async () => {
  const { pass, begun, end } = opened();
  const over: string[] = [];
  const note = (name: string) => pass.done().then(() => over.push(name));
  void note("first");
  for (const name of ["second", "third", "fourth"]) void note(name);
  expect(begun()).toBe(1);
  await end();
  expect([over, begun()]).toEqual([["first"], 2]);
  void note("fifth");
  await end();
  expect([over, begun()]).toEqual([["first", "second", "third", "fourth"], 3]);
  await end();
  expect(over.at(-1)).toBe("fifth");
});

test("after a pass that nobody waits for any more, the next one begins at once", async () => {
  const { pass, begun, end } = opened();
  void pass.done();
  await end();
  expect(begun()).toBe(1);
  void pass.done();
  expect(begun()).toBe(2);
});
