import type { AuditEntry } from "@downbeat/api/views";

export function whoWords({ id, name }: AuditEntry["who"]): string {
  if (name !== "") return name;
  return id === "" ? "somebody unknown" : id;
}
