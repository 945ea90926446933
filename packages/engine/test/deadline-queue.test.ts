import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeadlineQueue } from "../src/deadline-queue.ts";

/** What the queue is to be, written down slowly. */
class SortedList {
  readonly #dueAt = new Map<string, number>();

  set(runId: string, dueAt: number | undefined): void {
    if (dueAt === undefined) this.#dueAt.delete(runId);
    else this.#dueAt.set(runId, dueAt);
  }

  get earliest(): number | undefined {
    return [...this.#dueAt.values()].sort((a, b) => a - b)[0];
  }

  takeDue(now: number, limit: number): number[] {
    const due = [...this.#dueAt].filter(([, dueAt]) => dueAt <= now).sort(([, a], [, b]) => a - b);
    return due.slice(0, limit).map(([, dueAt]) => dueAt);
  }

  dueAt(runId: string): number | undefined {
    return this.#dueAt.get(runId);
  }
}

const runId = fc.integer({ min: 0, max: 30 }).map((number) => `run-${number}`);
const dueAt = fc.integer({ min: 0, max: 100 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ runId, dueAt: fc.option(dueAt, { nil: undefined, freq: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ now: dueAt, limit: fc.integer({ min: 1, max: 8 }) }) },
);

describe("a deadline queue", () => {
  test("gives what a sorted list would give, whatever is set, changed, taken out and taken", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new DeadlineQueue();
        const list = new SortedList();
        for (const one of steps) {
          if ("runId" in one) {
            queue.set(one.runId, one.dueAt);
            list.set(one.runId, one.dueAt);
          } else {
            const taken = queue.takeDue(one.now, one.limit);
            // Runs that are due at the same time may come in any order.
            expect(taken.map((taken) => list.dueAt(taken))).toEqual(list.takeDue(one.now, one.limit));
            for (const runId of taken) list.set(runId, undefined);
          }
          expect(queue.earliest).toBe(list.earliest);
        }
        // To the end, one by one: every order that the heap holds is looked at.
        for (let left = list.earliest; left !== undefined; left = list.earliest) {
          const [runId = ""] = queue.takeDue(Number.POSITIVE_INFINITY, 1);
          expect(list.dueAt(runId)).toBe(left);
          list.set(runId, undefined);
        }
        expect(queue.earliest).toBeUndefined();
        expect(queue.takeDue(Number.POSITIVE_INFINITY, 1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("gives a run once, at its newest time, however often that was set", () => {
    const queue = new DeadlineQueue();
    for (const dueAt of [50, 10, 50, 30, 50]) queue.set("a", dueAt);
    expect(queue.takeDue(49, 10)).toEqual([]);
    expect(queue.takeDue(50, 10)).toEqual(["a"]);
    expect(queue.takeDue(1_000, 10)).toEqual([]);
  });

  test("holds a run once that is set to the same time again and again", () => {
    const queue = new DeadlineQueue();
    for (let times = 0; times < 10; times++) queue.set("a", 5);
    expect(queue.size).toBe(1);
  });

  test("throws out what is stale when that is a hundred more than the runs twice, not each time", () => {
    const queue = new DeadlineQueue();
    for (const runId of ["b", "c"]) queue.set(runId, 1_000);
    // The heap takes 2 * 3 + 100.
    for (let time = 1; time <= 104; time++) queue.set("a", time);
    expect(queue.size).toBe(106);
    queue.set("a", 105);
    expect(queue.size).toBe(3);
    expect(queue.takeDue(2_000, 10)[0]).toBe("a");
  });

  test("does not grow with deadlines that change forever", () => {
    const queue = new DeadlineQueue();
    queue.set("first", 1);
    for (let time = 2; time < 10_000; time++) {
      queue.set("a", time);
      queue.set("b", 20_000 - time);
    }
    expect(queue.size).toBeLessThan(200);
    expect(queue.takeDue(30_000, 10)).toEqual(["first", "a", "b"]);
  });
});
