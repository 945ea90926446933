import type { AuditTrouble } from "./audit-writer.ts";

/** What is wrong, what is kept and what is refused meanwhile. */
export function auditSentence({ waiting, lost }: Pick<AuditTrouble, "waiting" | "lost">): string {
  const what = waiting === 1 ? "1 entry waits" : `${waiting} entries wait`;
  const gone = lost === 0 ? "" : ` ${lost} more were not kept.`;
  return `The audit can't be written: ${what} in this server.${gone} SQL and exports are refused until it can; everything else goes on.`;
}
