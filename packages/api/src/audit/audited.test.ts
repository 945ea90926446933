import { type AuditEntry, auditEntryOf } from "@downbeat/protocol";
import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import { ApiError } from "../api-error.ts";
import { appRouter } from "../app-router.ts";
import type { Context } from "../context.ts";
import { ExportDesk } from "../exports/export-desk.ts";
import { nothingMasked } from "../masking/nothing-masked.ts";
import type { NotedFirst } from "./audit-writer.ts";
import { AuditedRequest } from "./audited.ts";
import type { Kind } from "./repeated.ts";

function stage(came: NotedFirst = "written", trouble?: object) {
  const noted: AuditEntry[] = [];
  const often: { readonly kind: Kind; readonly entry: AuditEntry }[] = [];
  const first: AuditEntry[] = [];
  const audit = {
    trouble,
    entryOf: (happened: Omit<AuditEntry, "format" | "id" | "at">) =>
      auditEntryOf({ id: "e", at: 1, ...happened }),
    note: (entry: AuditEntry) => noted.push(entry),
    noteOften: (kind: Kind, entry: AuditEntry) => often.push({ kind, entry }),
    noteFirst: async (entry: AuditEntry) => {
      first.push(entry);
      return came;
    },
  };
  const context = {
    ...nothingMasked,
    role: "admin",
    actor: "ada",
    audit,
    exports: new ExportDesk(),
    now: () => 1,
  };
  const asker = context as unknown as Context;
  return { noted, often, first, asker, caller: appRouter.createCaller(asker) };
}

const outcomes = (entries: readonly AuditEntry[]) => entries.map(({ outcome }) => outcome.is);
const history = { what: "history", format: "json", runId: "trip-1" } as const;

test("what can't be taken is refused before anything is written first", async () => {
  const { caller, first, noted, often } = stage();
  await expect(caller.analytics.run({ source: "readModel", sql: "" })).rejects.toThrow();
  const wrong: object = { what: "audit", format: "csv" };
  await expect(caller.exports.note(wrong as typeof history)).rejects.toThrow();
  expect([first, noted]).toEqual([[], []]);
  expect(outcomes(often.map(({ entry }) => entry))).toEqual(["refused", "refused"]);
});

test("what was written first gets an outcome of its own, refused or not", async () => {
  const { asker, noted, often } = stage();
  const request = new AuditedRequest(asker, "lists.export", {});
  await request.writeFirst();
  request.failed(new TRPCError({ code: "BAD_REQUEST", message: "No." }));
  expect(noted).toMatchObject([{ id: "e", outcome: { is: "refused", why: "No." } }]);
  const other = new AuditedRequest(asker, "analytics.run", {});
  await other.writeFirst();
  const updates = (async function* () {
    yield 1;
    throw new ApiError("notFound", "There is no such source.");
  })();
  const read = async () => {
    for await (const _ of other.streamed(updates));
  };
  await expect(read()).rejects.toThrow("no such source");
  expect(noted.at(-1)?.outcome).toEqual({ is: "refused", why: "There is no such source." });
  expect(often).toEqual([]);
});

test("while the log takes nothing, what is refused for it is counted, not kept one by one", async () => {
  const { caller, noted, often } = stage("away");
  for (let time = 0; time < 3; time++)
    await expect(caller.exports.note(history)).rejects.toThrow(/it was not done/);
  expect(noted).toEqual([]);
  expect(new Set(often.map(({ kind }) => kind.what)).size).toBe(1);
});

test("what fails while the log takes nothing doesn't fill what waits for it", () => {
  const error = new TRPCError({ code: "SERVICE_UNAVAILABLE", message: "The log is away." });
  const away = stage("away", {});
  const there = stage();
  for (const { asker } of [away, there]) new AuditedRequest(asker, "savedViews.save", {}).failed(error);
  expect([away.noted.length, away.often.length]).toEqual([0, 1]);
  expect([there.noted.length, there.often.length]).toEqual([1, 0]);
});

test("of what the log did not take in time, it says later that it was not done", async () => {
  const { caller, noted, often } = stage("late");
  await expect(caller.exports.note(history)).rejects.toThrow(/it was not done/);
  expect(outcomes(noted)).toEqual(["refused"]);
  expect(often).toEqual([]);
});

test("nobody fills the audit with exports", async () => {
  const { caller, first } = stage();
  for (let time = 0; time < 30; time++) await caller.exports.note(history);
  await expect(caller.exports.note(history)).rejects.toThrow(/wait a moment/);
  expect(first).toHaveLength(30);
});

test("what has changed nothing is counted, what has is written each time", () => {
  const { asker, noted, often } = stage();
  const answer = (data: unknown) => new AuditedRequest(asker, "savedViews.delete", {}).answered(data);
  answer({ outcome: "deleted" });
  answer({ outcome: "deleted", wasGone: true });
  answer({ outcome: "conflict" });
  answer({ outcome: { type: "refused", message: "It has ended." } });
  answer({ outcome: { type: "existed" } });
  expect(outcomes(noted)).toEqual(["done"]);
  expect(outcomes(often.map(({ entry }) => entry))).toEqual(["done", "refused", "refused", "done"]);
});
