/** The runs that time will do something to, the earliest first. One entry a run; a changed deadline leaves a stale one behind that is skipped. */
export class DeadlineQueue {
  readonly #dueAt = new Map<string, number>();
  #heap: { dueAt: number; runId: string }[] = [];

  /** @param dueAt `undefined` when time will do nothing to the run any more */
  set(runId: string, dueAt: number | undefined): void {
    if (dueAt === undefined) {
      this.#dueAt.delete(runId);
      return;
    }
    if (this.#dueAt.get(runId) === dueAt) return;
    this.#dueAt.set(runId, dueAt);
    this.#push({ dueAt, runId });
    if (this.#heap.length > 2 * this.#dueAt.size + 100) this.#forgetStale();
  }

  /** Entries in memory, stale ones included. */
  get size(): number {
    return this.#heap.length;
  }

  get earliest(): number | undefined {
    this.#skipStale();
    return this.#heap[0]?.dueAt;
  }

  /** Takes out the runs that are due, at most `limit`. */
  takeDue(now: number, limit: number): string[] {
    const due: string[] = [];
    while (due.length < limit) {
      this.#skipStale();
      const first = this.#heap[0];
      if (first === undefined || first.dueAt > now) break;
      this.#pop();
      this.#dueAt.delete(first.runId);
      due.push(first.runId);
    }
    return due;
  }

  #forgetStale(): void {
    this.#heap = [];
    for (const [runId, dueAt] of this.#dueAt) this.#push({ dueAt, runId });
  }

  #skipStale(): void {
    let first = this.#heap[0];
    while (first !== undefined && this.#dueAt.get(first.runId) !== first.dueAt) {
      this.#pop();
      first = this.#heap[0];
    }
  }

  #push(entry: { dueAt: number; runId: string }): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.dueAt <= entry.dueAt) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = heap[child + 1];
      const left = heap[child];
      if (left === undefined) break;
      if (right !== undefined && right.dueAt < left.dueAt) child += 1;
      const smaller = heap[child];
      if (smaller === undefined || smaller.dueAt >= last.dueAt) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}
