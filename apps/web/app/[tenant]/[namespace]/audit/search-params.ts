import type { AuditOutcome } from "@downbeat/api/views";
import {
  type Report,
  readChoices,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";
import {
  parseRange,
  rangeNames,
  resolveRange,
  type TimeRange,
  writeRange,
} from "../../../../lib/time-range.ts";

/** In the order of the page. */
export const auditOutcomes = [
  "done",
  "refused",
  "failed",
  "undecided",
] as const satisfies AuditOutcome["is"][];

export interface AuditParams {
  readonly who?: string | undefined;
  readonly verb?: string | undefined;
  /** Id of what it was done to. */
  readonly on?: string | undefined;
  readonly outcome: readonly AuditOutcome["is"][];
  readonly text?: string | undefined;
  readonly range: TimeRange;
}

const allTime: TimeRange = { type: "all" };

/** Names every field, so that it clears them all when it is laid over others. */
export const allAudit: AuditParams = {
  who: undefined,
  verb: undefined,
  on: undefined,
  outcome: [],
  text: undefined,
  range: allTime,
};

export const longest = { who: 200, verb: 100, on: 500, text: 200 } as const;

export function parseAuditParams(query: URLSearchParams, report: Report = unreported): AuditParams {
  reportUnknown(query, [...rangeNames, "who", "verb", "on", "outcome", "q"], report);
  return {
    who: readText(query, "who", longest.who, report),
    verb: readText(query, "verb", longest.verb, report),
    on: readText(query, "on", longest.on, report),
    outcome: readChoices(query, "outcome", auditOutcomes, report),
    text: readText(query, "q", longest.text, report),
    range: parseRange(query, allTime, report),
  };
}

export function serializeAuditParams(params: Partial<AuditParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.who) query.set("who", params.who);
  if (params.verb) query.set("verb", params.verb);
  if (params.on) query.set("on", params.on);
  if (params.outcome?.length) query.set("outcome", params.outcome.join(","));
  if (params.text) query.set("q", params.text);
  if (params.range !== undefined) writeRange(query, params.range, allTime);
  return query;
}

export function isNarrowed({ who, verb, on, outcome, text, range }: AuditParams): boolean {
  return [who, verb, on, text].some((one) => one !== undefined) || outcome.length > 0 || range.type !== "all";
}

/** What the API is asked for. */
export function auditQueryOf({ who, verb, on, outcome, text, range }: AuditParams, now: number) {
  return {
    ...(who !== undefined && { who }),
    ...(verb !== undefined && { verb: [verb] }),
    ...(on !== undefined && { on }),
    ...(outcome.length > 0 && { outcome: [...outcome] }),
    ...(text !== undefined && { text }),
    ...resolveRange(range, now),
  };
}
