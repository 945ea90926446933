import { jsonTree } from "../../../lib/json-text.ts";

/** Fields of runs and events that hold JSON as text. */
const holdsJson = new Set(["input", "output", "payload", "details"]);
/** Names here are people's own. */
const asTheyAre = new Set(["labels"]);

/** JSON in which what jobs and signals carry stands as it was written, instead of within a text of its own. */
export function jsonText(value: unknown, name?: string): string {
  if (typeof value === "string" && name !== undefined && holdsJson.has(name) && jsonTree(value) !== undefined)
    return value.includes("\n") ? oneLine(value) : value;
  if (name !== undefined && asTheyAre.has(name)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${jsonText(field, key)}`).join(",")}}`;
}

/** A text within JSON has no bare line break: all there are stand between values. */
function oneLine(json: string): string {
  return json.replaceAll(/[\r\n]+[ \t]*/g, " ");
}
