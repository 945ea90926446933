import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AcceptedMidway } from "./accepted-midway.ts";
import { readHeader } from "./read-header.ts";
import { readHistory, readRecord } from "./read-history.ts";
import { recordProperties } from "./record-checksum.ts";
import type { HistoryMessage } from "./record-damage.ts";
import { followedBy, RecordKeys, recordKeysFile } from "./record-keys.ts";

const secret = (byte: number) => Buffer.alloc(40, byte).toString("base64");
const keysOf = (byte: number) =>
  new RecordKeys(recordKeysFile.parse({ keys: [{ id: "k1", secret: secret(byte), signs: true }] })).of("a/b");
const keys = keysOf(1);
const mallory = keysOf(2);
const topic = "history-partition-0";

type Message = HistoryMessage & { readonly properties: Readonly<Record<string, string>> };
type Written = { readonly id: string } & (
  | { readonly kind: "claim"; readonly epoch: number }
  | { readonly kind: "decisions"; readonly prev: string }
);

function message(record: Written, signer: typeof keys | undefined, at = topic): Message {
  const payload = Buffer.from(JSON.stringify(record));
  const { id } = record;
  const link = { id, follows: followedBy(record) };
  return { payload, properties: { ...recordProperties(id, payload), ...signer?.sign(at, link, payload) } };
}

const claim = (id: string, epoch: number, at = epoch) => ({
  kind: "claim" as const,
  id,
  epoch,
  owner: id,
  at,
});
const victim = {
  runId: "victim",
  workflow: "order",
  inputId: "i",
  seq: 1,
  events: [{ type: "RunStarted", workflow: "order", input: "{}" }],
};

function decisions(id: string, prev: string, claimId: string, epoch: number, at: number, more: object = {}) {
  return {
    kind: "decisions" as const,
    id,
    prev,
    claimId,
    epoch,
    at,
    dispatchedUpTo: 0,
    ...more,
    decisions: [victim],
  };
}

interface Honest {
  readonly records: Written[];
  /** Cursor's words after each. */
  readonly after: { last: string; claimId: string; epoch: number; at: number }[];
}

const tick = fc.record({ goesOn: fc.boolean(), isCompacted: fc.boolean() });

/** Of claims, and so many records after each; now and then the clock goes on, and compaction has been there. */
const honest = fc
  .array(fc.array(tick, { maxLength: 5 }), { minLength: 1, maxLength: 4 })
  .map((claims): Honest => {
    const records: Written[] = [];
    const after: Honest["after"] = [];
    let at = 1;
    const put = (record: Written, claimId: string, epoch: number): void => {
      records.push(record);
      after.push({ last: record.id, claimId, epoch, at });
    };
    claims.forEach((ticks, index) => {
      const epoch = index + 1;
      const claimId = `c${epoch}`;
      put(claim(claimId, epoch, at), claimId, epoch);
      ticks.forEach(({ goesOn, isCompacted }, number) => {
        if (goesOn) at += 1;
        const id = `d${epoch}.${number}`;
        const more = isCompacted ? { ordinal: records.length + 1 } : {};
        put(decisions(id, after.at(-1)?.last ?? "", claimId, epoch, at, more), claimId, epoch);
      });
    });
    return { records, after };
  });

/** After all of their times. */
const publishTime = 1_000_000;

function read(messages: readonly Message[], keysOfReader = keys) {
  let cursor: AcceptCursor = emptyCursor;
  let header: AcceptCursor = emptyCursor;
  const counted: string[] = [];
  const setAside: string[] = [];
  const unused: string[] = [];
  for (const one of messages) {
    const checked = { ...one, publishTime, proof: keysOfReader.check(topic, one) };
    const reading = readHistory(cursor, checked);
    cursor = reading.cursor;
    if (reading.type === "leftOut") {
      setAside.push(...reading.runIds);
      if (reading.cause !== "notCounted") unused.push(reading.reason);
    } else counted.push(reading.record.id);
    // As the witness reads.
    const known = readHeader(checked);
    header = known === undefined ? readHistory(header, checked).cursor : (accept(header, known) ?? header);
    // Which takes no notice of times.
    expect({ ...header, at: cursor.at }).toEqual(cursor);
  }
  return { counted, setAside, unused, cursor };
}

