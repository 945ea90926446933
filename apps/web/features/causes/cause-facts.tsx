"use client";

import type { AttentionList, CauseScope } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { useTRPC } from "@/trpc/react.ts";
import { Sparkline } from "./sparkline.tsx";

/** Since when, how often lately, and what the runs have in common: where one looks for what is wrong. */
export function CauseFacts({ cause }: { readonly cause: AttentionList["groups"][number] }) {
  const { fingerprint, firstSeen, lastSeen, trend } = cause;
  const trpc = useTRPC();
  const { data: scope } = useQuery({
    ...trpc.attention.cause.queryOptions({ fingerprint }, { staleTime: 5_000 }),
    enabled: cause.kind !== "undecided" && cause.kind !== "held",
    refetchInterval: 30_000,
  });
  return (
    <dl aria-label="About this cause" className="mt-2 flex flex-wrap items-start gap-x-6 gap-y-1 text-small">
      <Fact term="First seen">
        <TimeAgo at={firstSeen} />
      </Fact>
      <Fact term="Last seen">
        <TimeAgo at={lastSeen} />
      </Fact>
      {trend === undefined ? null : (
        <Fact term={`New in ${formatDuration(trend.bucketMs * trend.counts.length)}`}>
          <Sparkline trend={trend} width={120} height={16} className="inline-block align-text-bottom" />
        </Fact>
      )}
      {scope === undefined || scope.lookedAt === 0 ? null : <ScopeFacts scope={scope} />}
    </dl>
  );
}

function ScopeFacts({ scope }: { readonly scope: CauseScope }) {
  const { workflows, labels, lookedAt, runs } = scope;
  return (
    <>
      <Fact term={workflows.some(({ build }) => build !== undefined) ? "Workflows and builds" : "Workflows"}>
        {workflows.map(({ workflow, build, runs }) => (
          <span key={`${workflow} ${build ?? ""}`} className="mr-2 inline-block">
            {workflow}
            {build === undefined ? null : <span className="text-ink-2"> · {build}</span>}{" "}
            <span className="text-ink-3">{formatCount(runs)}</span>
          </span>
        ))}
      </Fact>
      {labels.map(({ key, values, top }) => (
        <Fact key={key} term={key}>
          {top[0] !== undefined && (top[0].runs > 1 || values === 1) ? (
            <>
              {top.map(({ value, runs }) => (
                <span key={value} className="mr-2 inline-block max-w-48 truncate align-bottom" title={value}>
                  {value} <span className="text-ink-3">{formatCount(runs)}</span>
                </span>
              ))}
              {values > top.length ? (
                <span className="text-ink-3">and {formatCount(values - top.length)} others</span>
              ) : null}
            </>
          ) : (
            <span className="text-ink-3">{formatCount(values)} different</span>
          )}
        </Fact>
      ))}
      {lookedAt < runs ? (
        <Fact term="Looked at">
          the newest {formatCount(lookedAt)} of {plural(runs, "run")}
        </Fact>
      ) : null}
    </>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="shrink-0 text-ink-3">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
