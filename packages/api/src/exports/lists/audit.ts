import type { z } from "zod";
import { ApiError } from "../../api-error.ts";
import { forbidden, may } from "../../permissions/policy.ts";
import { ListAudit, listAudit } from "../../usecases/list-audit.ts";
import type { AuditEntry } from "../../views.ts";
import { type Exportable, periodWords, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const auditQuery = ListAudit.unwrap().omit({ cursor: true, limit: true }).prefault({});

/** Who may export a list need not be one who may read the audit. */
export const auditExport: Exportable<z.infer<typeof auditQuery>, AuditEntry> = {
  name: "audit",
  about: ({ who = "", verb = [], on = "", outcome = [], text = "", from, to }) => [
    who,
    ...verb,
    on,
    ...outcome,
    text,
    ...periodWords(from, to),
  ],
  columns: () => [
    { name: "when", of: ({ at }) => stamp(at) },
    { name: "who", of: ({ who }) => who.name },
    { name: "id", of: ({ who }) => who.id },
    { name: "from", of: ({ from }) => from?.address },
    { name: "with", of: ({ from }) => from?.agent },
    { name: "verb", of: ({ verb }) => verb },
    { name: "on", of: ({ on }) => on.map(({ what, id }) => `${what} ${id}`).join(", ") },
    { name: "reason", of: ({ why }) => why },
    { name: "outcome", of: ({ outcome }) => outcome.is },
    { name: "why", of: ({ outcome }) => outcome.why },
    { name: "given", of: ({ given = [] }) => given.map(({ field, is }) => `${field}: ${is}`).join("; ") },
    { name: "sql", of: ({ sql }) => sql },
    { name: "times", of: ({ times = 1 }) => times },
    { name: "entry", of: ({ id }) => id },
  ],
  async page(context, query, cursor) {
    if (!may(context.role, "readAudit")) throw new ApiError("forbidden", forbidden("readAudit"));
    const {
      entries,
      isBehind,
      newer,
      unreadable,
      cursor: next,
    } = await listAudit(context, { ...query, cursor, limit: pageSize });
    if (next !== undefined) return { rows: entries, cursor: next };
    const cut = leftOut(isBehind, newer + unreadable);
    return { rows: entries, ...(cut !== undefined && { cut }) };
  },
};

function leftOut(isBehind: boolean, unread: number): string | undefined {
  if (isBehind) return "The log is still being read: newer entries are missing.";
  if (unread > 0) return `${unread} entries were written by a newer version, or can't be read.`;
  return undefined;
}
