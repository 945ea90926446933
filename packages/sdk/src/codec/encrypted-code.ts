import type { Payload, RunDecision } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";
import { PayloadError } from "../payload.ts";
import type { Insistence } from "./insistence.ts";
import { type Payloads, PayloadUnreadableError, stuckAnswer } from "./payloads.ts";

const mostRemembered = 20_000;

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
  /** What each run was started with, the one asked of longest ago first. */
  readonly #inputs = new Map<string, Payload>();

  constructor(code: Code, payloads: Payloads, waiting: Waiting) {
    this.#code = code;
    this.#payloads = payloads;
    this.#waiting = waiting;
  }

  async answer(question: AskedQuestion): Promise<DecisionAnswer> {
    const { events, runId, continues } = question;
    if (this.#payloads.encrypts) {
      const [first] = events;
      if (first?.event.type === "RunStarted") this.#remember(runId, first.event.input);
      // Whose key it takes is said by the beginning.
      else if (continues !== undefined && !this.#inputs.has(runId)) return { type: "needsHistory" };
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
      return await this.#patiently(() => this.#encrypted(question, answer));
    } catch (error) {
      if (error instanceof PayloadError) return stuckAnswer(error);
      throw error;
    }
  }

  async #encrypted(question: AskedQuestion, answer: DecisionAnswer): Promise<DecisionAnswer> {
    const about = { runId: question.runId, like: this.#inputs.get(question.runId) ?? "null" };
    switch (answer.type) {
      case "decided": {
        const decisions: RunDecision[] = [];
        for (const decision of answer.decisions) decisions.push(await this.#payloads.sent(decision, about));
        return { ...answer, decisions };
      }
      case "notMine":
        if (answer.failure === undefined) return answer;
        return { ...answer, ...(await this.#payloads.sentRefusal(answer.reason, answer.failure, about)) };
      case "needsHistory":
        return answer;
    }
  }

  #patiently<T>(done: () => Promise<T>): Promise<T> {
    const { insistence, stop } = this.#waiting;
    return insistence.on(done, stop);
  }

  #remember(runId: string, input: Payload): void {
    this.#inputs.delete(runId);
    this.#inputs.set(runId, input);
    for (const oldest of this.#inputs.keys()) {
      if (this.#inputs.size <= mostRemembered) break;
      this.#inputs.delete(oldest);
    }
  }
}
