import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inProcessDecisions } from "../src/decisions/index.ts";
import { DrivenRun } from "../src/decisions/test/driven-run.ts";
import { BusinessError, job, type Run, workflow } from "../src/index.ts";
import { encodePayload } from "../src/payload.ts";
import { readOf, returnedBy } from "../src/returned.ts";
import { unreadableIn } from "../src/unreadable.ts";

function trap(): never {
  throw new TypeError("trap");
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

type Settle = (value: unknown) => void;

function thenable(then: (resolve: Settle, reject: Settle) => void): object {
  return { then };
}

// biome-ignore lint/suspicious/noThenProperty: the oddity itself
const thenGetter = Object.defineProperty({}, "then", { get: trap });

const threw = "can't be read, as it threw TypeError: trap";
const isRevoked = (what: string) =>
  `can't be read, as it threw TypeError: Cannot perform '${what}' on a proxy that has been revoked`;

/** Values whose own code throws when they are read, but not when they are asked for a `then`. */
const unreadable: readonly [name: string, value: unknown, problem: string][] = [
  [
    "a getter",
    { a: [1, { b: Object.defineProperty({}, "c", { get: trap, enumerable: true }) }] },
    `a[1].b.c ${threw}`,
  ],
  ["a toJSON", { at: { toJSON: trap } }, `at.toJSON() ${threw}`],
  ["a toJSON of all of it", { toJSON: trap }, `its toJSON() ${threw}`],
  ["a proxy that lists nothing", [0, new Proxy({}, { ownKeys: trap })], `[1] ${threw}`],
  ["a proxy that gives nothing", { p: new Proxy({}, { get: trap }) }, `p ${threw}`],
  [
    "a proxy of a list that has no length",
    { list: new Proxy([], { get: (_, name) => (name === "length" ? trap() : undefined) }) },
    `list ${threw}`,
  ],
  ["a revoked proxy", { gone: revoked({}) }, `gone ${isRevoked("get")}`],
  [
    "what throws no error",
    {
      get odd() {
        throw "nothing";
      },
    },
    "odd can't be read, as it threw Error: Something that is no Error was thrown: nothing",
  ],
];

/** Those too that promises can't resolve with. */
const unreturnable: readonly [name: string, value: unknown, problem: string][] = [
  ["a proxy", new Proxy({}, { get: trap }), `it ${threw}`],
  ["a revoked proxy", revoked({}), `it ${isRevoked("get")}`],
  ["a revoked function", revoked(() => {}), `it ${isRevoked("get")}`],
  ["a getter named then", thenGetter, `it ${threw}`],
  ["a then that throws", thenable(trap), `its then() ${threw}`],
  [
    "a then that resolves with one that throws",
    thenable((resolve) => resolve(thenable(trap))),
    `its then() ${threw}`,
  ],
];

function driven(code: (run: Run) => unknown, settings: { output?: z.ZodType } = {}): DrivenRun {
  const made = workflow<unknown, unknown>("w", settings as never, code as never);
  return new DrivenRun("w", inProcessDecisions([made]).openSession());
}

test.each(unreadable)("%s that throws is refused with its place and what it threw", (_, value, problem) => {
  expect(() => encodePayload(value, "The input")).toThrow(`The input can't be written as JSON: ${problem}.`);
});

test("what can be read is readable, however it is made", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  for (const value of [
    cyclic,
    7n,
    undefined,
    new Date(Number.NaN),
    new Map(),
    Symbol("s"),
    () => trap(),
    [new URL("http://x")],
  ])
    expect(unreadableIn(value)).toBeUndefined();
});

