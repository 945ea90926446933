import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { CommandFailure } from "../failure.ts";
import { startCommand } from "./command.ts";
import { isExample, type StartOptions, start } from "./start.ts";

vi.mock(import("./start.ts"), async (original) => ({ ...(await original()), start: vi.fn(async () => {}) }));
const started = vi.mocked(start);

beforeEach(() => {
  started.mockClear();
  vi.stubEnv("DOWNBEAT_WORKFLOWS", undefined);
  vi.stubEnv("DOWNBEAT_JOBS", undefined);
});

/** What is started by these arguments. */
async function meant(...args: readonly string[]): Promise<StartOptions> {
  await startCommand().parseAsync([...args], { from: "user" });
  const [options] = started.mock.lastCall ?? [];
  if (options === undefined) throw new Error("Nothing was started.");
  return options;
}

function moduleOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-start-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, "export const workflows = [];");
  return file;
}

test("start runs the example, unless somebody says not to", async () => {
  expect(isExample(await meant())).toBe(true);
  const without = await meant("--no-example");
  expect(isExample(without)).toBe(false);
  expect(without.code).toBeUndefined();
});

test("modules of one's own are run instead of the example, by option or by variable", async () => {
  const workflows = moduleOf("workflows.ts");
  const named = await meant("--workflows", workflows);
  expect([named.code, isExample(named)]).toEqual([{ workflows }, false]);
  vi.stubEnv("DOWNBEAT_WORKFLOWS", workflows);
  expect((await meant()).code).toEqual({ workflows });
});

test("a module that is not there is refused before anything is started", async () => {
  await expect(meant("--workflows", "/nowhere/workflows.ts")).rejects.toThrow(CommandFailure);
  expect(started).not.toHaveBeenCalled();
});
