import { inCodesOrder, type RunDecision } from "@downbeat/domain";
import { until } from "@downbeat/message-log/testing";
import type { DecisionService, RecordedEvent } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { oddThrown } from "../../../test/odd-values.ts";
import { job, type Logger, type Run, workflow } from "../../index.ts";
import { inProcessDecisions, threadedDecisions } from "../index.ts";
import { DecisionThreads } from "../threads/decision-threads.ts";
import { DrivenRun } from "./driven-run.ts";
import { workflows } from "./hosted-workflows.ts";

const patience = { timeout: 60_000 };

type Line = { readonly level: keyof Logger; readonly message: string } & Record<string, unknown>;

/** A logger whose lines can be looked at. */
function written(): { readonly lines: Line[]; readonly messages: () => string[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const take = (level: keyof Logger) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message });
  const logger = { debug: take("debug"), info: take("info"), warn: take("warn"), error: take("error") };
  return { lines, messages: () => lines.map(({ message }) => message), logger };
}

type Open = (logger: Logger) => DecisionService;

const threads =
  (isolation: "thread" | "none"): Open =>
  (logger) => {
    const decisions = threadedDecisions(workflows, { logger, isolation, stepMs: 400 });
    onTestFinished(() => decisions.close());
    return decisions;
  };

const services: readonly (readonly [string, Open])[] = [
  ["in process", (logger) => inProcessDecisions(workflows, { logger })],
  [
    "in process, where no coroutine is kept",
    (logger) => inProcessDecisions(workflows, { logger, maxCachedRuns: 0 }),
  ],
  ["in threads", threads("thread")],
  ["without threads", threads("none")],
];

describe.each(services)("run.log, %s", patience, (_, open) => {
  const ofTwo = ["begins", "got 10", "is odd", "got 20", "is odd", "ends"];

  test("writes fields in their order, with the run's id and workflow before them", async () => {
    const { lines, messages, logger } = written();
    const run = new DrivenRun("speaks", open(logger).openSession(), "r-1");
    await run.start(1);
    await run.complete("j1", 10);
    await until("all is written", () => messages().includes("ends"));
    expect(lines[0]).toEqual({
      runId: "r-1",
      workflow: "speaks",
      count: 1,
      nested: { list: [1, "two"] },
      level: "info",
      message: "begins",
    });
    expect(Object.keys(lines[0] ?? {}).slice(0, 4)).toEqual(["runId", "workflow", "count", "nested"]);
    expect(lines.slice(1)).toEqual([
      { runId: "r-1", workflow: "speaks", level: "debug", message: "got 10" },
      {
        runId: "r-1",
        workflow: "speaks",
        err: { type: "TypeError", message: "odd", stack: expect.stringContaining("thread-workflows.ts:") },
        i: 1,
        level: "warn",
        message: "is odd",
      },
      { runId: "r-1", workflow: "speaks", level: "error", message: "ends" },
    ]);
  });

  test("says no line again when the code is replayed", async () => {
    const { messages, logger } = written();
    const session = open(logger).openSession();
    const run = new DrivenRun("speaks", session);
    await run.start(2);
    session.forget(run.runId);
    await run.complete("j1", 10);
    session.forget(run.runId);
    await run.complete("j2", 20);
    await until("all is written", () => messages().includes("ends"));
    expect(messages()).toEqual(ofTwo);
  });

  test("says no line again to a service that knows the run by its history alone", async () => {
    const [one, other] = [written(), written()];
    const [first, second] = [open(one.logger).openSession(), open(other.logger).openSession()];
    let session = first;
    const run = new DrivenRun("speaks", () => session);
    await run.start(2);
    await run.complete("j1", 10);
    session = second;
    await run.complete("j2", 20);
    await until("all is written", () => other.messages().includes("ends"));
    expect([one.messages(), other.messages()]).toEqual([ofTwo.slice(0, 3), ofTwo.slice(3)]);
  });

  test("says a step's lines again when it got stuck and is resumed: nothing of it was recorded", async () => {
    const { messages, logger } = written();
    const run = new DrivenRun("speaksAndThrows", open(logger).openSession());
    await run.start();
    await run.complete("j1", 1);
    await run.resume();
    await until("both are written", () => messages().length === 3);
    expect(messages()).toEqual(["begins", "about to throw", "about to throw"]);
  });

  test("writes 200 lines of a step at most, and says so", async () => {
    const { messages, logger } = written();
    const run = new DrivenRun("floods", open(logger).openSession());
    await run.start(1_000);
    await run.complete("j1", 1);
    await until("all is written", () => messages().includes("the next step"));
    expect(messages().slice(198)).toEqual([
      "line 198",
      "line 199",
      "The code writes more than 200 lines in one step; the others of this step are left out.",
      "the next step",
    ]);
  });

  test("tells of a job that failed and that the code never looked at, once", async () => {
    const { lines, logger } = written();
    const session = open(logger).openSession();
    const run = new DrivenRun("overlooks", session);
    await run.start();
    for (const jobId of ["j1", "j2", "j3"]) await run.reject(jobId);
    session.forget(run.runId);
    await run.complete("j4", 4);
    expect(run.last).toMatchObject({ type: "RunCompleted" });
    await until("it is told", () => lines.length > 0);
    expect(lines).toEqual([
      {
        runId: run.runId,
        workflow: "overlooks",
        jobId: "j1",
        jobType: "step",
        level: "warn",
        message:
          "The job step (j1) failed, and the code never looked at it: Refused it is. Await it, or catch its error.",
      },
    ]);
  });
});

