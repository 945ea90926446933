import type { Context } from "../context.ts";
import type { WorkerList } from "../views.ts";

export async function listWorkers({ announcements }: Context): Promise<WorkerList> {
  return { workers: await announcements.workers() };
}
