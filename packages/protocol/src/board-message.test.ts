import { expect, test } from "vitest";
import {
  type BoardMessage,
  boardDefinition,
  encodeBoardMessage,
  parseBoardMessage,
} from "./board-message.ts";

const at = { id: "p", width: 1, height: 1 };
const change = { id: "b", by: "maria", at: 1, replaces: 0, changeId: "c" };
const board = { name: "Hiring", period: "7d", panels: [] };
const fits = (panel: object) => boardDefinition.safeParse({ ...board, panels: [panel] }).success;

test("a board is read as it was saved, and its end too", () => {
  const panels = [
    { ...at, kind: "figure", figure: "started" },
    { ...at, id: "s", kind: "series", series: "durations" },
    { ...at, id: "t", kind: "table", table: "errors" },
    { ...at, id: "g", kind: "goal", goalId: "slo" },
    { ...at, id: "q", kind: "sql", queryId: "q-1", view: "chart" },
    ...["total", "groups", "chart", "durations", "slowest", "largest"].map((show) => ({
      ...{ ...at, id: show },
      ...{ kind: "breakDown", of: "ended", by: "label.region", number: "output.total", show },
    })),
  ];
  const saved = { type: "saved", ...change, board: boardDefinition.parse({ ...board, panels }) };
  const deleted = { type: "deleted", ...change };
  for (const message of [saved, deleted])
    expect(parseBoardMessage(encodeBoardMessage(message as BoardMessage))).toEqual(message);
  expect(parseBoardMessage(Buffer.from("{}"))).toBeUndefined();
});

test("a panel has an id and a size, shows a figure that there is, and has a period that there is", () => {
  const figure = { ...at, kind: "figure", figure: "started" };
  for (const named of [
    "stuck",
    "open",
    "completed",
    "failed",
    "cancelled",
    "successRate",
    "p50",
    "p95",
    "p99",
  ])
    expect(fits({ ...figure, figure: named }), named).toBe(true);
  for (const period of ["15m", "1h", "6h", "24h", "7d", "30d", "90d"]) {
    expect(fits({ ...figure, period }), period).toBe(true);
    expect(boardDefinition.safeParse({ ...board, period }).success, period).toBe(true);
  }
  const fine = [{ id: "x".repeat(40) }, { width: 4 }, { height: 4 }, { title: "x".repeat(100) }];
  for (const one of fine) expect(fits({ ...figure, ...one }), JSON.stringify(one)).toBe(true);
  const odd = [{ id: "" }, { id: "x".repeat(41) }, { width: 0 }, { width: 5 }, { height: 0 }, { height: 5 }];
  const more = [{ height: 1.5 }, { title: " " }, { title: "x".repeat(101) }, { figure: "" }, { period: "" }];
  for (const one of [...odd, ...more]) expect(fits({ ...figure, ...one }), JSON.stringify(one)).toBe(false);
});

test("what a break-down goes by and sums is named as its page names it", () => {
  const shown = { ...at, kind: "breakDown", of: "ended", show: "groups" };
  for (const by of ["workflow", "version", "error", "label.region", "label.a\nb"])
    expect(fits({ ...shown, by }), by).toBe(true);
  for (const by of ["", "label.", "region", "xworkflow", "workflows", `label.${"x".repeat(61)}`])
    expect(fits({ ...shown, by }), by).toBe(false);
  for (const number of ["output", "run", "output.total", "run.seats", "label.amount", "run."])
    expect(fits({ ...shown, number }), number).toBe(true);
  for (const number of ["", "input.total", "label.", "outputs", "xrun", "label.amount".padEnd(301, "x")])
    expect(fits({ ...shown, number }), number).toBe(false);
});

test("a board has a name, and no more panels than one looks at", () => {
  const is = (more: object) => boardDefinition.safeParse({ ...board, ...more }).success;
  for (const name of ["", "  ", "x".repeat(101)]) expect(is({ name }), name).toBe(false);
  expect(is({ name: "x".repeat(100) })).toBe(true);
  const panels = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...at, id: `${index}`, kind: "goal", goalId: "g" }));
  expect(is({ panels: panels(24) })).toBe(true);
  expect(is({ panels: panels(25) })).toBe(false);
});

test("two panels have two ids, and figures of now are of no labels", () => {
  const figure = { ...at, kind: "figure", figure: "started" };
  expect(boardDefinition.safeParse({ ...board, panels: [figure, figure] }).success).toBe(false);
  expect(boardDefinition.safeParse({ ...board, panels: [figure, { ...figure, id: "o" }] }).success).toBe(
    true,
  );
  const where = [[{ key: "tier", test: "is", value: "gold" }]];
  expect(fits({ ...figure, where })).toBe(true);
  for (const figureOfNow of ["stuck", "open"]) {
    expect(fits({ ...figure, figure: figureOfNow })).toBe(true);
    expect(fits({ ...figure, figure: figureOfNow, where })).toBe(false);
  }
  expect(fits({ ...figure, compare: "week" })).toBe(true);
  expect(fits({ ...figure, compare: "week", where })).toBe(false);
});

test("an e-mail goes to somebody, at an hour of a day of the week", () => {
  const weekly = { channel: "mail", to: ["a@example.com"], weekday: 1, hour: 7, timeZone: "Europe/Berlin" };
  const goes = (more: object) =>
    boardDefinition.safeParse({ ...board, weekly: { ...weekly, ...more } }).success;
  for (const fine of [{}, { weekday: 7 }, { hour: 0 }, { hour: 23 }]) expect(goes(fine)).toBe(true);
  const odd = [{ to: [] }, { to: ["maria"] }, { weekday: 0 }, { weekday: 8 }, { hour: -1 }, { hour: 24 }];
  for (const one of [...odd, { hour: 7.5 }, { timeZone: "" }, { to: Array(21).fill("a@example.com") }])
    expect(goes(one), JSON.stringify(one)).toBe(false);
});
