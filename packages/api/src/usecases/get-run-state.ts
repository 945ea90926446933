import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findEvents, notFoundElsewhere } from "../events-elsewhere.ts";
import { freshnessOf } from "../freshness.ts";
import { askedRunId, seq } from "../inputs.ts";
import type { RunStateView } from "../views.ts";

/** @param seq number of the event; what it brought about is in the state */
export const GetRunState = z.object({ runId: askedRunId, seq: seq.min(1) });

export async function getRunState(
  context: Context,
  input: z.infer<typeof GetRunState>,
): Promise<RunStateView> {
  const began = performance.now();
  const { runId } = input;
  const { origin, missing } = await findEvents(context, runId);
  const state = context.readModel.stateAt(runId, input.seq);
  if (state !== undefined) return { ...state, freshness: freshnessOf(context, began, origin) };
  if (missing !== undefined) throw notFoundElsewhere(runId, missing);
  if (!context.readModel.exists(runId)) throw unknownRun(runId, context.readModel.removed(runId));
  throw new TRPCError({ code: "NOT_FOUND", message: `The run “${runId}” has no event ${input.seq}.` });
}
