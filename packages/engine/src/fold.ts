import {
  type AcceptCursor,
  accept,
  ask,
  type Effect,
  effectsOf,
  emptyCursor,
  evolve,
  isLateRefusal,
  misfit,
  question,
  type RunState,
  setAside,
  standingOf,
  startsAnew,
} from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import {
  closedRunOf,
  type DatedMessage,
  type DecisionRecord,
  type HistoryKeys,
  type HistoryMessage,
  type HistoryReading,
  lackedKey,
  type ReadDecision,
  type ReadDecisionRecord,
  readHistory,
} from "@downbeat/protocol";
import { keyIsMissing, noKeyThatSigns } from "./held-back.ts";
import type { RunEntry } from "./run-entry.ts";
import type { RunChange, Saving, SnapshotHead, StateStore, Undispatched } from "./state-store.ts";

/** The accepted state of one partition: a pure function of its history up to `position`. */
export class Fold {
  readonly #store: StateStore;
  readonly #signs: boolean;
  /** Everything touched since the last save, and open runs touched lately. */
  readonly #hot = new Map<string, RunEntry>();
  readonly #dirty = new Set<string>();
  /** So many events the store has, of runs that were looked for. */
  readonly #stored = new Map<string, number>();
  #saving: Saving | undefined;
  cursor: AcceptCursor = emptyCursor;
  /** Accepted claims since the last accepted decision record: owners that came to nothing, or had nothing to do. */
  barrenClaims = 0;
  at = 0;
  dispatchedUpTo = 0;
  position: Position | undefined;
  undispatched: Undispatched[] = [];
  /** What is written here that this process can't read, or may not go on from, in a sentence without its stop: then it must not decide. */
  newer: string | undefined;

  /** @param keys by which its records are to be signed, as far as anybody asks this process to decide */
  constructor(store: StateStore, keys?: Pick<HistoryKeys, "signs">) {
    this.#store = store;
    this.#signs = keys?.signs === true;
    const head = store.head();
    if (head === undefined) return;
    this.position = head.position;
    this.at = head.at;
    this.dispatchedUpTo = head.dispatchedUpTo;
    this.barrenClaims = head.barrenClaims;
    this.cursor = head.cursor;
    this.undispatched = [...head.undispatched];
    this.#lookAtSigning();
  }

  entry(runId: string): RunEntry | undefined {
    const hot = this.#hot.get(runId);
    if (hot !== undefined) return hot;
    const stored = this.#store.run(runId);
    if (stored !== undefined) this.#hot.set(runId, stored);
    this.#stored.set(runId, stored?.history.length ?? 0);
    return stored;
  }

  /** The open runs with their earliest deadline, where the store knows it. */
  *openRuns(): Iterable<{ runId: string; entry?: RunEntry; dueAt?: number | undefined }> {
    for (const [runId, entry] of this.#hot) {
      if (entry.state.status === "running") yield { runId, entry };
    }
    for (const { runId, dueAt } of this.#store.openRuns()) {
      if (!this.#hot.has(runId)) yield { runId, dueAt };
    }
  }

  /** Reads the next message of history, and takes in what counts of it. */
  read(message: DatedMessage, position: Position): HistoryReading {
    const lacked = lackedKey(this.cursor, message.proof);
    if (lacked !== undefined) this.newer ??= keyIsMissing(lacked);
    const reading = readHistory(this.cursor, message);
    this.position = position;
    this.cursor = reading.cursor;
    switch (reading.type) {
      case "claim":
        this.barrenClaims += 1;
        this.#lookAtSigning(message);
        break;
      case "decisions":
        this.barrenClaims = 0;
        this.#apply(reading.record);
        if (reading.isNewer) this.newer ??= newerThanThis(reading.record);
        this.#lookAtSigning(message);
        break;
      case "leftOut":
        for (const runId of reading.runIds) this.#setAside(runId, "a record with its events is damaged");
    }
    return reading;
  }

  /** What is written here without a signature would count for nobody who checks. */
  #lookAtSigning(counted?: HistoryMessage): void {
    const isSigned = this.cursor.signedAt !== undefined || counted?.properties?.mac !== undefined;
    if (isSigned && !this.#signs) this.newer ??= noKeyThatSigns;
  }

  #apply(record: ReadDecisionRecord): void {
    const effects: Effect[] = [];
    const last = record.partsLeft === undefined ? undefined : record.decisions.at(-1);
    for (const decision of record.decisions) {
      if (decision.seq === 0) continue;
      const { removed } = decision;
      const entry = this.entry(decision.runId);
      if (removed !== undefined) {
        this.#put(decision.runId, { state: closedRunOf({ ...decision, removed }), history: [] });
        continue;
      }
      if (isLateRefusal(standingOf(entry?.state), decision, record.at)) continue;
      const next = applyDecision(entry, decision, record.at, effects, decision === last);
      this.#put(decision.runId, askedOf(next, effects));
    }
    this.#note(record, effects);
  }

