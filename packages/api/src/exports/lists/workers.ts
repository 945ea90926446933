import { z } from "zod";
import { listWorkers } from "../../usecases/list-workers.ts";
import type { WorkerView } from "../../views.ts";
import { type Exportable, stamp } from "../exportable.ts";

export const workersQuery = z.object({}).prefault({});

export const workersExport: Exportable<z.infer<typeof workersQuery>, WorkerView> = {
  name: "workers",
  about: () => [],
  columns: () => [
    { name: "name", of: ({ name }) => name },
    { name: "id", of: ({ id }) => id },
    { name: "host", of: ({ host }) => host },
    { name: "build", of: ({ build }) => build },
    { name: "sdk", of: ({ sdk }) => sdk },
    { name: "started", of: ({ startedAt }) => stamp(startedAt) },
    { name: "last heard", of: ({ heardAt }) => stamp(heardAt) },
    { name: "in hand", of: ({ jobs }) => jobs.reduce((sum, { inHand = 0 }) => sum + inHand, 0) },
    { name: "at a time", of: ({ jobs }) => jobs.reduce((sum, { concurrency }) => sum + concurrency, 0) },
    {
      name: "job types",
      of: ({ jobs }) => jobs.map(({ type, concurrency }) => `${type} (${concurrency})`).join(" "),
    },
    { name: "workflows", of: ({ workflows }) => workflows.join(" ") },
  ],
  async page(context) {
    const { workers } = await listWorkers(context);
    return { rows: workers, count: workers.length };
  },
};
