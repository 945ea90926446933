import type { Position } from "@downbeat/message-log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Acknowledgements } from "../src/acknowledgements.ts";

function opened() {
  const given: Position[] = [];
  return { given, acknowledgements: new Acknowledgements((position) => void given.push(position)) };
}

const at = (entry: number) => `0:${entry}` as Position;

describe("acknowledgements", () => {
  test("wait for the record that was newest when the message was decided", () => {
    const { acknowledgements, given } = opened();
    acknowledgements.add(at(1), 1);
    acknowledgements.add(at(2), 2);
    expect(given).toEqual([]);
    acknowledgements.advance(1);
    expect(given).toEqual([at(1)]);
    expect(acknowledgements.size).toBe(1);
    acknowledgements.advance(2);
    expect(given).toEqual([at(1), at(2)]);
    expect(acknowledgements.size).toBe(0);
  });

  test("are given at once for what hangs on no record, or on one that is safe already", () => {
    const { acknowledgements, given } = opened();
    acknowledgements.add(at(1), 0);
    acknowledgements.advance(3);
    acknowledgements.add(at(2), 3);
    expect(given).toEqual([at(1), at(2)]);
  });

  test("are not taken back by an older record that becomes safe late", () => {
    const { acknowledgements, given } = opened();
    acknowledgements.advance(5);
    acknowledgements.advance(2);
    acknowledgements.add(at(1), 5);
    expect(given).toEqual([at(1)]);
  });

  test("come once each, in order, and never before their record", () => {
    const step = fc.record({ isMessage: fc.boolean(), by: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { acknowledgements, given } = opened();
        const waitsFor: number[] = [];
        let newest = 0;
        let safe = 0;
        for (const { isMessage, by } of steps) {
          if (isMessage) {
            newest += by;
            waitsFor.push(newest);
            acknowledgements.add(at(waitsFor.length), newest);
          } else {
            safe = Math.min(newest, safe + by);
            acknowledgements.advance(safe);
          }
          const due = waitsFor.flatMap((after, index) => (after <= safe ? [at(index + 1)] : []));
          expect(given).toEqual(due);
          expect(acknowledgements.size).toBe(waitsFor.length - due.length);
        }
      }),
    );
  });
});
