import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inProcessDecisions } from "../src/decisions/index.ts";
import { DrivenRun } from "../src/decisions/test/driven-run.ts";
import { attemptFailure } from "../src/failure.ts";
import { BusinessError, JobFailedError, job, type Run, workflow } from "../src/index.ts";
import { decodePayload, encodePayload } from "../src/payload.ts";
import { oddValues } from "./odd-values.ts";

class Money {
  cents = 5;
}

test.each<[string, unknown, string]>([
  ["NaN", { items: [1, 2, 3, { price: Number.NaN }] }, "items[3].price is NaN, and would arrive as null"],
  ["Infinity", [Number.NEGATIVE_INFINITY], "[0] is -Infinity, and would arrive as null"],
  [
    "undefined in a list",
    { tags: ["a", undefined] },
    "tags[1] is undefined, and would arrive as null; leave it out, or use null",
  ],
  [
    "a hole in a list",
    { tags: new Array(2) },
    "tags[0] is missing, and would arrive as null; leave it out, or use null",
  ],
  ["a Map", { "by id": new Map() }, '["by id"] is a Map, of which nothing would arrive'],
  ["a Set", new Set([1]), "it is a Set, of which nothing would arrive"],
  ["a Date", { at: new Date(0) }, "at is a Date, and would arrive as text; pass it.toISOString()"],
  ["a BigInt", { a: [7n] }, "a[0] is a BigInt, for which JSON has no form; pass String(it)"],
  ["a function", { a: { b: () => 1 } }, "a.b is a function, of which nothing would arrive"],
  ["a symbol", { a: Symbol("s") }, "a is a symbol, of which nothing would arrive"],
  [
    "an instance",
    { price: new Money() },
    "price is an instance of Money, and would arrive without its class; pass a plain object",
  ],
  ["an instance with toJSON", { to: new URL("http://x") }, "to is an instance of URL"],
  ["an error", new Error("no"), "it is an instance of Error"],
  ["a Buffer", [Buffer.from("x")], "[0] is an instance of Buffer"],
  ["a boxed number", { a: Object(1) }, "a is an instance of Number"],
  ["a plain object with toJSON", { toJSON: () => 1 }, "toJSON is a function"],
  [
    "a list with fields",
    { found: /a/.exec("a") },
    "found is a list with fields of its own, which would not arrive",
  ],
  ["a field named by a symbol", { a: { [Symbol("s")]: 1 } }, "a has a field that is named by a symbol"],
  ["a proxy of a Map's like", { a: new Proxy(new Money(), {}) }, "a is an instance of Money"],
])("%s is refused where it is handed over, with its place", (_, value, problem) => {
  expect(() => encodePayload(value, "The input")).toThrow(`The input can't be written as JSON: ${problem}`);
});

test("what JSON keeps is taken as ever", () => {
  const cases: [unknown, string][] = [
    [undefined, "null"],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [-0, "0"],
    [Object.create(null), "{}"],
    [runInNewContext("({ a: [1, { b: null }] })"), '{"a":[1,{"b":null}]}'],
    [new Proxy({ a: 1 }, {}), '{"a":1}'],
    [Object.freeze([Object.freeze({ a: "x" })]), '[{"a":"x"}]'],
    [
      {
        get a() {
          return 1;
        },
      },
      '{"a":1}',
    ],
  ];
  for (const [value, text] of cases) expect(encodePayload(value, "It")).toBe(text);
});

