import type { AnyRunCommand } from "@downbeat/domain";
import { type Position, position } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { describe, expect, test } from "vitest";
import type { Deadlines } from "../src/deadlines.ts";
import type { DeadlyCommands } from "../src/deadly-commands.ts";
import type { Decider } from "../src/decider.ts";
import { type Decided, outsideHistory } from "../src/draft.ts";
import type { Fold } from "../src/fold.ts";
import type { Inbox, Input } from "../src/inbox.ts";
import { InboxDecider } from "../src/inbox-decider.ts";
import { defaultTuning } from "../src/index.ts";
import type { OwnRecords } from "../src/own-records.ts";
import { EngineClock } from "./engine-clock.ts";

const start = (runId: string): AnyRunCommand => ({
  type: "StartRun",
  commandId: `start ${runId}`,
  runId,
  workflow: "w",
  input: "1",
});

/** An owner of which only the deciding is real; what it does to everything else is told, in order. */
class Owner {
  readonly clock = new EngineClock();
  readonly told: string[] = [];
  readonly queue: Input[] = [];
  isOwning = true;
  isCareful = false;
  inFlight = 0;
  number = 0;
  barrenClaims = 1;
  defers = 0;
  /** Runs of which nothing is to be recorded. */
  readonly silent = new Set<string>();
  before: () => void | Promise<void> = () => {};
  quiet: () => Promise<void> = async () => {};
  #entry = 0;

  readonly decider = new InboxDecider({
    inbox: {
      get first() {
        return owner().queue[0];
      },
      shift: () => this.queue.shift(),
      settle: ({ position }: Input, after: number) =>
        this.told.push(`settle ${position?.slice(32, 33)} ${after}`),
    } as unknown as Inbox,
    decider: {
      decideAll: async (commands: readonly AnyRunCommand[]): Promise<(Decided | undefined)[]> => {
        this.told.push(`decide ${commands.map(({ runId }) => runId).join(" ")}`);
        await this.before();
        return commands.map((command) =>
          this.silent.has(command.runId) ? undefined : outsideHistory(command, []),
        );
      },
    } as unknown as Decider,
    records: {
      get inFlight() {
        return owner().inFlight;
      },
      get number() {
        return owner().number;
      },
      append: (decided: readonly Decided[], at: number) => {
        this.number += 1;
        this.told.push(`append ${decided.map(({ decision }) => decision.runId).join(" ")} at ${at}`);
      },
      quiet: () => this.quiet(),
    } as unknown as OwnRecords,
    deadlines: {
      changed: (runIds: readonly string[]) => this.told.push(`deadlines ${runIds.join(" ")}`),
    } as unknown as Deadlines,
    fold: {
      get barrenClaims() {
        return owner().barrenClaims;
      },
    } as unknown as Fold,
    deadly: {
      get isCareful() {
        return owner().isCareful;
      },
      together: () => this.told.push("together"),
      alone: (commandId: string) => this.told.push(`alone ${commandId}`),
      decided: () => this.told.push("decided"),
      survived: (commandId: string) => this.told.push(`survived ${commandId}`),
      spent: (commands: number, barren: number, isIdle: boolean) =>
        this.told.push(`spent ${commands} ${barren} ${isIdle ? "idle" : "busy"}`),
    } as unknown as DeadlyCommands,
    clock: {
      monotonic: () => this.clock.monotonic(),
      setTimer: (ms, run) => this.clock.setTimer(ms, run),
      newId: () => this.clock.newId(),
      random: () => 0.5,
      defer: (run) => {
        this.defers += 1;
        this.clock.defer(run);
      },
    },
    tuning: { ...defaultTuning, maxInFlight: 2, maxBatch: 3 },
    isOwning: () => this.isOwning,
    now: () => 50,
    drop: (reason) => void this.told.push(`drop: ${reason}`),
  });

  constructor() {
    current = this;
  }

