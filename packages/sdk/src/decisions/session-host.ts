import { randomUUID } from "node:crypto";
import type { AskedQuestion, DecisionAnswer, DecisionSession, RecordedEvent } from "@downbeat/protocol";
import type { AnyWorkflow } from "../workflow.ts";
import { inProcessDecisions } from "./in-process-decisions.ts";

interface Known {
  readonly history: RecordedEvent[];
  /** Of its last answer. */
  answerId: string;
}

const maxCachedRuns = 20_000;

/** Answers questions by code that lives in this process, in this very thread. */
export class SessionHost {
  readonly #session: DecisionSession;
  /** Least recently asked first. */
  readonly #known = new Map<string, Known>();

  constructor(workflows: readonly AnyWorkflow[], onStray: (runId: string, reason: Error) => void) {
    this.#session = inProcessDecisions(workflows, { maxCachedRuns, onStray }).openSession();
  }

  /** One question of a run at a time. */
  async answer({ runId, workflow, continues, events }: AskedQuestion): Promise<DecisionAnswer> {
    const known = this.#place(runId, continues);
    if (known === undefined) return { type: "needsHistory" };
    for (const event of events) known.history.push(event);
    const decisions = await this.#session.ask({ runId, workflow, history: known.history });
    known.answerId = randomUUID();
    if (decisions.some(({ type }) => ends.has(type))) this.#forget(runId);
    return { type: "decided", answerId: known.answerId, decisions };
  }

  close(): void {
    this.#session.close();
    this.#known.clear();
  }

  #place(runId: string, continues: string | undefined): Known | undefined {
    const known = this.#known.get(runId);
    if (continues !== undefined && known?.answerId === continues) {
      this.#known.delete(runId);
      this.#known.set(runId, known);
      return known;
    }
    // What it holds has gone another way than the run.
    this.#forget(runId);
    if (continues !== undefined) return undefined;
    const fresh: Known = { history: [], answerId: "" };
    this.#known.set(runId, fresh);
    if (this.#known.size > maxCachedRuns) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#forget(oldest);
    }
    return fresh;
  }

  #forget(runId: string): void {
    this.#known.delete(runId);
    this.#session.forget(runId);
  }
}

/** Should it not count after all, the history is asked for. */
const ends: ReadonlySet<string> = new Set(["CompleteRun", "FailRun", "FinishCancel", "GetStuck"]);
