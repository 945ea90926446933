import {
  type AcceptCursor,
  emptyCursor,
  highestEpoch,
  maxPayloadBytes,
  openJobs,
  openWaits,
  type RunEvent,
} from "@downbeat/domain";
import { Engine } from "@downbeat/engine";
import {
  encodeHistoryRecord,
  type HistoryReading,
  readHistory,
  recordFormat,
  recordProperties,
  topics,
} from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWith } from "../src/rules/engine-without.ts";
import { noFaults } from "../src/simulation/faults.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { workflows } from "../src/simulation/workflows.ts";
import { SimulatedProcess } from "../src/simulation/world.ts";

/** More than enough runs to see whether anybody else is hurt. */
const runs = 12;
const partition = 0;
const topic = topics.history(partition);

async function play(
  mischief: (schedule: Schedule) => void,
  options: { engines?: number; engineOf?: (name: string) => EngineClass } = {},
): Promise<Schedule> {
  const schedule = new Schedule({
    seed: 11,
    faults: noFaults,
    engine: Engine,
    decisions: () => inProcessDecisions(workflows),
    quiet: false,
    runs,
    engines: 1,
    partitions: 1,
    troubleMs: 20_000,
    settleMs: 90_000,
    ...options,
  });
  schedule.world.schedule(10_000, () => mischief(schedule));
  await schedule.play();
  return schedule;
}

function readings(schedule: Schedule): HistoryReading[] {
  let cursor: AcceptCursor = emptyCursor;
  return schedule.log.messages(topic).map((message) => {
    const reading = readHistory(cursor, { ...message, properties: message.properties ?? {} });
    cursor = reading.cursor;
    return reading;
  });
}

/** Appends what no engine decided, as if it followed the last record that counts. */
async function forge(schedule: Schedule, decisions: readonly object[], more: object = {}): Promise<void> {
  const cursor = readings(schedule).at(-1)?.cursor ?? emptyCursor;
  const { last: prev, claim: claimId, epoch } = cursor;
  const record = {
    kind: "decisions",
    id: `forged-${prev}`,
    prev,
    claimId,
    epoch,
    at: schedule.world.now,
    dispatchedUpTo: 0,
  };
  await append(
    schedule,
    Buffer.from(JSON.stringify({ ...record, at: Math.floor(record.at), decisions, ...more })),
    record.id,
  );
}

async function append(schedule: Schedule, payload: Uint8Array, id: string): Promise<void> {
  const producer = await schedule.log.connect(new SimulatedProcess("forger")).openProducer(topic);
  await producer.send({ payload, properties: { ...recordProperties(id, payload) } });
}

/** How each run ended, as far as it did. */
function ends(schedule: Schedule): Map<string, string> {
  const found = new Map<string, string>();
  for (const reading of readings(schedule)) {
    if (reading.type !== "decisions") continue;
    for (const { runId, seq, events } of reading.record.decisions) {
      for (const { type } of events)
        if (seq > 0 && /^Run(Completed|Failed|Cancelled|Terminated)$/.test(type)) found.set(runId, type);
    }
  }
  return found;
}

function stateOf(schedule: Schedule, runId: string) {
  return schedule.slots
    .flatMap(({ engine }) => engine.processors[partition]?.tenure?.fold.entry(runId) ?? [])
    .map(({ state }) => state)[0];
}

function part(runId: string, seq: number, ...events: RunEvent[]) {
  return { runId, workflow: "short", inputId: "forged", seq, events };
}

/** Waits for signals that last until one comes, since a person took their time-out away. */
function lifted(schedule: Schedule): Set<string> {
  const found = new Set<string>();
  for (const reading of readings(schedule)) {
    if (reading.type !== "decisions") continue;
    for (const { runId, events } of reading.record.decisions)
      for (const event of events)
        if (event.type === "TimerCancelled" && event.action !== undefined)
          found.add(`${runId} ${event.timerId}`);
  }
  return found;
}

