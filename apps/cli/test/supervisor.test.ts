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
  const supervisor = new Supervisor(folder, process.env, (line) => said.push(line));
  await supervisor.start({ name: "engine", file });
  expect(said).toEqual(["The engine waits. No log.", "The engine waits. No namespace."]);
  await supervisor.stop();
});
