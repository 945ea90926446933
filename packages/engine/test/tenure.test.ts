import { LogError, position } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { type DecisionRecord, topics } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { MemoryStateStore, NoRoomForSnapshot } from "../src/index.ts";
import { EngineStage } from "./engine-stage.ts";

const history = topics.history(0);
const inbox = topics.inbox(0);

const claim = (epoch: number, owner = "other") =>
  ({ kind: "claim", id: `claim-${owner}-${epoch}`, epoch, owner, at: 1 }) as const;
const record = (id: string, prev: string, given: Partial<DecisionRecord> = {}): DecisionRecord => ({
  kind: "decisions",
  id,
  prev,
  claimId: "claim-other-1",
  at: 5,
  dispatchedUpTo: 0,
  decisions: [],
  ...given,
});
const started = (runId: string) => ({
  runId,
  workflow: "waits",
  inputId: `i-${runId}`,
  seq: 1,
  events: [{ type: "RunStarted", workflow: "waits", input: "1" } as const],
});

describe("A tenure reads history", () => {
  test("to where it ended at its beginning, and claims no sooner", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    let tell = () => {};
    stage.log.before.set(
      `openReader ${history}`,
      () =>
        new Promise<void>((resolve) => {
          tell = resolve;
        }),
    );
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    expect(engine.owners).toEqual([""]);
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(stage.saidOf("claimed")).toEqual([]);
    tell();
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
    expect(stage.saidOf("claimed")).toHaveLength(1);
  });

  test("claims when the message comes that it waited for, or when the history does", async () => {
    const stage = new EngineStage();
    const engine = stage.engine({ tickMs: 1e9 });
    stage.send(stage.start("r1"));
    engine.start();
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
  });

  test("and says who owns the partition, and what does not count there, and why", async () => {
    const stage = new EngineStage();
    for (const one of [claim(1), record("d1", "claim-other-1"), record("zombie", "claim-other-1")])
      stage.put(one);
    stage.log.put(history, { payload: Buffer.from("?"), properties: {} });
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    expect(engine.owners).toEqual(["other"]);
    expect(engine.modes).toEqual(["following"]);
    expect(stage.told).toEqual([
      ["ignoredRecord", 0],
      ["leftOut", 0, position(0, 3), "it is no record of history: not JSON"],
    ]);
  });

  test("and says that it begins late, where its front was cut off", async () => {
    const stage = new EngineStage();
    stage.put(claim(4));
    stage.put(record("d1", "claim-other-4", { claimId: "claim-other-4" }));
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    expect(stage.saidOf("beginsLate")).toEqual([[0, stage.log.messages(history)[0]?.publishTime]]);
    const whole = new EngineStage();
    whole.put(claim(1));
    whole.put(claim(2));
    whole.engine({ tickMs: 1e9 }).start();
    await whole.settle();
    expect(whole.saidOf("beginsLate")).toEqual([]);
  });

  test("takes the time from what others record just now, not from what is old", async () => {
    const stage = new EngineStage();
    const at = stage.log.now() + 60_000;
    stage.put(claim(1));
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    stage.put(record("d1", "claim-other-1", { at, decisions: [started("r0")] }));
    await stage.settle();
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(stage.records().at(2)).toMatchObject({ kind: "claim", at });
  });
});

