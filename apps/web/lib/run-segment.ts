/**
 * A run id as a part of an address, and back: the only place that knows how. Whoever passes an address on may decode it, or encode it again, once too often; so a
 * percent sign, the one character that this would change, is never written as itself.
 */
export function runSegment(runId: string): string {
  return encodeURIComponent(runId.replaceAll("~", "~7E").replaceAll("%", "~25"));
}

/** @param segment as it stands in the address, decoded or not, written here or by hand */
export function runIdOf(segment: string): string {
  return decoded(segment).replaceAll(/~(?:7E|25)/g, (escaped) => (escaped === "~25" ? "%" : "~"));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
