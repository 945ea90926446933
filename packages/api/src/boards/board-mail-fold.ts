import type { BoardMailMessage } from "@downbeat/protocol";
import type { BoardMail } from "../views.ts";

/** Older ones are for nobody. */
const mostMails = 10;

/** What was sent of boards, the same for every server. The first beginning of a moment counts, and no other is sent. */
export class BoardMailFold {
  /** Oldest first. */
  readonly #mails = new Map<string, BoardMail[]>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Newest first. */
  of(boardId: string): readonly BoardMail[] {
    return (this.#mails.get(boardId) ?? []).toReversed();
  }

  /** Whether its schedule has been kept for this moment, or a later one. What a clock that was ahead began is for its own moment alone, and what wasn't sent counts for none. */
  isBegun(boardId: string, due: number, now: number): boolean {
    return (this.#mails.get(boardId) ?? []).some(
      (mail) =>
        mail.by === undefined &&
        mail.outcome !== "notSent" &&
        (mail.due === due || (mail.due > due && mail.due <= now)),
    );
  }

  take(message: BoardMailMessage): void {
    const { boardId, mailId, at } = message;
    const mails = this.#mails.get(boardId) ?? [];
    if (message.type === "mailBegun") {
      const { due, by, addresses } = message;
      if (by === undefined && this.isBegun(boardId, due, at)) return;
      if (mails.some((mail) => mail.mailId === mailId)) return;
      const mail: BoardMail = {
        mailId,
        due,
        at,
        addresses,
        outcome: "begun",
        ...(by !== undefined && { by }),
      };
      this.#mails.set(boardId, kept([...mails, mail]));
    } else {
      const { outcome, problem } = message;
      const place = mails.findIndex((mail) => mail.mailId === mailId && mail.outcome === "begun");
      const begun = mails[place];
      if (begun === undefined) return;
      const ended: BoardMail = { ...begun, at, outcome, ...(problem !== undefined && { problem }) };
      this.#mails.set(boardId, mails.with(place, ended));
    }
    this.#revision++;
  }
}

/** The last of the schedule stays, however often somebody sends it by hand: it is what keeps a moment from being sent twice. */
function kept(mails: readonly BoardMail[]): BoardMail[] {
  if (mails.length <= mostMails) return [...mails];
  const scheduled = mails.findLast(({ by }) => by === undefined);
  const oldest = mails.findIndex((mail) => mail !== scheduled);
  return mails.toSpliced(oldest, 1);
}
