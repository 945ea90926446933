import { expect, test } from "vitest";
import { CalendarClock } from "../test/calendar-clock.ts";
import { setLongTimer } from "./long-timer.ts";
import { within } from "./within.ts";

const dayMs = 86_400_000;

test.each([0, 1, 7, 24.9, 25, 60, 36_600])("a wait of %d days ends after them and not before", (days) => {
  const clock = new CalendarClock(0);
  let calledAt: number | undefined;
  setLongTimer(clock, () => (calledAt = clock.now()), days * dayMs);
  clock.pass(days * dayMs - 1);
  if (days > 0) expect(calledAt).toBeUndefined();
  clock.pass(2);
  expect(calledAt).toBe(days * dayMs);
});

test("one that is cancelled never ends, however far it came", () => {
  const clock = new CalendarClock(0);
  const cancel = setLongTimer(clock, () => expect.unreachable(), 60 * dayMs);
  clock.pass(30 * dayMs);
  cancel();
  expect(clock.waiting).toBe(0);
  clock.pass(60 * dayMs);
});

test("a promise is waited for as long as was said", async () => {
  const clock = new CalendarClock(0);
  const answer = within(clock, 60 * dayMs, new Promise(() => {}));
  clock.pass(59 * dayMs);
  expect(clock.waiting).toBe(1);
  clock.pass(1 * dayMs);
  expect(await answer).toBe(false);
});
