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
    const reading = readHistory(cursor, { publishTime: 2, ...one });
    cursor = reading.cursor;
    return reading;
  });
}

const types = (readings: HistoryReading[]) => readings.map(({ type }) => type);

it("goes on with the latest time that was believed, whatever later records say", () => {
  const readings = readAll(claim, record("d1", "c1", [], { at: 9 }), record("d2", "d1", [], { at: 3 }));
  expect(readings.map(({ cursor }) => cursor.at)).toEqual([1, 9, 9]);
  const [early] = [message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 7 })].flatMap((one) =>
    readAll(one),
  );
  expect(early?.cursor.at).toBe(7);
});

it("says of a time that no date has how many ms it is", () => {
  const [last] = readAll(message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 8.64e15 }));
  expect(last).toMatchObject({ misdated: expect.stringContaining("of +275760-09-13T00:00:00.000Z") });
  const [beyond] = readAll(message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 8.64e15 + 2 }));
  expect(beyond).toMatchObject({ misdated: expect.stringContaining("of 8640000000000002 ms after 1970") });
});

it("says of a record that can't be of the time that it says, and of no other", () => {
  const far = message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 4e12 });
  const [misdated, next] = readAll(far, record("d1", "c1"));
  expect(misdated).toMatchObject({
    type: "claim",
    record: { at: 2 },
    misdated: expect.stringContaining("2096"),
  });
  expect(next).not.toHaveProperty("misdated");
  const [fine] = readAll(claim);
  expect(fine).toMatchObject({ record: { at: 1 } });
  expect(fine).not.toHaveProperty("misdated");
});

