import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AcceptedMidway } from "./accepted-midway.ts";
import type { HistoryRecord } from "./history-record.ts";

const mostInFlight = 3;

interface Partition {
  readonly log: HistoryRecord[];
  ids: number;
  at: number;
}

/** An engine as far as its claims and records go: it keeps the rules, and its appends land late, in its absence, or never. */
class Owner {
  readonly #name: string;
  readonly #partition: Partition;
  readonly #writesEpochs: boolean;
  #read = 0;
  #cursor: AcceptCursor = emptyCursor;
  #mode: "following" | "claiming" | "owning" = "following";
  #claim: { readonly id: string; readonly epoch: number } | undefined;
  #last = "";
  #inFlight: string[] = [];
  /** Appended, and not in the log yet. */
  readonly #underWay: HistoryRecord[] = [];

  constructor(name: string, partition: Partition, writesEpochs: boolean) {
    this.#name = name;
    this.#partition = partition;
    this.#writesEpochs = writesEpochs;
  }

  act(what: number, much: number): void {
    if (what < 4) this.#readSome(much);
    else if (what < 5) this.#appendClaim();
    else if (what < 8) this.#decide(much);
    else if (what < 15) for (let landed = 0; landed <= much; landed++) this.#land();
    else this.#underWay.shift();
  }

  #readSome(much: number): void {
    for (let taken = 0; taken <= 2 * much; taken++) {
      const record = this.#partition.log[this.#read];
      if (record === undefined) return;
      this.#read++;
      const next = accept(this.#cursor, record);
      this.#cursor = next ?? this.#cursor;
      this.#take(record, next !== undefined);
    }
  }

  #take(record: HistoryRecord, counts: boolean): void {
    if (record.kind === "claim") {
      if (record.id !== this.#claim?.id) return counts && this.#mode === "owning" ? this.#drop() : undefined;
      if (!counts) return this.#drop();
      this.#mode = "owning";
      this.#last = record.id;
      return;
    }
    if (record.id !== this.#inFlight[0]) return counts && this.#mode === "owning" ? this.#drop() : undefined;
    this.#inFlight.shift();
    if (!counts) this.#drop();
  }

  #appendClaim(): void {
    if (this.#mode !== "following" || this.#read < this.#partition.log.length) return;
    this.#mode = "claiming";
    this.#claim = { id: `${this.#name}-c${this.#partition.ids++}`, epoch: this.#cursor.epoch + 1 };
    this.#underWay.push({ kind: "claim", ...this.#claim, owner: this.#name, at: this.#partition.at });
  }

  #decide(much: number): void {
    if (this.#mode !== "owning" || this.#inFlight.length >= mostInFlight || this.#claim === undefined) return;
    const at = much % 3 === 0 ? this.#partition.at : ++this.#partition.at;
    for (let part = 0; part <= much; part++) {
      const id = `${this.#name}-d${this.#partition.ids++}`;
      this.#underWay.push({
        kind: "decisions",
        id,
        prev: this.#last,
        claimId: this.#claim.id,
        ...(this.#writesEpochs && { epoch: this.#claim.epoch }),
        at,
        dispatchedUpTo: 0,
        decisions: [],
      });
      this.#last = id;
      this.#inFlight.push(id);
    }
  }

  #land(): void {
    const record = this.#underWay.shift();
    if (record !== undefined) this.#partition.log.push(record);
  }

  /** What is under way still lands. */
  #drop(): void {
    this.#mode = "following";
    this.#claim = undefined;
    this.#inFlight = [];
  }
}

