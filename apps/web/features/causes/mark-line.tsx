"use client";

import type { AttentionList, CauseMark, CauseStanding } from "@downbeat/api/views";
import { BellOff, CircleCheck, ExternalLink, RotateCcw, StickyNote } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { MarkDialog } from "./load-mark-dialog.ts";
import type { MarkIntent } from "./mark-dialog.tsx";
import { isResolved, standingWords } from "./mark-words.ts";

export interface MarkableCause extends Pick<AttentionList["groups"][number], "fingerprint"> {
  readonly title: string;
  readonly standing: CauseStanding;
  readonly lastSeen?: number | undefined;
  readonly mark?: CauseMark | undefined;
}

/** What people have said of a cause, and where one says something oneself. */
export function MarkLine({ cause }: { readonly cause: MarkableCause }) {
  const { standing, lastSeen, mark } = cause;
  const [intent, setIntent] = useState<MarkIntent>();
  const refusal = useRefusal("markCauses");
  const isDone = isResolved(mark, lastSeen);
  const words = [standing, ...(standing === "muted" && isDone ? (["resolved"] as const) : [])]
    .flatMap((each) => standingWords(each, mark) ?? [])
    .join(". ");
  const Icon = standing === "muted" ? BellOff : standing === "resolved" ? CircleCheck : RotateCcw;
  return (
    <>
      {mark === undefined || (words === "" && mark.note === undefined && mark.ticket === undefined) ? null : (
        <div
          role="note"
          aria-label="What people said about this cause"
          className="mt-2 rounded-md bg-sunken px-3 py-2"
        >
          {words === "" ? null : (
            <p className={standing === "cameBack" ? "font-strong text-stuck" : "font-strong"}>
              <Icon aria-hidden size={14} className="-mt-0.5 mr-1.5 inline" />
              {words}
            </p>
          )}
          {mark.note === undefined ? null : <p className="whitespace-pre-wrap break-words">{mark.note}</p>}
          {mark.ticket === undefined ? null : (
            <a
              href={mark.ticket}
              target="_blank"
              rel="noreferrer"
              className="inline-flex max-w-full items-center gap-1 rounded text-accent hover:underline"
            >
              <span className="truncate">{mark.ticket}</span>
              <ExternalLink aria-hidden size={12} className="shrink-0" />
            </a>
          )}
          <p className="text-ink-3 text-small">
            {mark.by}, <TimeAgo at={mark.at} />
          </p>
        </div>
      )}
      <div className="mt-2 flex flex-wrap gap-1.5">
        <Button size="small" refusal={refusal} onClick={() => setIntent("mute")}>
          <BellOff aria-hidden size={13} />
          {standing === "muted" ? "Change the mute…" : "Mute…"}
        </Button>
        <Button size="small" refusal={refusal} onClick={() => setIntent("resolve")}>
          <CircleCheck aria-hidden size={13} />
          {isDone ? "Mark as unresolved…" : "Mark as resolved…"}
        </Button>
        <Button size="small" refusal={refusal} onClick={() => setIntent("note")}>
          <StickyNote aria-hidden size={13} />
          {mark?.note === undefined && mark?.ticket === undefined
            ? "Add a note or ticket…"
            : "Change the note…"}
        </Button>
      </div>
      <MarkDialog cause={cause} intent={intent} onClose={() => setIntent(undefined)} />
    </>
  );
}
