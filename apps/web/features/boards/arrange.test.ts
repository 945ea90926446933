import type { BoardPanel } from "@downbeat/api/views";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boardColumns, boardRows, movedBy, movedTo, newPanelId, resizedBy, withPanel } from "./arrange.ts";

const figure = (id: string): BoardPanel => ({ kind: "figure", id, width: 1, height: 1, figure: "open" });
const ids = (panels: readonly BoardPanel[]) => panels.map(({ id }) => id).join("");

const someIds = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });

test("a panel goes to its new place, and the others keep their order", () => {
  fc.assert(
    fc.property(someIds, fc.constantFrom(..."abcdefgh"), fc.integer(), (names, moved, places) => {
      const before = names.map(figure);
      const after = movedBy(before, moved, places);
      const others = (panels: readonly BoardPanel[]) => ids(panels).replace(moved, "");
      expect(others(after)).toBe(others(before));
      expect(after).toHaveLength(before.length);
      const place = names.indexOf(moved);
      if (place >= 0)
        expect(ids(after).indexOf(moved)).toBe(Math.max(0, Math.min(names.length - 1, place + places)));
    }),
  );
  const four = [..."abcd"].map(figure);
  expect(ids(movedTo(four, "a", "c"))).toBe("bcad");
  expect(ids(movedTo(four, "d", "b"))).toBe("adbc");
  expect(ids(movedTo(four, "d", "none"))).toBe("abcd");
});

test("no panel is wider or higher than a board, or less than one", () => {
  fc.assert(
    fc.property(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (width, height) => {
      const [first, second] = resizedBy([figure("a"), figure("b")], "a", { width, height });
      expect(first?.width).toBe(Math.max(1, Math.min(boardColumns, 1 + width)));
      expect(first?.height).toBe(Math.max(1, Math.min(boardRows, 1 + height)));
      expect(second).toEqual(figure("b"));
    }),
  );
});

test("a panel takes the place of the one with its id, and new ones have ids of their own", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom("p1", "p2", "p3", "p4", "x")), (names) => {
      const panels = names.map(figure);
      const id = newPanelId(panels);
      expect(names).not.toContain(id);
      expect(withPanel(panels, figure(id))).toHaveLength(names.length + 1);
      const [first] = panels;
      if (first !== undefined) {
        const changed = withPanel(panels, { ...first, title: "Other" });
        expect(ids(changed)).toBe(ids(panels));
        expect(changed[0]?.title).toBe("Other");
      }
    }),
  );
});