/** Runs that somebody started and that haven't ended though nobody is to decide about them: unharmed they all end. */
function unended(schedule: Schedule): string[] {
  const ended = ends(schedule);
  const untimed = lifted(schedule);
  // Others are refused.
  const started = schedule.sent.flatMap(({ command }) =>
    command.type === "StartRun" && command.workflow !== "unknown" && command.input.length <= maxPayloadBytes
      ? [command.runId]
      : [],
  );
  return [...new Set(started)].filter((runId) => {
    const state = stateOf(schedule, runId);
    const isWaitingForPeople =
      state?.status === "running" &&
      (state.stuck !== undefined ||
        openJobs(state).some(({ status }) => status === "stuck") ||
        openWaits(state).some(({ waitId }) => untimed.has(`${runId} ${waitId}`)));
    return !ended.has(runId) && !isWaitingForPeople;
  });
}

test("A run without mischief ends, so that one that doesn't was harmed", async () => {
  const undamaged = await play(() => {});
  expect(unended(undamaged)).toEqual([]);
  expect(ends(undamaged).size).toBeGreaterThan(runs / 2);
  expect(undamaged.drops).toEqual([]);
  expect(undamaged.notes).toEqual([]);
});

describe("A forged claim", () => {
  test.each([Number.MAX_SAFE_INTEGER, highestEpoch, 900, 1])("of epoch %d hurts nobody", async (epoch) => {
    const record = { kind: "claim", id: "forged", epoch, owner: "nobody", at: 1 } as const;
    const schedule = await play((it) => void append(it, encodeHistoryRecord(record), record.id));
    expect(unended(schedule)).toEqual([]);
    expect(schedule.drops).toEqual([]);
    expect(schedule.everyPartitionHasOneOwner()).toBe(true);
  });

  test("of the next epoch costs one take-over", async () => {
    const schedule = await play((it) => {
      const epoch = (readings(it).at(-1)?.cursor.epoch ?? 0) + 1;
      void append(
        it,
        encodeHistoryRecord({ kind: "claim", id: "forged", epoch, owner: "nobody", at: 1 }),
        "forged",
      );
    });
    expect(unended(schedule)).toEqual([]);
    expect(schedule.drops).toEqual(["nobody has claimed the partition"]);
    expect(schedule.everyPartitionHasOneOwner()).toBe(true);
  });
});

describe("An event that can't follow sets its run aside, and everybody else goes on:", () => {
  const jobCompleted: RunEvent = { type: "JobCompleted", jobId: "j1", output: "1" };
  test.each<[string, (schedule: Schedule) => object[], RegExp]>([
    [
      "a job that completes after the run's end",
      (it) => {
        const [runId] = [...ends(it)][0] ?? ["none"];
        return [part(runId, (stateOf(it, runId)?.seq ?? 0) + 1, jobCompleted)];
      },
      /JobCompleted can't follow the run's end/,
    ],
    [
      "a run without a beginning",
      () => [part("stranger", 7, jobCompleted)],
      /its beginning is not in the log/,
    ],
    [
      "a second start",
      () => [part("run-1", 1, { type: "RunStarted", workflow: "short", input: "1" })],
      /is there twice|a second time/,
    ],
    [
      "an event that can't be read",
      () => [{ ...part("stranger", 1), events: [{ type: "RunStarted", workflow: 7 }] }],
      /event 1 can't be read/,
    ],
    [
      "a time that is none",
      () => [part("stranger", 1, { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 1e300 })],
      /dueAt/,
    ],
  ])("%s", async (_, decisions, found) => {
    let victim = "";
    const schedule = await play((it) => {
      const forged = decisions(it);
      victim = (forged[0] as { runId: string }).runId;
      void forge(it, forged);
    });
    expect(stateOf(schedule, victim)).toMatchObject({
      status: "damaged",
      found: expect.stringMatching(found),
    });
    expect(unended(schedule).filter((runId) => runId !== victim)).toEqual([]);
    expect(schedule.everyPartitionHasOneOwner()).toBe(true);
    expect(schedule.drops).toEqual(["someone else's record was accepted"]);
  });

  test("and a person repairs it", async () => {
    const schedule = await play((it) => {
      void forge(it, [part("run-2", 90, jobCompleted)]);
      it.world.schedule(20_000, () =>
        it.send({
          type: "RepairRun",
          commandId: "repair",
          runId: "run-2",
          outcome: "cut",
          action: { actionId: "repair", actor: "mia", reason: "forged" },
        }),
      );
    });
    expect(stateOf(schedule, "run-2")?.status).not.toBe("damaged");
    expect(unended(schedule)).toEqual([]);
  });
});

