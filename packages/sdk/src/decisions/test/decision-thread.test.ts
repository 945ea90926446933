import type { RunDecision } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CodeThreadOptions, Ready, ThreadEnd } from "../threads/code-thread.ts";
import { DecisionThread } from "../threads/decision-thread.ts";
import type { ThreadTask } from "../threads/thread-messages.ts";

/** A thread that does nothing by itself: what it has loaded, answered and ended with, the test says. */
class PlayedThread {
  readonly o: CodeThreadOptions;
  readonly sent: ThreadTask[] = [];
  isBusy: boolean | undefined;
  isClosed = false;
  hasGivenWay = false;

  constructor(options: CodeThreadOptions) {
    this.o = options;
  }

  send(task: ThreadTask): void {
    this.sent.push(task);
  }

  busy(is: boolean): void {
    this.isBusy = is;
  }

  giveWay(): void {
    this.hasGivenWay = true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  load(): void {
    const ready: Ready = {
      type: "ready",
      missing: [],
      workflows: [{ name: "trip", place: "/app/trip.ts:7", schemas: {} }],
    };
    this.o.onReady(ready);
  }

  /** The ids of what it was asked about these runs. */
  ids(...keys: readonly string[]): readonly number[] {
    return this.sent.flatMap((task) => (task.type !== "forget" && keys.includes(task.key) ? [task.id] : []));
  }

  /** The runs that it was asked about. */
  get keys(): readonly string[] {
    return this.sent.flatMap((task) => (task.type === "forget" ? [] : [task.key]));
  }

  answer(...keys: readonly string[]): void {
    this.o.onReplies(this.ids(...keys).map((id) => ({ type: "answer", id, answer: decided })));
  }

  end(end: Ended, key?: string): void {
    const [question = 0] = key === undefined ? [] : this.ids(key);
    this.o.onEnd({ question, ...end });
  }
}

type Ended = ThreadEnd extends infer E ? (E extends unknown ? Omit<E, "question"> : never) : never;

const decided: DecisionAnswer = { type: "decided", answerId: "a", decisions: [] };
const needsHistory = { type: "needsHistory" };
const fault = { kind: "code", name: "UncaughtError", message: "too late" } as const;

function question(runId: string, more: Partial<AskedQuestion> = {}): AskedQuestion {
  return { runId, workflow: "trip", upTo: 1, attempt: 1, events: [], ...more };
}

const stuck = (name: string, message: unknown = expect.any(String)): unknown => ({
  type: "decided",
  answerId: expect.any(String),
  decisions: [
    { type: "GetStuck", failure: expect.objectContaining({ name, message }) },
  ] satisfies readonly Partial<RunDecision>[],
});

function open() {
  const threads: PlayedThread[] = [];
  const problems: string[] = [];
  const host = new DecisionThread(
    {
      source: { type: "module", url: "file:///app/trip.ts" },
      limits: { stepMs: 5_000, memoryMb: 512 },
      maxCachedRuns: 10,
      onStray: () => {},
      onLine: () => {},
      onProblem: (problem) => problems.push(problem),
    },
    (options) => {
      const thread = new PlayedThread(options);
      threads.push(thread);
      return thread;
    },
  );
  const nth = (number: number): PlayedThread => {
    const thread = threads[number - 1];
    if (thread === undefined) throw new Error(`There are ${threads.length} threads.`);
    return thread;
  };
  return { host, threads, nth, problems };
}

/** With its code loaded in the thread and in the spare one. */
function loaded() {
  const opened = open();
  opened.nth(1).load();
  opened.nth(2).load();
  return opened;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is asked before the code is loaded is answered then, and the thread keeps the process up only meanwhile", async () => {
  const { host, nth } = open();
  const answer = host.answer(question("a"), "a");
  nth(1).load();
  await host.ready;
  expect(nth(1).isBusy).toBe(true);
  nth(1).answer("a");
  expect(await answer).toBe(decided);
  expect(nth(1).isBusy).toBe(false);
});

test("it stays busy until the last of what was asked is answered", async () => {
  const { host, nth } = loaded();
  expect([nth(1).isBusy, nth(2).isBusy]).toEqual([false, false]);
  const answers = [host.answer(question("a"), "a"), host.answer(question("b"), "b")];
  nth(1).answer("a");
  expect(nth(1).isBusy).toBe(true);
  nth(1).answer("b");
  expect(nth(1).isBusy).toBe(false);
  expect(await Promise.all(answers)).toEqual([decided, decided]);
});

