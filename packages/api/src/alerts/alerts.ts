import type { MessageLog } from "@downbeat/message-log";
import { type AlertMessage, encodeAlertMessage, parseAlertMessage, topics } from "@downbeat/protocol";
import { SharedTopic } from "../shared/shared-topic.ts";
import { AlertFold } from "./alert-fold.ts";

export interface AlertsOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** What people want to be told of, and what was found: kept in the log, so that every server knows the same and none begins an incident again. */
export class Alerts {
  readonly #fold = new AlertFold();
  readonly #topic: SharedTopic;
  #isRead = false;

  constructor({ log, patienceMs }: AlertsOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.alerts,
      what: "the alerts",
      onMessage: (payload) => {
        const message = parseAlertMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
  }

  /** As far as is known here; after `upToNow`, as it was then. */
  get known(): Omit<AlertFold, "take"> {
    return this.#fold;
  }

  /** For whoever looks: once all of it was read it is followed, and the log need not be asked each time. Rejects as `upToNow` does. */
  async forLooking(): Promise<Omit<AlertFold, "take">> {
    return this.#isRead ? this.#fold : this.upToNow();
  }

  /** Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async upToNow(): Promise<Omit<AlertFold, "take">> {
    await this.#topic.readUpToNow();
    this.#isRead = true;
    return this.#fold;
  }

  /** Resolves when it is durable and folded. Rejects with `ApiError("unavailable")`. */
  async append(message: AlertMessage): Promise<void> {
    const of = "number" in message ? `${message.ruleId}/${message.number}` : message.ruleId;
    await this.#topic.append(encodeAlertMessage(message), of);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
