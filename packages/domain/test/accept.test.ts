import { describe, expect, it } from "vitest";
import {
  type AcceptCursor,
  accept,
  emptyCursor,
  highestEpoch,
  highestOrdinal,
  noteUnreadable,
  type RecordHeader,
} from "../src/index.ts";

function claim(id: string, epoch: number, owner = "A"): RecordHeader {
  return { kind: "claim", id, epoch, owner };
}

function record(id: string, prev: string, claimId = "c1", epoch?: number): RecordHeader {
  return { kind: "decisions", id, prev, claimId, ...(epoch !== undefined && { epoch }) };
}

/** A message that nobody can read any more. */
function lost(id: string): { readonly lost: string } {
  return { lost: id };
}

function counted(...records: (RecordHeader | { readonly lost: string })[]): string[] {
  const ids: string[] = [];
  let cursor: AcceptCursor = emptyCursor;
  for (const header of records) {
    if ("lost" in header) {
      cursor = noteUnreadable(cursor, header.lost);
      continue;
    }
    const next = accept(cursor, header);
    if (next === undefined) continue;
    cursor = next;
    ids.push(header.id);
  }
  return ids;
}

function after(...records: (RecordHeader | { readonly lost: string })[]): AcceptCursor {
  return records.reduce<AcceptCursor>((cursor, header) => {
    const next = "lost" in header ? noteUnreadable(cursor, header.lost) : accept(cursor, header);
    if (next === undefined) throw new Error(`${JSON.stringify(header)} does not count.`);
    return next;
  }, emptyCursor);
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
        record("d2", "c2", "c2"),
        record("y", "z"),
      ),
    ).toEqual(["c1", "d1", "c2", "d2"]);
  });

  it("no claim of an epoch that is not the next", () => {
    expect(
      counted(claim("c2", 2), claim("c1", 1), claim("c2b", 2), claim("c4", 4), record("d1", "c2")),
    ).toEqual(["c2", "d1"]);
  });

  it("no record twice", () => {
    expect(counted(claim("c1", 1), record("d1", "c1"), record("d1", "c1"))).toEqual(["c1", "d1"]);
  });
});

it("The cursor knows the owner", () => {
  expect(accept(emptyCursor, claim("c1", 3, "B"))).toEqual({
    epoch: 3,
    last: "c1",
    owner: "B",
    count: 1,
    claim: "c1",
  });
});

describe("A forged claim", () => {
  it.each([Number.MAX_SAFE_INTEGER, highestEpoch + 1, 3])(
    "of epoch %d does not count after the first",
    (epoch) => {
      expect(
        counted(claim("c1", 1), claim("forged", epoch), record("d1", "c1"), claim("c2", 2, "B")),
      ).toEqual(["c1", "d1", "c2"]);
    },
  );

  it("at the very beginning does not keep owners from claiming", () => {
    expect(counted(claim("forged", Number.MAX_SAFE_INTEGER), claim("c1", 1))).toEqual(["c1"]);
    expect(counted(claim("forged", highestEpoch), claim("c1", highestEpoch + 1), record("d1", "c1"))).toEqual(
      ["forged", "c1", "d1"],
    );
  });
});

describe("Where the front of a partition was cut off", () => {
  it("the first record says which claim it hangs on", () => {
    expect(counted(record("d7", "d6", "c3", 3), record("d8", "d7", "c3", 3), claim("c4", 4, "B"))).toEqual([
      "d7",
      "d8",
      "c4",
    ]);
  });

  it("a zombie's record gives way to the later epoch", () => {
    expect(
      counted(
        record("z", "y", "c2", 2),
        record("d7", "d6", "c3", 3),
        record("x", "z", "c2", 2),
        claim("c4", 4),
      ),
    ).toEqual(["z", "d7", "c4"]);
  });

  it("a claim that is further on counts", () => {
    expect(counted(record("z", "y", "c2", 2), claim("c5", 5), record("d1", "c5", "c5", 5))).toEqual([
      "z",
      "c5",
      "d1",
    ]);
  });
});

