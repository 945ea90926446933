import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { AtWork } from "../threads/at-work.ts";
import { StepWatch } from "../threads/step-watch.ts";
import { accountOfThread, timeOfThread } from "../threads/thread-time.ts";

const megabyte = 1_048_576;

/** A thread whose time and memory the test says. */
function opened(options: { readonly hasAccount?: boolean } = {}) {
  const state = { activeMs: 0, bytes: 0, asked: 0, hasEnded: false };
  const worker = {
    performance: { eventLoopUtilization: () => ({ active: state.activeMs }) },
    getHeapStatistics: async () => {
      state.asked += 1;
      if (state.hasEnded) throw new Error("It has ended.");
      const part = state.bytes / 4;
      return { used_heap_size: part, external_memory: 2 * part, malloced_memory: part };
    },
  } as never as Worker;
  const place = mkdtempSync(join(tmpdir(), "downbeat-stat-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const account = join(place, "stat");
  /** As Linux writes it, with a name that may hold anything. */
  const write = (sleeps: "S" | "D" | "R", ownMs: number) => {
    const ticks = ownMs / 10;
    const fields = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", `${ticks - 1}`, "1", "14"];
    writeFileSync(account, `77 (a) S 1 (b) ${sleeps} ${fields.join(" ")}`);
  };
  const atWork = new AtWork();
  const given = options.hasAccount === true ? account : undefined;
  const watch = new StepWatch(worker, atWork, { stepMs: 100, memoryMb: 1 }, given);
  return { worker, state, account, write, atWork, watch };
}

describe("A thread's own time", () => {
  test("is what the system keeps account of, user and system together, and whether it sleeps", () => {
    const { worker, account, write } = opened();
    write("R", 1_230);
    expect(timeOfThread(worker, account)).toEqual({ ownMs: 1_230, isAsleep: false });
    for (const state of ["S", "D"] as const) {
      write(state, 50);
      expect(timeOfThread(worker, account)).toEqual({ ownMs: 50, isAsleep: true });
    }
  });

  test("is that in which its event loop was busy, where the system keeps none or it can't be read", () => {
    const { worker, state, account } = opened();
    state.activeMs = 7;
    for (const given of [undefined, account])
      expect(timeOfThread(worker, given)).toEqual({ ownMs: 7, isAsleep: false });
  });

  test.runIf(process.platform === "linux")("is found by this thread's own number on Linux", () => {
    expect(accountOfThread()).toMatch(/^\/proc\/\d+\/task\/\d+\/stat$/);
  });
});

describe("A step", () => {
  test("that takes more of its thread's own time than it may is told, and is none once another has begun", () => {
    const { watch, state, atWork } = opened();
    expect(watch.look()).toBeUndefined();
    state.activeMs += 60;
    expect([watch.look(), watch.stepMs]).toEqual([undefined, 60]);
    state.activeMs += 40;
    expect([watch.look(), watch.stepMs]).toEqual([undefined, 100]);
    state.activeMs += 1;
    expect([watch.look(), watch.stepMs]).toEqual(["time", 101]);
    atWork.step();
    state.activeMs += 50;
    expect([watch.look(), watch.stepMs]).toEqual([undefined, 0]);
    state.activeMs += 50;
    expect([watch.look(), watch.stepMs]).toEqual([undefined, 50]);
    watch.rest();
    expect(watch.stepMs).toBe(0);
    state.activeMs += 5_000;
    expect([watch.look(), watch.stepMs]).toEqual([undefined, 0]);
  });

  test("on a machine that gives its thread no processor takes no time, whatever the clock says", () => {
    const { watch, state } = opened();
    state.activeMs = 50;
    watch.look();
    for (let looks = 0; looks < 1_000; looks++) expect(watch.look()).toBeUndefined();
    state.activeMs = 10;
    watch.look();
    expect(watch.stepMs).toBe(0);
  });

  test("that waits in a call is given as long, by the looks at it", () => {
    const { watch, write } = opened({ hasAccount: true });
    write("R", 100);
    watch.look();
    expect(watch.isAsleep).toBe(false);
    write("S", 100);
    watch.look();
    expect([watch.isAsleep, watch.stepMs]).toEqual([true, 0]);
    for (let looks = 0; looks < 5; looks++) expect(watch.look()).toBeUndefined();
    expect(watch.stepMs).toBe(100);
    expect(watch.look()).toBe("time");
    watch.rest();
    expect(watch.isAsleep).toBe(false);
  });

  test("that holds more than it may is told, what is outside of the heap too", async () => {
    const { watch, state, atWork } = opened();
    state.bytes = megabyte;
    watch.look();
    watch.look();
    await vi.waitFor(() => expect(state.asked).toBeGreaterThan(0));
    await new Promise(setImmediate);
    expect(watch.look()).toBeUndefined();
    state.bytes = megabyte + 4;
    await vi.waitFor(() => expect(watch.look()).toBe("memory"));
    atWork.step();
    expect(watch.look()).toBe("memory");
  });

  test("has its memory asked for every two seconds, and each time that it is seen to go on", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(10_000);
    onTestFinished(() => now.mockRestore());
    const { watch, state, atWork } = opened();
    watch.look();
    expect(state.asked).toBe(1);
    await new Promise(setImmediate);
    for (const ms of [10_000, 12_000]) {
      now.mockReturnValue(ms);
      atWork.step();
      watch.look();
    }
    expect(state.asked).toBe(1);
    now.mockReturnValue(12_001);
    atWork.step();
    watch.look();
    expect(state.asked).toBe(2);
    await new Promise(setImmediate);
    watch.look();
    expect(state.asked).toBe(3);
    // One that answers nothing is not asked again.
    watch.look();
    expect(state.asked).toBe(3);
  });

  test("of a thread that has ended is asked nothing more", async () => {
    const { watch, state } = opened();
    state.hasEnded = true;
    for (let looks = 0; looks < 5; looks++) {
      expect(watch.look()).toBeUndefined();
      await new Promise(setImmediate);
    }
    expect(state.asked).toBe(1);
  });
});

test("what a thread is at is read by others: the question, and how many steps it has begun", () => {
  const atWork = new AtWork();
  const elsewhere = new AtWork(atWork.shared);
  expect([elsewhere.question, elsewhere.steps]).toEqual([0, 0]);
  atWork.question = 7;
  expect([elsewhere.question, elsewhere.steps]).toEqual([7, 1]);
  atWork.step();
  expect([elsewhere.question, elsewhere.steps]).toEqual([7, 2]);
  atWork.question = 0;
  expect([elsewhere.question, elsewhere.steps]).toEqual([0, 3]);
});
