"use client";

import { withSegments } from "@downbeat/api/segments";
import type { AttentionChanges, AttentionItem, AttentionList } from "@downbeat/api/views";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";

export interface FollowedAttention extends Omit<AttentionChanges, "items" | "groups" | "since"> {
  readonly items: readonly AttentionItem[];
  readonly groups: AttentionList["groups"];
}

interface Asked {
  readonly limit: number;
  readonly fingerprint?: string;
}

/** What needs people, asked for again as what changed since the last answer. */
export function useFollowedAttention(asked: Asked, enabled = true) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const queryKey = trpc.attention.follow.queryKey(asked);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<FollowedAttention> => {
      const known = queryClient.getQueryData<FollowedAttention>(queryKey);
      const ask = { ...asked, ...(known !== undefined && { since: known.version }) };
      return withChanges(known, await client.attention.follow.query(ask, { signal }));
    },
    enabled,
    placeholderData: keepPreviousData,
  });
  return { ...query, queryKey };
}

function withChanges(
  known: FollowedAttention | undefined,
  { since, items, groups, ...rest }: AttentionChanges,
): FollowedAttention {
  const before = since === undefined ? undefined : known;
  return {
    ...rest,
    items: withSegments(before?.items ?? [], items),
    groups: withSegments(before?.groups ?? [], groups),
  };
}
