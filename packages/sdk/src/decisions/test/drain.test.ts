import { readFile } from "node:fs";
import { expect, test } from "vitest";
import { Drain } from "../drain.ts";

function chain(length: number, then: () => void): void {
  let promise = Promise.resolve();
  for (let i = 0; i < length; i++) promise = promise.then(() => {});
  promise.then(then);
}

test("comes after all microtasks and those they queue, and before any I/O or timer", async () => {
  const order: string[] = [];
  const read = new Promise<void>((resolve) =>
    readFile(import.meta.filename, () => resolve(void order.push("file"))),
  );
  const timer = new Promise<void>((resolve) => setTimeout(() => resolve(void order.push("timer")), 0));
  setImmediate(() => order.push("immediate"));
  new Drain().whenDrained(() => order.push("drained"));
  chain(1_000, () => order.push("microtasks"));
  await Promise.all([read, timer]);
  expect(order.slice(0, 2)).toEqual(["microtasks", "drained"]);
});

test("holds for whoever registers from a tick, a microtask, I/O or another drain", async () => {
  const drain = new Drain();
  const failures: string[] = [];
  let open = 0;
  const register = (from: string, depth = 0): void => {
    open++;
    let done = false;
    chain(50, () => {
      done = true;
    });
    drain.whenDrained(() => {
      open--;
      if (!done) failures.push(from);
      if (depth < 20) register(`${from}, then a drain`, depth + 1);
    });
  };
  register("here");
  // The tick that fires the drain is queued behind these.
  queueMicrotask(() => {
    process.nextTick(() => register("a tick before"));
    process.nextTick(() => register("another tick before"));
    register("a microtask");
    chain(10, () => register("a late microtask"));
  });
  process.nextTick(() => register("a tick"));
  setImmediate(() => register("an immediate"));
  await new Promise((resolve) => readFile(import.meta.filename, () => resolve(register("I/O"))));
  while (open > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(failures).toEqual([]);
});