describe("Where a partition's front was cut off, and its claim is known from a record only,", () => {
  const front = after(record("d7", "d6", "c3", 3));

  it("the cursor says so, and counts from there", () => {
    expect(front).toEqual({ epoch: 3, last: "d7", owner: "", count: 1, claim: "c3", isFront: true });
  });

  it("no record and no claim of the same epoch or an earlier one takes its place", () => {
    for (const epoch of [3, 2, 1]) {
      expect(accept(front, record("z", "y", "z", epoch))).toBeUndefined();
      expect(accept(front, claim("z", epoch))).toBeUndefined();
    }
  });

  it("a later one does, up to the highest that an engine may have", () => {
    expect(accept(front, record("x", "w", "c9", highestEpoch))).toMatchObject({
      epoch: highestEpoch,
      count: 2,
    });
    expect(accept(front, claim("c9", highestEpoch))).toMatchObject({ epoch: highestEpoch });
    expect(accept(front, record("x", "w", "c9", highestEpoch + 1))).toBeUndefined();
    expect(accept(front, claim("c9", highestEpoch + 1))).toBeUndefined();
  });

  it("once a claim counts, a later epoch of a record says nothing any more", () => {
    expect(accept(after(claim("c3", 3)), record("x", "w", "c9", 9))).toBeUndefined();
    expect(accept(after(claim("c3", 3)), claim("c9", 9))).toBeUndefined();
  });

  it("no record without its epoch, or with a forged one, begins a partition", () => {
    expect(accept(emptyCursor, record("d7", "d6", "c3"))).toBeUndefined();
    expect(accept(emptyCursor, record("d7", "d6", "c3", highestEpoch + 1))).toBeUndefined();
    expect(accept(emptyCursor, record("d7", "d6", "c3", highestEpoch))?.epoch).toBe(highestEpoch);
  });
});

it("Every record that counts is one more", () => {
  expect(after(claim("c1", 1), record("d1", "c1"), record("d2", "d1"), claim("c2", 2)).count).toBe(4);
});

