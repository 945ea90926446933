import type { DatabaseSync, StatementSync } from "node:sqlite";
import { numberOf } from "../rows.ts";
import { firstNumber, runsPerMs } from "../run-number.ts";

/** Gives new runs their numbers. */
export class RunNumbers {
  readonly #lastOf: StatementSync;
  /** Runs may come out of the order of their starts: one partition's history is read before another's. */
  #largestWritten: number;
  readonly #given = new Set<number>();
  readonly #next = new Map<number, number>();

  constructor(db: DatabaseSync) {
    this.#lastOf = db.prepare("SELECT max(id) AS id FROM runs WHERE id >= ? AND id < ?");
    const row = db.prepare("SELECT max(id) AS id FROM runs").get();
    this.#largestWritten = row === undefined || row.id === null ? -1 : numberOf(row, "id");
  }

  next(startedAt: number): number {
    const first = firstNumber(startedAt);
    let number = this.#next.get(first) ?? this.#afterWritten(first);
    while (this.#given.has(number)) number++;
    this.#given.add(number);
    this.#next.set(first, number + 1);
    return number;
  }

  /** What was given is in the tables now. */
  written(): void {
    for (const number of this.#given) this.#largestWritten = Math.max(this.#largestWritten, number);
    this.#given.clear();
    this.#next.clear();
  }

  #afterWritten(first: number): number {
    let from = first;
    // A full ms goes on in the next.
    while (from <= this.#largestWritten) {
      const row = this.#lastOf.get(from, from + runsPerMs);
      if (row === undefined || row.id === null) return from;
      const last = numberOf(row, "id");
      if (last < from + runsPerMs - 1) return last + 1;
      from += runsPerMs;
    }
    return from;
  }
}
