import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => void vi.unstubAllGlobals());

const root = new URL("../", import.meta.url);
const entries: string[] = Object.values(
  JSON.parse(readFileSync(new URL("package.json", root), "utf8")).exports,
);

test("a Node.js that is too old is refused in one line, by whatever is imported first", async () => {
  vi.resetModules();
  vi.stubGlobal("process", {
    ...process,
    version: "v20.20.2",
    versions: { ...process.versions, node: "20.20.2" },
  });
  await expect(import("../src/require-node.ts")).rejects.toThrow(
    /^Downbeat needs Node\.js 22 \(from 22\.18\) or 24; this is v20\.20\.2\.$/,
  );
  for (const entry of entries.filter((file) => !file.includes("decisions")))
    expect(readFileSync(new URL(entry, root), "utf8")).toMatch(/^import "\.\.?\/require-node\.ts";/);
});
