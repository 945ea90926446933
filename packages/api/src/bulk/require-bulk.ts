import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import type { RunView } from "../views.ts";
import { bulkWorkflow } from "./built-in.ts";
import { bulkInputOf } from "./fold-bulk.ts";
import type { BulkInput } from "./order.ts";

export interface FoundBulk {
  readonly run: Omit<RunView, "freshness">;
  readonly input: BulkInput;
}

/** @throws ApiError when there is no such bulk action */
export async function requireBulk(context: Context, bulkId: string): Promise<FoundBulk> {
  await findEvents(context, bulkId);
  const run = context.readModel.run(bulkId);
  const input = run?.workflow === bulkWorkflow ? bulkInputOf(run) : undefined;
  if (run === undefined || input === undefined)
    throw new ApiError("notFound", `There is no bulk action ${bulkId}.`);
  return { run, input };
}
