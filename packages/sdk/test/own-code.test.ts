import { randomUUID } from "node:crypto";
import type { RunEvent } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { Decider } from "../src/decisions/threads/decider.ts";
import { type AnyWorkflow, connect, job, workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { OwnCode } from "../src/worker/own-code.ts";
import { openTestLog } from "./open-log.ts";

const pay = job<unknown, string>("pay");
const fly = job<unknown, string>("fly");

/** What was asked for first, and answered by a build; then the result came. */
function history(build: string | undefined): RunEvent[] {
  return [
    { type: "RunStarted", workflow: "trip", input: '{"to":"Bern"}', codeIn: "workers", rules: 2 },
    { type: "CodeAnswered", upTo: 1, answerId: "a1", ...(build !== undefined && { build }) },
    { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" },
    { type: "AttemptRequested", jobId: "j1", attempt: 1 },
    { type: "JobCompleted", jobId: "j1", output: '"paid"' },
  ];
}

function asked(events: readonly RunEvent[], more: Partial<AskedQuestion> = {}): AskedQuestion {
  const recorded = events.map((event, index) => ({ seq: index + 1, at: index, event }));
  return { runId: "r", workflow: "trip", upTo: events.length, attempt: 1, events: recorded, ...more };
}

async function answerOf(code: AnyWorkflow, build: string | undefined, question: AskedQuestion) {
  const decider = new Decider(new Map([[code.name, code]]), {
    maxCached: 10,
    onStray: () => {},
    onLine: () => {},
  });
  const answer = await decider.answer(question, randomUUID());
  return answer.type === "decided" ? (new OwnCode(build).instead(question, answer) ?? answer) : answer;
}

const changed = workflow("trip", async (run, _: unknown) => void (await run.job(fly, 1)));
const stricter = workflow("trip", { input: z.object({ to: z.string(), seats: z.number() }) }, async (run) => {
  await run.job(pay, 1);
});
const throwing = workflow("trip", async () => {
  throw new TypeError("x is undefined");
});

const stuck = (name: string) => ({
  type: "decided",
  decisions: [{ type: "GetStuck", failure: expect.objectContaining({ name }) }],
});

test.each<[string, AnyWorkflow, string]>([
  [
    "asks for something else",
    changed,
    "The code changed against its history: event 3 of the history has JobScheduled pay (j1), the code now asks for the job fly (j1).",
  ],
  ["takes no such input any more", stricter, "The input does not fit the workflow's schema.\n"],
  ["throws before it comes to what history has", throwing, "x is undefined"],
])("code that %s is not the one to answer where another build decided", async (_, code, because) => {
  const answer = await answerOf(code, "2", asked(history("1")));
  expect(answer).toEqual({
    type: "notMine",
    reason: expect.stringContaining(
      `The code of build 2 does not fit the history, which build 1 decided. ${because}`,
    ),
  });
});

test.each<[string, string | undefined]>([
  ["the same build", "1"],
  ["builds without a name", undefined],
])("the run is stuck at once where %s decided all of it", async (_, build) => {
  expect(await answerOf(changed, build, asked(history(build)))).toMatchObject(stuck("NonDeterminism"));
});

const inText = z.object({ to: z.string() });
const inCode = z.object({ to: z.string().length(3) });

test.each<[string, readonly RunEvent[]]>([
  ["nobody has decided anything", history("1").slice(0, 1)],
  ["it decided itself what there is", history("2")],
])("input that its schema does not take is for another build to answer, also where %s", async (_, events) => {
  const code = workflow("trip", { input: inCode }, async (run) => void (await run.job(pay, 1)));
  expect(await answerOf(code, "2", asked(events))).toEqual({
    type: "notMine",
    reason: expect.stringContaining("The code of build 2 does not take what was recorded. The input does"),
    failure: expect.objectContaining({ kind: "invalid", name: "InvalidInput" }),
  });
});

test("a job's result that its schema does not take is for another build to answer", async () => {
  const paid = job("pay", { input: z.number(), output: z.object({ receipt: z.string() }) });
  const code = workflow("trip", { input: inText }, async (run) => void (await run.job(paid, 1)));
  expect(await answerOf(code, "1", asked(history("1")))).toMatchObject({
    type: "notMine",
    failure: { name: "InvalidOutput", message: expect.stringContaining("The output of pay (j1) does not") },
  });
});

/** A signal came after what was asked for. */
function signalled(payload: string, ...after: RunEvent[]): RunEvent[] {
  return [
    { type: "RunStarted", workflow: "trip", input: "1", codeIn: "workers", rules: 2 },
    { type: "CodeAnswered", upTo: 1, answerId: "a1", build: "1" },
    { type: "SignalAwaited", waitId: "w1", name: "approval" },
    { type: "SignalReceived", signalId: "s1", name: "approval", payload },
    { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
    ...after,
  ];
}

const approving = (signals: Record<string, z.ZodType>) =>
  workflow("trip", { signals }, async (run) => {
    await run.job(pay, await run.signal("approval"));
  });
const inWords = approving({ approval: z.enum(["yes", "no"]) });
const inEither = approving({
  approval: z.union([z.enum(["yes", "no"]), z.boolean().transform((is) => (is ? "yes" : "no"))]),
});

test("a signal that its schema does not take is for another build to answer", async () => {
  expect(await answerOf(inWords, "1", asked(signalled("true")))).toEqual({
    type: "notMine",
    reason: expect.stringContaining("The code of build 1 does not take what was recorded. The signal"),
    failure: {
      kind: "invalid",
      name: "InvalidSignal",
      message:
        'The signal approval (s1) does not fit its schema.\n✖ Invalid option: expected one of "yes"|"no"',
    },
    signalId: "s1",
  });
  expect(await answerOf(inEither, "2", asked(signalled("true")))).toMatchObject({
    type: "decided",
    decisions: [{ type: "ScheduleJob", input: '"yes"' }],
  });
});

test("a signal that no build takes is passed over by the one that is asked to", async () => {
  expect(await answerOf(inWords, "1", asked(signalled("true"), { passesOver: true }))).toMatchObject({
    type: "decided",
    decisions: [{ type: "AwaitSignal", waitId: "w2", signalId: "s1" }],
  });
  // Who takes it takes it all the same.
  expect(await answerOf(inEither, "2", asked(signalled("true"), { passesOver: true }))).toMatchObject({
    decisions: [{ type: "ScheduleJob" }],
  });
});

test("a signal is for another build too where the code takes the one before it in the same question", async () => {
  const both = workflow("trip", { signals: { approval: z.boolean(), seat: z.string() } }, async (run) => {
    await Promise.all([run.signal("approval"), run.signal("seat")]);
  });
  const events = signalled(
    "true",
    { type: "SignalReceived", signalId: "s2", name: "seat", payload: "7" },
    { type: "SignalDelivered", waitId: "w2", signalId: "s2" },
  );
  events.splice(3, 0, { type: "SignalAwaited", waitId: "w2", name: "seat" });
  expect(await answerOf(both, "1", asked(events))).toMatchObject({ type: "notMine", signalId: "s2" });
});

test("a signal that the history has passed over is nobody's to answer any more", async () => {
  const passedOver = signalled(
    "true",
    { type: "CodeAnswered", upTo: 5, answerId: "a2", build: "1" },
    { type: "SignalAwaited", waitId: "w2", name: "approval", signalId: "s1" },
  );
  for (const code of [inWords, inEither])
    expect(await answerOf(code, "2", asked(passedOver))).toMatchObject({ type: "decided", decisions: [] });
});

test("code that is stuck for another reason says that, and nothing of a signal", async () => {
  const throwing = workflow("trip", { signals: { approval: z.string() } }, async (run) => {
    void run.signal("approval");
    await run.job(pay, 1);
    throw new TypeError("x is undefined");
  });
  const events = signalled("true", { type: "JobCompleted", jobId: "j1", output: "1" });
  events.splice(3, 0, { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" });
  expect(await answerOf(throwing, "1", asked(events))).toMatchObject(stuck("TypeError"));
});

test("what the code itself asks for and can't be taken is its own fault", async () => {
  const fussy = job("pay", { input: z.string(), output: z.string() });
  const code = workflow("trip", { input: inText }, async (run) => {
    await run.job(fussy, 1 as unknown as string);
  });
  expect(await answerOf(code, "2", asked(history("1").slice(0, 1)))).toMatchObject(stuck("InvalidInput"));
});

test("a build without a name may be another one than that which decided", async () => {
  expect(await answerOf(changed, undefined, asked(history("1")))).toMatchObject({
    type: "notMine",
    reason: expect.stringMatching(
      /^The code of a build without a name does not fit the history, which build 1 decided\./,
    ),
  });
  expect(await answerOf(changed, "2", asked(history(undefined)))).toMatchObject({ type: "notMine" });
});

test("what goes wrong after all that history has is the code's own fault, whoever decided before", async () => {
  const later = workflow("trip", async (run, _: unknown) => {
    await run.job(pay, 1);
    throw new TypeError("x is undefined");
  });
  expect(await answerOf(later, "2", asked(history("1")))).toMatchObject(stuck("TypeError"));
});

test("without the whole history it is asked for: it says who decided", async () => {
  const answer: DecisionAnswer = {
    type: "decided",
    answerId: "a",
    decisions: [],
    misfit: "It does not fit.",
  };
  const question = asked([], { continues: "a0" });
  expect(new OwnCode("2").instead(question, answer)).toEqual({ type: "needsHistory" });
});

test("an answer of code that fits stands", () => {
  const answer: DecisionAnswer = { type: "decided", answerId: "a", decisions: [] };
  expect(new OwnCode("2").instead(asked(history("1")), answer)).toBeUndefined();
});

test("what is asked of another build is not looked at", () => {
  const ownCode = new OwnCode("2");
  expect(ownCode.problemWith(asked([], { build: "1" }))).toBe(
    "It is for build 1 of trip, and this worker has build 2.",
  );
  expect(ownCode.problemWith(asked([], { build: "2" }))).toBeUndefined();
  expect(ownCode.problemWith(asked([]))).toBeUndefined();
});

test("of many builds that decided, the first are named", async () => {
  const [start, , ...rest] = history("1");
  const answers = Array.from({ length: 9 }, (_, index): RunEvent => {
    return { type: "CodeAnswered", upTo: 1, answerId: `a${index}`, build: `b${index}` };
  });
  const answer = await answerOf(changed, "2", asked([start as RunEvent, ...answers, ...rest]));
  expect(answer).toMatchObject({
    reason: expect.stringContaining("which builds b0, b1, b2, b3, b4 and 4 more decided."),
  });
});

test("workflows that can't be loaded are said to be why, in an error of the log and of ready", async () => {
  await using opened = await openTestLog(1);
  const lines: [string, string, object][] = [];
  const note = (level: string) => (fields: object, line: string) => void lines.push([level, line, fields]);
  const logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const missing = new URL("./nope.js", import.meta.url);
  const hosting = worker({ log: opened.log, logger, workflows: missing, jobs: { pay: () => {} } });
  const why = /^worker\(\) can't host its workflows: .*nope\.js could not be imported: /;
  await expect(hosting.ready).rejects.toThrow(why);
  await vi.waitFor(() =>
    expect(lines).toEqual([
      [
        "error",
        "The worker can't begin.",
        { err: expect.objectContaining({ message: expect.stringMatching(why) }) },
      ],
    ]),
  );
  await hosting.stop();
});

test("workflows that can't be loaded are said also where no log answers", async () => {
  const connection = connect("ws://127.0.0.1:1", { logger: false });
  const hosting = worker({ connection, workflows: new URL("./nope.js", import.meta.url) });
  await expect(hosting.ready).rejects.toThrow("nope.js could not be imported");
  await connection.close();
});
