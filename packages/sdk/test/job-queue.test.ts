import type { RunCommand } from "@downbeat/domain";
import { LogError } from "@downbeat/message-log";
import { InvalidCommand } from "@downbeat/protocol";
import { expect, test } from "vitest";
import type { JobQueueOptions } from "../src/worker/job-queue.ts";
import { Trial } from "../src/worker/trial.ts";
import { opened } from "./job-stage.ts";
import { until } from "./open-log.ts";

test("what a worker holds and has not begun is another one's when its connection is lost, and its own again only when it is handed over again", async () => {
  const said: RunCommand[] = [];
  const { handed, queue, atWork } = await opened({
    concurrency: 5,
    // Of the careful ones, one at a time.
    trial: new Trial({ now: () => 0, setTimer: () => () => {} }),
    decisionOn: async (command) => {
      said.push(command);
      return [{ type: "AttemptStarted", jobId: "j1", attempt: 2, worker: "me", startedAt: 1 }];
    },
  });
  handed.deliver("a", "0:1");
  handed.deliver("b", "0:2");
  await until(() => atWork.has("a"), "the first");
  handed.sessions[0]?.onClose?.(new Error("lost"));
  await until(() => handed.sessions.length === 2, "the next connection");
  atWork.get("a")?.end();
  await until(() => handed.acknowledged.length === 1, "the first's result");
  expect(atWork.has("b")).toBe(false);
  handed.deliver("b", "0:2", 1);
  await until(() => atWork.has("b"), "the second, handed over again");
  expect(said).toMatchObject([{ runId: "b", begins: true, redelivered: 1 }]);
  atWork.get("b")?.end();
  await until(() => handed.acknowledged.length === 2, "the second's result");
  await queue.close();
});

test("so many attempts are at work at a time as a worker takes, the others in their order after them", async () => {
  const { handed, queue, atWork, deliver, working, begun } = await opened();
  for (const [place, runId] of ["a", "b", "c", "d"].entries()) deliver(runId, place);
  await working("b");
  expect([...atWork.keys()]).toEqual(["a", "b"]);
  expect(queue.running).toBe(2);
  expect(queue.atWork).toEqual(["work a/j1/1", "work b/j1/1"]);
  expect(handed.sessions[0]).toMatchObject({ queueSize: 2, type: "Shared", consumerName: "me" });
  atWork.get("b")?.end();
  await working("c");
  expect([...atWork.keys()]).toEqual(["a", "b", "c"]);
  expect(begun).toEqual(["work a/j1/1", "work b/j1/1", "work c/j1/1"]);
});

test("a job's own limit goes before the worker's", async () => {
  const { handed, deliver, working, queue } = await opened({ concurrency: 1 });
  expect(handed.sessions[0]).toMatchObject({ queueSize: 1 });
  deliver("a", 1);
  deliver("b", 2);
  await working("a");
  expect(queue.running).toBe(1);
});

test("that an attempt begins is said before its handler is called, and its end is acknowledged with its receipt", async () => {
  const { handed, state, posted, atWork, deliver, working } = await opened();
  let receipt = () => {};
  state.send = (command) => {
    state.sent.push(command);
    return new Promise((resolve) => {
      receipt = resolve;
    });
  };
  deliver("a", 1);
  await working("a");
  expect(posted).toMatchObject([{ type: "HeartbeatAttempt", runId: "a", begins: true }]);
  atWork.get("a")?.end("done");
  await until(() => state.sent.length === 1, "the result");
  expect(state.sent).toMatchObject([{ type: "CompleteAttempt", output: '"done"' }]);
  expect(handed.acknowledged).toEqual([]);
  receipt();
  await until(() => handed.acknowledged.length === 1, "the acknowledgement");
});