/** What somebody can write who can write to the log and has no key, after `seen`. */
function attacks(seen: readonly Message[], { last, claimId, epoch, at }: Honest["after"][number]): Message[] {
  const flagged = (one: Message): Message => ({
    ...one,
    properties: { ...one.properties, "downbeat.damaged": "said to be." },
  });
  const forged = [
    decisions("f1", last, claimId, epoch, at + 9),
    claim("f2", epoch + 1),
    claim("f3", 2 ** 40),
    decisions("f4", last, claimId, epoch, at, { ordinal: 2 ** 40 }),
    decisions(last, last, claimId, epoch, at),
  ];
  const payload = Buffer.from(JSON.stringify(decisions("f5", last, claimId, epoch, at)));
  return [
    ...forged.flatMap((one) => [message(one, undefined), message(one, mallory)]),
    ...forged.map((one) => message(one, keys, "history-partition-1")),
    ...forged.map((one) => flagged(message(one, undefined))),
    ...seen,
    ...seen.map(flagged),
    // Its signature, and something else under it.
    ...seen.map((one) => ({ ...one, payload })),
    ...seen.map(({ properties }) => ({
      payload,
      properties: { ...properties, ...recordProperties(properties.id ?? "", payload) },
    })),
    ...seen.map(({ properties }) => ({ payload, properties: { id: properties.id ?? "", crc: "00000000" } })),
    { payload, properties: { "downbeat.damaged": "" } },
    { payload, properties: { id: "f6", crc: "00000000" } },
    { payload: Buffer.from("{"), properties: { id: last } },
    { payload: Buffer.from(""), properties: {} },
  ];
}

