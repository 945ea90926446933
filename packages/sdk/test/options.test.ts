import { nearestName } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Job, job } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { oddValues } from "./odd-values.ts";

const log = { openProducer: () => {}, openConsumer: () => {}, openReader: () => {} } as never;

const jobOptions = ["retry", "whenExhausted", "scheduleToStartMs", "startToCloseMs", "heartbeatMs"];
const retry = ["maxAttempts", "initialIntervalMs", "coefficient", "maxIntervalMs", "jitter", "nonRetryable"];

/** What is refused says so in one sentence or more, and never by falling over. */
function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    return (error as Error).message;
  }
}

describe("an option with an odd value", () => {
  test.each(jobOptions)("%s is taken as it is recorded, or refused by its name", (option) => {
    for (const value of [...oddValues, -1, 0, 0.5, 1, 1e308, -1e308, "5", [], [1], [""]]) {
      let made: Job<void, void> | undefined;
      const refusal = refusalOf(() => {
        made = job("work", { [option]: value } as never);
      });
      if (refusal === undefined) expect(JSON.parse(JSON.stringify(made?.options))).toEqual(made?.options);
      else expect(refusal).toMatch(new RegExp(`${option}|can't be read`));
    }
  });

  test.each(retry)("retry.%s is taken as it is recorded, or refused by its name", (option) => {
    for (const value of [...oddValues, -1, 0, 0.5, 1, 1e308, -1e308, "5", [], [1], [""]]) {
      let made: Job<void, void> | undefined;
      const refusal = refusalOf(() => {
        made = job("work", { retry: { [option]: value } } as never);
      });
      if (refusal === undefined) expect(JSON.parse(JSON.stringify(made?.options))).toEqual(made?.options);
      else expect(refusal).toMatch(new RegExp(`retry\\.${option}|can't be read`));
    }
  });

  test("options of a worker that are odd altogether are refused with a sentence", () => {
    for (const value of oddValues) {
      expect(refusalOf(() => worker(value as never))).toMatch(
        /^(The options of worker\(\) can't be (taken|read)|jobs of worker\(\) is)/,
      );
      if (value === undefined) continue;
      const odd = { log, jobs: {}, concurrency: value } as never;
      if (value !== 7) expect(refusalOf(() => worker(odd))).toContain("concurrency");
    }
  });

  test("any name that is none is refused, with the one that it is nearest to or with all there are", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), (name) => {
        if (retry.includes(name) || name === "__proto__") return;
        const refusal = refusalOf(() => job("work", { retry: { [name]: 1 } } as never));
        expect(refusal).toMatch(/There is no option retry\./);
        expect(retry.some((known) => refusal?.includes(known))).toBe(true);
      }),
    );
  });
});

describe("the nearest name", () => {
  const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");

  test("is found after one letter was forgotten, added, mistaken or swapped", () => {
    const names = [...jobOptions, ...retry];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        letters,
        fc.constantFrom("forgotten", "added", "mistaken", "swapped"),
        (name, place, letter, how) => {
          const at = place % (name.length - 1);
          const [before, here, next, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
          const typed = {
            forgotten: before + next + after,
            added: before + letter + here + next + after,
            mistaken: before + letter + next + after,
            swapped: before + next + here + after,
          }[how];
          expect(nearestName(typed, names)).toBe(name);
        },
      ),
    );
  });

  test("is none for what is like none", () => {
    expect(nearestName("forever", retry)).toBeUndefined();
    expect(nearestName("", retry)).toBeUndefined();
    expect(nearestName("concurrency", [])).toBeUndefined();
  });
});
