import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { announcedSchema, definitionId, leftOut, longestSchema } from "./announced-schema.ts";
import {
  type AuditEntry,
  auditEntryOf,
  auditOutcomes,
  encodeAuditEntry,
  readAuditEntry,
} from "./audit-entry.ts";
import { causeMarkMessage } from "./cause-mark-message.ts";
import { definitionKey, jobTypeMessage, workflowMessage } from "./definition-message.ts";
import * as f from "./fields.ts";
import { workerMessage } from "./worker-message.ts";

const letters = (count: number) => "x".repeat(count);
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

/** Each of these values of the field is taken, and each of those is not. */
function bounds(
  schema: z.ZodType,
  fine: object,
  fields: Readonly<Record<string, readonly [taken: readonly unknown[], refused: readonly unknown[]]>>,
): void {
  expect(schema.safeParse(fine).success, JSON.stringify(fine).slice(0, 300)).toBe(true);
  for (const [field, [taken, refused]] of Object.entries(fields)) {
    const outcome = (value: unknown) => schema.safeParse({ ...fine, [field]: value }).success;
    for (const value of taken) expect(outcome(value), `${field}: ${short(value)}`).toBe(true);
    for (const value of refused) expect(outcome(value), `${field}: ${short(value)}`).toBe(false);
  }
}

function short(value: unknown): string {
  return `${JSON.stringify(value)}`.slice(0, 60);
}

function each(schema: z.ZodType, taken: readonly unknown[], refused: readonly unknown[]): void {
  for (const value of taken) expect(schema.safeParse(value).success, short(value)).toBe(true);
  for (const value of refused) expect(schema.safeParse(value).success, short(value)).toBe(false);
}

