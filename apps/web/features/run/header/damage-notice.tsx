"use client";

import type { RunView } from "@downbeat/api/views";
import { capitalised } from "@downbeat/domain";
import { clsx } from "clsx";
import { useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { ActionDialog } from "@/features/actions/load-action-dialog.ts";
import type { ActionRequest } from "@/features/actions/request.ts";
import type { PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";

interface DamageNoticeProps {
  readonly run: RunView;
  readonly damaged: NonNullable<RunView["damaged"]>;
}

/** What was found in the run's history and since when, what that means, and what can be done about it right here. */
export function DamageNotice({ run, damaged }: DamageNoticeProps) {
  const { found, since, isNewer } = damaged;
  const title = isNewer ? "Newer than this server" : "Set aside: its history is damaged";
  return (
    <section
      aria-label={title}
      className={clsx("mb-2 rounded-md px-3 py-2.5", isNewer ? "bg-sunken" : "bg-stuck-soft")}
    >
      <h2 className="font-strong text-ink">{title}</h2>
      <p className="break-words text-ink">
        {capitalised(found)}. <span className="text-ink-2">Found in a record of </span>
        <TimeAgo at={since} className="text-ink-2" />
        <span className="text-ink-2">.</span>
      </p>
      <p className="mt-1 text-ink-2">
        {isNewer
          ? "Nothing is wrong with the run. It is shown as it was before; update the server to see what came since, and to act on it."
          : meaningOf(run)}
      </p>
      {isNewer ? null : <Remedies run={run} />}
    </section>
  );
}

function meaningOf({ seq, endedAt }: RunView): string {
  const others = "Other runs are not touched.";
  if (seq === 0) return `None of its events is good, so it can’t go on; it can only be ended. ${others}`;
  if (endedAt !== undefined)
    return `It was over before that, and is shown as it was at its end, event ${seq}. ${others}`;
  return `Nothing goes on in it until it is repaired. It is shown as it was at its last good event, number ${seq}. ${others}`;
}

function Remedies({ run }: { run: RunView }) {
  const [request, setRequest] = useState<ActionRequest>();
  const { runId, workflow, labels, seq, endedAt } = run;
  const ask = (verb: PersonVerb) =>
    setRequest({ verb, target: { runId, workflow, labels, isSetAside: true } });
  const dryRun = `downbeat repair ${runId}`;
  const endRun = (look: "primary" | "plain") => (
    <VerbButton look={look} verb="terminateRun" onAsk={ask}>
      Terminate the run
    </VerbButton>
  );
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      {seq === 0 ? null : (
        <VerbButton look="primary" verb="repairRun" onAsk={ask}>
          Repair the run
        </VerbButton>
      )}
      {endedAt === undefined ? endRun(seq === 0 ? "primary" : "plain") : null}
      <span className="flex min-w-0 items-center gap-1 text-ink-2">
        <span className="shrink-0">or look first:</span>
        <code className="truncate text-ink text-small" title={dryRun}>
          {dryRun}
        </code>
        <CopyButton text={dryRun} what="command" />
      </span>
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </div>
  );
}
