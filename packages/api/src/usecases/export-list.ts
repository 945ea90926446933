import { z } from "zod";
import type { Context } from "../context.ts";
import { exportFormats } from "../exports/formats.ts";
import { alertsExport, alertsQuery } from "../exports/lists/alerts.ts";
import { approvalsExport, approvalsQuery } from "../exports/lists/approvals.ts";
import { attentionExport, attentionQuery } from "../exports/lists/attention.ts";
import { auditExport, auditQuery } from "../exports/lists/audit.ts";
import { bulkTargetsExport, bulkTargetsQuery } from "../exports/lists/bulk-targets.ts";
import { jobsExport, jobsQuery } from "../exports/lists/jobs.ts";
import { owedExport, owedQuery } from "../exports/lists/owed.ts";
import { quarantineExport, quarantineQuery } from "../exports/lists/quarantine.ts";
import { runsExport, runsQuery } from "../exports/lists/runs.ts";
import { timersExport, timersQuery } from "../exports/lists/timers.ts";
import { workersExport, workersQuery } from "../exports/lists/workers.ts";
import { writeExport } from "../exports/write-export.ts";
import type { ExportUpdate } from "../views.ts";

const format = z.enum(exportFormats);
const whole = <Name extends string, Query extends z.ZodType>(list: Name, query: Query) =>
  z.object({ list: z.literal(list), query, format });

export const ExportList = z.discriminatedUnion("list", [
  whole("runs", runsQuery),
  whole("jobs", jobsQuery),
  whole("timers", timersQuery),
  whole("owed", owedQuery),
  whole("attention", attentionQuery),
  whole("alerts", alertsQuery),
  whole("quarantine", quarantineQuery),
  whole("approvals", approvalsQuery),
  whole("workers", workersQuery),
  whole("audit", auditQuery),
  whole("bulkTargets", bulkTargetsQuery),
]);

/**
 * A whole list as a file, in pieces.
 *
 * @throws ApiError for what the list itself would refuse
 */
export function exportList(
  context: Context,
  input: z.infer<typeof ExportList>,
): Promise<AsyncGenerator<ExportUpdate, void, void>> {
  const { format } = input;
  switch (input.list) {
    case "runs":
      return writeExport(context, runsExport, input.query, format);
    case "jobs":
      return writeExport(context, jobsExport, input.query, format);
    case "timers":
      return writeExport(context, timersExport, input.query, format);
    case "owed":
      return writeExport(context, owedExport, input.query, format);
    case "attention":
      return writeExport(context, attentionExport, input.query, format);
    case "alerts":
      return writeExport(context, alertsExport, input.query, format);
    case "quarantine":
      return writeExport(context, quarantineExport, input.query, format);
    case "approvals":
      return writeExport(context, approvalsExport, input.query, format);
    case "audit":
      return writeExport(context, auditExport, input.query, format);
    case "workers":
      return writeExport(context, workersExport, input.query, format);
    case "bulkTargets":
      return writeExport(context, bulkTargetsExport, input.query, format);
  }
}
