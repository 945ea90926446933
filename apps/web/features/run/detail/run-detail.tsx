"use client";

import type { RunView } from "@downbeat/api/views";
import { FailureView } from "@/components/failure-view.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { isOpen } from "@/lib/status.ts";
import { ActionsLog } from "./load-actions-log.tsx";
import { CompensationLedger } from "./load-compensation-ledger.tsx";
import { Section } from "./section.tsx";

/** What came in, what came out, what is still owed, who did what. */
export function RunDetail({ run, onRow }: { run: RunView; onRow: (rowId: string) => void }) {
  return (
    <>
      {run.failure === undefined ? null : (
        <Section title={run.shown === "stuck" ? "Why it is stuck" : "Failure"}>
          <FailureView failure={run.failure} tone={run.shown === "stuck" ? "stuck" : "failed"} />
        </Section>
      )}
      {run.output === undefined ? null : (
        <Section title="Output">
          <JsonView text={run.output} what="output" />
        </Section>
      )}
      {run.ledger.length === 0 ? null : <CompensationLedger run={run} onRow={onRow} />}
      {run.missing === undefined && run.seq > 0 ? (
        <Section
          title="Input"
          aside={run.inputDigest === undefined ? null : <InputDigest digest={run.inputDigest} />}
        >
          <JsonView text={run.input} what="input" />
        </Section>
      ) : (
        <p className="mb-4 text-ink-3">Its input and output are in the events that are missing.</p>
      )}
      {run.actions.length === 0 ? null : <ActionsLog actions={run.actions} rows={run.rows} onRow={onRow} />}
      {run.missing === undefined &&
      run.output === undefined &&
      !isOpen(run.shown) &&
      run.failure === undefined ? (
        <p className="text-ink-3">It ended without an output.</p>
      ) : null}
    </>
  );
}

function InputDigest({ digest }: { digest: string }) {
  return (
    <span
      className="text-ink-3 text-small"
      title="Another start with this id and another input is refused with both digests"
    >
      digest <span className="font-mono">{digest}</span>
    </span>
  );
}
