"use client";

import type { JobRow, RunView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { TimedText } from "@/components/timed-text.tsx";
import { JobButtons } from "@/features/actions/job-buttons.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { targetKey } from "@/features/actions/target.ts";
import { plural } from "@/lib/number.ts";
import { isOpen } from "@/lib/status.ts";
import { DamageNotice } from "./load-damage-notice.tsx";

interface WhyBandProps {
  readonly run: RunView;
  readonly onRow: (rowId: string) => void;
}

/** What it waits for or why it ended, in one sentence; for a stuck job, what can be done about it right here. */
export function WhyBand({ run, onRow }: WhyBandProps) {
  const stuck = run.rows.find((row): row is JobRow => row.kind === "job" && row.status === "stuck");
  const isStuck = run.shown === "stuck";
  return (
    <div className="px-6 max-[700px]:px-3">
      {run.missing === undefined || run.seq === 0 ? null : (
        <p role="status" className="mb-2 rounded-md bg-failed-soft px-3 py-2 text-ink">
          {run.missing.why}
          <span className="text-ink-2">
            {" "}
            What is shown here is what the list of runs knows; {plural(run.missing.count, "event")} are
            missing.
          </span>
        </p>
      )}
      {run.damaged === undefined ? null : <DamageNotice run={run} damaged={run.damaged} />}
      {run.why === undefined || run.damaged !== undefined ? null : (
        <p
          className={clsx(
            "mb-2 break-words",
            isStuck
              ? "rounded-md bg-stuck-soft px-3 py-2 text-ink"
              : isOpen(run.shown)
                ? "text-ink"
                : "text-ink-2",
          )}
        >
          <TimedText text={run.why} times={run.whyTimes} />
          {stuck === undefined ? null : (
            <button
              type="button"
              onClick={() => onRow(stuck.rowId)}
              className="ml-2 whitespace-nowrap rounded text-accent underline-offset-2 hover:underline"
            >
              Show the attempts
            </button>
          )}
        </p>
      )}
      {stuck === undefined || run.damaged !== undefined ? null : (
        <JobButtons
          job={stuck}
          run={run}
          target={{ runId: run.runId, workflow: run.workflow, jobId: stuck.jobId, jobType: stuck.jobType }}
        />
      )}
      <JobOutcomes run={run} />
      <OutcomeLine target={targetKey({ runId: run.runId })} className="mb-2" />
    </div>
  );
}

/** Outcomes stay here after the job is no longer stuck: that is when they are looked for. */
function JobOutcomes({ run }: { run: RunView }) {
  return run.rows.map((row) =>
    row.kind === "job" ? (
      <OutcomeLine
        key={row.rowId}
        target={targetKey({ runId: run.runId, jobId: row.jobId })}
        className="mb-2"
      />
    ) : null,
  );
}
