import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  ask,
  earliestDeadline,
  type Failure,
  question,
  type RunEvent,
  setAside,
  unfinished,
} from "../../src/index.ts";
import { action, started } from "../samples.ts";
import { type Asked, given, runId, type Scenario, t0 } from "../scenario.ts";

const inWorkers: RunEvent = { ...started, codeIn: "workers" } as RunEvent;
const fired: RunEvent = { type: "TimerFired", timerId: "t1", generation: 1 };
const received: RunEvent = { type: "SignalReceived", signalId: "s1", name: "paid", payload: "1" };
const bug: Failure = { kind: "code", name: "Bug", message: "a bug" };
const cancelled: RunEvent = { type: "RunCancelRequested", action: action("cancel") };

function asking(...events: RunEvent[]): Scenario {
  return given(inWorkers, ...events).asked();
}

function answers(upTo: number, rest: object = {}): Asked {
  return { type: "AnswerQuestion", upTo, answerId: `a${upTo}`, decisions: [], ...rest } as Asked;
}

function answered(upTo: number, rest: object = {}): RunEvent {
  return { type: "CodeAnswered", upTo, answerId: `a${upTo}`, ...rest } as RunEvent;
}

function again(attempt: number, because: string, rest: object = {}): RunEvent {
  return { type: "CodeAskedAgain", attempt, because, ...rest } as RunEvent;
}

function askAgain(because: string, rest: object = {}): Asked {
  return { type: "AskAgain", upTo: 1, attempt: 1, because, ...rest } as Asked;
}

const put = { type: "AskCode", runId, workflow: "order", upTo: 1, attempt: 1 } as const;

describe("A run whose code lives in workers", () => {
  it("asks them once its start is recorded, and tells all of it", () => {
    expect(given(inWorkers).question).toBeUndefined();
    expect(asking().question).toStrictEqual(put);
  });

  it("asks one question at a time, and the next about what came meanwhile", () => {
    const meanwhile = asking().and(fired).asked().and(fired).asked();
    expect(meanwhile.question).toStrictEqual(put);
    const after = meanwhile.when(answers(1)).brings(answered(1));
    expect(after.question).toBeUndefined();
    expect(after.asked().question).toStrictEqual({
      ...put,
      upTo: 4,
      continues: { upTo: 1, id: "a1" },
    });
  });

  it("asks nothing as long as nothing came that its code may have a use for", () => {
    const after = asking().and(answered(1)).asked();
    expect(after.question).toBeUndefined();
    expect(after.and(received, again(1, "noAnswer")).and(answered(1)).asked().question).toBeUndefined();
    expect(after.and(fired).asked().question).toMatchObject({ upTo: 3 });
  });

  it("asks at once for what its code wanted and had no room for in its answer", () => {
    const after = asking()
      .when(answers(1, { left: 3 }))
      .brings(answered(1, { left: 3 }));
    expect(after.asked().question).toMatchObject({ upTo: 2, continues: { upTo: 1, id: "a1" } });
  });

  it("asks nothing while its code can't decide, or a part of the last input is missing", () => {
    for (const event of [
      { type: "RunStuck", failure: bug },
      { type: "CodeGivenUp", failure: bug },
    ] as const) {
      const stuck = asking().and(event, fired);
      expect(stuck.question).toBeUndefined();
      expect(ask(stuck.run)).toBe(stuck.run);
    }
    const torn = unfinished(given(inWorkers).run);
    expect(ask(torn)).toBe(torn);
  });

  it("that is over or set aside asks nothing", () => {
    expect(asking().and({ type: "RunCompleted", output: "1" }).question).toBeUndefined();
    const damaged = setAside(asking().state, { runId, workflow: "order", at: t0 }, "x");
    expect(question(damaged)).toEqual([]);
  });
});

test("A run whose code lives within the engine asks nobody", () => {
  for (const events of [[], [fired], [{ type: "RunResumed", action: action() } as const], [cancelled]]) {
    const { run } = given(started, ...events);
    expect(ask(run)).toBe(run);
    expect(run).not.toHaveProperty("delegated");
    expect(question(run)).toEqual([]);
  }
});

