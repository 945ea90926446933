import type { EventView, RunView } from "@downbeat/api/views";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gatherEvents } from "./gather-events.ts";
import { historyJson } from "./history-json.ts";
import { historyText } from "./history-text.ts";

const at = Date.UTC(2026, 10, 27, 23, 59, 59);
const run = (fields: Partial<RunView> = {}): RunView => ({
  runId: "tour-1",
  workflow: "planTour",
  status: "completed",
  shown: "completed",
  startedAt: at,
  endedAt: at + 2_000,
  updatedAt: at + 2_000,
  labels: { input: "3", customer: "cust-17" },
  seq: 2,
  partition: 0,
  input: '{"limit":3544790567247868102,"price":1.10}',
  startedBy: "maria",
  eventCount: 2,
  rows: [],
  ledger: [],
  actions: [],
  awaitedSignals: [],
  freshness: { completeTo: at + 3_000, behind: 0, live: true },
  ...fields,
});
const event = (seq: number, offset: number, payload = "1", sentence = "Signal received."): EventView => ({
  seq,
  at: at + offset,
  inputId: `i${seq}`,
  event: { type: "SignalReceived", signalId: "s", name: "go", payload },
  sentence,
});

describe("a history as JSON", () => {
  test("has every digit of what it carries, and labels as texts", () => {
    const text = historyJson(run(), [event(1, 0, '{"b":0.10,"a":12345678901234567890}')]);
    expect(text).toContain('"input": {"limit":3544790567247868102,"price":1.10}');
    expect(text).toContain('"payload":{"b":0.10,"a":12345678901234567890}');
    expect(JSON.parse(text).labels).toEqual({ input: "3", customer: "cust-17" });
  });

  test("is JSON, an event a line, whatever it carries", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.string()), { maxLength: 6 }),
        fc.nat(3),
        (values, indent) => {
          const events = values.map((value, index) =>
            event(index + 1, index, JSON.stringify(value, undefined, indent)),
          );
          const text = historyJson(run(), events);
          const read: { readonly events: readonly { readonly event: { readonly payload: unknown } }[] } =
            JSON.parse(text);
          expect(read.events.map((each) => each.event.payload)).toEqual(
            values.map((value) => JSON.parse(JSON.stringify(value))),
          );
          expect(text.split("\n").filter((line) => line.startsWith("    {"))).toHaveLength(events.length);
        },
      ),
    );
  });

  test("keeps what is no JSON as the text that it is", () => {
    expect(JSON.parse(historyJson(run({ input: "{" }), [])).input).toBe("{");
  });
});

test("a history as text is a sentence an event, with a line for each new day", () => {
  const text = historyText(
    run({ why: "All is\nwell." }),
    [event(9, 0), event(10, 1_500, "1", "It was\n  refused.")],
    at + 9_000,
  );
  const lines = text.split("\n");
  expect(lines[0]).toBe("tour-1: planTour, completed");
  expect(lines[1]).toMatch(/^Started .*2026.* by maria$/);
  expect(lines).toContain("Labels: input 3, customer cust-17");
  expect(lines).toContain("All is well.");
  expect(lines.filter((line) => /^ ?\d+ {2}\d\d:\d\d:\d\d\.\d{3} /.test(line))).toHaveLength(2);
  expect(text).toMatch(/ 9 {2}\d\d:\d\d:59\.000 {2}\+0 ms {6}Signal received\./);
  expect(text).toMatch(/10 {2}\d\d:\d\d:00\.500 {2}\+1\.50 s {4}It was refused\./);
});

describe("events are gathered page by page", () => {
  const pages = (all: readonly EventView[], size: number) => (afterSeq: number) =>
    Promise.resolve({ events: all.filter(({ seq }) => seq > afterSeq).slice(0, size), total: all.length });

  test("until all are there, with progress", async () => {
    const all = Array.from({ length: 7 }, (_, index) => event(index + 1, index));
    const said: string[] = [];
    expect(await gatherEvents(pages(all, 3), (some, total) => said.push(`${some}/${total}`))).toEqual(all);
    expect(said).toEqual(["3/7", "6/7", "7/7"]);
    expect(await gatherEvents(pages([], 3), () => {})).toEqual([]);
  });

  test("and half a history is refused", async () => {
    const short = () => Promise.resolve({ events: [], total: 4 });
    await expect(gatherEvents(short, () => {})).rejects.toThrow("Only 0 of 4 events could be read.");
    const missing = () =>
      Promise.resolve({ events: [], total: 4, missing: { why: "Pulsar SQL does not answer." } as never });
    await expect(gatherEvents(missing, () => {})).rejects.toThrow("Pulsar SQL does not answer.");
  });
});
