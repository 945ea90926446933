import type { Overview } from "@downbeat/api/views";
import { formatRate, plural } from "../../lib/number.ts";
import { isSetAside } from "../causes/mark-words.ts";

export interface Verdict {
  readonly text: string;
  readonly needsPerson: boolean;
}

/** Are we fine? In one sentence. */
export function verdict({
  totals,
  open,
  freshness,
  waits: allWaits = [],
}: Pick<Overview, "totals" | "open" | "waits"> & { readonly freshness?: Overview["freshness"] }): Verdict {
  const ended = totals.completed + totals.failed + totals.cancelled;
  const rate = totals.successRate;
  const result =
    rate === undefined
      ? "No run has ended in this time"
      : rate >= 1
        ? `All ${plural(ended, "run")} that ended in this time succeeded`
        : `${formatRate(rate)} of the ${plural(ended, "run")} that ended in this time succeeded`;
  const waits = allWaits.filter(({ standing }) => !isSetAside(standing));
  const { setAside = 0 } = open;
  const needing = Math.max(0, open.stuck - setAside);
  const troubles = freshness?.undecided ?? [];
  const undecided = troubles.filter(({ kind }) => kind !== "unknown").length;
  if (needing === 0 && undecided === 0 && troubles.length > 0)
    return { text: `${result}. Whether commands are decided can’t be told.`, needsPerson: true };
  if (needing === 0 && undecided > 0) {
    const where = undecided === 1 ? "in one partition" : `in ${undecided} partitions`;
    return {
      text: `${result}. Commands are not decided ${where}: runs there stand still.`,
      needsPerson: true,
    };
  }
  const [first, ...others] = waits;
  const waiting =
    first === undefined
      ? undefined
      : `${plural(first.runs, "run waits", "runs wait")}: ${first.message}${others.length === 0 ? "" : ` ${plural(others.length, "more cause")}.`}`;
  if (needing === 0 && waiting !== undefined) return { text: `${result}. ${waiting}`, needsPerson: true };
  if (needing === 0 && freshness?.earlier?.openRunsKnown === false) {
    const text = `${result}. Whether an older run waits for a person is not known yet.`;
    return { text, needsPerson: false };
  }
  const aside = setAside === 0 ? "" : `${plural(setAside, "stuck run is", "stuck runs are")} set aside`;
  if (needing === 0) {
    const nothing = `${result}, and nothing waits for a person`;
    return { text: aside === "" ? `${nothing}.` : `${nothing}: ${aside}.`, needsPerson: false };
  }
  const needy =
    needing === 1
      ? "1 run is stuck and needs a person"
      : `${plural(needing, "run")} are stuck and need a person`;
  const stuck = aside === "" ? needy : `${needy}, ${aside}`;
  const also = waiting === undefined ? "" : ` ${waiting}`;
  return { text: `${result}; ${stuck}.${also}`, needsPerson: true };
}
