import { expect, test } from "vitest";
import { RowPlaces } from "./row-places.ts";

test("rows of one height follow each other", () => {
  const places = new RowPlaces(1_000, 32);
  expect([places.start(0), places.start(10), places.total]).toEqual([0, 320, 32_000]);
  expect([places.at(-5), places.at(0), places.at(31), places.at(32), places.at(99_999)]).toEqual([
    0, 0, 0, 1, 999,
  ]);
});

test("a row that is higher or lower moves those after it, and nothing else", () => {
  const places = new RowPlaces(
    10,
    30,
    new Map([
      [7, -10],
      [2, 100],
      [50, 1_000],
    ]),
  );
  expect([2, 3, 7, 8, 10].map((index) => places.start(index))).toEqual([60, 190, 310, 330, 390]);
  expect(places.total).toBe(390);
  for (let index = 0; index < 10; index++) {
    expect(places.at(places.start(index))).toBe(index);
    expect(places.at(places.start(index + 1) - 1)).toBe(index);
  }
});

test("where there is no row, none is found", () => {
  const places = new RowPlaces(0, 32, new Map([[0, 5]]));
  expect([places.total, places.at(0), places.at(100)]).toEqual([0, -1, -1]);
});
