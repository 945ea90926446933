import type { BreakDownBy } from "@downbeat/read-model/views";

/** What the runs of a group have in common. */
export function valueWords(by: BreakDownBy | undefined, value: string | undefined): string {
  if (by?.by === "label") {
    if (value === undefined) return `no ${by.key}`;
    return value === "" ? `${by.key}, left empty` : value;
  }
  if (value === undefined || value === "") return by?.by === "error" ? "no error" : "no version yet";
  return value;
}
