import { plain } from "./print.ts";

const gap = "  ";

/** Columns as wide as their widest cell; the last one is cut where the terminal ends. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns,
): string {
  const cells = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(gap)
        .trimEnd();
      return width !== undefined && line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
    })
    .join("\n");
}