describe("A record with something that this version doesn't know", () => {
  const odd = { ...started("r2"), events: [{ type: "RunTeleported", to: "Mars" }] };
  const [, first, second] = readAll(
    claim,
    record("d1", "c1", [started("r1"), odd], { format: recordFormat + 1 }),
    record("d2", "d1"),
  );

  it("is nobody's where it does not say that it is of a newer version, and costs its run alone", () => {
    const [, forged, after] = readAll(claim, record("d1", "c1", [started("r1"), odd]), record("d2", "d1"));
    expect(forged).toMatchObject({
      isNewer: false,
      record: {
        decisions: [
          { runId: "r1" },
          { runId: "r2", isNewer: false, flaw: expect.stringContaining("RunTeleported") },
        ],
      },
    });
    expect(after?.type).toBe("decisions");
  });

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

describe("What is left out of history is said with its reason", () => {
  it("a zombie's record, which is as it should be", () => {
    const later = message({ kind: "claim", id: "c2", epoch: 2, owner: "B", at: 3 });
    const [, , left, next] = readAll(claim, later, record("z", "c1", [started("r1")]), record("d", "c2"));
    expect(left).toMatchObject({
      type: "leftOut",
      id: "z",
      cause: "notCounted",
      reason: "the accept rule leaves it out: another owner had claimed the partition",
      runIds: [],
    });
    expect(next?.type).toBe("decisions");
  });

  it.each([
    ["not JSON", "it is no record of history: not JSON"],
    ["null", /^it is no record of history: /],
    ['"decisions"', /^it is no record of history: /],
    ['{"kind":"decisions","id":"x"}', /^it is no record of history: prev: /],
  ])("what no engine wrote: %s", (text, reason) => {
    const [, left] = readAll(claim, { payload: Buffer.from(text) });
    expect(left).toMatchObject({ type: "leftOut", id: "", cause: "noRecord", runIds: [] });
    expect(left?.type === "leftOut" && left.reason).toMatch(reason);
  });

  it("what is damaged, with its id where that is left, and everybody whom it was about", () => {
    const whole = record("d1", "c1", [started("r1"), started('a"b'), started("r1")]);
    const [, left] = readAll(claim, { ...whole, properties: { id: "d1", crc: "00000000" } });
    expect(left).toMatchObject({ type: "leftOut", id: "d1", cause: "damaged", runIds: ["r1", 'a"b'] });
    expect(left?.cursor.unreadable).toEqual(["d1"]);
    const [, nameless] = readAll(claim, { payload: whole.payload, properties: { crc: "00000000" } });
    expect(nameless).toMatchObject({ id: "", cause: "damaged" });
  });
});

describe("A part of a record that can't be read", () => {
  const only = (part: unknown, more: object = {}) => {
    const [, reading] = readAll(claim, record("d1", "c1", [part], more));
    return reading?.type === "decisions" ? reading : undefined;
  };

  it.each([
    ["without events", { ...started("r1"), events: undefined }],
    ["whose events are no list", { ...started("r1"), events: "x" }],
    ["without its number", { ...started("r1"), seq: undefined }],
    ["whose number is none", { ...started("r1"), seq: -1 }],
    ["whose number is not whole", { ...started("r1"), seq: 1.5 }],
  ])("%s is said of its run", (_, part) => {
    expect(only(part)?.record.decisions).toMatchObject([
      { runId: "r1", flaw: "a part of a record can't be read", isNewer: false, events: [] },
    ]);
    expect(only(part)?.isNewer).toBe(false);
    expect(only(part, { format: recordFormat + 1 })).toMatchObject({
      isNewer: true,
      record: { decisions: [{ isNewer: true }] },
    });
  });

  it("names the event, and what of it is wrong", () => {
    const events = [...started("r1").events, { type: "TimerSet", timerId: "t1", generation: 0, dueAt: 1 }];
    const reading = only({ ...started("r1"), seq: 5, events });
    expect(reading?.record.decisions[0]?.flaw).toMatch(/^event 6 can't be read: generation: /);
    expect(reading?.isNewer).toBe(false);
  });

  it.each([[{ colour: "red" }], [null], ["x"]])(
    "is none of a newer version where its event has no type: %j",
    (event) => {
      expect(only({ ...started("r1"), events: [event] })?.isNewer).toBe(false);
    },
  );

  it("of no run is about nobody; what else is odd of it is left empty", () => {
    expect(only({ seq: 1, events: [] })?.record.decisions).toEqual([]);
    expect(only({ ...started("r1"), workflow: 7, inputId: null })?.record.decisions).toMatchObject([
      { runId: "r1", workflow: "", inputId: "", events: started("r1").events },
    ]);
  });

  it("says a name at most a hundred characters long", () => {
    const reading = only({ ...started("r1"), events: [{ type: "x".repeat(5_000) }] });
    expect(reading?.record.decisions[0]?.flaw).toBe(
      `event 1 is "${"x".repeat(100)}", which this version doesn't know`,
    );
  });
});

it("A record of this version's format is not newer, one of the next is, whatever is in it", () => {
  const at = (format?: number) => {
    const [, reading] = readAll(
      claim,
      record("d1", "c1", [started("r1")], format === undefined ? {} : { format }),
    );
    return reading?.type === "decisions" && reading.isNewer;
  };
  expect([at(), at(1), at(recordFormat), at(recordFormat + 1)]).toEqual([false, false, false, true]);
});

it("A claim with fields that nobody knows is a claim", () => {
  const [reading] = readAll(message({ kind: "claim", id: "c1", epoch: 1, owner: "A", at: 1, colour: "red" }));
  expect(reading).toMatchObject({
    type: "claim",
    record: { kind: "claim", id: "c1", epoch: 1, owner: "A", at: 1 },
    cursor: { epoch: 1, last: "c1" },
  });
});

describe("A record that compaction wrote", () => {
  const removed = { status: "completed", startId: "s1", closedAt: 5 };
  const gone = { runId: "r1", workflow: "order", seq: 7, removed };
  const compacted = (parts: unknown[], more: object = {}) => {
    const [, reading] = readAll(claim, record("d1", "c1", parts, { ordinal: 3, ...more }));
    return reading;
  };

  it("tells of the runs that are gone, and of others as it did", () => {
    expect(compacted([gone, started("r2")])).toMatchObject({
      type: "decisions",
      isNewer: false,
      cursor: { last: "d1", count: 3 },
      record: {
        ordinal: 3,
        decisions: [
          { runId: "r1", workflow: "order", seq: 7, inputId: "", events: [], removed },
          { runId: "r2", inputId: "i", seq: 1, events: started("r2").events },
        ],
      },
    });
  });

  it("is of a newer version where its format is", () => {
    expect(compacted([gone], { format: recordFormat })).toMatchObject({ isNewer: false });
    expect(compacted([gone], { format: recordFormat + 1 })).toMatchObject({ isNewer: true });
  });
});

it("An event that nobody knows is named by its number", () => {
  const events = [...started("r1").events, { type: "RunTeleported" }];
  const [, reading] = readAll(claim, record("d1", "c1", [{ ...started("r1"), seq: 4, events }]));
  expect(reading).toMatchObject({
    record: { decisions: [{ flaw: 'event 5 is "RunTeleported", which this version doesn\'t know' }] },
  });
});

it("A damaged record is about no run that has no name", () => {
  const whole = record("d1", "c1", [started(""), started("r1")]);
  const [, left] = readAll(claim, { ...whole, properties: { id: "d1", crc: "00000000" } });
  expect(left).toMatchObject({ runIds: ["r1"] });
});