  comes(...runIds: string[]): void {
    const at: Position = position(0, this.#entry++);
    this.queue.push({ commands: runIds.map(start), position: at });
    this.decider.wake();
  }

  /** What was told since. */
  async turn(): Promise<string[]> {
    await this.clock.turn();
    await settled();
    return this.told.splice(0);
  }
}

let current: Owner | undefined;
function owner(): Owner {
  if (current === undefined) throw new Error("There is no owner.");
  return current;
}

describe("What comes in one turn", () => {
  test("is decided into one record, and each message waits for that", async () => {
    const it = new Owner();
    it.comes("a");
    it.comes("b");
    it.comes();
    expect(it.defers).toBe(1);
    expect(it.told).toEqual([]);
    it.silent.add("b");
    expect(await it.turn()).toEqual([
      "together",
      "decide a b",
      "decided",
      "append a at 50",
      "settle 0 1",
      "settle 1 1",
      "settle 2 1",
      "deadlines a b",
    ]);
    expect(await it.turn()).toEqual([]);
    expect(it.defers).toBe(1);
  });

  test("is cut where it is more than a batch of commands, in whole messages", async () => {
    const it = new Owner();
    it.comes("a", "b");
    it.comes("c");
    it.comes("d");
    it.comes("e", "f");
    it.comes("g", "h");
    it.comes("i");
    const decided = async () => (await it.turn()).filter((line) => line.startsWith("decide "));
    expect(await decided()).toEqual(["decide a b c"]);
    expect(await decided()).toEqual(["decide d e f"]);
    expect(await decided()).toEqual(["decide g h i"]);
  });

  test("waits while nobody asks for it, or the partition is another's", async () => {
    const it = new Owner();
    it.decider.wake();
    expect(it.defers).toBe(0);
    it.isOwning = false;
    it.comes("a");
    expect(it.defers).toBe(0);
    it.isOwning = true;
    it.decider.wake();
    it.isOwning = false;
    expect(await it.turn()).toEqual([]);
    expect(it.queue).toHaveLength(1);
  });

  test("waits while as many records are under way as may be, and goes on when there is room", async () => {
    const it = new Owner();
    it.inFlight = 2;
    it.comes("a");
    expect(it.defers).toBe(0);
    it.inFlight = 1;
    it.decider.wake();
    expect((await it.turn())[1]).toBe("decide a");
  });

  test("waits while something is decided, and is decided right after it", async () => {
    const it = new Owner();
    let answer = () => {};
    it.before = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    it.comes("a");
    expect(await it.turn()).toEqual(["together", "decide a"]);
    it.comes("b");
    expect(it.defers).toBe(1);
    expect(await it.turn()).toEqual([]);
    it.before = () => {};
    answer();
    await settled();
    expect(it.told.splice(0).at(-1)).toBe("deadlines a");
    expect((await it.turn())[1]).toBe("decide b");
  });

  test("that was decided when the partition became another's is not appended, and nothing is acknowledged", async () => {
    const it = new Owner();
    it.before = () => {
      it.isOwning = false;
    };
    it.comes("a");
    expect(await it.turn()).toEqual(["together", "decide a", "decided"]);
  });

  test("and makes deciding fail ends the tenure with the reason; whoever goes on is not held up", async () => {
    const it = new Owner();
    it.before = () => {
      throw new Error("broke");
    };
    it.comes("a");
    expect(await it.turn()).toEqual(["together", "decide a", "drop: deciding failed: broke"]);
    it.before = () => {};
    it.comes("b");
    expect((await it.turn())[1]).toBe("decide b");
  });
});

describe("An owner that is careful", () => {
  const careful = () => {
    const it = new Owner();
    it.isCareful = true;
    return it;
  };

  test("decides one command after another, each safe in the log before the next", async () => {
    const it = careful();
    let land = () => {};
    it.quiet = () =>
      new Promise<void>((resolve) => {
        land = resolve;
      });
    it.comes("a", "b");
    it.comes("c");
    expect(await it.turn()).toEqual(["alone start a", "decide a", "decided", "append a at 50"]);
    land();
    await settled();
    it.silent.add("b");
    expect(it.told.splice(0)).toEqual([
      "survived start a",
      "alone start b",
      "decide b",
      "decided",
      "append b at 50",
    ]);
    land();
    await settled();
    expect(it.told.splice(0)).toEqual(["survived start b", "settle 0 2", "deadlines a b", "spent 2 1 busy"]);
  });

  test("appends nothing where there is nothing to record", async () => {
    const it = careful();
    it.silent.add("a");
    it.barrenClaims = 4;
    it.comes("a");
    expect(await it.turn()).toEqual([
      "alone start a",
      "decide a",
      "decided",
      "survived start a",
      "settle 0 0",
      "deadlines a",
      "spent 1 4 idle",
    ]);
  });

  test("stops where the partition becomes another's, before and after the log has it", async () => {
    const before = careful();
    before.before = () => {
      before.isOwning = false;
    };
    before.comes("a", "b");
    expect(await before.turn()).toEqual(["alone start a", "decide a", "decided"]);
    const after = careful();
    after.quiet = async () => {
      after.isOwning = false;
    };
    after.comes("a", "b");
    expect(await after.turn()).toEqual(["alone start a", "decide a", "decided", "append a at 50"]);
  });
});
