import { type AskCode, inCodesOrder } from "@downbeat/domain";
import type { AskedQuestion } from "@downbeat/protocol";
import type { RunEntry } from "./run-entry.ts";

/** What the code is told, from the accepted history of its run; `undefined` where another question, or none, is out by now. */
export function questionOf(entry: RunEntry | undefined, effect: AskCode): AskedQuestion | undefined {
  if (entry?.state.status !== "running") return undefined;
  const asked = entry.state.delegated?.asked;
  const { runId, workflow, upTo, attempt, continues, build } = effect;
  if (asked?.upTo !== upTo || asked.attempt !== attempt) return undefined;
  // Rule 33: in the code's order, or a replay would ask for things in another one.
  const events = inCodesOrder(entry.history.slice(continues?.upTo ?? 0, upTo));
  return {
    runId,
    workflow,
    upTo,
    attempt,
    ...(continues !== undefined && { continues: continues.id }),
    events,
    ...(build !== undefined && { build }),
    // Rule 38: only told to pass over when all were asked.
    ...(asked.passesOver === true && { passesOver: true }),
    ...(asked.ends !== undefined && { ends: asked.ends }),
    ...((asked.begins === true || asked.ends !== undefined) && { begins: asked.begins === true }),
  };
}
