import type { RunDecision } from "@downbeat/domain";
import { type AskedQuestion, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import type { Delegation } from "../src/delegation.ts";
import { by, job, staged } from "./delegated-stage.ts";

/** An engine that knows of workers of these builds. */
async function among(...builds: string[]) {
  const present = new Set(builds);
  const delegation = {
    takes: () => true,
    problemWith: async () => undefined,
    misfit: async () => undefined,
    buildsOf: (): readonly string[] | undefined => [...present],
  } satisfies Delegation;
  const stage = await staged(delegation);
  let answers = 0;
  const { send } = stage;
  const answerOf = (build: string, { upTo }: AskedQuestion, decisions: RunDecision[], isPinned: boolean) =>
    send({
      type: "AnswerQuestion",
      commandId: `answer-${++answers}`,
      runId: "r",
      upTo,
      answerId: `answer-${answers}`,
      decisions,
      worker: "w",
      build,
      ...(isPinned && { versioning: "pinned" as const }),
    });
  const answer = (build: string, question: AskedQuestion, ...decisions: RunDecision[]) =>
    answerOf(build, question, decisions, false);
  const pinnedAnswer = (build: string, question: AskedQuestion, ...decisions: RunDecision[]) =>
    answerOf(build, question, decisions, true);
  const decline = (build: string, { upTo, attempt }: AskedQuestion) =>
    send({
      type: "AskAgain",
      commandId: `declined-${++answers}`,
      runId: "r",
      upTo,
      attempt,
      because: "notMine",
      message: `The code of build ${build} does not fit the history.`,
      build,
    });
  /** The build's schemas don't take what was recorded. */
  const refuse = (build: string, { upTo, attempt }: AskedQuestion) =>
    send({
      type: "AskAgain",
      commandId: `declined-${++answers}`,
      runId: "r",
      upTo,
      attempt,
      because: "notMine",
      message: `Build ${build} does not take it.`,
      build,
      failure: { kind: "invalid", name: "InvalidInput", message: `Build ${build} takes no euros.` },
    });
  /** The build's schemas don't take a signal, and its code would go on waiting. */
  const declineSignal = (build: string | undefined, { upTo, attempt }: AskedQuestion) =>
    send({
      type: "AskAgain",
      commandId: `declined-${++answers}`,
      runId: "r",
      upTo,
      attempt,
      because: "notMine",
      message: `Build ${build} does not take it.`,
      ...(build !== undefined && { build }),
      failure: { kind: "invalid", name: "InvalidSignal", message: `Build ${build} takes no such signal.` },
      signalId: "s1",
    });
  const only = (questions: readonly AskedQuestion[]): AskedQuestion => {
    expect(questions).toHaveLength(1);
    return questions[0] as AskedQuestion;
  };
  const stuck = () => {
    const last = stage.stage.decided().at(-1)?.decisions[0]?.events.at(-1);
    return last?.type === "RunStuck" ? last.failure : undefined;
  };
  const knowNothing = () => {
    delegation.buildsOf = () => undefined;
  };
  const knowAll = () => {
    delegation.buildsOf = () => [...present];
  };
  /** The run waits for a signal that the build asked for, and it came. */
  const signalled = async (build: string, isPinned = false) => {
    await answerOf(build, only(stage.asked()), [{ type: "AwaitSignal", waitId: "w1", name: "go" }], isPinned);
    await send({
      type: "SendSignal",
      commandId: "s1",
      runId: "r",
      signalId: "s1",
      name: "go",
      payload: "1",
    });
    return only([...stage.asked(build), ...stage.asked()]);
  };
  return {
    ...stage,
    present,
    answer,
    pinnedAnswer,
    decline,
    refuse,
    declineSignal,
    signalled,
    only,
    stuck,
    knowNothing,
    knowAll,
  };
}

test("a build that can't go on says so, and the one that decided before is asked at once, and from then on", async () => {
  const { asked, answer, decline, done, only, stage } = await among("new", "old");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  await decline("new", only(asked()));
  const next = only(asked("old"));
  expect(next).toMatchObject({ build: "old", attempt: 2 });
  expect(next.continues).toBeUndefined();
  expect(asked()).toEqual([]);
  await answer("old", next, job("j2"));
  await done("j2");
  expect(only(asked("old"))).toMatchObject({ build: "old" });
  expect(asked()).toEqual([]);
  expect(stage.events("r")).not.toContain("RunStuck");
});

test("an input that the build which is asked first does not take is put to another one, and stays there", async () => {
  const { asked, answer, done, only, refuse, stage } = await among("old", "new");
  await refuse("old", only(asked()));
  await answer("new", only(asked("new")), job("j1"));
  await done("j1");
  expect(only(asked("new"))).toMatchObject({ build: "new" });
  expect(asked()).toEqual([]);
  expect(stage.events("r")).not.toContain("RunStuck");
});

test("a run is stuck at once by an input that its only build does not take", async () => {
  const { asked, only, refuse, stuck } = await among("old");
  await refuse("old", only(asked()));
  expect(stuck()).toEqual({ kind: "invalid", name: "InvalidInput", message: "Build old takes no euros." });
});

test("where no build takes what was recorded, the run is stuck at once by what the first did not take", async () => {
  const { asked, decline, only, refuse, stuck } = await among("old", "new", "newest");
  await refuse("old", only(asked()));
  await refuse("new", only(asked("new")));
  expect(stuck()).toBeUndefined();
  await decline("newest", only(asked("newest")));
  expect(stuck()).toEqual({
    kind: "invalid",
    name: "InvalidInput",
    message:
      "Build old takes no euros.\nIt was asked of builds new, newest too, which could not go on either.",
  });
});

test("what one build does not take is asked on while nobody knows who is there", async () => {
  const { asked, answer, knowAll, knowNothing, only, refuse, stage, stuck } = await among("old", "new");
  knowNothing();
  await refuse("old", only(asked()));
  expect(stuck()).toBeUndefined();
  knowAll();
  await refuse("old", only(asked()));
  await answer("new", only(asked("new")), job("j1"));
  expect(stage.events("r")).not.toContain("RunStuck");
});

test("a person has a run that no build took asked of everybody again", async () => {
  const { asked, answer, only, present, refuse, send, stuck } = await among("old");
  await refuse("old", only(asked()));
  expect(stuck()?.name).toBe("InvalidInput");
  present.add("new");
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  await refuse("old", only(asked()));
  await answer("new", only(asked("new")), { type: "CompleteRun", output: "1" });
});

/** Workers ended with the question in hand. */
const ended = ({ runId, upTo, attempt }: AskedQuestion) =>
  ({
    type: "AskAgain",
    commandId: `ended/${upTo}/${attempt}`,
    runId,
    upTo,
    attempt,
    because: "workerEnded",
  }) as const;

test("a question that workers end with is put again after longer and longer, and then the run waits for a person", async () => {
  const { asked, only, send, stage, stuck } = await among("one");
  const pauses: number[] = [];
  let question = only(asked());
  for (let ends = 1; ends < 4; ends++) {
    await send(ended(question));
    question = only(asked());
    expect(question).toMatchObject({ ends, attempt: ends + 1 });
    expect(question.continues).toBeUndefined();
    const message = stage.log.messages(topics.decisions("trip")).at(-1);
    pauses.push(Number(Reflect.get(message ?? {}, "deliverAt")) - (stage.decided().at(-1)?.at ?? 0));
  }
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
  expect(pauses.at(-1)).toBeLessThan(12_000);
  expect(stuck()).toBeUndefined();
  await send(ended(question));
  expect(stuck()).toMatchObject({ kind: "code", name: "WorkerEnded" });
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  expect(only(asked())).not.toHaveProperty("ends");
});

/** As `ended`, where the log forgets how often it delivered something. */
const mayHaveEnded = (question: AskedQuestion) => ({ ...ended(question), ended: "maybe" }) as const;
const begins = (question: AskedQuestion) => ({ ...ended(question), ended: "begins" }) as const;

test("a question that workers may have ended with is put again with a mark, at once, and counts where it comes back so", async () => {
  const { asked, only, send, stage, stuck } = await among("one");
  const last = () => stage.log.messages(topics.decisions("trip")).at(-1);
  let question = only(asked());
  for (let ends = 0; ends < 4; ends++) {
    await send(ends === 0 ? mayHaveEnded(question) : begins(question));
    question = only(asked());
    expect(question).toMatchObject({ begins: true });
    expect(question.ends ?? 0).toBe(ends);
    expect(last()).not.toHaveProperty("deliverAt");
    await send(begins(question));
    expect(asked()).toEqual([]);
    expect(stuck()).toBeUndefined();
    await send(mayHaveEnded(question));
    if (ends === 3) break;
    question = only(asked());
    expect(question.ends).toBe(ends + 1);
    expect(question.begins).toBe(false);
    expect(last()).toHaveProperty("deliverAt");
  }
  expect(stuck()).toMatchObject({ kind: "code", name: "WorkerEnded" });
});

test("a question that ended workers before and that nobody had begun is put again at a time of its own, and counts for nothing", async () => {
  const { asked, only, send, stage, stuck } = await among("one");
  await send(mayHaveEnded(only(asked())));
  await send(mayHaveEnded(only(asked())));
  for (let times = 0; times < 20; times++) {
    await send(mayHaveEnded(only(asked())));
    expect(stage.log.messages(topics.decisions("trip")).at(-1)).toHaveProperty("deliverAt");
  }
  expect(stuck()).toBeUndefined();
  const question = only(asked());
  expect(question).toMatchObject({ ends: 1, begins: false });
});

test("however often all workers are restarted, a run that goes on between is never taken for one that ends them", async () => {
  const { asked, answer, done, only, send, stuck } = await among("one");
  for (let number = 1; number <= 20; number++) {
    await send(mayHaveEnded(only(asked())));
    const again = only(asked());
    expect(again).not.toHaveProperty("ends");
    await answer("one", again, job(`j${number}`));
    await done(`j${number}`);
  }
  expect(stuck()).toBeUndefined();
});

test("that nobody answered meanwhile is no excuse for a question that workers may have ended with", async () => {
  const { asked, only, send, stage } = await among("one");
  await send(mayHaveEnded(only(asked())));
  asked();
  await stage.pass(31_000);
  await send(mayHaveEnded(only(asked())));
  expect(only(asked()).ends).toBe(1);
});

test("an end with a question that was put again since, or whose run is over, counts for nothing", async () => {
  const { asked, only, send, stage } = await among("one");
  const question = only(asked());
  await send(ended(question));
  await send(ended(question));
  expect(asked()).toHaveLength(1);
  await send({ type: "TerminateRun", commandId: "c", runId: "r", ...by("a") });
  await send(ended({ ...question, attempt: 2 }));
  expect(asked()).toEqual([]);
  expect(stage.events("r").at(-1)).toBe("RunTerminated");
});

test("an answer to a question that workers ended with before counts like any other", async () => {
  const { asked, answer, done, only, send } = await among("one");
  await send(ended(only(asked())));
  await answer("one", only(asked()), job("j1"));
  await done("j1");
  expect(only(asked())).not.toHaveProperty("ends");
});

const passesOver: RunDecision = { type: "AwaitSignal", waitId: "w2", name: "go", signalId: "s1" };

test("a signal that one build does not take is put to another one, which keeps the run", async () => {
  const { asked, answer, declineSignal, done, only, signalled } = await among("old", "new");
  await declineSignal("old", await signalled("old"));
  const question = only(asked("new"));
  expect(question).not.toHaveProperty("passesOver");
  await answer("new", question, job("j1"));
  await done("j1");
  expect(only(asked("new"))).toMatchObject({ build: "new" });
});

test("a signal that the only build does not take is passed over by it at once", async () => {
  const { asked, answer, declineSignal, only, signalled, stage } = await among("old");
  await declineSignal("old", await signalled("old"));
  const [message] = stage.log.messages(topics.decisionsOfBuild("trip", "old"));
  expect(message).not.toHaveProperty("deliverAt");
  const question = only(asked("old"));
  expect(question).toMatchObject({ passesOver: true, build: "old" });
  await answer("old", question, passesOver);
  expect(stage.events("r").slice(-2)).toEqual(["CodeAnswered", "SignalAwaited"]);
  expect(stage.events("r")).not.toContain("RunStuck");
});

test("a signal is passed over by the first that could, when all that are there were asked and none took it", async () => {
  const { asked, answer, decline, declineSignal, only, refuse, signalled, stage, stuck } = await among(
    "old",
    "new",
    "newer",
    "newest",
  );
  await decline("newer", await signalled("old"));
  await declineSignal("old", only(asked("old")));
  await refuse("new", only(asked("new")));
  await declineSignal("newest", only(asked("newest")));
  const question = only(asked("old"));
  expect(question).toMatchObject({ passesOver: true });
  await answer("old", question, passesOver);
  expect(stuck()).toBeUndefined();
  const events = stage.decided().flatMap(({ decisions }) => decisions.flatMap(({ events }) => events));
  expect(events.filter((event) => event.type === "CodeAskedAgain").map(({ untaken }) => untaken)).toEqual([
    undefined,
    undefined,
    undefined,
    "passedOver",
  ]);
});

test("a signal that none takes is passed over by whoever there is when the one that could has gone", async () => {
  const { asked, answer, declineSignal, only, present, signalled, stage } = await among("old", "new");
  await declineSignal("old", await signalled("old"));
  await declineSignal("new", only(asked("new")));
  asked("old");
  present.delete("old");
  await stage.pass(31_000);
  const question = only(asked());
  expect(question).toMatchObject({ passesOver: true });
  expect(question.build).toBeUndefined();
  await answer("new", question, passesOver);
  expect(stage.events("r").at(-1)).toBe("SignalAwaited");
});

test("who is come to by chance does not keep a signal from being passed over by the one that is meant", async () => {
  const { asked, answer, decline, declineSignal, only, signalled, stage, stuck } = await among("old", "new");
  await declineSignal("old", await signalled("old"));
  await declineSignal("new", only(asked("new")));
  await decline("new", only(asked("old")));
  expect(stuck()).toBeUndefined();
  const [, second] = stage.log.messages(topics.decisionsOfBuild("trip", "old"));
  expect(second).toHaveProperty("deliverAt");
  const question = only(asked("old"));
  expect(question).toMatchObject({ passesOver: true });
  await answer("old", question, passesOver);
  expect(stage.events("r").at(-1)).toBe("SignalAwaited");
});

test("where the one that could pass over a signal has gone, the run is stuck by what keeps the others, and not by that signal", async () => {
  const { asked, decline, declineSignal, only, present, signalled, stage, stuck } = await among("old", "new");
  await declineSignal("old", await signalled("old"));
  await decline("new", only(asked("new")));
  asked("old");
  present.delete("old");
  await stage.pass(31_000);
  for (let minutes = 0; minutes < 30 && stuck() === undefined; minutes++) {
    for (const question of [...asked(), ...asked("new")]) {
      expect(question).toMatchObject({ passesOver: true });
      await decline("new", question);
    }
    await stage.pass(61_000);
  }
  expect(stuck()).toMatchObject({
    kind: "nonDeterminism",
    message: expect.stringContaining("The code of build new does not fit the history."),
  });
});

test("a worker that does not pass over what it is to pass over gets the run stuck, and nobody asks without end", async () => {
  const { asked, declineSignal, only, signalled, stuck } = await among("old");
  await declineSignal("old", await signalled("old"));
  await declineSignal("old", only(asked("old")));
  expect(stuck()).toEqual({
    kind: "invalid",
    name: "InvalidSignal",
    message: "Build old takes no such signal.",
  });
});

test("builds without a name are asked of anybody to pass a signal over", async () => {
  const { asked, answer, declineSignal, only, signalled, stage } = await among("");
  await declineSignal(undefined, await signalled(""));
  const question = only(asked());
  expect(question).toMatchObject({ passesOver: true });
  expect(question.build).toBeUndefined();
  await answer("", question, passesOver);
  expect(stage.events("r").at(-1)).toBe("SignalAwaited");
});

test("a signal is not passed over while nobody knows who is there, until ten minutes are over", async () => {
  const { asked, declineSignal, knowNothing, signalled, stage } = await among("old", "new");
  const question = await signalled("old");
  knowNothing();
  const since = stage.clock.monotonic();
  let next: AskedQuestion | undefined = question;
  for (let asking = 1; next !== undefined && next.passesOver !== true; asking++) {
    expect(asking).toBeLessThan(40);
    await declineSignal("old", next);
    await stage.pass(61_000);
    next = asked().at(-1) ?? asked("old").at(-1);
  }
  expect(next).toMatchObject({ passesOver: true });
  expect(stage.clock.monotonic() - since).toBeGreaterThan(600_000);
});

test("a pinned run passes over what its own build does not take, and nobody else is asked", async () => {
  const { asked, declineSignal, only, pinnedAnswer, signalled, stage } = await among("old", "new");
  await declineSignal("old", await signalled("old", true));
  expect(asked("new")).toEqual([]);
  const question = only(asked("old"));
  expect(question).toMatchObject({ passesOver: true });
  await pinnedAnswer("old", question, passesOver);
  expect(stage.events("r").at(-1)).toBe("SignalAwaited");
});

test("a build that is there and was not asked comes before waiting, whichever it is", async () => {
  const { asked, answer, decline, done, only } = await among("c", "b");
  await answer("a", only(asked()), job("j1"));
  await done("j1");
  await decline("b", only(asked()));
  await decline("c", only(asked("c")));
  expect([...asked("a"), ...asked("b"), ...asked("c")]).toEqual([]);
});

test("where no build that is there fits, they are asked for ten minutes, and then the run waits for a person, who reads which builds", async () => {
  const { asked, answer, decline, done, only, stage, stuck } = await among("new", "newer");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  let question = only(asked());
  await decline("new", question);
  question = only(asked("newer"));
  const since = stage.clock.monotonic();
  for (let asking = 1; stuck() === undefined; asking++) {
    expect(asking).toBeLessThan(30);
    await decline("newer", question);
    await stage.pass(61_000);
    question = asked().at(-1) ?? question;
  }
  const minutes = (stage.clock.monotonic() - since) / 60_000;
  expect(minutes).toBeGreaterThan(10);
  expect(minutes).toBeLessThan(13);
  expect(stuck()).toEqual({
    kind: "nonDeterminism",
    name: "NonDeterminism",
    message:
      "The code of build newer does not fit the history. Neither could build new. It was asked for 10 minutes of all that are there.",
  });
});

test("a stuck run that is resumed after a deploy goes on with whichever build fits", async () => {
  const { asked, answer, decline, done, only, present, send, stage, stuck } = await among("bad");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  let question = only(asked());
  for (let asking = 1; stuck() === undefined && asking < 30; asking++) {
    await decline("bad", question);
    await stage.pass(61_000);
    question = asked().at(-1) ?? question;
  }
  expect(stuck()?.name).toBe("NonDeterminism");
  present.add("mended");
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  await decline("bad", only(asked()));
  await answer("mended", only(asked("mended")), { type: "CompleteRun", output: "1" });
  expect(stage.events("r").at(-1)).toBe("RunCompleted");
});

test("a run goes on with any build again when the one that it is asked of has gone", async () => {
  const { asked, answer, decline, done, only, present } = await among("new", "old");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  await decline("new", only(asked()));
  await answer("old", only(asked("old")), job("j2"));
  present.delete("old");
  await done("j2");
  const question = only(asked());
  expect(question.build).toBeUndefined();
  expect(asked("old")).toEqual([]);
});

test("a question that its build does not answer in time is put again, to others where that build has gone", async () => {
  const { asked, answer, decline, done, only, present, stage } = await among("new", "old");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  await decline("new", only(asked()));
  expect(asked("old")).toHaveLength(1);
  present.delete("old");
  await stage.pass(31_000);
  expect(only(asked())).toMatchObject({ attempt: 3 });
});

test("a pinned run is asked of the build that began it, and of no other", async () => {
  const { asked, decline, done, only, pinnedAnswer, stage } = await among("new", "old");
  await pinnedAnswer("old", only(asked()), job("j1"));
  await done("j1");
  const question = only(asked("old"));
  expect(asked()).toEqual([]);
  // Who hears of it by chance is not asked further, and nobody else is.
  await decline("new", question);
  await stage.pass(2_000);
  const again = only(asked("old"));
  expect(asked()).toEqual([]);
  await pinnedAnswer("old", again, { type: "CompleteRun", output: "1" });
  const answers = stage.decided().flatMap(({ decisions }) => decisions.flatMap(({ events }) => events));
  expect(
    answers.filter((event) => event.type === "CodeAnswered" && event.versioning === "pinned"),
  ).toHaveLength(1);
});

test("a pinned run waits a quarter of an hour for its build; then a person may have another take it over", async () => {
  const { asked, done, only, pinnedAnswer, present, send, stage, stuck } = await among("new", "old");
  await pinnedAnswer("old", only(asked()), job("j1"));
  present.delete("old");
  await done("j1");
  const since = stage.clock.monotonic();
  for (let minute = 1; stuck() === undefined && minute < 60; minute++) await stage.pass(60_000);
  expect((stage.clock.monotonic() - since) / 60_000).toBeCloseTo(16, 0);
  expect(stuck()).toEqual({
    kind: "code",
    name: "BuildGone",
    message:
      "The run is pinned to build old of trip, and no worker of that build is there. Start one; or resume the run, and another build takes it over.",
  });
  expect(asked()).toEqual([]);
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  await pinnedAnswer("new", only(asked()), job("j2"));
  await done("j2");
  expect(only(asked("new"))).toMatchObject({ build: "new" });
});

test("a pinned run whose build is back when it is resumed stays with it", async () => {
  const { asked, done, only, pinnedAnswer, present, send, stage, stuck } = await among("new", "old");
  await pinnedAnswer("old", only(asked()), job("j1"));
  present.delete("old");
  await done("j1");
  for (let minute = 1; stuck() === undefined && minute < 60; minute++) await stage.pass(60_000);
  present.add("old");
  asked("old");
  await send({ type: "ResumeRun", commandId: "c", runId: "r", ...by("a") });
  expect(only(asked("old"))).toMatchObject({ build: "old" });
  expect(asked()).toEqual([]);
});

test("a pinned run that is cancelled while nobody of its build is there is undone from its history", async () => {
  const { asked, done, only, pinnedAnswer, present, send, stage } = await among("new", "old");
  const undo = { type: "RegisterCompensation", compensationId: "c1", jobType: "refund", input: "1" } as const;
  await pinnedAnswer("old", only(asked()), undo, job("j1"));
  present.delete("old");
  await done("j1");
  await send({ type: "CancelRun", commandId: "c", runId: "r", ...by("a") });
  for (let minute = 1; minute < 20; minute++) await stage.pass(60_000);
  expect(stage.events("r").slice(-3)).toEqual(["CodeGivenUp", "JobScheduled", "AttemptRequested"]);
});

test("a question that comes to who has declined it already goes round with pauses, and not forever", async () => {
  const { asked, answer, decline, done, only, stage, stuck } = await among("new", "old");
  await answer("old", only(asked()), job("j1"));
  await done("j1");
  await decline("new", only(asked()));
  // The topic of its build is shared, or can't be made: the wrong worker takes it.
  await decline("new", only(asked("old")));
  const [first, second] = stage.log.messages(topics.decisionsOfBuild("trip", "old"));
  expect(first).not.toHaveProperty("deliverAt");
  expect(second).toHaveProperty("deliverAt");
  await decline("new", only(asked("old")));
  const since = stage.clock.monotonic();
  for (let asking = 1; stuck() === undefined; asking++) {
    expect(asking).toBeLessThan(30);
    await stage.pass(61_000);
    const question = asked("old").at(-1) ?? asked().at(-1);
    if (question !== undefined) await decline("new", question);
  }
  expect(stage.clock.monotonic() - since).toBeGreaterThan(600_000);
});

test("a pinned run that its own build's code does not fit is stuck at once, with what does not fit", async () => {
  const { asked, pinnedAnswer, decline, done, only, stuck } = await among("one", "two");
  await pinnedAnswer("one", only(asked()), job("j1"));
  await done("j1");
  await decline("one", only([...asked("one"), ...asked()]));
  expect(stuck()).toEqual({
    kind: "nonDeterminism",
    name: "NonDeterminism",
    message: "The code of build one does not fit the history. The run is pinned to this build.",
  });
});
