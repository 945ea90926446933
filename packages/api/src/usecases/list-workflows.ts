import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import type { WorkflowList } from "../views.ts";

export function listWorkflows({ readModel, feed, earlier }: Context): WorkflowList {
  return { workflows: readModel.workflows(), freshness: freshnessNow({ feed, earlier }) };
}
