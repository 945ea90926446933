import type { RunDecision } from "@downbeat/domain";
import type { DecisionSession, Offer, Question, RecordedEvent } from "@downbeat/protocol";
import { PayloadError } from "../payload.ts";
import { type Payloads, PayloadUnreadableError, stuckAnswer } from "./payloads.ts";

/** Has code in this process asked that is told plain values, and whose decisions are recorded encrypted as the run's input is. */
export class EncryptedSession implements DecisionSession {
  readonly #session: DecisionSession;
  readonly #payloads: Payloads;
  /** The events of each run as its code is told them. */
  readonly #plainOf = new Map<string, RecordedEvent[]>();

  constructor(session: DecisionSession, payloads: Payloads) {
    this.#session = session;
    this.#payloads = payloads;
  }

  async ask(question: Question): Promise<readonly RunDecision[]> {
    const { runId, history } = question;
    try {
      const answer = await this.#session.ask(await this.#plain(question));
      const [first] = history;
      const like = first?.event.type === "RunStarted" ? first.event.input : undefined;
      const sent: RunDecision[] = [];
      for (const decision of answer) sent.push(await this.#payloads.sent(decision, { runId, like }));
      return sent;
    } catch (error) {
      return stuckBy(error);
    }
  }

  async check(question: Question, offer: Offer): Promise<string | undefined> {
    let plain: Question;
    try {
      plain = await this.#plain(question);
    } catch {
      // The code is asked next, and the run says then why it can't go on.
      return undefined;
    }
    try {
      return await this.#session.check(plain, await this.#plainOffer(offer));
    } catch (error) {
      if (error instanceof PayloadUnreadableError) return error.message;
      throw error;
    }
  }

  forget(runId: string): void {
    this.#plainOf.delete(runId);
    this.#session.forget(runId);
  }

  close(): void {
    this.#plainOf.clear();
    this.#session.close();
  }

  async #plain(question: Question): Promise<Question> {
    const { runId, history } = question;
    const plain = this.#plainOf.get(runId) ?? [];
    // More than is there at the call doesn't count.
    const fresh = history.slice(plain.length, history.length);
    for (const recorded of await this.#payloads.plainEvents(fresh)) plain.push(recorded);
    this.#plainOf.set(runId, plain);
    return { ...question, history: plain };
  }

  async #plainOffer(offer: Offer): Promise<Offer> {
    switch (offer.type) {
      case "jobInput":
        return { ...offer, input: await this.#payloads.plain(offer.input) };
      case "jobOutput":
        return { ...offer, output: await this.#payloads.plain(offer.output) };
      case "signal":
        return { ...offer, payload: await this.#payloads.plain(offer.payload) };
    }
  }
}

function stuckBy(error: unknown): readonly RunDecision[] {
  if (error instanceof PayloadUnreadableError || error instanceof PayloadError)
    return stuckAnswer(error).decisions;
  throw error;
}
