import type { EventView } from "@downbeat/api/views";
import { jsonText } from "../export/json-with-payloads.ts";

/** An event as JSON in which what jobs and signals carry stands as it was written, instead of within a text of its own. */
export function eventText({ event }: Pick<EventView, "event">): string {
  return jsonText(event);
}
