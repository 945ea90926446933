import type { LeftOutView } from "@downbeat/api/views";

export function leftOutWords({ why, places = [] }: LeftOutView): string {
  switch (why) {
    case "tooLarge":
      return "JSON. Its schema is too large to be announced: only the worker checks it.";
    case "notJson":
      return "JSON. Its schema can't be expressed as JSON Schema: only the worker checks it.";
    case "partly":
      return `JSON. The worker checks more than the form can of ${places.join(", ")}.`;
  }
}
