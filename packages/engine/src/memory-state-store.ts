import { earliestDeadline as earliestOf, type RunState } from "@downbeat/domain";
import { MemoryTrials } from "./memory-trials.ts";
import type { RunEntry } from "./run-entry.ts";
import type { RunChange, Saving, SnapshotHead, StateStore } from "./state-store.ts";

/** Keeps text, as a file would, so nothing is shared with the fold by accident. */
export class MemoryStateStore implements StateStore {
  #head: string | undefined;
  #runs = new Map<string, { readonly state: string; readonly events: readonly string[] }>();
  readonly trials = new MemoryTrials();

  head(): SnapshotHead | undefined {
    return this.#head === undefined ? undefined : JSON.parse(this.#head);
  }

  run(runId: string): RunEntry | undefined {
    const kept = this.#runs.get(runId);
    if (kept === undefined) return undefined;
    return { state: JSON.parse(kept.state), history: kept.events.map((event) => JSON.parse(event)) };
  }

  *openRuns(): Iterable<{ runId: string; dueAt: number | undefined }> {
    for (const [runId, kept] of this.#runs) {
      const state = JSON.parse(kept.state) as RunState;
      if (state.status === "running") yield { runId, dueAt: earliestDeadline({ state, history: [] }) };
    }
  }

  saving(head: SnapshotHead, runs: readonly RunChange[]): Saving {
    let state: "begun" | "done" | "abandoned" = "begun";
    return {
      goOn: () => {
        if (state === "abandoned") throw new Error("The save was abandoned.");
        if (state === "begun") this.#save(head, runs);
        state = "done";
        return true;
      },
      abandon: () => {
        if (state === "begun") state = "abandoned";
      },
    };
  }

  #save(head: SnapshotHead, runs: readonly RunChange[]): void {
    for (const { runId, state, saved, kept, added } of runs) {
      const before = this.#runs.get(runId)?.events ?? [];
      if (saved !== before.length)
        throw new Error(`${before.length} events of ${runId} are saved, and the fold knows of ${saved}.`);
      const events = [...before.slice(0, kept), ...added.map((event) => JSON.stringify(event))];
      this.#runs.set(runId, { state: JSON.stringify(state), events });
    }
    this.#head = JSON.stringify(head);
  }

  reset(): void {
    this.#head = undefined;
    this.#runs.clear();
  }
}

export function earliestDeadline({ state }: RunEntry): number | undefined {
  return state.status === "running" ? earliestOf(state) : undefined;
}
