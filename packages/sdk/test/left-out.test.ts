import { describe, expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { httpJobs } from "../src/http/index.ts";
import { connect, job, nextWeekday, workflow } from "../src/index.ts";
import { replay, testEnvironment } from "../src/testing/index.ts";
import { handle, worker } from "../src/worker/index.ts";

const log = { openProducer: () => {}, openConsumer: () => {}, openReader: () => {} } as never;
const code = workflow("code", async () => {});

/** As JavaScript calls them, or an import of what is not exported. */
const calls: Record<string, (value: never) => unknown> = {
  "job()": (value) => job(value),
  "workflow()": (value) => workflow(value, async () => {}),
  "the code of workflow()": (value) => workflow("w", value),
  "the settings of workflow()": (value) => workflow("w", value, async () => {}),
  "worker()": (value) => worker(value),
  "jobs of worker()": (value) => worker({ log, jobs: value }),
  "a handler of worker()": (value) => worker({ log, jobs: { pay: value } }),
  "one of the jobs of worker()": (value) => worker({ log, jobs: [value] }),
  "one of the workflows of worker()": (value) => worker({ log, workflows: [value] }),
  "the connection of worker()": (value) => worker({ connection: value, jobs: { pay: () => {} } }),
  "handle()": (value) => handle(value, () => {}),
  "the handler of handle()": (value) => handle(job("pay"), value),
  "httpJobs()": (value) => httpJobs(value),
  "one of httpJobs()": (value) => httpJobs({ pay: value }),
  "nextWeekday()": (value) => nextWeekday(value),
  "replay()": (value) => replay(value, code),
  "the workflow of replay()": (value) => replay([], value),
  "the connection of client()": (value) => client({ connection: value }),
  "client.start()": (value) => client({ log }).start(value),
  "client.run()": (value) => client({ log }).run(value),
  "client.send()": (value) => client({ log }).send(value),
  "connect()": (value) => connect(value, {}),
  "testEnvironment()": (value) => testEnvironment(value),
  "one of the workflows of testEnvironment()": (value) => testEnvironment({ workflows: [value] }),
};

const fallen =
  /Cannot (read|destructure|convert)|is not (a function|iterable|an object)|undefined \(|must be of type/;

async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "It was taken.";
}

describe("what is left out is said by what takes it", () => {
  test.each(Object.entries(calls))("%s", async (_, call) => {
    for (const value of [undefined, null, 7] as never[]) {
      const refusal = await refusalOf(() => call(value));
      expect(refusal).not.toMatch(fallen);
      expect(refusal).not.toBe("It was taken.");
    }
  });

  test("in a test environment", async () => {
    await using env = await testEnvironment({ workflows: [code] });
    expect(await refusalOf(() => env.start(undefined as never))).toBe(
      "env.start takes a workflow as workflow() makes it, or its name, and was given undefined.",
    );
    for (const call of [
      () => env.run(undefined as never),
      () => env.mock(undefined as never, () => {}),
      () => env.mock(job("pay"), undefined as never),
      () => env.skip(undefined as never),
      () => env.skipUntil(undefined as never),
      () => env.after("1 hour", undefined as never),
      () => env.at(env.now(), undefined as never),
    ]) {
      const refusal = await refusalOf(call);
      expect(refusal).not.toMatch(fallen);
      expect(refusal).not.toBe("It was taken.");
    }
  });

  test("with the name that it has in the call", async () => {
    expect(await refusalOf(() => client({ log }).start(undefined as never, 1))).toBe(
      "start() takes a workflow as workflow() makes it, or its name, and was given undefined.",
    );
  });
});
