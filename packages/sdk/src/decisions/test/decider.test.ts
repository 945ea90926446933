import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RunEvent } from "@downbeat/domain";
import type { AskedQuestion } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type AnyWorkflow, job, workflow } from "../../index.ts";
import { Decider } from "../threads/decider.ts";

const step = job<number, number>("step");
const twice = workflow("twice", async (run) => {
  await run.job(step, 1);
  return run.job(step, 2);
});
const checked = workflow("checked", async (run) => run.signal("go", { schema: z.number() }));

function decider(code: readonly AnyWorkflow[] = [twice, checked], maxCached = 100): Decider {
  return new Decider(new Map(code.map((one) => [one.name, one])), {
    maxCached,
    onStray: () => {},
    onLine: () => {},
  });
}

const start = (name: string, input = "null"): RunEvent => ({ type: "RunStarted", workflow: name, input });
const scheduled = (jobId: string): RunEvent => ({ type: "JobScheduled", jobId, jobType: "step", input: "1" });
const completed = (jobId: string): RunEvent => ({ type: "JobCompleted", jobId, output: "7" });

/** The whole history, or what comes behind `before` of its events, which `continues` was given. */
function question(
  events: readonly RunEvent[],
  { before = 0, ...more }: Partial<AskedQuestion> & { readonly before?: number } = {},
): AskedQuestion {
  const recorded = events.map((event, index) => ({ seq: index + 1, at: index, event }));
  return {
    runId: "r",
    workflow: "twice",
    upTo: events.length,
    attempt: 1,
    events: recorded.slice(before),
    ...more,
  };
}

async function decided(asked: Decider, ...about: Parameters<typeof question>) {
  const answer = await asked.answer(question(...about), "r");
  if (answer.type !== "decided") throw new Error(`It is decided, not ${answer.type}.`);
  return answer;
}

const begun = [start("twice")];
const midway = [...begun, scheduled("j1"), completed("j1")];
const whole = [...midway, scheduled("j2"), completed("j2")];

test("what continues an answer goes on from there, and the same asked again is answered as it was", async () => {
  const asked = decider();
  const first = await decided(asked, begun);
  const second = await decided(asked, midway, { before: 1, continues: first.answerId });
  expect(second.decisions).toMatchObject([{ type: "ScheduleJob", jobId: "j2" }]);
  expect(second.answerId).not.toBe(first.answerId);
  expect(await decided(asked, midway, { before: 1, continues: first.answerId, attempt: 2 })).toBe(second);
});

describe("the history is needed", () => {
  const needed = { type: "needsHistory" };

  test("by whoever has not given the answer that the question continues", async () => {
    const asked = decider();
    await decided(asked, begun);
    expect(await asked.answer(question(midway, { before: 1, continues: "another's" }), "r")).toEqual(needed);
    expect(await asked.answer(question(midway, { before: 1, continues: "another's" }), "s")).toEqual(needed);
  });

  test("where what comes is not what follows that answer", async () => {
    const asked = decider();
    const { answerId: continues } = await decided(asked, begun);
    expect(await asked.answer(question(whole, { before: 3, continues }), "r")).toEqual(needed);
  });

  test.each<[string, readonly RunEvent[], AnyWorkflow]>([
    ["ended", whole, twice],
    [
      "got stuck",
      begun,
      workflow("twice", async () => {
        throw new TypeError("a bug");
      }),
    ],
  ])(
    "after an answer by which the run %s: that it is asked about again means that it didn't count",
    async (_, events, code) => {
      const asked = decider([code]);
      const last = await decided(asked, events);
      const more = question([...events, scheduled("j9")], {
        before: events.length,
        continues: last.answerId,
      });
      expect(await asked.answer(more, "r")).toEqual(needed);
      expect(await decided(asked, events)).not.toBe(last);
    },
  );

  test("after the run was resumed, which has its code asked from the start", async () => {
    const asked = decider();
    const { answerId: continues } = await decided(asked, begun);
    const action = { actionId: "a", actor: "mia", reason: "mended" };
    const resumed: RunEvent[] = [...begun, { type: "RunResumed", action }];
    expect(await asked.answer(question(resumed, { before: 1, continues }), "r")).toEqual(needed);
  });

  test("once the run is forgotten, alone or with the half that was not asked about for longest", async () => {
    const asked = decider();
    const [one, two] = [await decided(asked, begun), await asked.answer(question(begun), "s")];
    if (two.type !== "decided") throw new Error("It is decided.");
    asked.forgetHalf();
    expect(await asked.answer(question(midway, { before: 1, continues: one.answerId }), "r")).toEqual(needed);
    const kept = question(midway, { before: 1, continues: two.answerId });
    expect(await asked.answer(kept, "s")).toMatchObject({ type: "decided" });
    asked.forget("s");
    expect(await asked.answer(kept, "s")).toEqual(needed);
  });

  test("to check an offer too", async () => {
    const asked = decider();
    const offer = { type: "signal", name: "go", payload: '"five"' } as const;
    const about = { workflow: "checked" };
    const events = [start("checked")];
    expect(await asked.check(question(events, { ...about, continues: "another's" }), offer, "r")).toEqual(
      needed,
    );
    expect(await asked.check(question(events, about), offer, "r")).toMatchObject({
      type: "checked",
      problem: expect.stringContaining("does not fit the signal go"),
    });
    expect(await asked.check(question(events, about), { ...offer, payload: "5" }, "r")).toEqual({
      type: "checked",
    });
  });
});

test("of a workflow that isn't here it takes any offer, and leaves the question to others", async () => {
  const asked = decider();
  const elsewhere = question(begun, { workflow: "thrice" });
  expect(await asked.answer(elsewhere, "r")).toEqual({
    type: "notMine",
    reason: "There is no workflow thrice. There are checked, twice.",
  });
  const offer = { type: "signal", name: "go", payload: "1" } as const;
  expect(await asked.check(elsewhere, offer, "r")).toEqual({ type: "checked" });
});

test("history that can't be read gets the run stuck, and is no answer to an offer", async () => {
  const asked = decider();
  const broken = question([start("twice", "{")]);
  expect(await asked.answer(broken, "r")).toMatchObject({
    type: "decided",
    decisions: [{ type: "GetStuck", failure: { kind: "code", name: "SyntaxError" } }],
  });
  const offer = { type: "signal", name: "go", payload: "1" } as const;
  expect(await asked.check(broken, offer, "r")).toEqual({ type: "checked" });
});

test("answers about runs that are not live any more are let go, however many there were", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const asked = decider([twice], 1);
  const answers: WeakRef<object>[] = [];
  for (let run = 0; run < 400; run++)
    answers.push(new WeakRef(await asked.answer(question(begun), `run-${run}`)));
  await expect
    .poll(
      () => {
        collectGarbage();
        return answers.filter((answer) => answer.deref() !== undefined).length;
      },
      { timeout: 60_000 },
    )
    .toBeLessThan(200);
});