describe("An answer", () => {
  it("counts if it is the first to the question that is out", () => {
    asking().when(answers(2)).ignored();
    asking().when(answers(1)).brings(answered(1)).when(answers(1)).ignored();
    given(inWorkers).when(answers(1)).ignored();
    asking().and({ type: "RunCompleted", output: "1" }).when(answers(1)).ignored();
    const next = asking().and(answered(1), fired).asked();
    next.when(answers(1)).ignored();
    next.when(answers(3)).brings(answered(3));
  });

  it("to a run whose code is within the engine is nobody's", () => {
    given(started).when(answers(1)).ignored();
    for (const because of ["history", "notMine", "workerEnded", "noAnswer"])
      given(started).when(askAgain(because)).ignored();
  });

  it("counts whichever attempt of the question it answers", () => {
    asking().and(again(2, "noAnswer")).when(answers(1)).brings(answered(1));
  });

  it("says who gave it, and the next question names it", () => {
    const by = { worker: "w", build: "b1" };
    const after = asking().when(answers(1, by)).brings(answered(1, by));
    expect(after.and(fired).asked().question).toStrictEqual({
      ...put,
      upTo: 3,
      continues: { upTo: 1, id: "a1", build: "b1" },
    });
  });

  it("leaves no deadline behind", () => {
    const after = asking().and(answered(1));
    expect(after.deadlines).toEqual([]);
    expect(after.run.due).toBeNull();
  });
});

describe("Another question takes the place of the one that is out", () => {
  it.each<[string, (before: Scenario) => Scenario]>([
    ["when the run is cancelled", (before) => before.and(cancelled)],
    [
      "when the run is repaired",
      (before) => {
        const about = { runId, workflow: "order", at: t0 };
        const damaged = before.being(setAside(before.state, about, "x"));
        return damaged.and({ type: "RunRepaired", action: action(), outcome: "cut", message: "x" });
      },
    ],
  ])("%s", (_, happens) => {
    const after = happens(asking());
    expect(after.question).toBeUndefined();
    expect(after.deadlines).toEqual([]);
    const next = after.asked();
    expect(next.question).toMatchObject({ upTo: 2, attempt: 1 });
    next.when(answers(1)).ignored();
  });

  it("not when the run is resumed: its code is asked where it was stuck", () => {
    const stuck = asking().and({ type: "RunStuck", failure: bug });
    const resumed = stuck.and({ type: "RunResumed", action: action() });
    expect(resumed.asked().question).toMatchObject({ upTo: 3, attempt: 1 });
  });
});

