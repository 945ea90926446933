import type { Context } from "../context.ts";
import type { KnownWorkflowList } from "../views.ts";

export function listKnownWorkflows({ announcements }: Context): Promise<KnownWorkflowList> {
  return announcements.definitions();
}
