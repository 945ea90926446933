import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { until } from "@downbeat/message-log/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { noteDefinition } from "../../definitions/definitions.ts";
import { job, workflow } from "../../index.ts";
import { silent } from "../../logging/logger.ts";
import { type ThreadedOptions, threadedDecisions } from "../index.ts";
import { DecisionThreads, type WorkflowSource } from "../threads/decision-threads.ts";
import { DrivenRun } from "./driven-run.ts";
import { workflows } from "./hosted-workflows.ts";

/** Long enough for a busy machine; none of it is waited for. */
const patience = { timeout: 60_000 };

function hosted(options: ThreadedOptions = {}, code: typeof workflows = workflows) {
  const problems: string[] = [];
  const strays: string[] = [];
  const decisions = threadedDecisions(code, {
    stepMs: 400,
    onProblem: (problem, error) => problems.push(`${problem} ${error?.message ?? ""}`.trim()),
    onStray: (runId, reason) => strays.push(`${runId}: ${reason.message}`),
    ...options,
  });
  onTestFinished(() => decisions.close());
  const session = decisions.openSession();
  const run = (name: string, runId = name) => new DrivenRun(name, session, runId);
  return { decisions, problems, strays, run };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "downbeat-code-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const stuck = (name: string, message: unknown = expect.any(String)) => ({
  type: "RunStuck",
  failure: expect.objectContaining({ kind: "code", name, message }),
});

