import { type AcceptCursor, decide, emptyCursor, orderedMap, type RunState } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { MemoryStateStore } from "@downbeat/engine";
import { HistoryCompaction } from "@downbeat/engine/compaction";
import { type MessageLog, type Position, type ReceivedMessage, readRange } from "@downbeat/message-log";
import {
  AcceptedMidway,
  type Decision,
  readHeader,
  readHistory,
  readRecord,
  recordProperties,
} from "@downbeat/protocol";
import { by, decisionsOf, HistoryLog, randomRun } from "@downbeat/read-model/testing";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { Fold } from "../../engine/src/fold.ts";

const topic = "history-partition-0";
const day = 86_400_000;
/** All of the histories drawn here are over by then. */
const end = 10 * day;

const histories = fc.record({
  runs: fc.array(
    fc.record({
      startAt: fc.integer({ min: 1_000, max: 8 * day }),
      choices: fc.array(fc.nat(100_000), { minLength: 1, maxLength: 12 }),
      /** Most are over some time. */
      isEnded: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn < 8),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  /** How many decisions go into each record, and what is put before it. */
  records: fc.array(
    fc.record({
      size: fc.integer({ min: 1, max: 4 }),
      before: fc.constantFrom("", "", "", "", "claim", "zombie", "late claim", "junk", "again"),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  /** A record whose bytes are not what was written. */
  damaged: fc.option(fc.nat(200), { freq: 6 }),
  passes: fc.array(
    fc.record({
      endedBefore: fc.integer({ min: 0, max: end }),
      /** The process dies after so many transactions. */
      diesAfter: fc.option(fc.nat(6)),
      mostRuns: fc.integer({ min: 1, max: 8 }),
      mostRecords: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  /** Where others have read to when compaction begins, in thousandths. */
  places: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 }),
});

type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

function messagesOf({
  runs,
  records,
  damaged,
}: History): { payload: Uint8Array; properties: Record<string, string> }[] {
  const driven = runs.map(({ startAt, choices, isEnded }, index) => {
    const run = randomRun(`r${index}`, startAt, choices);
    if (isEnded && run.state?.status === "running")
      run.do({ type: "TerminateRun", ...by("ada", "enough", `end/${index}`) });
    return run;
  });
  const log = new HistoryLog().claim();
  const decisions = decisionsOf(driven);
  for (let index = 0, next = 0; next < decisions.length; index++) {
    const { size, before } = records[index % records.length] ?? { size: 1, before: "" };
    const taken = decisions.slice(next, next + size);
    next += size;
    if (before === "claim") log.claim(`engine-${index}`);
    else if (before === "zombie")
      log.zombie(taken.map(({ decision }) => ({ ...decision, inputId: "zombie" })));
    else if (before === "late claim") log.lateClaim();
    else if (before === "junk") log.bytes(Buffer.from("junk"));
    else if (before === "again") log.repeat(index * 7);
    log.decide(
      taken.at(-1)?.at ?? 0,
      taken.map(({ decision }) => decision),
    );
  }
  return log.messages.map(({ payload }, index) => {
    const { id = "" } = readHeader({ payload }) ?? {};
    const properties = id === "" ? {} : { ...recordProperties(id, payload) };
    const isDamaged = index === damaged && index > 0;
    return {
      payload: isDamaged ? Buffer.concat([payload.subarray(0, -1), Buffer.from("!")]) : payload,
      properties,
    };
  });
}

/** What there is to know of a run: the shape of its maps tells in which order they were filled. */
function known(state: RunState | undefined): unknown {
  if (state?.status === "damaged" && state.good !== undefined)
    return { ...state, ids: idsOf(state), actions: null, unanswered: null, good: known(state.good) };
  return state === undefined || state.status === "running"
    ? state
    : { ...state, ids: idsOf(state), actions: null, unanswered: null };
}

function idsOf({ actions, unanswered }: RunState): unknown {
  return { actions: orderedMap.keys(actions), unanswered: orderedMap.keys(unanswered) };
}

interface Folded {
  readonly states: unknown[];
  readonly histories: unknown[];
  readonly cursor: unknown;
  readonly next: unknown;
}

async function readOn(fold: Fold, log: MessageLog): Promise<void> {
  const to = await log.lastPosition(topic);
  if (to === undefined) return;
  const from = fold.position === undefined ? "earliest" : ({ after: fold.position } as const);
  if (fold.position !== undefined && fold.position >= to) return;
  await readRange(log, topic, { from, to }, (message) => {
    fold.read(message, message.position);
    return false;
  });
}

function seen(fold: Fold, runs: number): Folded {
  const entries = Array.from({ length: runs }, (_, index) => fold.entry(`r${index}`));
  const { epoch, last, count, claim, owner } = fold.cursor;
  return {
    states: entries.map((entry) => known(entry?.state)),
    // The store is given what is new; what is open is whole.
    histories: entries.map((entry) => entry?.history),
    cursor: { epoch, last, count, claim, owner },
    next: { at: fold.at, dispatchedUpTo: fold.dispatchedUpTo, newer: fold.newer },
  };
}

/** Whoever begins in the midst finds out the same as who has read all, wherever that is. */
async function checkMidway(log: MessageLog): Promise<void> {
  const to = await log.lastPosition(topic);
  if (to === undefined) return;
  const messages: ReceivedMessage[] = [];
  await readRange(log, topic, { from: "earliest", to }, (message) => {
    messages.push(message);
    return false;
  });
  const end = (from: readonly ReceivedMessage[], cursor: AcceptCursor) => {
    const { epoch, last } = from.reduce((before, message) => readHistory(before, message).cursor, cursor);
    return { epoch, last };
  };
  const expected = end(messages, emptyCursor);
  for (let first = 0; first < messages.length; first++) {
    const midway = new AcceptedMidway();
    const shown: number[] = [];
    for (const [index, message] of messages.entries()) {
      const record = readRecord(message);
      if (index < first || "unreadable" in record) continue;
      midway.show(record);
      shown.push(index);
    }
    const proven = midway.last();
    if (proven === undefined) continue;
    expect(end(messages.slice((shown[proven.index] ?? 0) + 1), proven.cursor)).toEqual(expected);
  }
}

test("after any compaction, interrupted anywhere, everybody reads the same of every run", {
  timeout: 240_000,
}, async () => {
  let removed = 0;
  let gone = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const embedded = await openEmbeddedLog({ file: ":memory:", onDamaged: () => {} });
      try {
        const log = embedded.connect();
        const producer = await log.openProducer(topic);
        const messages = messagesOf(history);
        const positions = (await Promise.all(
          messages.map((message) => producer.send(message)),
        )) as Position[];
        const count = history.runs.length;
        const before = new Fold(new MemoryStateStore());
        const inMidst = new Map<number, Fold>();
        for (const place of history.places) {
          const upTo = Math.floor((place * messages.length) / 1_001);
          const fold = new Fold(new MemoryStateStore());
          for (let index = 0; index <= upTo; index++)
            fold.read(messages[index] as ReceivedMessage, positions[index] as Position);
          inMidst.set(upTo, fold);
        }
        await readOn(before, log);
        const expected = seen(before, count);
        const check = async () => {
          const fresh = new Fold(new MemoryStateStore());
          await readOn(fresh, log);
          expect(seen(fresh, count)).toEqual(expected);
        };
        for (const { endedBefore, diesAfter, ...most } of history.passes) {
          let left = diesAfter ?? Number.POSITIVE_INFINITY;
          const compaction = new HistoryCompaction({
            log,
            topic,
            endedBefore,
            forgottenBefore: 0,
            ...most,
            compact: async (compacted) => {
              if (left-- <= 0) throw new Error("The process died.");
              await embedded.compact("public/default", topic, compacted);
              await check();
            },
          });
          await compaction.run().then(
            (done) => {
              removed += done.runs;
              gone += done.records;
            },
            (error: unknown) => expect(error).toEqual(new Error("The process died.")),
          );
          await check();
        }
        // In the midst the second of two copies can't be told from the first, nor what follows a claim that is lost; neither is an engine's doing.
        const isSound = history.damaged === null && !history.records.some(({ before }) => before === "again");
        if (isSound) await checkMidway(log);
        for (const [, fold] of inMidst) {
          await readOn(fold, log);
          expect(seen(fold, count)).toEqual(expected);
        }
      } finally {
        await embedded.close();
      }
    }),
    { numRuns: 40 },
  );
  // Else nothing was tried.
  expect(removed).toBeGreaterThan(20);
  expect(gone).toBeGreaterThan(20);
});

/** A log of the messages, and what compacts it. */
async function stage(
  messages: readonly { readonly payload: Uint8Array; readonly properties?: Record<string, string> }[],
) {
  const embedded = await openEmbeddedLog({ file: ":memory:", onDamaged: () => {} });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  const producer = await log.openProducer(topic);
  const send = async (more: typeof messages) => {
    for (const { payload, properties } of more) {
      const { id = "" } = readHeader({ payload }) ?? {};
      await producer.send({ payload, properties: properties ?? { ...recordProperties(id, payload) } });
    }
  };
  await send(messages);
  const compact = (endedBefore: number, forgottenBefore = 0) =>
    new HistoryCompaction({
      log,
      topic,
      endedBefore,
      forgottenBefore,
      compact: (compacted) => embedded.compact("public/default", topic, compacted),
    }).run();
  const fresh = async () => {
    const fold = new Fold(new MemoryStateStore());
    await readOn(fold, log);
    return fold;
  };
  const records = async () => {
    const found: ReturnType<typeof readRecord>[] = [];
    const to = await log.lastPosition(topic);
    if (to !== undefined)
      await readRange(log, topic, { from: "earliest", to }, (message) => {
        found.push(readRecord(message));
        return false;
      });
    return found;
  };
  return { log, send, compact, fresh, records };
}

const started = (runId: string): Decision => ({
  runId,
  workflow: "bookTrip",
  inputId: `start/${runId}`,
  seq: 1,
  events: [{ type: "RunStarted", workflow: "bookTrip", input: "{}" }],
});
const completed = (runId: string): Decision => ({
  ...started(runId),
  inputId: `end/${runId}`,
  seq: 2,
  events: [{ type: "RunCompleted", output: "1" }],
});
const refused = (runId: string, seq: number): Decision => ({
  ...started(runId),
  inputId: `signal/${seq}`,
  seq,
  events: [{ type: "CommandRefused", command: "SendSignal", code: "RunOver", message: "It is over." }],
});
const start = (runId: string) =>
  ({ type: "StartRun", runId, commandId: "late", workflow: "bookTrip", input: "{}" }) as const;

test("what stays of 600 runs that are over is one record that knows their ids, for as long as it is to", async () => {
  const log = new HistoryLog().claim();
  const ids = Array.from({ length: 600 }, (_, index) => `trip-${index}`);
  for (const [index, id] of ids.entries()) log.decide(index, [started(id)]).decide(index, [completed(id)]);
  const { compact, fresh, records } = await stage(log.messages);
  expect(await compact(5_000)).toMatchObject({ runs: 600, records: 1_197 });
  // A stretch is 500 records; the next time they become one.
  await compact(5_000);
  expect(await records()).toHaveLength(2);
  const fold = await fresh();
  for (const id of ids)
    expect(decide(fold.entry(id)?.state, start(id), 9_000)).toMatchObject({
      type: "rejected",
      code: "RunExists",
    });
  expect(fold.cursor.count).toBe(1_201);
  await compact(5_000, 300);
  const later = await fresh();
  expect(later.entry("trip-299")).toBeUndefined();
  expect(later.entry("trip-300")?.state.status).toBe("completed");
  await compact(5_000, 5_000);
  expect(await records()).toHaveLength(2);
  expect((await fresh()).cursor).toEqual(fold.cursor);
});

test("what was refused after a run's end sets nothing aside, whatever of the run is left", async () => {
  const log = new HistoryLog().claim();
  log.decide(1_000, [started("r"), completed("r")]);
  for (const number of [1, 2, 3]) log.decide(number * 3 * day, [refused("r", 2 + number)]);
  log.decide(12 * day, [started("other")]);
  const { compact, fresh } = await stage(log.messages);
  const states = async () => {
    const state = (await fresh()).entry("r")?.state;
    return state === undefined ? undefined : `${state.status} at ${state.seq}`;
  };
  expect(await states()).toBe("completed at 5");
  await compact(2 * day);
  expect(await states()).toBe("completed at 5");
  await compact(7 * day);
  expect(await states()).toBe("completed at 5");
  await compact(7 * day, 2 * day);
  expect(await states()).toBeUndefined();
  await compact(11 * day, 11 * day);
  expect(await states()).toBeUndefined();
});

test("a run that begins again under a forgotten id is the same for who still knows the old one", async () => {
  const log = new HistoryLog()
    .claim()
    .decide(1_000, [started("r")])
    .decide(1_000, [completed("r")]);
  const old = log.messages.length;
  log.decide(5 * day, [started("r"), started("other")]);
  const { compact, send, fresh } = await stage(log.messages.slice(0, old));
  const knows = await fresh();
  expect(knows.entry("r")?.state.status).toBe("completed");
  await compact(2 * day, 2 * day);
  await send(log.messages.slice(old));
  for (const [index, message] of log.messages.slice(old).entries())
    knows.read(message, `x${index}` as Position);
  expect((await fresh()).entry("r")?.state).toMatchObject({ status: "running", seq: 1 });
  expect(knows.entry("r")?.state).toMatchObject({ status: "running", seq: 1 });
  expect(knows.entry("r")?.history).toHaveLength(1);
});

test("a start that comes a moment after the end of a run of that id is still what can't follow", async () => {
  const log = new HistoryLog()
    .claim()
    .decide(1_000, [started("r")])
    .decide(1_000, [completed("r")]);
  log.decide(2_000, [started("r")]);
  const { fresh } = await stage(log.messages);
  expect((await fresh()).entry("r")?.state).toMatchObject({
    status: "damaged",
    found: expect.stringContaining("twice"),
  });
});

test("an input whose rest is in a further record is still known to have one", async () => {
  const log = new HistoryLog().claim();
  const unfinished = (id: string, decisions: Decision[]) =>
    ({
      kind: "decisions",
      id,
      prev: id === "u1" ? "claim-0" : "u1",
      claimId: "claim-0",
      at: 1_000,
      dispatchedUpTo: 0,
      decisions,
      partsLeft: 1,
    }) as const;
  log.append(unfinished("u1", [started("open"), started("over")]));
  log.append(unfinished("u2", [completed("over"), { ...started("wide"), inputId: "in" }]));
  const { compact, fresh } = await stage(log.messages);
  const states = async () => {
    const fold = await fresh();
    return ["open", "over", "wide"]
      .map((runId) => fold.entry(runId)?.state)
      .map((state) => (state?.status === "running" ? ["running", state.unfinished] : state?.status));
  };
  const before = await states();
  expect(before).toEqual([["running", undefined], "completed", ["running", true]]);
  await compact(2_000);
  expect(await states()).toEqual(before);
});

test("what is damaged stays, and so does the history of the runs that it tells of", async () => {
  const log = new HistoryLog().claim();
  log.decide(1, [started("a"), started("b")]).decide(2, [refused("b", 2)]);
  log.decide(3, [{ ...completed("b"), seq: 3 }, completed("a")]);
  const messages = log.messages.map(({ payload }, index) => {
    const { id = "" } = readHeader({ payload }) ?? {};
    const properties = { ...recordProperties(id, payload) };
    return {
      payload: index === 2 ? Buffer.from(String(payload).replace("It is", "It iz")) : payload,
      properties,
    };
  });
  const { compact, fresh, records } = await stage(messages);
  const before = await fresh();
  expect(before.entry("b")?.state.status).toBe("damaged");
  expect(await compact(1_000, 1_000)).toMatchObject({ runs: 1 });
  expect(await records()).toHaveLength(4);
  const after = await fresh();
  expect(after.entry("a")).toBeUndefined();
  expect(after.entry("b")).toEqual(before.entry("b"));
  expect(after.cursor).toEqual(before.cursor);
});

test("nothing is touched from the first record on that a newer version wrote", async () => {
  const log = new HistoryLog().claim();
  log.decide(1, [started("a"), completed("a")]);
  log.bytes(
    Buffer.from(
      JSON.stringify({
        kind: "decisions",
        id: "n",
        prev: "record-1",
        claimId: "claim-0",
        at: 2,
        dispatchedUpTo: 0,
        format: 99,
        decisions: [],
      }),
    ),
  );
  const { compact } = await stage([...log.messages, ...new HistoryLog().messages]);
  expect(await compact(1_000)).toMatchObject({ runs: 1 });
});
