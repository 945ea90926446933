import { emptyCursor } from "@downbeat/domain";
import { LogError, position } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { encodeHistoryRecord, type HistoryRecord, recordProperties, topics } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { Witness } from "../src/witness.ts";
import { EngineClock } from "./engine-clock.ts";
import { TestLog } from "./test-log.ts";

const topic = topics.history(0);
const claim = (id: string, epoch: number): HistoryRecord => ({ kind: "claim", id, epoch, owner: id, at: 1 });
const record = (id: string, prev: string, claimId = "c1"): HistoryRecord => ({
  kind: "decisions",
  id,
  prev,
  claimId,
  epoch: 1,
  at: 1,
  dispatchedUpTo: 0,
  decisions: [],
});

function opened() {
  const log = new TestLog();
  const clock = new EngineClock();
  const decided: number[] = [];
  const witness = new Witness({ log, clock, onDecided: (partition) => decided.push(partition) });
  const put = async (...records: HistoryRecord[]) => {
    for (const one of records) {
      const payload = encodeHistoryRecord(one);
      log.put(topic, { payload, properties: { ...recordProperties(one.id, payload) } });
    }
    await settled();
  };
  return { log, clock, decided, witness, put, pass: (ms: number) => clock.manual.advance(ms) };
}

const atStart = { id: "c1", after: undefined, cursor: emptyCursor };

