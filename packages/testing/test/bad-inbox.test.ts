import { Engine } from "@downbeat/engine";
import { encodeInboxMessage, parseHistoryRecord, parseQuarantineMessage, topics } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, test } from "vitest";
import { noFaults } from "../src/simulation/faults.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { workflows } from "../src/simulation/workflows.ts";
import { SimulatedProcess } from "../src/simulation/world.ts";

async function play(partitions: number, runs: number, mischief: (schedule: Schedule) => void) {
  const schedule = new Schedule({
    seed: 3,
    faults: noFaults,
    engine: Engine,
    decisions: () => inProcessDecisions(workflows),
    quiet: true,
    runs,
    engines: 1,
    partitions,
    troubleMs: 20_000,
    settleMs: 60_000,
  });
  schedule.world.schedule(3_000, () => mischief(schedule));
  await schedule.play();
  return schedule;
}

async function publish(schedule: Schedule, topic: string, payload: Uint8Array): Promise<void> {
  const producer = await schedule.log.connect(new SimulatedProcess("stranger")).openProducer(topic);
  await producer.send({ payload });
}

function events(schedule: Schedule, partition: number) {
  return schedule.log.messages(topics.history(partition)).flatMap(({ payload, landedAt }) => {
    const record = parseHistoryRecord(payload);
    if (record?.kind !== "decisions") return [];
    return record.decisions.flatMap(({ runId, events }) =>
      events.map((event) => ({ runId, event, landedAt })),
    );
  });
}

test("a message nested without measure goes to quarantine, and the partition goes on", async () => {
  const deep = `{"commands":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`;
  const schedule = await play(1, 2, (it) => void publish(it, topics.inbox(0), Buffer.from(deep)));
  const quarantined = schedule.log
    .messages(topics.quarantine)
    .map(({ payload }) => parseQuarantineMessage(payload));
  expect(quarantined).toEqual([
    expect.objectContaining({ topic: topics.inbox(0), text: deep.slice(0, 100_000) }),
  ]);
  expect(schedule.drops).toEqual([]);
  expect(events(schedule, 0).filter(({ event }) => event.type === "RunCompleted")).toHaveLength(2);
});

test("a command in the wrong partition makes no second run of the same name", async () => {
  const command = {
    type: "StartRun",
    commandId: "c",
    runId: "run-0",
    workflow: "nap",
    input: '{"ms":10}',
  } as const;
  const schedule = await play(2, 1, (it) => {
    for (const partition of [0, 1]) void publish(it, topics.inbox(partition), encodeInboxMessage([command]));
  });
  const started = [0, 1].map(
    (partition) => events(schedule, partition).filter(({ event }) => event.type === "RunStarted").length,
  );
  expect(started.toSorted()).toEqual([0, 1]);
  const [quarantined] = schedule.log
    .messages(topics.quarantine)
    .map(({ payload }) => parseQuarantineMessage(payload));
  expect(quarantined?.reason).toMatch(/^StartRun of a run that belongs to partition [01] of 2, not to [01]$/);
});

test("a timer's wake-up is believed as soon as any message tells the time, so it fires when it is due", async () => {
  const schedule = await play(1, 6, () => {});
  const dueAt = new Map<string, number>();
  const late: number[] = [];
  for (const { runId, event, landedAt } of events(schedule, 0)) {
    if (event.type === "TimerSet") dueAt.set(`${runId}/${event.timerId}`, event.dueAt);
    if (event.type === "TimerFired") late.push(landedAt - (dueAt.get(`${runId}/${event.timerId}`) ?? 0));
  }
  expect(late.length).toBeGreaterThan(2);
  for (const ms of late) {
    expect(ms).toBeGreaterThanOrEqual(0);
    // In simulated time. The owner's own sweep would come a second late.
    expect(ms).toBeLessThan(200);
  }
});
