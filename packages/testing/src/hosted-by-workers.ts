import type { Delegation } from "@downbeat/engine";

/** Whatever is started, also before any worker is there: some worker has its code. */
export const hostedByWorkers: Delegation = {
  takes: () => true,
  problemWith: async () => undefined,
  misfit: async () => undefined,
  buildsOf: () => undefined,
};
