import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { placeText } from "../threads/place-text.ts";

const here = process.cwd();
const outside = join(dirname(here), "elsewhere", "workflows.ts");

test.each([
  ["from here where it is below", pathToFileURL(join(here, "src", "workflows.ts")).href, "src/workflows.ts"],
  ["in full where it is not below", pathToFileURL(outside).href, outside],
  ["in full where it is this very folder", pathToFileURL(here).href, here],
  ["as it is where it is no file", "evalmachine.<anonymous>", "evalmachine.<anonymous>"],
])("a place is named %s", (_, file, text) => {
  expect(placeText({ file, line: 12 })).toBe(`${text}:12`);
});
