import type { AcceptCursor } from "@downbeat/domain";
import {
  type Clock,
  comparePositions,
  type MessageLog,
  type Position,
  type Reader,
  type ReceivedMessage,
  type ReconnectOptions,
  reconnectingReader,
} from "@downbeat/message-log";
import { type Decision, type DecisionRecord, readHistory, readRecord, topics } from "@downbeat/protocol";
import type { OnProblem } from "../problem-listener.ts";

/**
 * More records than an owner of a partition ever has under way: it appends another one only after an earlier one of its own was read
 * back as accepted. So of a chain that is longer, the beginning counts.
 */
const provingChain = 16;
const quietMs = 250;

export interface HistoryListener {
  /** Decisions that count, as far as can be told. */
  readonly onDecisions: (decisions: readonly Decision[]) => void;
  /** The same decisions, once it is settled that they count. */
  readonly onSettled: (decisions: readonly Decision[]) => void;
  readonly onProblem: OnProblem;
  /** Called with the reason when the connection is lost, or can't be opened again for another one, and without when it is there. */
  readonly onConnection?: (reason?: Error) => void;
  /** It can't be followed any more, ever. */
  readonly onEnd?: (reason: Error) => void;
  /** Whether somebody waits for what comes. */
  readonly isAwaited: () => boolean;
}

interface Claim {
  readonly epoch: number;
  readonly owner: string;
  /** How many records had been taken before. */
  readonly taken: number;
}

interface Unsettled {
  readonly record: DecisionRecord;
  /** How many records had been taken before. */
  readonly taken: number;
  readonly cancel: () => void;
}

/**
 * Follows one partition of history from now on, leaving out what the accept rule ignores.
 *
 * Who starts in the middle does not know the last record that counted. Until it is known, every decision record is taken: one of
 * an owner that was fenced just before can't be told apart, and what it says of a command is decided again in the same way. What
 * is not to be taken back (how a run ended) waits to be settled: by a record that builds on it, or by silence. It is known when
 *
 * F1. a decision record builds on a claim that was seen: its owner has read the claim back as accepted; or
 * F2. a chain is longer than what an owner has under way; then it is known until the next claim, whose epoch may be too low.
 */
export class HistoryFollower {
  /** Resolves when nothing that comes from now on is missed. Rejects when it never will be. */
  readonly ready: Promise<void>;
  readonly #reader: Reader;
  readonly #clock: Clock;
  readonly #listener: HistoryListener;
  /** F1: all is known. */
  #cursor: AcceptCursor | undefined;
  /** That may count, in history's order. */
  readonly #claims = new Map<string, Claim>();
  #taken = 0;
  #chain = { last: "", length: 0 };
  #position: Position | "start" | undefined;
  #unreadable = 0;
  #unsettled: Unsettled[] = [];

  constructor(
    log: MessageLog,
    partition: number,
    given: HistoryListener & { readonly clock: Clock; readonly reconnect: ReconnectOptions },
  ) {
    this.#clock = given.clock;
    this.#listener = given;
    const { promise, resolve: connected, reject: failed } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => {});
    this.#reader = reconnectingReader(log, topics.history(partition), {
      ...given.reconnect,
      from: "latest",
      expectsMore: given.isAwaited,
      onLatest: (last) => {
        this.#position = last ?? "start";
      },
      onMessage: (message) => this.#take(message),
      onStateChange: (state, reason) => {
        if (state === "connected") {
          connected();
          given.onConnection?.();
        } else if (reason !== undefined) given.onConnection?.(reason);
      },
      onClose: (reason) => {
        if (reason === undefined) return;
        given.onProblem("The history can't be followed any more.", reason);
        failed(reason);
        given.onEnd?.(reason);
      },
    });
  }

  /** Whether everything up to there was read here. */
  hasRead(end: Position | undefined): boolean {
    if (this.#position === undefined) return false;
    if (end === undefined || this.#position === "start") return end === undefined;
    return comparePositions(this.#position, end) >= 0;
  }

  /** Records that could not be read so far. */
  get unreadable(): number {
    return this.#unreadable;
  }

  async close(): Promise<void> {
    for (const { cancel } of this.#unsettled) cancel();
    await this.#reader.close();
  }

  #take(message: ReceivedMessage): void {
    this.#position = message.position;
    if (this.#cursor !== undefined) {
      const reading = readHistory(this.#cursor, message);
      this.#cursor = reading.cursor;
      if (reading.type === "leftOut" && reading.cause !== "notCounted") this.#unreadable++;
      if (reading.type === "decisions") this.#tell(reading.record);
      return;
    }
    const record = readRecord(message);
    if ("unreadable" in record) {
      this.#unreadable++;
      return;
    }
    if (record.kind === "claim") {
      this.#claims.set(record.id, { epoch: record.epoch, owner: record.owner, taken: this.#taken });
      this.#chain = { ...this.#chain, length: 0 };
      return;
    }
    this.#takeUnsure(record);
  }

  #takeUnsure(record: DecisionRecord): void {
    const claim = this.#claims.get(record.prev);
    if (claim !== undefined) {
      if (this.#isSuperseded(claim)) return;
      const { epoch, owner, taken } = claim;
      this.#cursor = { epoch, owner, last: record.id, count: 0, claim: record.claimId };
      // What came behind the claim does not build on it: it was fenced.
      this.#settle((earlier) => earlier.taken < taken);
      for (const fenced of this.#unsettled.splice(0)) fenced.cancel();
      return this.#tell(record);
    }
    const builds = record.prev === this.#chain.last;
    const isKnown = this.#chain.length > provingChain;
    if (isKnown && !builds) return;
    this.#chain = { last: record.id, length: builds ? this.#chain.length + 1 : 1 };
    // In history's order: what a run has ended with must not be told before what came earlier.
    this.#settle((earlier) => earlier.record.id === record.prev);
    if (isKnown) {
      this.#claims.clear();
      return this.#tell(record);
    }
    this.#listener.onDecisions(record.decisions);
    const cancel = this.#clock.setTimer(() => this.#settle((quiet) => quiet.record === record), quietMs);
    this.#unsettled.push({ record, taken: this.#taken++, cancel });
  }

  #tell(record: DecisionRecord): void {
    this.#listener.onDecisions(record.decisions);
    this.#listener.onSettled(record.decisions);
  }

  /** Its owner had not read yet that another one came. */
  #isSuperseded(claim: Claim): boolean {
    const claims = Array.from(this.#claims.values());
    return claims.slice(claims.indexOf(claim)).some(({ epoch }) => epoch > claim.epoch);
  }

  #settle(isSettled: (unsettled: Unsettled) => boolean): void {
    const settled = this.#unsettled.filter(isSettled);
    if (settled.length === 0) return;
    this.#unsettled = this.#unsettled.filter((one) => !settled.includes(one));
    for (const { record, cancel } of settled) {
      cancel();
      this.#listener.onSettled(record.decisions);
    }
  }
}
