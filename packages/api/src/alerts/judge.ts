import type { AlertMessage } from "@downbeat/protocol";
import type { AlertIncident } from "../views.ts";
import type { SavedRule } from "./alert-fold.ts";
import type { Measurement } from "./measure.ts";

/** So long it has to be well before an incident is over: what comes and goes is one incident. */
export const calmMs = 60_000;

export interface Standing {
  readonly saved: SavedRule | undefined;
  readonly open: AlertIncident | undefined;
  /** Of the rule's last incident. */
  readonly number: number;
  readonly measurement: Measurement;
  /** Since when it has been well without a break, as whoever looks has seen. */
  readonly calmSince: number | undefined;
}

/** What is to be written down, if anything. What nobody can say begins no incident and ends none. */
export function judge(
  ruleId: string,
  { saved, open, number, measurement, calmSince }: Standing,
  now: number,
): Extract<AlertMessage, { type: "incidentOpened" | "incidentResolved" }> | undefined {
  if (saved === undefined)
    return open === undefined
      ? undefined
      : {
          type: "incidentResolved",
          ruleId,
          number: open.number,
          at: now,
          sentence: "The rule was deleted.",
        };
  const { is, sentence } = measurement;
  if (open === undefined)
    return is === "wrong"
      ? { type: "incidentOpened", ruleId, number: number + 1, at: now, sentence }
      : undefined;
  const isCalm = is === "right" && calmSince !== undefined && now - calmSince >= calmMs;
  return isCalm ? { type: "incidentResolved", ruleId, number: open.number, at: now, sentence } : undefined;
}
