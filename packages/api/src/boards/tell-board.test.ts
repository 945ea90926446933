import { Slots } from "@downbeat/analytics";
import type { BoardPanel } from "@downbeat/protocol";
import type { ReadModel } from "@downbeat/read-model";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { Masking } from "../masking/masking.ts";
import { SharedAnswers } from "../shared/shared-answers.ts";
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
  readonly overview?: object;
  readonly freshness?: object;
  readonly missing?: object;
}

function contextOf({ breakDown, freshness, overview, missing }: World = {}) {
  const readModel = {
    record,
    listRuns: () => ({ runs: [] }),
    breakDown: async () => ({
      from: now - 7 * day,
      to: now,
      total: measured,
      groups: [],
      slowest: [run],
      dearest: [{ ...run, number: salary }],
      ...breakDown,
    }),
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
