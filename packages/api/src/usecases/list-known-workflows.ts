import type { Context } from "../context.ts";
import type { KnownWorkflowList } from "../views.ts";

export async function listKnownWorkflows({ announcements }: Context): Promise<KnownWorkflowList> {
  return { workflows: await announcements.workflows() };
}
