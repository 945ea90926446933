import fc from "fast-check";
import { expect, test } from "vitest";
import type { SavedRule } from "./alert-fold.ts";
import { calmMs, judge } from "./judge.ts";

const rule = {
  ruleId: "a",
  version: 1,
  by: "ada",
  at: 0,
  rule: { name: "a", condition: { kind: "noWorker" }, channels: [] },
} satisfies SavedRule;
const open = { ruleId: "a", number: 3, name: "a", openedAt: 0, sentence: "", notices: [] };

const judged = (is: "wrong" | "right" | "unknown", parts: object = {}, now = 1_000_000) =>
  judge(
    "a",
    {
      saved: rule,
      open: undefined,
      number: 2,
      calmSince: undefined,
      measurement: { is, sentence: is },
      ...parts,
    },
    now,
  )?.type;

test("an incident begins with what is wrong, and ends when it has been right for a while", () => {
  expect(judged("wrong")).toBe("incidentOpened");
  expect(judged("wrong", { open })).toBeUndefined();
  expect(judged("right")).toBeUndefined();
  expect(judged("right", { open, calmSince: 1_000_000 - calmMs + 1 })).toBeUndefined();
  expect(judged("right", { open, calmSince: 1_000_000 - calmMs })).toBe("incidentResolved");
});

test("what nobody can say begins nothing and ends nothing", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.option(fc.nat(), { nil: undefined }), (isOpen, calmSince) => {
      expect(judged("unknown", { open: isOpen ? open : undefined, calmSince })).toBeUndefined();
    }),
  );
});

test("an incident of a rule that was deleted is over at once, and none begins", () => {
  expect(judged("right", { saved: undefined, open })).toBe("incidentResolved");
  expect(judged("wrong", { saved: undefined })).toBeUndefined();
});
