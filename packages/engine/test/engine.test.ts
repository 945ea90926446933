import { LogError } from "@downbeat/message-log";
import { mostRecordsInFlight, parseInboxMessage, parseJobMessage, topics } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { NoRoomForSnapshot } from "../src/index.ts";
import { EngineStage, startedAt } from "./engine-stage.ts";

const claimOf = (epoch: number, owner: string) =>
  ({ kind: "claim", id: `claim-${owner}-${epoch}`, epoch, owner, at: 1 }) as const;

const decisions = (id: string, prev: string) => ({
  kind: "decisions",
  id,
  prev,
  claimId: "gone",
  at: 5,
  dispatchedUpTo: 0,
  decisions: [],
});

describe("An engine", () => {
  test("owns its partition once history is read and a message came, and decides what is asked of it", async () => {
    const stage = new EngineStage();
    const engine = stage.engine();
    expect([engine.modes, engine.owners, engine.heldBack]).toEqual([["dropped"], [""], [undefined]]);
    engine.start();
    expect(engine.modes).toEqual(["connecting"]);
    expect(engine.owners).toEqual([""]);
    await stage.settle();
    expect(engine.modes).toEqual(["following"]);
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(engine.modes).toEqual(["owning"]);
    expect(engine.owners).toEqual(["engine-1"]);
    expect(stage.events("r1")).toEqual(["RunStarted", "RunCompleted"]);
    expect(stage.told.map(([name]) => name)).toEqual(["claimed", "owning", "appended", "accepted"]);
    const [claim, record] = stage.records();
    expect(stage.saidOf("claimed")).toMatchObject([[0, 1, { id: claim?.id, after: undefined }]]);
    expect(stage.saidOf("owning")).toEqual([[0, 1]]);
    expect(stage.saidOf("appended")).toEqual([[0, record?.id]]);
    expect(stage.saidOf("accepted")).toEqual([[0, 1, 2]]);
    const [inbox] = stage.log.open("consumer", topics.inbox(0));
    expect(inbox?.acknowledged).toEqual(stage.log.messages(topics.inbox(0)).map(({ position }) => position));
    expect(engine.processors).toHaveLength(1);
  });

  test("needs nobody to observe it", async () => {
    const stage = new EngineStage();
    const { clock, decisions, log } = stage;
    stage.put(claimOf(1, "other"));
    stage.put({ id: "damaged", kind: "?" });
    const { Engine } = await import("../src/index.ts");
    const engine = new Engine({
      clock,
      decisions,
      log,
      owner: "engine-1",
      partitions: 1,
      store: () => stage.store(0),
      wallClock: () => 1,
    });
    engine.start();
    await stage.settle();
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(stage.events("r1")).toEqual(["RunStarted", "RunCompleted"]);
    stage.log.open("reader", topics.history(0))[0]?.end(new Error("lost"));
    await stage.settle();
    expect(engine.modes).toEqual(["dropped"]);
    await engine.stop();
  });

  test("says nothing of what nobody observes, whatever happens", async () => {
    const stage = new EngineStage();
    const store = stage.store(0);
    const saving = store.saving.bind(store);
    store.saving = () => {
      throw new NoRoomForSnapshot("engine.sqlite");
    };
    stage.put(claimOf(4, "other"));
    stage.put({ ...decisions("d1", "claim-other-4"), claimId: "claim-other-4" } as never);
    stage.put({ ...decisions("zombie", "nowhere") } as never);
    stage.log.put(topics.history(0), { payload: Buffer.from("?") });
    const engine = await stage.owning({ observer: {}, tickMs: 1e9 });
    stage.send(stage.start("r0", "waits"));
    await stage.settle();
    await stage.pass(5_000);
    store.saving = saving;
    stage.code = ({ history }) =>
      history.length > 1 ? [] : [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    stage.log.backlogs.set(topics.jobs("pay"), { messages: 0 });
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    for (let checks = 0; checks < 4; checks++) await stage.pass(10_000);
    expect(stage.log.messages(topics.jobs("pay")).length).toBeGreaterThan(1);
    const { now } = stage.log;
    stage.log.now = () => now() + 3_600_000;
    stage.send(stage.start("r2"));
    await stage.settle();
    const last = stage.records().at(-1)?.id ?? "";
    const [claim] = stage.records().filter(({ kind, id }) => kind === "claim" && id.startsWith("id-"));
    stage.put({ ...decisions("newer", last), claimId: claim?.id, format: 99 } as never);
    await stage.settle();
    await stage.pass(2_000);
    expect(engine.heldBack).toEqual(["a newer version has decided here (format 99)"]);
    expect(stage.told).toEqual([]);
  });

  test("once it was stopped is never started again", async () => {
    const stage = new EngineStage();
    const engine = stage.engine();
    await engine.processors[0]?.stop();
    await engine.stop();
    for (const processor of engine.processors) processor.start();
    await stage.settle();
    expect(engine.modes).toEqual(["dropped"]);
    expect(stage.log.sessions).toEqual([]);
  });

  test("that can't save as it is stopped stops all the same", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning({ tickMs: 1e9 });
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    stage.store(0).saving = () => {
      throw new Error("broken");
    };
    await engine.stop();
    await stage.pass(60_000);
    expect(stage.saidOf("dropped")).toEqual([]);
    expect(stage.log.sessions.filter(({ isOpen }) => isOpen)).toEqual([]);
    expect(stage.clock.manual.waits).toEqual([]);
  });

  test("asks for a partition that it has given up, too, and says of none who owns it", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning();
    expect(engine.owners).toEqual(["engine-1"]);
    stage.log.before.set(`openReader ${topics.history(0)}`, () => {
      throw new LogError("unavailable", "no");
    });
    stage.log.open("reader", topics.history(0))[0]?.end(new Error("lost"));
    await stage.settle();
    expect(engine.owners).toEqual([""]);
    const sent = stage.log.messages(topics.inbox(0)).length;
    await stage.pass(500);
    expect(stage.log.messages(topics.inbox(0))).toHaveLength(sent + 1);
  });

  test("claims again what it was given before", async () => {
    const stage = new EngineStage();
    stage.put(claimOf(1, "other"));
    await stage.owning();
    expect(stage.saidOf("claimed")).toMatchObject([
      [
        0,
        2,
        { after: stage.log.messages(topics.history(0))[0]?.position, cursor: { epoch: 1, owner: "other" } },
      ],
    ]);
    expect(stage.records().at(1)).toMatchObject({
      kind: "claim",
      epoch: 2,
      owner: "engine-1",
      at: startedAt,
    });
  });

  test("asks for itself by a Tick half a second after its start, then every five seconds in silence", async () => {
    const stage = new EngineStage();
    const engine = stage.engine({ partitions: 2 });
    engine.start();
    await stage.settle();
    const ticks = (partition: number) =>
      stage.log
        .messages(topics.inbox(partition))
        .flatMap(({ payload }) => parseInboxMessage(payload).commands.map(({ type }) => type));
    await stage.pass(499);
    expect([ticks(0), ticks(1)]).toEqual([[], []]);
    await stage.pass(1);
    expect([ticks(0), ticks(1)]).toEqual([["Tick"], ["Tick"]]);
    await stage.pass(500);
    stage.send(stage.start("r1"));
    await stage.settle();
    // Traffic half a second after the first one: at nine tenths of the time it is silent all the same.
    await stage.pass(4_500);
    expect([ticks(0).length, ticks(1).length]).toEqual([3, 2]);
    await stage.pass(501);
    stage.send(stage.start("r2"));
    await stage.settle();
    await stage.pass(4_499);
    expect([ticks(0).length, ticks(1).length]).toEqual([4, 3]);
    await engine.stop();
    await stage.pass(60_000);
    expect([ticks(0).length, ticks(1).length]).toEqual([4, 3]);
  });

  test("may be told how often it asks for itself; a Tick that the log doesn't take is made up for by the next", async () => {
    const stage = new EngineStage();
    stage.log.before.set(`send ${topics.inbox(0)}`, () => {
      throw new LogError("unavailable", "no");
    });
    const engine = stage.engine({ tickMs: 200 });
    engine.start();
    await stage.settle();
    await stage.pass(200);
    stage.log.before.clear();
    await stage.pass(199);
    expect(engine.modes).toEqual(["following"]);
    await stage.pass(1);
    expect(engine.modes).toEqual(["owning"]);
  });

  test("leaves a partition to a newer version that has decided in it, says why, and asks for it no more", async () => {
    const stage = new EngineStage();
    stage.put(claimOf(1, "newer"));
    const engine = await stage.owning();
    stage.put({
      id: "d1",
      kind: "decisions",
      prev: stage.records().at(-1)?.id,
      claimId: stage.records().at(-1)?.id,
      at: 5,
      dispatchedUpTo: 0,
      format: 99,
      decisions: [],
    } as never);
    await stage.settle();
    await stage.pass(2_000);
    const why = "a newer version has decided here (format 99)";
    expect(engine.heldBack).toEqual([why]);
    // Once for each time that it follows the partition.
    expect(stage.saidOf("heldBack")).toEqual([
      [0, why],
      [0, why],
    ]);
    expect(stage.saidOf("dropped")).toEqual([[0, "someone else's record was accepted"]]);
    expect(stage.log.open("consumer", topics.inbox(0))).toEqual([]);
    const sent = stage.log.messages(topics.inbox(0)).length;
    await stage.pass(60_000);
    expect(stage.log.messages(topics.inbox(0))).toHaveLength(sent);
    expect(engine.modes).toEqual(["following"]);
  });

  test("says which topics take nothing", async () => {
    const stage = new EngineStage();
    stage.code = () => [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    stage.log.before.set(`send ${topics.jobs("pay")}`, () => {
      throw new LogError("unavailable", "full");
    });
    const engine = await stage.owning();
    stage.send(stage.start("r1", "pays"));
    await stage.settle();
    expect([...engine.refusals]).toEqual([["jobs-pay", "full"]]);
    stage.log.before.clear();
    await stage.pass(1_000);
    expect([...engine.refusals]).toEqual([]);
    expect(stage.log.messages(topics.jobs("pay"))).toHaveLength(1);
  });

  test("saves what it has, and closes everything, when it is stopped", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning();
    stage.code = () => [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }];
    stage.send(stage.start("r1", "waits"));
    await stage.settle();
    expect(stage.log.open("producer", topics.jobs("pay"))).toHaveLength(1);
    expect(stage.store(0).head()).toBeUndefined();
    await engine.stop();
    expect(stage.store(0).head()?.position).toBe(stage.log.messages(topics.history(0)).at(-1)?.position);
    expect(stage.log.sessions.filter(({ isOpen }) => isOpen)).toEqual([]);
    expect(stage.sessions).toBe(0);
    expect(engine.modes).toEqual(["dropped"]);
    await stage.pass(60_000);
    expect(stage.log.sessions.filter(({ isOpen }) => isOpen)).toEqual([]);
    expect(stage.clock.manual.waits).toEqual([]);
    expect(stage.saidOf("dropped")).toEqual([]);
  });

  test("may be stopped before it was started, and while it waits to connect again", async () => {
    const stage = new EngineStage();
    await stage.engine().stop();
    stage.log.before.set(`openReader ${topics.history(0)}`, () => {
      throw new LogError("unavailable", "no");
    });
    const engine = stage.engine();
    engine.start();
    await stage.settle();
    expect(stage.saidOf("dropped")).toEqual([[0, "connecting failed: no"]]);
    await engine.stop();
    expect(stage.clock.manual.waits).toEqual([]);
  });

  test("hands unanswered attempts over again with each claim, where it is told to", async () => {
    const stage = new EngineStage();
    stage.code = ({ workflow, history }) =>
      history.length > 1
        ? []
        : workflow === "pays"
          ? [{ type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" }]
          : [{ type: "CompleteRun", output: "1" }];
    const first = await stage.owning();
    stage.send(stage.start("r1", "pays"), stage.start("r2", "ends"));
    await stage.settle();
    expect(stage.log.messages(topics.jobs("pay"))).toHaveLength(1);
    await first.stop();
    const second = await stage.owning({ owner: "engine-2" });
    expect(stage.log.messages(topics.jobs("pay"))).toHaveLength(1);
    await second.stop();
    await stage.owning({ owner: "engine-3", handOverAgain: true });
    const handedOver = stage.log.messages(topics.jobs("pay")).map(({ payload }) => parseJobMessage(payload));
    expect(handedOver).toHaveLength(2);
    expect(handedOver[1]).toEqual(handedOver[0]);
  });

  test("may have as many records in flight as readers count on, and no more", () => {
    const stage = new EngineStage();
    expect(() => stage.engine({ tuning: { maxInFlight: mostRecordsInFlight } })).not.toThrow();
    expect(() => stage.engine({ tuning: { maxInFlight: mostRecordsInFlight + 1 } })).toThrow(
      "maxInFlight is at most 16, not 17.",
    );
  });

  test("says that the log's clock strays", async () => {
    const stage = new EngineStage();
    await stage.owning();
    const { now } = stage.log;
    stage.log.now = () => now() + 3_600_000;
    stage.send(stage.start("r1"));
    await stage.settle();
    expect(stage.saidOf("clockStrayed")[0]).toMatchObject([0, "ahead", expect.any(Number)]);
  });
});

