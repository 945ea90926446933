import { emptyCursor } from "@downbeat/domain";
import { type Position, position, type ReceivedMessage } from "@downbeat/message-log";
import {
  type DecisionRecord,
  encodeHistoryRecord,
  type HistoryRecord,
  recordLink,
  recordProperties,
} from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { compactStretch, type Remains } from "../src/compaction/stretch.ts";

type Part = { readonly runId: string; readonly events: readonly unknown[] };

/** Runs named `gone…` are removed, of those named `over…` something short is left; others stay. */
function remainsOf(parts: readonly unknown[]): Remains {
  const kept = (parts as Part[]).flatMap((part): unknown[] =>
    part.runId.startsWith("gone")
      ? []
      : part.runId.startsWith("over")
        ? [{ runId: part.runId, was: part.events.length }]
        : [part],
  );
  return {
    parts: kept,
    isChanged: kept.length < parts.length || kept.some((part, index) => part !== parts[index]),
    tells: (parts as Part[]).some(({ runId }) => runId.startsWith("r")),
    endsAsBefore: kept.at(-1) === parts.at(-1),
  };
}

const claim = (id: string, epoch = 1): HistoryRecord => ({ kind: "claim", id, epoch, owner: id, at: 1 });
const record = (
  id: string,
  prev: string,
  runIds: string,
  given: Partial<DecisionRecord> = {},
): DecisionRecord => ({
  kind: "decisions",
  id,
  prev,
  claimId: "c1",
  at: 1,
  dispatchedUpTo: 0,
  decisions: runIds
    .split(" ")
    .filter((runId) => runId !== "")
    .map((runId) => ({ runId, workflow: "w", inputId: "i", seq: 0, events: [] })),
  ...given,
});
const zombie = record("zombie", "nowhere", "r9");

function compacted(...sent: (HistoryRecord | string)[]) {
  const messages = sent.map((one, index): ReceivedMessage => {
    const payload = typeof one === "string" ? Buffer.from(one) : encodeHistoryRecord(one);
    const properties = typeof one === "string" ? {} : { ...recordProperties(one.id, payload) };
    return { position: position(0, index), payload, properties, publishTime: 0, redeliveryCount: 0 };
  });
  const stretch = { after: "" as Position, cursor: emptyCursor, last: position(0, sent.length - 1) };
  const places = [stretch.after, ...messages.map(({ position }) => position)];
  return compactStretch(stretch, messages, remainsOf).map(({ position, after, payload, properties }) => {
    expect(properties).toEqual(recordProperties(properties.id ?? "", payload));
    const { link, parts } = recordLink(payload) ?? { link: undefined, parts: [] };
    return {
      place: places.indexOf(position) - 1,
      after: places.indexOf(after) - 1,
      id: link?.id,
      prev: link?.prev,
      ordinal: link !== undefined && "ordinal" in link ? link.ordinal : undefined,
      ...(link?.partsLeft !== undefined && { partsLeft: link.partsLeft }),
      runs: parts.map((part) => (part as Part).runId).join(" "),
    };
  });
}

describe("A record that tells of runs that stay", () => {
  test("is as it was where nothing of it goes", () => {
    expect(compacted(claim("c1"), record("d1", "c1", "r1"), record("d2", "d1", "r2"))).toEqual([]);
    expect(compacted(claim("c1"), record("d1", "c1", ""))).toEqual([]);
  });

  test("keeps its place without the others' parts", () => {
    expect(
      compacted(
        claim("c1"),
        record("d1", "c1", "r1 gone over"),
        record("d2", "d1", "r1"),
        record("d3", "d2", "r1 gone"),
      ),
    ).toEqual([
      { place: 1, after: 0, id: "d1", prev: "c1", ordinal: 2, runs: "r1 over" },
      { place: 3, after: 2, id: "d3", prev: "d2", ordinal: 4, runs: "r1" },
    ]);
  });

  test("says that more parts follow only where its last one is still there", () => {
    const partsLeft = { partsLeft: 2 };
    expect(compacted(claim("c1"), record("d1", "c1", "gone r1", partsLeft))[0]).toMatchObject({
      partsLeft: 2,
    });
    expect(compacted(claim("c1"), record("d1", "c1", "r1 gone", partsLeft))[0]).not.toHaveProperty(
      "partsLeft",
    );
    expect(compacted(claim("c1"), record("d1", "c1", "gone r1"))[0]).not.toHaveProperty("partsLeft");
  });
});

