import { describe, expect, test } from "vitest";
import { encodeCalledOffMessage, parseCalledOffMessage } from "./called-off-message.ts";
import { encodeCauseMarkMessage, parseCauseMarkMessage } from "./cause-mark-message.ts";
import { encodeJobMessage, parseJobMessage } from "./job-message.ts";
import { encodeQuarantineMessage, parseQuarantineMessage } from "./quarantine-message.ts";
import { parseQuestionMessage, questionMessageOf } from "./question-message.ts";
import { encodeSavedQueryMessage, parseSavedQueryMessage } from "./saved-query-message.ts";
import { encodeTimerMessage, parseTimerMessage } from "./timer-message.ts";

const job = {
  runId: "r1",
  workflow: "bookTrip",
  jobId: "j1",
  jobType: "charge",
  attempt: 1,
  idempotencyKey: "r1/j1",
  input: '{"to":"Zürich"}',
  heartbeatMs: 5,
  startToCloseMs: 7,
};
const timer = { runId: "r1", timerId: "t1", generation: 1, dueAt: 5 };
const quarantined = { topic: "inbox-partition-0", position: "1:2", reason: "not JSON", text: "{", at: 5 };
const mark = {
  type: "marked",
  fingerprint: "abc",
  by: "mia",
  at: 5,
  replaces: 0,
  changeId: "c1",
  about: { title: "bookHotel", message: "no answer" },
  mutedUntil: 9,
  note: "The hotel knows.",
  ticket: "https://tickets.example.com/7",
  resolvedAt: 5,
} as const;
const query = {
  type: "saved",
  id: "q1",
  by: "mia",
  at: 5,
  name: "Trips",
  source: "local",
  sql: "SELECT 1",
} as const;

/** As a log hands messages out: a part of a larger piece of memory. */
function within(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.byteLength + 20).fill(0x7b);
  larger.set(bytes, 10);
  return larger.subarray(10, 10 + bytes.byteLength);
}

describe("A message comes out as it went in", () => {
  test("to a worker", () => {
    expect(parseJobMessage(within(encodeJobMessage(job)))).toEqual(job);
  });
  test("to workers whose attempt nobody waits for", () => {
    const calledOff = { runId: "r1", jobId: "j1", jobType: "charge", attempt: 2, because: "lostRace" };
    expect(parseCalledOffMessage(within(encodeCalledOffMessage(calledOff)))).toEqual(calledOff);
    const more = Buffer.from(JSON.stringify({ ...calledOff, colour: "red" }));
    expect(parseCalledOffMessage(more)).toEqual(calledOff);
    expect(() => parseCalledOffMessage(Buffer.from("{}"))).toThrow("runId");
  });
  test("to the timer", () => {
    expect(parseTimerMessage(within(encodeTimerMessage(timer)))).toEqual(timer);
  });
  test("to quarantine", () => {
    expect(parseQuarantineMessage(within(encodeQuarantineMessage(quarantined)))).toEqual(quarantined);
  });
  test("about a cause", () => {
    expect(parseCauseMarkMessage(within(encodeCauseMarkMessage(mark)))).toEqual(mark);
  });
  test("about a query", () => {
    expect(parseSavedQueryMessage(within(encodeSavedQueryMessage(query)))).toEqual(query);
    const deleted = { type: "deleted", id: "q1", by: "mia", at: 6 } as const;
    expect(parseSavedQueryMessage(within(encodeSavedQueryMessage(deleted)))).toEqual(deleted);
  });
});

describe("What is no such message", () => {
  const odd = ["", "x", "null", "[]", "{}", '{"runId":"r1"}'];

  test.each(odd)("is said of %j where somebody waits for it", (text) => {
    expect(() => parseJobMessage(Buffer.from(text))).toThrow();
    expect(() => parseTimerMessage(Buffer.from(text))).toThrow();
  });

  test.each(odd)("is passed over where people read: %j", (text) => {
    expect(parseQuarantineMessage(Buffer.from(text))).toBeUndefined();
    expect(parseSavedQueryMessage(Buffer.from(text))).toBeUndefined();
    expect(parseCauseMarkMessage(Buffer.from(text))).toBeUndefined();
  });

  test.each(["javascript:alert(1)", "ticket 7", "https://a b", "//x", "data:text/html,x"])(
    "a ticket is a page that a browser may be sent to, which %s is not",
    (ticket) => {
      expect(parseCauseMarkMessage(Buffer.from(JSON.stringify({ ...mark, ticket })))).toBeUndefined();
    },
  );
});

test("what goes to quarantine is cut where it is too long for a person", () => {
  const long = { ...quarantined, reason: "r".repeat(1_001), text: "t".repeat(100_001) };
  const kept = parseQuarantineMessage(encodeQuarantineMessage(long));
  expect(kept).toEqual({ ...long, reason: "r".repeat(1_000), text: "t".repeat(100_000) });
  expect(parseQuarantineMessage(encodeQuarantineMessage(kept ?? long))).toEqual(kept);
});

test("a question that can be read and not be written again is malformed, and takes none of its neighbours along", () => {
  const neighbour = { runId: "r", workflow: "w", upTo: 1, attempt: 1, events: [] };
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const { questions, malformed } = parseQuestionMessage(questionMessageOf([deep, JSON.stringify(neighbour)]));
  expect(questions).toEqual([neighbour]);
  expect(malformed).toHaveLength(1);
});
