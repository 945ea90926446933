import { expect, test, vi } from "vitest";
import { openCache } from "../cache.ts";
import { numberOf } from "../rows.ts";
import { scratchFile } from "../test/scratch.ts";
import { ReadDatabase } from "./database.ts";
import { countRows } from "./row-walk.ts";
import { defaultLimits } from "./run-scan.ts";

const { count: most } = defaultLimits;

/** Walks of so many rows each: what they count together, and how many rows were looked at for it. */
function counted(lengths: readonly number[]) {
  const path = scratchFile();
  openCache(path, "test").close();
  const db = new ReadDatabase(path);
  const get = vi.spyOn(db, "get");
  const count = countRows(
    db,
    lengths.map((length) => ({
      from: `FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n)`,
      values: [length],
    })),
  );
  const looked = get.mock.results.map(({ value }) => numberOf(value, "n")).reduce((sum, n) => sum + n, 0);
  db.close();
  return { ...count, looked, walks: get.mock.calls.length };
}

test("rows of several walks are counted together, up to the limit and no further", () => {
  expect(counted([3, 4, 5])).toEqual({ count: 12, countIsLowerBound: false, looked: 12, walks: 3 });
  const half = Math.floor(most / 2);
  expect(counted([half, most - half])).toMatchObject({ count: most, countIsLowerBound: false });
  expect(counted([half, most, most, most])).toEqual({
    count: most,
    countIsLowerBound: true,
    looked: most + 1,
    walks: 2,
  });
});
