import type { Services } from "../context.ts";
import { isBuiltIn } from "./built-in.ts";
import {
  type BulkOrder,
  type BulkTarget,
  isOfJobs,
  keyOf,
  type ListInput,
  mostTargets,
  type TargetPage,
  uniqueTargets,
} from "./order.ts";

/** Ids of 200 characters, escaped, stay below what a job may give back. */
const pageSize = 400;

type Asked = Pick<ListInput, "asOf" | "after"> & { readonly order: Pick<BulkOrder, "verb" | "selection"> };

/** The next of what is meant, in an order without ties. The first page has no `after`. */
export async function listTargets(
  { readModel, waits }: Pick<Services, "readModel" | "waits">,
  { order, asOf, after }: Asked,
): Promise<TargetPage> {
  const { verb, selection } = order;
  switch (selection.type) {
    case "items":
      return { targets: selection.items.map(({ runId, jobId }) => targetOf(verb, runId, jobId)) };
    case "cause": {
      const { fingerprint } = selection;
      const causes = await waits.causes();
      const page = readModel.attentionPlaces({ fingerprint, waits: causes, cursor: after, limit: pageSize });
      const places = page.places.filter(
        ({ kind, since, jobId }) =>
          kind !== "held" && since <= asOf && (!isOfJobs(verb) || jobId !== undefined),
      );
      return pageOf(
        places.map(({ runId, jobId }) => targetOf(verb, runId, jobId)),
        page.cursor,
      );
    }
    case "stuckJobs": {
      const { jobType, workflow } = selection;
      const page = readModel.openJobs({
        status: ["stuck"],
        jobType,
        workflow,
        cursor: after,
        limit: pageSize,
      });
      const jobs = page.jobs.filter((job) => job.since <= asOf && !isBuiltIn(job.workflow));
      return pageOf(
        jobs.map(({ runId, jobId }) => targetOf(verb, runId, jobId)),
        page.cursor,
      );
    }
    case "runs": {
      const { filter } = selection;
      const { to = Number.POSITIVE_INFINITY } = filter;
      const until = { ...filter, to: Math.min(to, asOf + 1) };
      const page = readModel.listRuns({ filter: until, cursor: after, limit: pageSize });
      const runs = page.runs.filter(({ workflow }) => !isBuiltIn(workflow));
      return pageOf(
        runs.map(({ runId }) => targetOf(verb, runId)),
        page.cursor,
      );
    }
  }
}

function targetOf(verb: BulkOrder["verb"], runId: string, jobId?: string): BulkTarget {
  return isOfJobs(verb) && jobId !== undefined ? [runId, jobId] : [runId];
}

function pageOf(targets: readonly BulkTarget[], cursor: string | undefined): TargetPage {
  return { targets: [...targets], ...(cursor !== undefined && { cursor }) };
}

/** All of what is meant now, each once; one more than may be at most. Lets others have their turn between its pages. */
export async function allTargets(
  services: Pick<Services, "readModel" | "waits">,
  asked: Omit<Asked, "after">,
): Promise<BulkTarget[]> {
  const pages: TargetPage[] = [];
  const found = new Set<string>();
  let after: string | undefined;
  do {
    const page = await listTargets(services, { ...asked, after });
    pages.push(page);
    for (const target of page.targets) found.add(keyOf(target));
    after = page.cursor;
    await new Promise((resolve) => setImmediate(resolve));
  } while (after !== undefined && found.size <= mostTargets);
  return uniqueTargets(pages);
}
