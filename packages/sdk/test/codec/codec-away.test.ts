import { expect, onTestFinished, test, vi } from "vitest";
import { client } from "../../src/client/index.ts";
import { aesCodec, job, keysFromFile, type PayloadCodec, workflow } from "../../src/index.ts";
import { type WorkerOptions, worker } from "../../src/worker/index.ts";
import { engineWithoutCode } from "../engine-without-code.ts";
import { openTestLog } from "../open-log.ts";
import { keyFile } from "./keys.ts";

const take = job<string, string>("take");
const passOn = workflow("passOn", async (run, input: string) => run.job(take, input));
const hurry = job<string, string>("hurry", {
  startToCloseMs: 2_000,
  retry: { maxAttempts: 5, initialIntervalMs: 10 },
});
const hurryOn = workflow("hurryOn", async (run, input: string) => run.job(hurry, input));

const within = { timeout: 60_000 };
const inTime = { timeout: "60 seconds" } as const;

/** A codec whose key service may be away. */
class Service {
  isAway = true;
  readonly codec: PayloadCodec;

  constructor(inner: PayloadCodec, what: readonly ("encode" | "decode")[] = ["encode", "decode"]) {
    const there = (name: "encode" | "decode") => {
      if (this.isAway && what.includes(name)) throw new Error("the key service does not answer");
    };
    this.codec = {
      ...inner,
      encode: (payload, about) => {
        there("encode");
        return inner.encode(payload, about);
      },
      decode: (payload) => {
        there("decode");
        return inner.decode(payload);
      },
    };
  }
}

async function opened() {
  const log = await openTestLog();
  const engine = await engineWithoutCode(log.connect, { partitions: 2 });
  const codec = aesCodec({ keys: keysFromFile(keyFile()) });
  const starter = client({ log: log.connect(), codec });
  const workers: { stop(): Promise<void> }[] = [];
  onTestFinished(async () => {
    await Promise.all(workers.map((each) => each.stop()));
    await starter.close();
    await engine.stop();
    await log[Symbol.asyncDispose]();
  });
  const host = async (options: Partial<WorkerOptions>) => {
    const problems: string[] = [];
    const onProblem = (problem: string) => void problems.push(problem);
    const hosted = worker({ log: log.connect(), isolation: "none", onProblem, codec, ...options });
    workers.push(hosted);
    await hosted.ready;
    return { hosted, said: () => problems.join("\n") };
  };
  return { codec, starter, host };
}

test.each([["encode"], ["decode"]] as const)(
  "a run goes on when the key service is back, without a restart of its worker: %s",
  async (what) => {
    const { codec, starter, host } = await opened();
    const service = new Service(codec, [what]);
    const { said } = await host({ workflows: [passOn], codec: service.codec });
    await host({ jobs: { take: (input: unknown) => input } });
    const run = await starter.start(passOn, "Ada");
    await vi.waitFor(() => expect(said()).toContain("can't be decrypted or encrypted now"), within);
    service.isAway = false;
    expect(await run.result(inTime)).toBe("Ada");
    expect(said()).not.toContain("could not be sent");
  },
  120_000,
);

test("what a handler gave is kept until the key service is back, and the next job is taken then", async () => {
  const { codec, starter, host } = await opened();
  const service = new Service(codec, ["encode"]);
  const given: unknown[] = [];
  await host({ workflows: [passOn] });
  const { said } = await host({
    jobs: {
      take: (input: unknown) => {
        given.push(input);
        return input;
      },
    },
    concurrency: 1,
    codec: service.codec,
  });
  const first = await starter.start(passOn, "Ada");
  await vi.waitFor(() => expect(said()).toContain("What comes of take can't be encrypted now"), within);
  const second = await starter.start(passOn, "Bob");
  service.isAway = false;
  expect(await Promise.all([first.result(inTime), second.result(inTime)])).toEqual(["Ada", "Bob"]);
  expect(given).toEqual(["Ada", "Bob"]);
}, 120_000);

test("a key service that is away for longer than the attempt has the engine told, and the job tried again", async () => {
  const { codec, starter, host } = await opened();
  const service = new Service(codec, ["encode"]);
  let calls = 0;
  await host({ workflows: [hurryOn] });
  const { said } = await host({
    jobs: {
      hurry: (input: unknown) => {
        calls += 1;
        service.isAway = calls === 1;
        return input;
      },
    },
    concurrency: 1,
    codec: service.codec,
  });
  const run = await starter.start(hurryOn, "Ada");
  expect(await run.result(inTime)).toBe("Ada");
  expect(calls).toBeGreaterThan(1);
  await vi.waitFor(
    () => expect(said()).toContain("could not be encrypted for as long as it counted"),
    within,
  );
}, 120_000);

test("a worker stops though the key service is away, and another one carries the job out", async () => {
  const { codec, starter, host } = await opened();
  const service = new Service(codec, ["encode"]);
  const questions = new Service(codec, ["encode"]);
  questions.isAway = false;
  const asked = await host({ workflows: [passOn], codec: questions.codec });
  const first = await host({ jobs: { take: (input: unknown) => input }, codec: service.codec });
  const run = await starter.start(passOn, "Ada");
  await vi.waitFor(() => expect(first.said()).toContain("can't be encrypted now"), within);
  questions.isAway = true;
  await first.hosted.stop({ graceMs: 1 });
  expect(first.said()).toContain("its handler may be called once more");
  await host({ jobs: { take: (input: unknown) => input } });
  await vi.waitFor(() => expect(asked.said()).toContain("can't be decrypted or encrypted now"), within);
  await asked.hosted.stop({ graceMs: 1 });
  await host({ workflows: [passOn] });
  expect(await run.result(inTime)).toBe("Ada");
}, 120_000);
