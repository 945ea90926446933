"use client";

import type { AnalyticsAbout, QueryAnswer } from "@downbeat/api/views";
import { Info, LoaderCircle, TriangleAlert } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { formatClock } from "@/lib/absolute-time.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { known } from "@/lib/known.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { useNow } from "@/lib/use-now.ts";
import { sourceWords } from "./source-words.ts";
import type { QueryState, Refusal } from "./use-sql-query.ts";

interface QueryStatusProps extends QueryState {
  readonly onCancelOther: () => void;
  /** Another source that can be asked when this one can't answer. */
  readonly other: AnalyticsAbout | undefined;
  readonly onOther: (other: AnalyticsAbout) => void;
}

/** What the query is doing, or what came of it, in one line. */
export function QueryStatus({ answer, running, refusal, ...offers }: QueryStatusProps) {
  return (
    <div aria-live="polite" className="min-w-0 flex-1 max-[700px]:basis-full">
      {running !== undefined ? (
        <Running {...running} />
      ) : refusal !== undefined ? (
        <Refused refusal={refusal} hasOlder={answer !== undefined} {...offers} />
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
        {progress === undefined ? "Sending" : (known(stateWords, progress.state) ?? progress.state)}
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

/** Of these it is no fault of the statement that there is no answer. */
const ofSource: readonly Refusal["code"][] = ["unavailable", "refused", "notSetUp", "timeout", "failed"];

interface RefusedProps extends Omit<QueryStatusProps, keyof QueryState> {
  readonly refusal: Refusal;
  /** The answer of an earlier query is still shown. */
  readonly hasOlder: boolean;
}

function Refused({ refusal, hasOlder, onCancelOther, other, onOther }: RefusedProps) {
  const { code, message, line, column } = refusal;
  const older = hasOlder ? <span className="text-ink-3"> The rows are of the query before.</span> : null;
  if (code === "cancelled")
    return (
      <p className="text-ink-2">
        {message}
        {older}
      </p>
    );
  return (
    <div role="alert" className="flex items-start gap-2">
      <TriangleAlert aria-hidden size={14} className="mt-[3px] shrink-0 text-failed" />
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0">
          {message}
          {line === undefined || column === undefined ? null : (
            <span className="text-ink-3">
              {" "}
              Line {line}, column {column}.
            </span>
          )}
          {older}
        </p>
        {code === "running" ? (
          <Button size="small" onClick={onCancelOther}>
            Cancel the other query
          </Button>
        ) : null}
        {other !== undefined && ofSource.includes(code) ? (
          <Button size="small" onClick={() => onOther(other)}>
            Use {sourceWords(other.id).name}
          </Button>
        ) : null}
      </div>
    </div>
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
