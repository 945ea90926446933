import { labelsText } from "@downbeat/domain";
import type { BoardPanel } from "@downbeat/protocol";
import type { BreakDownBy } from "@downbeat/read-model/views";
import { numberWords } from "./number-words.ts";
import { rangePresets } from "./periods.ts";

type Of<Kind extends BoardPanel["kind"]> = Extract<BoardPanel, { kind: Kind }>;

export const figureWords: Readonly<Record<Of<"figure">["figure"], string>> = {
  stuck: "Stuck now",
  open: "Open now",
  started: "Started",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  successRate: "Success",
  p50: "Median",
  p95: "95 % within",
  p99: "99 % within",
};

export const seriesWords: Readonly<Record<Of<"series">["series"], string>> = {
  ended: "Runs ended",
  durations: "Time to complete",
};

export const tableWords: Readonly<Record<Of<"table">["table"], string>> = {
  workflows: "Workflows",
  jobs: "Jobs",
  errors: "Most frequent errors",
};

export const breakDownWords: Readonly<Record<Of<"breakDown">["show"], string>> = {
  total: "Runs or a sum",
  groups: "Table of groups",
  chart: "Chart of runs or a sum",
  durations: "How long completed runs took",
  slowest: "Slowest runs",
  largest: "Largest numbers",
};

/** Names of what lies elsewhere, where they are known. */
export interface NamesElsewhere {
  readonly goalName?: (id: string) => string | undefined;
  readonly queryName?: (id: string) => string | undefined;
}

/** What stands above a panel: its own title, or what it shows, of which runs and when. Of which labels is said in any case: figures of a part look like those of all. */
export function panelTitle(panel: BoardPanel, names: NamesElsewhere = {}): string {
  const labels = "where" in panel && panel.where !== undefined ? [labelsText(panel.where)] : [];
  if (panel.title !== undefined) return [panel.title, ...labels].join(" · ");
  const parts = [whatWords(panel, names)];
  if ("workflow" in panel && panel.workflow !== undefined) parts.push(panel.workflow);
  parts.push(...labels);
  if ("period" in panel && panel.period !== undefined)
    parts.push(rangePresets[panel.period].label.toLowerCase());
  return parts.join(" · ");
}

function whatWords(panel: BoardPanel, { goalName, queryName }: NamesElsewhere): string {
  switch (panel.kind) {
    case "figure":
      return figureWords[panel.figure];
    case "series":
      return seriesWords[panel.series];
    case "table":
      return tableWords[panel.table];
    case "breakDown":
      return brokenDownWords(panel);
    case "goal":
      return goalName?.(panel.goalId) ?? "Goal";
    case "sql":
      return queryName?.(panel.queryId) ?? "SQL";
  }
}

/** `workflow`, `label.region`: what runs are told apart by. */
export function byOf(by: string | undefined): BreakDownBy | undefined {
  if (by === undefined) return undefined;
  const facet = (["workflow", "version", "error"] as const).find((each) => each === by);
  return facet === undefined ? { by: "label", key: by.slice("label.".length) } : { by: facet };
}

function brokenDownWords({ show, of, by, number }: Of<"breakDown">): string {
  const parsed = byOf(by);
  const what = number === undefined ? `Runs ${of}` : `Sum of ${numberWords(number)}`;
  if (show === "groups")
    return parsed === undefined ? what : `${what} by ${parsed.by === "label" ? parsed.key : parsed.by}`;
  if (show === "chart" || show === "total") return what;
  if (show === "largest")
    return number === undefined ? breakDownWords.largest : `Largest ${numberWords(number)}`;
  return breakDownWords[show];
}
