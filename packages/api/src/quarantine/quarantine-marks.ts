import type { MessageLog } from "@downbeat/message-log";
import {
  encodeQuarantineMarkMessage,
  parseQuarantineMarkMessage,
  type QuarantineMarkMessage,
  topics,
} from "@downbeat/protocol";
import { PatientReading } from "../shared/patient-reading.ts";
import { SharedTopic } from "../shared/shared-topic.ts";
import { type KnownMark, QuarantineMarkFold } from "./quarantine-mark-fold.ts";

export interface QuarantineMarksOptions {
  readonly log: MessageLog;
  /** How long whoever does something may wait for the log, ms. */
  readonly patienceMs?: number;
  /** How long whoever looks at the quarantine waits for what was done about it, ms. */
  readonly firstReadMs?: number;
  readonly now?: () => number;
}

/** What people did about entries of the quarantine, kept in the log: on every server the same. */
export class QuarantineMarks {
  readonly #fold = new QuarantineMarkFold();
  readonly #topic: SharedTopic;
  readonly #reading: PatientReading;

  constructor({ log, patienceMs, firstReadMs = 800, now = Date.now }: QuarantineMarksOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.quarantineMarks,
      what: "what was done about the quarantine",
      onMessage: (payload) => {
        const message = parseQuarantineMarkMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
    this.#reading = new PatientReading({ read: () => this.#topic.readUpToNow(), firstReadMs, now });
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** Whether all that was done before this server was asked first is known. */
  get isRead(): boolean {
    return this.#reading.isDone;
  }

  /** For whoever looks at the quarantine, which is shown though the log does not say what was done about it. */
  forLooking(): Promise<void> {
    return this.#reading.forLooking();
  }

  /** Everything that the log held when it was asked is known. Rejects with `ApiError("unavailable")`. */
  async upToNow(): Promise<void> {
    await this.#topic.readUpToNow();
    this.#reading.done();
  }

  /** Entries about which something was done, also those that are not kept any more. */
  get size(): number {
    return this.#fold.size;
  }

  of(entry: string): KnownMark | undefined {
    return this.#fold.stateOf(entry);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: QuarantineMarkMessage): Promise<boolean> {
    await this.#topic.append(encodeQuarantineMarkMessage(message), message.entry);
    return this.#fold.isBy(message.entry, message.changeId);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
