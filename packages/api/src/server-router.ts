import { serverProcedures } from "./trpc.ts";
import type { NamespaceList } from "./views.ts";

const { router, procedure } = serverProcedures;

/** What is asked of the server itself; everything else is asked of one of its namespaces. */
export const serverRouter = router({
  namespaces: router({
    list: procedure.query(
      ({ ctx }): NamespaceList => ({
        namespaces: ctx.namespaces.map(({ tenant, namespace }) => ({ tenant, namespace })),
      }),
    ),
  }),
});

export type ServerRouter = typeof serverRouter;