describe("code that can't be loaded", () => {
  test.each<[string, Ended, string]>([
    ["because of what it says", { because: "notLoaded", reason: "not today" }, "not today"],
    ["because its thread ended", { because: "unknown", reason: "It ended with 3." }, "Its thread ended."],
  ])("%s is said, and whatever is asked is another worker's", async (_, end, reason) => {
    const { host, threads, nth } = open();
    const early = host.answer(question("a"), "a");
    nth(1).end(end);
    await expect(host.ready).rejects.toThrow(reason);
    expect(await host.answer(question("b"), "b")).toEqual(needsHistory);
    const offer = { type: "signal", name: "s", payload: "1" } as const;
    expect(await host.check(question("b"), offer, "b")).toEqual(needsHistory);
    expect(threads).toHaveLength(1);
    await host.close();
    expect(await early).toEqual(needsHistory);
  });

  test("again is a problem that is told, and it is tried again later", async () => {
    const { host, threads, nth, problems } = open();
    nth(1).load();
    // The spare one has not loaded yet.
    nth(1).end({ because: "fault", key: "a", failure: fault });
    nth(3).end({ because: "notLoaded", reason: "not today" });
    expect(problems).toEqual(["The workflow code could not be loaded again: not today"]);
    await vi.advanceTimersByTimeAsync(100);
    nth(4).load();
    const answer = host.answer(question("b"), "b");
    nth(4).answer("b");
    expect(await answer).toBe(decided);
    expect(threads).toHaveLength(4);
  });
});

describe("a run whose code ends its thread", () => {
  test.each<[string, Ended, string, string]>([
    [
      "by an error that nothing caught",
      { because: "fault", key: "bad", failure: fault },
      fault.name,
      fault.message,
    ],
    [
      "for no reason that is known",
      { because: "unknown", reason: "It ended with 1." },
      "ThreadEnded",
      "The code ended the thread that it ran in. The workflow trip is defined at /app/trip.ts:7.",
    ],
    [
      "by taking too long",
      { because: "time", key: "bad", place: { file: "file:///app/trip.ts", line: 9 } },
      "CodeNeverEnds",
      "A step of the code took more than 5 s: a loop that never ends, or a call that blocks? It was at /app/trip.ts:9. The workflow trip is defined at /app/trip.ts:7.",
    ],
    [
      "by taking too long, where nobody can look",
      { because: "time" },
      "CodeNeverEnds",
      "A step of the code took more than 5 s: a loop that never ends, or a call that blocks? The workflow trip is defined at /app/trip.ts:7.",
    ],
  ])(
    "%s is stuck, and no other: the next thread is asked, or the history is needed",
    async (_, end, name, message) => {
      const { host, nth, problems } = loaded();
      const [bad, offered, whole, continuing] = [
        host.answer(question("bad"), "bad"),
        host.check(question("bad"), { type: "signal", name: "s", payload: "1" }, "bad"),
        host.answer(question("whole"), "whole"),
        host.answer(question("continuing", { continues: "a1" }), "continuing"),
      ];
      nth(1).end(end, "bad");
      expect(await bad).toEqual(stuck(name, message));
      expect(await offered).toEqual({ type: "checked" });
      expect(await continuing).toEqual(needsHistory);
      expect(nth(2).keys).toEqual(["whole"]);
      expect(nth(2).isBusy).toBe(true);
      nth(2).answer("whole");
      expect(await whole).toBe(decided);
      expect(problems).toEqual([]);
    },
  );

  test("is told so once more where the same is asked, and is asked again where more has happened", async () => {
    const { host, nth } = loaded();
    void host.answer(question("bad"), "bad");
    nth(1).end({ because: "fault", key: "bad", failure: fault });
    expect(await host.answer(question("bad", { attempt: 2 }), "bad")).toEqual(stuck(fault.name));
    expect(nth(2).keys).toEqual([]);
    void host.answer(question("bad", { upTo: 2 }), "bad");
    expect(nth(2).keys).toEqual(["bad"]);
    // That fault is over.
    void host.answer(question("bad"), "bad");
    expect(nth(2).keys).toEqual(["bad", "bad"]);
  });

  test("while it is asked nothing is told at its next question, unless it is forgotten before", async () => {
    const { host, nth } = loaded();
    nth(1).end({ because: "fault", key: "bad", failure: fault });
    expect(await host.answer(question("bad", { upTo: 4 }), "bad")).toEqual(stuck(fault.name));
    nth(2).end({ because: "fault", key: "bad", failure: fault });
    host.forget("bad");
    void host.answer(question("bad", { upTo: 4 }), "bad");
    expect(nth(3).keys).toEqual(["bad"]);
  });

  test("by something else than what it is asked, as by a timer, is told apart from the one that is", async () => {
    const { host, nth } = loaded();
    const other = host.answer(question("other"), "other");
    nth(1).end({ because: "time", key: "bad" }, "other");
    expect(nth(2).keys).toEqual(["other"]);
    nth(2).answer("other");
    expect(await other).toBe(decided);
    expect(await host.answer(question("bad"), "bad")).toEqual(
      stuck(
        "CodeNeverEnds",
        "A step of the code took more than 5 s: a loop that never ends, or a call that blocks?",
      ),
    );
  });
});

