import type { EventView } from "@downbeat/api/views";
import type { RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { causeOf, filterEvents } from "./filter-events.ts";

const event = (seq: number, inputId: string, body: RunEvent, rowId?: string): EventView => ({
  seq,
  at: seq,
  inputId,
  event: body,
  sentence: `${body.type} happened`,
  ...(rowId === undefined ? {} : { rowId }),
});
const history = [
  event(1, "start", { type: "RunStarted", workflow: "bookTrip", input: '{"amountCents":129900}' }),
  event(2, "start", { type: "AttemptRequested", jobId: "j1", attempt: 1 }, "j1"),
  event(3, "result", { type: "JobCompleted", jobId: "j1", output: "{}" }, "j1"),
  event(4, "result", { type: "AttemptRequested", jobId: "j2", attempt: 1 }, "j2"),
  event(5, "result", { type: "AttemptRequested", jobId: "j3", attempt: 1 }, "j3"),
];
const seqs = (events: readonly EventView[]) => events.map(({ seq }) => seq);

test("filters by several types, by row, by text in sentence or payload", () => {
  expect(seqs(filterEvents(history, { types: ["JobCompleted", "RunStarted"] }))).toEqual([1, 3]);
  expect(seqs(filterEvents(history, { types: [], rowId: "j1" }))).toEqual([2, 3]);
  expect(seqs(filterEvents(history, { types: [], text: "129900" }))).toEqual([1]);
  expect(seqs(filterEvents(history, { types: [], text: "jobcompleted HAPPENED" }))).toEqual([3]);
});

test("the cause is the first event of the same decision", () => {
  const get = (seq: number) => history[seq - 1];
  expect(history.map((each) => causeOf(each, get)?.seq)).toEqual([undefined, 1, undefined, 3, 3]);
});