describe("A witness", () => {
  test("counts how long the oldest record of an owner is not seen, and no more once it is", async () => {
    const { witness, put, pass } = opened();
    expect(witness.unseenMs(0)).toBe(0);
    await pass(100);
    witness.claimed(0, atStart);
    await pass(30);
    expect(witness.unseenMs(0)).toBe(30);
    witness.appended(0, "d1");
    await pass(20);
    await put(claim("c1", 1));
    expect(witness.unseenMs(0)).toBe(20);
    await put(record("d1", "c1"));
    expect(witness.unseenMs(0)).toBe(0);
    expect(witness.unseenMs(1)).toBe(0);
  });

  test("takes what was appended before as seen with what comes after it", async () => {
    const { witness, put, pass } = opened();
    witness.claimed(0, atStart);
    await put(claim("c1", 1));
    for (const id of ["d1", "d2", "d3"]) witness.appended(0, id);
    await pass(10);
    // d1 was lost to this reader alone.
    await put(record("d0", "c1"), record("d2", "d0"));
    await pass(5);
    expect(witness.unseenMs(0)).toBe(15);
    await put(record("d3", "d2"));
    expect(witness.unseenMs(0)).toBe(0);
  });

  test("doesn't take a record for seen that does not count, or of which nothing was said", async () => {
    const { witness, put, pass, decided } = opened();
    witness.claimed(0, atStart);
    await put(claim("c1", 1));
    witness.appended(0, "d1");
    await put(record("other", "c1"));
    expect(decided).toEqual([0]);
    await put(record("d1", "c1"));
    await pass(10);
    expect(witness.unseenMs(0)).toBe(10);
    expect(decided).toEqual([0]);
  });

  test("says of each record of decisions that it counts, and of no claim", async () => {
    const { witness, put, decided } = opened();
    witness.claimed(0, atStart);
    await put(claim("c1", 1), record("d1", "c1"), record("d2", "d1"), record("zombie", "d1"));
    expect(decided).toEqual([0, 0]);
  });

  test("knows of a damaged record by what builds on it", async () => {
    const { log, witness, put, decided } = opened();
    witness.claimed(0, atStart);
    await put(claim("c1", 1));
    log.put(topic, { payload: Buffer.from("?"), properties: { id: "d1" } });
    await put(record("d2", "d1"));
    expect(decided).toEqual([0]);
  });

  test("begins where the claim stands, with what counted up to there", async () => {
    const { log, witness, put, pass, decided } = opened();
    await put(claim("c0", 1), record("d1", "c0"), claim("c1", 2));
    const cursor = { ...emptyCursor, epoch: 1, last: "c0", owner: "c0", count: 1, claim: "c0" };
    witness.claimed(0, { id: "c1", after: position(0, 1), cursor });
    await settled();
    expect(log.open("reader", topic)).toHaveLength(1);
    expect(decided).toEqual([]);
    await pass(10);
    expect(witness.unseenMs(0)).toBe(0);
  });

  test("watches the newest claim alone", async () => {
    const { log, witness, put, pass, decided } = opened();
    witness.claimed(0, atStart);
    await settled();
    witness.appended(0, "lost");
    witness.claimed(0, { ...atStart, id: "c2" });
    await settled();
    expect(log.open("reader", topic)).toHaveLength(1);
    await put(claim("c2", 1));
    await pass(10);
    expect(witness.unseenMs(0)).toBe(0);
    expect(decided).toEqual([]);
  });

  test("forgets a partition that is given up", async () => {
    const { log, witness, put, pass, decided } = opened();
    witness.claimed(0, atStart);
    await settled();
    await pass(10);
    witness.dropped(0);
    witness.dropped(1);
    await settled();
    witness.appended(0, "d1");
    expect(witness.unseenMs(0)).toBe(0);
    expect(log.open("reader", topic)).toEqual([]);
    await put(claim("c1", 1), record("d1", "c1"));
    expect(decided).toEqual([]);
  });

  test("says why it can't read, and that it can again, where it goes on", async () => {
    const { log, witness, put, pass, decided } = opened();
    log.before.set(`openReader ${topic}`, () => {
      throw new LogError("unavailable", "no connection");
    });
    expect(witness.trouble(0)).toBeUndefined();
    witness.claimed(0, atStart);
    await settled();
    expect(witness.trouble(0)).toBe("no connection");
    log.before.clear();
    await pass(60_000);
    expect(witness.trouble(0)).toBeUndefined();
    await put(claim("c1", 1), record("d1", "c1"));
    expect(decided).toEqual([0]);
    log.open("reader", topic)[0]?.end(new Error("connection lost"));
    await settled();
    expect(witness.trouble(0)).toBe("connection lost");
    await pass(60_000);
    await put(record("d2", "d1"));
    expect(decided).toEqual([0, 0]);
  });

  test("says forever why it can't read where trying again is of no use", async () => {
    const { log, witness, pass } = opened();
    log.before.set(`openReader ${topic}`, () => {
      throw new LogError("invalid", "no such position");
    });
    witness.claimed(0, atStart);
    await settled();
    await pass(60_000);
    expect(witness.trouble(0)).toBe("no such position");
  });

  test("remembers a thousand records at most: an owner is late by then", async () => {
    const { witness, put, pass } = opened();
    witness.claimed(0, atStart);
    await put(claim("c1", 1));
    for (let number = 1; number <= 1_001; number++) witness.appended(0, `d${number}`);
    await pass(10);
    const records = Array.from({ length: 1_000 }, (_, index) =>
      record(`d${index + 1}`, index === 0 ? "c1" : `d${index}`),
    );
    await put(...records.slice(0, -1));
    expect(witness.unseenMs(0)).toBe(10);
    await put(...records.slice(-1));
    expect(witness.unseenMs(0)).toBe(0);
  });

  test("reads nothing more once it is closed", async () => {
    const { log, witness, put, pass, decided } = opened();
    witness.claimed(0, atStart);
    witness.claimed(1, { ...atStart, id: "c2" });
    await settled();
    const sessions = log.open("reader", topic);
    await pass(10);
    await witness.close();
    for (const session of sessions)
      await session.options.onMessage?.(
        log.put("elsewhere", { payload: encodeHistoryRecord(record("d1", "c1")) }),
      );
    expect(log.sessions.filter(({ isOpen }) => isOpen)).toEqual([]);
    await put(claim("c1", 1), record("d1", "c1"));
    expect(decided).toEqual([]);
    expect(witness.unseenMs(0)).toBe(0);
  });
});
