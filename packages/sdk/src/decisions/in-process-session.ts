import type { RunDecision } from "@downbeat/domain";
import type { DecisionSession, Offer, Question } from "@downbeat/protocol";
import { failure, failureOf } from "../failure.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { LiveRuns, type LiveRunsOptions, type Place } from "./live-runs.ts";
import { unknownWorkflow } from "./unknown-workflow.ts";

export class InProcessSession implements DecisionSession {
  readonly #workflows: ReadonlyMap<string, AnyWorkflow>;
  readonly #runs: LiveRuns;

  constructor(workflows: ReadonlyMap<string, AnyWorkflow>, options: LiveRunsOptions) {
    this.#workflows = workflows;
    this.#runs = new LiveRuns(options);
  }

  ask(question: Question): Promise<readonly RunDecision[]> {
    const { workflow: name } = question;
    const workflow = this.#workflows.get(name);
    if (workflow === undefined) {
      const message = unknownWorkflow(this.#workflows, name);
      return Promise.resolve([{ type: "GetStuck", failure: failure("code", "UnknownWorkflow", message) }]);
    }
    return this.#runs.atEnd<readonly RunDecision[]>(
      placeOf(question, workflow),
      (coroutine) => coroutine.answer(),
      (error) => [{ type: "GetStuck", failure: failureOf("code", error) }],
    );
  }

  check(question: Question, offer: Offer): Promise<string | undefined> {
    const workflow = this.#workflows.get(question.workflow);
    if (workflow === undefined) return Promise.resolve(undefined);
    return this.#runs.atEnd<string | undefined>(
      placeOf(question, workflow),
      (coroutine) => coroutine.problemWith(offer),
      // The code is asked next, and says what is wrong with it.
      () => undefined,
    );
  }

  forget(runId: string): void {
    this.#runs.forget(runId);
  }

  close(): void {
    this.#runs.clear();
  }
}

function placeOf({ runId, history }: Question, workflow: AnyWorkflow): Place {
  return { key: runId, runId, workflow, events: history, before: 0 };
}
