import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type AcceptCursor, emptyCursor, isLateRefusal, misfit, startsAnew } from "@downbeat/domain";
import type { Position, ReceivedMessage } from "@downbeat/message-log";
import {
  type HistoryReading,
  isCutFront,
  parseQuarantineMessage,
  type ReadDecision,
  readHistory,
} from "@downbeat/protocol";
import { type BeginningOfCache, readBeginning, writeBeginning } from "../beginning-of-cache.ts";
import { type Cache, readMeta } from "../cache.ts";
import { foldStep, lastSeq, type Step, standingOfFold } from "../fold/run-fold.ts";
import type { BackfillPart, EarlierRun, EarlierStatus } from "../follow/backfill-part.ts";
import type { Beginning } from "../follow/beginning.ts";
import { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import { Figures } from "./figures.ts";
import { FilledDays } from "./filled-days.ts";
import type { Flushed } from "./flushed.ts";
import { JobOutcomes } from "./job-outcomes.ts";
import { LeftOut, type LeftOutEntry, sentenceOf } from "./left-out.ts";
import { type Measured, measure, measureCauses, measureDamage } from "./measure.ts";
import { OrphanSteps } from "./orphan-steps.ts";
import { OwedRows } from "./owed-rows.ts";
import { type Anchor, type PartitionState, Partitions } from "./partitions.ts";
import { PendingRows, PendingWriter } from "./pending-rows.ts";
import type { ProjectionOptions } from "./projection-options.ts";
import { addRefusals } from "./refusals.ts";
import { RunRemoval } from "./run-removal.ts";
import { RunWriter } from "./run-writer.ts";
import { quarantinePartition, topicOf } from "./topic-of.ts";

/**
 * Folds records of history into the cache.
 *
 * Invariants: (H1) a partition's position, its accept cursor and everything that follows from the records up to there are written in one
 * transaction; (H2) a record at or before the position changes nothing; (H3) a record that the accept rule leaves out changes nothing but the
 * position. So it may be killed at any moment, and may be given records again.
 *
 * It may begin in the midst of the log, at a time: (H4) a record that the log took before that time changes nothing but position and cursor, whatever its
 * place; what it would have changed is given to `backfill`, by whoever knows it.
 */
export class Projection {
  readonly #db: DatabaseSync;
  readonly #entries: Entries;
  readonly #owed: OwedRows;
  readonly #runs: RunWriter;
  readonly #figures: Figures;
  readonly #outcomes: JobOutcomes;
  readonly #measured: Measured;
  readonly #orphans: OrphanSteps;
  /** Of runs that ended some time ago. */
  readonly removal: RunRemoval;
  readonly #leftOut: LeftOut;
  readonly partitions: Partitions;
  readonly #onOddity: (sentence: string) => void;
  readonly #writer: PendingWriter;
  readonly #setChange: StatementSync;
  readonly #filledDays: FilledDays;
  #pending = new PendingRows();
  #change: number;
  #beginning: BeginningOfCache | undefined;

  constructor(cache: Cache, options: ProjectionOptions = {}) {
    this.#db = cache.db;
    this.#owed = new OwedRows(cache.db);
    this.#entries = new Entries(cache.db, options.maxOpenRuns ?? 20_000, this.#owed);
    this.#runs = new RunWriter(cache.db, this.#owed);
    this.#figures = new Figures(cache.db, options.now ?? Date.now);
    this.#outcomes = new JobOutcomes(cache.db);
    this.#measured = { figures: this.#figures, outcomes: this.#outcomes };
    this.#orphans = new OrphanSteps(cache.db);
    this.removal = new RunRemoval(cache.db, this.#owed);
    this.#leftOut = new LeftOut(cache.db);
    this.partitions = new Partitions(cache.db);
    this.#beginning = readBeginning(cache.db);
    this.#filledDays = new FilledDays(cache.db);
    this.#writer = new PendingWriter(cache.db);
    this.#setChange = cache.db.prepare("UPDATE meta SET value = ? WHERE key = 'change'");
    this.#onOddity = options.onOddity ?? (() => {});
    this.#change = Number(readMeta(cache.db).get("change") ?? 0);
  }

  /** Number of the last flush. */
  get change(): number {
    return this.#change;
  }

  /** Events folded and not written yet. */
  get pendingEvents(): number {
    return this.#pending.events;
  }

  /** Something of history was taken, or it is said where to begin. */
  get hasBegun(): boolean {
    return this.#beginning !== undefined || this.partitions.size > 0;
  }

  get hasPending(): boolean {
    return this.#pending.records > 0 || this.#pending.earlier || this.#leftOut.hasPending;
  }

  /** Records that should count and can't be used. */
  get leftOut(): number {
    return this.#leftOut.count;
  }

  /** `undefined` when it began at the beginning of the log. */
  get earlier(): EarlierStatus | undefined {
    if (this.#beginning === undefined) return undefined;
    const { at, ignoredKnown, openRunsKnown } = this.#beginning;
    return { beginning: at, ignoredKnown, openRunsKnown, orphanRuns: this.#orphans.count };
  }

  /**
   * Begins in the midst of the log. For an empty cache, before anything else.
   *
   * @param times ms since the epoch
   * @param places of each partition, where to begin to read: at or before the time
   */
  beginAt(times: Pick<BeginningOfCache, "at" | "logFrom">, places: readonly Beginning[]): void {
    this.#beginning = { ...times, ignoredKnown: false, openRunsKnown: false };
    this.#db.exec("BEGIN IMMEDIATE");
    writeBeginning(this.#db, this.#beginning);
    for (const [partition, { from, cursor, publishedAt }] of places.entries()) {
      if (from === "earliest" || from === "latest") continue;
      this.partitions.begin(partition, { position: from.after, publishedAt, cursor });
    }
    this.partitions.write();
    this.#db.exec("COMMIT");
  }

  /** Takes a part of what happened before the beginning. A part that is known already changes nothing. Written with the next flush. */
  backfill(part: BackfillPart): void {
    const beginning = this.#beginning;
    if (beginning === undefined) return;
    // What is kept of runs without a beginning is read from the tables.
    this.flush();
    this.#pending.earlier = true;
    switch (part.type) {
      case "ignored":
        for (const { partition, position } of part.records)
          this.#pending.ignored.push({ partition, position, recordId: "" });
        this.#beginning = { ...beginning, ignoredKnown: true };
        return;
      case "openRuns":
        for (const run of part.runs) this.#adopt(run);
        if (part.isLast) this.#beginning = { ...beginning, openRunsKnown: true };
        return;
      case "figures":
        this.#pending.filledDays.push(...this.#filledDays.fill(this.#figures, part));
    }
  }

  /** The last message taken of the partition, written or not. */
  position(partition: number): Position | undefined {
    return this.partitions.of(partition)?.position;
  }

  anchor(partition: number): Anchor | undefined {
    return this.partitions.of(partition)?.anchor;
  }

  cursor(partition: number): AcceptCursor {
    return this.partitions.of(partition)?.cursor ?? emptyCursor;
  }

  publishedAt(partition: number): number | undefined {
    return this.partitions.of(partition)?.publishedAt;
  }

  /** How many records of decisions counted, of those taken since it was opened. */
  decisions(partition: number): number {
    return this.partitions.of(partition)?.decisions ?? 0;
  }

  /** Who claimed the partition last; empty when nobody did, as far as was read. */
  owner(partition: number): string {
    return this.partitions.of(partition)?.cursor.owner ?? "";
  }

  /** Folds one message of a history partition. Nothing is written before `flush`. */
  take(partition: number, message: ReceivedMessage): void {
    const state = this.#advance(partition, message);
    if (state === undefined) return;
    const isFirst = state.cursor.epoch === 0;
    const reading = readHistory(state.cursor, message);
    state.cursor = reading.cursor;
    if (isFirst && isCutFront(reading)) this.#beginsLate(partition, message);
    if (reading.type === "leftOut") return this.#takeLeftOut(partition, message, reading);
    const { position } = message;
    const { misdated } = reading;
    if (misdated !== undefined)
      this.leaveOut({ partition, position, reason: sentenceOf(misdated), runIds: [] });
    if (reading.type === "decisions") state.decisions++;
    if (reading.type === "claim" || message.publishTime < (this.#beginning?.at ?? 0)) return;
    const { at, decisions } = reading.record;
    for (const decision of decisions)
      this.#fold(decision, at, { partition, position, publishedAt: message.publishTime });
  }

  #beginsLate(partition: number, { position, publishTime }: ReceivedMessage): void {
    const reason = `History of this partition begins here, on ${new Date(publishTime).toISOString()}: what was before is gone from the log. Runs that began before and went on are set aside; those that had ended are missing.`;
    this.leaveOut({ partition, position, reason, runIds: [] });
  }

  /** Says that what had been read of a partition, before this cache was made, is not in the log any more. */
  noteGone(entry: LeftOutEntry): void {
    this.#leftOut.add(entry);
  }

  #takeLeftOut(partition: number, message: ReceivedMessage, reading: LeftOutReading): void {
    const { position, publishTime } = message;
    const { id, cause, reason, runIds } = reading;
    this.#pending.ignored.push({ partition, position, recordId: id });
    if (cause === "notCounted")
      return this.#onOddity(`A record of ${topicOf(partition)} (${position}) doesn't count: ${reason}.`);
    this.leaveOut({
      partition,
      position,
      reason: sentenceOf(reason),
      runIds,
    });
    const source = { partition, position, publishedAt: publishTime };
    for (const runId of runIds) {
      if (this.#beginning !== undefined && !this.#entries.has(runId)) continue;
      const entry = this.#entries.change(runId, partition, publishTime, false);
      this.#setAside(
        entry,
        { found: "a record with its events is damaged", at: publishTime, isNewer: false },
        source,
      );
    }
  }

  /**
   * Says that a record of the partition, taken last or before, can't be used, whole or in part: people see it in the quarantine, with a banner that
   * leads there. Not for what the accept rule leaves out: that is how it should be.
   */
  leaveOut({ partition, position, reason, runIds }: Omit<LeftOutEntry, "at">): void {
    const at = this.partitions.of(partition)?.publishedAt ?? 0;
    this.#leftOut.add({ partition, position, at, reason, runIds });
    this.#onOddity(`A record of ${topicOf(partition)} (${position}) is left out: ${reason}`);
  }

  takeQuarantined(message: ReceivedMessage): void {
    if (this.#advance(quarantinePartition, message) === undefined) return;
    const quarantined = parseQuarantineMessage(message.payload);
    if (quarantined === undefined) {
      const reason = "It is no entry of the quarantine that this version can read.";
      return this.leaveOut({
        partition: quarantinePartition,
        position: message.position,
        reason,
        runIds: [],
      });
    }
    this.#pending.quarantined.push({
      position: message.position,
      at: quarantined.at,
      json: JSON.stringify(quarantined),
    });
  }

  /** Writes what was folded. `undefined` when there is nothing to write. When it throws, this projection is of no more use. */
  flush(): Flushed | undefined {
    if (!this.hasPending) return undefined;
    const pending = this.#pending;
    const runIds = [...this.#entries.changed.keys()];
    this.#db.exec("BEGIN IMMEDIATE");
    this.#orphans.write();
    this.#leftOut.write();
    this.removal.write(pending);
    for (const entry of this.#entries.changed.values()) this.#runs.write(entry);
    this.#runs.writeCounters();
    this.#owed.writeTotals();
    this.#figures.write();
    this.#outcomes.write();
    this.#writer.write(pending);
    for (const runId of pending.adopted) this.#orphans.remove(runId);
    if (pending.earlier && this.#beginning !== undefined) writeBeginning(this.#db, this.#beginning);
    this.partitions.write();
    this.#change++;
    this.#setChange.run(String(this.#change));
    this.#db.exec("COMMIT");
    this.#entries.settle();
    this.#pending = new PendingRows();
    return {
      change: this.#change,
      runIds,
      refusals: pending.refused.length,
      records: pending.records,
      events: pending.events,
    };
  }

  #advance(partition: number, message: ReceivedMessage): PartitionState | undefined {
    const state = this.partitions.advance(partition, message);
    if (state !== undefined) this.#pending.records++;
    return state;
  }

  #fold(decision: ReadDecision, at: number, source: Source): void {
    const { runId, seq, inputId, events, flaw } = decision;
    const { partition, publishedAt } = source;
    this.#pending.events += events.length;
    if (seq === 0) return addRefusals(this.#pending, decision, at);
    if (decision.removed !== undefined) {
      const { status, closedAt: endedAt } = decision.removed;
      this.#entries.forget(runId);
      return void this.#pending.removed.push({ runId, workflow: decision.workflow, status, endedAt });
    }
    const step: Step = { seq, at, inputId, events };
    if (this.#isLateRefusal(decision, at)) return addRefusals(this.#pending, decision, at);
    const isMidway = this.#beginning !== undefined;
    let entry =
      isMidway && seq !== 1
        ? this.#entries.changeKnown(runId)
        : this.#entries.change(runId, partition, at, false);
    if (entry === undefined) return this.#orphans.keep(runId, partition, { step, publishedAt });
    if (startsAnew(standingOfFold(entry.fold), decision, at)) {
      this.#entries.forget(runId);
      this.#pending.replaced.push(runId);
      entry = this.#entries.change(runId, partition, at, true);
    }
    const { fold } = entry;
    if (isMidway && flaw === undefined && fold.damaged === undefined && seq <= fold.seq) {
      // It was backfilled with what was before the beginning.
      return this.#onOddity(`Run ${runId}: event ${seq} is known already; it is left out.`);
    }
    if (fold.seq === 0) {
      fold.workflow = decision.workflow;
      fold.startedAt = at;
    }
    const found = misfit(standingOfFold(fold), { ...step, ...(flaw !== undefined && { flaw }) });
    if (found === undefined) return this.#add(entry, step, publishedAt);
    this.#setAside(entry, { found, at, isNewer: decision.isNewer === true }, source);
  }

  #isLateRefusal(decision: ReadDecision, at: number): boolean {
    if (this.#beginning !== undefined || !isLateRefusal(undefined, decision, at)) return false;
    const known = this.#entries.known(decision.runId);
    return isLateRefusal(known && standingOfFold(known.fold), decision, at);
  }

  /** The first finding is the one that counts. */
  #setAside(entry: Entry, damage: { found: string; at: number; isNewer: boolean }, source: Source): void {
    const { fold } = entry;
    const { found, at, isNewer } = damage;
    if (fold.damaged !== undefined) return;
    fold.damaged = { found, since: at, isNewer };
    measureDamage(this.#figures, fold.damaged);
    fold.updatedAt = Math.max(fold.updatedAt, at);
    if (fold.startedAt === 0) fold.startedAt = at;
    const { partition, position } = source;
    const reason = isNewer
      ? `Newer than this server: ${found}. Run ${fold.runId} is shown as it was before.`
      : `Run ${fold.runId} is set aside: ${found}.`;
    this.leaveOut({ partition, position, reason, runIds: [fold.runId] });
  }

  #add(entry: Entry, step: Step, publishedAt: number): void {
    foldStep(entry.fold, step, (...happened) => measure(this.#measured, entry.id, ...happened));
    entry.steps.push(step);
    const { first, last } = entry.published ?? { first: publishedAt, last: publishedAt };
    entry.published = { first: Math.min(first, publishedAt), last: Math.max(last, publishedAt) };
  }

  /** A run that was open at the beginning: with what has happened since, which counts in the figures; what happened before is counted elsewhere. */
  #adopt({ runId, partition, published, steps }: EarlierRun): void {
    const [first] = steps;
    if (first?.seq !== 1 || this.#entries.has(runId)) return;
    const since = this.#orphans.of(runId);
    const next = since[0]?.step.seq;
    if (next !== undefined && next !== lastSeq(steps) + 1) {
      return this.#onOddity(`Run ${runId}: event ${next} follows event ${lastSeq(steps)}; it is left out.`);
    }
    const entry = this.#entries.change(runId, partition, first.at, true);
    for (const step of steps) {
      // Of causes, nobody else counts what was before.
      foldStep(entry.fold, step, (...happened) => measureCauses(this.#figures, ...happened));
      entry.steps.push(step);
    }
    entry.published = published;
    for (const { step, publishedAt } of since) this.#add(entry, step, publishedAt);
    this.#pending.adopted.push(runId);
  }
}

/** Of a record: where it stands in the log, and since when. */
interface Source {
  readonly partition: number;
  readonly position: Position;
  readonly publishedAt: number;
}

type LeftOutReading = Extract<HistoryReading, { type: "leftOut" }>;
