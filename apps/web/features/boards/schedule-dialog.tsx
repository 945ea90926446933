"use client";

import type { BoardMail, BoardSchedule, BoardView } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextArea, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { shownZone } from "@/lib/zone.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { MailList } from "./mail-list.tsx";
import { draftOfSchedule, type ScheduleDraft, scheduleOf, weekdays } from "./schedule-draft.ts";
import { useBoards } from "./use-boards.ts";

const hours = Array.from({ length: 24 }, (_, hour) => hour);

interface ScheduleDialogProps {
  readonly view: BoardView;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** When a board is sent, and to whom. */
export function ScheduleDialog({ view, open, onClose }: ScheduleDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title="Weekly e-mail"
      description="The board's figures and tables as text, with a link. It tells what everybody sees: sums of inputs and outputs, and saved queries, stay on the board."
    >
      <ScheduleForm view={view} onClose={onClose} />
    </Dialog>
  );
}

function ScheduleForm({ view, onClose }: Omit<ScheduleDialogProps, "open">) {
  // As it was when the dialog was opened: what others save meanwhile is told.
  const [seen] = useState(view);
  const { data, refresh } = useBoards();
  const channels = data?.mailChannels ?? [];
  const { weekly } = seen.board;
  const [draft, setDraft] = useState<ScheduleDraft>(() =>
    weekly === undefined
      ? { channel: channels[0] ?? "", to: "", weekday: 1, hour: 8, timeZone: shownZone() }
      : draftOfSchedule(weekly),
  );
  const change = (patch: Partial<ScheduleDraft>) => setDraft({ ...draft, ...patch });
  const client = useTRPCClient();
  const saving = useSubmission();
  const sending = useSubmission();
  const mails: readonly BoardMail[] = data?.mails[seen.id] ?? [];
  const isSaved = view.board.weekly !== undefined;

  async function keep(schedule: BoardSchedule | undefined): Promise<string | undefined> {
    const answer = await client.boards.schedule.mutate({
      id: seen.id,
      version: seen.version,
      ...(schedule !== undefined && { weekly: { ...schedule, to: [...schedule.to] } }),
    });
    await refresh();
    if (answer.outcome === "conflict")
      return "Somebody has just changed or deleted the board; nothing of yours was saved. Close this and look at theirs.";
    onClose();
    return undefined;
  }

  async function save(): Promise<string | undefined> {
    const meant = scheduleOf(draft);
    return "problem" in meant ? meant.problem : keep(meant.weekly);
  }

  async function send(): Promise<undefined> {
    await client.boards.send.mutate({ id: seen.id });
    await refresh();
  }

  if (channels.length === 0 && !isSaved)
    return (
      <p>
        The server's configuration has no e-mail channel: it is set up where those of alerts are, and boards
        go out the same way.
      </p>
    );
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void saving.submit(save);
      }}
    >
      <Field label="To" hint="Addresses, separated by commas or lines. Recipients don’t see each other.">
        {(ids) => (
          <TextArea
            {...ids}
            data-first=""
            rows={3}
            value={draft.to}
            onChange={({ target }) => change({ to: target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-x-4 max-[500px]:grid-cols-1">
        <Field label="Each">
          {(ids) => (
            <Select
              {...ids}
              value={draft.weekday}
              onChange={({ target }) => change({ weekday: Number(target.value) })}
            >
              {weekdays.map((day, index) => (
                <option key={day} value={index + 1}>
                  {day}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="At">
          {(ids) => (
            <Select
              {...ids}
              value={draft.hour}
              onChange={({ target }) => change({ hour: Number(target.value) })}
            >
              {hours.map((hour) => (
                <option key={hour} value={hour}>
                  {String(hour).padStart(2, "0")}:00
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Time zone">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={60}
              value={draft.timeZone}
              onChange={({ target }) => change({ timeZone: target.value })}
            />
          )}
        </Field>
        <Field label="Channel">
          {(ids) => (
            <Select
              {...ids}
              value={draft.channel}
              onChange={({ target }) => change({ channel: target.value })}
            >
              {(channels.includes(draft.channel) ? channels : [draft.channel, ...channels]).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Problem>{saving.problem ?? sending.problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={saving.isBusy}>
          {saving.isBusy ? "Saving…" : "Save the schedule"}
        </Button>
        {isSaved ? (
          <>
            <Button disabled={sending.isBusy} onClick={() => void sending.submit(send)}>
              {sending.isBusy ? "Sending…" : "Send now"}
            </Button>
            <Button
              look="danger"
              disabled={saving.isBusy}
              onClick={() => void saving.submit(() => keep(undefined))}
            >
              Stop sending it
            </Button>
          </>
        ) : null}
      </div>
      <MailList mails={mails} />
    </form>
  );
}
