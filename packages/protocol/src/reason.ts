import { z } from "zod";
import { eachOnce } from "./each-once.ts";

const mostIssues = 3;

/** Why something can't be taken, in one sentence of bounded length: what is in it comes from outside. */
export function reasonOf(error: unknown): string {
  return cut(
    error instanceof z.ZodError ? issuesOf(error) : error instanceof Error ? error.message : String(error),
  );
}

function issuesOf(error: z.ZodError): string {
  const issues = eachOnce(error.issues);
  const said = issues.slice(0, mostIssues).map(({ path, message }) => {
    const where = path.map(String).join(".");
    return where === "" ? message : `${where}: ${message}`;
  });
  const more = issues.length - said.length;
  return `${said.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

const longest = 500;

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