describe("run.log in threads", patience, () => {
  test("is heard of a step that never ends, and the lines of other runs are not repeated in the next thread", async () => {
    const { messages, lines, logger } = written();
    const session = threads("thread")(logger).openSession();
    const [bad, good] = [
      new DrivenRun("floodsForEver", session, "bad"),
      new DrivenRun("speaks", session, "good"),
    ];
    await Promise.all([bad.start(), good.start(2)]);
    await Promise.all([bad.complete("j1", 1), good.complete("j1", 10)]);
    expect(bad.last).toMatchObject({ type: "RunStuck", failure: { name: "CodeNeverEnds" } });
    await good.complete("j2", 20);
    await until("all is written", () => messages().includes("ends"));
    expect(lines.filter(({ runId }) => runId === "good").map(({ message }) => message)).toEqual([
      "begins",
      "got 10",
      "is odd",
      "got 20",
      "is odd",
      "ends",
    ]);
    const ofBad = lines.filter(({ runId }) => runId === "bad");
    expect(ofBad).toHaveLength(201);
    expect(ofBad[0]).toMatchObject({ message: "line 0" });
  });
});

/** As the engine delegates: what happened is recorded, then the question, then its answer. */
class Delegated {
  readonly #events: RecordedEvent[] = [];
  #answers = 0;

  ask(event: RecordedEvent["event"]): number {
    this.#add(event);
    return this.#events.length;
  }

  answered(upTo: number, decisions: readonly RunDecision[]): void {
    this.#add({ type: "CodeAnswered", upTo, answerId: `a${++this.#answers}` });
    for (const decision of decisions)
      if (decision.type === "ScheduleJob") this.#add({ ...decision, type: "JobScheduled" });
  }

  whole(upTo: number) {
    const events = inCodesOrder(this.#events.slice(0, upTo));
    return { runId: "r", workflow: "pair", upTo, attempt: 1, events };
  }

  #add(event: RecordedEvent["event"]): void {
    this.#events.push({ seq: this.#events.length + 1, at: 1_000, event });
  }
}

