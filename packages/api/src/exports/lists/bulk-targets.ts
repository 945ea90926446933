import type { z } from "zod";
import { ListBulkTargets, listBulkTargets } from "../../usecases/list-bulk-targets.ts";
import type { BulkTargetView } from "../../views.ts";
import type { Exportable } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const bulkTargetsQuery = ListBulkTargets.omit({ cursor: true, limit: true });

export const bulkTargetsExport: Exportable<z.infer<typeof bulkTargetsQuery>, BulkTargetView> = {
  name: "bulk-targets",
  about: ({ bulkId, outcome = "" }) => [bulkId, outcome],
  columns: () => [
    { name: "number", of: ({ number }) => number + 1 },
    { name: "run", of: ({ runId }) => runId },
    { name: "job", of: ({ jobId }) => jobId },
    { name: "outcome", of: ({ outcome }) => outcome },
    { name: "message", of: ({ message }) => message },
    { name: "started run", of: ({ startedRunId }) => startedRunId },
  ],
  async page(context, query, cursor) {
    const from = cursor === undefined ? 0 : Number(cursor);
    const { targets, next, count } = await listBulkTargets(context, {
      ...query,
      cursor: from,
      limit: pageSize,
    });
    return { rows: targets, count, ...(next !== undefined && { cursor: String(next) }) };
  },
};
