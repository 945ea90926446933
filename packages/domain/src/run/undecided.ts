import type { Failure } from "../failure.ts";
import type { RunEvent } from "./events.ts";
import type { OpenRun } from "./state.ts";

/** What comes of it that the code can't decide: the run waits for a person, or goes on without it, where it only has to be undone. */
export function undecided(run: OpenRun, failure: Failure): RunEvent {
  return { type: run.closing?.outcome === "cancelled" ? "CodeGivenUp" : "RunStuck", failure };
}
