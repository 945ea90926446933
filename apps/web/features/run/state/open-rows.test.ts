import type { SignalRow, TimerRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { openRows } from "./open-rows.ts";

const sleep: TimerRow = {
  kind: "timer",
  rowId: "t1",
  timerId: "t1",
  status: "waiting",
  dueAt: 9,
  from: 0,
  firstSeq: 1,
  lastSeq: 1,
};
const signal: SignalRow = {
  kind: "signal",
  rowId: "w1",
  name: "paid",
  status: "awaited",
  from: 0,
  firstSeq: 2,
  lastSeq: 2,
};

test("a signal that nobody waits for is not open, though it lies there", () => {
  const buffered: SignalRow = { ...signal, rowId: "s:1", status: "buffered", receivedAt: 3 };
  const over: TimerRow = { ...sleep, rowId: "t2", status: "fired", to: 5 };
  const rows = { t1: sleep, w1: signal, "s:1": buffered, t2: over };
  expect(openRows({ rows }).map(({ rowId }) => rowId)).toEqual(["t1", "w1"]);
});
