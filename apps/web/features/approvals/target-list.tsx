"use client";

import type { ApprovalView } from "@downbeat/api/views";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { plural } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";

/** Everything that a bulk action would act on: fixed when it was asked for. */
export function TargetList({ request: { id, targets = 0 } }: { readonly request: ApprovalView }) {
  const trpc = useTRPC();
  const routes = useRoutes();
  const query = useInfiniteQuery(
    trpc.approvals.targets.infiniteQueryOptions({ id }, { getNextPageParam: (page) => page.cursor }),
  );
  const shown = query.data?.pages.flatMap((page) => page.targets) ?? [];
  return (
    <div className="mb-3">
      <p className="mb-1 text-ink-3 text-small">
        Exactly {plural(targets, "target")}, fixed when it was asked for:
      </p>
      <ul
        aria-label="What it acts on"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="max-h-40 overflow-y-auto rounded-md border border-line px-3 py-1 font-mono text-small"
      >
        {shown.map(({ runId, jobId }) => (
          <li key={`${runId} ${jobId ?? ""}`} className="truncate">
            <Link href={routes.run(runId)} target="_blank" className="hover:underline">
              {runId}
            </Link>
            {jobId === undefined ? "" : ` ${jobId}`}
          </li>
        ))}
        {query.isError ? <li className="text-stuck">{messageOf(query.error)}</li> : null}
        {query.isPending ? <li className="text-ink-3">Looking…</li> : null}
        {query.hasNextPage ? (
          <li>
            <button
              type="button"
              className="text-ink-2 underline"
              disabled={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {query.isFetchingNextPage ? "Looking…" : "Show more"}
            </button>
          </li>
        ) : null}
      </ul>
    </div>
  );
}