describe("a run", () => {
  const any = job<unknown, unknown>("any");
  const strict = job("strict", { input: z.object({ a: z.unknown(), at: z.unknown(), p: z.unknown() }) });
  const places: Readonly<Record<string, { name: string; code: (run: Run, value: unknown) => unknown }>> = {
    "as its output": { name: "InvalidOutput", code: (_, value) => value },
    "as its output, in time": { name: "InvalidOutput", code: async (_, value) => value },
    "as a job's input": { name: "InvalidInput", code: (run, value) => run.job(any, value) },
    "as the input of a job with a schema": {
      name: "InvalidInput",
      code: (run, value) => run.job(strict, value as never),
    },
    "as an undo's input": { name: "InvalidInput", code: async (run, value) => run.compensate(any, value) },
    "as labels": { name: "RangeError", code: async (run, value) => run.setLabels(value as never) },
  };

  test.each(Object.entries(places))(
    "that hands one over %s is stuck with the sentence",
    async (_, { name, code }) => {
      for (const [kind, value, problem] of unreadable) {
        const run = driven((given) => code(given, value));
        await run.start();
        const isOfLabels = name === "RangeError";
        expect(run.last, kind).toMatchObject({
          type: "RunStuck",
          // Labels that are no labels anyhow are told so.
          failure: {
            name,
            message: isOfLabels
              ? expect.stringMatching(/^The labels can't be taken/)
              : expect.stringContaining(problem),
          },
        });
      }
    },
  );

  test("with a schema of its output is told of the value, not of the schema", async () => {
    const value = Object.defineProperty({}, "a", { get: trap, enumerable: true });
    const run = driven(async () => value, { output: z.object({ a: z.string() }) });
    await run.start();
    expect(run.last).toMatchObject({
      failure: {
        name: "InvalidOutput",
        message: `The output of the workflow does not fit its schema.\n✖ a ${threw}`,
      },
    });
  });

  test.each(unreturnable)(
    "that returns %s that throws is stuck with InvalidOutput",
    async (_, value, problem) => {
      const run = driven(() => value);
      await run.start();
      expect(run.last).toMatchObject({
        type: "RunStuck",
        failure: {
          kind: "invalid",
          name: "InvalidOutput",
          message: `The output of the workflow can't be written as JSON: ${problem}.`,
        },
      });
    },
  );

  test("is told of a then that threw where its async code returned or awaited it", async () => {
    const values = [
      {
        // biome-ignore lint/suspicious/noThenProperty: the oddity itself
        then(): never {
          throw new TypeError("trap");
        },
      },
      {
        // biome-ignore lint/suspicious/noThenProperty: the oddity itself
        get then(): never {
          throw new TypeError("trap");
        },
      },
    ];
    for (const value of values) {
      const run = driven(async () => value as unknown);
      await run.start();
      expect(run.last).toMatchObject({
        failure: { name: "TypeError", message: expect.stringContaining("thrown by the then of a value") },
      });
    }
  });

  test("fails with the details left out, and says why", async () => {
    const run = driven(async () => {
      throw new BusinessError("Full", "It is full.", { a: new Proxy({}, { get: trap }) } as unknown);
    });
    await run.start();
    expect(run.history.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({
        type: "RunFailing",
        failure: expect.objectContaining({ message: expect.stringContaining(`a ${threw}`) }),
      }),
    );
  });
});

describe("what code returns", () => {
  const outcomeOf = async (run: () => unknown) => readOf(await returnedBy(run), "The output");

  test("is what it resolves with, however deep, and thrown as it is thrown", async () => {
    const nested = thenable((resolve) => resolve(Promise.resolve(thenable((done) => done(7)))));
    expect(await outcomeOf(() => 7)).toBe(7);
    expect(await outcomeOf(async () => 7)).toBe(7);
    expect(await outcomeOf(() => nested)).toBe(7);
    await expect(outcomeOf(trap)).rejects.toThrow("trap");
    await expect(outcomeOf(async () => trap())).rejects.toThrow("trap");
    await expect(outcomeOf(() => thenable((_, reject) => reject(new Error("no"))))).rejects.toThrow("no");
  });

  test("counts as first told", async () => {
    const twice = thenable((resolve) => {
      resolve(1);
      trap();
    });
    expect(await outcomeOf(() => twice)).toBe(1);
  });
});
