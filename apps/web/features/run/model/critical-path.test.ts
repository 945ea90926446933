import type { TimelineRow } from "@downbeat/api/views";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedRun } from "../test/run-rows.ts";
import { criticalPath } from "./critical-path.ts";

interface Short {
  readonly from: number;
  readonly to?: number;
  readonly seqs: readonly [number, number];
  readonly status?: string;
  readonly kind?: "job" | "timer" | "signal";
}

const row = (rowId: string, { from, to, seqs, status, kind = "job" }: Short): TimelineRow =>
  ({
    kind,
    rowId,
    jobId: rowId,
    timerId: rowId,
    jobType: rowId,
    name: rowId,
    attempts: [],
    input: "{}",
    maxAttempts: 1,
    dueAt: to ?? 0,
    status: status ?? (kind === "job" ? "completed" : kind === "timer" ? "fired" : "delivered"),
    from,
    firstSeq: seqs[0],
    lastSeq: seqs[1],
    ...(to !== undefined && { to }),
  }) as TimelineRow;
const idsOf = (rows: readonly TimelineRow[], now = 1_000) =>
  criticalPath(rows, now).steps.map(({ rowId }) => rowId);

describe("the critical path", () => {
  test("leads through the slower of two that were awaited together", () => {
    const rows = [
      row("pay", { from: 0, to: 10, seqs: [2, 4] }),
      row("fast", { from: 10, to: 20, seqs: [5, 9] }),
      row("slow", { from: 10, to: 90, seqs: [7, 12] }),
      row("mail", { from: 90, to: 95, seqs: [13, 15] }),
    ];
    expect(idsOf(rows)).toEqual(["pay", "slow", "mail"]);
  });

  test("leads through the winner of a race, not through what lost", () => {
    const rows = [
      row("first", { from: 0, to: 30, seqs: [2, 6] }),
      row("second", { from: 0, to: 30, seqs: [4, 7], status: "cancelled" }),
      row("limit", { from: 0, to: 30, seqs: [5, 8], status: "cancelled", kind: "timer" }),
      row("mail", { from: 30, to: 40, seqs: [9, 11] }),
    ];
    expect(idsOf(rows)).toEqual(["first", "mail"]);
  });

  test("ends at what an open run is held up by: the stuck job before the running one", () => {
    const rows = [
      row("pay", { from: 0, to: 10, seqs: [2, 4] }),
      row("nap", { from: 10, seqs: [5, 5], kind: "timer", status: "waiting" }),
      row("work", { from: 10, seqs: [6, 8], status: "running" }),
      row("hotel", { from: 10, seqs: [7, 9], status: "stuck" }),
    ];
    expect(criticalPath(rows, 500)).toEqual({
      steps: [
        { rowId: "pay", from: 0, to: 10 },
        { rowId: "hotel", from: 10, to: 500 },
      ],
      tookMs: 500,
      longest: { rowId: "hotel", from: 10, to: 500 },
    });
  });

  test("a run that asked for nothing has none", () => {
    expect(criticalPath([], 5)).toEqual({ steps: [], tookMs: 0 });
  });
});

test("whatever the run, the path's steps follow one another without overlap, within the run, and nothing that woke the code lies between", () => {
  fc.assert(
    fc.property(generatedRun, ({ rows, startedAt, now }) => {
      const { steps, tookMs } = criticalPath(rows, now);
      const byId = new Map(rows.map((each) => [each.rowId, each]));
      expect(tookMs).toBeLessThanOrEqual(now - startedAt);
      steps.forEach((step, index) => {
        expect(step.from).toBeGreaterThanOrEqual(startedAt);
        expect(step.to).toBeLessThanOrEqual(now);
        const next = steps[index + 1];
        if (next === undefined) return;
        expect(step.to).toBeLessThanOrEqual(next.from);
        const [before, after] = [byId.get(step.rowId), byId.get(next.rowId)];
        const between = rows.filter(
          (each) =>
            each.kind === "job" &&
            each.status === "completed" &&
            each.lastSeq > (before?.lastSeq ?? 0) &&
            each.lastSeq < (after?.firstSeq ?? 0),
        );
        expect(between).toEqual([]);
      });
    }),
  );
});
