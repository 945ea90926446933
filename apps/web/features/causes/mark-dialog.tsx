"use client";

import type { CauseMark } from "@downbeat/api/views";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextArea, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { MomentInput } from "@/features/inputs/moment-input.tsx";
import { isoTime } from "@/lib/absolute-time.ts";
import { serverNow } from "@/lib/clock.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { shownZone } from "@/lib/zone.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { MarkConflict } from "./mark-conflict.tsx";
import { changeOf, draftOf, type MarkChange, type MarkDraft, mutePresets } from "./mark-draft.ts";
import type { MarkableCause } from "./mark-line.tsx";

/** What the dialog was opened for; all of it can be said in one. */
export type MarkIntent = "mute" | "resolve" | "note";

interface MarkDialogProps {
  readonly cause: MarkableCause;
  readonly intent: MarkIntent | undefined;
  readonly onClose: () => void;
}

export function MarkDialog({ cause, intent, onClose }: MarkDialogProps) {
  if (intent === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`About the cause at ${cause.title}`}
      description="Everybody sees this. It is kept in the log, with your name."
    >
      <MarkForm cause={cause} intent={intent} onClose={onClose} />
    </Dialog>
  );
}

function MarkForm({ cause, intent, onClose }: MarkDialogProps & { readonly intent: MarkIntent }) {
  const { fingerprint, mark, lastSeen } = cause;
  // As it was when the dialog was opened: what others say meanwhile is told as a conflict.
  const [seen] = useState(() => ({
    version: mark?.version ?? 0,
    draft: draftOf(mark, lastSeen, serverNow()),
  }));
  const [draft, setDraft] = useState<MarkDraft>(() => ({
    ...seen.draft,
    ...(intent === "resolve" && { resolved: !seen.draft.resolved }),
  }));
  const [theirs, setTheirs] = useState<{ readonly mark: CauseMark; readonly draft: MarkDraft }>();
  const { isBusy, problem, submit } = useSubmission();
  const [incomplete, setIncomplete] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const change = (patch: Partial<MarkDraft>) => setDraft((before) => ({ ...before, ...patch }));
  const changes = changeOf(draft, seen.draft);

  async function save(version: number, said: MarkChange): Promise<undefined> {
    const answer = await client.attention.mark.mutate({ fingerprint, version, ...said });
    if (answer.outcome === "conflict") {
      setTheirs({ mark: answer.mark, draft: draftOf(answer.mark, lastSeen, serverNow()) });
      return;
    }
    await queryClient.invalidateQueries({ queryKey: trpc.attention.pathKey() });
    onClose();
  }

  function send(): void {
    const moment = form.current?.querySelector<HTMLInputElement>('input[type="datetime-local"]');
    // Typed by half, it has no value, which would mean that it is not muted.
    if (moment?.validity.badInput) return setIncomplete("The time is not complete.");
    setIncomplete(undefined);
    void submit(() => save(seen.version, changes));
  }

  if (theirs !== undefined)
    return (
      <MarkConflict
        by={theirs.mark.by}
        at={theirs.mark.at}
        theirs={theirs.draft}
        mine={draft}
        isBusy={isBusy}
        problem={problem}
        onReplace={() => void submit(() => save(theirs.mark.version, changeOf(draft, theirs.draft)))}
        onKeep={() => {
          void queryClient.invalidateQueries({ queryKey: trpc.attention.pathKey() });
          onClose();
        }}
      />
    );
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
    >
      <Field
        label="Mute until"
        hint={`Until then it is hidden and not counted. Time zone: ${shownZone()}`}
        error={incomplete}
      >
        {(ids) => (
          <>
            <MomentInput
              {...ids}
              {...(intent === "mute" && { "data-first": "" })}
              step={60}
              value={draft.mutedUntil}
              onChange={(mutedUntil) => change({ mutedUntil })}
            />
            <div className="mt-1.5 flex flex-wrap gap-1.5">
              {mutePresets(serverNow()).map(({ label, at }) => (
                <Button key={label} size="small" onClick={() => change({ mutedUntil: isoTime(at) })}>
                  {label}
                </Button>
              ))}
              {draft.mutedUntil === undefined ? null : (
                <Button size="small" look="quiet" onClick={() => change({ mutedUntil: undefined })}>
                  Not muted
                </Button>
              )}
            </div>
          </>
        )}
      </Field>
      <label className="mb-4 flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1"
          {...(intent === "resolve" && { "data-first": "" })}
          checked={draft.resolved}
          onChange={({ target }) => change({ resolved: target.checked })}
        />
        <span>
          Resolved
          <span className="block text-ink-3 text-small">
            Everything it has stopped so far is dealt with. If it stops anything later, it comes back, and
            says so.
          </span>
        </span>
      </label>
      <Field label="Note" hint="What is known, who is working on it">
        {(ids) => (
          <TextArea
            {...ids}
            {...(intent === "note" && { "data-first": "" })}
            rows={3}
            maxLength={2_000}
            value={draft.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        )}
      </Field>
      <Field label="Ticket" hint="Its address: https://…">
        {(ids) => (
          <TextInput
            {...ids}
            inputMode="url"
            maxLength={2_000}
            value={draft.ticket}
            onChange={({ target }) => change({ ticket: target.value })}
          />
        )}
      </Field>
      <Problem>{problem}</Problem>
      <div className="flex items-center gap-2">
        <Button type="submit" look="primary" disabled={isBusy || Object.keys(changes).length === 0}>
          {isBusy ? "Saving…" : "Save"}
        </Button>
        <Button className="ml-auto" look="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  );
}
