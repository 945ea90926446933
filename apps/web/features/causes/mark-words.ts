import type { CauseMark, CauseStanding } from "@downbeat/api/views";
import { formatDayAndClock } from "../../lib/absolute-time.ts";
import { plural } from "../../lib/number.ts";

export function isSetAside(standing: CauseStanding): boolean {
  return standing === "muted" || standing === "resolved";
}

/** Whether nothing came after it was resolved, muted or not. */
export function isResolved(
  mark: Pick<CauseMark, "resolvedAt"> | undefined,
  lastSeen: number | undefined,
): boolean {
  return mark?.resolvedAt !== undefined && (lastSeen === undefined || lastSeen <= mark.resolvedAt);
}

/** How a cause stands, in a few words; nothing where nobody has said anything that changes it. */
export function standingWords(
  standing: CauseStanding,
  mark: Pick<CauseMark, "mutedUntil" | "resolvedAt"> | undefined,
): string | undefined {
  switch (standing) {
    case "muted":
      return `Muted until ${formatDayAndClock(mark?.mutedUntil ?? 0)}`;
    case "resolved":
      return `Resolved ${formatDayAndClock(mark?.resolvedAt ?? 0)}`;
    case "cameBack":
      return `Came back: resolved ${formatDayAndClock(mark?.resolvedAt ?? 0)}`;
    case "open":
      return undefined;
  }
}

/** `2 muted, 1 resolved`. */
export function asideWords(standings: readonly CauseStanding[]): string {
  const of = (standing: CauseStanding) => standings.filter((each) => each === standing).length;
  const muted = of("muted");
  const resolved = of("resolved");
  const noted = standings.length - muted - resolved;
  return [
    ...(muted === 0 ? [] : [`${muted} muted`]),
    ...(resolved === 0 ? [] : [`${resolved} resolved`]),
    ...(noted === 0 ? [] : [plural(noted, "note")]),
  ].join(", ");
}
