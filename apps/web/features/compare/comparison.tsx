"use client";

import type { RunView } from "@downbeat/api/views";
import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { Button } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { useRun } from "@/features/run/use-run.ts";
import { shortId } from "@/lib/short-id.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { alignSteps } from "./align-steps.ts";
import { equalInputs, equalResults } from "./equal-words.ts";
import { differenceOf, isDifferent, stepName } from "./step-difference.ts";
import { StepTable } from "./step-table.tsx";
import { ValueDifferences } from "./value-differences.tsx";

interface ComparisonProps {
  readonly ids: readonly [string, string];
  readonly showsAll: boolean;
  readonly onAll: (showsAll: boolean) => void;
  readonly onSwap: () => void;
  readonly onOther: () => void;
}

/** Two runs side by side: what is known of each, what they were given and gave, and their steps. */
export function Comparison({ ids, showsAll, onAll, onSwap, onOther }: ComparisonProps) {
  const left = useRun(ids[0]);
  const right = useRun(ids[1]);
  const isHidden = useRefusal("seePayloads") !== undefined;
  for (const [side, query] of [left, right].entries())
    if (query.data === undefined && query.error !== null)
      return <ErrorState what={`the run ${ids[side]}`} error={query.error} onRetry={query.refetch} />;
  if (left.data === undefined || right.data === undefined)
    return (
      <div role="status" aria-busy="true" aria-label="Loading the two runs" className="px-6 py-4">
        <div className="skeleton mb-3 h-5 w-1/2" />
        <div className="skeleton h-40" />
      </div>
    );
  const runs = [left.data, right.data] as const;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto print:block">
      <section aria-label="The two runs" className="px-6 pb-4 max-[700px]:px-3">
        <div className="grid grid-cols-[120px_minmax(0,1fr)_minmax(0,1fr)] gap-x-4 gap-y-2 max-[700px]:grid-cols-2">
          <div className="flex items-start gap-1 max-[700px]:col-span-2">
            <Button size="small" onClick={onSwap}>
              <ArrowLeftRight aria-hidden size={13} /> Swap
            </Button>
          </div>
          {runs.map((run, side) => (
            <RunCard
              key={side === 0 ? "left" : "right"}
              run={run}
              onOther={side === 1 ? onOther : undefined}
            />
          ))}
          <Label text="Input" />
          <div className="col-span-2">
            <ValueDifferences
              before={runs[0].input}
              after={runs[1].input}
              equal={equalInputs([runs[0].input, runs[1].input], isHidden, "The same input.")}
            />
          </div>
          <Label text="Labels" />
          <div className="col-span-2">
            <ValueDifferences
              before={JSON.stringify(runs[0].labels)}
              after={JSON.stringify(runs[1].labels)}
              equal="The same labels."
            />
          </div>
          <Label text="Result" />
          <div className="col-span-2">
            <ValueDifferences
              before={resultOfRun(runs[0])}
              after={resultOfRun(runs[1])}
              equal={
                resultOfRun(runs[0]) === undefined
                  ? "Neither has one yet."
                  : equalResults(runs, isHidden, "The same result.")
              }
            />
          </div>
        </div>
      </section>
      <Panel what="The steps of the two runs" of={runs[0]}>
        <Steps runs={runs} isHidden={isHidden} showsAll={showsAll} onAll={onAll} />
      </Panel>
    </div>
  );
}

function Label({ text }: { text: string }) {
  return <h2 className="text-ink-3 max-[700px]:col-span-2">{text}</h2>;
}

function RunCard({ run, onOther }: { run: RunView; onOther: (() => void) | undefined }) {
  const routes = useRoutes();
  return (
    <div className="min-w-0 rounded-md border border-line bg-surface px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-2">
        <Link
          href={routes.run(run.runId)}
          title={run.runId}
          className="min-w-0 truncate rounded font-mono text-accent hover:underline"
        >
          {shortId(run.runId, 32)}
        </Link>
        <StatusMark look={lookOfRun(run.shown)} />
      </p>
      <p className="text-ink-2">
        {run.workflow}, started <TimeAgo at={run.startedAt} />,{" "}
        {run.endedAt === undefined ? "running for " : "took "}
        <Elapsed from={run.startedAt} to={run.endedAt} />
      </p>
      {onOther === undefined ? null : (
        <button type="button" onClick={onOther} className="rounded text-accent text-small hover:underline">
          Choose another run
        </button>
      )}
    </div>
  );
}

function Steps(props: {
  runs: readonly [RunView, RunView];
  isHidden: boolean;
  showsAll: boolean;
  onAll: (showsAll: boolean) => void;
}) {
  const { runs, isHidden, showsAll, onAll } = props;
  const [{ rows: left }, { rows: right }] = runs;
  const steps = useMemo(
    () => alignSteps(left, right, stepName).map((pair) => ({ pair, difference: differenceOf(pair) })),
    [left, right],
  );
  const different = useMemo(() => steps.filter(({ difference }) => isDifferent(difference)), [steps]);
  return (
    <StepTable
      ids={[runs[0].runId, runs[1].runId]}
      steps={showsAll ? steps : different}
      total={steps.length}
      different={different.length}
      isHidden={isHidden}
      showsAll={showsAll}
      onAll={onAll}
    />
  );
}

function resultOfRun({ output, failure }: RunView): string | undefined {
  if (output !== undefined) return output;
  return failure === undefined
    ? undefined
    : JSON.stringify({ error: failure.name, message: failure.message });
}
