import { Slots } from "@downbeat/analytics";
import { expect, test, vi } from "vitest";
import type { Context } from "../context.ts";
import { nothingMasked } from "../masking/nothing-masked.ts";
import { SharedAnswers } from "../shared/shared-answers.ts";
import { BreakDownInput, breakDown } from "./break-down.ts";
import { knownNumbers } from "./known-numbers.ts";

const found = { total: { runs: 0, byStatus: {} }, groups: [] };
const known = { labels: ["region"], numbers: ["label.amount", "output.total", "run.seats"] };

function contextOf(role: Context["role"], ask = vi.fn(async () => found), slots = new Slots(1, 30)) {
  const readModel = { breakDown: ask, knownNumbers: () => known };
  const feed = { freshness: () => ({}), status: () => ({ partitions: 1 }) };
  const sharedBreakDowns = new SharedAnswers({ now: () => 0 });
  return {
    readModel,
    feed,
    role,
    ...nothingMasked,
    breakDowns: slots,
    sharedBreakDowns,
  } as unknown as Context;
}

const period = { filter: { from: 0, to: 60_000 } };

test("a period has two ends, and groups are as many as the others can be found by", () => {
  expect(BreakDownInput.safeParse(period).success).toBe(true);
  for (const filter of [{}, { from: 1 }, { to: 1 }, { from: 2, to: 1 }, { from: 1, to: 1 }])
    expect(BreakDownInput.safeParse({ filter }).error?.issues[0]?.message).toMatch(/say from when to when/);
  expect(BreakDownInput.safeParse({ ...period, top: 9 }).success).toBe(false);
  expect(BreakDownInput.safeParse({ ...period, by: { by: "label" } }).success).toBe(false);
  expect(BreakDownInput.safeParse({ ...period, number: "moon" }).success).toBe(false);
});

test("what would have every run looked into is refused, and so is a number that no run has", () => {
  const refused = (input: object) => {
    const issue = BreakDownInput.safeParse(input).error?.issues[0];
    return { path: issue?.path.join("."), message: issue?.message };
  };
  expect(refused({ filter: { ...period.filter, content: "boom" } })).toEqual({
    path: "filter.content",
    message: expect.stringMatching(/can't be summed up/),
  });
  for (const number of ["input", "input.seats"])
    expect(refused({ ...period, number })).toEqual({
      path: "number",
      message: expect.stringMatching(/`run\.`/),
    });
  for (const number of ["run.input", "label.input.x", "output.input"])
    expect(BreakDownInput.safeParse({ ...period, number }).success).toBe(true);
});

test("who may not see payloads is told no number of theirs, but those of labels", async () => {
  const ask = (number: string, role: Context["role"]) =>
    breakDown(contextOf(role), BreakDownInput.parse({ ...period, number }));
  await expect(ask("output.total", "viewer")).rejects.toMatchObject({ code: "forbidden" });
  await expect(ask("label.amount", "viewer")).resolves.toMatchObject(found);
  await expect(ask("output.total", "admin")).resolves.toMatchObject(found);
  expect(knownNumbers(contextOf("viewer"), {})).toEqual({ labels: ["region"], numbers: ["label.amount"] });
  expect(knownNumbers(contextOf("admin"), {})).toEqual(known);
});

test("one is made at a time, and who would wait for too many others is told so", async () => {
  const { promise, resolve } = Promise.withResolvers<typeof found>();
  const ask = vi.fn(() => promise);
  const context = contextOf("admin", ask, new Slots(1, 1));
  const input = (number: string) => BreakDownInput.parse({ ...period, number });
  const first = breakDown(context, input("label.a"));
  const second = breakDown(context, input("label.b"));
  await expect(breakDown(context, input("label.c"))).rejects.toMatchObject({ code: "unavailable" });
  expect(ask).toHaveBeenCalledTimes(1);
  resolve(found);
  await Promise.all([first, second]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test("two who ask the same within a minute are answered by one look", async () => {
  const ask = vi.fn(async () => found);
  const context = contextOf("admin", ask);
  const asked = (from: number, to: number) =>
    breakDown(context, BreakDownInput.parse({ filter: { from, to } }));
  await Promise.all([asked(60_001, 120_001), asked(119_999, 179_999), asked(60_000, 180_000)]);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(ask).toHaveBeenCalledWith({ top: 8, filter: { from: 60_000, to: 180_000 } }, expect.anything());
  await asked(60_000, 180_001);
  expect(ask).toHaveBeenCalledTimes(2);
});

test("beside conditions on labels so few groups are told apart that the others can be asked for", async () => {
  const clause = [{ key: "tier", test: "is", value: "gold" }];
  const topOf = async (clauses: number, by: object) => {
    const ask = vi.fn(async () => found);
    const where = Array.from({ length: clauses }, () => clause);
    await breakDown(
      contextOf("admin", ask),
      BreakDownInput.parse({ ...period, by, filter: { ...period.filter, where } }),
    );
    return ask.mock.calls.flat()[0];
  };
  const byLabel = { by: "label", key: "region" };
  expect(await topOf(2, byLabel)).toMatchObject({ top: 8 });
  expect(await topOf(5, byLabel)).toMatchObject({ top: 5 });
  expect(await topOf(10, byLabel)).toMatchObject({ top: 0 });
  expect(await topOf(10, { by: "workflow" })).toMatchObject({ top: 8 });
});
