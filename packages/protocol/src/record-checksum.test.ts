import { expect, test } from "vitest";
import { recordChecksum, recordProperties } from "./record-checksum.ts";
import { damageOf } from "./record-damage.ts";

test("the checksum is the CRC-32 that everybody knows, in eight digits", () => {
  expect(recordChecksum(Buffer.from("123456789"))).toBe("cbf43926");
  expect(recordChecksum(Buffer.from(""))).toBe("00000000");
  // Its first digits are noughts.
  expect(recordChecksum(Buffer.from("a8"))).toMatch(/^[0-9a-f]{8}$/);
  for (let n = 0; n < 200; n++) expect(recordChecksum(Buffer.from(`${n}`))).toMatch(/^[0-9a-f]{8}$/);
});

test("a record carries its id and its checksum, and is damaged when they don't agree", () => {
  const payload = Buffer.from("a record");
  const properties = { ...recordProperties("d1", payload) };
  expect(properties).toEqual({ id: "d1", crc: recordChecksum(payload) });
  expect(damageOf({ payload, properties })).toBeUndefined();
  expect(damageOf({ payload: Buffer.from("a recorb"), properties })).toBe(
    "it is damaged: its checksum is not that of what was written",
  );
  expect(damageOf({ payload: Buffer.from("an older record"), properties: { id: "d1" } })).toBeUndefined();
  expect(damageOf({ payload })).toBeUndefined();
});

test("what the log says of damage comes first, as a part of a sentence", () => {
  const payload = Buffer.from("a record");
  const said = (text: string) => damageOf({ payload, properties: { "downbeat.damaged": text } });
  expect(said("Row 7 is gone.")).toBe("it is damaged: Row 7 is gone");
  expect(said("row 7.1 is gone")).toBe("it is damaged: row 7.1 is gone");
});

test("what was signed with another content is damaged, though its checksum is made anew or left out", () => {
  const payload = Buffer.from("a record");
  const proof = { is: "altered", link: { id: "d1", follows: "c1" }, keyId: "k1" } as const;
  for (const properties of [{ ...recordProperties("d1", payload) }, { id: "d1" }])
    expect(damageOf({ payload, properties, proof })).toBe("it is damaged: it is not what was signed");
  expect(damageOf({ payload, proof: { ...proof, is: "signed" } })).toBeUndefined();
});
