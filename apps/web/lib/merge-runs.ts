import type { RunSummary } from "@downbeat/api/views";

/** Newest state wins, whichever way it came; a push that overtakes an answer, or the reverse, changes nothing. */
export function newerRun(one: RunSummary, other: RunSummary): RunSummary {
  return other.seq > one.seq ? other : one;
}

/** Puts changed runs into the places of their older selves. The order stays. Same array when nothing changed. */
export function replaceRuns(
  runs: readonly RunSummary[],
  changes: ReadonlyMap<string, RunSummary>,
): readonly RunSummary[] {
  let changed = false;
  const next = runs.map((run) => {
    const change = changes.get(run.runId);
    if (change === undefined || newerRun(run, change) === run) return run;
    changed = true;
    return change;
  });
  return changed ? next : runs;
}
