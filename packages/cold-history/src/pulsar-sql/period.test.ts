import { expect, test } from "vitest";
import { checkedAddress } from "./address.ts";
import { partsOf } from "./period.ts";
import type { Question } from "./question.ts";
import type { Sql } from "./sql.ts";

const day = 86_400_000;
const now = 100 * day;

/** Answers looks as the connector does: the last record of each partition before the bound is left out. */
function questionOf(partitions: readonly (readonly number[])[]): Question & { readonly looks: number } {
  let looks = 0;
  return {
    address: checkedAddress({ url: "http://sql", tenant: "public", namespace: "travel" }),
    now,
    skewMs: 10,
    lookBackMs: 0,
    mostRecords: 100,
    get looks() {
      return looks;
    },
    execute: async (statement) => {
      looks++;
      const times = (statement as Sql).literals.flatMap((literal) => {
        const [, time] = /^TIMESTAMP '(.*)'$/.exec(literal) ?? [];
        return time === undefined ? [] : [Date.parse(`${time.replace(" ", "T")}Z`)];
      });
      const [from = 0, to = 0] = times;
      const asked = (statement as Sql).literals.map(Number);
      const rows = partitions.flatMap((records, partition) => {
        const before = records.filter((time) => time <= to).slice(0, -1);
        const seen = before.filter((time) => time >= from).slice(0, 2);
        return asked.includes(partition) && seen.length > 0 ? [[partition, seen]] : [];
      });
      return { columns: [], rows, isCut: false, read: { rows: 0, bytes: 0 } };
    },
  };
}

test("a period that ends now is read to the end without a look", async () => {
  const question = questionOf([[now]]);
  expect(await partsOf({ from: 50, to: now }, 1, question)).toEqual([{ from: 39 }]);
  expect(await partsOf({}, 1, question)).toEqual([{}]);
  expect(question.looks).toBe(0);
});

test("a partition is read to the second record behind the period, and where only one is seen to where it was looked", async () => {
  const to = 10 * day;
  const question = questionOf([
    [to, to + 11, to + 20, to + 30],
    [to, to + 15, to + 20_000],
    [to, to + 15, to + 16],
  ]);
  expect(await partsOf({ to }, 3, question)).toEqual([
    { to: to + 5_010, partitions: [0, 2] },
    { to: to + 120_010, partitions: [1] },
  ]);
  const [part] = await partsOf({ to }, 1, question);
  expect(part).toEqual({ to: to + 20, partitions: [0] });
});

test("a partition that was silent behind the period is read to its end, and looked for no further than that", async () => {
  const to = now - day / 2;
  const question = questionOf([[to - 5], [to, to + 11, to + 12]]);
  expect(await partsOf({ from: to - 50, to }, 2, question)).toEqual([
    { from: to - 61, to: to + 5_010, partitions: [1] },
    { from: to - 61, partitions: [0] },
  ]);
  expect(question.looks).toBe(4);
});

test("a period that begins after its end is a short one", async () => {
  expect(await partsOf({ from: now + 5, to: now }, 1, questionOf([[]]))).toEqual([{ from: now - 11 }]);
});
