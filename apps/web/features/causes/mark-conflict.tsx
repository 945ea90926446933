import { Button } from "@/components/button.tsx";
import { Problem } from "@/components/problem.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import type { MarkDraft } from "./mark-draft.ts";

interface MarkConflictProps {
  readonly by: string;
  readonly at: number;
  readonly theirs: MarkDraft;
  readonly mine: MarkDraft;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  readonly onReplace: () => void;
  readonly onKeep: () => void;
}

/** Somebody else was quicker: both are shown, and what stays is for the person to say. */
export function MarkConflict({
  by,
  at,
  theirs,
  mine,
  isBusy,
  problem,
  onReplace,
  onKeep,
}: MarkConflictProps) {
  return (
    <>
      <p role="alert" className="mb-3">
        {by} has said something of this cause <TimeAgo at={at} />. Nothing of yours was saved.
      </p>
      <Said title={`${by}’s`} said={theirs} />
      <Said title="Yours" said={mine} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <Button data-first disabled={isBusy} onClick={onKeep}>
          Keep {by}’s
        </Button>
        <Button look="danger" disabled={isBusy} onClick={onReplace}>
          Save yours over it
        </Button>
      </div>
    </>
  );
}

interface SaidProps {
  readonly title: string;
  readonly said: MarkDraft;
}

function Said({ title, said: { mutedUntil, resolved, note, ticket } }: SaidProps) {
  const words = [
    mutedUntil === undefined ? "Not muted" : `Muted until ${formatDayAndClock(Date.parse(mutedUntil))}`,
    resolved ? "resolved" : "not resolved",
  ].join(", ");
  return (
    <figure className="mb-3">
      <figcaption className="mb-1 font-strong text-small">{title}</figcaption>
      <div className="max-h-40 overflow-auto rounded-md border border-line bg-canvas px-3 py-2">
        <p>{words}</p>
        {note === "" ? null : <p className="whitespace-pre-wrap break-words">{note}</p>}
        {ticket === "" ? null : <p className="break-all text-ink-2">{ticket}</p>}
      </div>
    </figure>
  );
}
