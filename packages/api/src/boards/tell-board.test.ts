import { Slots } from "@downbeat/analytics";
import type { BoardPanel } from "@downbeat/protocol";
import type { ReadModel } from "@downbeat/read-model";
import { expect, test, vi } from "vitest";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { Masking } from "../masking/masking.ts";
import { SharedAnswers } from "../shared/shared-answers.ts";
import { boardLetter } from "./board-letter.ts";
import { tellBoard } from "./tell-board.ts";

const salary = "4711.25";
const now = Date.UTC(2026, 10, 23, 7);
const day = 86_400_000;

/** Of one run, whose input says what is personal. */
const record = (runId: string) => ({
  runId,
  workflow: "hire",
  steps: [{ events: [{ type: "RunStarted", at: 1, input: JSON.stringify({ salary }) }] }],
  isWhole: true,
  seq: 1,
});

const run = { runId: "hire-1", workflow: "hire", startedAt: now - day, durationMs: 1_000 };
const measured = { runs: 1, byStatus: { failed: 0 } };

interface World {
  readonly breakDown?: object;
  /** Of the break-down. */
  readonly trouble?: Error;
  readonly overview?: object;
  readonly freshness?: object;
  readonly missing?: object;
}

function contextOf({ breakDown, freshness, overview, missing, trouble }: World = {}) {
  const readModel = {
    record,
    listRuns: () => ({ runs: [] }),
    breakDown: async () => {
      if (trouble !== undefined) throw trouble;
      const answer = { from: now - 7 * day, to: now, total: measured, groups: [], slowest: [run] };
      return { ...answer, dearest: [{ ...run, number: salary }], ...breakDown };
    },
    overview: () => ({
      buckets: [{ at: now - 7 * day, to: now }],
      totals: { started: 3, completed: 2, failed: 1, cancelled: 0 },
      open: { running: 0, waiting: 0, stuck: 0 },
      byWorkflow: [],
      byJobType: [],
      topErrors: [],
      ...overview,
    }),
  };
  let isKnown = false;
  const known = async () => {
    isKnown = true;
  };
  const masking = new Masking({
    readModel: readModel as unknown as ReadModel,
    announcements: { personal: { known, rules: () => (isKnown ? [] : undefined) } },
    rules: [{ workflow: "hire", of: "everything", paths: [["salary"]] }],
  });
  return {
    readModel,
    masking,
    role: "viewer",
    actor: "the weekly e-mail",
    feed: {
      freshness: () => ({ completeTo: now, behind: 0, live: true, ...freshness }),
      status: () => ({ partitions: 1 }),
    },
    breakDowns: new Slots(1, 30),
    sharedBreakDowns: new SharedAnswers({ now: () => 0 }),
    waits: { causes: async () => [] },
    causeMarks: { forLooking: async () => new Map() },
    causesInShort: { of: () => ({ waits: [] }) },
    jobTopics: { figures: async () => undefined },
    earlier: { figures: { want: () => missing }, state: () => undefined },
    now: () => now,
  } as unknown as Context;
}

const size = { id: "a", width: 2, height: 2 };
const ofRuns = { kind: "breakDown", ...size, of: "ended" } as const;

function told(panel: BoardPanel, world?: World) {
  return tellBoard(contextOf(world), { name: "Hiring", period: "7d", panels: [panel] }, "Europe/Berlin");
}

test("what is masked on the pages is masked in the letter, wherever it stands", async () => {
  const { panels } = await told({ ...ofRuns, number: "label.salary", show: "largest" });
  expect(panels[0]?.table?.rows).toEqual([["hire-1", "hire", "•••"]]);
  expect(JSON.stringify(panels)).not.toContain(salary);
});

