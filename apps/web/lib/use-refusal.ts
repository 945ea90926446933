import type { Permission } from "@downbeat/api/policy";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** Who may, in a sentence, where this person may not; nothing as long as that isn't known: the server has the last word. */
export function useRefusal(permission: Permission): string | undefined {
  return useRefusals()(permission);
}

/** The same, for several. */
export function useRefusals(): (permission: Permission) => string | undefined {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  return (permission) => data?.permissions.find((one) => one.permission === permission)?.refusal;
}
