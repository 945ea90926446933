"use client";

import type { ApprovalView } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useNow } from "@/lib/use-now.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { standingOf, whatWords } from "./approval-words.ts";
import type { Decision } from "./decide-dialog.tsx";

interface ApprovalListProps {
  readonly requests: readonly ApprovalView[];
  readonly onDecide: (decision: Decision) => void;
}

export function ApprovalList({ requests, onDecide }: ApprovalListProps) {
  return (
    <ul aria-label="Requests">
      {requests.map((request) => (
        <Request key={request.id} request={request} onDecide={onDecide} />
      ))}
    </ul>
  );
}

function Request({
  request,
  onDecide,
}: Pick<ApprovalListProps, "onDecide"> & { readonly request: ApprovalView }) {
  const { tone, word, why } = standingOf(request);
  const { runId, workflow, about, reason, output, requestedBy, requestedAt, status, decision } = request;
  return (
    <li className="border-line border-b px-6 py-3 max-[700px]:px-3">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 break-all font-strong">{whatWords(request)}</span>
        <span className={toneText[tone]}>{word}</span>
        {status === "waiting" ? <Until at={request.expiresAt} /> : null}
        <span className="ml-auto text-ink-3 text-small">
          <TimeAgo at={requestedAt} />
        </span>
      </p>
      <p className="break-words text-ink-2">
        {shownText(requestedBy)}: {shownText(reason)}
      </p>
      {decision === undefined ? null : (
        <p className="break-words text-ink-2">
          {status === "withdrawn" ? "Withdrawn" : status === "rejected" ? "Rejected" : "Approved"} by{" "}
          {shownText(decision.by)}
          {", "}
          <TimeAgo at={decision.at} />
        </p>
      )}
      {why === undefined ? null : <p className={clsx("break-words", toneText[tone])}>{why}</p>}
      {about === undefined ? null : <p className="break-words font-mono text-ink-3 text-small">{about}</p>}
      {output === undefined ? null : <JsonView text={output} what="value" className="my-2 max-w-200" />}
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <Where request={request} />
        {workflow === undefined || runId === undefined ? null : (
          <span className="text-ink-3 text-small">{workflow}</span>
        )}
        {status === "waiting" ? <Buttons request={request} onDecide={onDecide} /> : null}
      </div>
    </li>
  );
}

function Where({ request: { runId, bulkId, execution } }: { readonly request: ApprovalView }) {
  const routes = useRoutes();
  const look = "text-ink-2 text-small underline";
  if (runId !== undefined)
    return (
      <Link href={routes.run(runId)} className={look}>
        Open the run
      </Link>
    );
  // Before it is approved it is no run.
  if (bulkId === undefined || execution?.outcome.is !== "done") return null;
  return (
    <Link href={routes.bulk(bulkId)} className={look}>
      Open the bulk action
    </Link>
  );
}

function Buttons({
  request,
  onDecide,
}: Pick<ApprovalListProps, "onDecide"> & { readonly request: ApprovalView }) {
  const { isOwn, refusal } = request;
  if (isOwn)
    return (
      <>
        <span className="text-ink-3 text-small">You asked for it: another person must approve it.</span>
        <Button size="small" className="ml-auto" onClick={() => onDecide({ request, verb: "withdraw" })}>
          Withdraw…
        </Button>
      </>
    );
  return (
    <span className="ml-auto flex items-center gap-2">
      <Button size="small" refusal={refusal} onClick={() => onDecide({ request, verb: "reject" })}>
        Reject…
      </Button>
      <Button
        size="small"
        look="primary"
        refusal={refusal}
        onClick={() => onDecide({ request, verb: "approve" })}
      >
        Approve…
      </Button>
    </span>
  );
}

function Until({ at }: { readonly at: number }) {
  const now = useNow(1_000);
  return (
    <span className="text-ink-3 text-small" title={formatDayAndClock(at)}>
      {at > now ? `expires in ${formatDuration(at - now)}` : "expires now"}
    </span>
  );
}
