import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { docs, type Page, pages, readmes } from "./pages.ts";

const run = promisify(execFile);

/** Folders of the files that pages show whole, as ```ts [file.ts]. */
const foldersOfPages: Readonly<Record<string, string>> = {
  "../README.md": "examples/readme",
  "../packages/sdk/README.md": "examples/readme",
  "deploying.md": "examples/deploying",
  "testing.md": "examples/testing",
  "versioning.md": "examples/versioning",
  "logging.md": "examples/logging",
  "writing-workflows.md": "examples/writing",
  "http-jobs.md": "examples/http",
  "encryption.md": "examples/encryption",
};

interface Shown {
  readonly path: string;
  readonly language: string;
  /** Whatever stands behind the language. */
  readonly name: string;
  readonly code: string;
}

function blocksOf({ path, text }: Page): readonly Shown[] {
  return Array.from(
    text.matchAll(/^[ >]*```(\w+)(.*)\n([\s\S]*?)^[ >]*```\s*$/gm),
    ([, language = "", name = "", code = ""]) => ({ path, language, name: name.trim(), code }),
  );
}

/** What people would compile or run. A piece that is none is `text`, or said in words. */
const programs = ["ts", "tsx", "typescript", "js", "jsx", "mjs", "cjs", "javascript"];

async function shownPrograms(): Promise<readonly Shown[]> {
  const blocks = [...(await pages()), ...(await readmes())].flatMap(blocksOf);
  return blocks.filter(({ language }) => programs.includes(language));
}

test("every program that a page or a README shows is a file, as it is", async () => {
  const shown = await shownPrograms();
  expect(shown.length).toBeGreaterThan(15);
  for (const { path, name, code } of shown) {
    const file = /^\[(\S+)\]$/.exec(name)?.[1];
    if (file === undefined)
      throw new Error(`${path} shows a program that is no file: name it, as \`\`\`ts [file.ts].\n${code}`);
    const folder = foldersOfPages[path];
    if (folder === undefined) throw new Error(`${path} shows ${file}, and no folder is named for its files.`);
    expect(code, `${file} in ${path}`).toBe(await readFile(join(docs, folder, file), "utf8"));
  }
});

test("every program that is shown is run by a test", async () => {
  const byName = ["test/samples.test.ts", "../packages/sdk/test/docs.test.ts"];
  const names = await readdir(join(docs, "examples"), { recursive: true });
  const examples = names.filter((name) => name.endsWith(".ts"));
  const files = [...byName, ...examples.map((name) => `examples/${name}`)];
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(docs, file), "utf8")] as const),
  );
  /** A test; what one names, or imports; and what that imports. */
  const isRun = (file: string): boolean =>
    file.endsWith(".test.ts") ||
    texts.some(([other, text]) => {
      if (other === file) return false;
      if (byName.includes(other)) return text.includes(file.replace("examples/", "")) || text.includes(file);
      const isBeside = dirname(other) === dirname(file);
      return isBeside && text.includes(`"./${basename(file)}"`) && isRun(other);
    });
  expect(examples.map((name) => `examples/${name}`).filter((file) => !isRun(file))).toEqual([]);
});

describe("what is no Vitest test of itself", () => {
  test("the node:test example passes", async () => {
    const { stdout } = await run(process.execPath, ["--test", join(docs, "examples/testing/node-test.ts")]);
    expect(stdout).toMatch(/pass 2/);
    expect(stdout).toMatch(/fail 0/);
  });

  test("the replay example says where a history and the code part", async () => {
    const { stdout } = await run(process.execPath, [join(docs, "examples/testing/replay.ts")]);
    expect(stdout).toContain(
      "The code fits the run that is under way.\nThe code does not fit the history of order-A-17",
    );
  });
});
