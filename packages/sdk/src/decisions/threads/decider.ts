import { randomUUID } from "node:crypto";
import type { Failure, RunDecision } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer, Offer, PassedOver } from "@downbeat/protocol";
import { failureOf } from "../../failure.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { isResumedIn, LiveRuns, type LiveRunsOptions, type Place } from "../live-runs.ts";
import { unknownWorkflow } from "../unknown-workflow.ts";
import type { OfferAnswer } from "./answers.ts";

export type Decided = Extract<DecisionAnswer, { type: "decided" }>;

interface Outcome {
  readonly decisions: readonly RunDecision[];
  readonly misfit?: string | undefined;
  readonly untaken?: Failure | undefined;
  readonly passedOver?: PassedOver | undefined;
}

const ends: ReadonlySet<string> = new Set(["CompleteRun", "FailRun", "FinishCancel", "GetStuck"]);

/**
 * Answers questions with the code that is here, one after another.
 *
 * D1. Who asks about a run with an answer's id gets an answer from the coroutine that gave it, or hears that its history is needed.
 * D2. A whole history is replayed, whatever coroutine there is: the answer that it gave may not have counted, and it may have gone another way.
 * D3. The same question asked again is answered as it was, as long as that is remembered.
 */
export class Decider {
  readonly #workflows: ReadonlyMap<string, AnyWorkflow>;
  readonly #runs: LiveRuns;
  /** The last answer about each live run. */
  readonly #answers = new Map<string, { readonly upTo: number; readonly answer: Decided }>();
  readonly #name = randomUUID();
  #answered = 0;

  constructor(workflows: ReadonlyMap<string, AnyWorkflow>, options: LiveRunsOptions) {
    this.#workflows = workflows;
    this.#runs = new LiveRuns(options);
  }

  /** @param key names the run here; two who ask may hold different histories of one run */
  async answer(question: AskedQuestion, key: string): Promise<DecisionAnswer> {
    const workflow = this.#workflows.get(question.workflow);
    if (workflow === undefined)
      return { type: "notMine", reason: unknownWorkflow(this.#workflows, question.workflow) };
    const before = this.#answers.get(key);
    if (before?.upTo === question.upTo && this.#runs.fed(key) !== undefined) return before.answer;
    const place = this.#place(question, workflow, key);
    if (place === undefined) return { type: "needsHistory" };
    const { decisions, misfit, untaken, passedOver } = await this.#runs.atEnd<Outcome>(
      place,
      (coroutine) => ({
        decisions: coroutine.answer(),
        misfit: coroutine.misfit,
        untaken: coroutine.untaken,
        passedOver: coroutine.passedOver,
      }),
      (error) => ({ decisions: [{ type: "GetStuck", failure: failureOf("code", error) }] }),
    );
    const answer: Decided = {
      type: "decided",
      answerId: `${this.#name}/${++this.#answered}`,
      decisions,
      ...(misfit !== undefined && { misfit }),
      ...(untaken !== undefined && { untaken }),
      ...(passedOver !== undefined && { passedOver }),
    };
    this.#answers.delete(key);
    this.#answers.set(key, { upTo: question.upTo, answer });
    // Should it not count after all, the history is asked for.
    if (decisions.some(({ type }) => ends.has(type))) this.forget(key);
    if (this.#answers.size > 2 * this.#runs.size + 100) this.#forgetAnswers();
    return answer;
  }

  async check(question: AskedQuestion, offer: Offer, key: string): Promise<OfferAnswer> {
    const workflow = this.#workflows.get(question.workflow);
    if (workflow === undefined) return { type: "checked" };
    const place = this.#place(question, workflow, key);
    if (place === undefined) return { type: "needsHistory" };
    const problem = await this.#runs.atEnd<string | undefined>(
      place,
      (coroutine) => coroutine.problemWith(offer),
      // The code is asked next, and says what is wrong with it.
      () => undefined,
    );
    return problem === undefined ? { type: "checked" } : { type: "checked", problem };
  }

  forget(key: string): void {
    this.#runs.forget(key);
    this.#answers.delete(key);
  }

  /** Forgets half of the runs, those that were not asked about for the longest time. */
  forgetHalf(): void {
    this.#runs.keepAtMost(Math.floor(this.#runs.size / 2));
    this.#forgetAnswers();
  }

  /** @returns nothing where the history is needed */
  #place(
    { runId, events, continues, upTo }: AskedQuestion,
    workflow: AnyWorkflow,
    key: string,
  ): Place | undefined {
    if (continues === undefined) {
      this.forget(key);
      return { key, runId, workflow, events, before: 0 };
    }
    const before = upTo - events.length;
    const last = this.#answers.get(key);
    const fed = this.#runs.fed(key);
    const isHere =
      last?.answer.answerId === continues &&
      fed !== undefined &&
      fed >= before &&
      fed <= upTo &&
      last.upTo === before;
    if (isHere && !isResumedIn(events, 0)) return { key, runId, workflow, events, before };
    this.forget(key);
    return undefined;
  }

  /** Those of runs that are not live any more. */
  #forgetAnswers(): void {
    for (const key of this.#answers.keys()) if (this.#runs.fed(key) === undefined) this.#answers.delete(key);
  }
}
