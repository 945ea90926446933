import { durationWords } from "@downbeat/domain";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { cellText } from "./features/analytics/cell.ts";
import { suggestedChart, valueTicks } from "./features/analytics/chart-data.ts";
import { toCsv, toJson } from "./features/analytics/export.ts";
import { timeAxis, timeLabels, timeOf } from "./features/analytics/time-axis.ts";
import { varyingParts } from "./features/attention/varying-parts.ts";
import { countScale, durationScale, labelledBuckets } from "./features/overview/chart-scale.ts";
import { domainEnd } from "./features/run/timeline/domain-end.ts";
import { idleFolds } from "./features/run/timeline/idle.ts";
import { placeRows } from "./features/run/timeline/order.ts";
import { rowLook, rowName } from "./features/run/timeline/row-texts.ts";
import { timeScale, zoom } from "./features/run/timeline/scale.ts";
import { segmentsOf } from "./features/run/timeline/segments.ts";
import { ticksOf } from "./features/run/timeline/ticks.ts";
import {
  formatClock,
  formatClockMs,
  formatDate,
  formatDay,
  formatDayAndClock,
  formatFull,
  formatMoment,
  isoTime,
} from "./lib/absolute-time.ts";
import { formatRunningDuration } from "./lib/duration.ts";
import { formatCompact, formatCount, formatRate, plural } from "./lib/number.ts";
import { formatRelative } from "./lib/relative-time.ts";
import { shortId } from "./lib/short-id.ts";
import { lookOfJob, lookOfRun } from "./lib/status.ts";
import { showTimesOf } from "./lib/zone.ts";

/** No value in data breaks a page: whatever a record, a clock or a service made up, what draws it answers, in time and with something to show. */

afterEach(() => showTimesOf(undefined));

/** What a record may hold for a time or a number: JSON has no NaN, but a difference of two of its numbers may be infinite, and that of two such is none. */
const odd = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    -1,
    0.1,
    5e-324,
    -5e-324,
    8.64e15,
    8.64e15 + 1,
    -8.64e15 - 1,
    1e308,
    -1e308,
    Number.MAX_VALUE,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Date.UTC(-5, 0),
    Date.UTC(99_999, 0),
  ),
);
const oddText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "100%",
    "%E0%A4%A",
    "__proto__",
    "constructor",
    "toString",
    "\ud800",
    "\u202e\u0000\u001b[31m",
    "<script>",
    "9999-99-99",
    "a".repeat(5_000),
  ),
);

test("every number becomes words", () => {
  const words: readonly ((value: number) => string)[] = [
    durationWords,
    formatRunningDuration,
    formatCount,
    formatCompact,
    formatRate,
    formatClock,
    formatClockMs,
    formatDate,
    formatDay,
    formatDayAndClock,
    formatFull,
    (value) => plural(value, "run"),
  ];
  for (const zone of ["UTC", "Asia/Kathmandu", "America/Los_Angeles"]) {
    showTimesOf(zone);
    fc.assert(
      fc.property(odd, odd, (one, other) => {
        for (const each of words) {
          const said = each(one);
          expect(said).not.toBe("");
          expect(said).not.toMatch(/NaN|Infinity|undefined|\d{40}/);
        }
        expect(formatRelative(one, other)).not.toMatch(/NaN|Infinity|\d{40}/);
        expect(formatMoment(one, other)).not.toBe("");
        isoTime(one);
      }),
      { numRuns: 60 },
    );
  }
});

