import type { SavedView } from "@downbeat/api/views";
import { known } from "../../lib/known.ts";
import { runColumn } from "../runs/run-columns.ts";

const names: Readonly<Record<string, string>> = {
  q: "Search",
  content: "In inputs, outputs or errors",
  label: "Label",
  by: "Sorted by",
  job: "Job type",
  atLeast: "Took at least, ms",
  below: "Took less than, ms",
  missed: "Not completed within, ms",
  range: "Period",
};

/** Filter, order and columns of a view, each on a line. */
export function viewText({ query, columns }: Pick<SavedView, "query" | "columns">): string {
  const lines = [...new URLSearchParams(query)].map(
    ([key, value]) => `${known(names, key) ?? capital(key)}: ${value.replaceAll(",", ", ")}`,
  );
  if (lines.length === 0) lines.push("Everything");
  if (columns !== undefined) {
    const titles = columns.map(({ id, width }) => {
      const title = runColumn(id)?.title ?? id;
      return width === undefined ? title : `${title} (${width} px)`;
    });
    lines.push(`Columns: ${titles.join(", ")}`);
  }
  return lines.join("\n");
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
