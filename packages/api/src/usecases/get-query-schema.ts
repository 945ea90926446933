import { ColdError, type ResultSchema } from "@downbeat/cold-history";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { analyticsId } from "../inputs.ts";

export const GetQuerySchema = z.object({ source: analyticsId });

export async function getQuerySchema(
  { queries, actor, signal = new AbortController().signal }: Context,
  { source }: z.infer<typeof GetQuerySchema>,
): Promise<ResultSchema> {
  try {
    return (await queries.source(source).schema({ who: actor, signal })).value;
  } catch (error) {
    if (error instanceof ColdError) throw new ApiError("unavailable", error.message, { cause: error });
    throw error;
  }
}
