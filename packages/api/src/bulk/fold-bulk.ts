import { z } from "zod";
import type { BulkOutcome, BulkState, BulkView, RunSummary, RunView } from "../views.ts";
import { bulkJobs } from "./built-in.ts";
import { bulkOutcomes, outcomeOfLetter } from "./letters.ts";
import {
  type BulkInput,
  type BulkTarget,
  bulkInput,
  partInput,
  partOutput,
  type TargetPage,
  targetPage,
  uniqueTargets,
} from "./order.ts";

const states = [
  "listing",
  "scheduled",
  "canary",
  "sending",
  "paused",
  "held",
  "looking",
  "done",
  "stopped",
  "ended",
] as const satisfies readonly BulkState[];

const count = z.coerce.number().int().min(0);

/** What the code says of itself in the labels of its run. */
const said = z.object({
  state: z.enum(states).default("listing").catch("listing"),
  why: z.string().default(""),
  targets: count.optional().catch(undefined),
  sent: count.default(0).catch(0),
});

/** Nothing where the run's input is not one of a bulk action. */
export function bulkInputOf(run: Pick<RunView, "input">): BulkInput | undefined {
  return bulkInput.safeParse(parsed(run.input)).data;
}

export function bulkView(run: RunSummary, input: BulkInput, startedBy: string): BulkView {
  const { state, why, targets, sent } = said.parse(run.labels);
  const { verb, about, reason, canary, perMinute, startAt } = input.order;
  const outcomes: [BulkOutcome, number][] = bulkOutcomes.flatMap((outcome) => {
    const found = count.safeParse(run.labels[outcome]).data ?? 0;
    return found === 0 ? [] : [[outcome, found]];
  });
  const isCut = run.status !== "running" && state !== "done" && state !== "stopped";
  const reasonOfEnd = isCut ? `The run was ${run.status} before it came to its end.` : "";
  const shownWhy = reasonOfEnd || (run.shown === "stuck" ? (run.why ?? why) : why);
  return {
    bulkId: run.runId,
    verb,
    about,
    reason,
    startedBy,
    startedAt: run.startedAt,
    ...(run.endedAt !== undefined && { endedAt: run.endedAt }),
    state: isCut ? "ended" : state,
    ...(shownWhy !== "" && { why: shownWhy }),
    ...(targets !== undefined && { targets }),
    sent,
    outcomes: Object.fromEntries(outcomes),
    ...(canary !== undefined && { canary }),
    ...(perMinute !== undefined && { perMinute }),
    ...(startAt !== undefined && { startAt }),
  };
}

export interface FoldedTargets {
  readonly targets: readonly BulkTarget[];
  /** Of each that was acted on and looked at. */
  readonly outcomes: readonly (BulkOutcome | undefined)[];
}

/** The targets as they were fixed, and what the parts have said of them; the last word counts. */
export function foldTargets(run: Pick<RunView, "rows">): FoldedTargets {
  const outcomes: (BulkOutcome | undefined)[] = [];
  for (const row of run.rows) {
    if (row.kind !== "job" || row.output === undefined || row.jobType === bulkJobs.list) continue;
    const input = partInput.safeParse(parsed(row.input)).data;
    const output = partOutput.safeParse(parsed(row.output)).data;
    if (input === undefined || output === undefined) continue;
    [...output.outcomes].forEach((letter, index) => {
      outcomes[input.from + index] = outcomeOfLetter(letter);
    });
  }
  return { targets: uniqueTargets(listedPages(run)), outcomes };
}

/** What the run has listed, page by page. */
export function listedPages(run: Pick<RunView, "rows">): TargetPage[] {
  return run.rows.flatMap((row) => {
    if (row.kind !== "job" || row.output === undefined || row.jobType !== bulkJobs.list) return [];
    const page = targetPage.safeParse(parsed(row.output)).data;
    return page === undefined ? [] : [page];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
