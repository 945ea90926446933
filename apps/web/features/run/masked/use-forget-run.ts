import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";

/** All that is known of runs is asked for again, and not shown until it has come. */
export function useForgetRun(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => void queryClient.resetQueries({ queryKey: trpc.runs.pathKey() });
}
