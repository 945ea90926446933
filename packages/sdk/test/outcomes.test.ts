import type { Failure, RunEvent } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { endOf, Outcomes } from "../src/client/outcomes.ts";

const completed: RunEvent = { type: "RunCompleted", output: '"done"' };
const labelled: RunEvent = { type: "LabelsSet", labels: {} };
const refused: RunEvent = { type: "CommandRefused", command: "CancelRun", code: "RunExists", message: "no" };
const decision = (runId: string, ...events: RunEvent[]): Decision => ({
  runId,
  workflow: "w",
  inputId: `of ${runId}`,
  seq: 1,
  events,
});

/** What the promise has come to by now. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const turn = new Promise((resolve) => setImmediate(() => resolve("waiting")));
  return Promise.race([promise.catch((error: Error) => error.message), turn]);
}

describe("The answer to a command", () => {
  test("is what was decided of it, once", async () => {
    const outcomes = new Outcomes();
    const { promise } = outcomes.answer("of r");
    outcomes.takeDecisions([decision("other", labelled)]);
    expect(await stateOf(promise)).toBe("waiting");
    expect(outcomes.areAwaited).toBe(true);
    outcomes.takeDecisions([decision("x", labelled), decision("r", completed)]);
    outcomes.takeDecisions([decision("r", labelled)]);
    expect(await promise).toEqual([completed]);
    expect(outcomes.areAwaited).toBe(false);
  });

  test("is not waited for by who has forgotten it", async () => {
    const outcomes = new Outcomes();
    const { promise, forget } = outcomes.answer("of r");
    forget();
    outcomes.takeDecisions([decision("r", completed)]);
    expect(await stateOf(promise)).toBe("waiting");
    expect(outcomes.areAwaited).toBe(false);
  });
});

describe("The end of a run", () => {
  test("is told to all who wait for it, and to those who ask later", async () => {
    const outcomes = new Outcomes();
    const ends = [outcomes.end("r"), outcomes.end("r")];
    expect(outcomes.awaitsEnd("r")).toBe(true);
    outcomes.takeSettled([decision("other", completed), decision("r", labelled, completed)]);
    const end = { status: "completed", output: '"done"' };
    expect(await Promise.all(ends)).toEqual([end, end]);
    expect(outcomes.awaitsEnd("r")).toBe(false);
    expect(await outcomes.end("r")).toEqual(end);
    expect(outcomes.awaitsEnd("r")).toBe(false);
    // Nobody had waited for it.
    expect(await stateOf(outcomes.end("other"))).toBe("waiting");
  });

  test("may have been before, as long as nothing but refusals is heard of the run", () => {
    const outcomes = new Outcomes();
    expect(outcomes.mayHaveEnded("r")).toBe(false);
    void outcomes.end("r");
    expect(outcomes.mayHaveEnded("r")).toBe(true);
    outcomes.takeSettled([decision("r", refused)]);
    expect(outcomes.mayHaveEnded("r")).toBe(true);
    outcomes.takeSettled([decision("r", refused, labelled)]);
    expect(outcomes.mayHaveEnded("r")).toBe(false);
    outcomes.takeSettled([decision("r", refused)]);
    expect(outcomes.mayHaveEnded("r")).toBe(false);
  });

  test("is waited for until as many have let go of it as had asked", () => {
    const outcomes = new Outcomes();
    void outcomes.end("r");
    void outcomes.end("r");
    outcomes.release("r");
    expect(outcomes.awaitsEnd("r")).toBe(true);
    outcomes.release("r");
    expect(outcomes.awaitsEnd("r")).toBe(false);
    outcomes.release("r");
    expect(outcomes.areAwaited).toBe(false);
  });

  test("can be known by somebody else, or be known never to come", async () => {
    const outcomes = new Outcomes();
    const [known, lost] = [outcomes.end("a"), outcomes.end("b")];
    outcomes.take("a", { status: "cancelled" });
    outcomes.fail("b", new Error("removed"));
    expect(await known).toEqual({ status: "cancelled" });
    expect(await stateOf(lost)).toBe("removed");
    expect(outcomes.areAwaited).toBe(false);
    expect(await outcomes.end("a")).toEqual({ status: "cancelled" });
    // Whoever asks again may hear more.
    expect(await stateOf(outcomes.end("b"))).toBe("waiting");
    outcomes.fail("nobody waits", new Error("removed"));
  });

  test("will not come from a history that can't be followed any more, and does from others", async () => {
    const outcomes = new Outcomes();
    const [a, b] = [outcomes.end("a"), outcomes.end("b")];
    outcomes.failAll((runId) => runId === "a", new Error("no rights"));
    expect(await stateOf(a)).toBe("no rights");
    expect(await stateOf(b)).toBe("waiting");
  });

  test("of a thousand runs is remembered, the newest, unless they are very long", async () => {
    const outcomes = new Outcomes();
    const end = { status: "completed", output: "1" } as const;
    for (let index = 0; index < 1_001; index++) outcomes.take(`r${index}`, end);
    expect(await stateOf(outcomes.end("r0"))).toBe("waiting");
    expect(await outcomes.end("r1")).toEqual(end);
    expect(await outcomes.end("r1000")).toEqual(end);
  });

  test("is remembered of fewer runs where they are long, four million characters in all", async () => {
    const outcomes = new Outcomes();
    const end = { status: "completed", output: "1" } as const;
    outcomes.take("first", end);
    outcomes.take("long", { ...end, output: "x".repeat(3_999_999) });
    expect(await outcomes.end("first")).toEqual(end);
    outcomes.take("another", end);
    expect(await stateOf(outcomes.end("first"))).toBe("waiting");
    expect(await outcomes.end("another")).toEqual(end);
    expect(await outcomes.end("long")).toMatchObject({ status: "completed" });
    const failure: Failure = { kind: "code", name: "E", message: "x".repeat(3_999_000) };
    outcomes.take("failed", { status: "failed", failure });
    expect(await stateOf(outcomes.end("long"))).toBe("waiting");
    expect(await outcomes.end("another")).toEqual(end);
    expect(await outcomes.end("failed")).toEqual({ status: "failed", failure });
  });
});

test("of the runs that were started here lately, ten thousand are known", () => {
  const outcomes = new Outcomes();
  expect(outcomes.isStartedHere("r0")).toBe(false);
  for (let index = 0; index < 10_001; index++) outcomes.startedHere(`r${index}`);
  expect([0, 1, 10_000].map((index) => outcomes.isStartedHere(`r${index}`))).toEqual([false, true, true]);
});

test("who waits, and who asks later, is told that it is closed", async () => {
  const outcomes = new Outcomes();
  const waiting = [outcomes.answer("c").promise, outcomes.end("r")];
  outcomes.close(new Error("closed"));
  expect([outcomes.areAwaited, outcomes.awaitsEnd("r")]).toEqual([false, false]);
  for (const promise of [...waiting, outcomes.answer("d").promise, outcomes.end("s")])
    await expect(promise).rejects.toThrow("closed");
});

test("each event that ends a run says how", () => {
  const failure: Failure = { kind: "business", name: "No", message: "no" };
  const action = { actionId: "a", actor: "mia", reason: "it hangs" };
  expect(endOf(completed)).toEqual({ status: "completed", output: '"done"' });
  expect(endOf({ type: "RunFailed", failure })).toEqual({ status: "failed", failure });
  expect(endOf({ type: "RunCancelled" })).toStrictEqual({ status: "cancelled" });
  expect(endOf({ type: "RunCancelled", failure })).toEqual({ status: "cancelled", failure });
  expect(endOf({ type: "RunTerminated", action })).toEqual({
    status: "terminated",
    failure: { kind: "cancelled", name: "Terminated", message: "mia: it hangs" },
  });
  expect(endOf(labelled)).toBeUndefined();
});
