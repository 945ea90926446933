import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { damageOf, type ReceivedMessage } from "@downbeat/message-log";
import { type ReadDecisionRecord, readHistory, readRecord } from "@downbeat/protocol";

export interface ChainCounts {
  /** Messages of the partition. */
  readonly records: number;
  readonly claims: number;
  readonly decisions: number;
  /** Of replaced owners: the accept rule leaves them out, as it should. */
  readonly ignored: number;
  readonly unreadable: number;
  readonly runs: number;
  readonly events: number;
  /** Runs that retention removed, of which it is known that they were there. */
  readonly removed: number;
  /** Records that count and are signed, by the id of the key; whether by it is known only to who has the keys. */
  readonly signed: Readonly<Record<string, number>>;
}

/** So many sentences a partition: more of them say nothing more. */
const mostProblems = 20;
/** An owner sends again what it has sent last. */
const remembered = 1_000;
const ends = new Set(["RunCompleted", "RunFailed", "RunCancelled", "RunTerminated"]);

/** Follows one history partition from its beginning, by the rule that every reader follows. */
export class ChainCheck {
  readonly #name: string;
  readonly #problems: string[] = [];
  readonly #signed = new Map<string, number>();
  readonly #counts = {
    records: 0,
    claims: 0,
    decisions: 0,
    ignored: 0,
    unreadable: 0,
    runs: 0,
    events: 0,
    removed: 0,
  };
  #cursor: AcceptCursor = emptyCursor;
  #claimId = "";
  #more = 0;
  readonly #recent = new Set<string>();
  /** Number of the next event of each open run. */
  readonly #next = new Map<string, number>();

  /** @param name of the partition, as the sentences have it */
  constructor(name: string) {
    this.#name = name;
  }

  get counts(): ChainCounts {
    return { ...this.#counts, signed: Object.fromEntries(this.#signed) };
  }

  get problems(): readonly string[] {
    return this.#more === 0
      ? this.#problems
      : [...this.#problems, `${this.#name}: and ${this.#more} more of the kind.`];
  }

  take(message: ReceivedMessage): void {
    this.#counts.records += 1;
    const { position } = message;
    const reading = readHistory(this.#cursor, message);
    this.#cursor = reading.cursor;
    if (reading.type !== "leftOut") this.#countSigned(message);
    switch (reading.type) {
      case "claim":
        this.#claimId = reading.record.id;
        this.#counts.claims += 1;
        this.#recent.clear();
        return;
      case "decisions":
        return this.#follow(reading.record, message);
      case "leftOut":
        if (reading.cause === "notCounted") return this.#ignored(message);
        this.#counts.unreadable += 1;
        return this.#add(
          damageOf(message) ?? `${this.#name}: the message at ${position} can't be used: ${reading.reason}.`,
        );
    }
  }

  #countSigned({ properties: { mac } }: ReceivedMessage): void {
    const [key] = mac?.split(".") ?? [];
    if (key !== undefined) this.#signed.set(key, (this.#signed.get(key) ?? 0) + 1);
  }

  /** A replaced owner's, or one of the present owner's that its reader should have counted. */
  #ignored(message: ReceivedMessage): void {
    this.#counts.ignored += 1;
    const record = readRecord(message);
    if ("unreadable" in record || record.kind === "claim") return;
    if (record.claimId === this.#claimId && !this.#recent.has(record.id))
      this.#add(`${this.#name}: the record at ${message.position} does not follow the one before.`);
  }

  #follow(record: ReadDecisionRecord, { position }: ReceivedMessage): void {
    this.#remember(record.id);
    for (const { runId, seq, events, flaw, removed } of record.decisions) {
      if (removed !== undefined) {
        this.#counts.removed += 1;
        this.#next.delete(runId);
        continue;
      }
      this.#counts.decisions += 1;
      if (flaw !== undefined) {
        this.#next.delete(runId);
        this.#add(`${this.#name}: run ${JSON.stringify(runId)} at ${position}: ${flaw}.`);
        continue;
      }
      if (seq === 0) continue;
      const expected = this.#next.get(runId);
      if (expected !== undefined && seq !== expected) {
        this.#add(
          `${this.#name}: run ${JSON.stringify(runId)} goes on with event ${seq} instead of ${expected} at ${position}.`,
        );
      }
      this.#counts.events += events.length;
      this.#next.set(runId, seq + events.length);
      for (const { type } of events) {
        if (type === "RunStarted") this.#counts.runs += 1;
        if (ends.has(type)) this.#next.delete(runId);
      }
    }
  }

  #remember(id: string): void {
    this.#recent.add(id);
    if (this.#recent.size <= remembered) return;
    for (const oldest of this.#recent) {
      this.#recent.delete(oldest);
      break;
    }
  }

  #add(problem: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem);
    else this.#more += 1;
  }
}
