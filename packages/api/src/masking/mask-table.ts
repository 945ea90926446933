import type { Masks } from "./mask-answer.ts";
import { isJson } from "./mask-json.ts";

interface Table {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

const runColumn = /^run_?id$/i;
const jsonText = /^\s*[[{"]/;

/** JSON in a cell is masked by all paths that there are; other texts by the values of the run that the row names. */
export function tableMasked({ columns, rows }: Table, masks: Masks): readonly (readonly unknown[])[] {
  const runAt = columns.findIndex(({ name }) => runColumn.test(name));
  return rows.map((row) => {
    const runId = runAt < 0 ? undefined : row[runAt];
    const mask = typeof runId === "string" ? masks.of(runId) : undefined;
    return row.map((cell, index) => {
      if (typeof cell !== "string" || index === runAt) return cell;
      if (jsonText.test(cell) && isJson(cell)) {
        const shown = masks.payload(cell);
        return mask === undefined ? shown : mask.text(shown);
      }
      return mask === undefined ? cell : mask.text(cell);
    });
  });
}
