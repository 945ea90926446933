"use client";

import type { SecondPersonView } from "@downbeat/api/views";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSavedChange } from "@/live/use-saved-change.ts";
import { useTRPC } from "@/trpc/react.ts";

/** Something expires without anybody saying so. */
const askAgainMs = 30_000;

/** What nobody may do alone here; nothing where everybody may, or as long as that isn't known. */
export function useSecondPerson(): SecondPersonView | undefined {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  return data?.secondPerson;
}

/** What was asked for. Told anew with each change. */
export function useApprovals() {
  const trpc = useTRPC();
  const changed = useApprovalsChanged();
  useSavedChange(() => void changed());
  return useQuery(trpc.approvals.list.queryOptions({}, { refetchInterval: askAgainMs }));
}

/** So much waits for whoever looks. */
export function useWaitingForYou(): number {
  const trpc = useTRPC();
  const changed = useApprovalsChanged();
  useSavedChange(() => void changed());
  const { data } = useQuery({
    ...trpc.approvals.list.queryOptions({ waiting: true }, { refetchInterval: askAgainMs, staleTime: 5_000 }),
    enabled: useSecondPerson() !== undefined,
  });
  return data?.waitingForYou ?? 0;
}

/** Has all of it asked for again, once somebody has said something. */
export function useApprovalsChanged(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.approvals.pathKey() });
}
