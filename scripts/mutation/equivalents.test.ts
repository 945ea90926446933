import { join } from "node:path";
import { expect, test } from "vitest";
import { isListed, staleOf } from "./equivalents.ts";
import { readSources, sample } from "./mutants.ts";

const root = join(import.meta.dirname, "..", "..");
const mutants = readSources(root, "domain").flatMap((source) => source.mutants);

test("a listed mutant is known by its file, line and change; an entry whose mutant is no more is stale", () => {
  const [mutant, other] = sample(mutants, 2, 1);
  if (mutant === undefined || other === undefined) throw new Error("The domain has mutants.");
  const { file, snippet, before, after } = mutant;
  const entry = { file, snippet, before, after, reason: "equivalent: an example" };
  expect(isListed(mutant, [entry])).toBe(true);
  expect(isListed(other, [entry])).toBe(false);
  expect(staleOf([entry], mutants)).toEqual([]);
  const changed = { ...entry, snippet: `${snippet} // changed` };
  expect(staleOf([entry, changed], mutants)).toEqual([changed]);
});

test("the same seed chooses the same mutants, another one others", () => {
  const ids = (seed: number) => sample(mutants, 20, seed).map(({ id }) => id);
  expect(ids(1)).toEqual(ids(1));
  expect(ids(1)).not.toEqual(ids(2));
});
