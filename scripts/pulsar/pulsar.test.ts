import { expect, test } from "vitest";
import { withSettings } from "./configuration.ts";
import { javaMajor } from "./java.ts";
import { portOf } from "./ports.ts";

test("a setting is replaced where it stands, and added where it is missing", () => {
  const given = "# ports\nwebServicePort=8080\nempty=\n#commented=1\n";
  expect(withSettings(given, { webServicePort: "18080", empty: "x", commented: "2" })).toBe(
    "# ports\nwebServicePort=18080\nempty=x\n#commented=1\ncommented=2\n",
  );
});

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_402"', 8],
  ["command not found", undefined],
])("the version in `%s` is %s", (text, major) => {
  expect(javaMajor(text)).toBe(major);
});

test("what is no port is refused by the option's name", () => {
  expect(portOf("port", "8080")).toBe(8080);
  for (const text of ["", "0", "70000", "http"])
    expect(() => portOf("port", text)).toThrow(/^--port can't be /);
});
