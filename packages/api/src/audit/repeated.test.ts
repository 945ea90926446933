import { type AuditEntry, auditEntryOf } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { Repeated } from "./repeated.ts";

const entry = (name: string, at = 1): AuditEntry =>
  auditEntryOf({
    id: `${name}-${at}`,
    at,
    who: { id: name, name },
    verb: "session.signIn",
    on: [],
    outcome: { is: "refused" },
  });

function stage() {
  vi.useFakeTimers();
  const noted: AuditEntry[] = [];
  const repeated = new Repeated(
    (one) => noted.push(one),
    () => "made",
  );
  return { noted, repeated, [Symbol.dispose]: () => vi.useRealTimers() };
}

test("the first is told at once, those of the minute after it with how many they were", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (let at = 1; at <= 1_000; at++) repeated.note("ada", entry("ada", at));
  expect(noted).toEqual([entry("ada", 1)]);
  vi.advanceTimersByTime(60_000);
  expect(noted.slice(1)).toEqual([{ ...entry("ada", 1_000), id: "made", times: 999 }]);
  vi.advanceTimersByTime(600_000);
  expect(noted).toHaveLength(2);
  repeated.note("ada", entry("ada", 2_000));
  expect(noted).toHaveLength(3);
});

test("however many names somebody tries, a minute has a few hundred entries", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (let at = 0; at < 5_000; at++) repeated.note(`name${at}`, entry(`name${at}`, at));
  vi.advanceTimersByTime(60_000);
  expect(noted.length).toBeLessThan(300);
  expect(noted.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(5_000);
  expect(noted.at(-1)).toMatchObject({ who: { name: "many" } });
});

test("what was counted is told when it is closed", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (const at of [1, 2, 3]) repeated.note("ada", entry("ada", at));
  repeated.close();
  expect(noted.map(({ times }) => times)).toEqual([undefined, 2]);
});