describe("Whoever only follows", () => {
  test("claims as soon as history is read to where it ended, if a message came before, and not sooner", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    stage.log.mute(history);
    const engine = stage.engine({ tickMs: 1_000 });
    stage.send(stage.start("r1"));
    engine.start();
    await stage.settle();
    expect([engine.modes, stage.saidOf("claimed")]).toEqual([["following"], []]);
    // What comes while history is read is no reason not to ask: it is needed at the end of it.
    await stage.pass(500);
    await stage.pass(900);
    stage.send(stage.start("r2"));
    await stage.settle();
    const sent = stage.log.messages(inbox).length;
    await stage.pass(100);
    expect(stage.log.messages(inbox)).toHaveLength(sent + 1);
    stage.log.unmute(history);
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
  });

  test("is told by an owner how late it is: a clock that jumps is not followed", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    stage.put(record("d1", "claim-other-1", { at: stage.log.now() }));
    await stage.settle();
    const { now } = stage.log;
    stage.log.now = () => now() + 3_600_000;
    stage.send({ type: "Tick" });
    await stage.settle();
    expect(stage.saidOf("clockStrayed")[0]).toMatchObject([0, "ahead", 3_590_000]);
  });

  test("hears once for each time that it follows that a newer version decides", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    stage.put(record("d1", "claim-other-1", { format: 99 }));
    stage.put(record("d2", "d1", { format: 99 }));
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    expect(stage.saidOf("heldBack")).toHaveLength(1);
  });

  test("gives up a reader through which nothing comes, though there is more", async () => {
    const stage = new EngineStage();
    for (const one of [claim(1), claim(2)]) stage.put(one);
    stage.log.mute(history);
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    await stage.pass(9_999);
    expect(stage.saidOf("dropped")).toEqual([]);
    await stage.pass(1);
    expect(stage.saidOf("dropped")).toEqual([
      [0, "nothing came of history for 10 s, though the log has more"],
    ]);
  });

  test("is patient with a reader through which there is nothing to come", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    for (let passed = 0; passed < 4; passed++) await stage.pass(10_000);
    expect(stage.saidOf("dropped")).toEqual([]);
  });

  test("opens its inbox session again where the log doesn't count it among the consumers any more", async () => {
    const consumers = (stage: EngineStage) =>
      stage.log.sessions.filter(({ kind, topic }) => kind === "consumer" && topic === inbox).length;
    for (const [counted, sessions] of [
      [["engine-1"], 1],
      [["engine-2"], 2],
    ] as const) {
      const stage = new EngineStage();
      const base = { name: "engine", type: "Failover", backlog: 0, delayed: 0 } as const;
      stage.log.stats = { subscriptions: [{ ...base, consumers: counted }] };
      stage.engine({ tickMs: 1e9 }).start();
      await stage.settle();
      await stage.pass(20_000);
      // Something came: it is looked at only after as long again.
      stage.log.mute(history);
      stage.send({ type: "Tick" });
      await stage.settle();
      await stage.pass(10_000);
      expect(consumers(stage)).toBe(1);
      await stage.pass(30_000);
      expect(consumers(stage)).toBe(sessions);
    }
  });
});

