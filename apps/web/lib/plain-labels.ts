import { labelsText, parseLabels } from "@downbeat/domain";

/** By name, or why they can't be meant where only labels and their values can be asked for. */
export function plainLabels(text: string): Record<string, string> | string {
  if (text.trim() === "") return {};
  const parsed = parseLabels(text);
  if ("problem" in parsed) return parsed.problem;
  const labels = new Map<string, string>();
  for (const clause of parsed.clauses) {
    const [only, ...others] = clause;
    const isPlain = only?.test === "is" && only.not !== true && only.value !== undefined;
    if (only === undefined || !isPlain || others.length > 0)
      return "Give labels and their values, such as country=JP AND tier=gold, and no other conditions.";
    labels.set(only.key, only.value ?? "");
  }
  return Object.fromEntries(labels);
}

/** As one types them. */
export function plainLabelsText(labels: Readonly<Record<string, string>> = {}): string {
  return labelsText(Object.entries(labels).map(([key, value]) => [{ key, test: "is", value }]));
}
