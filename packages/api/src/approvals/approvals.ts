import type { SecondPersonRule } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import {
  type ApprovalWord,
  encodeApprovalMessage,
  parseApprovalMessage,
  type RequestedWord,
  type Seals,
  type TargetsPart,
  topics,
} from "@downbeat/protocol";
import { SharedTopic } from "../shared/shared-topic.ts";
import { ApprovalFold, type KnownApproval } from "./approval-fold.ts";

interface ApprovalsOptions {
  readonly log: MessageLog;
  /** What needs a second person here; absent: nothing. */
  readonly rule?: SecondPersonRule | undefined;
  /** By which servers know each other's words; absent where no keys are configured. */
  readonly seals?: Seals | undefined;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** What was asked for that needs a second person, and who said what of it: kept in the log, where every server finds the same. */
export class Approvals {
  readonly rule: SecondPersonRule | undefined;
  readonly seals: Seals | undefined;
  readonly #fold = new ApprovalFold();
  readonly #topic: SharedTopic;

  constructor({ log, rule, seals, patienceMs }: ApprovalsOptions) {
    this.rule = rule;
    this.seals = seals;
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.approvals,
      what: "what needs a second person",
      onMessage: (payload) => {
        const word = parseApprovalMessage(payload, seals);
        if (word !== undefined) this.#fold.take(word);
      },
    });
  }

  /** In the order in which they were asked for. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async all(): Promise<readonly KnownApproval[]> {
    await this.#topic.readUpToNow();
    return this.#fold.all;
  }

  /** Whether some that are over were let go of: they stay in the log. */
  get forgot(): boolean {
    return this.#fold.forgot;
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** As far as it is read here. */
  of(id: string): KnownApproval | undefined {
    return this.#fold.of(id);
  }

  /** See `ApprovalFold`. */
  targetsOf(id: string): readonly TargetsPart["targets"][] | undefined {
    return this.#fold.targetsOf(id);
  }

  /** See `ApprovalFold`. */
  hasList(id: string, fixed: NonNullable<RequestedWord["targets"]>): boolean {
    return this.#fold.hasList(id, fixed);
  }

  /** See `ApprovalFold`. */
  hasRoomFor(count: number): boolean {
    return this.#fold.hasRoomFor(count);
  }

  /** Resolves when it is durable, and in the next answer, whether it counts or not. Rejects with `ApiError("unavailable")`. */
  append(word: ApprovalWord | TargetsPart): Promise<void> {
    return this.#topic.append(encodeApprovalMessage(word, this.seals), word.id);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
