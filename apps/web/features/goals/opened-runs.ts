import type { RunFilter } from "@downbeat/api/views";
import type { RunsParams } from "../../app/[tenant]/[namespace]/runs/search-params.ts";

/** The list of runs that a figure of a goal opens. */
export function openedRuns({
  status = [],
  workflow,
  labels = {},
  from,
  to,
  missed,
  by,
}: RunFilter): Partial<RunsParams> {
  return {
    status,
    labels: Object.entries(labels).map(([key, value]) => [{ key, test: "is", value }]),
    range: { type: "between", ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    by: by ?? "started",
    ...(workflow !== undefined && { workflow }),
    ...(missed !== undefined && { missed }),
  };
}
