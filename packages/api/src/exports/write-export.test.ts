import { BadCursor } from "@downbeat/read-model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { nothingMasked } from "../masking/nothing-masked.ts";
import type { Role } from "../permissions/policy.ts";
import type { ExportUpdate } from "../views.ts";
import { ExportDesk } from "./export-desk.ts";
import { type Exportable, periodWords, stamp } from "./exportable.ts";
import { fileName } from "./file-name.ts";
import { type ExportFormat, exportFormats } from "./formats.ts";
import { writeExport } from "./write-export.ts";

interface Row {
  readonly name: string;
  readonly input: string;
}

const at = Date.UTC(2026, 10, 27, 23, 4, 5);

function contextFor(role: Role = "admin", exports = new ExportDesk(), signal?: AbortSignal): Context {
  return { ...nothingMasked, actor: "ada", role, exports, now: () => at, signal } as Context;
}

/** @param onPage called with the number of each page that is asked for */
function listOf(rows: readonly Row[], size: number, onPage: (page: number) => void = () => {}) {
  return {
    name: "things",
    about: () => ["a filter"],
    columns: () => [
      { name: "name", of: (row) => row.name },
      { name: "input", of: (row) => row.input },
    ],
    async page(_, __, cursor) {
      const page = Number(cursor ?? 0);
      onPage(page);
      const isLast = (page + 1) * size >= rows.length;
      return {
        rows: rows.slice(page * size, (page + 1) * size),
        count: rows.length,
        ...(!isLast && { cursor: String(page + 1) }),
      };
    },
  } satisfies Exportable<undefined, Row>;
}

async function whole(list: Exportable<undefined, Row>, format: ExportFormat, context = contextFor()) {
  const updates: ExportUpdate[] = [];
  for await (const update of await writeExport(context, list, undefined, format)) updates.push(update);
  return { updates, text: updates.map(({ text }) => text).join(""), end: updates.at(-1) };
}

const odd = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("=1+1", "+cmd", "-2", "@x", "\ufeff", 'a"b', "two\r\nlines", "a;b", "東京", "", "\u2028"),
);
const rowsOf = fc.array(fc.record({ name: odd, input: odd }), { maxLength: 25 });