describe("A message that can't be read", () => {
  it("counts when a record of the same claim builds on it", () => {
    expect(
      counted(claim("c1", 1), record("d1", "c1"), lost("d2"), record("d3", "d2"), record("d4", "d3")),
    ).toEqual(["c1", "d1", "d3", "d4"]);
  });

  it("is counted in the ordinals that effects go by", () => {
    let cursor = accept(emptyCursor, claim("c1", 1));
    if (cursor === undefined) throw new Error("no claim");
    cursor = noteUnreadable(noteUnreadable(cursor, "d1"), "d2");
    expect(accept(cursor, record("d3", "d2"))?.count).toBe(4);
  });

  it("may be the claim itself", () => {
    expect(
      counted(
        claim("c1", 1),
        lost("c2"),
        record("d1", "c2", "c2", 2),
        record("d2", "d1", "c2", 2),
        claim("c3", 3),
      ),
    ).toEqual(["c1", "d1", "d2", "c3"]);
  });

  it("lets no zombie's record in", () => {
    expect(
      counted(
        claim("c1", 1),
        claim("c2", 2, "B"),
        lost("z1"),
        record("z2", "z1", "c1", 1),
        record("d1", "c2", "c2"),
      ),
    ).toEqual(["c1", "c2", "d1"]);
  });

  it("may have lost its id too", () => {
    expect(counted(claim("c1", 1), lost(""), record("d2", "d1"), record("d3", "d2"))).toEqual([
      "c1",
      "d2",
      "d3",
    ]);
    expect(
      counted(claim("c1", 1), lost(""), record("d1", "c2", "c2", 2), record("d2", "d1", "c2", 2)),
    ).toEqual(["c1", "d1", "d2"]);
    expect(counted(claim("c1", 1), claim("c2", 2), lost(""), record("z2", "z1", "c1", 1))).toEqual([
      "c1",
      "c2",
    ]);
  });

  it("is forgotten when nothing builds on it", () => {
    expect(counted(claim("c1", 1), lost("x"), record("d1", "c1"), record("d2", "x"))).toEqual(["c1", "d1"]);
  });

  it("is remembered with a hundred others at most, the last ones", () => {
    const many = Array.from({ length: 150 }, (_, n) => lost(`x${n}`));
    const cursor = after(claim("c1", 1), ...many);
    expect(cursor.unreadable).toEqual(many.slice(50).map(({ lost }) => lost));
    expect(accept(cursor, record("d1", "x149"))).toMatchObject({ last: "d1", count: 102 });
  });

  it("is counted up to the one that the next record builds on; what came after that is a zombie's", () => {
    const cursor = after(claim("c1", 1), lost("d1"), lost("z"), lost("y"));
    expect(accept(cursor, record("d2", "d1"))?.count).toBe(3);
    expect(accept(cursor, record("d2", "y"))?.count).toBe(5);
    expect(accept(cursor, record("d2", "elsewhere"))).toBeUndefined();
  });

  it("is counted with all before it where ids are lost, as nobody knows which it was", () => {
    expect(accept(after(claim("c1", 1), lost("d1"), lost(""), lost("z")), record("d2", "d1"))?.count).toBe(5);
    expect(accept(after(claim("c1", 1), lost("")), record("d2", "elsewhere"))?.count).toBe(3);
  });

  it("stands for a claim only if that would be the next one", () => {
    const cursor = after(claim("c1", 1), lost("c2"), lost("d1"));
    expect(accept(cursor, record("d2", "d1", "c2", 2))).toEqual({
      epoch: 2,
      last: "d2",
      owner: "",
      count: 4,
      claim: "c2",
    });
    for (const epoch of [undefined, 1, 3])
      expect(accept(cursor, record("d2", "d1", "c2", epoch))).toBeUndefined();
    expect(accept(cursor, record("d2", "d1", "c9", 2))).toBeUndefined();
  });

  it("stands for a claim whose id is lost only under the first record of that claim", () => {
    const cursor = after(claim("c1", 1), lost(""));
    expect(accept(cursor, record("d1", "c2", "c2", 2))?.claim).toBe("c2");
    expect(accept(cursor, record("d1", "other", "c2", 2))).toBeUndefined();
    expect(accept(after(claim("c1", 1), lost("x")), record("d1", "x", "c2", 2))).toBeUndefined();
  });

  it("may be the first of a partition, of whatever epoch an engine may have", () => {
    const cursor = after(lost("c7"));
    expect(accept(cursor, record("d1", "c7", "c7", 7))).toEqual({
      epoch: 7,
      last: "d1",
      owner: "",
      count: 2,
      claim: "c7",
    });
    expect(accept(cursor, record("d1", "c7", "c7", highestEpoch))).toMatchObject({
      epoch: highestEpoch,
      count: 2,
    });
    expect(accept(cursor, record("d1", "c7", "c7", highestEpoch + 1))).toBeUndefined();
    expect(accept(cursor, record("d1", "c7", "c7"))).toBeUndefined();
  });
});

describe("A record that compaction wrote", () => {
  /** In the place of d1 to d3. */
  const compacted = { ...record("d3", "c1", "c1", 1), ordinal: 4 } as const;
  const chain = [claim("c1", 1), record("d1", "c1"), record("d2", "d1"), record("d3", "d2")];

  function after(read: number): AcceptCursor {
    return chain
      .slice(0, read)
      .reduce<AcceptCursor>((cursor, one) => accept(cursor, one) ?? cursor, emptyCursor);
  }

  it.each([1, 2, 3])(
    "counts for who has read %i of what it stands for, and leads to the same place",
    (read) => {
      expect(accept(after(read), compacted)).toEqual(after(4));
      const next = record("d4", "d3");
      expect(accept(accept(after(read), compacted) ?? emptyCursor, next)).toEqual(accept(after(4), next));
    },
  );

  it("does not count once another has claimed the partition", () => {
    const claimed = accept(after(4), claim("c2", 2, "B")) ?? emptyCursor;
    expect(accept(claimed, compacted)).toBeUndefined();
  });

  it("counts for a cursor of an older version by its epoch", () => {
    const { claim: _, ...old } = after(2);
    expect(accept(old, compacted)).toMatchObject({ last: "d3", count: 4 });
    expect(accept({ ...old, epoch: 2 }, compacted)).toBeUndefined();
  });

  it("does not count where it says more than could ever have counted: whoever goes on from there would count beyond what a number holds", () => {
    const forged = (ordinal: number) => ({ ...compacted, ordinal });
    for (const cursor of [emptyCursor, after(1), after(3)]) {
      expect(accept(cursor, forged(Number.MAX_SAFE_INTEGER))).toBeUndefined();
      expect(accept(cursor, forged(highestOrdinal + 1))).toBeUndefined();
    }
    expect(accept(after(1), forged(highestOrdinal))).toMatchObject({ count: highestOrdinal });
  });

  it("counts where its claim, or what it builds on, can't be read any more", () => {
    expect(accept(noteUnreadable(after(1), "lost"), compacted)).toMatchObject({ last: "d3", count: 4 });
    expect(accept(noteUnreadable(emptyCursor, "c1"), compacted)).toMatchObject({
      epoch: 1,
      last: "d3",
      count: 4,
    });
  });
});

