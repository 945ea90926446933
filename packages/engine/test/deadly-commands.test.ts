import { describe, expect, test } from "vitest";
import { DeadlyCommands } from "../src/deadly-commands.ts";
import { MemoryTrials } from "../src/memory-trials.ts";

/** One process after another on the same notes. */
function processes() {
  const trials = new MemoryTrials();
  const next = (barrenClaims = 1) => new DeadlyCommands(trials, barrenClaims);
  /** It decides several commands, or one alone, and ends in the midst of it. */
  const dies = (given: { alone?: string; inCode?: boolean; long?: boolean }) => {
    const process = next();
    if (given.alone === undefined) process.together();
    else process.alone(given.alone);
    process.inCode(given.inCode ?? false);
    if (given.long) trials.standStill();
  };
  return { trials, next, dies };
}

describe("deadly commands", () => {
  test("no owner is careful without a reason", () => {
    expect(processes().next().isCareful).toBe(false);
  });

  test("an owner is careful while something was begun and is not over", () => {
    const { trials, next } = processes();
    trials.begin("c");
    const owner = next();
    expect(owner.isCareful).toBe(true);
    owner.spent(1, 1, true);
    expect(owner.isCareful).toBe(true);
    trials.end("c");
    owner.spent(1, 1, true);
    expect(owner.isCareful).toBe(false);
  });

  test("what was begun and has not come again after two hundred commands is forgotten", () => {
    const { trials, next } = processes();
    trials.begin("c");
    const owner = next();
    owner.spent(199, 1, false);
    expect([owner.isCareful, trials.any()]).toEqual([true, true]);
    owner.spent(1, 1, false);
    expect([owner.isCareful, trials.any()]).toEqual([false, false]);
  });

  test("a verdict is there for the next process too, and no milder one takes its place", () => {
    const { trials, next } = processes();
    for (let deaths = 0; deaths < 2; deaths++) trials.begin("c");
    trials.condemn("d", "setAside");
    for (let deaths = 0; deaths < 2; deaths++) trials.begin("d");
    const owner = next();
    for (const commandId of ["c", "d"]) owner.alone(commandId);
    expect([owner.verdictOn("c"), owner.verdictOn("d")]).toEqual(["withoutCode", "setAside"]);
    expect(Object.fromEntries(trials.condemned())).toEqual({ c: "withoutCode", d: "setAside" });
  });

  test("of several that are decided together none is said to have been in its code, even after one alone", () => {
    const { trials, next } = processes();
    const owner = next();
    owner.alone("c");
    owner.survived("c");
    owner.together();
    owner.inCode(true);
    expect(trials.takeUnfinished()).toEqual({ isInCode: false, isLong: false });
  });

  test("giving the partition up twice, or with nothing begun, takes nothing back that others began", () => {
    const { trials, next } = processes();
    const abandoned: string[] = [];
    trials.abandon = (commandId) => void abandoned.push(commandId);
    next().close();
    const owner = next();
    owner.alone("c");
    owner.close();
    owner.close();
    expect(abandoned).toEqual(["c"]);
  });

  test("an owner is careful after owners that came to nothing", () => {
    expect(processes().next(2).isCareful).toBe(true);
  });

  test("an owner is careful after a process that ended in the midst of deciding, and knows of none in particular", () => {
    const { dies, next } = processes();
    dies({});
    const owner = next();
    expect(owner.isCareful).toBe(true);
    expect(owner.verdictOn("c")).toBeUndefined();
    owner.alone("c");
    expect(owner.verdictOn("c")).toBeUndefined();
  });

  test("two deaths are enough: one among several, one alone after a long time in the code", () => {
    const { dies, next } = processes();
    dies({ long: true });
    dies({ alone: "c", inCode: true, long: true });
    expect(next().verdictOn("c")).toBe("withoutCode");
  });

  test("what ends the process by itself, without the code, is set aside altogether", () => {
    const { dies, next } = processes();
    dies({ long: true });
    dies({ alone: "c", long: true });
    expect(next().verdictOn("c")).toBe("setAside");
  });

  test("what ends the process even without the code is set aside too", () => {
    const { dies, next } = processes();
    dies({ alone: "c", inCode: true, long: true });
    dies({ alone: "c", long: true });
    expect(next().verdictOn("c")).toBe("setAside");
  });

  test("a short death may be chance, so that one is not enough; two are, and a third one sets it aside", () => {
    const { dies, next } = processes();
    dies({ alone: "c", inCode: true });
    const second = next();
    second.alone("c");
    expect(second.verdictOn("c")).toBeUndefined();
    const third = next();
    third.alone("c");
    expect(third.verdictOn("c")).toBe("withoutCode");
    const fourth = next();
    fourth.alone("c");
    expect(fourth.verdictOn("c")).toBe("setAside");
  });

  test("a partition that is given up by a process that lives is no death of the command it was at", () => {
    const { next } = processes();
    for (let tenure = 0; tenure < 5; tenure++) {
      const owner = next();
      owner.alone("c");
      expect(owner.verdictOn("c")).toBeUndefined();
      owner.close();
    }
    expect(next().isCareful).toBe(false);
  });

  test("what is in the log was survived, and is not held against the command", () => {
    const { next } = processes();
    for (let time = 0; time < 5; time++) {
      const owner = next();
      owner.alone("c");
      owner.decided();
      owner.survived("c");
    }
    expect(next().isCareful).toBe(false);
  });

  test("a verdict stays, because the same command may be delivered again", () => {
    const { dies, next } = processes();
    dies({ alone: "c", long: true });
    const owner = next();
    owner.alone("c");
    owner.decided();
    owner.survived("c");
    expect(next().verdictOn("c")).toBe("setAside");
  });

  test("care ends after so many commands, or when there is nothing left to do", () => {
    const long = processes().next(2);
    long.spent(199, 1, false);
    expect(long.isCareful).toBe(true);
    long.spent(1, 1, false);
    expect(long.isCareful).toBe(false);
    const idle = processes().next(2);
    idle.spent(1, 1, true);
    expect(idle.isCareful).toBe(false);
  });

  test("care goes on when there is nothing to do for a moment, after a process that ended in the midst of deciding", () => {
    const { dies, next } = processes();
    dies({});
    const owner = next();
    // What ended it is delivered again later than what time asks for.
    owner.spent(1, 1, true);
    expect(owner.isCareful).toBe(true);
    owner.spent(199, 1, true);
    expect(owner.isCareful).toBe(false);
  });

  test("care goes on while owners come to nothing", () => {
    const owner = processes().next(2);
    owner.spent(500, 2, true);
    expect(owner.isCareful).toBe(true);
  });
});
