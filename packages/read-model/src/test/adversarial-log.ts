import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import type { Claim, DecisionRecord, HistoryRecord } from "@downbeat/protocol";
import fc from "fast-check";

/** What the log of a partition may hold at worst: engines never write the most of it. `undefined` is a message that is no record. */
export type AdversarialLog = readonly (HistoryRecord | undefined)[];

const act = fc.record({
  what: fc.constantFrom(
    "goOn",
    "goOn",
    "goOn",
    "goOn",
    "follow",
    "follow",
    "rival",
    "claim",
    "late",
    "again",
    "junk",
  ),
  pick: fc.nat(1_000),
  times: fc.integer({ min: 1, max: 4 }),
});

/** Owners that go on as they should, records built on any other, claims of any epoch, and records and chains of them that are there again. */
export const adversarialLogs: fc.Arbitrary<AdversarialLog> = fc
  .array(act, { minLength: 5, maxLength: 60 })
  .map((acts) => {
    const log = new Log();
    for (const { what, pick, times } of acts) log.act(what, pick, times);
    return log.records;
  });

/** Which of its messages the accept rule leaves out. */
export function leftOutOf(log: AdversarialLog): number[] {
  let cursor = emptyCursor;
  return log.flatMap((record, index) => {
    const next = record && accept(cursor, record);
    cursor = next ?? cursor;
    return next === undefined ? [index] : [];
  });
}

class Log {
  readonly records: (HistoryRecord | undefined)[] = [];
  #cursor: AcceptCursor = emptyCursor;
  #ids = 0;

  act(what: string, pick: number, times: number): void {
    const any = this.records[pick % Math.max(1, this.records.length)];
    if (what === "junk") return this.#append(undefined);
    if (what === "claim") return this.#append(this.#claim(this.#cursor.epoch + 1));
    if (what === "late") return this.#append(this.#claim(1 + (pick % (this.#cursor.epoch + 1))));
    if (what === "rival") return this.#append(this.#decisions(any?.id ?? "nothing"));
    for (let time = 0; time < times; time++) {
      if (what === "goOn") this.#append(this.#decisions(this.#cursor.last || "nothing"));
      else if (what === "follow") this.#append(this.#decisions(this.records.at(-1)?.id ?? "nothing"));
      else this.#append(this.records[(pick + time) % Math.max(1, this.records.length)]);
    }
  }

  #append(record: HistoryRecord | undefined): void {
    this.records.push(record);
    this.#cursor = (record && accept(this.#cursor, record)) ?? this.#cursor;
  }

  #claim(epoch: number): Claim {
    return { kind: "claim", id: `c${this.#ids++}`, epoch, owner: "any", at: 1 };
  }

  #decisions(prev: string): DecisionRecord {
    return {
      kind: "decisions",
      id: `d${this.#ids++}`,
      prev,
      claimId: "any",
      at: 1,
      dispatchedUpTo: 0,
      decisions: [],
    };
  }
}
