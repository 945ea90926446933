import { describe, expect, it } from "vitest";
import { type AcceptCursor, accept, emptyCursor, type RecordHeader } from "../src/index.ts";

function claim(id: string, epoch: number, owner = "A"): RecordHeader {
  return { kind: "claim", id, epoch, owner };
}

function record(id: string, prev: string): RecordHeader {
  return { kind: "decisions", id, prev };
}

function counted(...records: RecordHeader[]): string[] {
  const ids: string[] = [];
  let cursor: AcceptCursor = emptyCursor;
  for (const header of records) {
    const next = accept(cursor, header);
    if (next === undefined) continue;
    expect(next.count).toBe(cursor.count + 1);
    cursor = next;
    ids.push(header.id);
  }
  return ids;
}

describe("A history partition counts", () => {
  it("a chain of records after a claim", () => {
    expect(counted(claim("c1", 1), record("d1", "c1"), record("d2", "d1"))).toEqual(["c1", "d1", "d2"]);
  });

  it("nothing before the first claim", () => {
    expect(counted(record("d1", ""), claim("c1", 1))).toEqual(["c1"]);
  });

  it("no record of a zombie whose partition another has claimed", () => {
    expect(
      counted(
        claim("c1", 1),
        record("d1", "c1"),
        claim("c2", 2, "B"),
        record("z", "d1"),
        record("d2", "c2"),
        record("y", "z"),
      ),
    ).toEqual(["c1", "d1", "c2", "d2"]);
  });

  it("no claim of an epoch that is not greater", () => {
    expect(counted(claim("c2", 2), claim("c1", 1), claim("c2b", 2), record("d1", "c2"))).toEqual([
      "c2",
      "d1",
    ]);
  });

  it("no record twice", () => {
    expect(counted(claim("c1", 1), record("d1", "c1"), record("d1", "c1"))).toEqual(["c1", "d1"]);
  });
});

it("The cursor knows the owner", () => {
  expect(accept(emptyCursor, claim("c1", 3, "B"))).toEqual({ epoch: 3, last: "c1", owner: "B", count: 1 });
});
