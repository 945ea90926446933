import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { docs, pages } from "./pages.ts";

const run = promisify(execFile);

/** Folders of the files that pages show whole, as ```ts [file.ts]. */
const foldersOfPages: Readonly<Record<string, string>> = {
  "testing.md": "examples/testing",
  "versioning.md": "examples/versioning",
  "logging.md": "examples/logging",
  "writing-workflows.md": "examples/writing",
  "http-jobs.md": "examples/http",
};

test("a page shows its files as they are", async () => {
  const shown = (await pages()).flatMap(({ path, text }) =>
    Array.from(text.matchAll(/^```\w+ \[(\S+)\]\n(.*?)^```$/gms), ([, file = "", code]) => ({
      path,
      file,
      code,
    })),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const { path, file, code } of shown) {
    const folder = foldersOfPages[path];
    if (folder === undefined) throw new Error(`${path} shows ${file}, and no folder is named for its files.`);
    expect(code, `${file} in ${path}`).toBe(await readFile(join(docs, folder, file), "utf8"));
  }
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