describe("A record of a time that no engine had is read as of one that it may have had, and said:", () => {
  const hours = 3_600_000;
  test.each<[string, (now: number) => number]>([
    ["the last of all numbers", () => Number.MAX_SAFE_INTEGER],
    ["the last of all dates", () => 8.64e15],
    ["the year 9999", () => 253_402_214_400_000],
    ["ten years ahead", (now) => now + 87_600 * hours],
    ["two days ahead", (now) => now + 48 * hours],
  ])("%s", async (_, of) => {
    const schedule = await play((it) => {
      const at = Math.floor(of(it.world.now));
      void forge(it, [part("stranger", 7, { type: "JobCompleted", jobId: "j1", output: "1" })], { at });
      it.world.schedule(5_000, () => it.crashEngine(0, true));
    });
    expect(unended(schedule).filter((runId) => runId !== "stranger")).toEqual([]);
    expect(schedule.everyPartitionHasOneOwner()).toBe(true);
    expect(schedule.drops).toEqual(["someone else's record was accepted"]);
    expect(schedule.notes).toContainEqual(expect.stringMatching(/when no engine can have decided it/));
    const times = readings(schedule).flatMap((reading) =>
      reading.type === "leftOut" ? [] : [reading.record.at],
    );
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.max(...times)).toBeLessThan(schedule.world.now + 1);
  });
});

describe("An event with a number at the end of all numbers hurts nobody but its run:", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const failure = { kind: "technical", name: "Error", message: "no" } as const;
  const pay = { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" } as const;
  const begun: RunEvent[] = [
    pay,
    { type: "AttemptRequested", jobId: "j1", attempt: 1 },
    { type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 },
  ];
  const timer = { type: "TimerSet", timerId: "t1", generation: 1, dueAt: most } as const;
  test.each<[string, RunEvent[]]>([
    ["a version", [{ type: "VersionRecorded", changeId: "c", version: most }]],
    ["what code was told", [{ type: "CodeAnswered", upTo: most, answerId: "a", left: most }]],
    ["how often code was asked", [{ type: "CodeAskedAgain", attempt: most, because: "noAnswer" }]],
    ["until when a job is held", [{ ...pay, heldUntil: most }]],
    ["limits of a job", [{ ...pay, options: { startToCloseMs: Number.MAX_VALUE, heartbeatMs: most } }]],
    [
      "a job's back-off",
      [
        {
          ...pay,
          options: {
            retry: {
              maxAttempts: most,
              initialIntervalMs: Number.MAX_VALUE,
              maxIntervalMs: Number.MAX_VALUE,
            },
          },
        },
      ],
    ],
    ["an attempt", [pay, { type: "AttemptRequested", jobId: "j1", attempt: most }]],
    [
      "an attempt's beginning",
      [
        ...begun.slice(0, 2),
        { type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: most, redelivered: most },
      ],
    ],
    ["a heartbeat", [...begun, { type: "AttemptHeartbeat", jobId: "j1", attempt: 1, agoMs: most }]],
    [
      "when it is tried again",
      [...begun, { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, retryAt: most }],
    ],
    ["a timer", [timer]],
    ["a timer's generation", [{ ...timer, generation: most, dueAt: 1 }]],
    [
      "the time-out of a wait",
      [{ type: "SignalAwaited", waitId: "w1", name: "n", timeoutMs: Number.MAX_VALUE }],
    ],
  ])("%s", async (_, events) => {
    const started = { type: "RunStarted", workflow: "short", input: "1" } as const;
    const schedule = await play((it) => {
      void forge(it, [part("stranger", 1, started, ...events)]);
      it.world.schedule(5_000, () => it.crashEngine(0, false));
      it.world.schedule(10_000, () =>
        it.send({
          type: "CancelRun",
          commandId: "cancel",
          runId: "stranger",
          action: { actionId: "cancel", actor: "mia", reason: "forged" },
        }),
      );
    });
    expect(unended(schedule).filter((runId) => runId !== "stranger")).toEqual([]);
    expect(schedule.everyPartitionHasOneOwner()).toBe(true);
    expect(schedule.drops).toEqual(["someone else's record was accepted"]);
  });
});

