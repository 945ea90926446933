import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { manifestOf } from "./manifest.ts";
import { published } from "./published.ts";
import { copyChangelog } from "./tarball.ts";

const root = join(import.meta.dirname, "..", "..");

test.each(published)("$name is for everybody, and names no address that nobody gave it", (one) => {
  const manifest = manifestOf(root, one, { index: "src/index.ts" }, []);
  expect(manifest).toMatchObject({ name: one.name, publishConfig: { access: "public" } });
  for (const field of ["private", "repository", "homepage", "bugs"])
    expect(manifest).not.toHaveProperty(field);
});

test("the types of Node come with what has types", () => {
  const withTypes = published.filter((one) =>
    Object.hasOwn(Object(Reflect.get(manifestOf(root, one, {}, []), "dependencies")), "@types/node"),
  );
  expect(withTypes.map(({ name }) => name)).toEqual(["@downbeat/sdk"]);
});

test("the changelog goes along, once there is one", () => {
  const [from, to] = ["from-", "to-"].map((name) => mkdtempSync(join(tmpdir(), name))) as [string, string];
  onTestFinished(() => {
    for (const folder of [from, to]) rmSync(folder, { recursive: true });
  });
  copyChangelog(from, to);
  expect(existsSync(join(to, "CHANGELOG.md"))).toBe(false);
  writeFileSync(join(from, "CHANGELOG.md"), "# 0.2.0\n");
  copyChangelog(from, to);
  expect(readFileSync(join(to, "CHANGELOG.md"), "utf8")).toBe("# 0.2.0\n");
});
