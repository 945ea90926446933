import type { EventView } from "@downbeat/api/views";
import type { RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { eventText } from "./event-text.ts";
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

test("text finds JSON as it was written and as it is meant, wherever it has spaces", () => {
  const input = '{"name": "Caf\\u00e9 \\"Rose\\"", "id": 3544790567247868102, "price": 1.10}';
  const run = [event(1, "start", { type: "RunStarted", workflow: "bookTrip", input })];
  const find = (text: string) => filterEvents(run, { types: [], text }).length;
  for (const text of [
    '"name":"caf',
    '"name": "Caf\\u00e9',
    'café "rose',
    "3544790567247868102",
    '"price": 1.10',
  ])
    expect(find(text), text).toBe(1);
  expect(find("3544790567247868000")).toBe(0);
});

test("an event is shown with its JSON as it was written", () => {
  const input = '{"2":3544790567247868102,"1":1.10}';
  const [run] = [event(1, "start", { type: "RunStarted", workflow: "bookTrip", input })];
  expect(eventText(run)).toBe(`{"type":"RunStarted","workflow":"bookTrip","input":${input}}`);
  const told = event(2, "signal", {
    type: "SignalReceived",
    signalId: "s",
    name: "note",
    payload: '"a \\"b\\""',
  });
  expect(eventText(told)).toContain('"payload":"a \\"b\\""');
});

test("the cause is the first event of the same decision", () => {
  const get = (seq: number) => history[seq - 1];
  expect(history.map((each) => causeOf(each, get)?.seq)).toEqual([undefined, 1, undefined, 3, 3]);
});
