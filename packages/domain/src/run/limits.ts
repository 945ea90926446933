import type { Failure } from "../failure.ts";
import { utf8Length } from "../payload.ts";
import type { RunDecision } from "./decisions.ts";
import { openCount } from "./open.ts";
import type { OpenRun } from "./state.ts";

/** What one step of the code may ask for: so many things, of so many bytes together. */
export const maxStepRequests = 5_000;
export const maxStepBytes = 4_194_304;

/** Jobs, timers, waits for signals (two with a time-out, which is a timer) and compensations that may be open in one run. */
export const maxOpenInRun = 10_000;

/** Signals that one run may have received and not taken. */
export const maxBufferedSignals = 10_000;

/**
 * Why an answer of the code is too large, for which its run gets stuck; nothing when it is not. An answer may hold more than one step, when the
 * code was stuck meanwhile: so requests are counted where the steps are.
 */
export function stepProblem(decisions: readonly RunDecision[]): Failure | undefined {
  // A code unit takes six bytes at most, so most steps need no counting.
  if (sizeOf(decisions, atMost) <= maxStepBytes) return undefined;
  const bytes = sizeOf(decisions, utf8Length);
  if (bytes <= maxStepBytes) return undefined;
  const message = `One step of the code asked for ${decisions.length} things of ${bytes} bytes together; the limit is ${maxStepBytes}. Ask for them in several steps, or keep large values in a store of your own and pass references.`;
  return { kind: "code", name: "DecisionTooLarge", message };
}

/** Why no more can be open in the run, for which it gets stuck; nothing when there is room. */
export function openProblem(run: OpenRun): Failure | undefined {
  // What is undone without the code was registered before.
  if (run.codeGivenUp !== undefined) return undefined;
  const open = openCount(run);
  if (open <= maxOpenInRun) return undefined;
  const message = `The run would have ${open} jobs, timers, waits for signals and compensations open; the limit is ${maxOpenInRun}. Wait for some of them before asking for more, or divide the work among several runs.`;
  return { kind: "code", name: "TooMuchOpen", message };
}

function atMost(text: string): number {
  return text.length * 6;
}

/** Counted over the parts that can be long; 200 for the rest, since ids and names are bounded by their schemas. */
function sizeOf(decisions: readonly RunDecision[], measure: (text: string) => number): number {
  let size = 0;
  for (const decision of decisions) {
    size += 200;
    if ("input" in decision) size += measure(decision.input);
    if ("output" in decision) size += measure(decision.output);
    for (const name of "options" in decision ? (decision.options?.retry?.nonRetryable ?? []) : [])
      size += measure(name);
    if (decision.type === "SetLabels")
      for (const [name, value] of Object.entries(decision.labels)) size += measure(name) + measure(value);
    if (!("failure" in decision) || decision.failure === undefined) continue;
    const { message, stack = "", details = "" } = decision.failure;
    size += measure(message) + measure(stack) + measure(details);
  }
  return size;
}
