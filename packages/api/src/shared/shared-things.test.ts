import type { SavedQueryMessage } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { queryKind } from "../saved-queries/saved-queries.ts";
import { SharedFold } from "./shared-things.ts";

const message = fc
  .record({
    id: fc.constantFrom("a", "b"),
    name: fc.constantFrom("One", "one", "Two"),
    isSaved: fc.boolean(),
    replaces: fc.option(fc.nat(4), { nil: undefined }),
  })
  .map(({ id, name, isSaved, replaces }): SavedQueryMessage => {
    const common = { id, by: "ada", at: 1, ...(replaces !== undefined && { replaces }) };
    return isSaved
      ? { type: "saved", ...common, name, source: "readModel", sql: "SELECT 1" }
      : { type: "deleted", ...common };
  });

test("a message counts only for the version that its sender has seen, and every change makes another version", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const fold = new SharedFold(queryKind);
      const versions = new Map<string, number>();
      for (const [index, one] of messages.entries()) {
        const changeId = String(index);
        const before = versions.get(one.id) ?? 0;
        const revision = fold.revision;
        fold.take({ ...one, changeId });
        const counts = fold.isBy(one.id, changeId);
        if (one.replaces !== undefined && one.replaces !== before) expect(counts).toBe(false);
        if (one.replaces === undefined) expect(counts).toBe(true);
        expect(fold.revision).toBe(counts ? revision + 1 : revision);
        if (counts) versions.set(one.id, before + 1);
        const state = fold.stateOf(one.id);
        if (state !== undefined && "saved" in state) expect(state.saved.version).toBe(versions.get(one.id));
      }
    }),
  );
});

test("messages of before count as they did: the last of an id", () => {
  const fold = new SharedFold(queryKind);
  const old = {
    type: "saved",
    id: "a",
    by: "ada",
    at: 1,
    name: "One",
    source: "readModel",
    sql: "SELECT 1",
  } as const;
  fold.take(old);
  fold.take({ ...old, sql: "SELECT 2" });
  expect(fold.there).toMatchObject([{ sql: "SELECT 2", version: 2 }]);
  fold.take({ type: "deleted", id: "a", by: "ada", at: 2 });
  expect(fold.there).toEqual([]);
});
