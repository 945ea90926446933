import type { TimelineRow } from "@downbeat/api/views";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedRun } from "../test/run-rows.ts";
import { placeRows } from "../timeline/order.ts";
import {
  type Entry,
  fewestOfGroup,
  groupOfRow,
  groupRows,
  nothingSeen,
  seenRows,
  sumOfGroup,
} from "./groups.ts";

const noop = (index: number, fields: Partial<TimelineRow> = {}): TimelineRow =>
  ({
    kind: "job",
    rowId: `j${index}`,
    jobId: `j${index}`,
    jobType: "noop",
    status: "completed",
    attempts: [],
    input: "{}",
    maxAttempts: 5,
    from: index,
    to: index + 10,
    firstSeq: index * 3,
    lastSeq: index * 3 + 2,
    ...fields,
  }) as TimelineRow;
const named = (entries: readonly Entry[]) =>
  entries.map((entry) => (entry.kind === "group" ? `${entry.jobType} × ${entry.rows.length}` : entry.key));
const closed = () => false;

describe("equal rows are grouped", () => {
  test("1,500 of one job type are one line, which stands where the first of them stood", () => {
    const rows = [
      noop(0, { jobType: "before" } as Partial<TimelineRow>),
      ...Array.from({ length: 1_500 }, (_, index) => noop(index + 1)),
      noop(1_501, { jobType: "after" } as Partial<TimelineRow>),
    ];
    expect(named(groupRows(placeRows(rows), closed))).toEqual(["j0", "noop × 1500", "j1501"]);
  });

  test("what needs a person or went wrong stands beside its group, never in it", () => {
    const odd = (index: number) =>
      index === 7
        ? "stuck"
        : index === 8
          ? "failed"
          : index === 9
            ? "rejected"
            : index === 10
              ? "backingOff"
              : "completed";
    const rows = Array.from({ length: 30 }, (_, index) =>
      noop(index, { status: odd(index) } as Partial<TimelineRow>),
    );
    expect(named(groupRows(placeRows(rows), closed))).toEqual(["noop × 26", "j7", "j8", "j9", "j10"]);
  });

  test("two kinds that take turns are two groups", () => {
    const rows = Array.from({ length: 40 }, (_, index) =>
      noop(index, { jobType: index % 2 === 0 ? "fetch" : "store" } as Partial<TimelineRow>),
    );
    expect(named(groupRows(placeRows(rows), closed))).toEqual(["fetch × 20", "store × 20"]);
  });
});

test("whatever the run, each of its rows is there exactly once, and opening a group only adds its members below it", () => {
  fc.assert(
    fc.property(fc.array(generatedRun, { minLength: 1, maxLength: 3 }), fc.boolean(), (runs, isOpen) => {
      // Several runs' rows as one: enough equal ones for groups.
      const rows = runs.flatMap((run, index) =>
        run.rows.map((row) => ({ ...row, rowId: `${index}${row.rowId}` }) as TimelineRow),
      );
      const placed = placeRows(rows);
      const shut = groupRows(placed, closed);
      const found = shut.flatMap((entry) =>
        entry.kind === "group" ? entry.rows.map(({ rowId }) => rowId) : [entry.row.rowId],
      );
      expect([...found].sort()).toEqual(rows.map(({ rowId }) => rowId).sort());
      for (const entry of shut) {
        if (entry.kind === "row") continue;
        expect(entry.rows.length).toBeGreaterThanOrEqual(fewestOfGroup);
        expect(new Set(entry.rows.map(({ jobType }) => jobType)).size).toBe(1);
        expect(entry.rows.every(({ status }) => status !== "stuck" && status !== "failed")).toBe(true);
        expect(groupOfRow(placed, entry.rows[0]?.rowId ?? "")).toBe(entry.key);
        const sum = sumOfGroup(entry.rows);
        expect(sum.to === undefined).toBe(entry.rows.some(({ to }) => to === undefined));
      }
      const open = groupRows(placed, () => isOpen);
      const withoutMembers = open.filter((entry) => entry.kind === "group" || !entry.isMember);
      expect(withoutMembers.map(({ key }) => key)).toEqual(shut.map(({ key }) => key));
    }),
  );
});

test("a group that forms while somebody looks begins open: no row that was seen vanishes", () => {
  const rows = Array.from({ length: 40 }, (_, index) => noop(index));
  fc.assert(
    fc.property(fc.array(fc.nat(12), { minLength: 1, maxLength: 8 }), (bursts) => {
      let seen = nothingSeen;
      let shown: readonly string[] = [];
      let count = 0;
      for (const burst of bursts) {
        count = Math.min(rows.length, count + burst);
        const placed = placeRows(rows.slice(0, count));
        seen = seenRows(seen, placed);
        const entries = groupRows(placed, (key) => seen.grown.has(key));
        const keys = entries.flatMap((entry) => (entry.kind === "row" ? [entry.key] : []));
        expect(keys.filter((key) => shown.includes(key))).toEqual(shown);
        shown = keys;
      }
    }),
  );
  // Many at once were never seen one by one.
  const seen = seenRows(nothingSeen, placeRows(rows));
  expect([...seen.grown]).toEqual([]);
});