describe("With keys, history is what engines wrote", () => {
  it("whatever anybody else puts between, from the first signed record on", () => {
    fc.assert(
      fc.property(
        honest,
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }),
        ({ records, after }, begin, placed) => {
          const first = begin % records.length;
          const written = records.map((one, index) => message(one, index < first ? undefined : keys));
          const plain = read(written);
          expect(plain.counted).toEqual(records.map(({ id }) => id));
          const all: Message[] = [];
          written.forEach((one, index) => {
            all.push(one);
            const now = after[index];
            if (index < first || now === undefined) return;
            const possible = attacks(all.slice(), now);
            for (const [place, which] of placed) {
              const attack = possible[which % possible.length];
              if (place % written.length === index && attack !== undefined) all.push(attack);
            }
          });
          const { counted, setAside } = read(all);
          expect({ counted, setAside }).toEqual({ counted: plain.counted, setAside: [] });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("so copies of what compaction wrote, and of what came after it, don't count again", () => {
    const written = [
      claim("c1", 1),
      decisions("d2", "c1", "c1", 1, 2, { ordinal: 3 }),
      decisions("d3", "d2", "c1", 1, 2),
      decisions("d4", "d3", "c1", 1, 2),
    ].map((one) => message(one, keys));
    const after = message(decisions("d5", "d4", "c1", 1, 3), keys);
    const copies = written.slice(1);
    expect(read([...written, ...copies, after]).counted).toEqual(["c1", "d2", "d3", "d4", "d5"]);
    expect(read([...written, ...copies.slice(0, 1), after]).counted).toEqual(["c1", "d2", "d3", "d4", "d5"]);
    // For who has read some of what it stands for, it counts as ever.
    const [first, compacted = after, ...rest] = written;
    const before = message(decisions("d1", "c1", "c1", 1, 2), keys);
    expect(read([first ?? after, before, compacted, ...rest, after]).counted).toEqual([
      "c1",
      "d1",
      "d2",
      "d3",
      "d4",
      "d5",
    ]);
  });

  it.each(["never", "untilSigned"] as const)(
    "so what looks damaged and is signed by nobody sets nobody aside before the first record either: unsigned %s",
    (unsigned) => {
      const file = { unsigned, keys: [{ id: "k1", secret: secret(1), signs: true }] };
      const reader = new RecordKeys(recordKeysFile.parse(file)).of("a/b");
      const payload = Buffer.from('{"decisions":[{"runId":"victim"}]}');
      const crc = "00000000";
      const unsignedOnes = { payload, properties: { id: "f1", crc } };
      const byMallory = message(decisions("f2", "c1", "c1", 1, 1), mallory);
      const forged = { ...byMallory, properties: { ...byMallory.properties, crc } };
      const c1 = message(claim("c1", 1), keys);
      const d2 = message(decisions("d2", "c1", "c1", 1, 2), keys);
      const attacks = unsigned === "never" ? [unsignedOnes, forged] : [forged];
      const { counted, setAside } = read([...attacks, c1, ...attacks, d2, ...attacks], reader);
      expect({ counted, setAside }).toEqual({ counted: ["c1", "d2"], setAside: [] });
      for (const attack of attacks)
        expect(
          readHistory(emptyCursor, { ...attack, publishTime, proof: reader.check(topic, attack) }).cursor,
        ).toEqual({ ...emptyCursor, unreadable: [""] });
    },
  );

  it("and a record of theirs that is damaged sets aside whom it was about, and nobody else", () => {
    fc.assert(
      fc.property(honest, fc.nat(), fc.nat(), fc.nat(), ({ records }, which, bit, attack) => {
        const written = records.map((one) => message(one, keys));
        const index = which % records.length;
        const whole = written[index];
        if (whole === undefined) return;
        const payload = Buffer.from(whole.payload);
        const place = bit % (payload.length * 8);
        payload[place >> 3] = (payload[place >> 3] ?? 0) ^ (1 << (place & 7));
        const damaged = written.with(index, { ...whole, payload });
        const isClaim = records[index]?.kind === "claim";
        // Nothing tells of a claim on which nothing is built.
        if (isClaim && records[index + 1]?.kind === "claim") return;
        const { counted, setAside } = read(damaged);
        expect(counted).toEqual(records.filter((_, at) => at !== index).map(({ id }) => id));
        if (isClaim || index === 0) expect(setAside).toEqual([]);
        else if (!payload.includes('"runId":"victim"')) expect(setAside).not.toContain("victim");
        else expect(setAside).toEqual(["victim"]);
        // With a copy of what came before beside it, the same counts.
        const copy = written[attack % (index + 1)];
        if (copy === undefined || copy === whole) return;
        expect(read(damaged.toSpliced(index + 1, 0, copy)).counted).toEqual(counted);
      }),
      { numRuns: 500 },
    );
  });

  it("says of each such message why it is left out", () => {
    const c1 = message(claim("c1", 1), keys);
    const record = decisions("d1", "c1", "c1", 1, 2);
    const { unused } = read([
      c1,
      message(record, undefined),
      message(record, mallory),
      message(record, keys, "history-partition-1"),
      { ...message(record, keys), payload: Buffer.from("{}") },
    ]);
    expect(unused).toEqual([
      "it is not signed, as the records before it are",
      "its signature is not that of what it says, where it stands",
      "its signature is not that of what it says, where it stands",
      "it is damaged: its checksum is not that of what was written",
    ]);
  });
});

it("What is signed wrongly, or not where others are, is no record, and leaves no gap behind", () => {
  const c1 = message(claim("c1", 1), keys);
  const { cursor } = read([c1]);
  const record = decisions("d1", "c1", "c1", 1, 2);
  for (const one of [message(record, undefined), message(record, mallory)]) {
    const reading = readHistory(cursor, { ...one, publishTime, proof: keys.check(topic, one) });
    expect(reading).toMatchObject({ type: "leftOut", cause: "noRecord", runIds: [] });
    expect(reading.cursor).toBe(cursor);
  }
  // Nor is what is none at all, where no record is known to be signed yet.
  const odd = { payload: Buffer.from("{}"), properties: { id: "x" } };
  for (const signer of [keys, mallory]) {
    const { payload } = odd;
    const signed = {
      payload,
      properties: { ...odd.properties, ...signer.sign(topic, { id: "x", follows: "c1" }, payload) },
    };
    const reading = readHistory(emptyCursor, { ...signed, publishTime, proof: keys.check(topic, signed) });
    expect(reading).toMatchObject({ cause: signer === keys ? "damaged" : "noRecord" });
  }
});

describe("A damaged record, where there are keys", () => {
  const c1 = message(claim("c1", 1), keys);
  const d1 = message(decisions("d1", "c1", "c1", 1, 2), keys);
  const d2 = message(decisions("d2", "d1", "c1", 1, 3), keys);
  const d3 = message(decisions("d3", "d2", "c1", 1, 4), keys);
  const c2 = message(claim("c2", 2), keys);
  /** Its text is as it was; what is kept beside it to check it by is not. */
  const withoutSum = (one: Message): Message => ({
    ...one,
    properties: { ...one.properties, crc: "00000000" },
  });
  const withoutText = (one: Message): Message => ({
    payload: Buffer.from(one.payload.toString().replace('"kind"', '"find"')),
    properties: one.properties,
  });

  it("sets aside whom it was about, as ever, until the first signed record", () => {
    const unsigned = [
      message(claim("c1", 1), undefined),
      message(decisions("d1", "c1", "c1", 1, 2), undefined),
    ];
    const [first = c1, second = d1] = unsigned;
    expect(read([first, withoutSum(second), d2])).toMatchObject({
      counted: ["c1", "d2"],
      setAside: ["victim"],
    });
    expect(read([first, withoutText(d1), d2])).toMatchObject({ counted: ["c1", "d2"], setAside: ["victim"] });
  });

  it.each([
    ["its text", withoutText],
    ["its checksum", withoutSum],
  ])("sets them aside where it is the next one that was signed, two in a row too: %s", (_, damaged) => {
    expect(read([c1, damaged(d1), d2])).toMatchObject({ counted: ["c1", "d2"], setAside: ["victim"] });
    expect(read([c1, damaged(d1), damaged(d2), d3])).toMatchObject({
      counted: ["c1", "d3"],
      setAside: ["victim", "victim"],
    });
    // Of a claim, what builds on it tells that it counted.
    const later = message(decisions("d9", "c2", "c2", 2, 9), keys);
    expect(read([c1, d1, damaged(c2), later])).toMatchObject({ counted: ["c1", "d1", "d9"], setAside: [] });
    // A copy of what has counted.
    expect(read([c1, d1, d2, damaged(d1)])).toMatchObject({
      setAside: [],
      cursor: { last: "d2" },
    });
    expect(read([c1, d1, d2, damaged(d1)]).cursor).not.toHaveProperty("unreadable");
  });

  it("sets nobody aside where it is not signed and others were, and what builds on it may have counted", () => {
    const { cursor, setAside } = read([
      c1,
      d1,
      withoutSum(message(decisions("f", "d1", "c1", 1, 3), undefined)),
    ]);
    expect({ unreadable: cursor.unreadable, setAside }).toEqual({ unreadable: [""], setAside: [] });
  });

  it("is as any other for who has no keys any more", () => {
    const { cursor } = read([c1]);
    const reading = readHistory(cursor, { ...withoutSum(d1), publishTime });
    expect(reading).toMatchObject({ cause: "damaged", runIds: ["victim"], cursor: { unreadable: ["d1"] } });
  });
});

it("Who has no keys reads signed records as any others", () => {
  const messages = [
    message(claim("c1", 1), keys),
    message(decisions("d1", "c1", "c1", 1, 2, { format: 6 }), keys),
  ];
  let cursor: AcceptCursor = emptyCursor;
  for (const one of messages) {
    const reading = readHistory(cursor, { ...one, publishTime });
    expect(reading.type).not.toBe("leftOut");
    cursor = reading.cursor;
  }
  expect(cursor).toMatchObject({ epoch: 1, last: "d1", owner: "c1", count: 2, claim: "c1" });
});

it("From the midst of a partition only signed records prove anything to who has keys", () => {
  const chain = (signer: typeof keys | undefined, from: string) => {
    const records = [claim(from, 1, 1)] as Written[];
    for (let number = 0; number < 40; number++)
      records.push(decisions(`${from}${number}`, records.at(-1)?.id ?? "", from, 1, 2 + number));
    return records.map((one) => message(one, signer));
  };
  const proven = (messages: readonly Message[]) => {
    const midway = new AcceptedMidway();
    for (const one of messages) {
      const record = readRecord({ ...one, proof: keys.check(topic, one) });
      if (!("unreadable" in record)) midway.show(record);
    }
    return midway.last();
  };
  expect(proven(chain(undefined, "f"))).toBeUndefined();
  expect(proven(chain(keys, "c"))?.cursor).toMatchObject({ epoch: 1, claim: "c", signedAt: 25 });
  const doubled = [...chain(keys, "c"), ...chain(undefined, "c"), ...chain(undefined, "f")];
  expect(proven(doubled)?.cursor).toMatchObject({ claim: "c", signedAt: 25 });
});