const acts = fc.array(
  fc.record({ owner: fc.nat(2), what: fc.nat(15), much: fc.nat(4), times: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 40, maxLength: 300 },
);

function logOf(
  drawn: readonly { owner: number; what: number; much: number; times: number }[],
  epochs = true,
) {
  const partition: Partition = { log: [], ids: 0, at: 1_000 };
  const owners = ["a", "b", "c"].map((name) => new Owner(name, partition, epochs));
  for (const { owner, what, much, times } of drawn) {
    for (let time = 0; time < times; time++) owners[owner]?.act(what, much);
  }
  return partition.log;
}

/** The cursor after each record that counts. */
function fold(log: readonly HistoryRecord[]): (AcceptCursor | undefined)[] {
  let cursor = emptyCursor;
  return log.map((record) => {
    const next = accept(cursor, record);
    cursor = next ?? cursor;
    return next;
  });
}

test("what is certain agrees with the fold from the beginning, wherever reading begins and ends", () => {
  const seen = { ignored: 0, claims: 0, records: 0, silent: 0 };
  fc.assert(
    fc.property(acts, fc.boolean(), (drawn, epochs) => {
      const log = logOf(drawn, epochs);
      const cursors = fold(log);
      seen.ignored += cursors.filter((cursor) => cursor === undefined).length;
      for (let first = 0; first < log.length; first++) {
        const midway = new AcceptedMidway(mostInFlight);
        for (let next = first; next < log.length; next++) {
          midway.show(log[next] as HistoryRecord);
          const proven = midway.last();
          if (proven === undefined) {
            seen.silent++;
            continue;
          }
          const cursor = cursors[first + proven.index];
          expect(cursor).toMatchObject({ epoch: proven.cursor.epoch, last: proven.cursor.last });
          seen[log[first + proven.index]?.kind === "claim" ? "claims" : "records"]++;
        }
      }
    }),
    { numRuns: 4_000 },
  );
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(200);
});

test("with fewer records allowed in flight than engines have, it would be wrong", () => {
  let wrong = 0;
  fc.assert(
    fc.property(acts, (drawn) => {
      const log = logOf(drawn);
      const cursors = fold(log);
      const midway = new AcceptedMidway(1);
      for (const record of log) {
        midway.show(record);
        const proven = midway.last();
        if (proven !== undefined && cursors[proven.index] === undefined) wrong++;
      }
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(wrong).toBeGreaterThan(0);
});

const claim = (id: string, epoch: number): HistoryRecord => ({ kind: "claim", id, epoch, owner: id, at: 1 });
const record = (id: string, prev: string, claimId: string, at: number, epoch?: number): HistoryRecord => ({
  kind: "decisions",
  id,
  prev,
  claimId,
  ...(epoch !== undefined && { epoch }),
  at,
  dispatchedUpTo: 0,
  decisions: [],
});

test("nothing is certain of claims that nobody builds on, nor of a few records without their claim", () => {
  const midway = new AcceptedMidway(2);
  for (const shown of [
    claim("a", 4),
    claim("b", 5),
    record("z1", "gone", "old", 1, 3),
    record("z2", "z1", "old", 2, 3),
  ])
    midway.show(shown);
  expect(midway.last()).toBeUndefined();
});

test("the last certain record is asked for up to where reading is to begin", () => {
  const midway = new AcceptedMidway(2);
  const log = [
    claim("a", 4),
    record("a1", "a", "a", 1),
    claim("rival", 4),
    record("a2", "a1", "a", 2),
    record("a3", "a2", "a", 3),
    record("a4", "a3", "a", 4),
  ];
  for (const shown of log) midway.show(shown);
  expect(midway.last()).toEqual({
    index: 3,
    cursor: { epoch: 4, last: "a2", owner: "a", count: 0, claim: "a" },
  });
  expect(midway.last(2)).toMatchObject({ index: 1, cursor: { last: "a1" } });
  expect(midway.last(0)).toMatchObject({ index: 0, cursor: { last: "a" } });
});

test("without its claim a chain is of use only where the records say its epoch", () => {
  for (const epoch of [undefined, 7]) {
    const midway = new AcceptedMidway(2);
    for (let number = 1; number <= 5; number++) {
      midway.show(record(`d${number}`, `d${number - 1}`, "long ago", number, epoch));
    }
    expect(midway.last()?.cursor).toEqual(
      epoch === undefined ? undefined : { epoch, last: "d3", owner: "", count: 0, claim: "long ago" },
    );
  }
});

test("a record that is there twice says nothing", () => {
  const midway = new AcceptedMidway(2);
  for (let number = 1; number <= 5; number++)
    midway.show(record(`d${number}`, `d${number - 1}`, "c", number, 1));
  expect(midway.last()?.cursor.last).toBe("d3");
  midway.show(record("d3", "d2", "c", 3, 1));
  expect(midway.last()?.cursor.last).toBe("d2");
});

const compacted = (id: string, prev: string, claimId: string, epoch: number): HistoryRecord =>
  ({ ...record(id, prev, claimId, 1, epoch), ordinal: 9 }) as HistoryRecord;

test("what compaction wrote counts, and so does all that it is asked for up to there", () => {
  const midway = new AcceptedMidway(2);
  midway.show(compacted("d1", "gone", "c1", 3));
  midway.show(claim("rival", 4));
  expect(midway.last()).toEqual({
    index: 0,
    cursor: { epoch: 3, last: "d1", owner: "", count: 0, claim: "c1" },
  });
});

test("of what compaction wrote and signed, it is known how many records counted before", () => {
  const signed = (shown: HistoryRecord): HistoryRecord => ({ ...shown, isSigned: true });
  const midway = new AcceptedMidway(2);
  midway.show(signed(compacted("d1", "gone", "c1", 3)));
  const cursor = { epoch: 3, last: "d1", owner: "", claim: "c1" };
  expect(midway.last()?.cursor).toEqual({ ...cursor, count: 9, signedAt: 1 });
  const after = new AcceptedMidway(2);
  for (const shown of [claim("a", 4), record("a1", "a", "a", 1)]) after.show(signed(shown));
  expect(after.last()?.cursor).toMatchObject({ last: "a", count: 0, signedAt: 1 });
});

test("what is not signed, for who can tell, says nothing, not even of a record of its id", () => {
  const midway = new AcceptedMidway(2);
  const signed = (shown: HistoryRecord): HistoryRecord => ({ ...shown, isSigned: true });
  const unsigned = (shown: HistoryRecord): HistoryRecord => ({ ...shown, isSigned: false });
  midway.show(unsigned(compacted("d0", "gone", "c1", 3)));
  expect(midway.last()).toBeUndefined();
  midway.show(signed(compacted("d1", "d0", "c1", 3)));
  midway.show(unsigned(compacted("d1", "d0", "c1", 3)));
  midway.show(unsigned(compacted("d2", "d1", "c1", 3)));
  expect(midway.last()).toMatchObject({ index: 1, cursor: { last: "d1" } });
});

test("after a claim that counts it is its own", () => {
  const midway = new AcceptedMidway(2);
  midway.show(claim("a", 4));
  midway.show(record("a1", "a", "a", 1));
  expect(midway.last()).toEqual({
    index: 0,
    cursor: { epoch: 4, last: "a", owner: "a", count: 0, claim: "a" },
  });
});

test("what is found out last needn't be the last: a zombie's records go on after the next claim", () => {
  const midway = new AcceptedMidway(2);
  for (let number = 1; number <= 3; number++)
    midway.show(record(`a${number}`, number === 1 ? "a" : `a${number - 1}`, "a", number, 1));
  for (const shown of [claim("b", 2), record("b1", "b", "b", 9), record("a4", "a3", "a", 4, 1)])
    midway.show(shown);
  expect(midway.last()).toMatchObject({ index: 3, cursor: { last: "b" } });
});

test("records say nothing of those before one that is lost", () => {
  const midway = new AcceptedMidway(2);
  for (let number = 1; number <= 6; number++)
    if (number !== 3) midway.show(record(`d${number}`, `d${number - 1}`, "c", number, 1));
  expect(midway.last()).toMatchObject({ index: 2, cursor: { last: "d4" } });
  const short = new AcceptedMidway(2);
  for (const number of [1, 2, 4, 5]) short.show(record(`d${number}`, `d${number - 1}`, "c", number, 1));
  expect(short.last()).toBeUndefined();
});

test("only a claim is taken for one", () => {
  const midway = new AcceptedMidway(2);
  midway.show(compacted("d1", "gone", "c1", 3));
  midway.show(compacted("d2", "d1", "d1", 7));
  expect(midway.last()?.cursor).toEqual({ epoch: 7, last: "d2", owner: "", count: 0, claim: "d1" });
});

test("a long chain is certain up to its last few records", () => {
  const midway = new AcceptedMidway(3);
  for (let number = 1; number <= 40; number++) {
    midway.show(record(`d${number}`, `d${number - 1}`, "c", number, 1));
    expect(midway.last()?.cursor.last).toBe(number < 4 ? undefined : `d${number - 3}`);
  }
});
