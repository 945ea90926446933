import type { RunDecision } from "@downbeat/domain";
import type { AskedQuestion, InboxCommand } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { DelegatedToWorkers } from "../src/delegation.ts";
import { by, inWorkers, job, staged } from "./delegated-stage.ts";

test("what happened is recorded first, and then asked of whoever hosts the workflow", async () => {
  const { stage, asked, answer, told } = await staged();
  const [question] = asked();
  expect(question).toMatchObject({ runId: "r", workflow: "trip", upTo: 1, attempt: 1 });
  expect(question?.continues).toBeUndefined();
  expect(stage.decided()[0]?.decisions[0]?.events[0]).toMatchObject({
    type: "RunStarted",
    codeIn: "workers",
  });
  expect(stage.events("r")).toEqual(["RunStarted"]);
  await answer(1, "a1", job("j1"), job("j2"));
  expect(stage.decided().at(-1)?.decisions[0]?.events[0]).toEqual({
    type: "CodeAnswered",
    upTo: 1,
    answerId: "a1",
    worker: "w1",
    build: "b7",
  });
  // It waits for jobs: nothing is asked.
  expect(asked()).toEqual([]);
  expect(told(question as AskedQuestion)).toEqual(["1 RunStarted"]);
});

test("the next question tells what came since the answer that it goes on from, and names it", async () => {
  const { asked, answer, done, told } = await staged();
  asked();
  await answer(1, "a1", job("j1"));
  await done("j1");
  const [question] = asked();
  expect(question).toMatchObject({ upTo: 5, continues: "a1", attempt: 1 });
  expect(told(question as AskedQuestion)).toEqual([
    "2 CodeAnswered",
    "3 JobScheduled",
    "4 AttemptRequested",
    "5 JobCompleted",
  ]);
});

test("one question is out at a time: what comes meanwhile is recorded, and told with the next, behind the answer", async () => {
  const { asked, answer, done, told } = await staged();
  asked();
  await answer(1, "a1", job("j1"), job("j2"), job("j3"));
  await done("j1");
  expect(asked()).toHaveLength(1);
  await done("j2");
  await done("j3");
  expect(asked()).toEqual([]);
  // Up to 9: j1 has completed.
  await answer(9, "a2", job("j4"));
  const [next] = asked();
  expect(next).toMatchObject({ continues: "a2", upTo: 14 });
  expect(told(next as AskedQuestion)).toEqual([
    "12 CodeAnswered",
    "13 JobScheduled",
    "14 AttemptRequested",
    "10 JobCompleted",
    "11 JobCompleted",
  ]);
});

test("only the first answer to the question that is out counts", async () => {
  const { stage, asked, answer, done } = await staged();
  asked();
  await answer(1, "a1", job("j1"));
  const after = stage.events("r");
  await answer(1, "late", job("j9"));
  await answer(7, "early", job("j9"));
  expect(stage.events("r")).toEqual(after);
  await done("j1");
  await answer(5, "a2", { type: "CompleteRun", output: "7" });
  expect(stage.events("r").at(-1)).toBe("RunCompleted");
  await answer(5, "a3", job("j9"));
  expect(stage.events("r").at(-1)).toBe("RunCompleted");
});

test("who is asked and knows nothing of the past is told it whole", async () => {
  const { asked, send, answer, done, told } = await staged();
  asked();
  await answer(1, "a1", job("j1"));
  await done("j1");
  asked();
  const again = { type: "AskAgain", runId: "r", upTo: 5, attempt: 1, because: "history" } as const;
  await send({ ...again, commandId: "h1" });
  const [question] = asked();
  expect(question).toMatchObject({ upTo: 5, attempt: 2 });
  expect(question?.continues).toBeUndefined();
  expect(told(question as AskedQuestion)).toHaveLength(5);
  // Said twice, or of what is not asked any more.
  await send({ ...again, commandId: "h2" }, { ...again, commandId: "h3", upTo: 4 });
  expect(asked()).toEqual([]);
  // A late answer to the first attempt is an answer all the same.
  await answer(5, "a2", { type: "CompleteRun", output: "7" });
  expect(asked()).toEqual([]);
});

test("a cancel puts another question in the place of the one that is out", async () => {
  const { stage, asked, send, answer } = await staged();
  asked();
  await send({ type: "CancelRun", commandId: "c", runId: "r", ...by("a") });
  expect(asked()).toMatchObject([{ upTo: 2 }]);
  await answer(1, "late", job("j1"));
  expect(stage.events("r")).toEqual(["RunStarted", "RunCancelRequested"]);
  await answer(2, "a", { type: "FinishCancel" });
  expect(stage.events("r").at(-1)).toBe("RunCancelled");
});

