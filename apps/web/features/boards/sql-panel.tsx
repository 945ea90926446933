"use client";

import type { BoardPanel, SavedQuery } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { Button } from "@/components/button.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { ResultChart } from "@/features/analytics/result-chart.tsx";
import { ResultTable } from "@/features/analytics/result-table.tsx";
import { useSavedQueries } from "@/features/analytics/use-analytics.ts";
import { type SqlQuery, useSqlQuery } from "@/features/analytics/use-sql-query.ts";
import { useTRPC } from "@/trpc/react.ts";
import { askAgain } from "./ask-again.ts";
import { PanelNote, PanelSkeleton, PanelTrouble } from "./panel-trouble.tsx";
import { inTurn } from "./sql-turn.ts";

type SqlOf = Extract<BoardPanel, { kind: "sql" }>;

const mostRows = 1_000;

interface SqlPanelProps {
  readonly panel: SqlOf;
  readonly title: string;
}

/** Who may not ask SQL is told so, and nothing is asked for them. */
export function SqlPanel({ panel, title }: SqlPanelProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  if (data === undefined) return <PanelSkeleton title={title} />;
  const refusal = data.permissions.find(({ permission }) => permission === "askSql")?.refusal;
  if (refusal !== undefined)
    return <PanelNote title={title}>{refusal} What they see here stays theirs.</PanelNote>;
  return <ForAskers panel={panel} title={title} />;
}

function ForAskers({ panel, title }: SqlPanelProps) {
  const { data, error, refetch } = useSavedQueries();
  if (data === undefined)
    return error === null ? (
      <PanelSkeleton title={title} />
    ) : (
      <PanelTrouble title={title} error={error} onRetry={() => void refetch()} />
    );
  const query = data.queries.find(({ id }) => id === panel.queryId);
  if (query === undefined)
    return (
      <PanelNote title={title}>
        The saved query was deleted. Choose another one: edit the panel, or remove it.
      </PanelNote>
    );
  const source = query.source === "pulsarSql" ? "pulsarSql" : "readModel";
  return <Answer query={query} source={source} view={panel.view} title={panel.title ?? query.name} />;
}

interface AnswerProps {
  readonly query: SavedQuery;
  readonly source: SqlQuery["source"];
  readonly view: SqlOf["view"];
  readonly title: string;
}

function Answer({ query, source, view, title }: AnswerProps) {
  const { sql } = query;
  const { answer, running, refusal, run } = useSqlQuery();
  const asking = useRef<ReturnType<typeof askAgain>>(undefined);
  const ask = useEffectEvent(() => run({ sql, source, maxRows: mostRows }));
  const isBusy = refusal?.code === "running";
  // biome-ignore lint/correctness/useExhaustiveDependencies: another statement is asked at once
  useEffect(() => {
    let isHere = true;
    const loop = askAgain({
      ask: () => inTurn(async () => ({ isBusy: isHere && (await ask()) === "running" })),
      isHidden: () => document.hidden,
    });
    asking.current = loop;
    document.addEventListener("visibilitychange", loop.shown);
    return () => {
      isHere = false;
      document.removeEventListener("visibilitychange", loop.shown);
      loop.stop();
    };
  }, [sql, source]);
  return (
    <section aria-label={title} className="flex h-full min-h-40 flex-col">
      <div className="flex flex-wrap items-baseline gap-x-3 px-4 pt-3 pb-1">
        <h2 className="min-w-0 flex-1 break-words font-strong">{title}</h2>
        {answer === undefined ? null : (
          <span className="text-ink-3 text-small">
            {answer.rows.length === 0 ? "no rows, " : ""}as of <TimeAgo at={answer.completeTo} />
          </span>
        )}
        <Button
          size="small"
          look="quiet"
          disabled={running !== undefined}
          onClick={() => asking.current?.now()}
          aria-label={`Ask again: ${title}`}
        >
          {running === undefined ? "Ask again" : "Asking…"}
        </Button>
      </div>
      {refusal === undefined ? null : (
        <p role="alert" className="break-words px-4 pb-2 text-small text-stuck">
          {isBusy ? "Waiting: another query of yours is running." : refusal.message}
        </p>
      )}
      {answer?.note === undefined ? null : (
        <p className="break-words px-4 pb-2 text-ink-3 text-small">{answer.note}</p>
      )}
      <div className="min-h-0 flex-1">
        {answer === undefined ? (
          refusal === undefined ? (
            <PanelSkeleton title={title} />
          ) : null
        ) : view === "chart" ? (
          <ResultChart table={answer} />
        ) : (
          <ResultTable {...answer} />
        )}
      </div>
    </section>
  );
}
