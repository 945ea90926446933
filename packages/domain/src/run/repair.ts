import { put } from "../ordered-map.ts";
import { accepted, type Outcome, rejected } from "../outcome.ts";
import type { AnyRunCommand } from "./commands.ts";
import type { RepairOutcome, RunEvent } from "./events.ts";
import type { ClosedRun, DamagedRun, RunState } from "./state.ts";

/** What a person may do to a run that is set aside: have it go on at its last good event, or end it. Everything else waits for that. */
export function decideRepair(run: DamagedRun, command: Extract<AnyRunCommand, { action: unknown }>): Outcome {
  if (command.type === "TerminateRun") return accepted(repaired(run, command, "closed"));
  if (command.type !== "RepairRun") return rejected("RunDamaged", damagedMessage(run));
  if (command.outcome === "cut" && run.good === undefined) {
    return rejected(
      "InvalidInput",
      "There is no good event to go on at: the run's beginning is missing. It can only be closed.",
    );
  }
  return accepted(repaired(run, command, command.outcome));
}

export function damagedMessage(run: DamagedRun): string {
  return `The run is set aside, for its history is damaged: ${run.found}. It can be repaired or terminated.`;
}

/** The run as it is set aside. What came before stays what it was; the first finding is the one that counts. */
export function setAside(
  state: RunState | undefined,
  context: { readonly runId: string; readonly workflow: string; readonly at: number },
  found: string,
): DamagedRun {
  if (state?.status === "damaged") return state;
  const { runId, workflow, at } = context;
  const basics = { status: "damaged", found, damagedAt: at } as const;
  if (state === undefined)
    return { ...basics, runId, workflow, startId: "", seq: 0, lastAt: at, actions: null, unanswered: null };
  const { startId, inputHash, seq, actions, unanswered } = state;
  return {
    ...basics,
    runId,
    workflow: state.workflow,
    startId,
    ...(inputHash !== undefined && { inputHash }),
    seq,
    lastAt: at,
    actions,
    unanswered,
    good: state,
  };
}

/** The run after its repair; attempts that were under way are handed over again, since their results may have been left out. */
export function repair(
  run: DamagedRun,
  event: Extract<RunEvent, { type: "RunRepaired" }>,
  seq: number,
  at: number,
): Exclude<RunState, DamagedRun> {
  const taken = put<string, true>(run.actions, event.action.actionId, true);
  if (event.outcome === "cut" && run.good !== undefined)
    return { ...run.good, seq, lastAt: at, actions: taken };
  const { runId, workflow, startId, inputHash, unanswered } = run;
  const closed: ClosedRun = {
    status: run.good === undefined || run.good.status === "running" ? "terminated" : run.good.status,
    runId,
    workflow,
    startId,
    ...(inputHash !== undefined && { inputHash }),
    seq,
    lastAt: at,
    actions: taken,
    unanswered,
    closedAt: at,
  };
  return closed;
}

function repaired(
  run: DamagedRun,
  { action }: { readonly action: Extract<RunEvent, { type: "RunRepaired" }>["action"] },
  outcome: RepairOutcome,
): RunEvent {
  return { type: "RunRepaired", action, outcome, message: run.found };
}
