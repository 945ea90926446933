import { LogError, position } from "@downbeat/message-log";
import { InvalidCommand, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { until } from "./open-log.ts";
import { anybody, asked, decided, job, opened, started } from "./question-stage.ts";

test("what the code wants is sent with who asked and which build it is, and then the question is acknowledged", async () => {
  const { state, sent, take, sessions, acknowledged } = await opened({ build: "7", versioning: "pinned" });
  let receipt = () => {};
  state.send = (command) => {
    sent.push(command);
    return new Promise((resolve) => {
      receipt = resolve;
    });
  };
  const taken = take(1, [asked("r")]);
  await until(() => sent.length === 1, "the answer");
  expect(sent[0]).toEqual({
    type: "AnswerQuestion",
    commandId: expect.stringMatching(/^answer\/a\d+$/),
    runId: "r",
    upTo: 1,
    answerId: expect.stringMatching(/^a\d+$/),
    decisions: [job("j1")],
    worker: "me",
    build: "7",
    versioning: "pinned",
  });
  expect(acknowledged).toEqual([]);
  receipt();
  await taken;
  expect(
    sessions.map(({ topic, type, subscription, consumerName }) => [topic, type, subscription, consumerName]),
  ).toEqual([
    [anybody, "Key_Shared", "deciders", "me"],
    [topics.decisionsOfBuild("trip", "7"), "Key_Shared", "deciders", "me"],
  ]);
});

test("without a build or a versioning nothing is said of them, and one topic is read", async () => {
  const { sent, take, sessions } = await opened();
  await take(1, [asked("r")]);
  for (const absent of ["build", "versioning", "left"]) expect(sent[0]).not.toHaveProperty(absent);
  expect(sessions).toHaveLength(1);
});

test("questions of one message are all answered before it is acknowledged", async () => {
  const { state, sent, deliver, acknowledged } = await opened();
  const answers = new Map<string, () => void>();
  state.answer = ({ runId }) =>
    new Promise((resolve) => answers.set(runId, () => resolve(decided(job("j1")))));
  deliver(1, [asked("a"), asked("b")]);
  await until(() => answers.size === 2, "both questions");
  answers.get("b")?.();
  await until(() => sent.length === 1, "one answer");
  expect(acknowledged).toEqual([]);
  answers.get("a")?.();
  await until(() => acknowledged.length === 1, "the acknowledgement");
  expect(sent.map(({ runId }) => runId)).toEqual(["b", "a"]);
});

test("the same question once more gets the same answer, another one is asked", async () => {
  const { state, sent, take } = await opened();
  await take(1, [asked("r")]);
  await take(2, [asked("r", { attempt: 2 })]);
  expect(state.questions).toHaveLength(1);
  expect(sent[1]).toEqual(sent[0]);
  await take(3, [asked("r", { upTo: 2 })]);
  await take(4, [asked("other")]);
  expect(state.questions).toHaveLength(3);
});

test("what needed the history before is asked again, as it may come with it", async () => {
  const { state, sent, take } = await opened();
  state.answer = async () => ({ type: "needsHistory" });
  await take(1, [asked("r", { continues: "a0" })]);
  expect(sent[0]).toMatchObject({ type: "AskAgain", because: "history", upTo: 1, attempt: 1 });
  state.answer = async () => decided(job("j1"));
  await take(2, [asked("r", { attempt: 2 })]);
  expect(state.questions).toHaveLength(2);
  expect(sent[1]).toMatchObject({ type: "AnswerQuestion" });
});

test("of a run, the next question waits for the answer to the one before", async () => {
  const { state, deliver } = await opened();
  const answers: (() => void)[] = [];
  state.answer = () => new Promise((resolve) => answers.push(() => resolve(decided())));
  deliver(1, [asked("r")]);
  deliver(2, [asked("r", { upTo: 3 })]);
  deliver(3, [asked("other")]);
  await until(() => answers.length === 2, "the first of each run");
  expect(state.questions.map(({ runId, upTo }) => `${runId} ${upTo}`)).toEqual(["r 1", "other 1"]);
  answers[0]?.();
  await until(() => state.questions.length === 3, "the next");
});

test("a message whose answer can't be sent is left to be delivered again, which is said", async () => {
  const { state, sent, deliver, take, acknowledged, problems } = await opened();
  state.send = async () => {
    throw new LogError("unavailable", "away");
  };
  deliver(1, [asked("r")]);
  await until(() => problems.length === 1, "what is said of it");
  expect(problems).toEqual(["What trip is to do next could not be sent."]);
  expect(acknowledged).toEqual([]);
  state.send = async (command) => void sent.push(command);
  await take(2, [asked("r")], 1);
  expect(state.questions).toHaveLength(1);
});

test.each([
  [
    "the engine would not take",
    new InvalidCommand("decisions.0: no"),
    "What the code asked for can't be sent: decisions.0: no",
  ],
  [
    "is more than a message holds",
    new LogError("tooLarge", "2 MB"),
    "What the code asked for in one step is more than a message can hold: 2 MB",
  ],
])("the run is stuck with the reason where what its code asks for %s", async (_, error, message) => {
  const { state, sent, take } = await opened();
  state.send = async (command) => {
    if (sent.push(command) === 1) throw error;
  };
  await take(1, [asked("r")]);
  expect(sent[1]).toMatchObject({
    ...sent[0],
    decisions: [{ type: "GetStuck", failure: { kind: "code", name: "Unrecordable", message } }],
  });
});

test("so many decisions are sent as fit into a message, and how many are left", async () => {
  const { state, sent, take } = await opened();
  const long = "x".repeat(140_000);
  state.answer = async () => decided(job("j1", long), job("j2", long), job("j3", long), job("j4"));
  await take(1, [asked("r")]);
  expect(sent[0]).toMatchObject({ decisions: [{ jobId: "j1" }, { jobId: "j2" }], left: 2 });
  state.answer = async () => decided(job("j1", "x".repeat(400_000)), job("j2"));
  await take(2, [asked("r", { upTo: 2 })]);
  expect(sent[1]).toMatchObject({ decisions: [{ jobId: "j1" }], left: 1 });
  const bytesOf = (decision: object) => Buffer.byteLength(JSON.stringify(decision));
  const room = 300_000 - bytesOf(job("j1", "")) - bytesOf(job("j2", ""));
  const filling = (letters: number) => decided(job("j1", "x".repeat(letters)), job("j2", ""));
  for (const [index, letters] of [room, room + 1].entries()) {
    state.answer = async () => filling(letters);
    await take(3 + index, [asked("r", { upTo: 3 + index })]);
  }
  expect(sent[2]).not.toHaveProperty("left");
  expect(sent[3]).toMatchObject({ left: 1 });
});

test("that the code is stuck, or that it does not take what was recorded, is told", async () => {
  const { state, take, stuck, untaken, sent } = await opened({ build: "7" });
  const failure = { kind: "code", name: "Error", message: "oops" } as const;
  state.answer = async () => decided({ type: "GetStuck", failure });
  await take(1, [asked("r")]);
  expect(stuck).toEqual([{ runId: "r", workflow: "trip", failure }]);
  state.answer = async () => ({ type: "notMine", reason: "no", failure });
  await take(2, [asked("a")]);
  state.answer = async () => ({ type: "notMine", reason: "no", failure, signalId: "s1" });
  await take(3, [asked("b")]);
  state.answer = async () => ({ type: "notMine", reason: "It is for another build." });
  await take(4, [asked("c")]);
  state.answer = async () => decided(job("j1"), { type: "GetStuck", failure });
  await take(5, [asked("d")]);
  expect(untaken).toEqual([
    { runId: "a", workflow: "trip", failure },
    { runId: "b", workflow: "trip", failure, signalId: "s1" },
  ]);
  expect(stuck).toHaveLength(1);
  expect(sent[3]).toMatchObject({ type: "AskAgain", because: "notMine", runId: "c" });
});

test("a question for another build is declined without asking the code", async () => {
  const { state, take, sent } = await opened({ build: "7" });
  await take(1, [asked("r", { build: "8" })]);
  expect(state.questions).toEqual([]);
  expect(sent[0]).toMatchObject({ type: "AskAgain", because: "notMine" });
});

test("a malformed question is put into quarantine, and those beside it are answered", async () => {
  const { take, setAside, problems, sent } = await opened();
  await take(1, [{ runId: "x" }, asked("r")]);
  expect(setAside).toEqual([[anybody, position(1, 1), '{"runId":"x"}', expect.stringContaining("workflow")]]);
  expect(problems[0]).toMatch(/^A malformed question to trip was put into quarantine: /);
  expect(sent).toHaveLength(1);
});

test("the engine hears of a question that came back twice, and the code is not asked", async () => {
  const { state, take, sent, problems } = await opened();
  await take(1, [asked("once")], 1);
  expect(sent[0]).toMatchObject({ type: "AnswerQuestion" });
  await take(2, [asked("twice")], 2);
  expect(sent[1]).toEqual({
    type: "AskAgain",
    commandId: "workerEnded/twice/1/1",
    runId: "twice",
    upTo: 1,
    attempt: 1,
    because: "workerEnded",
  });
  // It ended a worker before: once is enough.
  await take(3, [asked("marked", { ends: 1 })], 1);
  await take(4, [asked("fresh", { ends: 1 })]);
  expect(sent.slice(2).map(({ type }) => type)).toEqual(["AskAgain", "AnswerQuestion"]);
  expect(state.questions.map(({ runId }) => runId)).toEqual(["once", "fresh"]);
  expect(problems).toEqual(
    ["twice", "marked"].map(
      (runId) =>
        `Workers ended, or lost their connection, while they were at trip ${runId}: it is asked again after a while.`,
    ),
  );
});

test("on a log that forgets its counts the engine hears of what was there before, and of what is to begin", async () => {
  const { state, take, sent, problems } = await opened({ forgets: true, ends: position(1, 1) });
  await take(1, [asked("before")]);
  await take(2, [asked("begins", { ends: 1, begins: false })]);
  await take(3, [asked("after")]);
  await take(4, [asked("begun", { ends: 1, begins: true })]);
  expect(sent).toMatchObject([
    { type: "AskAgain", because: "workerEnded", ended: "maybe", runId: "before" },
    { type: "AskAgain", because: "workerEnded", ended: "begins", runId: "begins" },
    { type: "AnswerQuestion", runId: "after" },
    { type: "AnswerQuestion", runId: "begun" },
  ]);
  expect(state.questions).toHaveLength(2);
  expect(problems).toEqual([]);
  // Of one that it delivered again it knows so itself.
  const counted = await opened({ forgets: true, ends: position(1, 9) });
  await counted.take(1, [asked("r")], 1);
  expect(counted.sent).toMatchObject([{ type: "AnswerQuestion" }]);
});

test("on one that counts, what is to begin is asked of the code", async () => {
  const { take, sent } = await opened({ ends: position(1, 9) });
  await take(1, [asked("r", { ends: 1, begins: false })]);
  expect(sent).toMatchObject([{ type: "AnswerQuestion" }]);
});

test("parts of a question are put together in their order, whichever comes first, and acknowledged together", async () => {
  const { state, deliver, take, acknowledged } = await opened();
  const part = (number: number) =>
    asked("r", {
      upTo: 3,
      events: [{ seq: number, at: 5, event: started }],
      part: { number, of: 3 },
    });
  deliver(1, [part(3)]);
  deliver(2, [part(1)]);
  await take(4, [asked("other")]);
  expect(acknowledged).toEqual([position(1, 4)]);
  await take(3, [part(2)]);
  const { events, ...whole } = state.questions.at(-1) ?? asked("");
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(whole).toEqual({ runId: "r", workflow: "trip", upTo: 3, attempt: 1 });
  expect(acknowledged.slice(1)).toEqual([position(1, 1), position(1, 2), position(1, 3)]);
});

test("parts of a question whose answer can't be sent are all delivered again", async () => {
  const { state, deliver, acknowledged, problems } = await opened();
  state.send = async () => {
    throw new LogError("unavailable", "away");
  };
  for (const number of [1, 2]) deliver(number, [asked("r", { part: { number, of: 2 } })]);
  await until(() => problems.length === 1, "what is said of it");
  expect(acknowledged).toEqual([]);
});

test("who stops takes nothing more, and waits for what is being answered, not for ever", async () => {
  const { queue, state, sent, deliver, acknowledged } = await opened();
  await queue.drain(60_000);
  deliver(1, [asked("r")]);
  expect(queue.isAnswering).toBe(false);
  expect(state.questions).toEqual([]);

  const busy = await opened();
  const answers: (() => void)[] = [];
  busy.state.answer = () => new Promise((resolve) => answers.push(() => resolve(decided())));
  busy.deliver(1, [asked("r")]);
  await until(() => answers.length === 1, "the question");
  expect(busy.queue.isAnswering).toBe(true);
  await busy.queue.drain(1);
  expect(busy.sent).toEqual([]);
  const drained = busy.queue.drain(60_000);
  answers[0]?.();
  await drained;
  expect(busy.sent).toHaveLength(1);
  expect(busy.acknowledged).toHaveLength(1);
  expect(busy.queue.isAnswering).toBe(false);
  expect([sent, acknowledged]).toEqual([[], []]);
});

test("what can't be sent while it stops is said to nobody", async () => {
  const { queue, state, deliver, problems } = await opened();
  let refuse = () => {};
  state.send = () =>
    new Promise((_, reject) => {
      refuse = () => reject(new LogError("closed", "closed"));
    });
  deliver(1, [asked("r")]);
  await until(() => queue.isAnswering && state.questions.length === 1, "the question");
  const drained = queue.drain(60_000);
  await until(() => {
    refuse();
    return !queue.isAnswering;
  }, "the refusal");
  await drained;
  expect(problems).toEqual([]);
});

test("closing closes all of its consumers", async () => {
  const { queue, sessions } = await opened({ build: "7" });
  await queue.close();
  expect(sessions.map(({ isClosed }) => isClosed)).toEqual([true, true]);
});

test("that nothing is asked any more is said, and of its build's own topic what that means", async () => {
  const { sessions, state, problems } = await opened({ build: "7" });
  const ofBuild = topics.decisionsOfBuild("trip", "7");
  const end = (topic: string, reason: Error) =>
    sessions.findLast((session) => session.topic === topic)?.onClose?.(reason);
  const lacking = `What is asked of build 7 of trip can't be taken from its topic ${ofBuild}: it comes by ${anybody}, more slowly.`;
  end(ofBuild, new LogError("unavailable", "away"));
  end(anybody, new Error("no rights"));
  await until(() => sessions.length === 4, "other sessions");
  expect(problems).toEqual([]);
  end(ofBuild, new Error("no rights"));
  await until(() => problems.length === 1, "what is said of it");
  expect(problems).toEqual([lacking]);
  await until(() => sessions.length === 5, "another session");
  state.refusal = new LogError("invalid", "no such subscription");
  end(anybody, new Error("lost"));
  await until(() => problems.length === 2, "what is said of the topic");
  expect(problems[1]).toBe("Nothing is asked of trip any more.");
  end(ofBuild, new LogError("unavailable", "away"));
  await until(() => problems.length === 3, "what is said of the build's");
  expect(problems[2]).toBe(lacking);
});
