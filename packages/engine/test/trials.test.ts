import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { MemoryStateStore, SqliteStateStores, type StateStore, workNotesFile } from "../src/index.ts";
import { markLong, WorkNotes } from "../src/work-notes.ts";

/** A store as the process sees it that comes after a death, and what the watchdog does before. */
interface Kind {
  open(): (partition?: number) => StateStore;
  standStill(): void;
}

const kinds: [string, () => Kind][] = [
  [
    "in memory",
    () => {
      const stores = new Map<number, MemoryStateStore>();
      const store = (partition = 0) => {
        const known = stores.get(partition) ?? new MemoryStateStore();
        stores.set(partition, known);
        return known;
      };
      return {
        open: () => store,
        standStill: () => {
          for (const one of stores.values()) one.trials.standStill();
        },
      };
    },
  ],
  [
    "in files",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "downbeat-trials-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, "engine.sqlite");
      return {
        open() {
          const stores = new SqliteStateStores(path, () => {});
          onTestFinished(() => stores.close());
          const opened = new Map<number, StateStore>();
          return (partition = 0) => {
            const known = opened.get(partition) ?? stores.partition(partition);
            opened.set(partition, known);
            return known;
          };
        },
        standStill: () => markLong(workNotesFile(path)),
      };
    },
  ],
];

describe.each(kinds)("what a process notes of commands that it may not survive, %s,", (_, kind) => {
  test("is known to the next one: which were begun, how often, and that it was not over", () => {
    const { open } = kind();
    const first = open()().trials;
    expect(first.any()).toBe(false);
    expect(first.begin("c1")).toBe(0);
    expect(first.begin("c2")).toBe(0);
    first.end("c2");
    const opened = open();
    expect(opened(1).trials.any()).toBe(false);
    const second = opened().trials;
    expect(second.any()).toBe(true);
    expect(second.begin("c1")).toBe(1);
    second.abandon("c1");
    expect(second.begin("c1")).toBe(1);
    second.forget();
    expect(second.any()).toBe(false);
    second.begin("c3");
    second.abandon("c3");
    expect(second.any()).toBe(false);
  });

  test("outlives the snapshots", () => {
    const { open } = kind();
    const store = open()();
    store.trials.begin("c1");
    store.trials.condemn("c0", "setAside");
    store.reset();
    expect(store.trials.any()).toBe(true);
    expect([...store.trials.condemned()]).toEqual([["c0", "setAside"]]);
  });

  test("says what it was at when it ended, once, and nothing when it was at nothing", () => {
    const { open } = kind();
    const first = open();
    first().trials.deciding("wie ä");
    first().trials.inCode(true);
    first(2).trials.deciding();
    first(3).trials.deciding("c");
    first(3).trials.decided();
    const second = open();
    expect(second().trials.takeUnfinished()).toEqual({ commandId: "wie ä", isInCode: true, isLong: false });
    expect(second().trials.takeUnfinished()).toBeUndefined();
    expect(second(1).trials.takeUnfinished()).toBeUndefined();
    expect(second(2).trials.takeUnfinished()).toEqual({ isInCode: false, isLong: false });
    expect(second(3).trials.takeUnfinished()).toBeUndefined();
  });

  test("says that it had taken long, when that was seen, and of nothing that came after", () => {
    const { open, standStill } = kind();
    const first = open();
    first(1).trials.deciding("c1");
    first(1).trials.inCode(true);
    first(1).trials.inCode(false);
    first(2).trials.deciding("c2");
    first(2).trials.decided();
    standStill();
    first(2).trials.deciding("c3");
    const second = open();
    expect(second(1).trials.takeUnfinished()).toEqual({ commandId: "c1", isInCode: false, isLong: true });
    expect(second(2).trials.takeUnfinished()).toEqual({ commandId: "c3", isInCode: false, isLong: false });
  });

  test("says nothing of a process that stood still at nothing, or noted nothing", () => {
    const { open, standStill } = kind();
    standStill();
    open()().trials.decided();
    standStill();
    expect(open()().trials.takeUnfinished()).toBeUndefined();
  });

  test("says that it stood still at several, where there is nothing else", () => {
    const { open, standStill } = kind();
    open()().trials.deciding();
    standStill();
    expect(open()().trials.takeUnfinished()).toEqual({ isInCode: false, isLong: true });
  });

  test("says in which partition the code ran, and that it stood still at several", () => {
    const { open, standStill } = kind();
    const first = open();
    first(0).trials.deciding();
    first(2).trials.deciding("c");
    first(2).trials.inCode(true);
    standStill();
    const second = open();
    expect(second(0).trials.takeUnfinished()).toEqual({ isInCode: false, isLong: true });
    expect(second(2).trials.takeUnfinished()).toEqual({ commandId: "c", isInCode: true, isLong: true });
  });

  test("forgets what is over, and what was never begun", () => {
    const { open } = kind();
    const { trials } = open()();
    trials.begin("c1");
    trials.end("c1");
    trials.abandon("c2");
    expect(trials.any()).toBe(false);
    expect(trials.begin("c2")).toBe(0);
  });

  test("keeps a verdict, and the newest one", () => {
    const { open } = kind();
    const first = open();
    first().trials.condemn("c1", "withoutCode");
    first().trials.condemn("c1", "setAside");
    first().trials.end("c1");
    first().trials.condemn("c2", "withoutCode");
    const second = open();
    expect(Object.fromEntries(second().trials.condemned())).toEqual({ c1: "setAside", c2: "withoutCode" });
    expect([...second(1).trials.condemned()]).toEqual([]);
  });

  test("takes the longest name of a command that there may be", () => {
    const { open } = kind();
    const commandId = "\u{1F600}".repeat(250);
    open()().trials.deciding(commandId);
    expect(open()().trials.takeUnfinished()?.commandId).toBe(commandId);
  });
});

describe("the file of what a process is at", () => {
  function file(): string {
    const folder = mkdtempSync(join(tmpdir(), "downbeat-notes-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return join(folder, "engine.sqlite-work");
  }

  test("is not there before an engine was, and nothing is marked in it", () => {
    const path = file();
    expect(() => markLong(path)).not.toThrow();
    expect(existsSync(path)).toBe(false);
  });

  test("holds a name of 2,096 bytes, and of a longer one that it is one of several", () => {
    const notes = new WorkNotes(file());
    onTestFinished(() => notes.close());
    notes.deciding(0);
    expect(notes.takeUnfinished(0)).toEqual({ isInCode: false, isLong: false });
    notes.deciding(0, "x".repeat(2_096));
    expect(notes.takeUnfinished(0)?.commandId).toBe("x".repeat(2_096));
    notes.deciding(1, "y");
    notes.deciding(0, "x".repeat(2_097));
    expect(notes.takeUnfinished(0)).toEqual({ isInCode: false, isLong: false });
    expect(notes.takeUnfinished(1)?.commandId).toBe("y");
  });

  test("takes no notes once it is closed", () => {
    const notes = new WorkNotes(file());
    notes.close();
    expect(() => notes.deciding(0)).toThrow("EBADF");
  });
});

test("in memory, code that runs for nothing is noted as nothing", () => {
  const { trials } = new MemoryStateStore();
  trials.inCode(true);
  expect(trials.takeUnfinished()).toBeUndefined();
});