  #setAside(runId: string, found: string): void {
    const entry = this.entry(runId);
    const state = setAside(entry?.state, { runId, workflow: "", at: this.at }, found);
    this.#put(runId, { state, history: entry?.history ?? [] });
  }

  /** As {@link read} for a record whose results are known, because this process decided it. @returns whether it counts */
  adopt(
    record: DecisionRecord,
    position: Position,
    entries: ReadonlyMap<string, RunEntry>,
    effects: readonly Effect[],
  ): boolean {
    this.position = position;
    const cursor = accept(this.cursor, record);
    if (cursor === undefined) return false;
    this.cursor = { ...cursor, at: Math.max(this.cursor.at ?? 0, record.at) };
    this.barrenClaims = 0;
    for (const [runId, entry] of entries) {
      // It may have been let go of since it was decided about: what is saved of it must not be saved again.
      if (!this.#stored.has(runId)) this.entry(runId);
      this.#put(runId, entry);
    }
    this.#note(record, effects);
    return true;
  }

  /** Accepted effects up to this record are published, says the owner or its own record. */
  dispatched(upTo: number): void {
    if (upTo <= this.dispatchedUpTo) return;
    this.dispatchedUpTo = upTo;
    const left = this.undispatched.findIndex(({ ordinal }) => ordinal > upTo);
    this.undispatched.splice(0, left < 0 ? this.undispatched.length : left);
  }

  get unsaved(): number {
    return this.#dirty.size;
  }

  /** Saves what is accepted, and lets go of runs that are over or that nothing happened to lately. */
  save(idleMs: number): void {
    this.saving(idleMs).goOn();
  }

  /** As {@link save}, a piece at a time. What happens meanwhile belongs to the next one. */
  saving(idleMs: number): Saving {
    this.#saving?.goOn();
    // A version that can read what this one can't goes on from the last snapshot before it.
    if (this.position === undefined || this.newer !== undefined) return nothingToSave;
    // Rule 19: of what is accepted, with the cursor and what is not published: nothing of it is known from anywhere else after a start.
    const head: SnapshotHead = {
      position: this.position,
      cursor: this.cursor,
      barrenClaims: this.barrenClaims,
      at: this.at,
      dispatchedUpTo: this.dispatchedUpTo,
      undispatched: [...this.undispatched],
    };
    const changes = [...this.#changed()];
    const stored = this.#store.saving(head, changes);
    this.#dirty.clear();
    const saving: Saving = {
      goOn: (isOver) => {
        if (this.#saving !== saving) return true;
        try {
          if (!stored.goOn(isOver)) return false;
        } catch (error) {
          this.#notSaved(changes);
          throw error;
        }
        this.#saving = undefined;
        for (const { runId, kept, added } of changes) this.#stored.set(runId, kept + added.length);
        this.#letGo(idleMs);
        return true;
      },
      abandon: () => {
        if (this.#saving !== saving) return;
        stored.abandon();
        this.#notSaved(changes);
      },
    };
    this.#saving = saving;
    return saving;
  }

  #notSaved(changes: readonly RunChange[]): void {
    this.#saving = undefined;
    for (const { runId } of changes) this.#dirty.add(runId);
  }

  *#changed(): Iterable<RunChange> {
    for (const runId of this.#dirty) {
      const entry = this.#hot.get(runId);
      if (entry === undefined) continue;
      const { state, history } = entry;
      // The shared array may hold events of records that are not accepted yet.
      const length = keptEvents(state);
      const saved = this.#stored.get(runId) ?? 0;
      const kept = Math.min(saved, length);
      yield { runId, state, saved, kept, added: history.slice(kept, length) };
    }
  }

  #letGo(idleMs: number): void {
    for (const [runId, { state }] of this.#hot) {
      if (this.#dirty.has(runId)) continue;
      if (state.status === "running" && this.at - state.lastAt <= idleMs) continue;
      this.#hot.delete(runId);
    }
    for (const runId of this.#stored.keys()) if (!this.#hot.has(runId)) this.#stored.delete(runId);
  }

  #note(record: DecisionRecord, effects: readonly Effect[]): void {
    this.at = Math.max(this.at, record.at);
    this.undispatched.push({ ordinal: this.cursor.count, effects });
    // Nobody has published what came of this record before it counted, whatever it says.
    // Rule 15: so it is kept until its owner or the next one says so.
    this.dispatched(Math.min(record.dispatchedUpTo, this.cursor.count - 1));
  }

  #put(runId: string, entry: RunEntry): void {
    // Rule 20: a run that is over stays, or a late start would begin it a second time.
    this.#hot.set(runId, entry);
    this.#dirty.add(runId);
  }
}

