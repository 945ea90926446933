import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { originalPlace } from "../threads/original-place.ts";

// The first line of what was compiled is the seventh of what was written.
const map = JSON.stringify({ version: 3, sources: ["../src/own.ts"], names: [], mappings: "AAMA" });
const inline = `data:application/json;base64,${Buffer.from(map).toString("base64")}`;

function written(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-maps-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "own.js.map"), map);
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
}

test.each([["own.js.map"], [inline], [`data:application/json,${encodeURIComponent(map)}`]])(
  "a place in what was compiled is told by its source map: %s",
  (url) => {
    const file = written("own.js", `for (;;);\n//# sourceMappingURL=${url}\n`);
    const original = new URL("../src/own.ts", file).href;
    expect(originalPlace({ file, line: 1 })).toEqual({ file: original, line: 7 });
    expect(originalPlace({ file, line: 1 }, 4)).toEqual({ file: original, line: 7 });
  },
);

test("where there is no source map, or none that can be read, the place stays what it is", () => {
  for (const text of [
    "for (;;);",
    "for (;;);\n//# sourceMappingURL=nowhere.map\n",
    "for (;;);\n//# sourceMappingURL=data:,x\n",
  ]) {
    const place = { file: written("own.js", text), line: 1 };
    expect(originalPlace(place)).toEqual(place);
  }
  expect(originalPlace({ file: "file:///nowhere/own.js", line: 3 })).toEqual({
    file: "file:///nowhere/own.js",
    line: 3,
  });
});
