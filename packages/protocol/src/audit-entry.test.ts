import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AuditEntry,
  auditEntryOf,
  encodeAuditEntry,
  readAuditEntry,
  readableAuditEntry,
} from "./audit-entry.ts";

const entry: AuditEntry = auditEntryOf({
  id: "a",
  at: 1,
  who: { id: "local|ada", name: "Ada Lovelace" },
  verb: "runs.cancel",
  on: [{ what: "run", id: "trip-1" }],
  why: "the customer called",
  outcome: { is: "done" },
});

test("an entry is read as it was written", () => {
  expect(readAuditEntry(encodeAuditEntry(entry))).toEqual({ is: "entry", entry });
});

test("what was done is named by two words of letters, with a full stop between", () => {
  const is = (verb: string) => readAuditEntry(encodeAuditEntry({ ...entry, verb })).is;
  for (const verb of ["runs.cancel", "r.c", "runJobs.retryAll", `a.${"b".repeat(98)}`])
    expect(is(verb)).toBe("entry");
  for (const verb of [
    "Runs.cancel",
    "xRuns.",
    "9runs.cancel",
    "runs.cancel.all",
    "runs cancel",
    "runs.cancel\n",
    ".",
    `a.${"b".repeat(99)}`,
  ])
    expect(is(verb), verb).toBe("unreadable");
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  expect(readAuditEntry(bytes({ ...entry, format: 1.5 }))).toEqual({ is: "unreadable" });
});

test("any text at all comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (why) => {
      const odd = { ...entry, why: why.toWellFormed() };
      expect(readAuditEntry(encodeAuditEntry(odd))).toEqual({ is: "entry", entry: odd });
    }),
  );
});

test("what a newer version wrote is told apart from what nobody can read", () => {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  expect(readAuditEntry(bytes({ ...entry, format: 2, who: "somebody" }))).toEqual({ is: "newer" });
  expect(readAuditEntry(bytes({ ...entry, at: "today" }))).toEqual({ is: "unreadable" });
  expect(readAuditEntry(bytes(null))).toEqual({ is: "unreadable" });
  expect(readAuditEntry(Buffer.from("{"))).toEqual({ is: "unreadable" });
  expect(readAuditEntry(Buffer.from([0xff, 0xfe]))).toEqual({ is: "unreadable" });
});

test("of an entry that no reader would take, everything that fits is kept", () => {
  const given = Array.from({ length: 21 }, () => ({ field: "x", is: "1" }));
  const name = "n".repeat(5_000);
  const odd = { ...entry, given, sql: "SELECT 1", who: { id: "local|ada", name } };
  const readable = readableAuditEntry(odd);
  expect(readAuditEntry(encodeAuditEntry(odd))).toEqual({ is: "unreadable" });
  expect(readAuditEntry(encodeAuditEntry(readable))).toEqual({ is: "entry", entry: readable });
  expect(readable).toEqual({
    ...entry,
    sql: "SELECT 1",
    who: { id: "local|ada", name: name.slice(0, 200) },
    given: [{ field: "request", is: "can't be told" }],
  });
  expect(readableAuditEntry(entry)).toBe(entry);
});

test("a part that no reader would take costs that part alone", () => {
  const full: AuditEntry = {
    ...entry,
    from: { address: "::1", agent: "curl" },
    given: [{ field: "to", is: "LIS" }],
    sql: "SELECT 1",
    actionId: "a-1",
    outcome: { is: "refused", why: "it is over" },
    times: 2,
  };
  const long = "x".repeat(30_000);
  const without = (part: keyof AuditEntry) => {
    const { [part]: _, ...rest } = full;
    return rest;
  };
  for (const [part, odd] of [
    ["from", { address: long }],
    ["sql", long],
    ["why", long],
    ["actionId", long],
  ] as const)
    expect(readableAuditEntry({ ...full, [part]: odd }), part).toEqual(without(part));
  expect(readableAuditEntry({ ...full, on: [{ what: "run", id: long }] })).toEqual({ ...full, on: [] });
  expect(readableAuditEntry({ ...full, outcome: { is: "refused", why: long } })).toEqual({
    ...full,
    outcome: { is: "refused" },
  });
  const { why: _, ...short } = entry;
  expect(readableAuditEntry({ ...short, sql: long })).toStrictEqual({
    ...short,
    given: [{ field: "request", is: "can't be told" }],
  });
});
