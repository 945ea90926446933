import { openEmbeddedLog } from "@downbeat/embedded-log";
import { systemClock as engineClock } from "@downbeat/engine";
import { systemClock as logClock } from "@downbeat/message-log";
import { parseHistoryRecord, type RecordedEvent, topics } from "@downbeat/protocol";
import { type AnyWorkflow, job, type Run, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { type Worker, worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineWithoutCode } from "../../../packages/sdk/test/engine-without-code.ts";
import { Check } from "../src/check/check.ts";

vi.setConfig({ testTimeout: 300_000 });

const runs = 1_000;

interface Order {
  readonly id: string;
  readonly isLarge: boolean;
}

const pack = job<string, string>("pack");
const check = job<string, string>("check");
const send = job<string, string>("send");

const before = workflow("ship", async (run: Run, { id }: Order) => {
  await run.job(pack, id);
  await run.signal("paid");
  return run.job(send, id);
});
const versioned = workflow("ship", async (run: Run, { id, isLarge }: Order) => {
  if (run.version("check large ones", 2) >= 2 && isLarge) await run.job(check, id);
  await run.job(pack, id);
  await run.signal("paid");
  return run.job(send, id);
});
const unversioned = workflow("ship", async (run: Run, { id, isLarge }: Order) => {
  if (isLarge) await run.job(check, id);
  await run.job(pack, id);
  await run.signal("paid");
  return run.job(send, id);
});

/** A thousand runs that wait, every third one of a large order, and no worker any more. */
async function openRuns() {
  let ahead = 0;
  const embedded = await openEmbeddedLog({
    file: ":memory:",
    storage: "inline",
    clock: { ...logClock, now: () => logClock.now() + ahead },
  });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const clock = { ...engineClock, monotonic: () => engineClock.monotonic() + ahead };
  const engine = await engineWithoutCode(() => embedded.connect(), { partitions: 1, clock });
  const histories = new Map<string, RecordedEvent[]>();
  await log.openReader(topics.history(0), {
    from: "earliest",
    onMessage: ({ payload }) => {
      const record = parseHistoryRecord(payload);
      if (record?.kind !== "decisions") return;
      for (const { runId, seq, events } of record.decisions) {
        const history = histories.get(runId) ?? [];
        histories.set(runId, history);
        for (const [index, event] of events.entries())
          history.push({ seq: seq + index, at: record.at, event });
      }
    },
  });
  const c = client({ log: embedded.connect(), answerWithin: "2 minutes" });
  const workers: Worker[] = [];
  const deploy = async (code: AnyWorkflow, build: string) => {
    const hosted = worker({
      log: embedded.connect(),
      build,
      workflows: [code],
      isolation: "none",
      jobs: { pack: async (id: string) => id, check: async () => "fine", send: async () => "sent" },
      concurrency: 1_000,
      logger: false,
    });
    workers.push(hosted);
    await hosted.ready;
    return hosted;
  };
  onTestFinished(async () => {
    await Promise.all(workers.map((one) => one.stop({ graceMs: 100 })));
    await c.close();
    await engine.stop();
    await embedded.close();
  });
  const idsWith = (type: RecordedEvent["event"]["type"]): string[] =>
    [...histories]
      .filter(([, history]) => history.some(({ event }) => event.type === type))
      .map(([id]) => id);
  const first = await deploy(before, "1");
  const ids = Array.from({ length: runs }, (_, index) => `order-${index}`);
  const orders = ids.map((id, index) => ({ id, isLarge: index % 3 === 0 }));
  await Promise.all(orders.map((order) => c.start(before, order, { runId: order.id })));
  await vi.waitFor(() => expect(idsWith("SignalAwaited")).toHaveLength(runs), {
    timeout: 120_000,
    interval: 200,
  });
  /** Those that a build could not go on with. */
  const declined = (): string[] =>
    [...histories]
      .filter(([, history]) =>
        history.some(({ event }) => event.type === "CodeAskedAgain" && event.because === "notMine"),
      )
      .map(([id]) => id)
      .sort();
  /** What `downbeat check` says of them. */
  const diverging = async (code: AnyWorkflow) => {
    // It says that the code of a test file can't be loaded in a thread.
    const checked = new Check(new Map([[code.name, code]]), () => {});
    for (const [runId, events] of histories) await checked.add(runId, { runId, events: [...events] });
    await checked.close();
    expect(checked.findings.checked).toBe(runs);
    return checked.findings.diverging.map(({ runId }) => runId).sort();
  };
  const pay = (some = ids) => Promise.all(some.map((id) => c.run(id).signal("paid", true)));
  const start = (code: typeof before, some: readonly Order[]) =>
    Promise.all(some.map((order) => c.start(code, order, { runId: order.id })));
  const settled = (ended: number, stuck: number) =>
    vi.waitFor(
      () => expect([idsWith("RunCompleted").length, idsWith("RunStuck").length]).toEqual([ended, stuck]),
      { timeout: 120_000, interval: 200 },
    );
  const moveClocks = (ms: number) => {
    ahead += ms;
  };
  return { declined, deploy, diverging, first, histories, ids, idsWith, moveClocks, pay, settled, start };
}

test("a rolling deploy that changes a workflow under 1,000 open runs with run.version gets none stuck, as was checked before", async () => {
  const { deploy, diverging, first, histories, ids, pay, settled, start } = await openRuns();
  expect(await diverging(versioned)).toEqual([]);
  // Both are there for a while, and either is asked of any run: of one that began before the change, or of one that lives by version 2.
  await deploy(versioned, "2");
  const newer = Array.from({ length: 100 }, (_, index) => ({ id: `newer-${index}`, isLarge: true }));
  await start(versioned, newer);
  await pay(ids.slice(0, runs / 2));
  await pay(newer.map(({ id }) => id));
  await settled(runs / 2 + newer.length, 0);
  await first.stop();
  await pay(ids.slice(runs / 2));
  await settled(runs + newer.length, 0);
  const decidedBy = (some: readonly string[]) =>
    new Set(
      some.flatMap((id) =>
        (histories.get(id) ?? []).flatMap(({ event }) =>
          event.type === "CodeAnswered" ? [event.build] : [],
        ),
      ),
    );
  expect([...decidedBy(ids.slice(runs / 2))].sort()).toEqual(["1", "2"]);
});

test("without run.version exactly those get stuck that were counted before, after ten minutes in which another build may come", async () => {
  const { declined, deploy, diverging, first, idsWith, moveClocks, pay, settled } = await openRuns();
  const counted = await diverging(unversioned);
  expect(counted).toHaveLength(334);
  await first.stop();
  await deploy(unversioned, "2");
  await pay();
  await vi.waitFor(() => expect(declined()).toEqual(counted), {
    timeout: 120_000,
    interval: 200,
  });
  await settled(runs - 334, 0);
  moveClocks(11 * 60_000);
  await settled(runs - 334, 334);
  expect(idsWith("RunStuck").sort()).toEqual(counted);
});
