"use client";

import type { JobRow, RunView } from "@downbeat/api/views";
import { FailureView } from "@/components/failure-view.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { JobButtons } from "@/features/actions/job-buttons.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { targetKey } from "@/features/actions/target.ts";
import { AttemptTable } from "./attempt-table.tsx";
import { Section } from "./section.tsx";

/** One job: its attempts with their errors, what went in and came out, and what may be done about it. */
export function JobDetail({ run, job }: { run: RunView; job: JobRow }) {
  const target = { runId: run.runId, workflow: run.workflow, jobId: job.jobId, jobType: job.jobType };
  const lastError = job.attempts.findLast(({ failure }) => failure !== undefined)?.failure;
  return (
    <>
      <JobButtons job={job} target={target} run={run} />
      <OutcomeLine target={targetKey(target)} className="mb-3" />
      {job.failure === undefined ? null : (
        <Section title={job.status === "stuck" ? "Why it is stuck" : "Failure"}>
          <FailureView failure={job.failure} tone={job.status === "stuck" ? "stuck" : "failed"} />
        </Section>
      )}
      <AttemptTable job={job} knownFailure={job.failure ?? lastError} />
      {job.output === undefined ? null : (
        <Section title={job.endedBy === undefined ? "Output" : `Output, given by ${job.endedBy}`}>
          <JsonView text={job.output} what="output" />
        </Section>
      )}
      <Section title="Input">
        <JsonView text={job.input} what="input" />
      </Section>
    </>
  );
}
