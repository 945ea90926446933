import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Engine } from "@downbeat/engine";
import { describe, expect, onTestFinished, test } from "vitest";
import { engineWithout, writeCopy } from "../src/rules/engine-without.ts";
import { ruleNamed, ruleNames } from "../src/rules/rule-names.ts";

const cache = fileURLToPath(new URL("../.cache/", import.meta.url));
const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc");

test("every copy without a rule is a sound program: what goes red in it is the missing rule", {
  timeout: 120_000,
}, async () => {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "types-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ruleNames) {
    mkdirSync(join(folder, name));
    writeCopy(join(folder, name), [name]);
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../../tsconfig.json", include: ["."] }),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(stdout).toBe("");
});

test("with no rule taken out it is the engine itself", async () => {
  expect(await engineWithout()).toBe(Engine);
});

test("a rule that there isn't is an error that lists those that there are", () => {
  expect(() => ruleNamed("gravity")).toThrow(/There is no rule gravity: acceptRule, /);
});

test("two changes of one place can't both be made, and that is said instead of passed over", () => {
  const folder = mkdtempSync(join(cache, "twice-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(() => writeCopy(folder, ["ticks", "ticks"])).toThrow(
    "The rule ticks can't be taken out: engine.ts has 0 places, not 1",
  );
});

describe("the page of the core's rules", () => {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const list = page.slice(page.indexOf("## The rules of the core"));

  const placeOf = (path = "") => (path.startsWith("packages/") ? path : join("packages/engine", path));

  test("names each rule that can be taken out, and each once", () => {
    const named = [...list.matchAll(/\(`([A-Za-z]+)`\)/g)].map(([, name]) => name);
    expect(named.filter((name) => name !== "holdBack").toSorted()).toEqual(ruleNames.toSorted());
  });

  test("numbers them without a gap", () => {
    const numbers = [...list.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test("names code that cites the rule by its number", () => {
    const uncited = list
      .split(/^(?=\d+\. )/m)
      .slice(1)
      .flatMap((text) => {
        const number = Number.parseInt(text, 10);
        const [, code = ""] = /^ +- Code: (.*)$/m.exec(text) ?? [];
        const [before = ""] = code.split(/\bTests? (?:also|of)?|\bTests?:/);
        const paths = [...before.matchAll(/`((?:packages|src)\/[^`]+\.ts)`/g)].map(([, path]) =>
          placeOf(path),
        );
        const cites = (path: string) =>
          new RegExp(`\\b[Rr]ule ${number}\\b`).test(readFileSync(join(root, path), "utf8"));
        if (paths.length === 0) return [`${number} names no code`];
        return paths
          .filter((path) => path.includes("/src/") && !cites(path))
          .map((path) => `rule ${number}: ${path}`);
      });
    expect(uncited).toEqual([]);
  });

  test("names files that are there", () => {
    const paths = [...list.matchAll(/`((?:packages|src|test)\/[^`]+\.ts)`/g)].map(([, path]) => path ?? "");
    expect(paths.length).toBeGreaterThan(20);
    const places = paths.map(placeOf);
    expect(places.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
