import { type AuditEntry, auditEntryOf } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { anonymous, Repeated } from "./repeated.ts";

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
  for (let at = 1; at <= 1_000; at++) repeated.note({ budget: "ada", what: "x" }, entry("ada", at));
  expect(noted).toEqual([entry("ada", 1)]);
  vi.advanceTimersByTime(60_000);
  expect(noted.slice(1)).toEqual([{ ...entry("ada", 1_000), id: "made", times: 999 }]);
  vi.advanceTimersByTime(600_000);
  expect(noted).toHaveLength(2);
  repeated.note({ budget: "ada", what: "x" }, entry("ada", 2_000));
  expect(noted).toHaveLength(3);
});

test("however many names somebody tries, a minute has a few hundred entries", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (let at = 0; at < 5_000; at++)
    repeated.note({ budget: anonymous, what: `name${at}` }, entry(`name${at}`, at));
  vi.advanceTimersByTime(60_000);
  expect(noted.length).toBeLessThan(300);
  expect(noted.reduce((sum, { times = 1 }) => sum + times, 0)).toBe(5_000);
  expect(noted.at(-1)).toMatchObject({
    verb: "audit.overflow",
    who: { name: "many" },
    outcome: { is: "refused" },
  });
});

test("a flood of strangers hides nothing of those who are signed in, nor one of them another", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (let at = 0; at < 500; at++) {
    repeated.note({ budget: anonymous, what: `name${at}` }, entry(`name${at}`, at));
    repeated.note({ budget: "eve", what: `verb${at}` }, entry("eve", at));
  }
  const bobs = entry("bob", 1_000);
  repeated.note({ budget: "bob", what: "x" }, bobs);
  expect(noted.at(-1)).toEqual(bobs);
  vi.advanceTimersByTime(60_000);
  const overflow = noted.filter(({ verb }) => verb === "audit.overflow");
  expect(new Set(overflow.map(({ who }) => who.name))).toEqual(new Set(["many", "eve"]));
});

test("what was counted is told when it is closed", () => {
  using world = stage();
  const { noted, repeated } = world;
  for (const at of [1, 2, 3]) repeated.note({ budget: "ada", what: "x" }, entry("ada", at));
  repeated.close();
  expect(noted.map(({ times }) => times)).toEqual([undefined, 2]);
});
