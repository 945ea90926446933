import { issuesText, type JsonSchema, type SchemaIssue } from "@downbeat/protocol";
import type { BoundedChecks } from "./bounded-checks.ts";
import { type HandedOver, misfitWords } from "./handed-over.ts";

/**
 * Why what is handed over can't be taken; nothing where one of the schemas takes it: while a new version is rolled out, two are in use at once.
 *
 * @param schemas the newest last
 */
export function misfit(
  handed: HandedOver,
  schemas: readonly JsonSchema[],
  checks: BoundedChecks,
): string | undefined {
  let issues: readonly SchemaIssue[] = [];
  const value: unknown = JSON.parse(handed.value);
  for (const schema of schemas) {
    issues = checks.issues(schema, value);
    if (issues.length === 0) return undefined;
  }
  return issues.length === 0 ? undefined : `${misfitWords(handed)}\n${issuesText(issues)}`;
}
