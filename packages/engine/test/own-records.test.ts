import type { Effect, RunEvent } from "@downbeat/domain";
import type { OutgoingMessage, Position } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { type DecisionRecord, encodeHistoryRecord, parseHistoryRecord } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import type { Decided } from "../src/draft.ts";
import { applyDecision, Fold } from "../src/fold.ts";
import { defaultTuning, MemoryStateStore } from "../src/index.ts";
import { OwnRecords } from "../src/own-records.ts";
import { EngineClock } from "./engine-clock.ts";

const claim = { kind: "claim", id: "claim", epoch: 3, owner: "o", at: 1 } as const;
const limits = { maxRecordBytes: 500, readBackTimeoutMs: 1_000 };

function opened() {
  const clock = new EngineClock();
  const fold = new Fold(new MemoryStateStore());
  fold.read({ payload: encodeHistoryRecord(claim), publishTime: 1 }, "0:0" as Position);
  const sent: OutgoingMessage[] = [];
  const receipts: (() => void)[] = [];
  const refusals: ((error: Error) => void)[] = [];
  const told: string[] = [];
  const records = new OwnRecords({
    claim,
    fold,
    clock,
    tuning: { ...defaultTuning, ...limits },
    append: (message) => {
      sent.push(message);
      return new Promise<void>((resolve, reject) => {
        receipts.push(resolve);
        refusals.push(reject);
      });
    },
    onAccepted: ({ number, commands }) => told.push(`accepted ${number} of ${commands}`),
    drop: (reason) => told.push(`dropped: ${reason}`),
  });
  const appended = (): DecisionRecord[] =>
    sent.flatMap(({ payload }) => {
      const record = parseHistoryRecord(payload);
      return record?.kind === "decisions" ? [record] : [];
    });
  let read = 0;
  /** @param change what came back instead of what was sent */
  const readBack = (change: (payload: Uint8Array) => Uint8Array = (payload) => payload) => {
    const payload = change(sent[read]?.payload ?? new Uint8Array());
    read += 1;
    const position = `0:${read}` as Position;
    records.take({ payload, position, properties: {}, publishTime: 0, redeliveryCount: 0 });
  };
  return { appended, clock, fold, readBack, receipts, records, refusals, sent, told };
}

let runs = 0;
/** A refusal about a run that there isn't, padded. */
function decided(bytes = 0): Decided {
  const refused = {
    type: "CommandRefused",
    command: "CancelRun",
    code: "UnknownRun",
    message: "x".repeat(bytes),
  } as const;
  const decision = { runId: `r${++runs}`, workflow: "", inputId: "c", seq: 0, events: [refused] };
  const json = JSON.stringify(decision);
  return { decision, json, bytes: Buffer.byteLength(json), effects: [] };
}

