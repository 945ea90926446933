import type { AlertMessage, AlertRule } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AlertFold } from "./alert-fold.ts";

const rule = (more: Partial<AlertRule> = {}): AlertRule => ({
  name: "Stuck bookings",
  condition: { kind: "noWorker" },
  channels: ["chat", "mail"],
  ...more,
});

const saved = (more: Partial<Extract<AlertMessage, { type: "ruleSaved" }>> = {}): AlertMessage => ({
  type: "ruleSaved",
  ruleId: "a",
  by: "ada",
  at: 1,
  replaces: 0,
  changeId: "c",
  rule: rule(),
  ...more,
});

const opened = (number: number, at = number): AlertMessage => ({
  type: "incidentOpened",
  ruleId: "a",
  number,
  at,
  sentence: "wrong",
});
const resolved = (number: number, at = number): AlertMessage => ({
  type: "incidentResolved",
  ruleId: "a",
  number,
  at,
  sentence: "right again",
});
const notified = (
  number: number,
  of: "opened" | "resolved",
  channel: string,
  outcome: "delivered" | "failed" = "delivered",
): AlertMessage => ({ type: "notified", ruleId: "a", number, of, channel, outcome, at: 5 });

function folded(...messages: readonly AlertMessage[]): AlertFold {
  const fold = new AlertFold();
  for (const message of messages) fold.take(message);
  return fold;
}

const owed = (fold: AlertFold, now = 100) =>
  fold.owed(now).map(({ incident, of, channel }) => `${incident.number} ${of} ${channel}`);

test("whoever is told that something began is told once that it is over, and nobody else is", () => {
  const fold = folded(saved(), opened(1));
  expect(owed(fold)).toEqual(["1 opened chat", "1 opened mail"]);
  fold.take(notified(1, "opened", "chat"));
  expect(owed(fold)).toEqual(["1 opened mail"]);
  fold.take(notified(1, "opened", "mail", "failed"));
  expect(owed(fold)).toEqual([]);
  fold.take(resolved(1));
  expect(owed(fold)).toEqual(["1 resolved chat"]);
  fold.take(notified(1, "resolved", "chat"));
  expect(owed(fold)).toEqual([]);
  expect(fold.incidents[0]?.notices).toHaveLength(3);
});

test("what is over before anybody was told is told to nobody", () => {
  expect(owed(folded(saved(), opened(1), resolved(1)))).toEqual([]);
});

test("while a rule is silenced nobody is told, and then of what still goes on", () => {
  const fold = folded(
    saved({ rule: rule({ silencedUntil: 50 }) } as never),
    opened(1),
    resolved(1),
    opened(2),
  );
  expect(owed(fold, 49)).toEqual([]);
  expect(owed(fold, 50)).toEqual(["2 opened chat", "2 opened mail"]);
});

test("an incident outlives its rule until somebody ends it, and those who were told are told of its end", () => {
  const fold = folded(saved(), opened(1), notified(1, "opened", "chat"), {
    type: "ruleDeleted",
    ruleId: "a",
    by: "ada",
    at: 2,
    replaces: 1,
    changeId: "d",
  });
  expect(fold.rules).toEqual([]);
  expect(fold.open).toHaveLength(1);
  fold.take(resolved(1));
  expect(fold.open).toEqual([]);
  expect(owed(fold)).toEqual(["1 resolved chat"]);
  // Deleted, no incident of it begins.
  fold.take(opened(2));
  expect(fold.open).toEqual([]);
});

test("of two servers that look at once, in whatever order, one incident begins, and each of them ends once", () => {
  const step = fc.record({ server: fc.nat(1), does: fc.constantFrom("look", "open", "resolve") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const fold = folded(saved());
      // What each has seen when it last looked: the other may have been quicker since.
      const seen = [
        { number: 0, open: undefined as number | undefined },
        { number: 0, open: undefined as number | undefined },
      ];
      const events: string[] = [];
      for (const { server, does } of steps) {
        const of = seen[server];
        if (of === undefined) continue;
        const before = fold.revision;
        if (does === "look") seen[server] = { number: fold.numberOf("a"), open: fold.openOf("a")?.number };
        else if (does === "open" && of.open === undefined) fold.take(opened(of.number + 1));
        else if (does === "resolve" && of.open !== undefined) fold.take(resolved(of.open));
        if (fold.revision > before) events.push(does);
      }
      // Begun and over, by turns.
      for (const [index, event] of events.entries()) expect(event).toBe(index % 2 === 0 ? "open" : "resolve");
      expect(fold.incidents.map(({ number }) => number)).toEqual(
        Array.from({ length: fold.numberOf("a") }, (_, index) => fold.numberOf("a") - index),
      );
      expect(fold.incidents.slice(1).every(({ resolvedAt }) => resolvedAt !== undefined)).toBe(true);
    }),
  );
});

