export interface AttentionParams {
  readonly fingerprint?: string | undefined;
}

export function parseAttentionParams(query: URLSearchParams): AttentionParams {
  const fingerprint = query.get("error");
  return fingerprint ? { fingerprint } : {};
}

export function serializeAttentionParams({ fingerprint }: AttentionParams): URLSearchParams {
  const query = new URLSearchParams();
  if (fingerprint) query.set("error", fingerprint);
  return query;
}
