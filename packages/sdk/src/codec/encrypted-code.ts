import type { Payload, RunDecision } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";
import { PayloadError } from "../payload.ts";
import type { Insistence } from "./insistence.ts";
import { type Payloads, PayloadUnreadableError, stuckAnswer } from "./payloads.ts";
import { RunKeys } from "./run-keys.ts";

const endings: ReadonlySet<RunDecision["type"]> = new Set(["CompleteRun", "FailRun", "FinishCancel"]);

interface Code {
  answer(question: AskedQuestion): Promise<DecisionAnswer>;
}

/** How long a codec is waited for that is away. */
interface Waiting {
  readonly insistence: Insistence;
  readonly stop: AbortSignal;
}

/** Has code asked that is told plain values, and whose decisions go to the log encrypted as the run's input is. */
export class EncryptedCode {
  readonly #code: Code;
  readonly #payloads: Payloads;
  readonly #waiting: Waiting;
  readonly #keys = new RunKeys();

  constructor(code: Code, payloads: Payloads, waiting: Waiting) {
    this.#code = code;
    this.#payloads = payloads;
    this.#waiting = waiting;
  }

  async answer(question: AskedQuestion): Promise<DecisionAnswer> {
    const { events, runId, continues } = question;
    if (this.#payloads.encrypts) {
      const like = this.#learnt(question) ?? this.#keys.likeOf(runId);
      // Whose key it takes is said by the beginning.
      if (like === undefined && continues !== undefined) return { type: "needsHistory" };
    }
    try {
      const plain = this.#payloads.encrypts
        ? await this.#patiently(() => this.#payloads.plainEvents(events))
        : await this.#payloads.plainEvents(events);
      return await this.#code.answer(plain === events ? question : { ...question, events: plain });
    } catch (error) {
      if (error instanceof PayloadUnreadableError) return stuckAnswer(error);
      throw error;
    }
  }

  /**
   * As it goes to the log; that the run is stuck, where that can't be.
   *
   * @throws what the codec throws, when nobody waits for it any more
   */
  async sent(question: AskedQuestion, answer: DecisionAnswer): Promise<DecisionAnswer> {
    if (!this.#payloads.encrypts) return answer;
    try {
      const sent = await this.#patiently(() => this.#encrypted(question, answer));
      if (answer.type === "decided" && answer.decisions.some(({ type }) => endings.has(type)))
        this.#keys.forget(question.runId);
      return sent;
    } catch (error) {
      if (error instanceof PayloadError) return stuckAnswer(error);
      throw error;
    }
  }

  async #encrypted(question: AskedQuestion, answer: DecisionAnswer): Promise<DecisionAnswer> {
    if (answer.type === "needsHistory") return answer;
    if (answer.type === "notMine" && answer.failure === undefined) return answer;
    const { runId, continues } = question;
    const like = this.#keys.likeOf(runId) ?? this.#learnt(question);
    // Of a run that was forgotten meanwhile: another key is not to be taken.
    if (like === undefined && continues !== undefined) return { type: "needsHistory" };
    const about = { runId, like: like ?? "null" };
    if (answer.type === "notMine") {
      const { reason, failure } = answer;
      return failure === undefined
        ? answer
        : { ...answer, ...(await this.#payloads.sentRefusal(reason, failure, about)) };
    }
    const decisions: RunDecision[] = [];
    for (const decision of answer.decisions) decisions.push(await this.#payloads.sent(decision, about));
    return { ...answer, decisions };
  }

  #learnt({ runId, events: [first] }: AskedQuestion): Payload | undefined {
    if (first?.event.type !== "RunStarted") return undefined;
    this.#keys.learn(runId, first.event.input);
    return this.#keys.likeOf(runId);
  }

  #patiently<T>(done: () => Promise<T>): Promise<T> {
    const { insistence, stop } = this.#waiting;
    return insistence.on(done, stop);
  }
}
