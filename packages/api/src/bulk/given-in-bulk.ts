import { setImmediate } from "node:timers/promises";
import { encryptedOf } from "@downbeat/domain";
import { ApiError } from "../api-error.ts";
import { type Given, givenToRun, inputOf } from "../commands/given-to-run.ts";
import type { Context } from "../context.ts";
import type { BulkOrder, BulkTarget } from "./order.ts";

/** Nobody waits for more to be looked at; the others refuse when it is their turn. */
const mostLookedAt = 2_000;
/** Others have their turn between so many. */
const lookedAtOnce = 50;

/**
 * What a bulk action gives a run.
 *
 * @throws ApiError where the run's payloads are encrypted, and what it is given is not
 */
export async function givenInBulk(context: Context, runId: string, json: string): Promise<Given> {
  if (saysSomething(json)) refuseEncrypted(runId, await inputOf(context, runId));
  return givenToRun(context, runId, { json });
}

/**
 * Refuses the whole before what is given is in the log.
 *
 * @throws ApiError that names the first run whose payloads are encrypted
 */
export async function refuseForEncrypted(
  { readModel, signal }: Context,
  order: BulkOrder,
  targets: readonly BulkTarget[],
): Promise<void> {
  const json = order.verb === "completeJob" ? order.output : order.signal?.payload;
  if (json === undefined || !saysSomething(json)) return;
  for (const [index, [runId]] of targets.slice(0, mostLookedAt).entries()) {
    if (index % lookedAtOnce === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const input = readModel.missing(runId) === undefined ? readModel.run(runId)?.input : undefined;
    if (input !== undefined) refuseEncrypted(runId, input);
  }
}

/** A signal without a payload tells of nobody. */
function saysSomething(json: string): boolean {
  return json.trim() !== "null";
}

function refuseEncrypted(runId: string, input: string): void {
  const encrypted = encryptedOf(input);
  if (encrypted === undefined) return;
  throw new ApiError(
    "badInput",
    `The payloads of ${runId} are encrypted with key ${encrypted.key}, and what a bulk action gives its targets stands in its own run: what you give would be in the log for everybody to read. Give it to this run by itself.`,
  );
}