describe("a run that runs out of memory", () => {
  test("has another try in a thread of its own making, and is stuck the second time", async () => {
    const { host, nth, problems } = loaded();
    const answer = host.answer(question("big"), "big");
    nth(1).end({ because: "memory" }, "big");
    expect(nth(2).keys).toEqual(["big"]);
    nth(2).end({ because: "memory" }, "big");
    expect(await answer).toEqual(
      stuck(
        "OutOfMemory",
        "A step of the code took more memory than there is for it (512 MB). The workflow trip is defined at /app/trip.ts:7.",
      ),
    );
    // Were it resumed, it would have two tries again.
    const resumed = host.answer(question("big", { upTo: 3 }), "big");
    nth(3).load();
    nth(4).load();
    nth(3).end({ because: "memory" }, "big");
    nth(4).answer("big");
    expect(await resumed).toBe(decided);
    expect(problems).toEqual([]);
  });

  test.each<[string, (host: DecisionThread, thread: PlayedThread) => void]>([
    ["it was answered in between", (_, thread) => thread.answer("big")],
    ["it was forgotten in between", (host) => host.forget("big")],
  ])("is not blamed for the second time where %s", async (_, between) => {
    const { host, nth } = loaded();
    void host.answer(question("big"), "big");
    nth(1).end({ because: "memory" }, "big");
    between(host, nth(2));
    const again = host.answer(question("big", { upTo: 2 }), "big");
    const last = nth(2).ids("big").at(-1) ?? 0;
    nth(2).o.onEnd({ question: last, because: "memory" });
    nth(3).load();
    nth(3).answer("big");
    expect(await again).toBe(decided);
  });
});

