import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";

/** Drops all that was fetched, and what is on its way; who it was fetched for stays known: whoever comes next may be another. */
export function forgetFetched(queryClient: QueryClient, who: QueryKey): void {
  const kept = hashKey(who);
  queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== kept });
  queryClient.getMutationCache().clear();
}
