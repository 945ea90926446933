import type { ParsedLabels } from "@downbeat/domain";
import { mostFigureClauses } from "../../app/[tenant]/[namespace]/figures/search-params.ts";
import { parseConditions } from "../../app/[tenant]/[namespace]/runs/search-params.ts";

/** Of which runs figures are to be, as somebody types it: nothing for all, `country=JP AND tier!=gold`; or why it can't be meant. */
export function figureLabels(text: string): ParsedLabels {
  if (text.trim() === "") return { clauses: [] };
  const parsed = parseConditions(text.trim());
  if ("problem" in parsed || parsed.clauses.length <= mostFigureClauses) return parsed;
  return { problem: `At most ${mostFigureClauses} conditions on labels; OR joins several to one.` };
}