describe("a thread that ends, and nobody can tell by which run", () => {
  test.each<[Ended, string]>([
    [{ because: "unknown", reason: "It ended with 1." }, "It ended with 1."],
    [{ because: "memory" }, "too much memory"],
    [{ because: "time" }, "too much time"],
  ])("is told: %j", (end, why) => {
    const { nth, problems } = loaded();
    nth(1).end(end);
    expect(problems).toEqual([
      `A thread that runs workflow code had to be ended (${why}), and it can't be told by which run. Another one takes its place.`,
    ]);
  });

  test("has another one after a while, which gets longer as it goes on, up to 5 s, and what was asked waits for it", async () => {
    const { host, threads, nth } = loaded();
    const answer = host.answer(question("a"), "a");
    const pauses: number[] = [];
    for (let ended = 1; ended <= 9; ended++) {
      const thread = threads.findLast(({ keys }) => keys.includes("a"));
      const before = Date.now();
      thread?.end({ because: "memory" });
      const posted = () => threads.findLast(({ keys }) => keys.includes("a")) !== thread;
      expect(posted()).toBe(false);
      while (!posted()) await vi.advanceTimersByTimeAsync(10);
      pauses.push(Date.now() - before);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    threads.findLast(({ keys }) => keys.includes("a"))?.answer("a");
    expect(await answer).toBe(decided);
    // One that answers is sound: the next one comes as soon as at first.
    nth(threads.length).load();
    const last = threads.findLast(({ keys }) => keys.includes("a"));
    void host.answer(question("b"), "b");
    last?.end({ because: "memory" });
    await vi.advanceTimersByTimeAsync(100);
    expect(threads.findLast(({ keys }) => keys.includes("b"))).not.toBe(last);
  });

  test("has none where it was closed meanwhile", async () => {
    const { host, threads, nth } = loaded();
    nth(1).end({ because: "memory" });
    const answer = host.answer(question("a"), "a");
    await host.close();
    expect(await answer).toEqual(needsHistory);
    const count = threads.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(threads).toHaveLength(count);
    expect(nth(2).isClosed).toBe(true);
  });
});

describe("a step that takes long", () => {
  test("keeps its thread to itself: the rest goes to the spare one, and the thread is let go when it is done", async () => {
    const { host, nth } = loaded();
    const [slow, whole, continuing] = [
      host.answer(question("slow", { continues: "a1" }), "slow"),
      host.answer(question("whole"), "whole"),
      host.answer(question("continuing", { continues: "a1" }), "continuing"),
    ];
    const [id = 0] = nth(1).ids("slow");
    nth(1).o.onSlow(id);
    expect(await continuing).toEqual(needsHistory);
    expect(nth(2).keys).toEqual(["whole"]);
    nth(2).answer("whole");
    expect(await whole).toBe(decided);
    expect(nth(1).isClosed).toBe(false);
    expect([nth(1).hasGivenWay, nth(2).hasGivenWay]).toEqual([true, false]);
    nth(1).answer("slow");
    expect(await slow).toBe(decided);
    expect(nth(1).isClosed).toBe(true);
    expect(nth(2).isClosed).toBe(false);
  });

  test("and ends makes longer ones be waited for, up to 5 s, before the others are moved", async () => {
    const { host, threads } = loaded();
    const waited: number[] = [];
    let at = threads[0];
    for (let round = 0; round < 10; round++) {
      const key = `slow-${round}`;
      void host.answer(question(key), key);
      at = threads.findLast(({ keys }) => keys.includes(key));
      waited.push(at?.o.slowMs ?? 0);
      at?.o.onSlow(at.ids(key)[0] ?? 0);
      at?.answer(key);
      await vi.advanceTimersByTimeAsync(1_000);
      threads.at(-1)?.load();
    }
    // The first spare one was opened before anything was known.
    expect(waited).toEqual([30, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 5_000]);
  });

  test("without a spare thread has the others wait", () => {
    const { host, threads, nth } = open();
    nth(1).load();
    void host.answer(question("slow"), "slow");
    void host.answer(question("other"), "other");
    nth(1).o.onSlow(nth(1).ids("slow")[0] ?? 0);
    expect(threads.map(({ keys }) => keys)).toEqual([["slow", "other"], []]);
  });

  test("and never ends, once it is aside, has its run stuck and touches nothing else", async () => {
    const { host, nth, problems, threads } = loaded();
    const slow = host.answer(question("slow"), "slow");
    nth(1).o.onSlow(nth(1).ids("slow")[0] ?? 0);
    void host.answer(question("other"), "other");
    nth(1).end({ because: "time", key: "slow" }, "slow");
    expect(await slow).toEqual(stuck("CodeNeverEnds"));
    expect(nth(2).keys).toEqual(["other"]);
    expect(threads).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  test("and runs out of memory aside is tried again in the thread that is there now", async () => {
    const { host, nth } = loaded();
    const slow = host.answer(question("slow"), "slow");
    nth(1).o.onSlow(nth(1).ids("slow")[0] ?? 0);
    nth(1).end({ because: "memory" }, "slow");
    expect(nth(2).keys).toEqual(["slow"]);
    nth(2).answer("slow");
    expect(await slow).toBe(decided);
  });

  test("has a new spare thread opened a second after the others were moved", async () => {
    const { host, threads, nth } = loaded();
    void host.answer(question("slow"), "slow");
    nth(1).o.onSlow(nth(1).ids("slow")[0] ?? 0);
    await vi.advanceTimersByTimeAsync(999);
    expect(threads).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(threads).toHaveLength(3);
  });
});

test("a spare thread that ends is none any more: the next start opens a new one", async () => {
  const { host, nth, problems } = loaded();
  nth(2).end({ because: "unknown", reason: "It ended with 1." });
  const answer = host.answer(question("a"), "a");
  nth(1).end({ because: "fault", key: "b", failure: fault });
  expect(nth(3).keys).toEqual(["a"]);
  nth(3).answer("a");
  expect(await answer).toBe(decided);
  expect(problems).toEqual([]);
});

test("what a thread says of questions that are another's by now is not heard", async () => {
  const { host, nth } = loaded();
  const answer = host.answer(question("a"), "a");
  const [id = 0] = nth(1).ids("a");
  nth(1).end({ because: "fault", key: "b", failure: fault });
  nth(1).o.onReplies([{ type: "answer", id, answer: { type: "notMine", reason: "late" } }]);
  nth(2).answer("a");
  expect(await answer).toBe(decided);
});

test("closed, it needs the history for whatever is asked, closes its threads, and hears nothing more of them", async () => {
  const { host, threads, nth, problems } = loaded();
  const asked = host.answer(question("a"), "a");
  void host.answer(question("slow"), "slow");
  nth(1).o.onSlow(nth(1).ids("slow")[0] ?? 0);
  await vi.advanceTimersByTimeAsync(1_000);
  await host.close();
  expect(await asked).toEqual(needsHistory);
  expect(await host.answer(question("b"), "b")).toEqual(needsHistory);
  expect(threads.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
  nth(1).end({ because: "unknown", reason: "It ended with 1." });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(problems).toEqual([]);
  expect(threads).toHaveLength(3);
});