describe("Records that tell of nothing any more", () => {
  test("become the last of them, which builds on what the first was built on", () => {
    expect(
      compacted(
        claim("c1"),
        record("d1", "c1", "gone"),
        record("d2", "d1", "over"),
        record("d3", "d2", "over2 gone"),
      ),
    ).toEqual([{ place: 3, after: 0, id: "d3", prev: "c1", ordinal: 4, runs: "over over2" }]);
  });

  test("become one though nothing of each changes", () => {
    expect(compacted(claim("c1"), record("d1", "c1", ""), record("d2", "d1", ""))).toEqual([
      { place: 2, after: 0, id: "d2", prev: "c1", ordinal: 3, runs: "" },
    ]);
  });

  test("are parted by one that stays, by a claim and by what nobody can read", () => {
    expect(
      compacted(
        claim("c1"),
        record("d1", "c1", "gone"),
        record("d2", "d1", "r1"),
        record("d3", "d2", "gone"),
        claim("c2", 2),
        record("d4", "c2", "gone", { claimId: "c2" }),
        "?",
        record("d5", "d4", "gone", { claimId: "c2" }),
      ),
    ).toEqual([
      { place: 1, after: 0, id: "d1", prev: "c1", ordinal: 2, runs: "" },
      { place: 3, after: 2, id: "d3", prev: "d2", ordinal: 4, runs: "" },
      { place: 5, after: 4, id: "d4", prev: "c2", ordinal: 6, runs: "" },
      { place: 7, after: 6, id: "d5", prev: "d4", ordinal: 7, runs: "" },
    ]);
  });

  test("of which one has nothing to remove stay apart from it where it stays", () => {
    expect(
      compacted(
        claim("c1"),
        record("d1", "c1", ""),
        claim("c2", 2),
        record("d2", "c2", "gone", { claimId: "c2" }),
      ),
    ).toEqual([{ place: 3, after: 2, id: "d2", prev: "c2", ordinal: 4, runs: "" }]);
  });

  test("are as many in one as 200,000 bytes of what is left take", () => {
    const over = (length: number) => `over${"x".repeat(length)}`;
    // [{"runId":"over…","was":0}]
    const around = JSON.stringify([{ runId: "over", was: 0 }]).length;
    const half = over(100_000 - around);
    const places = (second: string) =>
      compacted(claim("c1"), record("d1", "c1", half), record("d2", "d1", second)).map(({ place }) => place);
    expect(places(half)).toEqual([2]);
    expect(places(`${half}x`)).toEqual([1, 2]);
  });
});

describe("What counts for nothing", () => {
  test("goes with the next record that stays, though nothing of that changes", () => {
    expect(
      compacted(claim("c1"), zombie, zombie, record("d1", "c1", "r1"), record("d2", "d1", "r1")),
    ).toEqual([{ place: 3, after: 0, id: "d1", prev: "c1", ordinal: 2, runs: "r1" }]);
    expect(compacted(claim("c1"), zombie, record("d1", "c1", ""), record("d2", "d1", "r1"))).toEqual([
      { place: 2, after: 0, id: "d1", prev: "c1", ordinal: 2, runs: "" },
    ]);
  });

  test("stays before a claim, or what nobody can read, as these stay as they are", () => {
    expect(
      compacted(claim("c1"), zombie, claim("c2", 2), record("d1", "c2", "r1", { claimId: "c2" })),
    ).toEqual([]);
    expect(compacted(claim("c1"), zombie, "?", record("d1", "c1", "r1"))).toEqual([]);
    expect(compacted(claim("c1"), record("d1", "c1", "r1"), zombie)).toEqual([]);
  });

  test("goes with records that become one, before, among and behind them", () => {
    expect(
      compacted(
        claim("c1"),
        zombie,
        record("d1", "c1", "gone"),
        zombie,
        record("d2", "d1", "gone"),
        zombie,
        record("d3", "d2", "r1"),
        record("d4", "d3", "r1"),
      ),
    ).toEqual([
      { place: 4, after: 0, id: "d2", prev: "c1", ordinal: 3, runs: "" },
      { place: 6, after: 4, id: "d3", prev: "d2", ordinal: 4, runs: "r1" },
    ]);
    // Nothing behind the last of them: what comes next is left as it is.
    expect(
      compacted(
        claim("c1"),
        record("d1", "c1", "gone"),
        zombie,
        record("d2", "d1", "gone"),
        record("d3", "d2", "r1"),
      ),
    ).toEqual([{ place: 3, after: 0, id: "d2", prev: "c1", ordinal: 3, runs: "" }]);
  });
});