describe("After a drop an engine connects again", () => {
  async function waitsAfter(drops: number): Promise<(number | undefined)[]> {
    const stage = new EngineStage();
    stage.log.before.set(`openReader ${topics.history(0)}`, () => {
      throw new LogError("unavailable", "no");
    });
    const engine = stage.engine({ tickMs: 1e9 });
    engine.start();
    await stage.settle();
    const waits: (number | undefined)[] = [];
    for (let count = 0; count < drops; count++) {
      const [wait] = stage.clock.manual.waits.filter((ms) => ms !== 500);
      waits.push(wait);
      await stage.pass(wait ?? 0);
    }
    return waits;
  }

  test("after three quarters of a second on average, and ever later up to five times that while it can't", async () => {
    const waits = await waitsAfter(5);
    expect(waits).toEqual([750, 1_500, 3_000, 3_750, 3_750]);
  });

  test("soon where it was connected, and owns its partition again", async () => {
    const stage = new EngineStage();
    const engine = await stage.owning();
    for (let drops = 0; drops < 4; drops++) {
      stage.log.open("producer", topics.history(0))[0]?.end(new Error("lost"));
      await stage.settle();
      expect(engine.modes).toEqual(["dropped"]);
      expect(stage.log.open("reader", topics.history(0))).toEqual([]);
      await stage.pass(749);
      expect(engine.modes).toEqual(["dropped"]);
      await stage.pass(1);
      stage.send({ type: "Tick" });
      await stage.settle();
      expect(engine.modes).toEqual(["owning"]);
    }
    expect(stage.saidOf("dropped")).toEqual(Array(4).fill([0, "the history producer ended: lost"]));
  });
});
