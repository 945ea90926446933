import { failureWords, labelsText } from "@downbeat/domain";
import { z } from "zod";
import { runFilter } from "../../inputs.ts";
import { listRuns } from "../../usecases/list-runs.ts";
import type { RunSummary } from "../../views.ts";
import { type Exportable, labelText, periodWords, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const runsQuery = z.object({ filter: runFilter.default({}) }).prefault({});

export const runsExport: Exportable<z.infer<typeof runsQuery>, RunSummary> = {
  name: "runs",
  about: ({ filter: { status = [], workflow, labels = {}, where = [], text, content, from, to, by } }) => [
    ...status,
    workflow ?? "",
    labelText(labels) ?? "",
    labelsText(where),
    text ?? "",
    content ?? "",
    ...(by === "ended" && (from ?? to) !== undefined ? ["ended"] : []),
    ...periodWords(from, to),
  ],
  columns: () => [
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "status", of: ({ shown }) => shown },
    { name: "started", of: ({ startedAt }) => stamp(startedAt) },
    { name: "ended", of: ({ endedAt }) => stamp(endedAt) },
    {
      name: "took ms",
      of: ({ startedAt, endedAt }) => (endedAt === undefined ? null : endedAt - startedAt),
    },
    { name: "labels", of: ({ labels }) => labelText(labels) },
    { name: "why", of: ({ why }) => why },
    { name: "error", of: ({ failure }) => failure && failureWords(failure) },
  ],
  async page(context, { filter }, cursor) {
    const { runs, earlier, ...page } = await listRuns(context, { filter, cursor, limit: pageSize });
    const trouble = earlier?.trouble;
    return {
      rows: runs,
      cursor: page.cursor,
      count: page.count,
      countIsLowerBound: page.countIsLowerBound,
      searchedTo: page.searchedTo,
      ...(earlier !== undefined &&
        trouble !== undefined && {
          cut: `What ended before ${stamp(earlier.before)} is missing. ${trouble}`,
        }),
    };
  },
};