describe("A question that nobody answers", () => {
  it("is put again after 30 s, and then after twice as long each time, up to an hour", () => {
    let now = asking().hostedBy();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt++) {
      const [deadline] = now.deadlines;
      expect(now.deadlines).toEqual([
        {
          dueAt: deadline?.dueAt,
          command: {
            type: "AskAgain",
            commandId: `deadline/${runId}/question/1/${attempt}`,
            runId,
            upTo: 1,
            attempt,
            because: "noAnswer",
          },
        },
      ]);
      const wait = Number(deadline?.dueAt) - now.now;
      expect(earliestDeadline(now.run)).toBe(deadline?.dueAt);
      waits.push(wait / 1_000);
      now
        .after(wait - 1)
        .when(askAgain("noAnswer", { attempt }))
        .ignored();
      now = now
        .after(wait)
        .when(askAgain("noAnswer", { attempt }))
        .brings(again(attempt + 1, "noAnswer"));
      expect(now.question).toStrictEqual({ ...put, attempt: attempt + 1 });
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  });

  it("the eighth time holds the run for a person, if anybody hosts the workflow", () => {
    const seven = asking().and(...Array.from({ length: 7 }, (_, index) => again(index + 2, "noAnswer")));
    const due = seven.after(3_600_000);
    const eighth = askAgain("noAnswer", { attempt: 8 });
    due.when(eighth).brings(again(9, "noAnswer"));
    due.hostedBy().when(eighth).brings(again(9, "noAnswer"));
    const failure = {
      kind: "code",
      name: "NoAnswer",
      message: "What comes next was asked of the workers that host order 8 times, and none answered.",
    } as const;
    due.hostedBy("b1").when(eighth).brings({ type: "RunStuck", failure });
    asking()
      .hostedBy("b1")
      .and(...Array.from({ length: 6 }, (_, index) => again(index + 2, "noAnswer")))
      .after(3_600_000)
      .when(askAgain("noAnswer", { attempt: 7 }))
      .brings(again(8, "noAnswer"));
    const cancelling = given(inWorkers, cancelled)
      .asked()
      .and(...Array.from({ length: 7 }, (_, index) => again(index + 2, "noAnswer")))
      .after(3_600_000)
      .when({ ...eighth, upTo: 2 } as Asked);
    cancelling.brings({ type: "CodeGivenUp", failure });
  });

  it("counts silences alone: other reasons to put it again are none", () => {
    const puts = Array.from({ length: 9 }, (_, index) => again(index + 2, "history"));
    asking()
      .hostedBy("b1")
      .and(...puts)
      .after(30_000)
      .when(askAgain("noAnswer", { attempt: 10 }))
      .brings(again(11, "noAnswer"));
    const silent = asking()
      .hostedBy("b1")
      .and(...Array.from({ length: 7 }, (_, index) => again(index + 2, "noAnswer")));
    silent.when(askAgain("history", { attempt: 8 })).brings(again(9, "history"));
    silent.when(askAgain("workerEnded", { attempt: 8 })).brings(again(9, "workerEnded"));
  });
});

describe("A question is put again", () => {
  it("only as it is out, and to a run that is open", () => {
    for (const because of ["history", "notMine", "workerEnded", "noAnswer"]) {
      const late = asking().after(3_600_000);
      late.when(askAgain(because, { attempt: 2 })).ignored();
      late.when(askAgain(because, { upTo: 2 })).ignored();
      given(inWorkers).after(3_600_000).when(askAgain(because)).ignored();
      late.and({ type: "RunCompleted", output: "1" }).when(askAgain(because)).ignored();
    }
  });

  it("as a whole to who knows nothing of what came before", () => {
    const next = asking().and(answered(1), fired).asked();
    expect(next.question).toHaveProperty("continues");
    const whole = next.when(askAgain("history", { upTo: 3 })).brings(again(2, "history"));
    expect(whole.question).toStrictEqual({ ...put, upTo: 3, attempt: 2 });
    // Of what did not happen it says nothing, not even how often.
    expect(whole.run.delegated?.asked).toStrictEqual({ upTo: 3, attempt: 2, at: t0, isWhole: true });
  });

  it("and its answer makes nothing of the attempts before", () => {
    const after = asking().and(again(2, "noAnswer"), answered(1), fired).asked();
    expect(after.question).toStrictEqual({ ...put, upTo: 4, continues: { upTo: 1, id: "a1" } });
    expect(after.deadlines).toMatchObject([{ dueAt: t0 + 30_000 }]);
  });

  it("from where it stands, when a part of its answer was not recorded", () => {
    const torn = asking().and(answered(1));
    const before = torn.being(unfinished(torn.run));
    expect(before.deadlines).toMatchObject([{ command: { type: "FinishStep" } }]);
    const after = before.when({ type: "FinishStep" }).brings(again(1, "unfinished"));
    expect(after.question).toStrictEqual({
      ...put,
      upTo: 3,
      continues: { upTo: 1, id: "a1" },
    });
    after.when(answers(3)).brings(answered(3));
  });

  it("not when it is out, or the code is in the engine, and a part of another input was not recorded", () => {
    for (const whole of [asking(), given(started)]) {
      whole.being(unfinished(whole.run)).when({ type: "FinishStep" }).brings();
    }
    asking().when({ type: "FinishStep" }).ignored();
  });
});