describe("An owner gives its partition up", () => {
  async function dropped(mischief: (stage: EngineStage) => void) {
    const stage = new EngineStage();
    stage.code = () => [{ type: "SetTimer", timerId: "t1", dueAt: stage.log.now() + 90_000 }];
    const engine = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r0", "naps"));
    await stage.settle();
    mischief(stage);
    await stage.settle();
    await settled();
    expect(engine.modes).toEqual(["dropped"]);
    expect(stage.log.sessions.filter(({ isOpen, topic }) => isOpen && topic === history)).toEqual([]);
    expect(stage.log.open("consumer", inbox)).toEqual([]);
    expect(stage.sessions).toBe(0);
    // It connects again, and there is the engine's next Tick; nothing else is waited for.
    expect(stage.clock.manual.waits.filter((ms) => ms < 1e8)).toEqual([500, 750]);
    expect(stage.store(0).head()).toBeUndefined();
    return stage.saidOf("dropped");
  }

  test("when another has claimed it", async () => {
    expect(await dropped((stage) => stage.put(claim(2)))).toEqual([[0, "other has claimed the partition"]]);
  });

  test("when a record of somebody else counts that says it is under its own claim", async () => {
    expect(
      await dropped((stage) => {
        const claimId = stage.records()[0]?.id ?? "";
        stage.put(record("forged", stage.records().at(-1)?.id ?? "", { claimId }));
      }),
    ).toEqual([[0, "someone else's record was accepted"]]);
  });

  test.each([
    ["reader", history, "the history session ended: lost"],
    ["producer", history, "the history producer ended: lost"],
    ["consumer", inbox, "the inbox session ended: lost"],
  ] as const)("when its %s ends", async (kind, topic, reason) => {
    const said = await dropped((stage) => stage.log.open(kind, topic)[0]?.end(new Error("lost")));
    expect(said).toEqual([[0, reason]]);
  });

  test("when a record can't be appended, once", async () => {
    const said = await dropped((stage) => {
      stage.log.before.set(`send ${history}`, () => {
        throw new LogError("unavailable", "full");
      });
      stage.send(stage.start("r1"));
    });
    expect(said).toEqual([[0, "a record could not be appended: full"]]);
  });

  test("when its notes can't be written, and closes all the same", async () => {
    const said = await dropped((stage) => {
      stage.store(0).trials.decided = () => {
        throw new Error("no file");
      };
      stage.send(stage.start("r1"));
    });
    expect(said).toEqual([[0, "deciding failed: no file"]]);
  });

  test("and what it decided and nobody acknowledged comes again, and is decided once", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning();
    let land = () => {};
    stage.log.before.set(
      `send ${history}`,
      () =>
        new Promise<void>((resolve) => {
          land = resolve;
        }),
    );
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    stage.log.open("reader", history)[0]?.end(new Error("lost"));
    await stage.settle();
    stage.log.before.clear();
    land();
    await stage.pass(750);
    stage.send({ type: "Tick" });
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
    expect(stage.events("r1")).toEqual(["RunStarted"]);
    const last = stage.log.messages(inbox).at(-1)?.position;
    expect(stage.log.open("consumer", inbox)[0]?.acknowledged.at(-1)).toBe(last);
  });
});

describe("After it has given its partition up an engine", () => {
  test("takes no more of what the log had on its way", async () => {
    const stage = new EngineStage();
    await stage.owning({ tickMs: 1e9 });
    const [reader] = stage.log.open("reader", history);
    const [consumer] = stage.log.open("consumer", inbox);
    stage.put(claim(2));
    await stage.settle();
    const told = stage.told.length;
    const late = { ...stage.log.put("elsewhere", { payload: Buffer.from("?") }), position: position(9, 9) };
    for (const session of [reader, consumer]) session?.options.onMessage?.(late);
    await stage.settle();
    expect(stage.told).toHaveLength(told);
    expect(stage.log.messages(topics.quarantine)).toEqual([]);
  });

  test("closes what opens only then, and what was open when something else fails to open", async () => {
    for (const opensInbox of [true, false]) {
      const stage = new EngineStage();
      let open = () => {};
      stage.log.before.set(
        `openProducer ${history}`,
        () =>
          new Promise<void>((resolve) => {
            open = resolve;
          }),
      );
      if (!opensInbox)
        stage.log.before.set(`openConsumer ${inbox}`, () => {
          throw new LogError("unavailable", "no");
        });
      stage.engine({ tickMs: 1e9 }).start();
      await stage.settle();
      stage.log.open("reader", history)[0]?.end(new Error("lost"));
      await stage.settle();
      open();
      await stage.settle();
      expect(stage.saidOf("dropped")).toEqual([[0, "the history session ended: lost"]]);
      expect(stage.log.sessions.filter(({ isOpen, topic }) => isOpen && topic !== topics.timers)).toEqual([]);
    }
  });

  test("tells nobody of a death of the command that it was at", async () => {
    const stage = new EngineStage();
    const { trials } = stage.store(0);
    trials.begin("another");
    stage.code = () => {
      stage.log.open("reader", history)[0]?.end(new Error("lost"));
      return [];
    };
    await stage.owning({ tickMs: 1e9 });
    const command = stage.start("r1");
    stage.send(command);
    await stage.settle();
    expect(stage.saidOf("dropped")).toHaveLength(1);
    expect(trials.begin("commandId" in command ? command.commandId : "")).toBe(0);
  });
});

