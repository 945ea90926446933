import type { AuditEntry } from "@downbeat/api/views";
import { shownText } from "../../lib/shown-text.ts";

export function whoWords({ id, name }: AuditEntry["who"]): string {
  if (name !== "") return shownText(name);
  return id === "" ? "somebody unknown" : shownText(id);
}