test("every text is a name, a status and a message", () => {
  fc.assert(
    fc.property(oddText, fc.array(oddText, { maxLength: 3 }), (text, others) => {
      expect(shortId(text, 20).length).toBeLessThanOrEqual(20);
      expect(lookOfRun(text).word).not.toBe("");
      expect(lookOfJob(text).word).not.toBe("");
      expect(
        varyingParts(text, others)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }),
  );
});

describe("every chart", () => {
  test("of counts and durations has a few ticks, and a place for each value", () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 5 }), (values) => {
        for (const scale of [countScale(Math.max(0, ...values)), durationScale(values)]) {
          expect(scale.ticks.length).toBeGreaterThan(0);
          expect(scale.ticks.length).toBeLessThan(20);
          for (const value of values) expect(Number.isFinite(scale.share(value))).toBe(true);
        }
        const ticks = valueTicks(values);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(20);
        expect(ticks.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("of buckets labels those that it has", () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 20 }), odd, odd, (times, bucketMs, width) => {
        const labels = labelledBuckets(times, bucketMs, width, () => 3_600_000);
        expect(labels.length).toBeLessThanOrEqual(times.length);
      }),
    );
  });

  test("of a statement's rows", () => {
    const value = fc.oneof(
      odd,
      oddText,
      fc.boolean(),
      fc.constant(null),
      fc.array(oddText, { maxLength: 2 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, value), { maxLength: 8 }),
        fc.constantFrom("varchar", "bigint", "decimal(38,2)", "double", "array(varchar)"),
        (rows, type) => {
          const columns = ["a", "b", "a"].map((name) => ({ name, type }));
          const table = { columns, rows, isCut: rows.length > 4 };
          suggestedChart(table);
          toCsv(table);
          toJson(table);
          for (const cell of rows.flat()) timeOf(cellText(cell));
          const axis = timeAxis(table, 0);
          if (axis !== undefined) expect(timeLabels(axis, 8).length).toBeLessThan(20);
        },
      ),
    );
  });

  test("of times far apart has a few labels", () => {
    fc.assert(
      fc.property(odd, odd, (from, to) => {
        expect(timeLabels({ from, to }, 8).length).toBeLessThan(20);
      }),
    );
  });
});

describe("the timeline of a run", () => {
  const at = odd;
  const attempt = fc.record(
    {
      attempt: odd,
      requestedAt: at,
      startedAt: at,
      endedAt: at,
      outcome: fc.constantFrom("completed", "failed", "timedOut", "cancelled", "rejected"),
    },
    { requiredKeys: ["attempt", "requestedAt"] },
  );
  const base = { rowId: oddText, from: at, to: at, firstSeq: odd };
  const job = fc.record(
    {
      ...base,
      kind: fc.constant("job"),
      jobId: oddText,
      jobType: oddText,
      status: oddText,
      attempts: fc.array(attempt, { maxLength: 3 }),
      undoes: oddText,
      retryAt: at,
    },
    { requiredKeys: ["rowId", "from", "firstSeq", "kind", "jobId", "jobType", "status", "attempts"] },
  );
  const timer = fc.record(
    { ...base, kind: fc.constant("timer"), status: oddText, dueAt: at },
    { requiredKeys: ["rowId", "from", "firstSeq", "kind", "status", "dueAt"] },
  );
  const unknown = fc.record(
    { ...base, kind: oddText, status: oddText },
    { requiredKeys: ["rowId", "from", "kind"] },
  );
  // As a newer server, or a damaged history, may have them.
  const rows = fc.array(fc.oneof(job, timer, unknown), { maxLength: 5 }) as fc.Arbitrary<never>;

  test("has rows, folds and ticks, however far its times are", () => {
    fc.assert(
      fc.property(rows, at, at, at, fc.constantFrom(0, 80, 800), (some, startedAt, endedAt, now, width) => {
        placeRows(some);
        for (const row of some as readonly never[]) {
          segmentsOf(row, now);
          expect(rowName(row)).not.toBe(undefined);
          expect(rowLook(row).word).not.toBe("");
        }
        for (const to of [endedAt, domainEnd(startedAt, now)]) {
          const folds = idleFolds(some, startedAt, to, now);
          const scale = timeScale(startedAt, to, width, folds);
          expect(ticksOf(scale, startedAt, 3_600_000).length).toBeLessThan(40);
          zoom({ from: startedAt, to }, { from: startedAt, to }, now, 0.5);
        }
      }),
      { numRuns: 300 },
    );
  });
});
