import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadWorkflows } from "./load-workflows.ts";

async function written(code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "downbeat-load-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "workflows.mjs");
  await writeFile(file, code);
  return file;
}

test.each([
  ["a loop without end", "for (;;);"],
  ["a promise that never settles", "await new Promise(() => setInterval(() => {}, 1_000));"],
])("%s at a module's top level is an error that names the file, soon", async (_, code) => {
  const file = await written(`export const workflows = [];\n${code}`);
  await expect(loadWorkflows(file, 1_500)).rejects.toThrow(
    `--workflows: ${file} did not finish loading within 1.5 s: something at its top level, or in a file that it imports, never ends.`,
  );
});

test.each([
  ["ends its process", "process.exit(0);"],
  ["waits for what never comes", "await new Promise(() => {});"],
])("a module that %s does not end the check as if all were well", async (_, code) => {
  const file = await written(code);
  await expect(loadWorkflows(file)).rejects.toThrow(`--workflows: ${file} stopped while it was loading: it`);
});

test("what a module throws is said as it is", async () => {
  const file = await written('throw new Error("no licence");');
  await expect(loadWorkflows(file)).rejects.toThrow(`${file} could not be imported. Error: no licence`);
});