describe("A claim", () => {
  test("that another's comes before does not count, and is given up", async () => {
    const stage = new EngineStage();
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    stage.log.before.set(`send ${history}`, () => {
      stage.log.before.clear();
      stage.put(claim(1));
    });
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(stage.saidOf("dropped")).toEqual([
      [0, expect.stringMatching(/^its claim was not accepted: the accept rule leaves it out/)],
    ]);
  });

  test("says when it is sent, so that the log's clock is known by it", async () => {
    const stage = new EngineStage();
    await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1"));
    await stage.settle();
    const { now } = stage.log;
    stage.log.now = () => now() + 5_000;
    stage.send(stage.start("r2"));
    await stage.settle();
    expect(stage.saidOf("clockStrayed")[0]).toMatchObject([0, "ahead", expect.any(Number)]);
  });
});

test("an own record says that the log's clock was set back", async () => {
  const stage = new EngineStage();
  await stage.owning({ tickMs: 1e9 });
  const { now } = stage.log;
  stage.log.now = () => now() - 3_600_000;
  stage.send(stage.start("r1"));
  await stage.settle();
  expect(stage.saidOf("clockStrayed")[0]).toMatchObject([0, "back", expect.any(Number)]);
});

test("what waits for room is decided when a record was read back", async () => {
  const stage = new EngineStage();
  await stage.owning({ tickMs: 1e9, tuning: { maxInFlight: 1 } });
  stage.log.mute(history);
  stage.send(stage.start("r1"));
  await stage.settle();
  stage.send(stage.start("r2"));
  await stage.settle();
  expect(stage.decided()).toHaveLength(1);
  stage.log.unmute(history);
  await stage.settle();
  expect(stage.decided()).toHaveLength(2);
  // The code of runs that are over needs to be kept no longer.
  expect(stage.forgotten.toSorted()).toEqual(["r1", "r2"]);
});

describe("An attempt that is in no queue any more", () => {
  const pays = (stage: EngineStage) => {
    stage.code = ({ history }) =>
      history.length > 1 ? [] : [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    stage.log.backlogs.set(topics.jobs("pay"), { messages: 0 });
  };
  const handedOver = (stage: EngineStage) => stage.log.messages(topics.jobs("pay")).length;

  test("is handed over again, which is told", async () => {
    const stage = new EngineStage();
    pays(stage);
    await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    expect(handedOver(stage)).toBe(1);
    for (let checks = 0; checks < 2; checks++) await stage.pass(10_000);
    expect(handedOver(stage)).toBe(2);
    expect(stage.saidOf("handedOverAgain")).toEqual([["pay", 1]]);
  });

  test("is handed over again by the next owner too, once what the inbox held is decided", async () => {
    const stage = new EngineStage();
    pays(stage);
    const first = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    await stage.pass(5_000);
    await first.stop();
    const second = await stage.owning({ tickMs: 1e9, owner: "engine-2" });
    expect(second.modes).toEqual(["owning"]);
    for (let checks = 0; checks < 4; checks++) await stage.pass(10_000);
    expect(handedOver(stage)).toBeGreaterThan(1);
  });

  test("as its topic takes nothing holds nothing else up, and is tried again later", async () => {
    const stage = new EngineStage();
    pays(stage);
    stage.log.backlogs.clear();
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => {
      throw new LogError("unavailable", "full");
    });
    await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    for (let seconds = 0; seconds < 9; seconds++) await stage.pass(1_000);
    const last = stage.log.messages(inbox).at(-1)?.position;
    expect(stage.log.open("consumer", inbox)[0]?.acknowledged.at(-1)).toBe(last);
    stage.log.before.clear();
    for (let checks = 0; checks < 3; checks++) await stage.pass(10_000);
    expect(handedOver(stage)).toBe(1);
  });

  test("is left in its place where the log doesn't let us look", async () => {
    const stage = new EngineStage();
    pays(stage);
    stage.log.backlogOf = async () => {
      throw new LogError("unauthorized", "no");
    };
    await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    for (let checks = 0; checks < 2; checks++) await stage.pass(10_000);
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => {
      throw new LogError("unavailable", "full");
    });
    stage.send(stage.start("r2", "pays"));
    await stage.settle();
    for (let seconds = 0; seconds < 9; seconds++) await stage.pass(1_000);
    const last = stage.log.messages(inbox).at(-1)?.position;
    expect(stage.log.open("consumer", inbox)[0]?.acknowledged).not.toContain(last);
  });
});

