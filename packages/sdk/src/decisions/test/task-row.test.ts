import type { AskedQuestion } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { TaskRow } from "../threads/task-row.ts";
import type { ThreadReply, ThreadTask } from "../threads/thread-messages.ts";

const question: AskedQuestion = { runId: "r", workflow: "w", upTo: 1, attempt: 1, events: [] };
const ask = (id: number): ThreadTask => ({ type: "answer", id, key: `run-${id}`, question });
const offer = { type: "signal", name: "go", payload: "1" } as const;

/** A row whose code takes so long for each answer, and no time otherwise. */
function row({ takesMs = 0, heapUsed = 0, touches = "" } = {}) {
  const done: string[] = [];
  const told: (readonly number[])[] = [];
  const atWork = { question: 0 };
  const spoilt: (readonly [string | undefined, string])[] = [];
  const state: { now: number; heapUsed: number; touched?: string } = { now: 0, heapUsed };
  const note = async (what: string) => {
    done.push(`${what} at ${atWork.question}`);
    await Promise.resolve();
    state.now += takesMs;
    if (what === `answer ${touches}`) state.touched = "RegExp.prototype.exec";
  };
  const tasks = new TaskRow({
    decider: {
      answer: async (_, key) => {
        await note(`answer ${key}`);
        return { type: "notMine", reason: key };
      },
      check: async (_, { type }, key) => {
        await note(`check ${key} ${type}`);
        return { type: "checked" };
      },
      forget: (key) => void done.push(`forget ${key}`),
      forgetHalf: () => void done.push("forget half"),
    },
    atWork,
    shared: { touched: () => state.touched },
    spoilt: (key, name) => void spoilt.push([key, name]),
    tell: (replies: readonly ThreadReply[]) => told.push(replies.map(({ id }) => id)),
    memoryMb: 2,
    now: () => state.now,
    heapUsed: () => state.heapUsed,
  });
  const answered = (count: number) =>
    vi.waitFor(() => expect(told.flat()).toHaveLength(count), { timeout: 60_000 });
  return { tasks, done, told, spoilt, atWork, state, answered };
}

test("what is asked is answered in its order, one after another, and it is known which is at work", async () => {
  const { tasks, done, told, atWork, answered } = row();
  tasks.add([
    ask(1),
    { type: "forget", key: "run-9" },
    { type: "check", id: 2, key: "run-2", question, offer },
  ]);
  tasks.add([ask(3)]);
  await answered(3);
  expect(done).toEqual(["answer run-1 at 1", "forget run-9", "check run-2 signal at 2", "answer run-3 at 3"]);
  expect(told).toEqual([[1, 2, 3]]);
  expect(atWork.question).toBe(0);
  tasks.add([ask(4)]);
  await answered(4);
  expect(told.at(-1)).toEqual([4]);
});

test("answers are told together, as many as come within 4 ms", async () => {
  const { tasks, told, answered } = row({ takesMs: 1 });
  tasks.add([1, 2, 3, 4, 5, 6].map(ask));
  await answered(6);
  expect(told).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
});

test("no more than 64 answers are told at a time", async () => {
  const { tasks, told, answered } = row();
  tasks.add(Array.from({ length: 130 }, (_, index) => ask(index + 1)));
  await answered(130);
  expect(told.map(({ length }) => length)).toEqual([64, 64, 2]);
});

test("half of the runs are forgotten when more than half of the memory is in use, once a second at most", async () => {
  const { tasks, done, state, answered } = row({ heapUsed: 1_048_577 });
  const halves = () => done.filter((what) => what === "forget half").length;
  const at = async (now: number, id: number) => {
    state.now = now;
    tasks.add([ask(id)]);
    await answered(id);
    await new Promise((resolve) => setImmediate(resolve));
    return halves();
  };
  expect(await at(999, 1)).toBe(0);
  expect(await at(1_000, 2)).toBe(1);
  expect(await at(1_999, 3)).toBe(1);
  expect(await at(2_000, 4)).toBe(2);
  state.heapUsed = 1_048_576;
  expect(await at(3_000, 5)).toBe(2);
});

test("a run that puts something else in the place of what all need is answered no more, and neither is the next", async () => {
  const { tasks, done, told, spoilt } = row({ touches: "run-2" });
  tasks.add([1, 2, 3].map(ask));
  await vi.waitFor(() => expect(spoilt).toEqual([["run-2", "RegExp.prototype.exec"]]), { timeout: 60_000 });
  expect(told).toEqual([[1]]);
  tasks.add([ask(4)]);
  expect(done).toEqual(["answer run-1 at 1", "answer run-2 at 2"]);
});

test("what was changed while nobody was asked is nobody's doing", async () => {
  const { tasks, done, spoilt, state } = row();
  state.touched = "Buffer.from";
  tasks.add([ask(1)]);
  await vi.waitFor(() => expect(spoilt).toEqual([[undefined, "Buffer.from"]]), { timeout: 60_000 });
  expect(done).toEqual([]);
});
