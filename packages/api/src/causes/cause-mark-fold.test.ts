import type { CauseMarkMessage } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CauseMarkFold } from "./cause-mark-fold.ts";

const message = fc
  .record({
    fingerprint: fc.constantFrom("a", "b"),
    replaces: fc.nat(4),
    note: fc.option(fc.constantFrom("one", "two"), { nil: undefined }),
    resolvedAt: fc.option(fc.nat(9), { nil: undefined }),
  })
  .map(({ fingerprint, replaces, note, resolvedAt }) => ({
    type: "marked" as const,
    fingerprint,
    replaces,
    by: "ada",
    at: 1,
    about: { title: "bookHotel", message: "no answer" },
    ...(note !== undefined && { note }),
    ...(resolvedAt !== undefined && { resolvedAt }),
  }));

test("a message counts only for the version that its sender has seen, and is the whole of what is said from then on", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const fold = new CauseMarkFold();
      const expected = new Map<string, { version: number; said: Omit<CauseMarkMessage, "changeId"> }>();
      for (const [index, one] of messages.entries()) {
        const changeId = String(index);
        const before = expected.get(one.fingerprint)?.version ?? 0;
        const { revision, marks } = fold;
        fold.take({ ...one, changeId });
        const counts = fold.isBy(one.fingerprint, changeId);
        expect(counts).toBe(one.replaces === before);
        expect(fold.revision).toBe(counts ? revision + 1 : revision);
        // Whoever has looked at them may tell by the list itself that nothing has changed.
        if (!counts) expect(fold.marks).toBe(marks);
        if (counts) expected.set(one.fingerprint, { version: before + 1, said: one });
      }
      for (const [fingerprint, { version, said }] of expected) {
        const mark = fold.stateOf(fingerprint);
        expect(mark).toMatchObject({ fingerprint, version, by: said.by, about: said.about });
        expect([mark?.note, mark?.resolvedAt]).toEqual([said.note, said.resolvedAt]);
        const says = said.note !== undefined || said.resolvedAt !== undefined;
        expect(fold.marks.includes(mark as never)).toBe(says);
      }
    }),
  );
});
