import type { AuditList } from "@downbeat/api/views";
import { plural } from "../../lib/number.ts";

/** What the list doesn't show, in sentences; `undefined` when it shows all that there is. */
export function leftOutWords({
  newer,
  unreadable,
  isBehind,
  isTrimmed,
}: Pick<AuditList, "newer" | "unreadable" | "isBehind" | "isTrimmed">): string | undefined {
  const sentences = [
    isBehind ? "The log is still being read: newer entries are missing." : "",
    newer > 0 ? `Not shown, as a newer version wrote them: ${plural(newer, "entry", "entries")}.` : "",
    unreadable > 0 ? `${plural(unreadable, "message", "messages")} of the audit can’t be read.` : "",
    isTrimmed ? "Only the log has entries older than the newest million." : "",
  ].filter((sentence) => sentence !== "");
  return sentences.length === 0 ? undefined : sentences.join(" ");
}
