import { comparePositions, parsePosition, position } from "@downbeat/message-log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duplicate, encodeMessageId, messageIdOf, positionOf } from "../src/message-id.ts";

const number = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
const batchIndex = fc.oneof(fc.constant(-1), fc.nat(999_998));

describe("a message id", () => {
  test("and its position are the same thing written differently", () => {
    fc.assert(
      fc.property(number, number, batchIndex, (ledger, entry, batch) => {
        const at = position(ledger, entry, batch);
        expect(positionOf(messageIdOf(at))).toBe(at);
        expect(parsePosition(at)).toEqual({ ledger, entry, batchIndex: batch });
      }),
    );
  });

  test("as Pulsar's own client writes it: ledger 4, entry 1, partition -1, batch index -1", () => {
    // MessageIdImpl(4, 1, -1).toByteArray() in base64
    const written = Buffer.from("0804100118ffffffffffffffffff01", "hex").toString("base64");
    expect(positionOf(written)).toBe(position(4, 1));
    expect(positionOf("CAQQATAA")).toBe(position(4, 1));
  });

  test("of a batched message keeps its place; size and acknowledgement set are skipped", () => {
    const bytes = Buffer.from([
      0x08, 0x96, 0x01, 0x10, 0x07, 0x18, 0x02, 0x20, 0x05, 0x28, 0x03, 0x30, 0x0a, 0x4a, 0x02, 1, 2,
    ]);
    expect(positionOf(bytes.toString("base64"))).toBe(position(150, 7, 5));
  });

  test("with ledger and entry -1 is that of a duplicate", () => {
    const minusOne = Buffer.from("08ffffffffffffffffff0110ffffffffffffffffff01", "hex");
    expect(positionOf(minusOne.toString("base64"))).toBe(duplicate);
  });

  test("that is none is refused with a RangeError, never anything else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")),
        ),
        (text) => {
          try {
            positionOf(text);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
    for (const bad of ["", "%%%", "CA==", "EAE="]) expect(() => positionOf(bad)).toThrow(RangeError);
  });

  test("leaves the order of positions to the positions", () => {
    const places = fc.tuple(number, number, batchIndex);
    fc.assert(
      fc.property(places, places, (a, b) => {
        const expected = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
        expect(Math.sign(comparePositions(position(...a), position(...b)))).toBe(Math.sign(expected));
      }),
    );
  });

  test("is short for small numbers", () => {
    expect(encodeMessageId(4, 1, -1)).toBe("CAQQAQ==");
  });
});
