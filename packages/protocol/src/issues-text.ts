import { z } from "zod";
import { eachOnce } from "./each-once.ts";

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

const mostIssues = 10;
const longestText = 1_800;

/** What doesn't fit and where, as it is recorded: of bounded length, as a value may misfit in ten thousand places. */
export function issuesText(all: readonly Issue[]): string {
  const issues = eachOnce(all);
  const some = issues.slice(0, mostIssues).map(({ message, path }) => ({ message, path: [...path] }));
  const said = bounded(z.prettifyError({ issues: some as z.core.$ZodIssue[] }));
  const more = issues.length - mostIssues;
  return more > 0 ? `${said}\nand ${more.toLocaleString("en")} more` : said;
}

function bounded(text: string): string {
  return (text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`).toWellFormed();
}
