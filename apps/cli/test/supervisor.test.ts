import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Supervisor } from "../src/start/supervisor.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-supervisor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what a process waits for before it is ready is said once", async () => {
  const file = join(folder, "waiter.mjs");
  writeFileSync(
    file,
    `for (const why of ["No log.", "No log.", "No namespace."]) process.send({ type: "waiting", why });
     process.send({ type: "unheard of" });
     process.send({ type: "ready" });
     process.on("SIGTERM", () => process.exit(0));
     setInterval(() => {}, 1_000);`,
  );
  const said: string[] = [];
  const supervisor = new Supervisor(
    folder,
    process.env,
    (line) => said.push(line),
    () => {},
  );
  await supervisor.start({ name: "engine", purpose: "engine", file });
  expect(said).toEqual(["The engine waits. No log.", "The engine waits. No namespace."]);
  await supervisor.stop();
});

test("a process whose files are gone is not started again, and its reason is passed on", async () => {
  const file = join(folder, "robbed.mjs");
  writeFileSync(
    file,
    `process.send({ type: "ready" });
     process.send({ type: "notice", sentence: "The disk is full." });
     process.send({ type: "gone", why: "The file was deleted" }, () => process.exit(1));`,
  );
  const said: string[] = [];
  const gone = Promise.withResolvers<string>();
  const supervisor = new Supervisor(folder, process.env, (line) => said.push(line), gone.resolve);
  await supervisor.start({ name: "engine", purpose: "engine", file });
  expect(await gone.promise).toBe("The file was deleted");
  await supervisor.stop();
  expect(said).toEqual(["engine: The disk is full."]);
});
