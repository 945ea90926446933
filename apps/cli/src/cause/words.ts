import type { CauseMark, CauseStanding } from "@downbeat/api/views";

/** How a cause stands, for a table or a line; empty where nobody has said anything that changes it. */
export function standingWords(
  standing: CauseStanding,
  { mutedUntil = 0, resolvedAt = 0 }: Pick<CauseMark, "mutedUntil" | "resolvedAt"> = {},
): string {
  switch (standing) {
    case "muted":
      return `muted until ${utc(mutedUntil)}`;
    case "resolved":
      return `resolved ${utc(resolvedAt)}`;
    case "cameBack":
      return `came back, resolved ${utc(resolvedAt)}`;
    case "open":
      return "";
  }
}

/** `2026-11-27 09:00Z` */
function utc(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/:\d\d\.\d+Z$/, "Z");
}

/** All that was said, a line each. */
export function markLines({ note, ticket, by, at }: CauseMark): string[] {
  return [
    ...(note === undefined ? [] : [`“${note}”`]),
    ...(ticket === undefined ? [] : [ticket]),
    `Said by ${by}, ${utc(at)}.`,
  ];
}
