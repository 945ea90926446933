import { earliestDeadline as earliestOf } from "@downbeat/domain";
import { MemoryTrials } from "./memory-trials.ts";
import type { RunEntry } from "./run-entry.ts";
import type { SnapshotHead, StateStore } from "./state-store.ts";

/** Keeps text, as a file would, so nothing is shared with the fold by accident. */
export class MemoryStateStore implements StateStore {
  #head: string | undefined;
  #runs = new Map<string, string>();
  readonly trials = new MemoryTrials();

  head(): SnapshotHead | undefined {
    return this.#head === undefined ? undefined : JSON.parse(this.#head);
  }

  run(runId: string): RunEntry | undefined {
    const text = this.#runs.get(runId);
    return text === undefined ? undefined : JSON.parse(text);
  }

  *openRuns(): Iterable<{ runId: string; dueAt: number | undefined }> {
    for (const [runId, text] of this.#runs) {
      const { state } = JSON.parse(text) as RunEntry;
      if (state.status === "running") yield { runId, dueAt: earliestDeadline({ state, history: [] }) };
    }
  }

  save(head: SnapshotHead, runs: Iterable<readonly [string, RunEntry]>): void {
    for (const [runId, entry] of runs) this.#runs.set(runId, JSON.stringify(entry));
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
