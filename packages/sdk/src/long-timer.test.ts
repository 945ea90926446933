import type { Clock } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { setLongTimer } from "./long-timer.ts";
import { within } from "./within.ts";

const dayMs = 86_400_000;

/** Runs what is due, in order; like Node, it fires at once what is too long for it. */
class Days implements Clock {
  #now = 0;
  readonly #due: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + (delayMs > 2 ** 31 - 1 ? 1 : delayMs), callback };
    this.#due.push(timer);
    return () => void this.#due.splice(this.#due.indexOf(timer), 1);
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.#now = next.at;
      next.callback();
    }
    this.#now = until;
  }

  get waiting(): number {
    return this.#due.length;
  }
}

test.each([0, 1, 7, 24.9, 25, 60, 36_600])("a wait of %d days ends after them and not before", (days) => {
  const clock = new Days();
  let calledAt: number | undefined;
  setLongTimer(clock, () => (calledAt = clock.now()), days * dayMs);
  clock.pass(days * dayMs - 1);
  if (days > 0) expect(calledAt).toBeUndefined();
  clock.pass(2);
  expect(calledAt).toBe(days * dayMs);
});

test("one that is cancelled never ends, however far it came", () => {
  const clock = new Days();
  const cancel = setLongTimer(clock, () => expect.unreachable(), 60 * dayMs);
  clock.pass(30 * dayMs);
  cancel();
  expect(clock.waiting).toBe(0);
  clock.pass(60 * dayMs);
});

test("a promise is waited for as long as was said", async () => {
  const clock = new Days();
  const answer = within(clock, 60 * dayMs, new Promise(() => {}));
  clock.pass(59 * dayMs);
  expect(clock.waiting).toBe(1);
  clock.pass(1 * dayMs);
  expect(await answer).toBe(false);
});
