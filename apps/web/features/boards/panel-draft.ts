import { breakDownWords, figureWords, seriesWords, tableWords } from "@downbeat/api/figure-words";
import type { BoardPanel } from "@downbeat/api/views";
import { labelsText } from "@downbeat/domain";
import type { RangePreset } from "../../lib/time-range.ts";
import { figureLabels } from "../figures/figure-labels.ts";

/** What is chosen in the form of a panel, whatever of it the kind of panel takes. */
export interface PanelDraft {
  /** `figure:stuck`, `series:ended`, `goal`, … */
  readonly shows: string;
  readonly title: string;
  readonly workflow: string | undefined;
  /** As they are typed. */
  readonly labels: string;
  readonly period: RangePreset | undefined;
  readonly compare: "before" | "week" | undefined;
  readonly of: "started" | "ended";
  readonly by: string | undefined;
  readonly number: string | undefined;
  readonly goalId: string | undefined;
  readonly queryId: string | undefined;
  readonly view: "table" | "chart";
}

const keysOf = <Key extends string>(words: Readonly<Record<Key, string>>) => Object.keys(words) as Key[];

/** What a panel can show, as the form offers it. */
export const choices: readonly {
  readonly group: string;
  readonly options: readonly (readonly [shows: string, words: string])[];
}[] = [
  { group: "One figure", options: keysOf(figureWords).map((one) => [`figure:${one}`, figureWords[one]]) },
  { group: "Charts", options: keysOf(seriesWords).map((one) => [`series:${one}`, seriesWords[one]]) },
  { group: "Tables", options: keysOf(tableWords).map((one) => [`table:${one}`, tableWords[one]]) },
  {
    group: "Broken down",
    options: keysOf(breakDownWords).map((one) => [`breakDown:${one}`, breakDownWords[one]]),
  },
  {
    group: "More",
    options: [
      ["goal", "A goal"],
      ["sql", "A saved query"],
    ],
  },
];

export const emptyDraft: PanelDraft = {
  shows: "figure:completed",
  title: "",
  workflow: undefined,
  labels: "",
  period: undefined,
  compare: undefined,
  of: "ended",
  by: undefined,
  number: undefined,
  goalId: undefined,
  queryId: undefined,
  view: "table",
};

export function draftOf(panel: BoardPanel): PanelDraft {
  const draft = { ...emptyDraft, title: panel.title ?? "" };
  switch (panel.kind) {
    case "figure": {
      const { figure, workflow, where = [], period, compare } = panel;
      const labels = labelsText(where);
      return { ...draft, shows: `figure:${figure}`, workflow, labels, period, compare };
    }
    case "series":
      return { ...draft, shows: `series:${panel.series}`, workflow: panel.workflow, period: panel.period };
    case "table":
      return { ...draft, shows: `table:${panel.table}`, workflow: panel.workflow, period: panel.period };
    case "breakDown": {
      const { show, workflow, where = [], period, of, by, number } = panel;
      const labels = labelsText(where);
      return { ...draft, shows: `breakDown:${show}`, workflow, labels, period, of, by, number };
    }
    case "goal":
      return { ...draft, shows: "goal", goalId: panel.goalId };
    case "sql":
      return { ...draft, shows: "sql", queryId: panel.queryId, view: panel.view };
  }
}

/** Figures of the Overview's charts and tables, and of what is so now, are counted by workflow alone. */
export function takesLabels(shows: string): boolean {
  if (shows.startsWith("breakDown:")) return true;
  return shows.startsWith("figure:") && shows !== "figure:stuck" && shows !== "figure:open";
}

type Place = Pick<BoardPanel, "id" | "width" | "height">;

/** How large a new one is at first. */
export function firstSize(shows: string): Pick<Place, "width" | "height"> {
  if (shows.startsWith("figure:") || shows === "breakDown:total") return { width: 1, height: 1 };
  return { width: 2, height: 2 };
}

/** What is meant, or what keeps it from being meant. */
export function panelOf(
  draft: PanelDraft,
  place: Place,
): { readonly panel: BoardPanel } | { readonly problem: string } {
  const title = draft.title.trim();
  const { id, width, height } = place;
  const basics = { id, width, height, ...(title !== "" && { title }) };
  const { workflow, period, compare, of, by, number, goalId, queryId, view } = draft;
  const ofRuns = { ...(workflow !== undefined && { workflow }), ...(period !== undefined && { period }) };
  const [kind = "", what = ""] = draft.shows.split(":", 2);
  const one = <Key extends string>(words: Readonly<Record<Key, string>>) =>
    keysOf(words).find((each) => each === what);
  const [figure, series, table, show] = [
    one(figureWords),
    one(seriesWords),
    one(tableWords),
    one(breakDownWords),
  ];
  const asked = takesLabels(draft.shows) ? figureLabels(draft.labels) : { clauses: [] };
  if ("problem" in asked) return asked;
  const where = asked.clauses.map((clause) => [...clause]);
  const ofLabels = where.length > 0 && { where };
  if (kind === "figure" && figure !== undefined) {
    if (ofLabels !== false && compare !== undefined)
      return {
        problem: "What is of some labels can't be compared with another period: leave out one of them.",
      };
    return {
      panel: { kind, ...basics, ...ofRuns, ...ofLabels, figure, ...(compare !== undefined && { compare }) },
    };
  }
  if (kind === "series" && series !== undefined) return { panel: { kind, ...basics, ...ofRuns, series } };
  if (kind === "table" && table !== undefined) return { panel: { kind, ...basics, ...ofRuns, table } };
  if (kind === "breakDown" && show !== undefined) {
    if (show === "largest" && number === undefined) return { problem: "Choose a number." };
    return {
      panel: {
        kind,
        ...basics,
        ...ofRuns,
        of,
        show,
        ...ofLabels,
        ...(by !== undefined && { by }),
        ...(number !== undefined && { number }),
      },
    };
  }
  if (kind === "goal")
    return goalId === undefined ? { problem: "Choose a goal." } : { panel: { kind, ...basics, goalId } };
  if (kind === "sql")
    return queryId === undefined
      ? { problem: "Choose a saved query." }
      : { panel: { kind, ...basics, queryId, view } };
  return { problem: "Choose what the panel shows." };
}