test("whatever is in the rows and however long pages are, JSON holds every row once, in order", async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const json = JSON.parse((await whole(listOf(rows, size), "json")).text);
      expect(json).toMatchObject({ list: "things", isWhole: true, count: rows.length });
      expect(json.rows).toEqual(rows.map((row) => JSON.parse(JSON.stringify(row))));
      const lines = (await whole(listOf(rows, size), "ndjson")).text.split("\n").slice(0, -1);
      expect(lines.map((line) => JSON.parse(line))).toEqual(json.rows);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("no cell of a spreadsheet begins as a formula does, and none breaks its row", async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, async (rows) => {
      const { text } = await whole(listOf(rows, 4), "csv");
      expect(text.startsWith("\ufeffname,input\r\n")).toBe(true);
      const cells = cellsOf(text.slice(1)).slice(1);
      expect(cells).toHaveLength(rows.length);
      for (const [number, cell] of cells.entries()) {
        expect(cell).toHaveLength(2);
        for (const part of cell) expect(part).toMatch(/^(?![\s]*[=@])(?![\s]*[+-](?!\d))/);
        expect(cell[0]?.replace(/^'/, "")).toBe(rows[number]?.name.replace(/^'/, ""));
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** As RFC 4180 has it. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let [cell, row, isQuoted]: [string, string[], boolean] = ["", [], false];
  for (let at = 0; at < csv.length; at++) {
    const character = csv[at] ?? "";
    if (isQuoted && character === '"' && csv[at + 1] === '"') cell += csv[at++];
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === ",") [row, cell] = [[...row, cell], ""];
    else if (!isQuoted && csv.startsWith("\r\n", at)) {
      rows.push([...row, cell]);
      [row, cell] = [[], ""];
      at++;
    } else cell += character;
  }
  return rows;
}

test("a page is asked for when the one before was taken, and none after somebody has left", async () => {
  const asked: number[] = [];
  const rows = Array.from({ length: 40 }, (_, number) => ({ name: `${number}`, input: "1" }));
  const desk = new ExportDesk();
  const updates = await writeExport(
    contextFor("admin", desk),
    listOf(rows, 10, (page) => asked.push(page)),
    undefined,
    "csv",
  );
  await updates.next();
  await updates.next();
  expect(asked).toEqual([0]);
  await updates.next();
  expect(asked).toEqual([0, 1]);
  await updates.return();
  expect(asked).toEqual([0, 1]);
});

test("progress says how many of how many, and the name says list, filter and moment", async () => {
  const rows = Array.from({ length: 5 }, (_, number) => ({ name: `${number}`, input: "1" }));
  const { updates } = await whole(listOf(rows, 2), "csv");
  expect(updates[0]).toMatchObject({ count: 5, fileName: "things-a-filter-2026-11-27T23-04-05Z.csv" });
  expect(updates.flatMap((update) => (update.type === "rows" ? [update.rows] : []))).toEqual([2, 4, 5]);
});

test.each(exportFormats)("a list that can't go on is marked as cut in its %s", async (format) => {
  for (const failure of [
    new ApiError("unavailable", "The log is away."),
    new BadCursor("The log is away."),
  ]) {
    const rows = Array.from({ length: 5 }, (_, number) => ({ name: `${number}`, input: "1" }));
    const list = listOf(rows, 2, (page) => {
      if (page === 1) throw failure;
    });
    const { text, end } = await whole(list, format);
    expect(end).toMatchObject({ type: "end", rows: 2, cut: "The log is away." });
    expect(text).toContain("The log is away.");
    if (format === "json") expect(JSON.parse(text)).toMatchObject({ isWhole: false, count: 2 });
  }
});

test("a list of which something is missing goes on to its end, and says so there", async () => {
  const rows = Array.from({ length: 5 }, (_, number) => ({ name: `${number}`, input: "1" }));
  const plain = listOf(rows, 2);
  const cut = "What ended before is missing.";
  const list = {
    ...plain,
    page: async (context: Context, query: undefined, cursor?: string) => ({
      ...(await plain.page(context, query, cursor)),
      cut,
    }),
  };
  expect((await whole(list, "csv")).end).toMatchObject({ type: "end", rows: 5, cut });
});

test("a list that stands still ends as cut", async () => {
  const asked: (string | undefined)[] = [];
  const list = {
    ...listOf([], 2),
    page: async (_: Context, __: undefined, cursor?: string) => {
      asked.push(cursor);
      return asked.length === 1
        ? { rows: [{ name: "a", input: "1" }], cursor: "earlier" }
        : { rows: [], cursor: "earlier", cut: "It can't be reached." };
    },
  };
  expect((await whole(list, "json")).end).toMatchObject({ rows: 1, cut: "It can't be reached." });
  expect(asked).toEqual([undefined, "earlier"]);
});

test("every number is a time that can be written, and what narrows a list a part of a name", () => {
  fc.assert(
    fc.property(fc.double(), (moment) => {
      const isTime = Math.abs(moment) <= 8.64e15;
      expect(stamp(moment)).toBe(isTime ? new Date(moment).toISOString() : `${moment}`);
    }),
  );
  expect([stamp(undefined), stamp(9e15), stamp(0)]).toEqual([
    null,
    "9000000000000000",
    "1970-01-01T00:00:00.000Z",
  ]);
  expect(periodWords(9e15, 0)).toEqual(["from 9000000000000000", "to 1970-01-01"]);
});

test("what the list refuses at once is refused before there is a file", async () => {
  const list = listOf([], 2, () => {
    throw new ApiError("forbidden", "Not for you.");
  });
  await expect(writeExport(contextFor(), list, undefined, "csv")).rejects.toThrow("Not for you.");
});

test("who may see no payloads gets none", async () => {
  const rows = [{ name: "a", input: '{"card":4711}' }];
  for (const format of exportFormats) {
    expect((await whole(listOf(rows, 1), format, contextFor("viewer"))).text).not.toContain("4711");
    expect((await whole(listOf(rows, 1), format, contextFor("support"))).text).toContain("4711");
  }
});

test("one person has three exports under way at most, and another one when one of them is over", async () => {
  const context = contextFor();
  const list = listOf([{ name: "a", input: "1" }], 1);
  const begin = async () => {
    const updates = await writeExport(context, list, undefined, "csv");
    await updates.next();
    return updates;
  };
  const running = [await begin(), await begin(), await begin()];
  await expect(begin()).rejects.toThrow("3 exports of yours are under way");
  await running[0]?.return();
  await expect(begin()).resolves.toBeDefined();
});

test("a file's name holds nothing that a file system would take for something else", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }), (about) => {
      const name = fileName("runs", about, at, "csv");
      expect(name).toMatch(/^runs(?:-[\p{L}\p{N}.-]+)?-2026-11-27T23-04-05Z\.csv$/u);
      expect(name).not.toContain("..csv");
      expect(Buffer.byteLength(name)).toBeLessThan(200);
    }),
  );
  expect(Buffer.byteLength(fileName("runs", ["東".repeat(200)], at, "csv"))).toBeLessThan(200);
  expect(fileName("runs", ["stuck", "", "../../etc", "region=eu"], at, "json")).toBe(
    "runs-stuck-..-..-etc-region-eu-2026-11-27T23-04-05Z.json",
  );
});
