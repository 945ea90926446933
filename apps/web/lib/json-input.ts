/** What is wrong with typed JSON, in words; nothing when it is fine. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === "") return "JSON is needed here; {} or null will do for nothing.";
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
