import type { ClosedStatus, Failure, Payload, RunEvent } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";

/** How a run ended. */
export type RunEnd =
  | { readonly status: "completed"; readonly output: Payload }
  | { readonly status: Exclude<ClosedStatus, "completed">; readonly failure?: Failure };

/** What is waited for: answers to commands, and ends of runs. */
export class Outcomes {
  readonly #answers = new Map<string, (events: readonly RunEvent[]) => void>();
  readonly #ends = new Map<
    string,
    { readonly promise: Promise<RunEnd>; readonly resolve: (end: RunEnd) => void }
  >();

  /** The events that the command came to. */
  answer(commandId: string): { readonly promise: Promise<readonly RunEvent[]>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<readonly RunEvent[]>();
    this.#answers.set(commandId, resolve);
    return { promise, forget: () => this.#answers.delete(commandId) };
  }

  /** Remembers the run until it ends. */
  end(runId: string): Promise<RunEnd> {
    let end = this.#ends.get(runId);
    if (end === undefined) {
      end = Promise.withResolvers<RunEnd>();
      this.#ends.set(runId, end);
    }
    return end.promise;
  }

  forgetEnd(runId: string): void {
    this.#ends.delete(runId);
  }

  readonly takeDecisions = (decisions: readonly Decision[]): void => {
    if (this.#answers.size === 0) return;
    for (const { inputId, events } of decisions) {
      const answer = this.#answers.get(inputId);
      if (answer === undefined) continue;
      this.#answers.delete(inputId);
      answer(events);
    }
  };

  readonly takeSettled = (decisions: readonly Decision[]): void => {
    if (this.#ends.size === 0) return;
    for (const { runId, events } of decisions) {
      const waiting = this.#ends.get(runId);
      if (waiting === undefined) continue;
      const end = events.map(endOf).find((candidate) => candidate !== undefined);
      if (end === undefined) continue;
      this.#ends.delete(runId);
      waiting.resolve(end);
    }
  };
}

function endOf(event: RunEvent): RunEnd | undefined {
  switch (event.type) {
    case "RunCompleted":
      return { status: "completed", output: event.output };
    case "RunFailed":
      return { status: "failed", failure: event.failure };
    case "RunCancelled":
      return { status: "cancelled", ...(event.failure !== undefined && { failure: event.failure }) };
    case "RunTerminated": {
      const { actor, reason } = event.action;
      return {
        status: "terminated",
        failure: { kind: "cancelled", name: "Terminated", message: `${actor}: ${reason}` },
      };
    }
    default:
      return undefined;
  }
}
