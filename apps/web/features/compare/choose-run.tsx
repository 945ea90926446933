"use client";

import type { RunSummary } from "@downbeat/api/views";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDuration } from "@/lib/duration.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { useTRPC } from "@/trpc/react.ts";
import { meantRuns } from "./meant-runs.ts";

interface ChooseRunProps {
  readonly title: string;
  /** The run that it is to stand beside: those of its workflow come to mind first. */
  readonly beside: string | undefined;
  readonly onChoose: (runId: string) => void;
}

/** Looks for a run, by whatever runs are found by. */
export function ChooseRun({ title, beside, onChoose }: ChooseRunProps) {
  const trpc = useTRPC();
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim(), 150).slice(0, 200);
  const { data: known } = useQuery(
    trpc.runs.get.queryOptions({ runId: beside ?? "" }, { enabled: beside !== undefined }),
  );
  const workflow = known?.workflow;
  const isItself = typed.trim() !== "" && typed.trim() === beside;
  const filter = {
    ...(text !== "" && { text }),
    ...(workflow !== undefined && workflow !== "" && { workflow }),
  };
  const { data, error, refetch, isPlaceholderData } = useQuery(
    trpc.runs.list.queryOptions({ filter, limit: 21 }, { placeholderData: keepPreviousData }),
  );
  const runs = data?.runs.filter(({ runId }) => runId !== beside).slice(0, 20);
  const found = text === typed.trim() && !isPlaceholderData ? (runs ?? []) : [];
  const [meant, typedItself] = meantRuns(
    typed.trim(),
    found.map(({ runId }) => runId),
  );
  return (
    <section aria-label="Choose a run" className="max-w-[760px] px-6 py-4 max-[700px]:px-3">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (meant !== undefined && !isItself) onChoose(meant);
        }}
      >
        <Field
          label={title}
          hint={
            workflow === undefined || workflow === ""
              ? "Its id, a label or a workflow."
              : `Its id or a label. Runs of ${workflow} are listed, newest first.`
          }
        >
          {(ids) => (
            <TextInput
              {...ids}
              autoFocus
              value={typed}
              maxLength={200}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {isItself ? (
          <p role="status" className="mb-4 text-ink-2">
            That is the run itself. Choose another one to compare it with.
          </p>
        ) : meant === undefined ? null : (
          <div className="mb-4 flex flex-wrap gap-2">
            <Button type="submit" className="max-w-full">
              <span className="truncate">Take the run “{meant}”</span>
            </Button>
            {typedItself === undefined ? null : (
              <Button look="quiet" className="max-w-full" onClick={() => onChoose(typedItself)}>
                <span className="truncate">Take the run “{typedItself}”</span>
              </Button>
            )}
          </div>
        )}
      </form>
      {error === null ? null : <ErrorState what="the runs" error={error} onRetry={refetch} />}
      {runs?.length === 0 ? <p className="text-ink-2">No matches.</p> : null}
      <ul className="rounded-md border border-line bg-surface empty:hidden">
        {runs?.map((run) => (
          <li key={run.runId} className="border-line border-b last:border-b-0">
            <Choice run={run} onChoose={() => onChoose(run.runId)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Choice({ run, onChoose }: { run: RunSummary; onChoose: () => void }) {
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex min-h-8 w-full flex-wrap items-center gap-x-3 px-3 py-1 text-left hover:bg-hover"
    >
      <span className="min-w-0 flex-1 truncate font-mono">{run.runId}</span>
      <StatusMark look={lookOfRun(run.shown)} />
      <span className="w-20 text-right text-ink-2 text-small">
        {run.endedAt === undefined ? "open" : formatDuration(run.endedAt - run.startedAt)}
      </span>
      <TimeAgo at={run.startedAt} className="w-24 text-right text-ink-3 text-small" />
    </button>
  );
}
