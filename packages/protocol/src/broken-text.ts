import { labels } from "./fields.ts";

/** What is said of a text with half a character, which becomes another one when it is written as UTF-8. */
export const halfPair = "it holds half of a surrogate pair";

// Escaped in their own JSON, so half a character in them is carried as it is.
const carried: readonly string[] = ["input", "output", "payload", "details"];

/** Where a text is no Unicode text, but for those that hold JSON. */
export function brokenText(value: object, within = ""): string | undefined {
  for (const [name, part] of Object.entries(value)) {
    if (carried.includes(name)) continue;
    if (!name.isWellFormed()) return `${within}a name`;
    if (typeof part === "string" && !part.isWellFormed()) return within + name;
    if (typeof part !== "object" || part === null) continue;
    const inside = brokenText(part, `${within}${name}.`);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** As somebody gives them. Those that history has are read as they are. */
export const givenLabels = labels.superRefine((given, context) => {
  for (const [name, value] of Object.entries(given)) {
    if (name.isWellFormed() && value.isWellFormed()) continue;
    const message = name.isWellFormed() ? halfPair : "its name holds half of a surrogate pair";
    context.addIssue({ code: "custom", path: [name.toWellFormed()], message });
  }
});
