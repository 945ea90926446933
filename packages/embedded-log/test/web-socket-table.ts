import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CallStage, calls } from "./web-socket-calls.ts";

const page = join(import.meta.dirname, "../../../docs/web-socket-api.md");
const columns = ["embedded log", "Pulsar"] as const;
const head = `| call | ${columns.join(" | ")} |\n| --- | --- | --- |\n`;
const unknown = "not run yet";

/**
 * Makes each call, and compares what came of it with docs/web-socket-api.md. With UPDATE_TABLE=1 it is written there instead.
 *
 * @param open what the calls are made to, once
 */
export function webSocketCalls(column: (typeof columns)[number], open: () => Promise<CallStage>): void {
  let stage: Promise<CallStage> | undefined;
  for (const [section, members] of Object.entries(calls)) {
    test(`${column}: ${section}`, { timeout: 120_000 }, async () => {
      stage ??= open();
      const outcomes = new Map<string, string>();
      for (const { what, outcome } of members) outcomes.set(what, await outcome(await stage));
      if (process.env.UPDATE_TABLE === "1") write(section, column, outcomes);
      expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(written(section, column)));
    });
  }
}

function written(section: string, column: (typeof columns)[number]): Map<string, string> {
  return new Map(rows(section).map(([what, ...outcomes]) => [what, outcomes[columns.indexOf(column)] ?? ""]));
}

function write(
  section: string,
  column: (typeof columns)[number],
  outcomes: ReadonlyMap<string, string>,
): void {
  const others = new Map(rows(section).map(([what, ...rest]) => [what, rest]));
  const lines = [...outcomes].map(([what, outcome]) => {
    const cells = columns.map((one, i) => (one === column ? outcome : (others.get(what)?.[i] ?? unknown)));
    return `| ${[what, ...cells].join(" | ")} |\n`;
  });
  const text = readFileSync(page, "utf8");
  const { from, to } = placeOf(text, section);
  writeFileSync(page, `${text.slice(0, from)}${head}${lines.join("")}${text.slice(to)}`);
}

function rows(section: string): [string, ...string[]][] {
  const text = readFileSync(page, "utf8");
  const { from, to } = placeOf(text, section);
  return text
    .slice(from, to)
    .split("\n")
    .slice(2)
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | ") as [string, ...string[]]);
}

/** The table under the section's heading. */
function placeOf(text: string, section: string): { readonly from: number; readonly to: number } {
  const heading = `### ${section}\n\n`;
  const at = text.indexOf(heading);
  if (at < 0) throw new Error(`${page} has no section ${section}`);
  const next = text.indexOf("\n### ", at + heading.length - 1);
  return { from: at + heading.length, to: next < 0 ? text.length : next };
}
