import type { CauseMark } from "@downbeat/api/views";
import { isoTime } from "../../lib/absolute-time.ts";
import { fromWallText, wallText } from "../../lib/wall-time.ts";
import { isResolved } from "./mark-words.ts";

/** What a person is about to say of a cause, as it stands in the form. */
export interface MarkDraft {
  /** ISO 8601 */
  readonly mutedUntil: string | undefined;
  readonly note: string;
  readonly ticket: string;
  readonly resolved: boolean;
}

export interface MarkChange {
  readonly mutedUntil?: number | null;
  readonly note?: string | null;
  readonly ticket?: string | null;
  readonly resolved?: boolean;
}

/** What of a mark still holds: a mute that is over, and what came back after it was resolved, are to be said again. */
export function draftOf(mark: CauseMark | undefined, lastSeen: number | undefined, now: number): MarkDraft {
  const { mutedUntil = 0, note = "", ticket = "" } = mark ?? {};
  return {
    mutedUntil: mutedUntil > now ? isoTime(mutedUntil) : undefined,
    note,
    ticket,
    resolved: isResolved(mark, lastSeen),
  };
}

/** What differs from what is there: the rest is somebody else's to change. */
export function changeOf(draft: MarkDraft, before: MarkDraft): MarkChange {
  const note = draft.note.trim();
  const ticket = draft.ticket.trim();
  return {
    ...(draft.mutedUntil !== before.mutedUntil && {
      mutedUntil: draft.mutedUntil === undefined ? null : Date.parse(draft.mutedUntil),
    }),
    ...(note !== before.note && { note: note === "" ? null : note }),
    ...(ticket !== before.ticket && { ticket: ticket === "" ? null : ticket }),
    ...(draft.resolved !== before.resolved && { resolved: draft.resolved }),
  };
}

const hour = 3_600_000;
const day = 24 * hour;

/** Moments that are often meant, in the zone that is shown, to the minute. */
export function mutePresets(now: number): readonly { readonly label: string; readonly at: number }[] {
  const tomorrow = fromWallText(`${wallText(now + day)?.slice(0, 10)}T09:00:00`);
  const minute = Math.ceil(now / 60_000) * 60_000;
  return [
    { label: "1 hour", at: minute + hour },
    { label: "4 hours", at: minute + 4 * hour },
    ...(tomorrow === undefined ? [] : [{ label: "Until tomorrow, 09:00", at: tomorrow }]),
    { label: "1 week", at: minute + 7 * day },
  ];
}
