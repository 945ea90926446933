const mostFacts = 4;
const longest = 60;

/** Of a payload, what can be said in a sentence: its plain values, by their names. Empty where there is nothing of the kind. */
export function factsOf(json: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(json, keepDigits);
  } catch {
    return [];
  }
  if (isPlain(value)) return value === "" ? [] : [short(String(value))];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .flatMap(([name, part]: [string, unknown]) =>
      isPlain(part) && part !== "" ? [`${short(name)}: ${short(String(part))}`] : [],
    )
    .slice(0, mostFacts);
}

/** As they are written. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? (context?.source ?? value) : value;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
