import { labelsText } from "@downbeat/domain";
import { describeRange } from "../../lib/range-words.ts";
import type { RunFilter } from "../../lib/run-filter.ts";
import { lookOfRun } from "../../lib/status.ts";

/** Which runs are meant, in words that are still right when they are read later: "Stuck or Waiting · bookTrip · region=eu". */
export function filterWords({
  status = [],
  workflow,
  where = [],
  text,
  content,
  from,
  to,
  by,
}: RunFilter): string {
  const words = [
    status.map((one) => lookOfRun(one).word).join(" or "),
    workflow ?? "",
    labelsText(where),
    text === undefined ? "" : `“${text}”`,
    content === undefined ? "" : `“${content}” in inputs, outputs or errors`,
    from === undefined && to === undefined
      ? ""
      : `${by === "ended" ? "ended" : "started"} ${describeRange({
          type: "between",
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        })}`,
  ].filter((part) => part !== "");
  return words.length === 0 ? "All runs" : words.join(" · ");
}
