import type { ApprovalView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { carefulLines } from "./words.ts";

const view: ApprovalView = {
  id: "ask-1",
  digest: "d",
  verb: "sendSignal",
  targets: 1_200,
  reason: "they have paid",
  requestedBy: "Ada <local|ada>",
  requestedAt: 0,
  expiresAt: 1,
  status: "waiting",
  isOwn: false,
};

test("a bulk action is told with what it sends, when and how carefully", () => {
  expect(carefulLines(view)).toEqual(["None is tried before the others."]);
  const { targets: _, ...single } = view;
  expect(carefulLines(single)).toEqual([]);
  const signal = { name: "paid", payload: '{"by":"card"}' };
  const canary = { size: 5, mostFailed: 0.2 };
  const startAt = Date.UTC(2026, 10, 23, 14);
  expect(carefulLines({ ...view, signal, canary, perMinute: 1_000, startAt })).toEqual([
    'Signal: paid, with {"by":"card"}',
    "The first 5 are tried before the others; at most 20 % may fail.",
    "At most 1,000 a minute.",
    "Not before 2026-11-23T14:00:00.000Z.",
  ]);
});
