import { type ClosedRun, isLateRefusal, type RunState, standingOf, startsAnew } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { ReadDecision, ReadDecisionRecord } from "@downbeat/protocol";
import { applyDecision } from "../fold.ts";

/** A run whose history is to go. */
export interface RunOver {
  /** All parts up to here are its. */
  readonly upTo: Position;
  /** What is to stand there instead of it; absent where that stands there already. */
  readonly state?: ClosedRun;
}

interface Followed {
  state: RunState | undefined;
  upTo: Position;
  /** The stretches of history that hold parts of it. */
  readonly stretches: Set<number>;
}

/** Folds history to learn which runs are over, and where their parts are. */
export class RunsOver {
  /** Runs that are open as far as it was read. */
  readonly #open = new Map<string, Followed>();
  /** Runs that are, or were, damaged: what is known of them is for people to look at. */
  readonly #unclear = new Set<string>();
  readonly #over = new Map<string, Followed>();
  /** Of which a part is left, though the rest was removed before: what removed it was interrupted. */
  readonly #rests = new Map<string, Followed>();

  get size(): number {
    return this.#over.size + this.#rests.size;
  }

  /** Says whether the run may have more to come, or is to be left as it is. */
  isKept(runId: string): boolean {
    return this.#open.has(runId) || this.#unclear.has(runId);
  }

  *all(): Iterable<[string, RunOver]> {
    for (const [runId, { upTo, state }] of this.#over)
      if (state !== undefined && "closedAt" in state) yield [runId, { upTo, state }];
    for (const [runId, { upTo }] of this.#rests) yield [runId, { upTo }];
  }

  /** The stretches that hold parts of runs that are over. */
  stretches(): Set<number> {
    const found = new Set<number>();
    for (const runs of [this.#over, this.#rests])
      for (const { stretches } of runs.values()) for (const stretch of stretches) found.add(stretch);
    return found;
  }

  /** They are removed. */
  settle(): void {
    this.#over.clear();
    this.#rests.clear();
  }

  setAside(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#unclear.add(runId);
      this.#open.delete(runId);
      this.#over.delete(runId);
    }
  }

  take(record: ReadDecisionRecord, position: Position, stretch: number): void {
    for (const decision of record.decisions) {
      const { runId } = decision;
      if (decision.seq === 0 || this.#unclear.has(runId)) continue;
      if (decision.removed !== undefined) this.#removed(runId, position);
      else this.#follow(decision, record.at, { position, stretch });
    }
  }

  #removed(runId: string, position: Position): void {
    const rest = this.#open.get(runId);
    this.#open.delete(runId);
    if (rest !== undefined) this.#rests.set(runId, { ...rest, upTo: position });
  }

  #follow(
    decision: ReadDecision,
    at: number,
    place: { readonly position: Position; readonly stretch: number },
  ): void {
    const { runId } = decision;
    const known = this.#over.get(runId) ?? this.#open.get(runId);
    const standing = standingOf(known?.state);
    if (isLateRefusal(standing, decision, at)) return;
    // The one before goes with what this one leaves.
    const followed = known ?? { state: undefined, upTo: place.position, stretches: new Set<number>() };
    const before = startsAnew(standing, decision, at) ? undefined : followed.state;
    const entry = before === undefined ? undefined : { state: before, history: [] };
    const { state } = applyDecision(entry, decision, at, []);
    if (state.status === "damaged") return this.setAside([runId]);
    followed.state = state;
    followed.upTo = place.position;
    followed.stretches.add(place.stretch);
    this.#over.delete(runId);
    this.#open.delete(runId);
    (state.status === "running" ? this.#open : this.#over).set(runId, followed);
  }
}