describe("As much as may be is taken, and no more:", () => {
  test("of what names and counts things", () => {
    each(f.commandId, ["c", letters(500)], ["", letters(501)]);
    each(f.localId, ["t1", "j123456789"], ["", "t", "1", "T1", "tt1", "t1x", "t1234567890", "t1\n"]);
    each(f.time, [0, 5], [-1, 1.5, "0"]);
    each(f.lasted, [0, 5], [-1, 1.5]);
    each(f.seq, [1], [0, 1.5]);
    each(f.attempt, [1], [0, 1.5]);
    each(f.shortText, ["", letters(200)], [letters(201)]);
    each(f.labels, [{ [letters(60)]: letters(200) }], [{ [letters(61)]: "" }, { a: letters(201) }]);
  });

  test("of what a person does", () => {
    bounds(
      f.action,
      { actionId: "a", actor: "mia", reason: "" },
      {
        actionId: [
          ["a", letters(100)],
          ["", letters(101), undefined],
        ],
        actor: [
          ["m", letters(200)],
          ["", letters(201), undefined],
        ],
        reason: [
          ["", letters(1_000)],
          [letters(1_001), undefined],
        ],
      },
    );
  });

  test("of a failure and its causes", () => {
    const cause = { depth: 1, name: "E", message: "" };
    const withCause = (rest: object) => [{ ...cause, ...rest }];
    bounds(
      f.failure,
      { kind: "technical", name: "E", message: "" },
      {
        kind: [
          ["technical", "business", "timeout", "invalid", "cancelled", "code", "nonDeterminism"],
          ["", "other", undefined],
        ],
        name: [["", letters(200)], [letters(201)]],
        message: [[letters(10_000)], [letters(10_001)]],
        stack: [[undefined, letters(20_000)], [letters(20_001)]],
        details: [[undefined, "x"], [5]],
        timeout: [
          [undefined, "scheduleToStart", "startToClose", "heartbeat"],
          ["", "other"],
        ],
        causes: [
          [
            undefined,
            times(20, cause),
            withCause({ depth: 20 }),
            withCause({ name: letters(200) }),
            withCause({ message: letters(2_000) }),
            withCause({ stack: letters(4_000), details: letters(4_000) }),
          ],
          [
            times(21, cause),
            withCause({ depth: 0 }),
            withCause({ depth: 21 }),
            withCause({ depth: 1.5 }),
            withCause({ name: letters(201) }),
            withCause({ message: letters(2_001) }),
            withCause({ stack: letters(4_001) }),
            withCause({ details: letters(4_001) }),
          ],
        ],
      },
    );
  });

  test("of what is said of a job's attempts", () => {
    bounds(
      f.jobOptions,
      {},
      {
        whenExhausted: [
          [undefined, "stuck", "fail"],
          ["", "retry"],
        ],
        scheduleToStartMs: [[undefined, 1], [0]],
        startToCloseMs: [[undefined, 1], [0]],
        heartbeatMs: [[undefined, 1], [0]],
        retry: [
          [
            undefined,
            {},
            { maxAttempts: 1 },
            { maxAttempts: 1_000_000 },
            { initialIntervalMs: 0, maxIntervalMs: 0 },
            { coefficient: 1 },
            { coefficient: 100 },
            { jitter: 0 },
            { jitter: 1 },
            { nonRetryable: times(100, letters(200)) },
          ],
          [
            { maxAttempts: 0 },
            { maxAttempts: 1.5 },
            { maxAttempts: 1_000_001 },
            { initialIntervalMs: -1 },
            { maxIntervalMs: -1 },
            { coefficient: 0.9 },
            { coefficient: 101 },
            { jitter: -0.1 },
            { jitter: 1.1 },
            { nonRetryable: times(101, "") },
            { nonRetryable: [letters(201)] },
          ],
        ],
      },
    );
  });

  test("of what a worker announces", () => {
    each(definitionId, ["d", letters(64)], ["", letters(65)]);
    const room = longestSchema - JSON.stringify({ description: "" }).length;
    each(
      announcedSchema,
      [{}, { description: letters(room) }],
      [{ description: letters(room + 1) }, [], "x"],
    );
    bounds(
      leftOut,
      { of: "input", why: "partly" },
      {
        of: [["output", letters(210)], [letters(211)]],
        why: [
          ["tooLarge", "notJson", "partly"],
          ["", "other"],
        ],
        places: [
          [undefined, times(20, "a.b")],
          [times(21, ""), [letters(201)]],
        ],
      },
    );
    const left = { of: "input", why: "partly" };
    const announced = {
      build: [
        ["", letters(200)],
        [letters(201), undefined],
      ],
      definition: [
        [undefined, "d"],
        ["", letters(65)],
      ],
      input: [[undefined, {}], ["x"]],
      output: [[undefined, {}], ["x"]],
      leftOut: [[undefined, [], times(1_000, left)], [times(1_001, left)]],
    } as const;
    bounds(
      workflowMessage,
      { workflow: "trip", build: "" },
      {
        ...announced,
        workflow: [["a"], ["", "a b", letters(101)]],
        signals: [
          [undefined, { paid: {} }],
          [{ [letters(201)]: {} }, { paid: "x" }],
        ],
      },
    );
    bounds(
      jobTypeMessage,
      { jobType: "charge", build: "" },
      { ...announced, jobType: [["a"], ["", "a b", letters(101)]] },
    );
  });

  test("of what a worker says of itself", () => {
    const job = { type: "charge", concurrency: 1 };
    bounds(
      workerMessage,
      {
        type: "alive",
        id: "w",
        name: "w",
        host: "",
        build: "",
        sdk: "",
        startedAt: 0,
        everyMs: 1,
        jobs: [],
        workflows: [],
      },
      {
        id: [
          ["w", letters(100)],
          ["", letters(101)],
        ],
        name: [
          ["w", letters(200)],
          ["", letters(201)],
        ],
        everyMs: [[1], [0, 1.5]],
        jobs: [
          [times(1_000, job), [{ ...job, definition: "d", inHand: 0 }]],
          [
            times(1_001, job),
            [{ ...job, concurrency: 0 }],
            [{ ...job, concurrency: 1.5 }],
            [{ ...job, inHand: -1 }],
            [{ ...job, inHand: 0.5 }],
            [{ ...job, type: "a b" }],
          ],
        ],
        workflows: [[times(1_000, "a")], [times(1_001, "a"), ["a b"]]],
        definitions: [
          [undefined, { a: "d" }],
          [{ a: "" }, { "a b": "d" }],
        ],
      },
    );
    each(
      workerMessage,
      [{ type: "stopped", id: letters(100) }],
      [{ type: "stopped", id: "" }, { type: "stopped" }],
    );
  });

  test("of what people say of a cause", () => {
    bounds(
      causeMarkMessage,
      {
        type: "marked",
        fingerprint: "f",
        by: "mia",
        at: 5,
        replaces: 0,
        changeId: "c",
        about: { title: "", message: "" },
      },
      {
        fingerprint: [
          ["f", letters(500)],
          ["", letters(501)],
        ],
        about: [
          [{ title: letters(200), message: letters(1_000) }],
          [{ title: letters(201), message: "" }, { title: "", message: letters(1_001) }, undefined],
        ],
        note: [
          ["n", letters(2_000)],
          ["", letters(2_001)],
        ],
        ticket: [
          ["http://a", "https://tickets.example.com/7?x=ü", `https://${letters(1_992)}`],
          ["", "ftp://a", "xhttps://a", "https://", "https://a\u0000", `https://${letters(1_993)}`],
        ],
        mutedUntil: [[0], [-1]],
        resolvedAt: [[0], [-1]],
      },
    );
  });
});

