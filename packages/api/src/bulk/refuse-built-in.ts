import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { bulkIdPattern } from "./act.ts";
import { isBuiltIn } from "./built-in.ts";

/**
 * Nothing is put into the hands of a bulk action from outside: whether its person may do what it does was looked at when it was started, and another
 * input, a result or a signal of its own would pass that by.
 *
 * @throws ApiError where the run is one
 */
export function refuseBuiltIn({ readModel }: Pick<Context, "readModel">, runId: string): void {
  const [run] = readModel.summaries([runId]);
  // One that the read model does not know yet, or not any more, is known by its id.
  if (run === undefined ? !bulkIdPattern.test(runId) : !isBuiltIn(run.workflow)) return;
  throw new ApiError(
    "badInput",
    `${runId} is a bulk action: it can be paused, resumed and stopped; nothing else is taken for it.`,
  );
}
