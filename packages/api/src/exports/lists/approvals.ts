import type { z } from "zod";
import { ListApprovals, pageOfApprovals } from "../../usecases/list-approvals.ts";
import type { ApprovalView } from "../../views.ts";
import { type Exportable, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const approvalsQuery = ListApprovals.unwrap().omit({ limit: true }).prefault({});

/** What it is to whoever asks is no part of a file that others read. */
type ApprovalRow = Omit<ApprovalView, "isOwn" | "refusal">;

export const approvalsExport: Exportable<z.infer<typeof approvalsQuery>, ApprovalRow> = {
  name: "approvals",
  about: ({ waiting }) => (waiting ? ["waiting"] : []),
  columns: () => [
    { name: "request", of: ({ id }) => id },
    { name: "what", of: ({ verb }) => verb },
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "job", of: ({ jobId }) => jobId },
    { name: "bulk action", of: ({ bulkId }) => bulkId },
    { name: "targets", of: ({ targets }) => targets },
    { name: "about", of: ({ about }) => about },
    { name: "reason", of: ({ reason }) => reason },
    { name: "asked by", of: ({ requestedBy }) => requestedBy },
    { name: "asked at", of: ({ requestedAt }) => stamp(requestedAt) },
    { name: "expires at", of: ({ expiresAt }) => stamp(expiresAt) },
    { name: "status", of: ({ status }) => status },
    { name: "decided by", of: ({ decision }) => decision?.by },
    { name: "decided at", of: ({ decision }) => stamp(decision?.at) },
    { name: "decided why", of: ({ decision }) => decision?.reason },
    { name: "carried out at", of: ({ execution }) => stamp(execution?.at) },
    { name: "outcome", of: ({ execution }) => execution?.outcome.is },
    { name: "outcome why", of: ({ execution }) => execution?.outcome.why },
    { name: "digest", of: ({ digest }) => digest },
  ],
  async page(context, { waiting }, cursor) {
    const { requests, ...page } = await pageOfApprovals(context, { waiting, after: cursor, limit: pageSize });
    return { ...page, rows: requests.map(({ isOwn: _, refusal: __, ...row }) => row) };
  },
};
