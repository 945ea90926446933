import type { EventView, RunView } from "@downbeat/api/views";
import { jsonText } from "./json-with-payloads.ts";

/**
 * The run and its events as JSON, an event a line. What jobs and signals carry stands in it as it was written: no digit of a number is lost, no name moved.
 */
export function historyJson(run: RunView, events: readonly EventView[]): string {
  const { freshness, rows: _, sinceSeq: __, ...rest } = run;
  const fields = Object.entries({ ...rest, completeTo: freshness.completeTo })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${jsonText(value, name)}`);
  const lines = events.map((event) => `    ${jsonText(event)}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n${[...fields, `  "events": ${list}`].join(",\n")}\n}\n`;
}
