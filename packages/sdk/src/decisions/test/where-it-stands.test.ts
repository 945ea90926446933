import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { whereItStands } from "../threads/where-it-stands.ts";

let started = 0;

/** A thread that counts its rounds and never ends by itself; `more` is done before. */
async function spinning(more = "") {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-spins-"));
  const file = join(folder, "spins.mjs");
  writeFileSync(
    file,
    `import { workerData } from "node:worker_threads";
${more}
for (;;)
  Atomics.add(workerData, 0, 1);
`,
  );
  const rounds = new Int32Array(new SharedArrayBuffer(4));
  const name = `spins ${++started}`;
  const thread = new Worker(file, { workerData: rounds, name });
  onTestFinished(async () => {
    await thread.terminate();
    rmSync(folder, { recursive: true });
  });
  const count = () => Atomics.load(rounds, 0);
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(0);
  return { name, file: pathToFileURL(file).href, count };
}

test("a thread that never ends is seen where it is, and goes on: one that is held could not be ended", async () => {
  const { name, file, count } = await spinning();
  const { place, key } = await whereItStands(name);
  expect(place?.file).toBe(file);
  expect([3, 4]).toContain(place?.line);
  expect(key).toBeUndefined();
  const seen = count();
  await expect.poll(count, { timeout: 60_000 }).not.toBe(seen);
});

test("whose code it is comes from the thread itself", async () => {
  const { name } = await spinning(
    `Object.defineProperty(globalThis, Symbol.for("downbeat.runAtWork"), { value: () => "session/run-7" });`,
  );
  expect(await whereItStands(name)).toMatchObject({
    key: "session/run-7",
    place: { line: expect.any(Number) },
  });
});

test("of two threads the one is seen that was named, and the other goes on meanwhile", async () => {
  const [one, two] = [await spinning(), await spinning()];
  expect((await whereItStands(two.name)).place?.file).toBe(two.file);
  expect((await whereItStands(one.name)).place?.file).toBe(one.file);
});

test("where there is no such thread, nothing is seen of it", async () => {
  expect(await whereItStands("nobody")).toEqual({});
});
