import { z } from "zod";
import { bulkView } from "../bulk/fold-bulk.ts";
import { requireBulk } from "../bulk/require-bulk.ts";
import type { Context } from "../context.ts";
import { askedRunId } from "../inputs.ts";
import type { BulkView } from "../views.ts";

export const GetBulk = z.object({ bulkId: askedRunId });

export async function getBulk(context: Context, { bulkId }: z.infer<typeof GetBulk>): Promise<BulkView> {
  const { run, input } = await requireBulk(context, bulkId);
  return bulkView(run, input, run.startedBy ?? "");
}