describe("code that misbehaves gets its run stuck and no other", patience, () => {
  const atLine =
    /^A step of the code took more than 0\.4 s: .* It was at \S+thread-workflows\.ts:\d+\. The workflow \w+ is defined at \S+thread-workflows\.ts:\d+\.$/;
  const somewhere =
    /^A step of the code took more than 0\.4 s: .* The workflow \w+ is defined at \S+thread-workflows\.ts:\d+\.$/;
  const memory = { stepMs: 20_000, memoryMb: 128 };

  test.for([
    ["spins", "CodeNeverEnds", atLine, {}],
    ["spinsInPush", "CodeNeverEnds", atLine, {}],
    ["awaitsForEver", "CodeNeverEnds", atLine, {}],
    ["blocks", "CodeNeverEnds", somewhere, {}],
    ["fillsHeap", "OutOfMemory", /more memory than there is for it \(128 MB\)/, memory],
    ["fillsMap", "OutOfMemory", /more memory than there is for it \(128 MB\)/, memory],
    ["fillsBuffers", "OutOfMemory", /more memory than there is for it \(128 MB\)/, memory],
    ["exits", "ProcessExit", /process\.exit\(3\) at \S+thread-workflows\.ts:\d+\. /, {}],
  ] as const)("%s", async ([name, failure, message, options]) => {
    const { run, problems } = hosted(options);
    const [bad, good] = [run(name), run("steps")];
    await Promise.all([bad.start(), good.start(2)]);
    await Promise.all([bad.complete("j1", 1), good.complete("j1", 5)]);
    expect(bad.last).toEqual(stuck(failure, expect.stringMatching(message)));
    await good.complete("j2", 6);
    expect(good.last).toEqual({ type: "RunCompleted", output: "11" });
    expect(problems).toEqual([]);
  });

  test.for([
    ["takesPromise", "TypeError", /Cannot assign to read only property 'Date'/],
    ["takesMap", "AssertionError", /It is locked/],
    ["replacesParse", "TypeError", /Cannot assign to read only property 'parse'/],
    ["replacesThen", "TypeError", /Cannot assign to read only property 'get'/],
    ["definesThen", "TypeError", /Cannot redefine property: then/],
    ["addsToAll", "TypeError", /Cannot add property toJSON, object is not extensible/],
    ["replacesRunsMethod", "TypeError", /Cannot assign to read only property 'setLabels'/],
    ["replacesOthersCode", "TypeError", /Cannot assign to read only property 'execute'/],
    ["replacesLog", "TypeError", /Cannot assign to read only property 'log'/],
    ["replacesExec", "SharedMethodReplaced", /in the place of RegExp\.prototype\.exec, which all runs need/],
    [
      "replacesEmit",
      "SharedMethodReplaced",
      /in the place of EventEmitter\.prototype\.emit, which all runs need/,
    ],
    ["replacesPerformance", "TypeError", /Cannot assign to read only property 'performance'/],
    ["replacesCrypto", "TypeError", /Cannot redefine property: crypto/],
    ["replacesEncode", "TypeError", /Cannot assign to read only property 'encode'/],
    ["saysNothing", "Error", /can't use the way between its thread and the worker/],
    ["saysNothingItself", "Error", /can't use the way between its thread and the worker/],
    ["closesPort", "Error", /can't use the way between its thread and the worker/],
  ] as const)("%s: what all code needs can't be taken from it", async ([name, failure, message]) => {
    const { run, problems } = hosted();
    const [bad, good] = [run(name), run("steps")];
    await Promise.all([bad.start(), good.start(2)]);
    await bad.complete("j1", 1);
    expect(bad.last).toEqual(stuck(failure, expect.stringMatching(message)));
    await good.complete("j1", 5);
    await good.complete("j2", 6);
    expect(good.last).toEqual({ type: "RunCompleted", output: "11" });
    expect(problems).toEqual([]);
  });

  test("all that the language brings is frozen, but for what is slow then or set for a moment, and keeps its name", async () => {
    const { run } = hosted();
    const one = run("looksForOpen");
    await one.start();
    expect(one.last).toEqual({
      type: "RunCompleted",
      output: JSON.stringify(["RegExp.prototype", "Error", "globalThis", "console", "undefined"]),
    });
  });

  test("what objects inherit can be set for each of them, and how stacks are written for a moment", async () => {
    const { run, problems } = hosted();
    const [one, bad] = [run("setsItsOwn"), run("throwsOnce")];
    await Promise.all([one.start(), bad.start()]);
    await Promise.all([one.complete("j1", 1), bad.complete("j1", 1)]);
    expect(one.last).toEqual({
      type: "RunCompleted",
      output: JSON.stringify(["Mine: another", "an object", ["constructor", "toString"]]),
    });
    expect(bad.last).toMatchObject({ failure: { stack: expect.stringMatching(/thread-workflows\.ts:\d+/) } });
    expect(problems).toEqual([]);
  });

  test.for([
    [
      "throwsLate",
      "UncaughtError",
      /in a timer or a callback\) at \S+thread-workflows\.ts:\d+\. Error: too late/,
    ],
    ["spinsLate", "CodeNeverEnds", /It was at \S+thread-workflows\.ts/],
  ] as const)(
    "%s: in a callback that it left behind, it is told at its next question",
    async ([name, failure, message]) => {
      const { run, problems } = hosted();
      const [bad, good] = [run(name), run("steps")];
      const late = join(folder(), "late");
      await Promise.all([bad.start(late), good.start(1)]);
      await until("it is called back", () => existsSync(late));
      await Promise.all([bad.complete("j1", 1), good.complete("j1", 5)]);
      expect(bad.last).toEqual(stuck(failure, expect.stringMatching(message)));
      expect(good.last).toEqual({ type: "RunCompleted", output: "5" });
      expect(problems).toEqual([]);
    },
  );

  test("resumed, it is stuck again; cancelled, it is undone without it", async () => {
    const { run } = hosted();
    const bad = run("spins");
    await bad.start();
    await bad.complete("j1", 1);
    await bad.resume();
    expect(bad.last).toEqual(stuck("CodeNeverEnds"));
    await bad.cancel();
    expect(bad.last).toMatchObject({ type: "RunCancelled" });
  });

  test("a step that is long, and ends, is nothing to complain of", async () => {
    const { run, problems } = hosted();
    const run1 = run("thinks");
    await run1.start();
    await run1.complete("j1", 1);
    await run1.complete("j2", 1);
    expect(run1.last).toMatchObject({ type: "RunCompleted" });
    expect(problems).toEqual([]);
  });

  test("a promise that it leaves behind rejected is told", async () => {
    const { run, strays } = hosted();
    const behind = run("leavesBehind");
    await behind.start();
    await behind.complete("j1", 1);
    expect(behind.last).toMatchObject({ type: "RunCompleted" });
    expect(strays).toEqual(["leavesBehind: left behind"]);
  });
});

describe("where code comes from", patience, () => {
  const sdk = import.meta.resolve("@downbeat/sdk");

  function file(name: string, source: string): string {
    const path = join(folder(), name);
    writeFileSync(path, `import { job, workflow } from ${JSON.stringify(sdk)};\n${source}`);
    return path;
  }

  function threadsOn(source: WorkflowSource) {
    const problems: string[] = [];
    const threads = new DecisionThreads({
      logger: silent,
      workflows: source,
      isolation: "thread",
      threads: 1,
      limits: { stepMs: 5_000, memoryMb: 512 },
      maxCachedRuns: 100,
      onStray: () => {},
      onProblem: (problem) => problems.push(problem),
    });
    onTestFinished(() => threads.close());
    return { threads, problems };
  }

  /** As the file itself would have it. */
  function defined(name: string, path: string) {
    const one = { name, execute: async () => {} };
    const url = pathToFileURL(path).href;
    noteDefinition(one, { file: url, line: 4, files: [url] });
    return one;
  }

  const started = {
    runId: "r",
    upTo: 1,
    attempt: 1,
    events: [{ seq: 1, at: 1, event: { type: "RunStarted", workflow: "one", input: "null" } as const }],
  };

  test("what is defined within a program's own file, which can't be loaded apart, runs there, and it is said", async () => {
    const { run, problems } = hosted({}, [workflow("here", async (run) => run.job(job<number>("step"), 1))]);
    const here = run("here");
    await here.start();
    await here.complete("j1");
    expect(here.last).toMatchObject({ type: "RunCompleted" });
    expect(problems).toEqual([
      expect.stringMatching(
        /^The workflow here runs in this program's own thread and without limits, since it could not be loaded in a thread apart: \S+decision-threads\.test\.ts could not be imported: .* or say isolation: "none"\.$/,
      ),
    ]);
  });

  test.for([
    ["a path", (path: string) => path],
    ["a URL", (path: string) => pathToFileURL(path)],
  ] as const)(
    "%s names a module; all that it exports is hosted, one by one or in lists",
    async ([, named]) => {
      const path = file(
        "workflows.ts",
        `export const one = workflow("one", async (run) => run.job(job("a")));
       export const workflows: unknown[] = [one, workflow("two", async () => {})];
       export const other = { name: "no workflow" };`,
      );
      const { threads } = threadsOn(named(path));
      const hosted = await threads.ready;
      expect(hosted.map(({ name }) => name)).toEqual(["one", "two"]);
      expect(hosted[0]?.place).toMatch(/workflows\.ts:2$/);
      const answer = await threads.answer({ ...started, workflow: "one" });
      expect(answer).toMatchObject({ type: "decided", decisions: [{ type: "ScheduleJob", jobType: "a" }] });
    },
  );

  test("a file that also works and starts runs does neither there, and what it waits for holds nothing up", async () => {
    const path = file(
      "app.ts",
      `import { worker } from ${JSON.stringify(import.meta.resolve("@downbeat/sdk/worker"))};
       import { client } from ${JSON.stringify(import.meta.resolve("@downbeat/sdk/client"))};
       import { connect } from ${JSON.stringify(sdk)};
       const one = workflow("one", async (run) => run.job(job("a")));
       const connection = connect("ws://127.0.0.1:9");
       const hosted = worker({ connection, jobs: {} });
       const [start] = [client({ connection, answerWithin: 1 }).start(one), client().start(one)];
       await hosted.ready;
       await start;
       throw new Error("It goes on.");`,
    );
    const { threads, problems } = threadsOn([defined("one", path)]);
    await threads.ready;
    const answer = await threads.answer({ ...started, workflow: "one" });
    expect(answer).toMatchObject({ type: "decided", decisions: [{ type: "ScheduleJob", jobType: "a" }] });
    expect(problems).toEqual([]);
  });

  test("a workflow that is not in it is somebody else's", async () => {
    const { threads } = threadsOn(
      file("workflows.ts", `export const one = workflow("one", async () => {});`),
    );
    expect(await threads.answer({ ...started, workflow: "on" })).toEqual({
      type: "notMine",
      reason: "There is no workflow on. There are one.",
    });
  });

  test.for([
    ["exports no workflow", `export const one = 1, two = 2;`, "exports no workflow. It exports one, two."],
    ["throws", `throw new Error("not today");`, "could not be imported: not today"],
    [
      "exports two of one name",
      `export const a = workflow("a", async () => {}), b = workflow("a", async () => {});`,
      "exports two workflows named a.",
    ],
    ["ends its thread", `process.exit(4);`, "It ended with 4."],
  ] as const)("a module that %s is refused in a sentence", async ([, source, sentence]) => {
    const { threads } = threadsOn(file("workflows.ts", source));
    await expect(threads.ready).rejects.toThrow(sentence);
    await expect(threads.answer({ ...started, workflow: "one" })).rejects.toThrow(sentence);
  });

  test("the answer that a question continues from is needed, or the history is", async () => {
    const { threads } = threadsOn(
      file(
        "workflows.ts",
        `export const one = workflow("one", async (run) => { await run.job(job("a")); await run.job(job("b")); });`,
      ),
    );
    const first = await threads.answer({ ...started, workflow: "one" });
    if (first.type !== "decided") throw new Error("It is decided.");
    const scheduled = { type: "JobScheduled", jobId: "j1", jobType: "a", input: "null" } as const;
    const completed = {
      type: "JobCompleted",
      jobId: "j1",
      attempt: 1,
      output: "null",
      worker: "w",
      startedAt: 1,
    } as const;
    const more = [scheduled, completed].map((event, index) => ({ seq: index + 2, at: 2, event }));
    const next = { runId: "r", workflow: "one", upTo: 3, attempt: 1, events: more };
    expect(await threads.answer({ ...next, continues: "another's" })).toEqual({ type: "needsHistory" });
    // It has dropped what may have gone another way.
    expect(await threads.answer({ ...next, continues: first.answerId })).toEqual({ type: "needsHistory" });
    const whole = await threads.answer({ ...next, events: [...started.events, ...more] });
    expect(whole).toMatchObject({ decisions: [{ type: "ScheduleJob", jobId: "j2", jobType: "b" }] });
    expect(await threads.answer({ ...next, attempt: 2, continues: first.answerId })).toEqual(whole);
  });
});

test("while one run's step takes long, the others are answered by a spare thread", patience, async () => {
  const { run, problems, decisions } = hosted({ stepMs: 3_000 });
  await decisions.ready;
  const [bad, good] = [run("spins"), run("steps")];
  await Promise.all([bad.start(), good.start(3)]);
  const stuckLater = bad.complete("j1", 1);
  for (const jobId of ["j1", "j2", "j3"]) await good.complete(jobId, 2);
  expect(good.last).toEqual({ type: "RunCompleted", output: "6" });
  expect(bad.last).not.toMatchObject({ type: "RunStuck" });
  await stuckLater;
  expect(bad.last).toEqual(stuck("CodeNeverEnds"));
  expect(problems).toEqual([]);
});
