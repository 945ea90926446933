export interface SessionPath {
  readonly kind: "producer" | "consumer" | "reader";
  readonly tenant: string;
  readonly namespace: string;
  readonly topic: string;
  /** Empty unless it is a consumer's. */
  readonly subscription: string;
}

/** `/ws/v2/KIND/persistent/TENANT/NAMESPACE/TOPIC`, for consumers with `/SUBSCRIPTION`. */
export function parseSessionPath(path: string): SessionPath | undefined {
  const parts = path.split("/").map(decoded);
  const [root, ws, version, kind, domain, tenant, namespace, topic, subscription, ...rest] = parts;
  if (root !== "" || ws !== "ws" || version !== "v2" || domain !== "persistent" || rest.length > 0)
    return undefined;
  if (tenant === undefined || namespace === undefined || topic === undefined) return undefined;
  if (kind === "consumer" && subscription !== undefined)
    return { kind, tenant, namespace, topic, subscription };
  if ((kind === "producer" || kind === "reader") && subscription === undefined) {
    return { kind, tenant, namespace, topic, subscription: "" };
  }
  return undefined;
}

/** What cannot be decoded is not a name either, and is refused as one. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
