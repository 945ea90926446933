import { expect, test } from "vitest";
import { ColdError } from "../port/cold-error.ts";
import { checkedAddress } from "./address.ts";
import type { Executed } from "./execute.ts";
import type { Question } from "./question.ts";
import { type Sql, sql } from "./sql.ts";
import { type Stretch, throughout } from "./stretches.ts";

const mostRecords = 100;
const to = Date.UTC(2026, 10, 24);

/** A log of records taken at these times, which are all that its queries are about: a query is the statement of a stretch's bounds. */
function logOf(times: readonly number[], tooMuch: () => Executed) {
  const queries: number[] = [];
  const question: Question = {
    address: checkedAddress({ url: "http://sql", tenant: "public", namespace: "travel" }),
    now: to,
    skewMs: 0,
    lookBackMs: 0,
    mostRecords,
    execute: async (statement, most) => {
      const { text, literals } = statement as Sql;
      if (text.endsWith("LIMIT 1")) {
        const bound = Date.parse(`${/'(.*)'/.exec(literals[0] ?? "")?.[1]?.replace(" ", "T")}Z`);
        return executed(times.some((time) => time <= bound) ? 1 : 0);
      }
      const [from = 0, end = 0] = literals.map(Number);
      const rows = times.filter((time) => time >= from && time < end).length;
      queries.push(rows);
      return rows > (most?.read ?? Number.POSITIVE_INFINITY) ? tooMuch() : executed(rows);
    },
  };
  return { question, queries };
}

function executed(rows: number, isCut = false): Executed {
  return {
    columns: [],
    rows: Array.from({ length: rows }, () => []),
    isCut,
    read: { rows, bytes: 0 },
  };
}

async function takenOf(question: Question): Promise<{ stretches: Stretch[]; rows: number }> {
  const stretches: Stretch[] = [];
  let rows = 0;
  await throughout(to, question, async (stretch, execute) => {
    const { read } = await execute(sql`${stretch.from ?? 0} ${stretch.to}`);
    stretches.push(stretch);
    rows += read.rows;
  });
  return { stretches, rows };
}

const cut = (): Executed => executed(0, true);

test("a short log is taken at once", async () => {
  const { question, queries } = logOf([1_000, to - 5], cut);
  expect(await takenOf(question)).toEqual({ stretches: [{ from: undefined, to }], rows: 2 });
  expect(queries).toEqual([2]);
});

test.each([
  ["ends the query", cut],
  [
    "takes too long",
    () => {
      throw new ColdError("timeout", "It took too long.");
    },
  ],
])(
  "a long log is taken in stretches without a gap or an overlap: what is too much %s",
  async (_, tooMuch) => {
    // Little for a year, and then much in an hour.
    const day = 86_400_000;
    const times = [
      ...Array.from({ length: 365 }, (__, index) => to - 366 * day + index * day),
      ...Array.from({ length: 1_000 }, (__, index) => to - day + index * 3_600),
    ];
    const { question, queries } = logOf(times, tooMuch);
    const { stretches, rows } = await takenOf(question);
    expect(rows).toBe(times.length);
    expect(stretches.length).toBeGreaterThan(10);
    expect(stretches[0]?.from).toBeUndefined();
    expect(stretches.at(-1)?.to).toBe(to);
    for (const [index, { from }] of stretches.entries()) {
      if (index > 0) expect(from).toBe(stretches[index - 1]?.to);
    }
    expect(queries.length).toBeLessThan(100);
  },
);

test("what is too much within a minute is taken all the same", async () => {
  const times = Array.from({ length: 500 }, () => to - 90_000);
  expect((await takenOf(logOf(times, cut).question)).rows).toBe(500);
});

test("another failure is passed on", async () => {
  const { question } = logOf([], cut);
  const failing = {
    ...question,
    execute: () => Promise.reject(new ColdError("unavailable", "Nobody answers.")),
  };
  await expect(takenOf(failing)).rejects.toThrow("Nobody answers.");
});