test("definitions are kept apart by what they define, and by which of it they are", () => {
  const keys = [
    { workflow: "trip", build: "" },
    { workflow: "trip", build: "", definition: "a" },
    { workflow: "trip", build: "", definition: "b" },
    { jobType: "trip", build: "" },
    { jobType: "trip", build: "", definition: "a" },
  ].map(definitionKey);
  expect(keys).toEqual(["trip", "trip@a", "trip@b", "job/trip", "job/trip@a"]);
});

describe("An entry of the audit", () => {
  const entry = auditEntryOf({
    id: "a",
    at: 1,
    who: { id: "local|ada", name: "Ada Lovelace" },
    verb: "runs.cancel",
    on: [],
    outcome: { is: "done" },
  });
  const isRead = (change: object) =>
    readAuditEntry(encodeAuditEntry({ ...entry, ...change } as AuditEntry)).is;
  const on = { what: "run", id: "r" };
  const given = { field: "f", is: "1" };

  test.each<[string, object, object[]]>([
    ["id", { id: letters(100) }, [{ id: "" }, { id: letters(101) }]],
    [
      "who",
      { who: { id: letters(200), name: letters(200) } },
      [{ who: { id: letters(201), name: "" } }, { who: { id: "", name: letters(201) } }],
    ],
    [
      "from",
      { from: { address: letters(100), agent: letters(200) } },
      [{ from: { address: letters(101) } }, { from: { agent: letters(201) } }],
    ],
    [
      "verb",
      { verb: "a.b" },
      [{ verb: "a" }, { verb: "A.b" }, { verb: "a.b." }, { verb: `a.${letters(99)}` }],
    ],
    [
      "on",
      { on: times(20, { what: letters(100), id: letters(500) }) },
      [{ on: times(21, on) }, { on: [{ ...on, what: letters(101) }] }, { on: [{ ...on, id: letters(501) }] }],
    ],
    [
      "given",
      { given: times(20, { field: letters(100), is: letters(1_000) }) },
      [
        { given: times(21, given) },
        { given: [{ ...given, field: letters(101) }] },
        { given: [{ ...given, is: letters(1_001) }] },
      ],
    ],
    ["sql", { sql: letters(20_000) }, [{ sql: letters(20_001) }]],
    ["why", { why: letters(1_000) }, [{ why: letters(1_001) }]],
    ["actionId", { actionId: letters(100) }, [{ actionId: letters(101) }]],
    ["times", { times: 2 }, [{ times: 1 }, { times: 2.5 }]],
    ["outcome", { outcome: { is: "failed", why: letters(1_000) } }, [{ outcome: { is: "other" } }]],
  ])("takes of %s as much as may be, and no more", (_, most, tooMuch) => {
    expect(isRead(most)).toBe("entry");
    for (const odd of tooMuch) expect(isRead(odd), short(odd)).toBe("unreadable");
  });

  test("has one of four outcomes", () => {
    expect(auditOutcomes).toEqual(["done", "refused", "failed", "undecided"]);
    for (const is of auditOutcomes) expect(isRead({ outcome: { is } })).toBe("entry");
  });
});
