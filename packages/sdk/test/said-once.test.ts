import { describe, expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { inProcessDecisions } from "../src/decisions/index.ts";
import { DrivenRun } from "../src/decisions/test/driven-run.ts";
import { aesCodec, job, keysFromFile, type Run, workflow } from "../src/index.ts";
import { handle, worker } from "../src/worker/index.ts";
import { oddValues } from "./odd-values.ts";

const log = { openProducer: () => {}, openConsumer: () => {}, openReader: () => {} };
const any = job("any");

/** Whoever is given options. What they do when they take them matters to none of these. */
const takers: Readonly<Record<string, (options: object) => unknown>> = {
  job: (options) => job("work", options as never),
  "job, of retry": (retry) => job("work", { retry } as never),
  // With jobs that are none it is refused whatever else it is given, so that none is begun.
  worker: (options) => worker({ ...options, log, jobs: 7 } as never),
  "worker, of limits": (limits) => worker({ log, limits, jobs: 7 } as never),
  client: (options) => client({ log, ...options } as never),
  handle: (options) => handle(any, () => {}, options),
  workflow: (options) => workflow("w", options as never, async () => {}),
  aesCodec: (options) => aesCodec(options as never),
  keysFromFile: (options) => keysFromFile("/nowhere", options),
  inProcessDecisions: (options) => inProcessDecisions([], options),
};

const numbers = [1e308, -1e308, 2 ** 53 + 2, -(2 ** 53), 0.5, -0.5, 1e16 + 0.5, -1, 0, Number.MIN_VALUE];
const values = [
  ...oddValues,
  ...numbers,
  "",
  "\ud800",
  "\ud800".repeat(300),
  [],
  [[]],
  [1e308, -1e308],
  { a: 1e308 },
];

function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function expectOnce(message: string): void {
  const sentences = message.split(/(?<=[.;])\s+/).filter((sentence) => sentence.length > 12);
  expect(sentences, message).toEqual([...new Set(sentences)]);
}

describe("no sentence is said twice of the options of", () => {
  test.each(Object.entries(takers))("%s", (_, take) => {
    const names = /there are ([^.]+)\./
      .exec(refusalOf(() => take({ unheardOfOption: 1 })) ?? "")?.[1]
      ?.split(", ");
    if (names === undefined) throw new Error("It doesn't say which options there are.");
    let refused = 0;
    for (const name of names) {
      for (const value of values) {
        const said = refusalOf(() => take({ [name]: value }));
        if (said === undefined) continue;
        refused++;
        expectOnce(said);
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  const asked: Readonly<Record<string, (run: Run, value: unknown) => unknown>> = {
    "run.version, as its number": (run, value) => run.version("x", value as never),
    "run.version, as its name": (run, value) => run.version(value as never, 2),
    "run.signal": (run, value) => run.signal("s", { timeout: value as never }),
    "run.signal, as its name": (run, value) => run.signal(value as never),
    "run.sleep": (run, value) => run.sleep(value as never),
    "run.job": (run, value) => run.job(any, undefined, { heartbeatMs: value as never }),
    "run.setLabels": (run, value) => run.setLabels({ a: value, b: value } as never),
  };

  test.each(Object.entries(asked))("%s", async (_, ask) => {
    for (const value of values) {
      const code = workflow("w", async (run: Run) => void (await ask(run, value)));
      const run = new DrivenRun("w", inProcessDecisions([code]).openSession());
      await run.start();
      if (run.last?.type === "RunStuck") expectOnce(run.last.failure.message);
    }
  });
});

test("what several names that are none have in common is said once", () => {
  expect(refusalOf(() => job("work", { retry: { often: 1, never: 2, jiter: 3 } } as never))).toBe(
    "The options of the job work can't be taken. There is no option retry.jiter; did you mean retry.jitter? There is no option retry.often or retry.never; there are maxAttempts, initialIntervalMs, coefficient, maxIntervalMs, jitter, nonRetryable.",
  );
});

test("a number that is beyond several bounds is refused with one sentence", () => {
  expect(refusalOf(() => job("work", { retry: { maxAttempts: 1e308 } }))).toBe(
    "The options of the job work can't be taken. retry.maxAttempts can't be 1e+308: it is a whole number from 1 to 1000000.",
  );
});
