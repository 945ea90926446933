import type { BreakDownBy, FacetName } from "@downbeat/api/views";
import type { LabelClause } from "@downbeat/domain";
import {
  type Report,
  readChoice,
  readText,
  reportUnknown,
  shown,
  unreported,
} from "../../../../lib/address-query.ts";
import { type RangePreset, rangeNames, type TimeRange, writeRange } from "../../../../lib/time-range.ts";
import { readLabels, type TimeField, writeLabels } from "../runs/search-params.ts";
import { parseFigureRange } from "../search-params.ts";

export interface FiguresParams {
  readonly range: TimeRange;
  readonly workflow?: string | undefined;
  /** All of them have to hold. */
  readonly labels?: readonly LabelClause[] | undefined;
  /** Which runs belong to the period: those that started in it, or those that ended. */
  readonly of: TimeField;
  readonly by?: BreakDownBy | undefined;
  /** Path of a number, such as `label.amount`. */
  readonly number?: string | undefined;
}

/** Groups are found by conditions of their own beside these. */
export const mostFigureClauses = 5;

const preset: RangePreset = "24h";
const defaultRange: TimeRange = { type: "last", preset };

const facets = ["workflow", "version", "error"] as const satisfies readonly FacetName[];
const ofLabel = "label.";

export function parseFiguresParams(query: URLSearchParams, report: Report = unreported): FiguresParams {
  reportUnknown(query, [...rangeNames, "workflow", "label", "of", "by", "number"], report, ["label"]);
  const workflow = readText(query, "workflow", 100, report);
  const by = parseBy(readText(query, "by", 66, report), report);
  const number = readText(query, "number", 300, report);
  const isPath = number === undefined || /^(?:(?:output|run)(?:\..*)?|label\..+)$/s.test(number);
  if (!isPath)
    report(`“number” is such as label.amount, run.seats or output.total; ${shown(number)} is not.`);
  const labels = readLabels(query, report, mostFigureClauses);
  return {
    range: parseFigureRange(query, defaultRange, report),
    of: readChoice(query, "of", ["started", "ended"], report) ?? "ended",
    ...(workflow === undefined ? {} : { workflow }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(by === undefined ? {} : { by }),
    ...(isPath && number !== undefined ? { number } : {}),
  };
}

/** `workflow`, `version`, `error`, `label.region` */
export function byText(by: BreakDownBy | undefined): string {
  if (by === undefined) return "";
  return by.by === "label" ? `${ofLabel}${by.key}` : by.by;
}

export function parseBy(text: string | undefined, report: Report = unreported): BreakDownBy | undefined {
  if (text === undefined || text === "") return undefined;
  const facet = facets.find((each) => each === text);
  if (facet !== undefined) return { by: facet };
  if (text.startsWith(ofLabel) && text.length > ofLabel.length)
    return { by: "label", key: text.slice(ofLabel.length) };
  report(`“by” is workflow, version, error or label.name; ${shown(text)} is none of these.`);
  return undefined;
}

export function serializeFiguresParams(params: Partial<FiguresParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.range !== undefined) writeRange(query, params.range, defaultRange);
  if (params.workflow) query.set("workflow", params.workflow);
  writeLabels(query, params.labels);
  if (params.of === "started") query.set("of", "started");
  if (params.by !== undefined) query.set("by", byText(params.by));
  if (params.number) query.set("number", params.number);
  return query;
}
