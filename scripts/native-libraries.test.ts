import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const lockfile = z.object({ packages: z.record(z.string(), z.unknown()) });
const text = readFileSync(join(import.meta.dirname, "..", "package-lock.json"), "utf8");
const places = Object.keys(lockfile.parse(JSON.parse(text)).packages);

test("no image library is installed: after an update of Next, take sharp and @img out of package-lock.json again", () => {
  expect(places.length).toBeGreaterThan(100);
  expect(places.filter((place) => /(^|\/)node_modules\/(sharp|@img)(\/|$)/.test(place))).toEqual([]);
});
