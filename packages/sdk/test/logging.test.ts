import { type MessageLog, systemClock } from "@downbeat/message-log";
import { encodeJobMessage, questionMessageOf, topics } from "@downbeat/protocol";
import pino from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Logger, type LoggerOption, workflow } from "../src/index.ts";
import { boundLog } from "../src/logging/bound-log.ts";
import { loggerOf } from "../src/logging/careful-logger.ts";
import { plainLine } from "../src/logging/plain-logger.ts";
import { testEnvironment } from "../src/testing/index.ts";
import { worker } from "../src/worker/index.ts";
import { collect, openTestLog, until } from "./open-log.ts";

type Line = { readonly level: keyof Logger; readonly message: string } & Record<string, unknown>;

function written(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const take = (level: keyof Logger) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message });
  return {
    lines,
    logger: { debug: take("debug"), info: take("info"), warn: take("warn"), error: take("error") },
  };
}

function stderr(): string[] {
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  onTestFinished(() => write.mockRestore());
  return said;
}

async function ask(log: MessageLog, name: string, attempt = 1): Promise<void> {
  const event = { type: "RunStarted", workflow: name, input: "null", startedBy: "test", rules: 2 };
  const events = [{ seq: 1, at: 1_000, event }];
  const producer = await log.openProducer(topics.decisions(name));
  const question = JSON.stringify({ runId: "r-1", workflow: name, upTo: 1, attempt, events });
  await producer.send({ payload: questionMessageOf([question]), key: "r-1" });
  await producer.close();
}

const bug = workflow("bug", async (run) => {
  run.log.info("begins");
  throw new TypeError("a bug");
});

describe("a worker", () => {
  test("says of a run that its code gets stuck, with the place, though nobody listens; and no line twice when it is asked again", async () => {
    await using opened = await openTestLog();
    const { lines, logger } = written();
    const answers = await collect(opened.log, [topics.inbox(0), topics.inbox(1)], (message) => [message]);
    const hosted = worker({ log: opened.connect(), workflows: [bug], isolation: "none", logger });
    await hosted.ready;
    await ask(opened.log, "bug");
    await until(() => lines.length >= 2, "what is said of the run");
    await ask(opened.log, "bug", 2);
    await until(() => answers.length === 2, "the second question to be answered");
    await hosted.stop();
    expect(lines).toEqual([
      { runId: "r-1", workflow: "bug", level: "info", message: "begins" },
      {
        runId: "r-1",
        workflow: "bug",
        err: expect.objectContaining({ stack: expect.stringContaining("logging.test.ts:") }),
        level: "error",
        message: expect.stringMatching(/^bug r-1 is stuck\. TypeError: a bug\./),
      },
    ]);
  });

  test("says it on stderr where no logger is given, and nothing at all where there is to be none", async () => {
    await using opened = await openTestLog();
    const said = stderr();
    const run = async (logger: LoggerOption | undefined) => {
      const hosted = worker({
        log: opened.connect(),
        workflows: [bug],
        isolation: "none",
        ...(logger !== undefined && { logger }),
      });
      await hosted.ready;
      return hosted;
    };
    const talking = await run(undefined);
    await ask(opened.log, "bug");
    await until(() => said.join("").includes("is stuck"), "what is said");
    await talking.stop();
    const before = said.length;
    const answers = await collect(opened.log, [topics.inbox(0), topics.inbox(1)], (message) => [message]);
    const quiet = await run(false);
    await ask(opened.log, "bug");
    await until(() => answers.length === 2, "the second answer");
    await quiet.stop();
    expect(said).toHaveLength(before);
    expect(said.join("")).toMatch(/^\S+ INFO {2}begins runId="r-1" workflow="bug"$/m);
    expect(said.join("")).toMatch(
      /^\S+ ERROR bug r-1 is stuck\. TypeError: a bug\..* runId="r-1" workflow="bug"\n {4}at .*logging\.test\.ts:/m,
    );
  });

  test("tells who listens instead", async () => {
    await using opened = await openTestLog();
    const { lines, logger } = written();
    const told: string[] = [];
    const hosted = worker({
      log: opened.connect(),
      workflows: [bug],
      isolation: "none",
      logger,
      onProblem: (problem) => told.push(problem),
    });
    await hosted.ready;
    await ask(opened.log, "bug");
    await until(() => told.length > 0, "the problem");
    await hosted.stop();
    expect(told).toEqual([expect.stringMatching(/^bug r-1 is stuck/)]);
    expect(lines.map(({ message }) => message)).toEqual(["begins"]);
  });

  test("gives handlers a log that carries run, job and attempt", async () => {
    await using opened = await openTestLog();
    const { lines, logger } = written();
    const hosted = worker({
      log: opened.connect(),
      logger,
      jobs: {
        charge: (_, { log }) => {
          log.info("plain");
          log.warn({ cents: 5, runId: "another" }, "with fields");
          log.error(new RangeError("an error alone"));
        },
      },
    });
    await hosted.ready;
    const producer = await opened.log.openProducer(topics.jobs("charge"));
    await producer.send({
      payload: encodeJobMessage({
        runId: "r",
        workflow: "w",
        jobId: "j1",
        jobType: "charge",
        attempt: 2,
        idempotencyKey: "r/j1",
        input: "null",
      }),
    });
    await until(() => lines.length === 3, "the lines");
    await hosted.stop();
    const ours = { runId: "r", workflow: "w", jobId: "j1", jobType: "charge", attempt: 2 };
    expect(lines).toEqual([
      { ...ours, level: "info", message: "plain" },
      { ...ours, cents: 5, level: "warn", message: "with fields" },
      { ...ours, err: expect.any(RangeError), level: "error", message: "an error alone" },
    ]);
  });
});