test("a letter says as of when it is, and what it lacks, as the pages do", async () => {
  const missing = {
    source: "Pulsar SQL",
    from: now - 9 * day,
    to: now - 7 * day,
    days: 2,
    trouble: "It is away.",
  };
  const freshness = {
    completeTo: now - 3_600_000,
    note: "1,000 records are still being read.",
    countedFrom: now - day,
  };
  const figures = await told({ kind: "figure", ...size, figure: "completed" }, { freshness, missing });
  expect(figures.notes).toEqual([
    "As of Nov 23, 2026, 07:00 (Europe/Berlin).",
    "1,000 records are still being read.",
  ]);
  expect(figures.panels[0]?.lines).toEqual([
    "2",
    "Figures of Nov 14, 2026, 08:00 to Nov 16, 2026, 08:00 are missing (2 days). It is away.",
    "Figures are whole from Nov 22, 2026, 08:00 on: retention had removed runs that ended before that when this server began to count.",
  ]);
  const removed = { freshness: { removedUpTo: now - day }, breakDown: { beginsAt: now - 2 * day } };
  expect((await told({ ...ofRuns, show: "chart" }, removed)).panels[0]?.lines).toEqual([
    "1 run ended.",
    "Of the runs that ended up to Nov 22, 2026, 08:00, retention has removed some or all: they are not counted.",
    "Runs that ended before Nov 21, 2026, 08:00 are not counted: this server's history begins there.",
  ]);
  const about = { id: "m", namespace: "public/default", url: undefined };
  const { text, html } = boardLetter(figures, about);
  for (const note of [...figures.notes, ...(figures.panels[0]?.lines ?? [])]) {
    expect(text).toContain(note);
    expect(html).toContain(note);
  }
});

test("what may not be asked is said in its place, what can't be asked now is asked again later", async () => {
  const asked = (trouble: Error) => told({ ...ofRuns, show: "chart" }, { trouble });
  expect((await asked(new ApiError("forbidden", "It is masked."))).panels[0]?.lines).toEqual([
    "It is masked.",
  ]);
  await expect(asked(new ApiError("unavailable", "Too many ask."))).rejects.toThrow("Too many ask.");
});

test("groups by nothing are one row of all", async () => {
  const { panels } = await told({ ...ofRuns, show: "groups" });
  expect(panels[0]?.table?.rows).toEqual([["All", "1", "0", "–"]]);
  const none = { breakDown: { total: { ...measured, runs: 0 } } };
  expect((await told({ ...ofRuns, show: "groups" }, none)).panels[0]?.table).toBeUndefined();
});

test("of which labels a panel is stands beside whatever it is called, and is what is counted", async () => {
  const where = [
    [
      { key: "country", test: "is", value: "JP" },
      { key: "country", test: "is", value: "DE" },
    ],
    [{ key: "tier", test: "is", value: "gold", not: true }],
  ] as const;
  const context = contextOf();
  const panels: BoardPanel[] = [
    { ...ofRuns, show: "total", where },
    { ...ofRuns, id: "b", title: "Ours", show: "groups", by: "workflow", where },
  ];
  const ask = vi.spyOn(context.readModel, "breakDown");
  const { panels: words } = await tellBoard(context, { name: "Hiring", period: "7d", panels }, "UTC");
  expect(words.map(({ title }) => title)).toEqual([
    "Runs ended · country=JP OR country=DE AND tier!=gold",
    "Ours · country=JP OR country=DE AND tier!=gold",
  ]);
  expect(words[0]?.lines[0]).toBe("1 run ended.");
  expect(ask.mock.calls.map(([{ filter }]) => filter.where)).toEqual([where, where]);
});

test("a figure of some labels is of the runs that were looked at, and says what these lack", async () => {
  const where = [[{ key: "country", test: "is", value: "JP" }]] as const;
  const byStatus = { completed: 6, failed: 1, cancelled: 2, terminated: 1 };
  const total = { runs: 10, byStatus, p50: 1_000, p95: 2_000, p99: 3_000 };
  const world = { breakDown: { total, beginsAt: now - day }, overview: { totals: {} } };
  const line = async (figure: "started" | "completed" | "cancelled" | "successRate" | "p99") => {
    const { panels } = await told({ kind: "figure", ...size, figure, where }, world);
    expect(panels[0]?.title).toMatch(/ · country=JP$/);
    expect(panels[0]?.lines[1]).toMatch(/^Runs that ended before/);
    return panels[0]?.lines[0];
  };
  expect(await line("started")).toBe("10");
  expect(await line("completed")).toBe("6");
  expect(await line("cancelled")).toBe("3");
  expect(await line("successRate")).toBe("60.0 %");
  expect(await line("p99")).toBe("3.00 s");
});