describe("A snapshot", () => {
  test("is saved every five seconds, and the next engine goes on from it", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    await stage.pass(4_999);
    expect(stage.store(0).head()).toBeUndefined();
    await stage.pass(1);
    expect(stage.store(0).head()?.position).toBe(position(0, 1));
    stage.send(stage.start("r2", "waits"));
    await stage.settle();
    await stage.pass(5_000);
    expect(stage.store(0).head()?.position).toBe(position(0, 2));
    await engine.stop();
    await stage.owning({ owner: "engine-2" });
    expect(stage.log.open("reader", history)[0]?.options.from).toEqual({ after: position(0, 2) });
  });

  test("that there is no room for is said, and that there is again", async () => {
    const stage = new EngineStage();
    const store = stage.store(0);
    const saving = store.saving.bind(store);
    store.saving = () => {
      throw new NoRoomForSnapshot("engine.sqlite");
    };
    await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    await stage.pass(5_000);
    await stage.pass(5_000);
    expect(stage.saidOf("snapshotNotSaved")).toEqual([
      [0, expect.stringMatching(/^The disk that holds the engine's snapshots \(engine\.sqlite\) is full/)],
    ]);
    store.saving = saving;
    await stage.pass(5_000);
    expect(stage.saidOf("snapshotSaved")).toEqual([[0]]);
  });

  test("that can't be saved is thrown away, and history read again", async () => {
    const stage = new EngineStage();
    const store = stage.store(0);
    let resets = 0;
    store.reset = () => void resets++;
    store.saving = () => {
      throw new Error("broken");
    };
    const engine = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    await stage.pass(5_000);
    expect(stage.saidOf("snapshotDiscarded")).toEqual([[0, "broken"]]);
    expect(stage.saidOf("dropped")).toEqual([[0, "the snapshot could not be saved: broken"]]);
    expect(resets).toBe(1);
    await stage.pass(750);
    stage.send({ type: "Tick" });
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
  });

  test("that can't be read is thrown away at once", async () => {
    const stage = new EngineStage();
    const store = new (class extends MemoryStateStore {
      isBroken = true;
      override head() {
        if (this.isBroken) throw new Error("malformed");
        return super.head();
      }
      override reset() {
        this.isBroken = false;
        super.reset();
      }
    })();
    stage.stores.set(0, store);
    const engine = await stage.owning({ tickMs: 1e9 });
    expect(stage.saidOf("snapshotDiscarded")).toEqual([[0, "malformed"]]);
    expect(engine.modes).toEqual(["owning"]);
  });

  /** An engine that saved, and ended. */
  async function saved(): Promise<EngineStage> {
    const stage = new EngineStage();
    const engine = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    await engine.stop();
    stage.told.length = 0;
    return stage;
  }

  test("of another log, or of more than there is, is thrown away", async () => {
    for (const left of [0, 1]) {
      const stage = await saved();
      stage.log.messages(history).splice(left);
      const engine = stage.engine({ owner: "engine-2", tickMs: 1e9 });
      engine.start();
      await stage.settle();
      expect(stage.saidOf("snapshotDiscarded")).toEqual([[0, "it is ahead of the log"]]);
      expect(stage.saidOf("dropped")).toEqual([[0, "the snapshot was ahead of the log"]]);
      expect(stage.store(0).head()).toBeUndefined();
      await stage.pass(750);
      stage.send({ type: "Tick" });
      await stage.settle();
      expect(engine.modes).toEqual(["owning"]);
    }
  });

  test("at whose place the log says there is nothing is thrown away, and none that it can't reach just now", async () => {
    for (const [code, discarded] of [
      ["invalid", [[0, "no such position"]]],
      ["unavailable", []],
    ] as const) {
      const stage = await saved();
      stage.log.before.set(`openReader ${history}`, () => {
        throw new LogError(code, "no such position");
      });
      stage.engine({ owner: "engine-2", tickMs: 1e9 }).start();
      await stage.settle();
      expect(stage.saidOf("snapshotDiscarded")).toEqual(discarded);
      expect(stage.saidOf("dropped")).toEqual([[0, "connecting failed: no such position"]]);
    }
    const empty = new EngineStage();
    empty.log.before.set(`openReader ${history}`, () => {
      throw new LogError("invalid", "no such topic");
    });
    empty.engine({ tickMs: 1e9 }).start();
    await empty.settle();
    expect(empty.saidOf("snapshotDiscarded")).toEqual([]);
  });

  test("whose place was cut off the log is thrown away if what comes next doesn't follow it, and kept if it does", async () => {
    const follows = await saved();
    follows.put(claim(2));
    follows.log.beginsAt.set(history, position(0, 2));
    follows.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await follows.settle();
    expect(follows.saidOf("snapshotDiscarded")).toEqual([]);
    follows.put(record("zombie", "gone", { claimId: "gone" }));
    await follows.settle();
    expect(follows.saidOf("dropped")).toEqual([]);

    const parted = await saved();
    parted.put(record("lost", "gone", { claimId: "gone" }));
    parted.put(record("after", "lost", { claimId: "gone" }));
    parted.log.beginsAt.set(history, position(0, 3));
    parted.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await parted.settle();
    const why = "the log begins after it now, with what doesn't follow it";
    expect(parted.saidOf("snapshotDiscarded")).toEqual([[0, why]]);
    expect(parted.saidOf("dropped")).toEqual([[0, `history could not be applied: ${why}`]]);

    // Nothing is gone: a zombie's record is one, and no more.
    const whole = await saved();
    whole.put(record("zombie", "gone", { claimId: "gone" }));
    whole.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await whole.settle();
    expect(whole.saidOf("dropped")).toEqual([]);
    expect(whole.saidOf("ignoredRecord")).toEqual([[0]]);
  });

  test("at whose place the log begins now, or behind which comes what nobody can read, is kept", async () => {
    const whole = await saved();
    whole.put(record("zombie", "gone", { claimId: "gone" }));
    whole.log.beginsAt.set(history, position(0, 1));
    whole.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await whole.settle();
    expect(whole.saidOf("dropped")).toEqual([]);
    const cut = await saved();
    cut.put(record("lost", "gone"));
    cut.log.put(history, { payload: Buffer.from("?") });
    cut.log.beginsAt.set(history, position(0, 3));
    cut.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await cut.settle();
    expect(cut.saidOf("dropped")).toEqual([]);
  });

  test("says of no partition whose history is not read yet who owns it", async () => {
    const stage = await saved();
    stage.log.before.set(`lastPosition ${history}`, () => new Promise<void>(() => {}));
    const engine = stage.engine({ owner: "engine-2", tickMs: 1e9 });
    engine.start();
    await stage.settle();
    expect([engine.modes, engine.owners]).toEqual([["connecting"], [""]]);
  });

  test("doesn't wait for its time while very much is read", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    const decisions = Array.from({ length: 10_000 }, (_, index) => started(`r${index}`));
    stage.put(record("d1", "claim-other-1", { decisions }));
    stage.engine({ tickMs: 1e9 }).start();
    await stage.settle();
    expect(stage.store(0).head()?.position).toBe(position(0, 1));
  });

  test("that can't be decided on is thrown away", async () => {
    const stage = await saved();
    stage.store(0).openRuns = () => {
      throw new Error("malformed");
    };
    stage.engine({ owner: "engine-2", tickMs: 1e9 }).start();
    await stage.settle();
    stage.send({ type: "Tick" });
    await stage.settle();
    expect(stage.saidOf("snapshotDiscarded")).toEqual([[0, "malformed"]]);
    expect(stage.saidOf("dropped")).toEqual([[0, "deciding could not begin: malformed"]]);
  });

  test("is saved at a stop that comes after history was read, and at none before", async () => {
    const stage = new EngineStage();
    stage.put(claim(1));
    stage.put(record("d1", "claim-other-1", { decisions: [started("r0")] }));
    let tell = () => {};
    stage.log.before.set(
      `lastPosition ${history}`,
      () =>
        new Promise<void>((resolve) => {
          tell = resolve;
        }),
    );
    const early = stage.engine({ tickMs: 1e9 });
    early.start();
    await stage.settle();
    await early.stop();
    tell();
    await stage.settle();
    expect(stage.store(0).head()).toBeUndefined();
    expect(stage.log.sessions.filter(({ isOpen }) => isOpen)).toEqual([]);
    stage.log.before.clear();
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    await engine.stop();
    expect(stage.store(0).head()?.position).toBe(position(0, 1));
  });
});

