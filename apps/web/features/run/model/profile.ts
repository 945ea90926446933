import type { TimeScale } from "../timeline/scale.ts";
import type { Segment } from "../timeline/segments.ts";

export interface Profile {
  /** How many were at work at once, a number for every column from the left. */
  readonly columns: readonly number[];
  readonly most: number;
}

export const columnWidth = 2;

/** Many bars in one row: at each place, how many there are. What is shorter than a column still takes one. */
export function profileOf(segments: Iterable<Pick<Segment, "from" | "to">>, scale: TimeScale): Profile {
  const count = Math.max(1, Math.ceil(scale.width / columnWidth));
  const steps = new Array<number>(count + 1).fill(0);
  for (const { from, to } of segments) {
    const first = Math.floor(scale.x(from) / columnWidth);
    const last = Math.max(first, Math.ceil(scale.x(to) / columnWidth) - 1);
    if (last < 0 || first >= count) continue;
    const begin = Math.max(0, first);
    const end = Math.min(count - 1, last) + 1;
    steps[begin] = (steps[begin] ?? 0) + 1;
    steps[end] = (steps[end] ?? 0) - 1;
  }
  const columns: number[] = [];
  let level = 0;
  let most = 0;
  for (let index = 0; index < count; index++) {
    level += steps[index] ?? 0;
    most = Math.max(most, level);
    columns.push(level);
  }
  return { columns, most };
}

/** An area of this height for SVG, its ground line below; one of many still shows. */
export function profilePath({ columns, most }: Profile, height: number): string {
  if (most === 0) return "";
  const parts: string[] = [];
  let before = 0;
  columns.forEach((level, index) => {
    if (level === before) return;
    const x = index * columnWidth;
    const y = heightOf(level);
    parts.push(before === 0 ? `M${x} ${height}V${y}` : `H${x}V${y}`);
    if (level === 0) parts.push("Z");
    before = level;
  });
  if (before !== 0) parts.push(`H${columns.length * columnWidth}V${height}Z`);
  return parts.join("");

  function heightOf(level: number): number {
    if (level === 0) return height;
    const least = 3;
    return Math.round((height - least) * (1 - level / most) * 10) / 10;
  }
}