/** How much later than `t0` it is put, ms. */
function heldBack({ question }: Scenario): number {
  return Number(question?.notBefore) - t0;
}

describe("A question with which its worker ended", () => {
  const ends = (count: number) =>
    Array.from({ length: count }, (_, index) => again(index + 2, "workerEnded"));

  it("is put again later each time, and holds the run for a person the fourth", () => {
    let now = asking().hostedBy("b1");
    for (const attempt of [1, 2, 3]) {
      now = now.when(askAgain("workerEnded", { attempt })).brings(again(attempt + 1, "workerEnded"));
      const least = 500 * 2 ** attempt;
      expect(heldBack(now)).toBeGreaterThanOrEqual(least);
      expect(heldBack(now)).toBeLessThan(3 * least);
      // It waits for its answer from then on.
      expect(now.deadlines).toMatchObject([{ dueAt: t0 + heldBack(now) + 30_000 }]);
    }
    const failure = {
      kind: "code",
      name: "WorkerEnded",
      message:
        "What comes next was asked of workers that host order, and one after another ended while it was at this, or lost its connection. See why they ended; resume the run when that is mended.",
    } as const;
    now.when(askAgain("workerEnded", { attempt: 4 })).brings({ type: "RunStuck", failure });
    given(inWorkers, cancelled)
      .asked()
      .and(...ends(3))
      .when(askAgain("workerEnded", { upTo: 2, attempt: 4 }))
      .brings({ type: "CodeGivenUp", failure });
  });

  it("is told as a whole, and by its answer all is forgotten", () => {
    const next = asking().and(answered(1), fired).asked();
    expect(next.and(...ends(1)).question).not.toHaveProperty("continues");
    const after = next.and(...ends(3), answered(3), fired).asked();
    expect(after.question).not.toHaveProperty("notBefore");
    after.when(askAgain("workerEnded", { upTo: 8 })).brings(again(2, "workerEnded"));
  });

  it("comes at a time that is its own", () => {
    const times = new Set<number>();
    for (let number = 0; number < 20; number++) {
      const { question } = asking()
        .being({ ...asking().run, runId: `run-${number}` })
        .and(...ends(1));
      times.add(Number(question?.notBefore));
    }
    expect(times.size).toBeGreaterThan(15);
    expect([...times].every(Number.isInteger)).toBe(true);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(1_000);
  });

  it("is put with a mark where nobody knows whether it was begun, which is no end", () => {
    const maybe = askAgain("workerEnded", { ended: "maybe" });
    const marked = asking()
      .when(maybe)
      .brings(again(2, "workerEnded", { ended: "begins" }));
    expect(marked.question).toStrictEqual({ ...put, attempt: 2 });
    // Back with the mark: then it was an end.
    const back = marked
      .when(askAgain("workerEnded", { attempt: 2, ended: "maybe" }))
      .brings(again(3, "workerEnded"));
    expect(heldBack(back)).toBeGreaterThanOrEqual(1_000);
    // The mark is gone. Once it was an end, it is held back before it is put with a mark again.
    const held = back
      .when(askAgain("workerEnded", { attempt: 3, ended: "maybe" }))
      .brings(again(4, "workerEnded", { ended: "maybe" }));
    expect(heldBack(held)).toBeGreaterThanOrEqual(1_000);
    expect(heldBack(held)).toBeLessThan(3_000);
  });

  it("is put with a mark before it is put to the code of a worker, and once", () => {
    const begins = (attempt: number) => askAgain("workerEnded", { attempt, ended: "begins" });
    const marked = asking().and(again(2, "workerEnded"));
    const put = marked.when(begins(2)).brings(again(3, "workerEnded", { ended: "begins" }));
    expect(put.question).not.toHaveProperty("notBefore");
    put.when(begins(3)).ignored();
  });

  it("is counted alone: what else puts it again is no end, and leaves no mark", () => {
    const puts = asking().and(
      ...["history", "noAnswer", "notMine", "history"].map((why, at) => again(at + 2, why)),
    );
    puts.when(askAgain("workerEnded", { attempt: 5 })).brings(again(6, "workerEnded"));
    puts
      .when(askAgain("workerEnded", { attempt: 5, ended: "maybe" }))
      .brings(again(6, "workerEnded", { ended: "begins" }));
    const late = asking()
      .and(...ends(3))
      .after(3_600_000);
    late.when(askAgain("history", { attempt: 4 })).brings(again(5, "history"));
    late.when(askAgain("noAnswer", { attempt: 4 })).brings(again(5, "noAnswer"));
  });

  it("keeps its mark and its count whatever else puts it again", () => {
    const marked = asking().and(
      ...ends(3),
      again(5, "workerEnded", { ended: "begins" }),
      again(6, "noAnswer"),
      again(7, "history"),
    );
    const back = marked.when(askAgain("workerEnded", { attempt: 7, ended: "maybe" }));
    back.brings({ type: "RunStuck", failure: expect.objectContaining({ name: "WorkerEnded" }) });
    const silent = asking().and(...Array.from({ length: 7 }, (_, index) => again(index + 2, "noAnswer")));
    silent
      .hostedBy("b1")
      .and(again(9, "workerEnded", { ended: "maybe" }), again(10, "history"))
      .after(3_600_000)
      .when(askAgain("noAnswer", { attempt: 10 }))
      .brings({ type: "RunStuck", failure: expect.objectContaining({ name: "NoAnswer" }) });
  });
});

