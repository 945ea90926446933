import {
  type AttemptResult,
  deadlines,
  decide,
  evolve,
  type RunCommand,
  type RunEvent,
  type RunState,
} from "@downbeat/domain";
import { systemClock } from "@downbeat/message-log";
import type { JobMessage } from "@downbeat/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Payloads } from "../src/codec/payloads.ts";
import { RetryLaterError } from "../src/errors.ts";
import { silent } from "../src/logging/logger.ts";
import { Attempt } from "../src/worker/attempt.ts";
import type { JobContext } from "../src/worker/handler.ts";

const t0 = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: t0, toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Played {
  /** What the engine is told, and when, ms from the beginning. */
  readonly said: readonly { readonly at: number; readonly command: RunCommand }[];
  readonly result: Promise<AttemptResult>;
  readonly attempt: Attempt;
  /** What the handler left behind. */
  readonly strays: readonly unknown[];
}

/** @param wrongBy by how much this machine's clock is wrong */
function play(
  options: Pick<JobMessage, "heartbeatMs" | "startToCloseMs">,
  execute: (context: JobContext) => unknown,
  wrongBy = 0,
): Played {
  const said: { at: number; command: RunCommand }[] = [];
  const from = performance.now();
  const say = (command: RunCommand) => void said.push({ at: Math.round(performance.now() - from), command });
  const message = {
    runId: "r",
    workflow: "w",
    jobId: "j1",
    jobType: "work",
    attempt: 1,
    idempotencyKey: "r/j1",
    input: "null",
    ...options,
  };
  const strays: unknown[] = [];
  const attempt = new Attempt(
    message,
    { jobType: "work", execute: (_, context) => execute(context) },
    {
      worker: "me",
      logger: silent,
      clock: { ...systemClock, now: () => Math.max(0, Date.now() + wrongBy) },
      sendHeartbeat: say,
      payloads: new Payloads(undefined),
      onStray: (stray) => void strays.push(stray),
    },
  );
  say(attempt.begins(0));
  const result = attempt.run().then((command) => {
    say(command);
    return command;
  });
  return { said, result, attempt, strays };
}

/** Tells an engine, which is `latencyMs` away. Returns when it finds the attempt to have timed out, if it does. */
function timeOutAfter({ said }: Played, options: object, latencyMs = 0): number | undefined {
  let state: RunState | undefined;
  let seq = 0;
  const take = (event: RunEvent, at: number) => {
    state = evolve(state, event, { runId: "r", seq: ++seq, at: t0 + at, inputId: "i" });
  };
  const isOver = () => state?.status !== "running" || deadlines(state).length === 0;
  const due = () => (state?.status === "running" ? (deadlines(state)[0]?.dueAt ?? 0) - t0 : 0);
  take({ type: "RunStarted", workflow: "w", input: "null" }, 0);
  take({ type: "JobScheduled", jobId: "j1", jobType: "work", input: "null", options }, 0);
  take({ type: "AttemptRequested", jobId: "j1", attempt: 1 }, 0);
  for (const { at, command } of said) {
    if (command !== said[0]?.command && due() < at + latencyMs) return due();
    const outcome = decide(state, command, t0 + at + latencyMs);
    if (outcome.type === "accepted") for (const event of outcome.events) take(event, at + latencyMs);
    if (command.type !== "HeartbeatAttempt") return undefined;
  }
  return isOver() ? undefined : due();
}

/** Lets the handler beat at these times. */
async function beat(heartbeatMs: number, times: readonly number[], wrongBy = 0): Promise<Played> {
  let context: JobContext | undefined;
  const played = play(
    { heartbeatMs, startToCloseMs: 10_000_000 },
    (given) => {
      context = given;
      return new Promise(() => {});
    },
    wrongBy,
  );
  let now = 0;
  for (const time of times) {
    await vi.advanceTimersByTimeAsync(time - now);
    now = time;
    context?.heartbeat({ time });
  }
  await vi.advanceTimersByTimeAsync(heartbeatMs * 3);
  return played;
}

describe("heartbeats", () => {
  test("at 1.4 and 4.3 seconds are inside of a limit of 3 seconds", async () => {
    const played = await beat(3_000, [1_400, 4_300]);
    expect(timeOutAfter(played, { heartbeatMs: 3_000 })).toBe(7_300);
  });

  test("that never come are missed after the limit, counted from the beginning", async () => {
    expect(timeOutAfter(await beat(3_000, []), { heartbeatMs: 3_000 })).toBe(3_000);
  });

  test("count from the last one, whenever it was said: silence is noticed after the limit, not before and not a twentieth later", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 50, max: 60_000 }),
        fc.array(fc.double({ min: 0, max: 0.98, noNaN: true }), { maxLength: 12 }),
        fc.integer({ min: -t0, max: t0 }),
        async (heartbeatMs, gaps, wrongBy) => {
          let last = 0;
          const times = gaps.map((gap) => (last += Math.floor(gap * heartbeatMs)));
          const after = timeOutAfter(await beat(heartbeatMs, times, wrongBy), { heartbeatMs });
          expect(after).toBeGreaterThanOrEqual(last + heartbeatMs * 0.99 - 1);
          expect(after).toBeLessThanOrEqual(last + heartbeatMs * 1.05);
        },
      ),
    );
  });

  test("are few, however often a handler says them, and the last one tells how far it got", async () => {
    const played = await beat(
      3_000,
      Array.from({ length: 500 }, (_, index) => index * 10),
    );
    const sent = played.said.slice(1);
    expect(sent.length).toBeLessThanOrEqual(7);
    expect(sent.at(-1)).toMatchObject({ command: { details: '{"time":4990}' } });
  });

  test("with details that can't be sent later are sent without them", async () => {
    let context: JobContext | undefined;
    const { said, strays } = play({ heartbeatMs: 3_000 }, (given) => {
      context = given;
      return new Promise(() => {});
    });
    context?.heartbeat();
    context?.heartbeat(7n as unknown);
    expect(strays).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(strays).toMatchObject([{ message: expect.stringContaining("The details of the heartbeat") }]);
    expect(said.map(({ at, command }) => [at, "details" in command])).toEqual([
      [0, false],
      [0, false],
      [1_000, false],
    ]);
  });

  test("are over when the handler is", async () => {
    const { said, result } = play({ heartbeatMs: 3_000 }, ({ heartbeat }) => {
      heartbeat();
      heartbeat();
    });
    await result;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said.map(({ command }) => command.type)).toEqual([
      "HeartbeatAttempt",
      "HeartbeatAttempt",
      "CompleteAttempt",
    ]);
  });
});

