import { describe, expect, test } from "vitest";
import { InOrder } from "../src/in-order.ts";
import { Slices } from "../src/slices.ts";

/** A clock that moves only when work is done, and turns that come when they are asked for. */
class WorkClock {
  now = 0;
  #deferred: (() => void)[] = [];

  monotonic = () => this.now;
  defer = (run: () => void) => void this.#deferred.push(run);

  /** The first thing that was to be done in the next turn. */
  first(): void {
    this.#deferred.shift()?.();
  }

  async turn(): Promise<void> {
    const due = this.#deferred;
    this.#deferred = [];
    for (const run of due) run();
    for (let settling = 0; settling < 20; settling++) await Promise.resolve();
  }
}

function opened(msEach = 4) {
  const clock = new WorkClock();
  const taken: number[] = [];
  const slices = new Slices(clock);
  const inOrder = new InOrder<number>(slices, (thing) => {
    clock.now += msEach;
    taken.push(thing);
  });
  return { clock, slices, inOrder, taken };
}

describe("long work", () => {
  test("is cut where a turn has worked for long enough, and goes on in the next ones in its order", async () => {
    const { clock, inOrder, taken } = opened();
    const promises = [1, 2, 3, 4, 5, 6, 7].map((thing) => inOrder.add(thing));
    expect(taken).toEqual([1, 2, 3]);
    expect(promises.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    await clock.turn();
    expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
    await promises[5];
    await clock.turn();
    await promises[6];
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("what comes while something waits waits behind it", async () => {
    const { clock, inOrder, taken } = opened(20);
    inOrder.add(1);
    void inOrder.add(2);
    void inOrder.add(3);
    await clock.turn();
    expect(taken).toEqual([1, 2]);
    void inOrder.add(4);
    for (let turns = 0; turns < 4; turns++) await clock.turn();
    expect(taken).toEqual([1, 2, 3, 4]);
    expect(inOrder.add(5)).toBeUndefined();
  });

  test("a new turn begins a new slice, whoever has worked in the one before", async () => {
    const { clock, slices } = opened();
    expect(slices.isOver).toBe(false);
    clock.now += 10;
    expect(slices.isOver).toBe(true);
    await clock.turn();
    expect(slices.isOver).toBe(false);
  });

  test("that is not wanted any more is not done, and nobody waits for it", async () => {
    const { clock, inOrder, taken } = opened(20);
    inOrder.add(1);
    const second = inOrder.add(2);
    inOrder.clear();
    await second;
    await clock.turn();
    expect(taken).toEqual([1]);
    const third = inOrder.add(3);
    await clock.turn();
    await third;
    expect(taken).toEqual([1, 3]);
  });

  test("that is not wanted any more is forgotten in the midst of it, and what came before is not told again", async () => {
    const { clock, inOrder, taken } = opened(20);
    const told: number[] = [];
    inOrder.add(1);
    for (const thing of [2, 3, 4]) void inOrder.add(thing)?.then(() => told.push(thing));
    await clock.turn();
    expect([taken, told]).toEqual([[1, 2], [2]]);
    inOrder.clear();
    await clock.turn();
    expect(told).toEqual([2, 3, 4]);
    const again = [5, 6].map((thing) => inOrder.add(thing));
    for (let turns = 0; turns < 3; turns++) await clock.turn();
    await Promise.all(again);
    expect(taken).toEqual([1, 2, 5, 6]);
  });

  test("is taken up again whenever something comes, and by one that goes on at a time", async () => {
    const { clock, slices, inOrder, taken } = opened(20);
    for (let round = 0; round < 3; round++) {
      const first = taken.length;
      inOrder.add(first + 1);
      void inOrder.add(first + 2);
      void inOrder.add(first + 3);
      await clock.turn();
      expect(taken).toHaveLength(first + 2);
      await clock.turn();
      expect(taken).toHaveLength(first + 3);
      await clock.turn();
    }
    expect(slices.isOver).toBe(false);
  });

  test("is not overtaken by what comes in a turn that has time left", async () => {
    const { clock, inOrder, taken } = opened(20);
    expect(inOrder.isEmpty).toBe(true);
    inOrder.add(1);
    void inOrder.add(2);
    expect(inOrder.isEmpty).toBe(false);
    // The turn begins; what waits has not been woken yet.
    clock.first();
    void inOrder.add(3);
    for (let turns = 0; turns < 4; turns++) await clock.turn();
    expect(taken).toEqual([1, 2, 3]);
    expect(inOrder.isEmpty).toBe(true);
  });

  test("rests at once while the turn has time left and nobody waits", async () => {
    const { slices } = opened();
    let hasRested = false;
    void slices.rest().then(() => {
      hasRested = true;
    });
    await Promise.resolve();
    expect(hasRested).toBe(true);
  });

  test("that waits is woken in its order, and only when there is time for it", async () => {
    const { clock, slices } = opened();
    clock.now = 1;
    while (!slices.isOver) clock.now += 1;
    const done: number[] = [];
    const work = async (number: number) => {
      await slices.rest();
      clock.now += 4;
      done.push(number);
      await slices.rest();
      done.push(-number);
    };
    for (let number = 1; number <= 5; number++) void work(number);
    await clock.turn();
    expect(done).toEqual([1, 2, 3]);
    await clock.turn();
    expect(done.slice(3, 5)).toEqual([4, 5]);
    for (let turns = 0; turns < 5; turns++) await clock.turn();
    expect(done.slice(5)).toEqual([-1, -2, -3, -4, -5]);
  });
});