describe("A signal that comes while the code is asked", () => {
  const awaited: RunEvent = { type: "SignalAwaited", waitId: "w1", name: "paid" };
  const sent: Asked = { type: "SendSignal", signalId: "s1", name: "paid", payload: "1" };
  const delivered: RunEvent = { type: "SignalDelivered", waitId: "w1", signalId: "s1" };

  it("lies waiting until the answer, as the code may want the wait no more", () => {
    const asked = asking().and(answered(1), awaited, fired).asked();
    asked
      .when(sent)
      .brings(received)
      .and(answered(4))
      .whenCodeWants({ type: "AbandonSignalWait", waitId: "w1" })
      .brings({ type: "SignalWaitAbandoned", waitId: "w1" });
    asked.and(received, answered(4)).whenCodeWants().brings(delivered);
  });

  it("is handed over at once where none is asked", () => {
    asking().and(answered(1), awaited).when(sent).brings(received, delivered);
  });
});

test("Whatever happens, at most one question is out, it has one deadline, and none is lost", () => {
  const happening = fc.oneof(
    fc.constantFrom("fires", "cancels", "resumes", "answers", "sticks"),
    fc.constantFrom("noAnswer", "history", "workerEnded", "begins", "maybe").map((because) => ({ because })),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 20, size: "max" }), (story) => {
      let now = asking();
      for (const one of story) {
        const { question, run } = now;
        if (typeof one !== "string") {
          if (question === undefined) continue;
          const ended = one.because === "begins" || one.because === "maybe" ? { ended: one.because } : {};
          const because = "ended" in ended ? "workerEnded" : one.because;
          now = now.and(again(question.attempt + 1, because, ended));
          expect(now.question).toMatchObject({ upTo: question.upTo, attempt: question.attempt + 1 });
        } else if (one === "answers" && question !== undefined) now = now.and(answered(question.upTo));
        else if (one === "fires") now = now.and(fired);
        else if (one === "sticks" && run.stuck === undefined)
          now = now.and({ type: "RunStuck", failure: bug });
        else if (one === "resumes" && run.stuck !== undefined)
          now = now.and({ type: "RunResumed", action: action() });
        else if (one === "cancels" && run.closing === undefined) now = now.and(cancelled);
        const hadNews = now.run.delegated?.hasNews === true;
        now = now.asked();
        expect(now.deadlines.length).toBe(now.question === undefined ? 0 : 1);
        if (now.run.stuck !== undefined) expect(now.question).toBeUndefined();
        else if (hadNews) expect(now.question).toBeDefined();
      }
    }),
  );
});
