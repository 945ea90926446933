import { MinHeap } from "@downbeat/message-log";

/** The runs that time will do something to, the earliest first. One entry a run; a changed deadline leaves a stale one behind that is skipped. */
export class DeadlineQueue {
  readonly #dueAt = new Map<string, number>();
  #heap = emptyHeap();

  /** @param dueAt `undefined` when time will do nothing to the run any more */
  set(runId: string, dueAt: number | undefined): void {
    if (dueAt === undefined) {
      this.#dueAt.delete(runId);
      return;
    }
    if (this.#dueAt.get(runId) === dueAt) return;
    this.#dueAt.set(runId, dueAt);
    this.#heap.push({ dueAt, runId });
    if (this.#heap.size > 2 * this.#dueAt.size + 100) this.#forgetStale();
  }

  /** Entries in memory, stale ones included. */
  get size(): number {
    return this.#heap.size;
  }

  get earliest(): number | undefined {
    this.#skipStale();
    return this.#heap.peek()?.dueAt;
  }

  /** Takes out the runs that are due, at most `limit`. */
  takeDue(now: number, limit: number): string[] {
    const due: string[] = [];
    while (due.length < limit) {
      this.#skipStale();
      const first = this.#heap.peek();
      if (first === undefined || first.dueAt > now) break;
      this.#heap.pop();
      this.#dueAt.delete(first.runId);
      due.push(first.runId);
    }
    return due;
  }

  #forgetStale(): void {
    this.#heap = emptyHeap();
    for (const [runId, dueAt] of this.#dueAt) this.#heap.push({ dueAt, runId });
  }

  #skipStale(): void {
    let first = this.#heap.peek();
    while (first !== undefined && this.#dueAt.get(first.runId) !== first.dueAt) {
      this.#heap.pop();
      first = this.#heap.peek();
    }
  }
}

function emptyHeap(): MinHeap<{ readonly dueAt: number; readonly runId: string }> {
  return new MinHeap((a, b) => a.dueAt < b.dueAt);
}
