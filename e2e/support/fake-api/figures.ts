import type {
  BreakDown,
  Freshness,
  GoalEnds,
  GoalFigures,
  GoalList,
  MeasuredRuns,
  RunFilter,
} from "@downbeat/api/views";

const hour = 3_600_000;
const day = 24 * hour;

/** What is asked for does not matter: a page is looked at. */
export function breakDownAt(now: number, freshness: Freshness): BreakDown {
  const to = Math.ceil(now / hour) * hour;
  const from = to - day;
  const measured = (runs: number): MeasuredRuns => ({
    runs,
    byStatus: { completed: runs - 2, failed: 1, cancelled: 1 },
    p50: 1_240,
    p95: 45_100,
    number: {
      runs: runs - 1,
      without: 1,
      sum: "12345678901234567890.50",
      average: "14.22",
      least: "-3",
      most: "99999.9",
    },
  });
  const bands = [0, 1_000, 10_000, 60_000];
  return {
    from,
    to,
    bucketMs: hour,
    timeZone: "UTC",
    total: measured(1_318),
    groups: ["bookTrip", "reserveRoomsAtTheHotelThatTheCustomerChoseInTheSecondStep_v2"].map((value) => ({
      value,
      filter: { facets: [{ by: "workflow", values: [value] }] },
      ...measured(600),
    })),
    others: { values: 3, filter: { facets: [] }, ...measured(118) },
    buckets: Array.from({ length: 24 }, (_, index) => ({
      at: from + index * hour,
      to: from + (index + 1) * hour,
      runs: 40 + index,
      sum: String(index * 100),
      byDuration: [index, 20, 15, 5],
    })),
    bands,
    slowest: [
      { runId: "tour-2026-11-23", workflow: "bookTrip", startedAt: from, durationMs: 45_100, number: "7" },
    ],
    dearest: [
      { runId: "tour-2026-11-23", workflow: "bookTrip", startedAt: from, durationMs: 45_100, number: "7" },
    ],
    freshness,
  };
}

const saved = { savedBy: "maria", savedAt: Date.UTC(2026, 10, 2), version: 1 };

export function goalList(): GoalList {
  return {
    goals: [
      {
        id: "in-time",
        goal: { name: "Bookings in time", workflow: "bookTrip", percent: 95, withinMs: 10_000, days: 28 },
        words: "95 % of the runs of bookTrip complete within 10 s, over 28 days.",
        ...saved,
      },
      {
        id: "reserve",
        goal: {
          name: "reserveRoomsAtTheHotelThatTheCustomerChoseInTheSecondStep_v2",
          percent: 99.9,
          days: 1,
        },
        words: "99.9 % of the runs complete, over 24 h.",
        ...saved,
      },
    ],
  };
}

/** One that is reached where there is a limit, and one that is missed. */
export function goalFiguresAt(now: number, withinMs: number | undefined, freshness: Freshness): GoalFigures {
  const to = Math.floor(now / 1_000) * 1_000;
  const from = to - 28 * day;
  const isReached = withinMs !== undefined;
  const ends: GoalEnds = isReached
    ? { completedInTime: 1_290, completedLate: 16, failed: 12, cancelled: 3 }
    : { completedInTime: 900, completedLate: 0, failed: 100, cancelled: 0 };
  const filter: RunFilter = { by: "ended", from, to };
  return {
    from,
    to,
    good: ends.completedInTime,
    bad: ends.completedLate + ends.failed,
    ends,
    attained: isReached ? "97.87 %" : "90 %",
    standing: isReached ? "reached" : "missed",
    sentence: isReached
      ? "Reached: 97.87 % of 1,318 runs were good. 37 more runs of 65 may be bad."
      : "Missed: 90 % of 1,000 runs were good. 100 runs were bad, 99 more than the 1 that may be.",
    budget: isReached
      ? { allowed: 65, left: 37, leftShare: 0.57 }
      : { allowed: 1, left: -99, leftShare: -99 },
    recent: { from: to - day, good: 45, bad: 2, burnRate: 0.85, burnWords: "0.9×" },
    opens: {
      counted: filter,
      bad: filter,
      failed: filter,
      cancelled: filter,
      ...(isReached && { late: { ...filter, missed: withinMs } }),
    },
    ...(!isReached && { wholeSince: to - 12 * day }),
    freshness,
  };
}
