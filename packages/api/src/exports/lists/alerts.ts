import { z } from "zod";
import { listAlertIncidents } from "../../usecases/list-alert-incidents.ts";
import type { AlertIncident } from "../../views.ts";
import { type Exportable, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const alertsQuery = z.object({}).prefault({});

const told = ({ notices }: AlertIncident, outcome: "delivered" | "failed"): string | null =>
  notices
    .filter((notice) => notice.of === "opened" && notice.outcome === outcome)
    .map(({ channel }) => channel)
    .join(" ") || null;

export const alertsExport: Exportable<z.infer<typeof alertsQuery>, AlertIncident> = {
  name: "alert-history",
  about: () => [],
  columns: () => [
    { name: "rule", of: ({ name }) => name },
    { name: "number", of: ({ number }) => number },
    { name: "began", of: ({ openedAt }) => stamp(openedAt) },
    { name: "ended", of: ({ resolvedAt }) => stamp(resolvedAt) },
    { name: "what", of: ({ sentence }) => sentence },
    { name: "how it ended", of: ({ resolution }) => resolution },
    { name: "told", of: (incident) => told(incident, "delivered") },
    { name: "could not be told", of: (incident) => told(incident, "failed") },
  ],
  async page(context, _, cursor) {
    const { incidents, ...page } = await listAlertIncidents(context, { cursor, limit: pageSize });
    return { ...page, rows: incidents };
  },
};
