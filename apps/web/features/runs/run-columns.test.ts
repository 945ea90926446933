import fc from "fast-check";
import { expect, test } from "vitest";
import {
  choosable,
  gridTemplate,
  leastWidth,
  moved,
  narrowest,
  ownColumns,
  readColumns,
  resized,
  runColumn,
  toggled,
  widest,
} from "./run-columns.ts";

test("whatever a browser has kept, it is columns of this list, each once, or nothing", () => {
  const id = fc.oneof(
    fc.constantFrom("status", "run", "label.order", "label.", "label.東京", "__proto__", "gone"),
    fc.string(),
  );
  const width = fc.oneof(fc.integer(), fc.double(), fc.constant(undefined), fc.string());
  const kept = fc.oneof(fc.anything(), fc.array(fc.oneof(fc.record({ id, width }), fc.anything())));
  fc.assert(
    fc.property(kept, (value) => {
      const columns = readColumns(value);
      if (columns === undefined) return;
      expect(columns.map((column) => column.id)).toContain("run");
      expect(new Set(columns.map((column) => column.id)).size).toBe(columns.length);
      for (const column of columns) {
        expect(runColumn(column.id)).toBeDefined();
        if (column.width !== undefined) {
          expect(column.width).toBeGreaterThanOrEqual(narrowest);
          expect(column.width).toBeLessThanOrEqual(widest);
        }
      }
      // What was read is read again as it is.
      expect(readColumns(JSON.parse(JSON.stringify(columns)))).toEqual(columns);
      expect(gridTemplate(columns).split(/ (?![^(]*\))/)).toHaveLength(columns.length);
    }),
  );
});

test("columns are chosen, moved and resized, and the run’s always stays", () => {
  const two = [{ id: "run" }, { id: "label.order" }];
  expect(toggled(two, "ended")).toEqual([...two, { id: "ended" }]);
  expect(toggled(two, "label.order")).toEqual([{ id: "run" }]);
  // It leads to the run.
  expect(toggled(two, "run")).toEqual(two);
  expect(moved(two, "run", 1)).toEqual([{ id: "label.order" }, { id: "run" }]);
  expect(moved(two, "run", -1)).toEqual(two);
  expect(resized(two, "run", 300.4)).toEqual([{ id: "run", width: 300 }, { id: "label.order" }]);
  expect(resized(two, "run", Number.NaN)).toEqual([{ id: "run", width: narrowest }, { id: "label.order" }]);
});

test("what can be chosen is what is chosen, then the rest, and labels that runs have", () => {
  const ids = choosable([{ id: "label.order" }, { id: "run" }], ["order", "region"]).map(({ id }) => id);
  expect(ids.slice(0, 2)).toEqual(["label.order", "run"]);
  expect(ids).toContain("label.region");
  expect(new Set(ids).size).toBe(ids.length);
  expect(leastWidth([{ id: "run", width: 300 }, { id: "workflow" }])).toBe(300 + 64 + 16 + 48);
  expect(ownColumns.map(({ id }) => id)).toEqual([
    "status",
    "run",
    "workflow",
    "why",
    "labels",
    "started",
    "duration",
  ]);
});
