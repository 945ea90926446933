import type { Payload, RunDecision, RunEvent } from "@downbeat/domain";

/** An event at its place in a run's history. */
export interface RecordedEvent {
  readonly seq: number;
  /** ms since the epoch */
  readonly at: number;
  readonly event: RunEvent;
}

export interface Question {
  readonly runId: string;
  readonly workflow: string;
  /** All of the run's events, from `RunStarted` on. The array may grow later; only what is there at the call counts. */
  readonly history: readonly RecordedEvent[];
}

export type StartRefusal = { readonly code: "UnknownWorkflow" | "InvalidInput"; readonly message: string };

/** What a person or another program hands to the code of a run from outside. */
export type Offer =
  | { readonly type: "jobOutput"; readonly jobId: string; readonly output: Payload }
  /** Another input for a job that is tried again. */
  | { readonly type: "jobInput"; readonly jobId: string; readonly input: Payload }
  | { readonly type: "signal"; readonly name: string; readonly payload: Payload };

/** The port "given this history, what next?". In process it is the SDK's replay of workflow code. */
export interface DecisionService {
  /** Says why a run can't be started, or nothing when it can. */
  checkStart(workflow: string, input: string): StartRefusal | undefined;
  /**
   * One session for each ownership of a partition. It may keep live coroutines of what it was asked about; they hold
   * what the owner only hopes will be accepted, so they go with the session when the owner drops.
   */
  openSession(): DecisionSession;
}

export interface DecisionSession {
  /**
   * What the code wants after the last event of the history, beyond what history already holds. Whatever the code does
   * wrong is an answer (`GetStuck`), never a rejection. At most one question a run is outstanding.
   */
  ask(question: Question): Promise<readonly RunDecision[]>;
  /**
   * Says in a sentence why the code could not take what is offered; nothing when it can, or when it is not waiting for it
   * and so nobody knows yet. Counts as a question.
   */
  check(question: Question, offer: Offer): Promise<string | undefined>;
  /** The run is over or has left memory. */
  forget(runId: string): void;
  close(): void;
}
