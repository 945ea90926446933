"use client";

import type { JobRow, RunView } from "@downbeat/api/views";
import { FailureView } from "@/components/failure-view.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { JobButtons } from "@/features/actions/job-buttons.tsx";
import { AttemptTable } from "./attempt-table.tsx";
import { Section } from "./section.tsx";

/** One job: its attempts with their errors, what went in and came out, and what may be done about it. */
export function JobDetail({ run, job }: { run: RunView; job: JobRow }) {
  const target = { runId: run.runId, workflow: run.workflow, jobId: job.jobId, jobType: job.jobType };
  // The stuck job has its buttons in the band at the top of the page (WhyBand), and every outcome is shown there.
  const isShownAbove = run.rows.find((row) => row.kind === "job" && row.status === "stuck") === job;
  return (
    <>
      {isShownAbove ? null : <JobButtons job={job} target={target} run={run} />}
      {job.failure === undefined ? null : (
        <Section title={job.status === "stuck" ? "Why it is stuck" : "Failure"}>
          <FailureView failure={job.failure} tone={job.status === "stuck" ? "stuck" : "failed"} />
        </Section>
      )}
      <AttemptTable job={job} knownFailure={job.failure} />
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
