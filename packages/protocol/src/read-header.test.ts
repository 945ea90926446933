import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeHistoryRecord } from "./history-record.ts";
import { readHeader } from "./read-header.ts";

const text = fc.string({ minLength: 1, maxLength: 30, unit: "binary" });
const odd = fc.oneof(
  text,
  fc.constant(',"decisions":[{"kind":"claim"'),
  fc.constant('\\",\\"decisions\\":['),
);
const id = odd.filter((value) => value.length <= 200);
const time = fc.integer({ min: 0, max: 4e12 });
const epoch = fc.integer({ min: 1, max: 1e6 });

test("what decides whether a record counts is read, whatever its texts hold", () => {
  const claim = fc.record({ kind: fc.constant("claim" as const), id, epoch, owner: odd, at: time });
  const decisions = fc.record({
    kind: fc.constant("decisions" as const),
    id,
    prev: id,
    claimId: id,
    epoch,
    at: time,
    dispatchedUpTo: fc.nat(),
    decisions: fc.array(
      fc.record({
        runId: odd,
        workflow: odd,
        inputId: odd,
        seq: fc.constant(1),
        events: fc.constant([{ type: "RunCompleted" as const, output: ',"decisions":[' }]),
      }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.oneof(claim, decisions), (record) => {
      const read = readHeader({ payload: encodeHistoryRecord(record) });
      if (record.kind === "claim") {
        expect(read).toEqual(record);
      } else {
        const { dispatchedUpTo: _, decisions: __, ...header } = record;
        expect(read).toEqual(header);
      }
    }),
  );
});

test("another order of fields is read all the same", () => {
  const header = { kind: "decisions", id: "r", prev: "p", claimId: "c" };
  expect(readHeader({ payload: Buffer.from(JSON.stringify({ decisions: [1], ...header })) })).toEqual(header);
});

test("bytes that are no record have no header", () => {
  for (const bytes of ["", "{", "null", '{"kind":"claim"}', '{"kind":"decisions","id":""', "\u0000"])
    expect(readHeader({ payload: Buffer.from(bytes) })).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => void expect(readHeader({ payload: bytes })).toBeUndefined()),
  );
});

test("a damaged record has none, though its header could be read", () => {
  const payload = Buffer.from(
    JSON.stringify({ kind: "decisions", id: "r", prev: "p", claimId: "c", decisions: [] }),
  );
  expect(readHeader({ payload, properties: { id: "r", crc: "00000000" } })).toBeUndefined();
  expect(readHeader({ payload, properties: { "downbeat.damaged": "gone" } })).toBeUndefined();
  expect(readHeader({ payload, properties: { id: "r" } })).toMatchObject({ id: "r" });
  expect(readHeader({ payload, properties: { id: "r" }, proof: { is: "forged" } as never })).toBeUndefined();
});

test("what was decided is not looked at, so that it costs nothing and may be anything", () => {
  const header = '{"kind":"decisions","id":"r","prev":"p","claimId":"c"';
  const read = readHeader({ payload: Buffer.from(`${header},"decisions":[{"runId":`) });
  expect(read).toEqual({ kind: "decisions", id: "r", prev: "p", claimId: "c" });
  expect(readHeader({ payload: Buffer.from(`${header},"decision`) })).toBeUndefined();
});

test("what is no record has no header, whoever has keys, and a record says whether it is signed", () => {
  const unsigned = { is: "unsigned" } as const;
  for (const odd of ["", "{}", "7"])
    expect(readHeader({ payload: Buffer.from(odd), proof: unsigned }), odd).toBeUndefined();
  const claim = { kind: "claim", id: "c", epoch: 1, owner: "o", at: 1 };
  const payload = Buffer.from(JSON.stringify(claim));
  expect(readHeader({ payload })).not.toHaveProperty("isSigned");
  expect(readHeader({ payload, proof: unsigned })).toMatchObject({ id: "c", isSigned: false });
});
