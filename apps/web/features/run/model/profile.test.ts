import fc from "fast-check";
import { expect, test } from "vitest";
import { timeScale } from "../timeline/scale.ts";
import { columnWidth, profileOf, profilePath } from "./profile.ts";

const segment = fc
  .tuple(fc.integer({ min: -500, max: 1_500 }), fc.nat(800))
  .map(([from, ms]) => ({ from, to: from + ms }));

test("every bar shows at the place where it is, and no place counts more than there are bars", () => {
  fc.assert(
    fc.property(
      fc.array(segment, { maxLength: 30 }),
      fc.integer({ min: 20, max: 400 }),
      (segments, width) => {
        const scale = timeScale(0, 1_000, width);
        const { columns, most } = profileOf(segments, scale);
        expect(columns).toHaveLength(Math.ceil(width / columnWidth));
        expect(Math.min(0, ...columns)).toBe(0);
        expect(most).toBe(Math.max(0, ...columns));
        expect(most).toBeLessThanOrEqual(segments.length);
        for (const { from, to } of segments) {
          const middle = (Math.max(0, from) + Math.min(1_000, to)) / 2;
          // What ends where the axis begins is not on it.
          if (to < 0 || (to === 0 && from < 0) || from >= 1_000) continue;
          expect(
            columns[Math.min(columns.length - 1, Math.floor(scale.x(middle) / columnWidth))],
          ).toBeGreaterThan(0);
        }
      },
    ),
    { examples: [[[{ from: -500, to: 0 }], 20]] },
  );
});

test("the area is drawn over stretches of equal height", () => {
  const scale = timeScale(0, 10, 20);
  const profile = profileOf(
    [
      { from: 0, to: 5 },
      { from: 2, to: 5 },
    ],
    scale,
  );
  expect(profile).toEqual({ columns: [1, 1, 2, 2, 2, 0, 0, 0, 0, 0], most: 2 });
  expect(profilePath(profile, 13)).toBe("M0 13V5H4V0H10V13Z");
  expect(profilePath({ columns: [0, 0], most: 0 }, 13)).toBe("");
});