describe("An inbox session in which nothing comes", () => {
  const tuning = { renewIdleMs: 20_000 };
  const consumers = (stage: EngineStage) =>
    stage.log.sessions.filter(({ kind, topic }) => kind === "consumer" && topic === inbox).length;

  test("is renewed after a while, once, whether the partition is owned or followed", async () => {
    for (const isOwning of [true, false]) {
      const stage = new EngineStage();
      const engine = stage.engine({ tuning, tickMs: 1e9 });
      engine.start();
      await stage.settle();
      if (isOwning) stage.send({ type: "Tick" });
      await stage.settle();
      for (let seconds = 0; seconds < 20; seconds += 5) await stage.pass(5_000);
      expect(consumers(stage)).toBe(1);
      await stage.pass(5_000);
      expect(consumers(stage)).toBe(2);
      for (let seconds = 0; seconds < 20; seconds += 5) await stage.pass(5_000);
      expect(consumers(stage)).toBe(2);
      await stage.pass(5_000);
      expect(consumers(stage)).toBe(3);
      expect(stage.saidOf("dropped")).toEqual([]);
    }
  });

  test("counts from the last message that is no Tick", async () => {
    const stage = new EngineStage();
    await stage.owning({ tuning, tickMs: 1e9 });
    await stage.pass(5_000);
    await stage.pass(5_000);
    stage.send(stage.start("r1"));
    await stage.settle();
    await stage.pass(5_000);
    stage.send({ type: "Tick" });
    for (let seconds = 15; seconds < 30; seconds += 5) await stage.pass(5_000);
    expect(consumers(stage)).toBe(1);
    await stage.pass(5_000);
    expect(consumers(stage)).toBe(2);
  });

  test("is not renewed while it claims, nor with messages that can't be decided yet", async () => {
    const claiming = new EngineStage();
    const engine = claiming.engine({ tuning: { renewIdleMs: 1_000 }, tickMs: 1e9 });
    claiming.log.before.set(`send ${history}`, () => new Promise<void>(() => {}));
    claiming.send({ type: "Tick" });
    engine.start();
    await claiming.settle();
    expect(engine.modes).toEqual(["claiming"]);
    await claiming.pass(5_000);
    expect(consumers(claiming)).toBe(1);

    const behind = new EngineStage();
    behind.put(claim(1));
    const reading = behind.engine({ tuning: { renewIdleMs: 1_000 }, tickMs: 1e9 });
    behind.log.mute(history);
    behind.send({ type: "Tick" });
    reading.start();
    await behind.settle();
    await behind.pass(5_000);
    expect([reading.modes, consumers(behind)]).toEqual([["following"], 1]);
  });

  test("is not renewed while what time asked for is under way", async () => {
    const stage = new EngineStage();
    stage.code = ({ history }) => {
      const types = history.map(({ event }) => event.type);
      if (types.includes("JobScheduled")) return [];
      if (types.includes("TimerFired"))
        return [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
      return [{ type: "SetTimer", timerId: "t1", dueAt: stage.log.now() + 18_000 }];
    };
    const { promise, resolve: land } = Promise.withResolvers<void>();
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => promise);
    await stage.owning({ tuning, tickMs: 1e9 });
    stage.send(stage.start("r1", "naps"));
    await stage.settle();
    for (let seconds = 0; seconds < 40; seconds += 1) await stage.pass(1_000);
    expect(stage.events("r1").at(-1)).toBe("AttemptRequested");
    expect(consumers(stage)).toBe(1);
    land();
    await stage.settle();
    await stage.pass(5_000);
    expect(consumers(stage)).toBe(2);
  });

  test("is not renewed while an effect is under way, or a message is not acknowledged", async () => {
    const stage = new EngineStage();
    stage.code = () => [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    const { promise, resolve: land } = Promise.withResolvers<void>();
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => promise);
    await stage.owning({ tuning, tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    for (let seconds = 0; seconds < 40; seconds += 5) await stage.pass(5_000);
    expect(consumers(stage)).toBe(1);
    land();
    await stage.settle();
    await stage.pass(5_000);
    expect(consumers(stage)).toBe(2);
  });
});

describe("What was under way when the owner before ended", () => {
  test("is published by the next, each effect of a record that counts", async () => {
    const stage = new EngineStage();
    stage.code = ({ history }) =>
      history.length > 1 ? [] : [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => new Promise<void>(() => {}));
    const first = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    stage.log.open("reader", history)[0]?.end(new Error("lost"));
    await stage.settle();
    stage.log.before.clear();
    await stage.pass(750);
    stage.send({ type: "Tick" });
    await stage.settle();
    expect(first.modes).toEqual(["owning"]);
    expect(stage.log.messages(topics.jobs("pay"))).toHaveLength(1);
    // The next record says so.
    stage.send(stage.start("r2"));
    await stage.settle();
    expect(stage.decided().at(-1)?.dispatchedUpTo).toBe(2);
  });

  test("is done when it is due: deadlines of runs that are in memory, and of those that are in the store", async () => {
    for (const isSaved of [false, true]) {
      const stage = new EngineStage();
      stage.code = ({ history }) =>
        history.some(({ event }) => event.type === "TimerSet")
          ? []
          : [{ type: "SetTimer", timerId: "t1", dueAt: stage.log.now() + 90_000 } as never];
      const first = await stage.owning({ tickMs: 1e9, tuning: { snapshotEveryMs: isSaved ? 1_000 : 1e8 } });
      stage.send(stage.start("r1", "naps"));
      await stage.settle();
      expect(stage.events("r1")).toEqual(["RunStarted", "TimerSet"]);
      await stage.pass(61_000);
      stage.send(stage.start("r2", "other"));
      await stage.settle();
      await stage.pass(1_000);
      stage.log.open("reader", history)[0]?.end(new Error("lost"));
      await stage.settle();
      await stage.pass(750);
      stage.send({ type: "Tick" });
      await stage.settle();
      expect(first.modes).toEqual(["owning"]);
      await stage.pass(10_000);
      expect(stage.events("r1")).toEqual(["RunStarted", "TimerSet"]);
      await stage.pass(20_000);
      expect(stage.events("r1").at(-1)).toBe("TimerFired");
    }
  });
});

test("a record that was read back other than it was written ends the tenure", async () => {
  const stage = new EngineStage();
  await stage.owning({ tickMs: 1e9 });
  stage.log.spoils.set(history, (payload) => Buffer.concat([payload, Buffer.from(" ")]));
  stage.send(stage.start("r1"));
  await stage.settle();
  expect(stage.saidOf("dropped")).toEqual([[0, "its record was read back other than it was written"]]);
});
