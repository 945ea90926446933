"use client";

import type { QueryAnswer } from "@downbeat/api/views";
import { Info, LoaderCircle, TriangleAlert } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { formatClock } from "@/lib/absolute-time.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { useNow } from "@/lib/use-now.ts";
import type { QueryState, Refusal } from "./use-sql-query.ts";

interface QueryStatusProps extends QueryState {
  readonly onCancelOther: () => void;
}

/** What the query is doing, or what came of it, in one line. */
export function QueryStatus({ answer, running, refusal, onCancelOther }: QueryStatusProps) {
  return (
    <div aria-live="polite" className="min-w-0 flex-1">
      {running !== undefined ? (
        <Running {...running} />
      ) : refusal !== undefined ? (
        <Refused refusal={refusal} onCancelOther={onCancelOther} />
      ) : answer !== undefined ? (
        <Answered answer={answer} />
      ) : null}
    </div>
  );
}

const stateWords = {
  waiting: "Waiting for other queries",
  planning: "Planning",
  reading: "Running",
  finishing: "Fetching the rest",
} as const;

function Running({ since, progress }: NonNullable<QueryState["running"]>) {
  const now = useNow(1_000);
  return (
    <p className="flex items-center gap-2 text-ink-2">
      <LoaderCircle aria-hidden size={14} className="shrink-0 animate-spin text-running" />
      <span>
        {progress === undefined ? "Sending" : stateWords[progress.state]}
        {progress?.percent === undefined ? "" : `, ${Math.floor(progress.percent)} %`}
        {progress !== undefined && progress.rows > 0 ? `, ${plural(progress.rows, "row")} read` : ""}
      </span>
      <span aria-hidden className="text-ink-3">
        {formatRunningDuration(Math.max(0, now - since))}
      </span>
      {progress?.percent === undefined ? null : (
        <span aria-hidden className="h-1 w-32 overflow-hidden rounded-full bg-sunken">
          <span className="block h-full bg-running" style={{ width: `${progress.percent}%` }} />
        </span>
      )}
    </p>
  );
}

function Refused({ refusal, onCancelOther }: { refusal: Refusal; onCancelOther: () => void }) {
  const { code, message, line, column } = refusal;
  if (code === "cancelled") return <p className="text-ink-2">{message}</p>;
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 text-ink">
      <TriangleAlert aria-hidden size={14} className="shrink-0 text-failed" />
      <span className="min-w-0">
        {message}
        {line === undefined || column === undefined ? null : (
          <span className="text-ink-3">
            {" "}
            Line {line}, column {column}.
          </span>
        )}
      </span>
      {code === "running" ? (
        <Button size="small" onClick={onCancelOther}>
          Cancel the other query
        </Button>
      ) : null}
    </p>
  );
}

function Answered({ answer }: { answer: QueryAnswer }) {
  const { rows, isCut, source, tookMs, completeTo, read, note, isComplete } = answer;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
      <span className="text-ink">
        {isCut ? `The first ${plural(rows.length, "row")}, there are more` : plural(rows.length, "row")}
      </span>
      <span>
        in {formatDuration(tookMs)} from {source}
        {read.rows > 0 ? `, ${formatCount(read.rows)} read` : ""}
      </span>
      {completeTo > 0 ? <span className="text-ink-3">complete to {formatClock(completeTo)}</span> : null}
      {note === undefined && isComplete ? null : (
        <span className="flex items-center gap-1">
          <Info aria-hidden size={13} className="shrink-0" />
          {note ?? "Something older is missing."}
        </span>
      )}
    </p>
  );
}
