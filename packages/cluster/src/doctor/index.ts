export { type ExamineOptions, examine } from "./examine.ts";
export type { Finding, Severity } from "./finding.ts";
