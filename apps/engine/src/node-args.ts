/**
 * How node is best started for an engine. A small young generation: under load V8 would reserve over 100 MB more for it,
 * and gain nothing measurable.
 */
export const engineNodeArgs = ["--max-semi-space-size=8"] as const;
