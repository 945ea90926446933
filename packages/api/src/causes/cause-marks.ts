import type { MessageLog } from "@downbeat/message-log";
import {
  type CauseMarkMessage,
  encodeCauseMarkMessage,
  parseCauseMarkMessage,
  topics,
} from "@downbeat/protocol";
import { PatientReading } from "../shared/patient-reading.ts";
import { SharedTopic } from "../shared/shared-topic.ts";
import type { CauseMark } from "../views.ts";
import { CauseMarkFold } from "./cause-mark-fold.ts";

export interface CauseMarksOptions {
  readonly log: MessageLog;
  /** How long whoever marks something may wait for the log, ms. */
  readonly patienceMs?: number;
  /** How long whoever looks at causes waits for what people have said of them, ms. */
  readonly firstReadMs?: number;
  readonly now?: () => number;
}

/** What people have said of causes: that nobody need be told for a while, where it is worked on, that it is dealt with. Kept in the log, as saved queries are. */
export class CauseMarks {
  readonly #fold = new CauseMarkFold();
  readonly #topic: SharedTopic;
  readonly #reading: PatientReading;

  constructor({ log, patienceMs, firstReadMs = 800, now = Date.now }: CauseMarksOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.causeMarks,
      what: "what people have said of causes",
      onMessage: (payload) => {
        const message = parseCauseMarkMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
    this.#reading = new PatientReading({ read: () => this.#topic.readUpToNow(), firstReadMs, now });
  }

  /** As far as is known here. */
  get known(): readonly CauseMark[] {
    this.#reading.begin();
    return this.#fold.marks;
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** Whether all that was said before this server was asked first is known. */
  get isRead(): boolean {
    return this.#reading.isDone;
  }

  /** For whoever looks at causes: what needs people is shown, though the log does not say what was said of it. */
  async forLooking(): Promise<readonly CauseMark[]> {
    await this.#reading.forLooking();
    return this.#fold.marks;
  }

  /** Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async upToNow(): Promise<readonly CauseMark[]> {
    await this.#topic.readUpToNow();
    this.#reading.done();
    return this.#fold.marks;
  }

  of(fingerprint: string): CauseMark | undefined {
    return this.#fold.stateOf(fingerprint);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: CauseMarkMessage): Promise<boolean> {
    await this.#topic.append(encodeCauseMarkMessage(message), message.fingerprint);
    return this.#fold.isBy(message.fingerprint, message.changeId);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