test("an attempt that comes again is carried out once, and each of its messages acknowledged", async () => {
  const { handed, state, atWork, deliver, working } = await opened();
  deliver("a", 1);
  await working("a");
  deliver("a", 2);
  deliver("a", 1);
  atWork.get("a")?.end();
  await until(() => handed.acknowledged.length === 2, "both acknowledgements");
  expect(handed.acknowledged).toEqual(["0:1", "0:2"]);
  // After its answer as well.
  deliver("a", 3);
  expect(handed.acknowledged).toEqual(["0:1", "0:2", "0:3"]);
  expect(state.sent).toHaveLength(1);
  // Another attempt of the same job is another one.
  deliver("a", 4, 0, { attempt: 2 });
  await until(() => atWork.get("a")?.context.attempt === 2, "the second attempt");
});

test("what is no job is put into quarantine, or left where that can't be done", async () => {
  const { handed, state, problems } = await opened();
  handed.deliverBytes(Buffer.from("{}"), "0:1");
  await until(() => handed.acknowledged.length === 1, "the acknowledgement");
  expect(state.setAside).toEqual([["jobs-work", "0:1", "{}", expect.stringMatching(/^not a job: /)]]);
  expect(problems[0]).toMatch(/^A malformed work job was put into quarantine: not a job: /);
  state.quarantineFails = true;
  handed.deliverBytes(Buffer.from("{}"), "0:2");
  await until(() => problems.length === 2, "what is said of it");
  expect(problems[1]).toBe("A malformed job could not be put into quarantine.");
  expect(handed.acknowledged).toHaveLength(1);
});

test("a result that can't be sent has the attempt delivered again, which is said", async () => {
  const { handed, state, problems, atWork, deliver, working } = await opened();
  const { send } = state;
  state.send = async () => {
    throw new LogError("unavailable", "away");
  };
  deliver("a", 1);
  await working("a");
  atWork.get("a")?.end();
  await until(() => problems.length === 1, "what is said of it");
  expect(problems).toEqual(["A result of work could not be sent."]);
  expect(handed.acknowledged).toEqual([]);
  state.send = send;
  atWork.clear();
  deliver("a", 1);
  await working("a");
});

test.each([
  ["the engine would not take", new InvalidCommand("output: no"), "output: no"],
  [
    "is larger than the log takes",
    new LogError("tooLarge", "2 MB"),
    "The log does not take so large an output.",
  ],
])("a result that %s fails the attempt, with why", async (_, error, message) => {
  const { handed, state, atWork, deliver, working } = await opened();
  state.send = async (command) => {
    if (state.sent.push(command) === 1) throw error;
  };
  deliver("a", 1);
  await working("a");
  atWork.get("a")?.end();
  await until(() => handed.acknowledged.length === 1, "the acknowledgement");
  expect(state.sent[1]).toMatchObject({
    type: "FailAttempt",
    failure: { kind: "invalid", name: "InvalidOutput", message },
  });
});

test("an attempt that nobody waits for any more is told, or not begun at all", async () => {
  const { handed, queue, atWork, deliver, working } = await opened({ concurrency: 1 });
  const calledOff = (runId: string, jobType = "work") =>
    queue.callOff({ runId, jobId: "j1", jobType, attempt: 1, because: "cancelled" } as never);
  deliver("a", 1);
  deliver("b", 2);
  await working("a");
  calledOff("a", "other");
  expect(atWork.get("a")?.context.signal.aborted).toBe(false);
  calledOff("a");
  expect(atWork.get("a")?.context.signal.aborted).toBe(true);
  calledOff("b");
  expect(handed.acknowledged).toEqual(["0:2"]);
  // One that was not here yet.
  calledOff("c");
  deliver("c", 3);
  expect(handed.acknowledged).toEqual(["0:2", "0:3"]);
  atWork.get("a")?.end();
  await until(() => queue.running === 0, "the end of the first");
  expect([...atWork.keys()]).toEqual(["a"]);
});

