import { describe, expect, it } from "vitest";
import { type AlertMessage, encodeAlertMessage, parseAlertMessage } from "./alert-message.ts";
import { encodeGoalMessage, type GoalMessage, parseGoalMessage } from "./goal-message.ts";
import {
  encodeQuarantineMarkMessage,
  parseQuarantineMarkMessage,
  type QuarantineMarkMessage,
} from "./quarantine-mark-message.ts";
import {
  encodeSavedInputMessage,
  longestSavedInput,
  parseSavedInputMessage,
  type SavedInputMessage,
} from "./saved-input-message.ts";
import {
  encodeSavedViewMessage,
  parseSavedViewMessage,
  type SavedViewMessage,
} from "./saved-view-message.ts";

const minute = 60_000;
const day = 86_400_000;
const change = { by: "mia", at: 5, replaces: 0, changeId: "c1" } as const;

const goal = {
  type: "saved",
  id: "g1",
  ...change,
  goal: {
    name: "Trips",
    workflow: "bookTrip",
    labels: { city: "Zürich" },
    percent: 99.999,
    withinMs: 1,
    countsCancelled: true,
    days: 28,
  },
} as const satisfies GoalMessage;
const view = {
  type: "saved",
  id: "v1",
  ...change,
  name: "Mine",
  list: "runs",
  query: "status=failed",
  columns: [{ id: "city", width: 20 }, { id: "started" }],
  owner: "mia",
} as const satisfies SavedViewMessage;
const input = {
  type: "inputSaved",
  id: "i1",
  ...change,
  name: "Ein “Fall” 例 \u2028",
  workflow: "bookTrip",
  input: '{"ref":3544790567247868102,"price":1.10,"10":1,"2":2}',
  owner: "mia",
} as const satisfies SavedInputMessage;
const sentAgain = {
  type: "marked",
  entry: "e1",
  did: { what: "sentAgain", command: "c", runId: "r1", actionId: "a1", edited: true, digest: "d" },
  reason: "It was cut.",
  ...change,
} as const satisfies QuarantineMarkMessage;
const rule = {
  type: "ruleSaved",
  ruleId: "r1",
  ...change,
  rule: {
    name: "Stuck",
    condition: { kind: "stuck", filter: { workflow: "bookTrip" }, longerThanMs: 1_000, atLeast: 1 },
    channels: ["on-call_1"],
    silencedUntil: 9,
  },
} as const satisfies AlertMessage;
const incident = { ruleId: "r1", number: 1, at: 5 } as const;

/** As a log hands messages out: a part of a larger piece of memory. */
function within(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.byteLength + 20).fill(0x7b);
  larger.set(bytes, 10);
  return larger.subarray(10, 10 + bytes.byteLength);
}

describe("What people share comes out of the log as it went in:", () => {
  it("goals", () => {
    const plain = { ...goal, goal: { name: "All", percent: 1, days: 1 } };
    for (const message of [goal, plain, { type: "deleted", id: "g1", ...change }] as GoalMessage[])
      expect(parseGoalMessage(within(encodeGoalMessage(message)))).toStrictEqual(message);
  });

  it("views of lists", () => {
    const { columns: _, owner: __, ...plain } = view;
    for (const message of [
      view,
      plain,
      { ...plain, list: "timers" },
      { ...plain, list: "owed" },
      { type: "deleted", id: "v1", ...change },
    ] as SavedViewMessage[])
      expect(parseSavedViewMessage(within(encodeSavedViewMessage(message)))).toStrictEqual(message);
  });

  it("inputs, as the text that they are, and older readers of views pass over them", () => {
    const { owner: _, ...plain } = input;
    for (const message of [
      input,
      plain,
      { ...input, input: "x".repeat(longestSavedInput) },
      { type: "inputDeleted", id: "i1", ...change },
    ] as SavedInputMessage[]) {
      const written = within(encodeSavedInputMessage(message));
      expect(parseSavedInputMessage(written)).toStrictEqual(message);
      expect(parseSavedViewMessage(written)).toBeUndefined();
    }
    for (const message of [view, { type: "deleted", id: "v1", ...change }] as SavedViewMessage[])
      expect(parseSavedInputMessage(encodeSavedViewMessage(message))).toBeUndefined();
  });

  it("what was done about what is in quarantine", () => {
    const { digest: _, ...older } = sentAgain.did;
    for (const did of [sentAgain.did, older, { what: "dropped" }] as QuarantineMarkMessage["did"][]) {
      const message = { ...sentAgain, did };
      expect(parseQuarantineMarkMessage(within(encodeQuarantineMarkMessage(message)))).toStrictEqual(message);
    }
  });

  it("alerts: rules, incidents, and who was told", () => {
    const conditions = [
      rule.rule.condition,
      {
        kind: "failureRate",
        filter: { labels: { a: "b" } },
        above: 0.999,
        withinMs: minute,
        atLeast: 1_000_000,
      },
      { kind: "noCompletion", filter: {}, withinMs: 30 * day },
      { kind: "backlog", jobType: "charge", longerThanMs: 366 * day },
      { kind: "backlog", longerThanMs: 1_000 },
      { kind: "noWorker" },
      { kind: "notDeciding", longerThanMs: 1_000 },
      { kind: "quarantine", atLeast: 1, withinMs: minute },
      { kind: "approvalWaits", longerThanMs: 1_000 },
    ];
    const messages = [
      ...conditions.map((condition) => ({ ...rule, rule: { ...rule.rule, condition } })),
      { type: "ruleDeleted", ruleId: "r1", ...change },
      { type: "incidentOpened", ...incident, sentence: "3 runs are stuck." },
      { type: "incidentResolved", ...incident, sentence: "" },
      { type: "notified", ...incident, of: "opened", channel: "mail", outcome: "delivered" },
      { type: "notified", ...incident, of: "resolved", channel: "mail", outcome: "failed", problem: "No." },
    ] as AlertMessage[];
    for (const message of messages)
      expect(parseAlertMessage(within(encodeAlertMessage(message)))).toStrictEqual(message);
  });
});

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

