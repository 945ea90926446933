import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MinHeap } from "../src/index.ts";

/** Items that come out by their weight alone: the same weight may come in any order. */
interface Item {
  readonly weight: number;
  readonly name: string;
}

const item = fc.record({ weight: fc.integer({ min: 0, max: 20 }), name: fc.string({ maxLength: 3 }) });
const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: item }, { weight: 2, arbitrary: fc.constant("pop") }),
  {
    maxLength: 80,
    size: "max",
  },
);

function heapOf(...items: Item[]): MinHeap<Item> {
  const heap = new MinHeap<Item>((a, b) => a.weight < b.weight);
  for (const each of items) heap.push(each);
  return heap;
}

function weights(items: Iterable<Item>): number[] {
  return Array.from(items, ({ weight }) => weight);
}

function sorted(items: Iterable<Item>): number[] {
  return weights(items).sort((a, b) => a - b);
}

describe("a heap", () => {
  test("holds what was put in and not taken out, and gives the first of it, whatever the order", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const heap = heapOf();
        const held: Item[] = [];
        for (const step of all) {
          if (step === "pop") {
            const taken = heap.pop();
            expect(taken?.weight).toBe(sorted(held)[0]);
            if (taken !== undefined) held.splice(held.indexOf(taken), 1);
          } else {
            heap.push(step as Item);
            held.push(step as Item);
          }
          expect(heap.size).toBe(held.length);
          expect(heap.peek()?.weight).toBe(sorted(held)[0]);
        }
        expect(new Set(heap.values())).toEqual(new Set(held));
      }),
    );
  });

  test("gives everything in its order, and then nothing", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60, size: "max" }), (items) => {
        const heap = heapOf(...items);
        expect(weights(items.map(() => heap.pop() as Item))).toEqual(sorted(items));
        expect(heap.pop()).toBeUndefined();
        expect(heap.peek()).toBeUndefined();
        expect(heap.size).toBe(0);
      }),
    );
  });

  test("shows its first items in their order, and keeps them", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), fc.nat(25), (items, count) => {
        const heap = heapOf(...items);
        expect(weights(heap.first(count))).toEqual(sorted(items).slice(0, count));
        expect(heap.size).toBe(items.length);
      }),
    );
  });

  test("compares about as often as a tree is deep, not once for each item", () => {
    let compared = 0;
    const heap = new MinHeap<number>((a, b) => {
      compared += 1;
      return a < b;
    });
    for (let n = 4_096; n > 0; n--) heap.push(n);
    expect(compared).toBeLessThan(4_096 * 12);
    compared = 0;
    for (let n = 0; n < 4_096; n++) heap.pop();
    expect(compared).toBeLessThan(4_096 * 24);
  });

  test("leaves those of the same weight where they are when it shows the first", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ weight: 1, name })) as [Item, Item, Item];
    expect(heapOf(a, b, c).first(3)).toEqual([a, b, c]);
  });
});