describe("run.log of code that is asked through the log", () => {
  const step = job<number, number>("step");
  const pair = workflow("pair", async (run) => {
    run.log.info("begins");
    const told = async (n: number): Promise<void> => {
      await run.job(step, n);
      run.log.info(`${n} is done`);
    };
    await Promise.all([told(1), told(2)]);
  });
  const host = (logger: Logger) =>
    new DecisionThreads({
      workflows: [pair],
      isolation: "none",
      threads: 1,
      limits: { stepMs: 5_000, memoryMb: 512 },
      maxCachedRuns: 10,
      onStray: () => {},
      onProblem: () => {},
      logger,
    });
  const decided = async (answer: ReturnType<DecisionThreads["answer"]>) => {
    const given = await answer;
    return given.type === "decided" ? given.decisions : [];
  };

  test("isn't repeated by another worker, even of a step that asked for nothing", async () => {
    const [one, other] = [written(), written()];
    const [first, second] = [host(one.logger), host(other.logger)];
    const history = new Delegated();
    const begun = history.ask({
      type: "RunStarted",
      workflow: "pair",
      input: "null",
      startedBy: "t",
      rules: 2,
    });
    history.answered(begun, await decided(first.answer(history.whole(begun))));
    const half = history.ask({ type: "JobCompleted", jobId: "j1", output: "1" } as RecordedEvent["event"]);
    history.answered(half, await decided(first.answer(history.whole(half))));
    const all = history.ask({ type: "JobCompleted", jobId: "j2", output: "2" } as RecordedEvent["event"]);
    expect(await decided(second.answer(history.whole(all)))).toMatchObject([{ type: "CompleteRun" }]);
    expect(one.messages()).toEqual(["begins", "1 is done"]);
    expect(other.messages()).toEqual(["2 is done"]);
  });

  test("isn't repeated by the same worker that is asked the same again, as when its answer was lost", async () => {
    const { messages, logger } = written();
    const threads = host(logger);
    const history = new Delegated();
    const begun = history.ask({
      type: "RunStarted",
      workflow: "pair",
      input: "null",
      startedBy: "t",
      rules: 2,
    });
    await threads.answer(history.whole(begun));
    threads.forget("r");
    await threads.answer({ ...history.whole(begun), attempt: 2 });
    expect(messages()).toEqual(["begins"]);
  });
});

describe("whatever is given to run.log", () => {
  const step = job<number, number>("step");
  const drive = async (code: (run: Run) => Promise<unknown>, logger: Logger | false) => {
    const session = inProcessDecisions([workflow("w", code)], { logger }).openSession();
    const run = new DrivenRun("w", session);
    await run.start();
    session.forget(run.runId);
    if (run.state?.status === "running" && run.state.stuck === undefined) await run.complete("j1", 1);
    return run;
  };

  test("changes nothing for the run, and throws nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        oddThrown,
        oddThrown,
        fc.constantFrom("debug", "info", "warn", "error"),
        async (one, two, level) => {
          const { lines, logger } = written();
          const run = await drive(async (given) => {
            const log = given.log[level as keyof Logger] as (...args: unknown[]) => unknown;
            if (log(one(), two()) !== undefined) throw new Error("It returned something.");
            await given.job(step, 1);
            return "done";
          }, logger);
          expect(run.last).toEqual({ type: "RunCompleted", output: '"done"' });
          expect(lines).toHaveLength(1);
          expect(() => structuredClone(lines)).not.toThrow();
          expect(JSON.stringify(lines).length).toBeLessThan(20_000);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a getter that draws a number draws it at every replay", async () => {
    const code = async (run: Run) => {
      const fields = {
        get drawn() {
          return run.random();
        },
      };
      run.log.debug(fields, "drawn");
      const before = run.random();
      await run.job(step, before);
      return run.random() === before ? "the same" : "another";
    };
    const [live, silentOne] = [await drive(code, written().logger), await drive(code, false)];
    expect(live.history).toEqual(silentOne.history);
    expect(live.last).toEqual({ type: "RunCompleted", output: '"another"' });
  });

  test("a logger that throws, or looks at the clock, does no harm to the run", async () => {
    const times: number[] = [];
    const fail = (): never => {
      times.push(Date.now());
      throw new Error("The disk is full.");
    };
    const run = await drive(
      async (given) => {
        given.log.info("one");
        await given.job(step, 1);
        given.log.info("two");
        return Date.now();
      },
      { debug: fail, info: fail, warn: fail, error: fail },
    );
    expect(run.last).toMatchObject({ type: "RunCompleted", output: "1000010" });
    await until("both were tried", () => times.length === 2);
    expect(Math.min(...times)).toBeGreaterThan(1_000_000_000_000);
  });
});
