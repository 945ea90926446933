import type { RunDecision } from "@downbeat/domain";
import type { DecisionSession, Offer, Question, RecordedEvent } from "@downbeat/protocol";
import { failure, failureOf } from "../failure.ts";
import { asError } from "../thrown/as-error.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { Coroutine } from "./coroutine.ts";
import { Drain } from "./drain.ts";
import { unknownWorkflow } from "./unknown-workflow.ts";

export class InProcessSession implements DecisionSession {
  readonly #workflows: ReadonlyMap<string, AnyWorkflow>;
  readonly #maxCached: number;
  readonly #onStray: (runId: string, reason: Error) => void;
  readonly #drain = new Drain();
  /** Least recently asked first. */
  readonly #cached = new Map<string, Coroutine>();

  constructor(
    workflows: ReadonlyMap<string, AnyWorkflow>,
    maxCached: number,
    onStray: (runId: string, reason: Error) => void,
  ) {
    this.#workflows = workflows;
    this.#maxCached = maxCached;
    this.#onStray = onStray;
  }

  ask(question: Question): Promise<readonly RunDecision[]> {
    const { workflow: name } = question;
    const workflow = this.#workflows.get(name);
    if (workflow === undefined) {
      const message = unknownWorkflow(this.#workflows, name);
      return Promise.resolve([{ type: "GetStuck", failure: failure("code", "UnknownWorkflow", message) }]);
    }
    return this.#atEnd<readonly RunDecision[]>(
      question,
      workflow,
      (coroutine) => coroutine.answer(),
      (error) => [{ type: "GetStuck", failure: failureOf("code", error) }],
    );
  }

  check(question: Question, offer: Offer): Promise<string | undefined> {
    const workflow = this.#workflows.get(question.workflow);
    if (workflow === undefined) return Promise.resolve(undefined);
    return this.#atEnd<string | undefined>(
      question,
      workflow,
      (coroutine) => coroutine.problemWith(offer),
      // The code is asked next, and says what is wrong with it.
      () => undefined,
    );
  }

  /** Brings the run's coroutine to the end of the history, and answers from there. */
  #atEnd<T>(
    { runId, history }: Question,
    workflow: AnyWorkflow,
    answer: (coroutine: Coroutine) => T,
    instead: (error: unknown) => T,
  ): Promise<T> {
    const end = history.length;
    const coroutine = this.#coroutine(runId, workflow, history);
    return new Promise((resolve) => {
      const next = (): void => {
        try {
          if (coroutine.feed(history, end)) this.#drain.whenDrained(settle);
          else resolve(answer(coroutine));
        } catch (error) {
          // History that can't be read, or a bug of ours: either way this run's trouble and nobody else's.
          this.forget(runId);
          resolve(instead(error));
        }
      };
      const settle = (): void => {
        coroutine.settle();
        next();
      };
      next();
    });
  }

  forget(runId: string): void {
    this.#cached.delete(runId);
  }

  close(): void {
    this.#cached.clear();
  }

  #coroutine(runId: string, workflow: AnyWorkflow, history: readonly RecordedEvent[]): Coroutine {
    const cached = this.#cached.get(runId);
    const usable = cached !== undefined && cached.fed <= history.length && !resumedSince(history, cached.fed);
    const onStray = this.#onStray;
    const coroutine = usable
      ? cached
      : new Coroutine(runId, workflow, (reason) => onStray(runId, asError(reason)));
    this.#cached.delete(runId);
    this.#cached.set(runId, coroutine);
    if (this.#cached.size > this.#maxCached) {
      for (const oldest of this.#cached.keys()) {
        this.#cached.delete(oldest);
        break;
      }
    }
    return coroutine;
  }
}

/** A resumed run is asked from the start: its code was changed, or the trouble is hoped to have passed. */
function resumedSince(history: readonly RecordedEvent[], index: number): boolean {
  for (let i = index; i < history.length; i++) {
    if (history[i]?.event.type === "RunResumed") return true;
  }
  return false;
}