describe("an owner's records", () => {
  test("are appended one on the other under its claim, each under an id of its own", () => {
    const { appended, records, sent } = opened();
    records.append([decided(), decided()], 50);
    records.append([decided()], 60);
    const [first, second] = appended();
    expect(first).toMatchObject({ prev: "claim", claimId: "claim", epoch: 3, at: 50, dispatchedUpTo: 0 });
    expect(second).toMatchObject({ prev: first?.id, claimId: "claim", at: 60 });
    expect(first?.decisions).toHaveLength(2);
    expect(sent.map(({ properties }) => properties?.id)).toEqual([first?.id, second?.id]);
    expect(records.number).toBe(2);
    expect(records.inFlight).toBe(2);
  });

  test("that nobody could read back are not appended, and end the tenure", () => {
    const { fold, records, sent, told } = opened();
    fold.dispatchedUpTo = Number.MAX_SAFE_INTEGER + 1;
    records.append([decided()], 50);
    fold.dispatchedUpTo = 0;
    records.append([decided()], 0.5);
    expect(sent).toEqual([]);
    expect(told).toEqual(Array(2).fill("dropped: its record could not be read back by anybody"));
  });

  test("are closed before they grow too long, in the order of the decisions", () => {
    const { appended, records } = opened();
    const all = [decided(), decided(300), decided(300), decided(), decided(2_000), decided()];
    records.append(all, 50);
    const lists = appended().map(({ decisions }) => decisions.map(({ runId }) => runId));
    expect(lists.flat()).toEqual(all.map(({ decision }) => decision.runId));
    // One that is too long by itself goes alone.
    expect(lists.map((list) => list.length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("several fit into one as long as they are short", () => {
    const { appended, records } = opened();
    records.append([decided(), decided()], 50);
    expect(appended()).toHaveLength(1);
  });

  test("nothing is appended where nothing was decided", () => {
    const { records, sent } = opened();
    records.append([], 50);
    expect(sent).toEqual([]);
    expect(records.number).toBe(0);
  });

  test("are recognised one after the other, and told of as accepted", () => {
    const { appended, readBack, records, told } = opened();
    records.append([decided()], 50);
    records.append([decided(), decided()], 60);
    const [first, second] = appended();
    expect(records.takes(undefined)).toBe(false);
    expect(records.takes(second?.id)).toBe(false);
    expect(records.takes(first?.id)).toBe(true);
    readBack();
    expect(records.takes(second?.id)).toBe(true);
    readBack();
    expect(told).toEqual(["accepted 1 of 1", "accepted 2 of 2"]);
    expect(records.inFlight).toBe(0);
  });

  test("one that does not count ends the tenure", () => {
    const { fold, readBack, records, told } = opened();
    records.append([decided()], 50);
    const other = { ...claim, id: "other", epoch: 4 };
    fold.read({ payload: encodeHistoryRecord(other), publishTime: 1 }, "0:1" as Position);
    readBack();
    expect(told).toEqual(["dropped: its record was not accepted"]);
  });

  test("one that comes back other than it was sent ends the tenure before anything is acknowledged", () => {
    const { readBack, records, told } = opened();
    records.append([decided()], 50);
    readBack((payload) => Buffer.from(payload).fill(0x20, 10, 11));
    expect(told).toEqual(["dropped: its record was read back other than it was written"]);
  });

  test("one that is not read back in time ends the tenure, counted from the last that was", async () => {
    const { clock, readBack, records, told } = opened();
    records.append([decided()], 50);
    records.append([decided()], 50);
    await clock.manual.advance(900);
    readBack();
    await clock.manual.advance(900);
    expect(told).toEqual(["accepted 1 of 1"]);
    await clock.manual.advance(100);
    expect(told.at(-1)).toBe("dropped: its record was not read back in time");
  });

  test("are quiet when the last is read back and has its receipt, whichever comes last", async () => {
    for (const last of ["receipt", "read back"]) {
      const { readBack, receipts, records } = opened();
      let isQuiet = false;
      records.append([decided()], 50);
      void records.quiet().then(() => {
        isQuiet = true;
      });
      if (last === "receipt") readBack();
      else receipts[0]?.();
      await settled();
      expect(isQuiet, last).toBe(false);
      if (last === "receipt") receipts[0]?.();
      else readBack();
      await settled();
      expect(isQuiet, last).toBe(true);
    }
  });

  test("are quiet at once when there are none", async () => {
    await expect(opened().records.quiet()).resolves.toBeUndefined();
  });
});

describe("a record says who can read it:", () => {
  const about = (...events: RunEvent[]): Decided => {
    const decision = { runId: "r", workflow: "w", inputId: "c", seq: 1, events };
    const json = JSON.stringify(decision);
    return { decision, json, bytes: Buffer.byteLength(json), effects: [] };
  };
  const old: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
  const repaired: RunEvent = {
    type: "RunRepaired",
    action: { actionId: "a", actor: "mia", reason: "" },
    outcome: "cut",
    message: "x",
  };

  test.each<[string, Decided, number | undefined]>([
    ["everybody", about(old), undefined],
    ["who knows the newest of its events", about(old, repaired, old), 2],
    ["who knows that more comes of its input", { ...about(old), partsLeft: 1 }, 2],
  ])("%s", (_, one, format) => {
    const { appended, records } = opened();
    records.append([one], 50);
    expect(appended()[0]?.format).toBe(format);
    expect(appended()[0]?.partsLeft).toBe(one.partsLeft);
  });

  test("parts of one input are counted as one command, when the last of them is accepted", () => {
    const { records, readBack, told } = opened();
    records.append([{ ...about(old), partsLeft: 1, next: about(old) }], 50);
    readBack();
    expect(told).toEqual(["accepted 1 of 1"]);
  });
});

test("what it holds belongs to the fold once it is read back: the runs, and what is to be done outside", () => {
  const { fold, records, readBack } = opened();
  const decision = {
    runId: "r",
    workflow: "w",
    inputId: "c",
    seq: 1,
    events: [{ type: "RunStarted", workflow: "w", input: "1" } as const],
  };
  const effects: Effect[] = [];
  const entry = applyDecision(undefined, decision, 50, effects);
  const timer = { type: "ArmTimer", runId: "r", timerId: "t1", generation: 1, dueAt: 5 } as const;
  const json = JSON.stringify(decision);
  records.append([{ decision, json, bytes: json.length, effects: [timer], entry }], 50);
  expect(fold.entry("r")).toBeUndefined();
  readBack();
  expect(fold.entry("r")).toBe(entry);
  expect(fold.undispatched.at(-1)?.effects).toEqual([timer]);
});

test("the time that the next one was sent is known until it is read back", () => {
  const { clock, records, readBack } = opened();
  expect(records.sentAt).toBeUndefined();
  const before = clock.monotonic();
  records.append([decided()], 50);
  expect(records.sentAt).toBe(before);
  readBack();
  expect(records.sentAt).toBeUndefined();
});

test("nothing but the id of the next one is taken for it", () => {
  const { records, sent } = opened();
  expect(records.takes(undefined)).toBe(false);
  records.append([decided()], 50);
  records.append([decided()], 60);
  const [first, second] = sent.map(({ properties }) => properties?.id);
  expect([records.takes(first), records.takes(second), records.takes(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a record takes decisions up to its size, to the byte, and each record counts again", () => {
  const { appended, records } = opened();
  const sized = (bytes: number): Decided => ({ ...decided(), bytes });
  records.append([sized(250), sized(250), sized(1), sized(499), sized(1)], 50);
  expect(appended().map(({ decisions }) => decisions.length)).toEqual([2, 2, 1]);
  const alone = opened();
  alone.records.append([sized(9_999), sized(1)], 50);
  expect(alone.appended().map(({ decisions }) => decisions.length)).toEqual([1, 1]);
});

test("one that the log doesn't take ends the tenure, with the log's reason", async () => {
  const { records, refusals, told } = opened();
  records.append([decided()], 50);
  refusals[0]?.(new Error("full"));
  await settled();
  expect(told).toEqual(["dropped: a record could not be appended: full"]);
});

test("one that is never read back ends the tenure", async () => {
  const { clock, records, told } = opened();
  records.append([decided()], 50);
  await clock.manual.advance(1_000);
  expect(told).toEqual(["dropped: its record was not read back in time"]);
});

test("once all are read back, or they are closed, nothing is waited for", async () => {
  const { clock, records, readBack, told } = opened();
  records.append([decided()], 50);
  await clock.manual.advance(500);
  records.append([decided()], 60);
  readBack();
  readBack();
  expect(clock.manual.waits).toEqual([]);
  records.append([decided()], 70);
  records.close();
  await clock.manual.advance(60_000);
  expect(told).toEqual(["accepted 1 of 1", "accepted 2 of 1"]);
});

test("a message that none of them is changes nothing", () => {
  const { readBack, told } = opened();
  readBack(() => Buffer.from("x"));
  expect(told).toEqual([]);
});
