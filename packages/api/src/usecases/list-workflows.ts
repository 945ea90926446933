import type { Context } from "../context.ts";
import type { WorkflowList } from "../views.ts";

export function listWorkflows({ readModel, feed }: Context): WorkflowList {
  return { workflows: readModel.workflows(), freshness: feed.freshness() };
}
