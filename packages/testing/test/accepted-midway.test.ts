import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import { AcceptedMidway, type HistoryRecord, parseHistoryRecord, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { playSeed } from "../src/simulation/run-seed.ts";

/** As the simulation's engines are tuned. */
const mostInFlight = 4;

interface Folded {
  readonly record: HistoryRecord;
  /** After the record when it counts. */
  readonly cursor: AcceptCursor | undefined;
}

async function historyOf(seed: number): Promise<Folded[]> {
  const { log } = await playSeed(seed);
  let cursor = emptyCursor;
  return log.messages(topics.history(0)).flatMap(({ payload }) => {
    const record = parseHistoryRecord(payload);
    if (record === undefined) return [];
    const next = accept(cursor, record);
    cursor = next ?? cursor;
    return [{ record, cursor: next }];
  });
}

test("what is certain in the midst of a partition agrees with the fold from its beginning, wherever reading begins and ends", {
  timeout: 240_000,
}, async () => {
  let ignored = 0;
  let byChain = 0;
  let epochsOfRecords = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const history = await historyOf(seed);
    ignored += history.filter(({ cursor }) => cursor === undefined).length;
    for (let first = 0; first < history.length; first++) {
      const midway = new AcceptedMidway(mostInFlight);
      for (let next = first; next < history.length; next++) {
        const shown = history[next];
        if (shown === undefined) continue;
        midway.show(shown.record);
        const proven = midway.last();
        if (proven === undefined) continue;
        const folded = history[first + proven.index];
        expect(folded?.cursor, `seed ${seed}, from ${first} to ${next}`).toMatchObject({
          epoch: proven.cursor.epoch,
          last: proven.cursor.last,
        });
        if (folded?.record.kind === "decisions") byChain++;
        if (proven.cursor.owner === "") epochsOfRecords++;
        else expect(folded?.cursor?.owner).toBe(proven.cursor.owner);
      }
    }
  }
  // Else nothing was tried.
  expect(ignored).toBeGreaterThan(10);
  expect(byChain).toBeGreaterThan(100);
  expect(epochsOfRecords).toBeGreaterThan(100);
});
