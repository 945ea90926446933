import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { distributionOf, newestKnown } from "./distribution.ts";
import { versionsPassed } from "./versions.ts";

test("the page lists the versions of Pulsar and the suites that passed on them, and no others", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/pulsar-features.md"), "utf8");
  const rows = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \| (.*) \|$/gm)];
  const listed = rows.map(([, version = "", suites = ""]) => [version, suites.split(", ")]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(versionsPassed()));
});

test("the version that is started is among them", () => {
  expect(versionsPassed().has(newestKnown)).toBe(true);
});

test("another version is fetched when it is one, and anything else is refused", () => {
  expect(distributionOf("4.2.1").coordinates).toBe(
    "org.apache.pulsar:pulsar-server-distribution:4.2.1:tar.gz:bin",
  );
  expect(() => distributionOf("latest")).toThrow('There is no Pulsar "latest": give a version such as 4.0.6');
});