describe("a limit", () => {
  const endless = () => new Promise(() => {});

  test("is kept by the worker to the fiftieth, and the engine knows it as well", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 40 * 86_400_000 }), async (startToCloseMs) => {
        const played = play({ startToCloseMs }, endless);
        await vi.advanceTimersByTimeAsync(startToCloseMs);
        const last = played.said.at(-1);
        expect(last?.command).toMatchObject({ type: "FailAttempt", failure: { timeout: "startToClose" } });
        expect(last?.at).toBeGreaterThanOrEqual(startToCloseMs * 0.98 - 1);
        expect(timeOutAfter({ ...played, said: played.said.slice(0, 1) }, { startToCloseMs }, 5)).toBe(
          startToCloseMs + 5,
        );
      }),
      { numRuns: 30 },
    );
  });

  test("holds for a handler that blocks the event loop: what it comes to is late, and that is said", async () => {
    const { result } = play({ startToCloseMs: 5_000 }, () => {
      // No timer fires meanwhile.
      vi.setSystemTime(t0 + 140_000);
      vi.spyOn(performance, "now").mockReturnValue(performance.now() + 140_000);
      return "done";
    });
    expect(await result).toMatchObject({
      type: "FailAttempt",
      failure: {
        timeout: "startToClose",
        message:
          "The handler did not finish within 5000 ms. The worker's event loop stood still meanwhile, for 135100 ms or more.",
      },
    });
    vi.restoreAllMocks();
  });

  test("is not longer or shorter because somebody sets this machine's clock", async () => {
    const { said } = play({ startToCloseMs: 5_000 }, endless);
    vi.setSystemTime(t0 - 3_600_000);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(said.at(-1)?.command).toMatchObject({ type: "FailAttempt", ranForMs: 4_900 });
  });
});

describe("an attempt that nobody waits for any more", () => {
  const endless = () => new Promise(() => {});
  const reason = new Error("The worker is stopping.");

  test("tells its handler by the signal, whether that was asked for before or is later", () => {
    let context: JobContext | undefined;
    const { attempt } = play({}, (given) => {
      context = given;
      return endless();
    });
    expect(attempt.isAborted).toBe(false);
    const early = context?.signal;
    expect(early?.aborted).toBe(false);
    attempt.abort(reason);
    attempt.abort(new Error("another reason"));
    expect(attempt.isAborted).toBe(true);
    expect(early).toMatchObject({ aborted: true, reason });

    const late = play({}, (given) => {
      context = given;
      return endless();
    });
    late.attempt.abort(reason);
    expect(context?.signal).toMatchObject({ aborted: true, reason });
    expect(context?.signal).toBe(context?.signal);
  });

  test("keeps no timer once it is let go, and says nothing more", async () => {
    let context: JobContext | undefined;
    const { attempt, said } = play({ heartbeatMs: 3_000, startToCloseMs: 60_000 }, (given) => {
      context = given;
      return endless();
    });
    context?.heartbeat();
    context?.heartbeat();
    attempt.letGo();
    expect(vi.getTimerCount()).toBe(0);
    context?.heartbeat();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(said).toHaveLength(2);
  });

  test("is still running until its time is over, and then its handler is told", async () => {
    let context: JobContext | undefined;
    const { result } = play({ startToCloseMs: 1_000 }, (given) => {
      context = given;
      return endless();
    });
    const { signal } = context ?? new AbortController();
    await vi.advanceTimersByTimeAsync(1_000);
    await result;
    expect(signal.reason).toMatchObject({ message: "The handler did not finish within 1000 ms." });
  });
});

describe("a handler that wants to be tried again later", () => {
  const failing = async (retryAfterMs: number) =>
    play({}, () => {
      throw new RetryLaterError("Busy", "later", retryAfterMs);
    }).result;

  test("is heard, in whole milliseconds, up to a day", async () => {
    expect(await failing(1_500)).toMatchObject({
      type: "FailAttempt",
      failure: { name: "Busy" },
      retryAfterMs: 1_500,
    });
    expect(await failing(0.5)).toMatchObject({ retryAfterMs: 1 });
    expect(await failing(1e12)).toMatchObject({ retryAfterMs: 86_400_000 });
  });

  test.each([0, -5, Number.NaN])("is not where it says %d", async (ms) => {
    expect(await failing(ms)).not.toHaveProperty("retryAfterMs");
  });
});
