import { type Report, readText, reportUnknown, unreported } from "../../../../lib/address-query.ts";

export interface AttentionParams {
  readonly fingerprint?: string | undefined;
}

export function parseAttentionParams(query: URLSearchParams, report: Report = unreported): AttentionParams {
  reportUnknown(query, ["error"], report);
  const fingerprint = readText(query, "error", 200, report);
  return fingerprint !== undefined ? { fingerprint } : {};
}

export function serializeAttentionParams({ fingerprint }: AttentionParams): URLSearchParams {
  const query = new URLSearchParams();
  if (fingerprint) query.set("error", fingerprint);
  return query;
}
