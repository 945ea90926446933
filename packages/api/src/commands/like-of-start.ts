import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { inputOf, untilLive } from "./given-to-run.ts";

/** Of a workflow, the newest: of some the events may have left the read model. */
const lookedAt = 20;

interface Like {
  /** What the newest run of the workflow was started with; nothing where there is none. */
  readonly like: string | undefined;
  /** What the run of this id was started with, where there is one. */
  readonly before: string | undefined;
}

/**
 * What tells a server that has keys whether a start is to be encrypted: a worker without keys gets its runs stuck that are.
 *
 * @throws ApiError where nobody can say
 */
export async function likeOfStart(context: Context, workflow: string, runId: string): Promise<Like> {
  const like = await likeOfWorkflow(context, workflow);
  return { like, before: context.readModel.run(runId)?.input };
}

/**
 * What the newest run of the workflow was started with; nothing where there is none.
 *
 * @throws ApiError where nobody can say
 */
export async function likeOfWorkflow(context: Context, workflow: string): Promise<string | undefined> {
  const { readModel, feed } = context;
  await untilLive(context);
  if (!feed.freshness().live)
    throw new ApiError(
      "unavailable",
      "Whether the input has to be encrypted is not known yet: this server has not read all of the log. Try again in a moment.",
    );
  const { runs } = readModel.listRuns({ filter: { workflow }, limit: lookedAt });
  const whole = runs.find((run) => readModel.missing(run.runId) === undefined) ?? runs[0];
  return whole === undefined ? undefined : inputOf(context, whole.runId);
}
