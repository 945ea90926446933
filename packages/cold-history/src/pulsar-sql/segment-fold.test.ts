import { type AdversarialLog, adversarialLogs, leftOutOf } from "@downbeat/read-model/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cursors, foldSegments, type Segment } from "./segment-fold.ts";

interface Indexed extends Segment {
  readonly indexes: readonly number[];
}

/** As `segmentsStatement` makes them; that it does is shown on the real thing. */
function segmentsOf(log: AdversarialLog, from: number, to: number, cursors: Cursors): Indexed[] {
  const lastIds = Array.from(cursors.values(), ({ last }) => last);
  const stretch = log.slice(from, to);
  const copies = (id: string): number => stretch.filter((record) => record?.id === id).length;
  const segments: Indexed[] = [];
  for (const [index, record] of stretch.entries()) {
    const before = index === 0 ? undefined : stretch[index - 1];
    const open = segments.at(-1);
    const goesOn =
      record?.kind === "decisions" &&
      before !== undefined &&
      record.prev === before.id &&
      copies(before.id) === 1 &&
      !lastIds.includes(before.id);
    if (goesOn && open !== undefined) {
      segments[segments.length - 1] = {
        ...open,
        lastId: record.id,
        indexes: [...open.indexes, from + index],
      };
    } else {
      segments.push({ partition: 0, head: record, lastId: record?.id ?? "", indexes: [from + index] });
    }
  }
  return segments;
}

test("what is left out by segments is what the accept rule leaves out record by record, wherever the log is cut into stretches", () => {
  const seen = { leftOut: 0, longSegmentsLeftOut: 0, segmentsSaved: 0 };
  fc.assert(
    fc.property(adversarialLogs, fc.array(fc.nat(200), { maxLength: 4 }), (log, cuts) => {
      const bounds = [0, ...cuts.map((cut) => cut % log.length).sort((a, b) => a - b), log.length];
      let cursors: Cursors = new Map();
      const leftOut: number[] = [];
      for (const [index, from] of bounds.entries()) {
        const segments = segmentsOf(log, from, bounds[index + 1] ?? log.length, cursors);
        const folded = foldSegments(cursors, segments);
        cursors = folded.cursors;
        for (const { indexes } of folded.leftOut) {
          leftOut.push(...indexes);
          if (indexes.length > 1) seen.longSegmentsLeftOut++;
        }
        seen.segmentsSaved += segments.reduce((sum, { indexes }) => sum + indexes.length - 1, 0);
      }
      expect(leftOut).toEqual(leftOutOf(log));
      seen.leftOut += leftOut.length;
    }),
    { numRuns: 10_000 },
  );
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(1_000);
});

test("partitions have each their own claims and records", () => {
  const claim = (partition: number, id: string, epoch: number): Segment => ({
    partition,
    head: { kind: "claim", id, epoch, owner: "" },
    lastId: `${id}-last`,
  });
  const { cursors, leftOut } = foldSegments(new Map(), [
    claim(0, "a", 2),
    claim(1, "b", 1),
    claim(0, "c", 1),
  ]);
  expect(leftOut.map(({ lastId }) => lastId)).toEqual(["c-last"]);
  expect(Array.from(cursors, ([partition, { last }]) => [partition, last])).toEqual([
    [0, "a-last"],
    [1, "b-last"],
  ]);
});
