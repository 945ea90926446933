import type { EventView } from "@downbeat/api/views";
import { jsonTree } from "../../../lib/json-text.ts";

/** Fields of events that hold JSON as text. */
const holdsJson = new Set(["input", "output", "payload", "details"]);

/** An event as JSON in which what jobs and signals carry stands as it was written, instead of within a text of its own. */
export function eventText({ event }: Pick<EventView, "event">): string {
  return textOf(event, undefined);
}

function textOf(value: unknown, name: string | undefined): string {
  if (typeof value === "string" && name !== undefined && holdsJson.has(name) && jsonTree(value) !== undefined)
    return value;
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, undefined)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${textOf(field, key)}`).join(",")}}`;
}