describe("Where it can be told who signed a record", () => {
  const signed = (header: RecordHeader): RecordHeader => ({ ...header, isSigned: true });
  const unsigned = (header: RecordHeader): RecordHeader => ({ ...header, isSigned: false });

  it("what was written before engines signed counts up to the first signed record", () => {
    const before = [claim("c1", 1), record("d1", "c1")].map(unsigned);
    const after = [claim("c2", 2), record("d2", "c2", "c2")].map(signed);
    expect(counted(...before, ...after)).toEqual(["c1", "d1", "c2", "d2"]);
  });

  it("what isn't signed counts no more after it, a claim neither, and all else goes on", () => {
    const forged = [
      record("f1", "d1"),
      claim("f2", 2, "Mallory"),
      record("f3", "f2", "f2", 2),
      { ...record("f4", "c1"), ordinal: 9 },
    ].map(unsigned);
    expect(
      counted(signed(claim("c1", 1)), signed(record("d1", "c1")), ...forged, signed(record("d2", "d1"))),
    ).toEqual(["c1", "d1", "d2"]);
  });

  it("that stays so over claims, over what can't be read and over a front that was cut off", () => {
    const begun = accept(emptyCursor, signed(record("d5", "d4", "c1", 1))) ?? emptyCursor;
    const cursors = [
      begun,
      accept(begun, signed(claim("c2", 2))) ?? emptyCursor,
      accept(noteUnreadable(begun, "d6"), signed(record("d7", "d6"))) ?? emptyCursor,
    ];
    for (const cursor of cursors) {
      expect(cursor.signedAt).toBe(0);
      for (const forged of [
        record("f", cursor.last, cursor.claim),
        claim("f", cursor.epoch + 1),
        claim("f", 99),
      ])
        expect(accept(cursor, unsigned(forged))).toBeUndefined();
    }
  });

  it("a reader that can't tell goes by the other rules", () => {
    const cursor = accept(emptyCursor, signed(claim("c1", 1))) ?? emptyCursor;
    expect(accept(cursor, record("d1", "c1"))).toMatchObject({ last: "d1" });
    expect(accept(emptyCursor, claim("c1", 1))).not.toHaveProperty("signedAt");
  });

  it("a message without a name lets no record count again that counted before it", () => {
    const at = (time: number, header: RecordHeader): RecordHeader => ({ ...signed(header), at: time });
    const first = at(5, record("d1", "c1"));
    const begun = accept(emptyCursor, at(4, claim("c1", 1))) ?? emptyCursor;
    const read = accept(accept(begun, first) ?? begun, at(6, record("d2", "d1"))) ?? begun;
    const cursor = noteUnreadable(read, "");
    expect(accept(cursor, first)).toBeUndefined();
    expect(accept(cursor, at(6, record("d2", "d1")))).toBeUndefined();
    expect(accept(cursor, at(6, record("d3", "d2")))).toMatchObject({ last: "d3", signedAt: 6 });
    expect(accept(cursor, at(7, record("d4", "d3")))).toMatchObject({ last: "d4", signedAt: 7 });
  });
});