test("whatever is taken arrives as it was", () => {
  const which = fc.nat(oddValues.length - 1);
  const odd = fc.oneof(
    fc
      .anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withSparseArray: true,
        withNullPrototype: true,
      })
      .map((value) => () => value),
    which.map((index) => () => oddValues[index]),
    fc.array(which, { maxLength: 3 }).map((indices) => () => indices.map((index) => oddValues[index])),
  );
  let taken = 0;
  fc.assert(
    fc.property(odd, (make) => {
      const value = make();
      let text: string;
      try {
        text = encodePayload(value, "It");
      } catch {
        return;
      }
      taken++;
      // Fields that are undefined are as good as absent, and 0 is 0.
      if (value !== undefined) expect([decodePayload(text)]).toEqual([plain(value)]);
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

function plain(value: unknown): unknown {
  if (value === 0) return 0;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

test("a date is taken where a schema makes a date of its text", () => {
  const at = new Date(0);
  const when = z.object({ at: z.coerce.date(), list: z.array(z.coerce.date()).optional() });
  expect(encodePayload({ at, list: [at] }, "It", { schema: when })).toContain("1970-01-01T00:00:00.000Z");
  expect(() => encodePayload({ at }, "It", { schema: z.object({ at: z.date() }) })).toThrow("at is a Date");
  expect(() => encodePayload({ at }, "It", { schema: z.object({ at: z.unknown() }) })).toThrow(
    "at is a Date",
  );
  expect(() => encodePayload({ other: at }, "It", { schema: when.partial().loose() })).toThrow(
    "other is a Date",
  );
});

test("a BigInt is taken where a schema makes a BigInt of its text", () => {
  const codec = z.codec(z.string(), z.bigint(), { decode: (text) => BigInt(text), encode: String });
  const large = 2n ** 70n;
  for (const schema of [z.object({ cents: z.coerce.bigint() }), z.object({ cents: codec })])
    expect(encodePayload({ cents: large }, "It", { schema })).toBe('{"cents":"1180591620717411303424"}');
  expect(encodePayload(5n, "It", { schema: z.coerce.bigint() })).toBe('"5"');
  for (const schema of [z.object({ cents: z.bigint() }), z.object({ cents: z.string() }), z.unknown()])
    expect(() => encodePayload({ cents: 5n }, "It", { schema })).toThrow(
      "cents is a BigInt, for which JSON has no form",
    );
  expect(() => encodePayload({ cents: 5n }, "It")).toThrow("cents is a BigInt");
  expect(() =>
    encodePayload({ a: 1, left: { cents: 5n } }, "It", { schema: z.looseObject({ a: z.number() }) }),
  ).toThrow("left.cents is a BigInt");
});

describe("In a run", () => {
  const drive = (code: (run: Run) => Promise<unknown>) => {
    const service = inProcessDecisions([workflow<unknown, unknown>("w", code)]);
    return new DrivenRun("w", service.openSession());
  };
  const work = job<unknown, unknown>("work", { whenExhausted: "fail" });

  test.each<[string, (run: Run) => Promise<unknown>, string, RegExp]>([
    [
      "input of a job",
      (run) => run.job(work, { a: Number.NaN }),
      "InvalidInput",
      /^The input of work can't .* a is NaN/,
    ],
    [
      "input of a compensation",
      async (run) => run.compensate(work, [new Map()]),
      "InvalidInput",
      /\[0\] is a Map/,
    ],
    [
      "output",
      async () => ({ at: new Date(0) }),
      "InvalidOutput",
      /^The output of the workflow can't .* at is a Date/,
    ],
  ])("lossy %s gets it stuck, with the place", async (_, code, name, message) => {
    const run = drive(code);
    await run.start();
    expect(run.last).toMatchObject({
      type: "RunStuck",
      failure: { kind: "invalid", name, message: expect.stringMatching(message) },
    });
  });

  test("one from before that rule goes on with what JSON makes of its values", async () => {
    const service = inProcessDecisions([
      workflow<unknown, unknown>("w", async (run) => {
        await run.job(work, { at: new Date(0), left: new Set([1]) });
        return [Number.NaN];
      }),
    ]);
    const history = [
      { seq: 1, at: 1, event: { type: "RunStarted", workflow: "w", input: "null" } },
      { seq: 2, at: 1, event: { type: "JobScheduled", jobId: "j1", jobType: "work", input: "null" } },
      { seq: 3, at: 1, event: { type: "AttemptRequested", jobId: "j1", attempt: 1 } },
      { seq: 4, at: 2, event: { type: "JobCompleted", jobId: "j1", output: "null", attempt: 1 } },
    ] as const;
    const ask = (upTo: number) =>
      service.openSession().ask({ runId: "r", workflow: "w", history: history.slice(0, upTo) });
    expect(await ask(1)).toMatchObject([
      { type: "ScheduleJob", input: '{"at":"1970-01-01T00:00:00.000Z","left":{}}' },
    ]);
    expect(await ask(4)).toEqual([{ type: "CompleteRun", output: "[null]" }]);
  });

  test("an error of a job brings its details as a value, and so does what becomes of it", async () => {
    const seen: unknown[] = [];
    const run = drive(async (context) => {
      try {
        await context.job(work);
      } catch (error) {
        if (error instanceof JobFailedError)
          seen.push(error.failure.details, error.failure.causes?.[0]?.details);
        throw error;
      }
    });
    await run.start();
    const thrown = Object.assign(
      new Error("broke", { cause: Object.assign(new Error("below"), { port: 7 }) }),
      { status: 502 },
    );
    const failure = { ...attemptFailure(thrown), kind: "invalid" as const };
    await run.send({ type: "FailAttempt", jobId: "j1", attempt: 1, worker: "w", startedAt: run.at, failure });
    expect(seen).toEqual([{ status: 502 }, { port: 7 }]);
    expect(run.history.find(({ event }) => event.type === "RunFailing")?.event).toMatchObject({
      failure: { name: "Error", details: '{"status":502}', causes: [{ details: '{"port":7}' }] },
    });
  });
});

test("details of a refusal that would be lost are left out with a word", () => {
  const { message, details } = attemptFailure(
    new BusinessError("Full", "It is full.", { until: new Date(0) } as unknown),
  );
  expect(details).toBeUndefined();
  expect(message).toContain("until is a Date");
});
