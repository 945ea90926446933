import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "./history-record.ts";
import { encodeHistoryRecord } from "./history-record.ts";
import { type HistoryReading, readHistory } from "./read-history.ts";
import { recordProperties } from "./record-checksum.ts";
import type { HistoryMessage } from "./record-damage.ts";
import { recordFormat } from "./record-format.ts";

const claim = message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 1 });

function message(record: { readonly id: string } & Readonly<Record<string, unknown>>): HistoryMessage {
  const payload = Buffer.from(JSON.stringify(record));
  return { payload, properties: { ...recordProperties(record.id, payload) } };
}

function record(id: string, prev: string, decisions: unknown[] = [], more: object = {}) {
  return message({
    kind: "decisions",
    id,
    prev,
    claimId: "c1",
    epoch: 1,
    at: 2,
    dispatchedUpTo: 0,
    decisions,
    ...more,
  });
}

function started(runId: string) {
  const events = [{ type: "RunStarted", workflow: "order", input: '{"runId":"inner"}' }];
  return { runId, workflow: "order", inputId: "i", seq: 1, events };
}

function readAll(...messages: HistoryMessage[]): HistoryReading[] {
  let cursor: AcceptCursor = emptyCursor;
  return messages.map((one) => {
    const reading = readHistory(cursor, one);
    cursor = reading.cursor;
    return reading;
  });
}

const types = (readings: HistoryReading[]) => readings.map(({ type }) => type);

describe("A record with something that this version doesn't know", () => {
  const odd = { ...started("r2"), events: [{ type: "RunTeleported", to: "Mars" }] };
  const [, first, second] = readAll(claim, record("d1", "c1", [started("r1"), odd]), record("d2", "d1"));

  it("counts, and so do those after it", () => {
    expect([first?.type, second?.type]).toEqual(["decisions", "decisions"]);
  });

  it("says so of that run alone", () => {
    expect(first).toMatchObject({
      isNewer: true,
      record: {
        decisions: [
          { runId: "r1", events: [{ type: "RunStarted" }] },
          {
            runId: "r2",
            events: [],
            isNewer: true,
            flaw: 'event 1 is "RunTeleported", which this version doesn\'t know',
          },
        ],
      },
    });
  });

  it("of a newer format is recognised by its number, though every event can be read", () => {
    const [, newer] = readAll(claim, record("d1", "c1", [started("r1")], { format: recordFormat + 1 }));
    expect(newer).toMatchObject({ isNewer: true });
  });

  it("keeps its place with fields that are new", () => {
    const [, newer] = readAll(
      claim,
      record("d1", "c1", [{ ...started("r1"), colour: "red" }], { shape: "round" }),
    );
    expect(newer).toMatchObject({ type: "decisions", isNewer: false });
  });
});

it("An event that can't be read costs its run, not the record", () => {
  const bad = {
    ...started("r2"),
    events: [{ type: "TimerSet", timerId: "t1", generation: 1, dueAt: 1e300 }],
  };
  const [, first] = readAll(claim, record("d1", "c1", [bad, started("r1")]));
  expect(first).toMatchObject({
    isNewer: false,
    record: {
      decisions: [
        { runId: "r2", flaw: expect.stringMatching(/^event 1 can.t be read: dueAt/) },
        { runId: "r1" },
      ],
    },
  });
});

it("A part that names no run is nobody's", () => {
  const [, first] = readAll(claim, record("d1", "c1", [{ seq: 1 }, 7, null, started("r1")]));
  expect(first).toMatchObject({ record: { decisions: [{ runId: "r1" }] } });
});

it("What was written by no engine changes nothing", () => {
  const odd = [
    "",
    "7",
    "null",
    "[]",
    "{}",
    '{"kind":"claim"}',
    '{"kind":"decisions","id":"x"}',
    "\0",
    "{",
  ].map((text) => ({
    payload: Buffer.from(text),
  }));
  const readings = readAll(claim, ...odd, record("d1", "c1"));
  expect(types(readings)).toEqual(["claim", ...odd.map(() => "leftOut"), "decisions"]);
  for (const reading of readings)
    if (reading.type === "leftOut") expect(reading).toMatchObject({ cause: "noRecord", runIds: [] });
});

describe("One flipped bit in a record", () => {
  const whole = record("d1", "c1", [started("r1"), started("r2")]);

  function flipped(bit: number): HistoryMessage {
    const payload = Buffer.from(whole.payload);
    payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return { ...whole, payload };
  }

  it("is noticed wherever it is, and what comes after still counts", () => {
    fc.assert(
      fc.property(fc.nat(whole.payload.length * 8 - 1), (bit) => {
        const readings = readAll(claim, flipped(bit), record("d2", "d1"), record("d3", "d2"));
        expect(types(readings)).toEqual(["claim", "leftOut", "decisions", "decisions"]);
        const [, damaged] = readings;
        expect(damaged).toMatchObject({ cause: "damaged", id: "d1" });
        expect(readings.at(-1)?.cursor.count).toBe(4);
      }),
      { numRuns: 500 },
    );
  });

  it("names the runs that it is about, and no others", () => {
    const place = Buffer.from(whole.payload).indexOf("order");
    expect(readAll(claim, flipped(place * 8))[1]).toMatchObject({ runIds: ["r1", "r2"] });
  });

  it("in an older record, without a checksum, is noticed where it is no JSON any more", () => {
    const { payload } = flipped(0);
    const readings = readAll(claim, { payload, properties: { id: "d1" } }, record("d2", "d1"));
    expect(types(readings)).toEqual(["claim", "leftOut", "decisions"]);
  });
});

it("A claim that can't be read is known from the records that build on it", () => {
  const payload = Buffer.from(claim.payload);
  payload[0] = 0;
  const readings = readAll({ ...claim, payload }, record("d1", "c1"), record("d2", "d1"));
  expect(types(readings)).toEqual(["leftOut", "decisions", "decisions"]);
});

it("What nobody could read is not written", () => {
  const events = [
    { type: "TimerSet", timerId: "t1", generation: 1, dueAt: Number.MAX_SAFE_INTEGER + 2 },
  ] as const;
  const bad: DecisionRecord = {
    kind: "decisions",
    id: "d",
    prev: "c",
    claimId: "c",
    at: 1,
    dispatchedUpTo: 0,
    decisions: [{ runId: "r", workflow: "w", inputId: "i", seq: 1, events }],
  };
  expect(() => encodeHistoryRecord(bad)).toThrow(/dueAt/);
});
