import { inCodesOrder } from "@downbeat/domain";
import { parseRunEvents } from "@downbeat/protocol";
import type { AnyWorkflow } from "@downbeat/sdk";
import { type ThreadedDecisions, threadedDecisions } from "@downbeat/sdk/decisions";

/** What code does to the thread that it runs in. */
const ends: ReadonlySet<string> = new Set([
  "CodeNeverEnds",
  "OutOfMemory",
  "ProcessExit",
  "ThreadEnded",
  "UncaughtError",
]);

/** Runs code over a history where it can do no harm. */
export class TrialInThread {
  readonly #decisions: ThreadedDecisions;

  constructor(workflows: readonly AnyWorkflow[], onProblem: (problem: string) => void) {
    this.#decisions = threadedDecisions(workflows, { maxCachedRuns: 0, onProblem });
  }

  /** Why the code can't be run over the history, in a sentence. */
  async problemWith(
    runId: string,
    workflow: string,
    events: readonly { readonly at?: number | undefined; readonly event: unknown }[],
  ): Promise<string | undefined> {
    const parsed = parseRunEvents(events.map(({ event }) => event));
    // What is wrong with it, a replay says.
    if (parsed === undefined) return undefined;
    const recorded = parsed.map((event, index) => ({ seq: index + 1, at: events[index]?.at ?? 0, event }));
    const givenUp = recorded.findIndex(({ event }) => event.type === "CodeGivenUp");
    const history = inCodesOrder(givenUp < 0 ? recorded : recorded.slice(0, givenUp));
    await this.#decisions.ready;
    const session = this.#decisions.openSession();
    const decisions = await session.ask({ runId, workflow, history });
    session.close();
    const stuck = decisions.find(({ type }) => type === "GetStuck");
    if (stuck?.type !== "GetStuck" || !ends.has(stuck.failure.name)) return undefined;
    return `${stuck.failure.name}: ${stuck.failure.message}`;
  }

  close(): Promise<void> {
    return this.#decisions.close();
  }
}