const nothingToSave: Saving = { goOn: () => true, abandon: () => {} };

/** The run after a decision about it, set aside if that can't follow. Collects the effects of its events. */
export function applyDecision(
  entry: RunEntry | undefined,
  decision: Pick<ReadDecision, "runId" | "workflow" | "inputId" | "seq" | "events" | "flaw">,
  at: number,
  effects: Effect[],
  /** More came of its input. */
  isUnfinished = false,
): RunEntry {
  const isNew = startsAnew(standingOf(entry?.state), decision, at);
  let state = isNew ? undefined : entry?.state;
  const history = isNew ? [] : (entry?.history ?? []);
  // Rule 2: what can't follow costs its run alone; nothing here throws.
  const found = misfit(standingOf(state), decision);
  if (found !== undefined) {
    const { runId, workflow } = decision;
    return { state: setAside(state, { runId, workflow, at }, found), history };
  }
  const { runId, inputId } = decision;
  const last = isUnfinished ? decision.seq + decision.events.length - 1 : undefined;
  let seq = decision.seq;
  for (const event of decision.events) {
    const before = state;
    state = evolve(before, event, { runId, seq, at, inputId, unfinished: seq === last });
    for (const effect of effectsOf(state, event, before)) effects.push(effect);
    if (state.status === "running") history.push({ seq, at, event });
    seq += 1;
  }
  if (state === undefined) throw new RangeError(`A decision about ${decision.runId} holds no events.`);
  return { state, history: state.status === "running" ? history : [] };
}

/** The run after the last event of a decision: its code is asked of what it has not been told. */
export function askedOf(entry: RunEntry, effects: Effect[]): RunEntry {
  if (entry.state.status !== "running") return entry;
  // Rule 31: after each decision: what came while a question was out makes the next one.
  const state = ask(entry.state);
  if (state === entry.state) return entry;
  for (const effect of question(state)) effects.push(effect);
  return { ...entry, state };
}

/** How many of its first events belong to the state: runs that are over keep none. */
function keptEvents(state: RunState): number {
  const good = state.status === "damaged" ? state.good : state;
  return good?.status === "running" ? good.seq : 0;
}

function newerThanThis({ format, decisions }: ReadDecisionRecord): string {
  const flaw = decisions.find(({ isNewer }) => isNewer)?.flaw;
  return `a newer version has decided here${flaw === undefined ? "" : `: ${flaw}`} (format ${format})`;
}