test("in tests, lines go to the logger that is given, and none again for a replay", async () => {
  const { lines, logger } = written();
  const speaks = workflow("speaks", async (run) => {
    run.log.info("begins");
    await run.sleep("1 day");
    run.log.info("goes on");
  });
  const env = await testEnvironment({ workflows: [speaks], logger });
  const run = await env.start(speaks);
  await run.result();
  await env.close();
  expect(lines.map(({ runId, message }) => [runId, message])).toEqual([
    ["speaks-1", "begins"],
    ["speaks-1", "goes on"],
  ]);
});

describe("a logger", () => {
  test("may be pino, console or any that takes fields and a sentence", () => {
    const out: string[] = [];
    const loggers: Logger[] = [
      console,
      pino({ base: null, timestamp: false }, { write: (line) => void out.push(line) }),
    ];
    loggers[1]?.info({ runId: "r" }, "charged");
    expect(JSON.parse(out.join(""))).toEqual({ level: 30, runId: "r", msg: "charged" });
  });

  test("that isn't one is refused with what it is", () => {
    expect(() => worker({ jobs: { a: () => 1 }, logger: { info: () => {} } as unknown as Logger })).toThrow(
      /logger can't be .*it is an object with debug, info, warn and error, such as pino's or console, or false for none/,
    );
  });

  test("that fails does no harm, and is told of once", () => {
    const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
    onTestFinished(() => warned.mockRestore());
    const fail = (): never => {
      throw new Error("The disk is full.");
    };
    const log = boundLog(loggerOf({ debug: fail, info: fail, warn: fail, error: fail }), {});
    log.info("one");
    log.warn("two");
    expect(warned.mock.calls).toEqual([["The logger failed: The disk is full. It was to log: one"]]);
  });

  test("hears of fields that can't be read", () => {
    const { lines, logger } = written();
    const fields = {
      get broken(): never {
        throw new Error("no value");
      },
    };
    boundLog(logger, { runId: "r" }).info(fields, "charged");
    expect(lines).toEqual([
      { runId: "r", level: "info", message: "charged (its fields could not be read: no value)" },
    ]);
  });
});

test.each([
  ["info", { runId: "r", cents: 5 }, "charged", 'INFO  charged runId="r" cents=5'],
  [
    "warn",
    { err: new Error("connect refused") },
    "Waiting for the log.",
    "WARN  Waiting for the log. connect refused",
  ],
  [
    "error",
    { err: "a text" },
    "It failed.",
    "ERROR It failed. Something that is no Error was thrown: a text",
  ],
  ["info", { apiKey: "s3cret" }, "signed in", 'INFO  signed in apiKey="[left out]"'],
] as const)("without a logger, a line of %s %o is for people", (level, fields, message, line) => {
  expect(plainLine(new Date(systemClock.now()), level, fields, message)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} /);
  expect(plainLine(new Date(0), level, fields, message)).toBe(`00:00:00.000 ${line}`);
});
