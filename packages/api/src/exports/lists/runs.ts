import { failureWords, labelsText } from "@downbeat/domain";
import { z } from "zod";
import { runFilter } from "../../inputs.ts";
import { listRuns } from "../../usecases/list-runs.ts";
import type { RunSummary } from "../../views.ts";
import { type Exportable, labelText, periodWords, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const runsQuery = z.object({ filter: runFilter.default({}) }).prefault({});

type Filter = z.infer<typeof runFilter>;

/** Of each part of the filter, the words; a part that is new has to have some. */
const words: { readonly [Part in keyof Required<Filter>]: (filter: Filter) => readonly string[] } = {
  status: ({ status = [] }) => status,
  workflow: ({ workflow = "" }) => [workflow],
  labels: ({ labels = {} }) => [labelText(labels) ?? ""],
  where: ({ where = [] }) => [labelsText(where)],
  text: ({ text = "" }) => [text],
  content: ({ content = "" }) => [content],
  facets: ({ facets = [] }) =>
    facets.flatMap(({ by, values, not }) => [...(not === true ? ["not"] : []), by, ...values]),
  took: ({ took: { from, to } = {} }) => [
    ...(from === undefined ? [] : [`took from ${from} ms`]),
    ...(to === undefined ? [] : [`took to ${to} ms`]),
  ],
  missed: ({ missed }) => (missed === undefined ? [] : [`not completed within ${missed} ms`]),
  by: ({ by, from, to }) => (by === "ended" && (from ?? to) !== undefined ? ["ended"] : []),
  from: ({ from }) => periodWords(from, undefined),
  to: ({ to }) => periodWords(undefined, to),
};

export const runsExport: Exportable<z.infer<typeof runsQuery>, RunSummary> = {
  name: "runs",
  about: ({ filter }) => Object.values(words).flatMap((of) => of(filter)),
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