describe("One flipped bit in history", () => {
  /** In the record at that share of the partition, past its header. */
  function flip(schedule: Schedule, share: number): void {
    const stored = schedule.log.messages(topic);
    const message = stored[Math.floor(stored.length * share)];
    if (message === undefined) return;
    const place = Math.floor(message.payload.length * 0.6);
    message.payload[place] = (message.payload[place] ?? 0) ^ 4;
  }

  test.each([0.1, 0.35, 0.6, 0.9])(
    "costs the runs of that record, and no run starts again, also without a snapshot (at %d)",
    async (share) => {
      const before = new Map<string, string>();
      const schedule = await play((it) => {
        flip(it, share);
        for (const [runId, end] of ends(it)) before.set(runId, end);
        it.crashEngine(0, true);
      });
      const damaged = readings(schedule).flatMap((reading) =>
        reading.type === "leftOut" && reading.cause === "damaged" ? reading.runIds : [],
      );
      expect(schedule.notes).toEqual([expect.stringMatching(/its checksum is not that of what was written/)]);
      expect(unended(schedule).filter((runId) => !damaged.includes(runId))).toEqual([]);
      const starts = readings(schedule).flatMap((reading) =>
        reading.type !== "decisions"
          ? []
          : reading.record.decisions.filter(({ seq, events }) => seq > 0 && events[0]?.type === "RunStarted"),
      );
      expect(new Set(starts.map(({ runId }) => runId)).size).toBe(starts.length);
      expect(schedule.everyPartitionHasOneOwner()).toBe(true);
    },
  );
});

test("A history whose front was cut off goes on: runs without a beginning are set aside, the partition finds an owner", async () => {
  const schedule = await play((it) => {
    it.log.cutFront(topic, Math.floor(it.log.messages(topic).length / 2));
    it.crashEngine(0, true);
  });
  expect(schedule.everyPartitionHasOneOwner()).toBe(true);
  expect(schedule.drops).toEqual([]);
  expect(schedule.notes).toContainEqual(expect.stringMatching(/begins late/));
  const statuses = Array.from({ length: runs }, (_, index) => stateOf(schedule, `run-${index}`)?.status);
  expect(statuses).toContain("damaged");
  // Of those that were over before, nothing is left.
  const harmed = unended(schedule).filter((runId) => stateOf(schedule, runId)?.status === "running");
  expect(harmed).toEqual([]);
});

test("A history that was made again while its engine was away is read again, and its chain is the one that everybody else sees", async () => {
  const schedule = await play((it) => {
    it.log.cutFront(topic, it.log.messages(topic).length);
    const claim = { kind: "claim", id: "elsewhere", epoch: 7, owner: "elsewhere", at: 1 } as const;
    void append(it, encodeHistoryRecord(claim), claim.id).then(() => it.crashEngine(0, false));
  });
  expect(schedule.everyPartitionHasOneOwner()).toBe(true);
  const claims = readings(schedule).filter(({ type }) => type === "claim");
  expect(claims.map(({ cursor }) => cursor.epoch)).toEqual([7, 8]);
  expect(readings(schedule).filter(({ type }) => type === "leftOut")).toEqual([]);
  expect(schedule.notes).toContainEqual(expect.stringMatching(/begins late/));
});

test("An engine that meets records of a newer format leaves the partition to a newer one, and says why", async () => {
  const newer = await engineWith([
    {
      file: "own-records.ts",
      find: "return format === 1 ? {} : { format };",
      replace: `return { format: ${recordFormat + 1} };`,
    },
    { file: "fold.ts", find: "if (reading.isNewer) this.newer ??=", replace: "if (false) this.newer ??=" },
  ]);
  // The older one comes first in the order in which the log gives out partitions.
  const schedule = await play((it) => it.crashEngine(0, true), {
    engines: 2,
    engineOf: (name) => (name === "engine-1" ? newer : Engine),
  });
  expect(unended(schedule)).toEqual([]);
  expect(schedule.slots.map(({ engine }) => engine.modes[partition])).toEqual(["following", "owning"]);
  expect(schedule.notes.at(-1)).toMatch(/^engine-0 held back of 0: a newer version has decided here/);
});
