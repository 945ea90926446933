import type { RunView } from "@downbeat/api/views";
import { plain, printLine } from "../output/print.ts";

/** What a repair would do, and that nothing was done. */
export function printPlan(run: RunView, close: boolean): void {
  const { damaged, seq, runId, workflow } = run;
  const lines = [
    [runId, workflow].filter(Boolean).join("  "),
    `Found: ${damaged?.found ?? ""}.`,
    seq === 0 ? "None of its events is good: it can't go on." : `Good up to event ${seq}.`,
    ...whatWouldBe(run, close),
    "Nothing was changed.",
  ];
  for (const line of lines) printLine(plain(line));
}

function whatWouldBe(run: RunView, close: boolean): string[] {
  const ends = "it ends as it is: nothing is waited for, nothing is undone.";
  if (run.endedAt !== undefined)
    return ["With --apply it is over again, as it was; what its history says after that never happened."];
  if (close) return [`With --apply ${ends}`];
  if (run.seq === 0) return [`With --close --apply ${ends}`];
  const again = run.rows.flatMap((row) =>
    row.kind === "job" && (row.status === "scheduled" || row.status === "running") ? row.jobType : [],
  );
  return [
    `With --apply it goes on after event ${run.seq}; what its history says after that never happened.`,
    ...(again.length === 0
      ? []
      : [`Sent to workers again, with the same idempotency keys: ${[...new Set(again)].join(", ")}.`]),
    `With --close --apply ${ends}`,
  ];
}