test("who stops takes nothing more, waits for its handlers, and has them end when the time is over", async () => {
  const idle = await opened();
  await idle.queue.drain(60_000);
  idle.deliver("a", 1);
  expect(idle.atWork.size).toBe(0);

  const patient = await opened({ concurrency: 1 });
  patient.deliver("a", 1);
  patient.deliver("b", 2);
  await patient.working("a");
  const drained = patient.queue.drain(60_000);
  patient.atWork.get("a")?.end();
  await drained;
  expect(patient.atWork.get("a")?.context.signal.aborted).toBe(false);
  await until(() => patient.handed.acknowledged.length === 1, "the first's result");
  expect([...patient.atWork.keys()]).toEqual(["a"]);
  expect(patient.handed.acknowledged).toEqual(["0:1"]);
});

test("a handler that ends when it is told to has its attempt left to another worker", async () => {
  const { handed, queue, state, atWork, deliver, working } = await opened();
  deliver("a", 1);
  deliver("b", 2);
  await working("b");
  const { signal } = atWork.get("a")?.context ?? new AbortController();
  signal.addEventListener("abort", () => atWork.get("a")?.end(Promise.reject(new Error("told to end"))));
  const output = "done all the same";
  atWork.get("b")?.context.signal.addEventListener("abort", () => atWork.get("b")?.end(output));
  await queue.drain(1);
  await until(() => handed.acknowledged.length === 1, "the result of the one that was done");
  expect(signal.reason).toMatchObject({ message: "The worker is stopping." });
  expect(state.sent).toMatchObject([{ runId: "b", type: "CompleteAttempt" }]);
  expect(handed.acknowledged).toEqual(["0:2"]);
});

test("one that does not end is let go of: what it does from then on is said to nobody", async () => {
  const beats: RunCommand[] = [];
  const { queue, deliver, working, atWork } = await opened({
    sendHeartbeat: (beat) => void beats.push(beat),
  });
  // By the time that it is let go of, another beat would be due.
  deliver("a", 1, 0, { heartbeatMs: 300 });
  await working("a");
  atWork.get("a")?.context.heartbeat();
  await queue.drain(1);
  atWork.get("a")?.context.heartbeat();
  expect(beats).toHaveLength(1);
});

test("an attempt that is past its time is not begun", async () => {
  const now = 5_000;
  const logClock: JobQueueOptions["logClock"] = {
    observe: () => {},
    now: () => now,
    hasLearnt: true,
    learnFrom: (_, work) => work(),
  };
  const { handed, deliver, working, atWork } = await opened({ logClock });
  deliver("late", 1, 0, { startBy: now });
  await until(() => handed.acknowledged.length === 1, "the acknowledgement");
  deliver("early", 2, 0, { startBy: now + 1 });
  await working("early");
  expect([...atWork.keys()]).toEqual(["early"]);
});

test("one that was delivered before is begun where the engine says that nobody had begun it, or says nothing", async () => {
  const answers: Record<string, readonly object[] | undefined> = {
    no: [],
    yes: [{ type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "me", startedAt: 1 }],
    silent: undefined,
  };
  const { handed, deliver, working, atWork, posted } = await opened({
    concurrency: 5,
    decisionOn: async ({ runId }) => answers[runId] as never,
  });
  for (const [place, runId] of Object.keys(answers).entries()) deliver(runId, place, 1);
  await working("yes");
  await working("silent");
  await until(() => handed.acknowledged.length === 1, "the acknowledgement");
  expect([...atWork.keys()].toSorted()).toEqual(["silent", "yes"]);
  expect(handed.acknowledged).toEqual(["0:0"]);
  expect(posted).toEqual([]);
});

test("that it could not be said that one begins holds it up no longer, and is told", async () => {
  const { deliver, working, problems } = await opened({
    decisionOn: async () => {
      throw new Error("away");
    },
  });
  deliver("a", 1, 1);
  await working("a");
  expect(problems).toEqual(["It could not be said that an attempt begins."]);
});

test("neither a lost connection nor being closed is told as a problem", async () => {
  const { handed, problems, queue } = await opened();
  handed.sessions[0]?.onClose?.(new Error("lost"));
  await until(() => handed.sessions.length === 2, "another session");
  expect(problems).toEqual([]);
  await queue.close();
  expect(problems).toEqual([]);
});
