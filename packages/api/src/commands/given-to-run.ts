import { ApiError, unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import { sleep } from "../live/wake-up.ts";

/** What somebody gives, and what of it goes to the log. */
export interface Given {
  readonly plain: string;
  /** Encrypted where the run's input is; another text each time. */
  readonly sealed: string;
}

/** What a command that is sent again said where something else may stand now. */
export interface Came {
  readonly payload: string;
  /** It stood in the same place: as it came it may go on, encrypted or not. */
  readonly isInPlace: boolean;
}

const askEveryMs = 100;

/**
 * What somebody gives a run, as it goes to the log: encrypted as the run's input is.
 *
 * @throws ApiError where something masked stands in it, it can't be encrypted, or nobody knows whether it has to be
 */
export async function givenToRun(
  context: Context,
  runId: string,
  { json, came }: { readonly json: string; readonly came?: Came | undefined },
): Promise<Given> {
  const { masking } = context;
  const plain = masking.restored(json, undefined);
  const like = await inputOf(context, runId);
  return { plain, sealed: masking.payloads.given(plain, { like, asItIs: asItIs(came) }) };
}

export function asItIs(came: Came | undefined): string | undefined {
  return came?.isInPlace === true ? came.payload : undefined;
}

/**
 * What the run was started with, as it is in the log: looked for where the read model doesn't have it.
 *
 * @throws ApiError where that can't be found
 */
export async function inputOf(context: Context, runId: string): Promise<string> {
  const { readModel, feed } = context;
  const known = () => (readModel.missing(runId) === undefined ? readModel.run(runId)?.input : undefined);
  const here = known();
  if (here !== undefined) return here;
  await untilLive(context);
  const { missing } = known() === undefined ? await findEvents(context, runId) : {};
  const found = known();
  if (found !== undefined) return found;
  if (missing !== undefined)
    throw new ApiError("badInput", `${cannotTell(runId)}: its input can't be found. ${missing.why}`);
  if (feed.freshness().live) throw unknownRun(runId, readModel.removed(runId));
  throw new ApiError(
    "unavailable",
    `${cannotTell(runId)} yet: this server has not read all of the log. Try again in a moment.`,
  );
}

/** Resolves when the read model has caught up, or the time is up that an outcome is waited for. */
export async function untilLive({ feed, signal, outcomeTimeoutMs }: Context): Promise<void> {
  for (let waited = 0; waited < outcomeTimeoutMs && !feed.freshness().live; waited += askEveryMs)
    await sleep(askEveryMs, signal);
}

function cannotTell(runId: string): string {
  return `Whether what you give run ${runId} has to be encrypted is not known`;
}
