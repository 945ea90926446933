import type { Failure } from "../failure.ts";
import type { RunDecision } from "./decisions.ts";
import { openCount } from "./open.ts";
import type { OpenRun } from "./state.ts";

/** What one step of the code may ask for: so many things, of so many characters together. */
export const maxStepRequests = 5_000;
export const maxStepLength = 4_194_304;

/** Jobs, timers, waits for signals (two with a time-out, which is a timer) and compensations that may be open in one run. */
export const maxOpenInRun = 10_000;

/** Signals that one run may have received and not taken. */
export const maxBufferedSignals = 10_000;

/**
 * Why an answer of the code is too large, for which its run gets stuck; nothing when it is not. An answer may hold more than one step, when the
 * code was stuck meanwhile: so requests are counted where the steps are.
 */
export function stepProblem(decisions: readonly RunDecision[]): Failure | undefined {
  const length = lengthOf(decisions);
  if (length <= maxStepLength) return undefined;
  const message = `One step of the code asked for ${decisions.length} things of ${length} characters together; the limit is ${maxStepLength}. Ask for them in several steps, or keep large values in a store of your own and pass references.`;
  return { kind: "code", name: "DecisionTooLarge", message };
}

/** Why no more can be open in the run, for which it gets stuck; nothing when there is room. */
export function openProblem(run: OpenRun): Failure | undefined {
  const open = openCount(run);
  if (open <= maxOpenInRun) return undefined;
  const message = `The run would have ${open} jobs, timers, waits for signals and compensations open; the limit is ${maxOpenInRun}. Wait for some of them before asking for more, or divide the work among several runs.`;
  return { kind: "code", name: "TooMuchOpen", message };
}

/** Counted over the parts that can be long; 200 for the rest, since ids and names are bounded by their schemas. */
function lengthOf(decisions: readonly RunDecision[]): number {
  let length = 0;
  for (const decision of decisions) {
    length += 200;
    if ("input" in decision) length += decision.input.length;
    if ("output" in decision) length += decision.output.length;
    for (const name of "options" in decision ? (decision.options?.retry?.nonRetryable ?? []) : [])
      length += name.length;
    if (decision.type === "SetLabels")
      for (const [name, value] of Object.entries(decision.labels)) length += name.length + value.length;
    if (!("failure" in decision) || decision.failure === undefined) continue;
    const { message, stack = "", details = "" } = decision.failure;
    length += message.length + stack.length + details.length;
  }
  return length;
}
