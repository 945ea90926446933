import type { BoardDefinition } from "@downbeat/api/views";

const figure = { kind: "figure", width: 1, height: 1 } as const;

/** What most people ask first: are we fine, how much, how fast, what goes wrong? */
export const exampleBoard: BoardDefinition = {
  name: "How we are",
  period: "24h",
  panels: [
    { ...figure, id: "stuck", figure: "stuck" },
    { ...figure, id: "completed", figure: "completed", compare: "week" },
    { ...figure, id: "success", figure: "successRate", compare: "week" },
    { ...figure, id: "p95", figure: "p95", compare: "week" },
    { kind: "series", id: "ended", width: 2, height: 2, series: "ended" },
    { kind: "series", id: "durations", width: 2, height: 2, series: "durations" },
    { kind: "table", id: "workflows", width: 4, height: 2, table: "workflows" },
    { kind: "breakDown", id: "slowest", width: 2, height: 2, of: "ended", show: "slowest" },
    { kind: "table", id: "errors", width: 2, height: 2, table: "errors" },
  ],
};

/** A name of its own, where there are boards already. */
export function freeName(name: string, taken: readonly string[]): string {
  const known = new Set(taken.map((each) => each.toLowerCase()));
  if (!known.has(name.toLowerCase())) return name;
  let number = 2;
  while (known.has(`${name} ${number}`.toLowerCase())) number++;
  return `${name} ${number}`;
}
