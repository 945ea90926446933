import { type AuditEntry, auditEntryOf } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type AuditFilter, AuditStore } from "./audit-store.ts";

function store(entries: readonly AuditEntry[] = [], mostKept?: number): AuditStore {
  const made = new AuditStore(":memory:", mostKept);
  onTestFinished(() => made.close());
  for (const entry of entries) made.take({ is: "entry", entry });
  return made;
}

let count = 0;
function entry(over: Partial<AuditEntry> = {}): AuditEntry {
  return auditEntryOf({
    id: `e${count++}`,
    at: 1_000,
    who: { id: "local|ada", name: "Ada Lovelace" },
    verb: "runs.cancel",
    on: [{ what: "run", id: "trip-1" }],
    outcome: { is: "done" },
    ...over,
  });
}

test("each filter finds what it is about, and nothing else", () => {
  const plain = entry({ at: 1 });
  const odd = entry({
    at: 2_000,
    who: { id: "https://idp|7", name: "Grace 霍普" },
    verb: "analytics.run",
    on: [],
    sql: "SELECT Ünicode FROM runs",
    outcome: { is: "refused", why: "There is no such table." },
  });
  const all = store([plain, odd]);
  const found = (filter: AuditFilter) => all.page(filter, 10).entries;
  expect(found({})).toEqual([odd, plain]);
  expect(found({ who: "local|ada" })).toEqual([plain]);
  expect(found({ who: "霍普" })).toEqual([odd]);
  expect(found({ verb: ["analytics.run"] })).toEqual([odd]);
  expect(found({ on: "trip-1" })).toEqual([plain]);
  expect(found({ on: "trip" })).toEqual([]);
  expect(found({ outcome: ["refused", "failed"] })).toEqual([odd]);
  expect(found({ from: 2, to: 2_001 })).toEqual([odd]);
  expect(found({ to: 2_000 })).toEqual([plain]);
  expect(found({ text: "üNICODE" })).toEqual([odd]);
  expect(found({ text: "no such TABLE" })).toEqual([odd]);
  expect(found({ text: "cancel a run" })).toEqual([plain]);
  expect(found({ text: "100%_" })).toEqual([]);
});

test("what came of it takes the place of what was asked for", () => {
  const asked = entry({ outcome: { is: "undecided" } });
  const later = entry();
  const all = store([asked, later, { ...asked, outcome: { is: "done" } }]);
  expect(all.page({}, 10).entries).toEqual([later, { ...asked, outcome: { is: "done" } }]);
  expect(all.page({ outcome: ["undecided"] }, 10).entries).toEqual([]);
});

test("pages together are the whole, each entry once, whatever comes meanwhile", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (fits, limit) => {
      const entries = fits.map((isIt) => entry({ verb: isIt ? "runs.start" : "runs.cancel" }));
      const all = store(entries);
      const paged: AuditEntry[] = [];
      let before: number | undefined;
      do {
        const page = all.page({ verb: ["runs.start"] }, limit, before);
        paged.push(...page.entries);
        before = page.next;
        all.take({ is: "entry", entry: entry({ verb: "runs.start" }) });
      } while (before !== undefined);
      expect(paged).toEqual(entries.filter((_, index) => fits[index]).reverse());
    }),
    { numRuns: 30 },
  );
});

test("older ones than it keeps are left to the log, and it says so", () => {
  const all = store(
    Array.from({ length: 2_000 }, (_, at) => entry({ at })),
    1_500,
  );
  expect(all.isTrimmed).toBe(true);
  expect(all.page({ to: 500 }, 10)).toEqual({ entries: [] });
  expect(all.page({ to: 501 }, 10).entries).toHaveLength(1);
});

test("what it can't show is counted", () => {
  const all = store();
  all.take({ is: "newer" });
  all.take({ is: "unreadable" });
  expect([all.newer, all.unreadable, all.revision]).toEqual([1, 1, 2]);
  expect(all.page({}, 10)).toEqual({ entries: [] });
});
