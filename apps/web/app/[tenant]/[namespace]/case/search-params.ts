import {
  type Report,
  readChoice,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";

export const caseLanguages = ["en", "de"] as const;
export type CaseLanguage = (typeof caseLanguages)[number];
export const caseAudiences = ["colleague", "customer"] as const;
export type CaseAudience = (typeof caseAudiences)[number];

export interface CaseParams {
  /** What was searched for: an order number, a label's value, an id. */
  readonly text?: string | undefined;
  readonly runId?: string | undefined;
  /** The reader's own if not given. */
  readonly language?: CaseLanguage | undefined;
  readonly audience: CaseAudience;
}

const longest = 200;

export function parseCaseParams(query: URLSearchParams, report: Report = unreported): CaseParams {
  reportUnknown(query, ["q", "run", "lang", "for"], report);
  const text = readText(query, "q", longest, report)?.trim();
  const runId = readText(query, "run", longest, report);
  const language = readChoice(query, "lang", caseLanguages, report);
  return {
    audience: readChoice(query, "for", caseAudiences, report) ?? "colleague",
    ...(text !== undefined && text !== "" && { text }),
    ...(runId !== undefined && { runId }),
    ...(language !== undefined && { language }),
  };
}

export function serializeCaseParams(params: Partial<CaseParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.text) query.set("q", params.text);
  if (params.runId) query.set("run", params.runId);
  if (params.language) query.set("lang", params.language);
  if (params.audience === "customer") query.set("for", params.audience);
  return query;
}
