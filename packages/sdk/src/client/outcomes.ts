import type { ClosedStatus, Failure, Payload, RunEvent } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";

/** How a run ended. */
export type RunEnd =
  | { readonly status: "completed"; readonly output: Payload }
  | { readonly status: Exclude<ClosedStatus, "completed">; readonly failure?: Failure };

// Of ends that are still known after they were told, for handles that are made later.
const mostKnown = 1_000;
const mostKnownLength = 4_000_000;
const mostStarted = 10_000;

interface Expected<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

interface AwaitedEnd {
  readonly awaited: Expected<RunEnd>;
  holders: number;
  /** Something else was heard of the run: it has not ended before. */
  isAlive: boolean;
}

/** What is waited for: answers to commands, and ends of runs. */
export class Outcomes {
  readonly #answers = new Map<string, Expected<readonly RunEvent[]>>();
  /** One for each run, whoever waits for it: all of them hear the same. */
  readonly #ends = new Map<string, AwaitedEnd>();
  readonly #known = new Map<string, RunEnd>();
  /** Lately, whether or not anybody waits for their ends yet. */
  readonly #startedHere = new Set<string>();
  #knownLength = 0;
  #closed: Error | undefined;

  /** The events that the command came to. */
  answer(commandId: string): { readonly promise: Promise<readonly RunEvent[]>; readonly forget: () => void } {
    const awaited = this.#awaited<readonly RunEvent[]>();
    this.#answers.set(commandId, awaited);
    return { promise: awaited.promise, forget: () => this.#answers.delete(commandId) };
  }

  /** How the run ends, or has ended in this client's sight. Remembers the run until then, or until it is released as often. */
  end(runId: string): Promise<RunEnd> {
    const known = this.#known.get(runId);
    if (known !== undefined) return Promise.resolve(known);
    let end = this.#ends.get(runId);
    if (end === undefined) {
      end = { awaited: this.#awaited<RunEnd>(), holders: 0, isAlive: false };
      this.#ends.set(runId, end);
    }
    end.holders += 1;
    return end.awaited.promise;
  }

  /** Who asked for the end does not wait for it after all. */
  release(runId: string): void {
    const end = this.#ends.get(runId);
    if (end === undefined) return;
    end.holders -= 1;
    if (end.holders === 0) this.#ends.delete(runId);
  }

  get areAwaited(): boolean {
    return this.#answers.size > 0 || this.#ends.size > 0;
  }

  awaitsEnd(runId: string): boolean {
    return this.#ends.has(runId);
  }

  /** This client asks for the run to be started: it takes its time to be heard of where much is. */
  startedHere(runId: string): void {
    this.#startedHere.add(runId);
    for (const oldest of this.#startedHere) {
      if (this.#startedHere.size <= mostStarted) break;
      this.#startedHere.delete(oldest);
    }
  }

  isStartedHere(runId: string): boolean {
    return this.#startedHere.has(runId);
  }

  /** The end is awaited, and nothing was heard of the run: it may have ended before anybody listened. */
  mayHaveEnded(runId: string): boolean {
    return this.#ends.get(runId)?.isAlive === false;
  }

  /** Somebody else knew. */
  take(runId: string, end: RunEnd): void {
    this.#remember(runId, end);
    this.#ends.get(runId)?.awaited.resolve(end);
    this.#ends.delete(runId);
  }

  /** It can't be known. */
  fail(runId: string, reason: Error): void {
    this.#ends.get(runId)?.awaited.reject(reason);
    this.#ends.delete(runId);
  }

  /** History can't be followed any more: what was waited for from there will not come. */
  failAll(isOfIt: (runId: string) => boolean, reason: Error): void {
    for (const runId of this.#ends.keys()) if (isOfIt(runId)) this.fail(runId, reason);
  }

  /** Nothing is heard any more. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const answer of this.#answers.values()) answer.reject(reason);
    for (const { awaited } of this.#ends.values()) awaited.reject(reason);
    this.#answers.clear();
    this.#ends.clear();
  }

  readonly takeDecisions = (decisions: readonly Decision[]): void => {
    if (this.#answers.size === 0) return;
    for (const { inputId, events } of decisions) {
      const answer = this.#answers.get(inputId);
      if (answer === undefined) continue;
      this.#answers.delete(inputId);
      answer.resolve(events);
    }
  };

  readonly takeSettled = (decisions: readonly Decision[]): void => {
    if (this.#ends.size === 0) return;
    for (const { runId, events } of decisions) {
      const awaited = this.#ends.get(runId);
      if (awaited === undefined) continue;
      const end = events.map(endOf).find((candidate) => candidate !== undefined);
      if (end !== undefined) this.take(runId, end);
      else if (!awaited.isAlive) awaited.isAlive = events.some(({ type }) => type !== "CommandRefused");
    }
  };

  #awaited<T>(): Expected<T> {
    const awaited = Promise.withResolvers<T>();
    // Not everybody who may wait does.
    awaited.promise.catch(() => {});
    if (this.#closed !== undefined) awaited.reject(this.#closed);
    return awaited;
  }

  #remember(runId: string, end: RunEnd): void {
    this.#known.set(runId, end);
    this.#knownLength += lengthOf(end);
    for (const [oldest, known] of this.#known) {
      if (this.#known.size <= mostKnown && this.#knownLength <= mostKnownLength) break;
      this.#known.delete(oldest);
      this.#knownLength -= lengthOf(known);
    }
  }
}

function lengthOf(end: RunEnd): number {
  return end.status === "completed" ? end.output.length : JSON.stringify(end).length;
}

export function endOf(event: RunEvent): RunEnd | undefined {
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
