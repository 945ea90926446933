import type { RunView, UsualFigures } from "@downbeat/api/views";
import Link from "next/link";
import type { ReactNode } from "react";
import { LabelChips } from "@/components/labels.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { isOpen } from "@/lib/status.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

/** One quiet line: what it is a run of, when, how long, and under which business keys it is found. */
export function RunFacts({ run, usual }: { run: RunView; usual: UsualFigures | undefined }) {
  const routes = useRoutes();
  const undo = run.compensations;
  const isGoingOn = isOpen(run.shown) && run.damaged === undefined;
  return (
    <dl className="flex flex-wrap items-center gap-x-5 gap-y-1 px-6 max-[700px]:px-3 pb-3 text-ink-2">
      {run.workflow === "" ? null : (
        <Fact name="Workflow">
          <Link href={routes.runs({ workflow: run.workflow })} className="rounded text-ink hover:underline">
            {run.workflow}
          </Link>
        </Fact>
      )}
      <Fact name="Started">
        <TimeAgo at={run.startedAt} />
        {run.startedBy === undefined ? null : ` by ${run.startedBy}`}
      </Fact>
      <Fact name={isGoingOn ? "Running for" : run.endedAt === undefined ? "Ran for" : "Took"}>
        <span className="text-ink">
          <Elapsed from={run.startedAt} to={run.endedAt ?? run.damaged?.since} />
        </span>
        {usual === undefined ? null : (
          <span
            className="text-ink-3"
            title={`95 of 100 within ${formatDuration(usual.p95)}: ${plural(usual.completed, "run")} that completed in the week before`}
          >
            {`, usually ${formatDuration(usual.p50)}`}
          </span>
        )}
      </Fact>
      {undo === undefined ? null : (
        <Fact name="Compensation">
          {[
            `${formatCount(undo.undone)} undone`,
            undo.owed > 0 ? `${formatCount(undo.owed)} owed` : "",
            undo.failed > 0 ? `${formatCount(undo.failed)} failed` : "",
          ]
            .filter(Boolean)
            .join(", ")}
        </Fact>
      )}
      <Fact name="History">
        {plural(run.eventCount, "event")}
        <SourceNote run={run} />
      </Fact>
      <div className="flex flex-wrap gap-1">
        <dt className="sr-only">Labels</dt>
        <dd className="flex flex-wrap gap-1">
          <LabelChips labels={run.labels} runId={run.runId} />
        </dd>
      </div>
    </dl>
  );
}

/** Said only when its events come from elsewhere than the others': what is at hand needs no word. */
function SourceNote({ run }: { run: RunView }) {
  const elsewhere = run.freshness.sources?.[1];
  if (elsewhere === undefined) return null;
  return (
    <span title={`Complete to ${formatFull(elsewhere.completeTo)}`}>
      {` from ${elsewhere.source} in ${formatDuration(elsewhere.tookMs)}`}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
