import { openJobs, openTimers, openWaits } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import { type Fold, type FoldOptions, foldHistory, stuckBecause } from "./history-check.ts";
import { sleep } from "./processes.ts";
import type { Traffic } from "./traffic.ts";

export interface Settled {
  readonly fold: Fold;
  /** Each one sentence: what is neither over nor stuck in time. */
  readonly violations: readonly string[];
}

/** Waits until every booking that was promised is in history, and every run is over or stuck. */
export async function settle(
  log: MessageLog,
  traffic: Traffic,
  withinMs: number,
  say: (sentence: string) => void,
  options: FoldOptions = {},
): Promise<Settled> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const fold = await foldHistory(log, options);
    const going = open(fold).filter(([, reason]) => reason === undefined);
    const missing = [...traffic.promised].filter(
      (runId) => !fold.runs.has(runId) && !fold.touched.has(runId),
    );
    const isDone = going.length === 0 && missing.length === 0 && traffic.unanswered === 0;
    if (isDone) return { fold, violations: [] };
    if (Date.now() > deadline) {
      const violations = going.map(
        ([runId]) => `Run ${runId} is neither over nor stuck: ${story(fold, runId)}`,
      );
      if (traffic.unanswered > 0) violations.push(`${traffic.unanswered} bookings have no answer.`);
      return { fold, violations };
    }
    say(
      `${going.length} runs under way, ${missing.length} not in history yet, ${traffic.unanswered} unanswered.`,
    );
    await sleep(5_000);
  }
}

function open(fold: Fold): (readonly [string, string | undefined])[] {
  return [...fold.runs].flatMap(([runId, { state }]) =>
    state.status === "running" ? [[runId, stuckBecause(state)] as const] : [],
  );
}

function story(fold: Fold, runId: string): string {
  const state = fold.runs.get(runId)?.state;
  if (state?.status !== "running") return "";
  const jobs = openJobs(state).map(({ input: _, ...job }) => job);
  return `event ${state.seq}, jobs ${JSON.stringify(jobs)}, timers ${JSON.stringify(openTimers(state))}, waits ${JSON.stringify(openWaits(state))}`;
}
