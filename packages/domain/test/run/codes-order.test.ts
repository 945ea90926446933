import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { inCodesOrder, type RunEvent, wakesCode } from "../../src/index.ts";
import { started } from "../samples.ts";

interface Numbered {
  readonly seq: number;
  readonly event: RunEvent;
}

const answer = (upTo: number): RunEvent => ({ type: "CodeAnswered", upTo, answerId: `a${upTo}` });
const received: RunEvent = { type: "SignalReceived", signalId: "s1", name: "paid", payload: "1" };
const fired: RunEvent = { type: "TimerFired", timerId: "t1", generation: 1 };
const wanted: RunEvent = { type: "TimerSet", timerId: "t2", generation: 1, dueAt: 5 };

function numbered(...events: RunEvent[]): readonly Numbered[] {
  return events.map((event, index) => ({ seq: index + 1, event }));
}

function orderOf(history: readonly Numbered[]): number[] {
  return inCodesOrder(history).map(({ seq }) => seq);
}

describe("The code hears", () => {
  it("of everything in history's order, where it was never asked through the log", () => {
    const history = numbered(started, received, fired, wanted);
    expect(inCodesOrder(history)).toBe(history);
  });

  it("of what came between a question and its answer after what it had asked for", () => {
    expect(orderOf(numbered(started, received, fired, answer(1), wanted, wanted))).toEqual([
      1, 4, 5, 6, 2, 3,
    ]);
  });

  it("of what came before a question before its answer", () => {
    expect(orderOf(numbered(started, received, fired, answer(3), wanted))).toEqual([1, 2, 3, 4, 5]);
    expect(orderOf(numbered(started, received, fired, answer(2), wanted))).toEqual([1, 2, 4, 5, 3]);
  });

  it("of what followed an answer's requests in its place, and of nothing twice", () => {
    expect(orderOf(numbered(started, received, answer(1), wanted, fired, received))).toEqual([
      1, 3, 4, 2, 5, 6,
    ]);
    expect(orderOf(numbered(started, answer(1), answer(2), wanted, fired))).toEqual([1, 2, 3, 4, 5]);
  });

  it("the same of what follows an answer that it had heard of", () => {
    const whole = numbered(started, answer(1), wanted, fired, received, answer(4), wanted);
    const afterFirst = whole.slice(1);
    expect(orderOf(afterFirst)).toEqual([2, 3, 4, 6, 7, 5]);
    expect(orderOf(whole)).toEqual([1, ...orderOf(afterFirst)]);
  });
});

/** What happens, and how much of it an answer had heard of by then: all, or all but the last so many. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(received, fired, wanted) },
  { weight: 1, arbitrary: fc.record({ behind: fc.nat(4) }) },
);

test("each event keeps its place but for what an answer had not heard of, which comes after what it asked for", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: "max" }), (steps) => {
      const events: RunEvent[] = [started];
      let heardOf = 1;
      for (const one of steps) {
        if (!("behind" in one)) {
          events.push(one);
          continue;
        }
        events.push(answer(Math.max(heardOf, events.length - one.behind)));
        // The next question is put after this answer.
        heardOf = events.length;
      }
      const history = numbered(...events);
      const order = orderOf(history);
      expect(order.toSorted((a, b) => a - b)).toEqual(history.map(({ seq }) => seq));

      // Which answer asked for an event: all from the answer on, up to what may wake the code.
      const askedBy = new Map<number, number>();
      let asking: number | undefined;
      for (const { seq, event } of history) {
        if (event.type === "CodeAnswered") asking = seq;
        else if (wakesCode(event)) asking = undefined;
        else if (asking !== undefined) askedBy.set(seq, asking);
      }
      const placeOf = (seq: number) => order.indexOf(seq);
      const answers = history.filter(({ event }) => event.type === "CodeAnswered");
      const others = history.filter(({ seq, event }) => event.type !== "CodeAnswered" && !askedBy.has(seq));
      for (const [seq, by] of askedBy) expect(placeOf(seq) - placeOf(by)).toBe(seq - by);
      for (const { seq: at, event } of answers) {
        const upTo = event.type === "CodeAnswered" ? event.upTo : 0;
        for (const { seq } of others)
          expect(placeOf(seq) < placeOf(at), `${seq} and the answer ${at}`).toBe(seq < at && seq <= upTo);
      }
      for (const kept of [answers, others]) {
        const places = kept.map(({ seq }) => placeOf(seq));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
    }),
  );
});