test("a signal that comes while the code is asked is handed over with the answer, to a wait that it still wants", async () => {
  const { stage, asked, send, answer, done } = await staged();
  const wait = (waitId: string): RunDecision => ({ type: "AwaitSignal", waitId, name: "stop" });
  asked();
  await answer(1, "a1", job("j1"), wait("w1"));
  await done("j1");
  expect(asked()).toMatchObject([{ upTo: 6 }]);
  await send({ type: "SendSignal", commandId: "s", runId: "r", signalId: "s", name: "stop", payload: "1" });
  expect(stage.events("r").at(-1)).toBe("SignalReceived");
  await answer(6, "a2", { type: "AbandonSignalWait", waitId: "w1" }, wait("w2"));
  expect(stage.events("r").slice(-4)).toEqual([
    "CodeAnswered",
    "SignalWaitAbandoned",
    "SignalAwaited",
    "SignalDelivered",
  ]);
  expect(asked()).toMatchObject([{ continues: "a2" }]);
});

test("no answer in time has the question put again, and at last the run wait for a person", async () => {
  const { stage, asked, send } = await staged();
  expect(asked()).toHaveLength(1);
  await stage.pass(29_000);
  expect(asked()).toEqual([]);
  await stage.pass(2_000);
  expect(asked()).toMatchObject([{ upTo: 1, attempt: 2 }]);
  for (let attempt = 2; attempt <= 8; attempt++) await stage.pass(3_700_000);
  expect(stage.events("r").at(-1)).toBe("RunStuck");
  asked();
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  expect(asked()).toMatchObject([{ attempt: 1 }]);
});

test("where nobody is there who could answer, the run waits for them", async () => {
  const { stage, asked } = await staged({
    takes: () => true,
    problemWith: async () => undefined,
    misfit: async () => undefined,
    buildsOf: () => [],
  });
  for (let attempt = 1; attempt <= 12; attempt++) await stage.pass(3_700_000);
  expect(stage.events("r")).not.toContain("RunStuck");
  expect(asked().at(-1)).toMatchObject({ attempt: 13 });
});

test("one that is cancelled and whose workers are gone is undone without them", async () => {
  const { stage, asked, send, answer, done } = await staged({
    takes: () => true,
    problemWith: async () => undefined,
    misfit: async () => undefined,
    buildsOf: () => [],
  });
  asked();
  const undo = { type: "RegisterCompensation", compensationId: "c1", jobType: "refund", input: "1" } as const;
  await answer(1, "a1", undo, job("j1"));
  await done("j1");
  await send({ type: "CancelRun", commandId: "c", runId: "r", ...by("a") });
  for (let attempt = 1; attempt <= 9; attempt++) await stage.pass(3_700_000);
  expect(stage.events("r").slice(-3)).toEqual(["CodeGivenUp", "JobScheduled", "AttemptRequested"]);
  await done("j2");
  expect(stage.events("r").at(-1)).toBe("RunCancelled");
});

test("what code can't decide gets its run stuck, with nothing of the answer but that it came", async () => {
  const { stage, asked, answer } = await staged();
  asked();
  const failure = { kind: "code", name: "TypeError", message: "x is null" } as const;
  await answer(1, "a1", { type: "GetStuck", failure });
  expect(stage.events("r")).toEqual(["RunStarted", "CodeAnswered", "RunStuck"]);
});

test("a new owner asks again what its predecessor may not have asked, and takes the answer to that", async () => {
  const { stage, asked } = await staged();
  expect(asked()).toHaveLength(1);
  stage.stores.clear();
  stage.put({ kind: "claim", id: "other", epoch: 5, owner: "engine-2", at: stage.clock.monotonic() });
  await stage.pass(60_000);
  stage.send({ type: "Tick" });
  await stage.settle();
  await stage.pass(1_000);
  const again = asked();
  expect(again.length).toBeGreaterThanOrEqual(1);
  expect(again.every(({ upTo }) => upTo === 1)).toBe(true);
});

test("what no worker has ever announced is refused, with what may have been meant; what one has waits for it", async () => {
  const announced = new Set(["placeOrder"]);
  let caughtUp = 0;
  const delegation = new DelegatedToWorkers(["bookTrip"], {
    knows: (name) => announced.has(name),
    nearest: (name) => (name === "placeOrdr" ? "placeOrder" : undefined),
    isHosted: () => false,
    schemasFor: () => undefined,
    buildsOf: () => [],
    lacksSchemasFor: () => false,
    caughtUp: async () => {
      caughtUp += 1;
      announced.add("new");
    },
  });
  expect(["bookTrip", "placeOrder", "x"].map((name) => delegation.takes(name))).toEqual([false, true, true]);
  expect(await delegation.problemWith("placeOrder")).toBeUndefined();
  expect(caughtUp).toBe(0);
  expect(await delegation.problemWith("new")).toBeUndefined();
  const sentence = "There is no workflow placeOrdr: no worker has announced it. Did you mean placeOrder?";
  expect(await delegation.problemWith("placeOrdr")).toBe(sentence);
  expect(await delegation.problemWith("bookTrp")).toMatch(/Did you mean bookTrip\?$/);
  const { stage, asked, send } = await staged(delegation);
  expect(stage.events("r")).toEqual(["CommandRefused"]);
  await send(stage.start("s", "placeOrder"));
  expect(stage.events("s")).toEqual(["RunStarted"]);
  expect(asked()).toEqual([]);
});