describe("What does not fit is passed over:", () => {
  it.each(["", "x", "null", "[]", "{}", '{"type":"saved"}', '{"type":"constructor"}'])("%j", (text) => {
    expect(parseGoalMessage(bytes(text))).toBeUndefined();
    expect(parseSavedViewMessage(bytes(text))).toBeUndefined();
    expect(parseSavedInputMessage(bytes(text))).toBeUndefined();
    expect(parseQuarantineMarkMessage(bytes(text))).toBeUndefined();
    expect(parseAlertMessage(bytes(text))).toBeUndefined();
  });

  it("a change that does not say who made it, when, on top of what, or which change it is", () => {
    for (const odd of [
      { by: "" },
      { at: -1 },
      { at: 0.5 },
      { replaces: -1 },
      { replaces: undefined },
      { changeId: "" },
      { changeId: "x".repeat(101) },
      { by: "x".repeat(201) },
    ]) {
      expect(parseGoalMessage(bytes({ ...goal, ...odd })), JSON.stringify(odd)).toBeUndefined();
      expect(parseSavedViewMessage(bytes({ ...view, ...odd }))).toBeUndefined();
      expect(parseSavedInputMessage(bytes({ ...input, ...odd }))).toBeUndefined();
      expect(parseQuarantineMarkMessage(bytes({ ...sentAgain, ...odd }))).toBeUndefined();
      expect(parseAlertMessage(bytes({ ...rule, ...odd }))).toBeUndefined();
    }
  });

  it("a goal that nothing or everything reaches, or that lists can't be asked for", () => {
    const labels = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`l${index}`, "x"]));
    const { l0: _, ...five } = labels;
    expect(parseGoalMessage(bytes({ ...goal, goal: { ...goal.goal, labels: five } }))).toBeDefined();
    for (const odd of [
      { percent: 0.999 },
      { percent: 100 },
      { percent: 99.9995 },
      { percent: 50.00001 },
      { days: 0 },
      { days: 91 },
      { days: 1.5 },
      { withinMs: 0 },
      { withinMs: 366 * day + 1 },
      { countsCancelled: false },
      { name: "  " },
      { name: "x".repeat(101) },
      { labels },
      { workflow: "no workflow" },
    ])
      expect(
        parseGoalMessage(bytes({ ...goal, goal: { ...goal.goal, ...odd } })),
        JSON.stringify(odd),
      ).toBeUndefined();
    for (const fine of [{ percent: 1 }, { percent: 99.5 }, { days: 90 }, { withinMs: 366 * day }])
      expect(parseGoalMessage(bytes({ ...goal, goal: { ...goal.goal, ...fine } }))).toBeDefined();
  });

  it("a view of a list that there is not, or with columns that nobody could see", () => {
    for (const odd of [
      { list: "jobs" },
      { columns: [] },
      { columns: Array.from({ length: 61 }, () => ({ id: "x" })) },
      { columns: [{ id: "" }] },
      { columns: [{ id: "a", width: 19 }] },
      { columns: [{ id: "a", width: 4_001 }] },
      { query: "x".repeat(4_001) },
      { name: "" },
      { owner: "" },
    ])
      expect(parseSavedViewMessage(bytes({ ...view, ...odd })), JSON.stringify(odd)).toBeUndefined();
  });

  it("a rule of which nobody would be told at the right moment, and an incident that has no number", () => {
    const ofRule = (odd: object) => bytes({ ...rule, rule: { ...rule.rule, ...odd } });
    for (const odd of [
      { name: " " },
      { channels: ["-mail"] },
      { channels: ["a b"] },
      { channels: ["x".repeat(51)] },
      { channels: Array.from({ length: 11 }, (_, index) => `c${index}`) },
      { condition: { ...rule.rule.condition, longerThanMs: 999 } },
      { condition: { ...rule.rule.condition, longerThanMs: 366 * day + 1 } },
      { condition: { ...rule.rule.condition, atLeast: 0 } },
      { condition: { kind: "noCompletion", filter: {}, withinMs: minute - 1 } },
      { condition: { kind: "noCompletion", filter: {}, withinMs: 30 * day + 1 } },
      { condition: { kind: "failureRate", filter: {}, above: 1, withinMs: minute, atLeast: 1 } },
      { condition: { kind: "failureRate", filter: {}, above: -0.1, withinMs: minute, atLeast: 1 } },
      { condition: { kind: "tooSlow" } },
    ])
      expect(parseAlertMessage(ofRule(odd)), JSON.stringify(odd)).toBeUndefined();
    for (const odd of [{ number: 0 }, { number: 1.5 }, { sentence: "x".repeat(1_001) }])
      expect(
        parseAlertMessage(bytes({ type: "incidentOpened", ...incident, sentence: "", ...odd })),
      ).toBeUndefined();
  });

  it("a mark that does not say what was sent again, or why", () => {
    for (const odd of [
      { entry: "" },
      { reason: "" },
      { reason: "x".repeat(1_001) },
      { did: { what: "forgotten" } },
      { did: { ...sentAgain.did, edited: undefined } },
      { did: { ...sentAgain.did, runId: "" } },
      { did: { ...sentAgain.did, digest: "" } },
    ])
      expect(
        parseQuarantineMarkMessage(bytes({ ...sentAgain, ...odd })),
        JSON.stringify(odd),
      ).toBeUndefined();
  });
});
