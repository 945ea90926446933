import { MinHeap } from "@downbeat/message-log";

export interface Due {
  readonly due: number;
  readonly entry: number;
}

/** Entries by when something is to happen with them. */
export class DueHeap extends MinHeap<Due> {
  constructor() {
    super((a, b) => a.due < b.due || (a.due === b.due && a.entry < b.entry));
  }

  /** What is due, in order; it is no longer in the heap. */
  *take(now: number): Iterable<Due> {
    for (let head = this.peek(); head !== undefined && head.due <= now; head = this.peek()) {
      this.pop();
      yield head;
    }
  }
}
