"use client";

import type { ApprovalView, DecideApprovalAnswer } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextArea } from "@/components/field.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { Problem } from "@/components/problem.tsx";
import { bulkVerbs } from "@/features/bulk/bulk-words.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { carefulWords, standingOf, whatWords } from "./approval-words.ts";
import { TargetList } from "./target-list.tsx";
import { useApprovalsChanged } from "./use-approvals.ts";

export interface Decision {
  readonly request: ApprovalView;
  readonly verb: "approve" | "reject" | "withdraw";
}

interface DecideDialogProps {
  readonly of: Decision | undefined;
  readonly onClose: () => void;
}

const titles = { approve: "Approve", reject: "Reject", withdraw: "Withdraw" } as const;

/** What would be done, once more and whole, before somebody agrees to it. */
export function DecideDialog({ of, onClose }: DecideDialogProps) {
  return (
    <Dialog
      open={of !== undefined}
      wide={of?.request.output !== undefined || of?.request.targets !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={of === undefined ? "" : `${titles[of.verb]}: ${whatWords(of.request)}`}
      description={of === undefined ? "" : consequence(of)}
    >
      {of === undefined ? null : <DecideForm key={of.request.id} of={of} onClose={onClose} />}
    </Dialog>
  );
}

function consequence({ request, verb }: Decision): string {
  if (verb === "reject") return "Nothing is done, and the person who asked sees why.";
  if (verb === "withdraw") return "Nothing is done, and the request is closed.";
  const { terminateRun, completeJob } = consequences;
  const what =
    request.targets !== undefined
      ? bulkVerbs[request.verb].consequence
      : request.verb === "completeJob"
        ? completeJob
        : terminateRun;
  return `It is done at once, in the name of ${request.requestedBy} and with yours beside it. ${what}`;
}

const consequences = {
  terminateRun: "The run ends. Nothing is waited for and nothing is undone.",
  completeJob: "The run goes on as if the job had answered with this value. No service does anything.",
} as const;

function DecideForm({ of, onClose }: { readonly of: Decision; readonly onClose: () => void }) {
  const { request, verb } = of;
  const client = useTRPCClient();
  const changed = useApprovalsChanged();
  const { isBusy, problem, submit } = useSubmission();
  const [reason, setReason] = useState("");
  const isMissing = verb === "reject" && reason.trim() === "";

  function ask(): Promise<DecideApprovalAnswer> {
    const { id, digest } = request;
    switch (verb) {
      case "approve":
        return client.approvals.approve.mutate({ id, digest, reason: reason.trim() });
      case "reject":
        return client.approvals.reject.mutate({ id, reason: reason.trim() });
      case "withdraw":
        return client.approvals.withdraw.mutate({ id });
    }
  }

  async function decide(): Promise<string | undefined> {
    const answer = await ask();
    await changed();
    if (answer.outcome === "conflict")
      return `Somebody else was quicker: ${standingOf(answer.request).word.toLowerCase()}.`;
    onClose();
    return undefined;
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isMissing && !isBusy) void submit(decide);
      }}
    >
      <p className="mb-3 break-words">
        <span className="text-ink-3">{shownText(request.requestedBy)} asked for it: </span>
        {shownText(request.reason)}
      </p>
      {request.output === undefined ? null : <JsonView text={request.output} what="value" className="mb-3" />}
      {request.signal === undefined ? null : (
        <>
          <p className="mb-1 break-words text-ink-3 text-small">
            Each run is sent the signal <span className="text-ink">{shownText(request.signal.name)}</span>{" "}
            with
          </p>
          <JsonView text={request.signal.payload} what="payload" className="mb-3" />
        </>
      )}
      {request.targets === undefined ? null : (
        <>
          <p className="mb-3 break-words">{carefulWords(request)}</p>
          <TargetList request={request} />
        </>
      )}
      {verb === "withdraw" ? null : (
        <Field
          label={verb === "approve" ? "Reason (optional)" : "Reason"}
          hint={verb === "approve" ? "Kept with the approval." : "Required. Shown to the person who asked."}
        >
          {(ids) => (
            <TextArea
              {...ids}
              data-first
              rows={2}
              maxLength={1_000}
              required={verb === "reject"}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      )}
      <Problem>{problem}</Problem>
      <div className="flex items-center gap-2">
        <Button type="submit" look={verb === "approve" ? "danger" : "primary"} disabled={isMissing || isBusy}>
          {titles[verb]}
        </Button>
        {isMissing ? <span className="text-ink-3 text-small">Give a reason first.</span> : null}
        <Button className="ml-auto" look="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  );
}
