import type { RunDecision } from "@downbeat/domain";
import type { AskedQuestion, DecisionService, DecisionSession, Offer, Question } from "@downbeat/protocol";
import { z } from "zod";
import { failure } from "../../failure.ts";
import { type LoggerOption, loggerOf } from "../../logging/careful-logger.ts";
import { silent } from "../../logging/logger.ts";
import { checkOptions } from "../../options/check-options.ts";
import { callable, logger, oneOf, wholeNumber } from "../../options/fields.ts";
import { type OnProblem, problemListener } from "../../problem-listener.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { inProcessDecisions } from "../in-process-decisions.ts";
import { DecisionThreads } from "./decision-threads.ts";
import { limitFields, limitsOf } from "./options.ts";

export interface ThreadedOptions {
  /** How many live coroutines are kept at most. Default 20,000. */
  readonly maxCachedRuns?: number;
  /** Hears of a rejected promise that workflow code left behind, which changes nothing for the run. */
  readonly onStray?: (runId: string, reason: Error) => void;
  readonly onProblem?: OnProblem;
  /** Takes what workflow code writes with `run.log`. Default: nobody. */
  readonly logger?: LoggerOption;
  /** Default 1. */
  readonly threads?: number;
  /** Processor time of one step of workflow code, ms. Default 5,000. */
  readonly stepMs?: number;
  /** What a thread may hold, in MB. Default 512. */
  readonly memoryMb?: number;
  /** `none`: in the thread of who asks, without limits. Default `thread`. */
  readonly isolation?: "thread" | "none";
}

export interface ThreadedDecisions extends DecisionService {
  /** When the code is loaded; questions wait for it. */
  readonly ready: Promise<unknown>;
  close(): Promise<void>;
}

const optionsSchema = z.strictObject(
  {
    maxCachedRuns: wholeNumber(0, 1_000_000_000).optional(),
    onStray: callable.optional(),
    onProblem: callable.optional(),
    logger: logger.optional(),
    ...limitFields,
    isolation: oneOf("thread", "none").optional(),
  },
  { error: "they are an object" },
);

/**
 * Runs workflow code in threads of this process: code that never ends, takes all memory or ends its thread gets its own run stuck, and nothing else.
 *
 * @throws RangeError when two workflows have one name, RangeError or TypeError for an option that can't be taken
 */
export function threadedDecisions(
  workflows: readonly AnyWorkflow[],
  options: ThreadedOptions = {},
): ThreadedDecisions {
  checkOptions("threadedDecisions()", optionsSchema, options);
  const { checkStart } = inProcessDecisions(workflows);
  const { onStray = () => {} } = options;
  const threads = new DecisionThreads({
    workflows,
    isolation: options.isolation ?? "thread",
    ...limitsOf(options),
    onStray: (key, reason) => onStray(key.slice(key.indexOf("/") + 1), reason),
    onProblem: problemListener(options.onProblem ?? (() => {}), silent),
    logger: loggerOf(options.logger ?? false),
  });
  let sessions = 0;
  return {
    checkStart,
    openSession: () => new ThreadedSession(threads, `${++sessions}`),
    ready: threads.ready,
    close: () => threads.close(),
  };
}

/** The answer that the run's next question continues from. */
interface Last {
  readonly answerId: string;
  readonly upTo: number;
}

class ThreadedSession implements DecisionSession {
  readonly #threads: DecisionThreads;
  /** Two sessions may have different histories of one run. */
  readonly #name: string;
  readonly #last = new Map<string, Last>();

  constructor(threads: DecisionThreads, name: string) {
    this.#threads = threads;
    this.#name = name;
  }

  async ask(question: Question): Promise<readonly RunDecision[]> {
    const { runId } = question;
    const upTo = question.history.length;
    const last = this.#last.get(runId);
    let answer = await this.#threads.answer(asked(question, upTo, last), this.#key(runId));
    if (answer.type === "needsHistory")
      answer = await this.#threads.answer(asked(question, upTo, undefined), this.#key(runId));
    switch (answer.type) {
      case "decided":
        this.#last.set(runId, { answerId: answer.answerId, upTo });
        return answer.decisions;
      case "notMine":
        return [{ type: "GetStuck", failure: failure("code", "UnknownWorkflow", answer.reason) }];
      case "needsHistory":
        throw new Error("It is closed.");
    }
  }

  async check(question: Question, offer: Offer): Promise<string | undefined> {
    const { runId } = question;
    const upTo = question.history.length;
    const last = this.#last.get(runId);
    let answer = await this.#threads.check(asked(question, upTo, last), offer, this.#key(runId));
    if (answer.type === "needsHistory")
      answer = await this.#threads.check(asked(question, upTo, undefined), offer, this.#key(runId));
    return answer.type === "checked" ? answer.problem : undefined;
  }

  forget(runId: string): void {
    if (this.#last.delete(runId)) this.#threads.forget(runId, this.#key(runId));
  }

  close(): void {
    for (const runId of [...this.#last.keys()]) this.forget(runId);
  }

  #key(runId: string): string {
    return `${this.#name}/${runId}`;
  }
}

function asked({ runId, workflow, history }: Question, upTo: number, last: Last | undefined): AskedQuestion {
  const question = { runId, workflow, upTo, attempt: 1 };
  if (last === undefined) return { ...question, events: history.slice(0, upTo) };
  return { ...question, continues: last.answerId, events: history.slice(last.upTo, upTo) };
}
