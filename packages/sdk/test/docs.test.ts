import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

/** The page's TypeScript samples, in order, as `sample-1.ts`, `sample-2.ts`… They may import each other. */
async function samplesOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), "utf8");
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), (match) => match[1] ?? "");
}

test.each(["docs/writing-workflows.md", "docs/http-jobs.md"])("the samples of %s compile", async (page) => {
  const samples = await samplesOf(page);
  expect(samples.length).toBeGreaterThan(0);
  const directory = await mkdtemp(join(tmpdir(), "downbeat-docs-"));
  try {
    await Promise.all(
      samples.map((sample, index) => writeFile(join(directory, `sample-${index + 1}.ts`), sample)),
    );
    await symlink(join(root, "node_modules"), join(directory, "node_modules"));
    const config = { extends: join(root, "tsconfig.json"), include: ["*.ts"] };
    await writeFile(join(directory, "package.json"), '{ "type": "module" }');
    await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/.bin/tsc");
    const failure = await promisify(execFile)(tsc, ["--noEmit", "-p", directory]).catch(
      (error: unknown) => error,
    );
    expect((failure as { stdout: string }).stdout).toBe("");
  } finally {
    await rm(directory, { recursive: true });
  }
});