test("a change counts for the version that was seen, and a rule that is saved again goes on with its incident", () => {
  const fold = folded(saved(), opened(1));
  fold.take(saved({ replaces: 0, changeId: "late", rule: rule({ name: "late" }) }));
  expect(fold.isBy("a", "late")).toBe(false);
  fold.take(saved({ replaces: 1, changeId: "next", rule: rule({ name: "next" }) }));
  expect(fold.of("a")).toMatchObject({ version: 2, rule: { name: "next" } });
  expect(fold.openOf("a")).toMatchObject({ number: 1, name: "Stuck bookings" });
});

test("of incidents that are over a thousand are kept, and of those that go on all", () => {
  const fold = folded(saved());
  for (let number = 1; number <= 1_200; number++) {
    fold.take(opened(number));
    fold.take(resolved(number));
  }
  fold.take(opened(1_201));
  expect(fold.incidents).toHaveLength(1_000);
  expect(fold.openOf("a")?.number).toBe(1_201);
});

const flood = (fold: AlertFold, count: number) => {
  const of = { ruleId: "flood" };
  fold.take(saved(of));
  for (let number = 1; number <= count; number++) {
    fold.take({ ...opened(number), ...of });
    fold.take({ ...resolved(number), ...of });
  }
};

test("who is still to be told of an end is told, however many incidents came since, and then it is forgotten", () => {
  const fold = folded(saved(), opened(1), notified(1, "opened", "chat"), resolved(1));
  flood(fold, 1_200);
  expect(owed(fold)).toEqual(["1 resolved chat"]);
  expect(fold.incidents).toHaveLength(1_000);
  fold.take(notified(1, "resolved", "chat"));
  expect(owed(fold)).toEqual([]);
  flood(fold, 1_201);
  expect(fold.incidents.some(({ ruleId }) => ruleId === "a")).toBe(false);
});

test("more that is owed than is kept is all told, and each is forgotten when it was", () => {
  const fold = folded(saved());
  for (let number = 1; number <= 1_100; number++)
    for (const message of [opened(number), notified(number, "opened", "chat"), resolved(number)])
      fold.take(message);
  expect(owed(fold)).toHaveLength(1_100);
  for (let number = 1; number <= 1_100; number++) fold.take(notified(number, "resolved", "chat"));
  expect(fold.incidents).toHaveLength(1_000);
});

test("a rule that was deleted is forgotten with its last incident, and not while one goes on or an end is owed", () => {
  const deleted: AlertMessage = {
    type: "ruleDeleted",
    ruleId: "a",
    by: "ada",
    at: 2,
    replaces: 1,
    changeId: "d",
  };
  const over = folded(saved(), opened(1), resolved(1), deleted);
  const goesOn = folded(saved(), opened(1), deleted);
  const owing = folded(saved(), opened(1), notified(1, "opened", "chat"), resolved(1), deleted);
  for (const fold of [over, goesOn, owing]) {
    flood(fold, 999);
    expect(fold.versionOf("a")).toBe(2);
    flood(fold, 1_001);
  }
  expect(over.versionOf("a")).toBe(0);
  expect(over.numberOf("a")).toBe(0);
  expect(goesOn.open.map(({ ruleId }) => ruleId)).toEqual(["a"]);
  expect(owed(owing)).toEqual(["1 resolved chat"]);
  goesOn.take(resolved(1));
  owing.take(notified(1, "resolved", "chat"));
  for (const fold of [goesOn, owing]) {
    flood(fold, 1_002);
    expect(fold.versionOf("a")).toBe(0);
  }
});
