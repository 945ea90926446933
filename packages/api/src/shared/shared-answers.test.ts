import { expect, test, vi } from "vitest";
import { SharedAnswers } from "./shared-answers.ts";

const waiting = new AbortController().signal;

function answers() {
  const clock = { now: 0 };
  const makings: {
    resolve: (answer: string) => void;
    reject: (error: Error) => void;
    signal: AbortSignal;
  }[] = [];
  const make = vi.fn((signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    makings.push({ resolve, reject, signal });
    return promise;
  });
  return { clock, makings, make, shared: new SharedAnswers<string>({ now: () => clock.now }) };
}

test("who asks what is being answered, or just was, is given the same; others are not", async () => {
  const { clock, makings, make, shared } = answers();
  const both = [shared.of("a", waiting, make), shared.of("a", waiting, make)];
  const other = shared.of("b", waiting, make);
  expect(make).toHaveBeenCalledTimes(2);
  clock.now = 200;
  makings[0]?.resolve("A");
  makings[1]?.resolve("B");
  expect(await Promise.all([...both, other])).toEqual(["A", "A", "B"]);
  clock.now = 2_199;
  expect(await shared.of("a", waiting, make)).toBe("A");
  clock.now = 2_200;
  const again = shared.of("a", waiting, make);
  makings[2]?.resolve("newer");
  expect(await again).toBe("newer");
});

test("it is given up when the last one who asked leaves, and made again for the next", async () => {
  const { makings, make, shared } = answers();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = shared.of("a", one.signal, make);
  const second = shared.of("a", two.signal, make);
  one.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  expect(makings[0]?.signal.aborted).toBe(false);
  two.abort(new Error("left too"));
  await expect(second).rejects.toThrow("left too");
  expect(makings[0]?.signal.aborted).toBe(true);
  const next = shared.of("a", waiting, make);
  // What was given up ends later, and has no say in what runs now.
  makings[0]?.reject(new Error("given up"));
  makings[1]?.resolve("A");
  expect(await next).toBe("A");
});

test("what failed is told to all who asked, and is not kept", async () => {
  const { makings, make, shared } = answers();
  const both = [shared.of("a", waiting, make), shared.of("a", waiting, make)];
  makings[0]?.reject(new Error("no answer"));
  for (const each of both) await expect(each).rejects.toThrow("no answer");
  const next = shared.of("a", waiting, make);
  makings[1]?.resolve("A");
  expect(await next).toBe("A");
});