test("as long as it isn't known what was announced, nothing is refused", async () => {
  const known = {
    knows: () => false,
    nearest: () => undefined,
    isHosted: () => undefined,
    schemasFor: () => undefined,
    buildsOf: () => undefined,
    lacksSchemasFor: () => false,
  };
  const delegation = new DelegatedToWorkers([], {
    ...known,
    caughtUp: () => Promise.reject(new Error("no")),
  });
  expect(await delegation.problemWith("placeOrder")).toBeUndefined();
});

test("a start that fits no announced schema is refused and recorded, and the engine is asked nothing more of it", async () => {
  const { stage, asked, send } = await staged({
    ...inWorkers,
    misfit: async ({ type, value }) =>
      type === "start" && value === '"bad"' ? "The input does not fit." : undefined,
  });
  asked();
  await send({ type: "StartRun", commandId: "start-s", runId: "s", workflow: "trip", input: '"bad"' });
  expect(stage.events("s")).toEqual(["CommandRefused"]);
  expect(stage.decided().at(-1)?.decisions[0]?.events[0]).toMatchObject({
    command: "StartRun",
    code: "InvalidInput",
    message: "The input does not fit.",
  });
  expect(asked()).toEqual([]);
});

/** What is offered is handed to a check, to which only "bad" does not fit. */
async function checking() {
  const handed: unknown[] = [];
  const open = await staged({
    ...inWorkers,
    misfit: async (value) => {
      handed.push(value);
      return value.value === '"bad"' ? "It does not fit." : undefined;
    },
  });
  return { handed, ...open };
}

test("signals, results and inputs that people give are checked by what workers announced, and never by code", async () => {
  const { handed, stage, answer, send } = await checking();
  await answer(1, "a1", job("j1"));
  const signal = (signalId: string, payload: string): InboxCommand => ({
    type: "SendSignal",
    commandId: signalId,
    runId: "r",
    signalId,
    name: "approval",
    payload,
  });
  await send(signal("s1", '"bad"'), signal("s2", '"good"'));
  await send({ type: "CompleteJob", commandId: "c1", runId: "r", jobId: "j1", output: '"bad"', ...by("c1") });
  await send({
    type: "CompleteJob",
    commandId: "c2",
    runId: "r",
    jobId: "j1",
    output: '"good"',
    ...by("c2"),
  });
  expect(stage.events("r").slice(-4)).toEqual([
    "CommandRefused",
    "SignalReceived",
    "CommandRefused",
    "JobCompleted",
  ]);
  expect(handed.slice(-4)).toEqual([
    { type: "signal", workflow: "trip", name: "approval", value: '"bad"' },
    { type: "signal", workflow: "trip", name: "approval", value: '"good"' },
    { type: "jobOutput", jobType: "fly", jobId: "j1", value: '"bad"' },
    { type: "jobOutput", jobType: "fly", jobId: "j1", value: '"good"' },
  ]);
});

test("an input that a person gives a stuck job is checked, and what a person does without one is not", async () => {
  const { handed, stage, answer, send } = await checking();
  await answer(1, "a1", {
    type: "ScheduleJob",
    jobId: "j1",
    jobType: "fly",
    input: "1",
    options: { retry: { maxAttempts: 1 } },
  });
  await send({
    type: "FailAttempt",
    commandId: "f1",
    runId: "r",
    jobId: "j1",
    attempt: 1,
    worker: "w",
    startedAt: 1,
    failure: { kind: "technical", name: "E", message: "no" },
  });
  handed.length = 0;
  const retry = { type: "RetryJob", runId: "r", jobId: "j1" } as const;
  await send({ ...retry, commandId: "r1", input: '"bad"', ...by("r1") });
  await send({ ...retry, commandId: "r2", ...by("r2") });
  expect(handed).toEqual([{ type: "jobInput", jobType: "fly", jobId: "j1", value: '"bad"' }]);
  expect(stage.events("r").slice(-3)).toEqual(["CommandRefused", "JobRetried", "AttemptRequested"]);
});

test("a signal to a pinned run is not checked while none of its build's workers is there", async () => {
  const present = { builds: ["b7"] as readonly string[] };
  const { stage, send } = await staged({
    ...inWorkers,
    misfit: async ({ type }) => (type === "start" ? undefined : "It does not fit."),
    buildsOf: () => present.builds,
  });
  await send({
    type: "AnswerQuestion",
    commandId: "answer-a1",
    runId: "r",
    upTo: 1,
    answerId: "a1",
    decisions: [job("j1")],
    worker: "w1",
    build: "b7",
    versioning: "pinned",
  });
  const signal = (signalId: string): InboxCommand => ({
    type: "SendSignal",
    commandId: signalId,
    runId: "r",
    signalId,
    name: "approval",
    payload: "1",
  });
  await send(signal("s1"));
  expect(stage.events("r").at(-1)).toBe("CommandRefused");
  present.builds = ["b8"];
  await send(signal("s2"));
  expect(stage.events("r").at(-1)).toBe("SignalReceived");
  // A job's result is checked by whatever is known of that kind of jobs.
  await send({ type: "CompleteJob", commandId: "c1", runId: "r", jobId: "j1", output: "1", ...by("c1") });
  expect(stage.events("r").at(-1)).toBe("CommandRefused");
});
