import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const file = join(import.meta.dirname, "../../docs/pulsar-versions.json");
const content = z.record(z.string().regex(/^\d+\.\d+\.\d+$/), z.array(z.string()));

const byNumber = (one: string, other: string) => one.localeCompare(other, "en", { numeric: true });

/** Versions of Pulsar, the oldest first, and which suites of `npm run test:pulsar` passed on each. Kept by the runs themselves. */
export function versionsPassed(): ReadonlyMap<string, readonly string[]> {
  const known = Object.entries(content.parse(JSON.parse(readFileSync(file, "utf8"))));
  return new Map(known.toSorted(([one], [other]) => byNumber(one, other)));
}

/** These passed on this version just now, without one test that failed. */
export function noteVersion(version: string, suites: readonly string[]): void {
  if (suites.length === 0) return;
  const known = new Map(versionsPassed());
  known.set(version, [...new Set([...(known.get(version) ?? []), ...suites])].toSorted());
  const entries = [...known].toSorted(([one], [other]) => byNumber(one, other));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
