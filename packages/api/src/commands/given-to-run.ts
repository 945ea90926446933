import type { Context } from "../context.ts";

/**
 * What somebody gives a run, as it goes to the log: encrypted as the run's input is.
 *
 * @throws ApiError where something masked stands in it, or it can't be encrypted
 */
export function givenToRun({ masking, readModel }: Context, runId: string, json: string): string {
  return masking.payloads.given(masking.restored(json, undefined), readModel.run(runId)?.input);
}
