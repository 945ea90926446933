"use client";

import type { QuarantineRemedies } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextArea } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { ReasonField } from "@/features/actions/reason-field.tsx";
import { spacedJson } from "@/lib/json-text.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { conflictWords } from "./conflict-words.ts";
import { useQuarantineChanged } from "./use-quarantine.ts";

interface ResendDialogProps {
  readonly entry: QuarantineRemedies;
  /** As it came. */
  readonly text: string;
  readonly onClose: () => void;
}

const askAfterMs = 300;

/** The command as it came, to be mended; what would be sent is said before it is. */
export function ResendDialog({ entry: { entry, mark }, text: original, onClose }: ResendDialogProps) {
  // As it was when the dialog was opened: what others do meanwhile is told as a conflict.
  const [version] = useState(mark?.version ?? 0);
  const [text, setText] = useState(() => spacedJson(original));
  const [reason, setReason] = useState("");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const changed = useQuarantineChanged();
  const { isBusy, problem, submit } = useSubmission();
  const settled = useSettled(text, askAfterMs);
  const preview = useQuery(
    trpc.quarantine.previewResend.queryOptions({ entry, text: settled }, { retry: false }),
  );
  const isCurrent = settled === text && !preview.isPending;
  const { command, runId, problem: misfit } = preview.data ?? {};
  const maySend = isCurrent && command !== undefined && reason.trim() !== "";

  async function send(): Promise<string | undefined> {
    // Also where it fails: the entry may be marked, and not sent.
    const answer = await client.quarantine.resend
      .mutate({ entry, version, text, reason })
      .finally(() => changed());
    if (answer.outcome === "conflict") return conflictWords(answer.mark);
    onClose();
    return undefined;
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Send it again"
      description="It is sent as yours, with your reason. The entry stays in the list, with what came of it."
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (maySend) void submit(send);
        }}
      >
        <Field
          label="Command"
          hint={
            !isCurrent
              ? "Checking it…"
              : command === undefined
                ? undefined
                : `${command}${runId === undefined ? ", with a new run id" : ` of ${runId}`} would be sent.`
          }
          error={preview.isError ? messageOf(preview.error) : isCurrent ? misfit : undefined}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={12}
              className="font-mono"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        <ReasonField
          hint="Everybody sees it beside the entry."
          value={reason}
          onChange={setReason}
          onSend={undefined}
        />
        <Problem>{problem}</Problem>
        <Button type="submit" look="primary" disabled={isBusy || !maySend}>
          {isBusy ? "Sending…" : "Send it again"}
        </Button>
      </form>
    </Dialog>
  );
}
