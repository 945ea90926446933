import { may, type Role } from "../permissions/policy.ts";

/** How long what was revealed stays so, ms. */
export const revealMs = 600_000;
/** At once, of everybody; the oldest ends for a new one. */
const mostReveals = 1_000;

/** To whom a run is shown as it is. Kept in memory: it ends with the server, too, and another server knows nothing of it. */
export class Reveals {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns when it ends, ms since the epoch */
  open(who: Whose, runId: string): number {
    const key = keyOf(who, runId);
    const until = this.#now() + revealMs;
    this.#until.delete(key);
    this.#until.set(key, until);
    for (const [oldest, end] of this.#until) {
      if (this.#until.size <= mostReveals && end > this.#now()) break;
      this.#until.delete(oldest);
    }
    return until;
  }

  end(who: Whose, runId: string): void {
    this.#until.delete(keyOf(who, runId));
  }

  /** When it ends; `undefined`: it is masked. */
  until(who: Whose, runId: string): number | undefined {
    const until = this.#until.get(keyOf(who, runId));
    return until !== undefined && until > this.#now() ? until : undefined;
  }
}

/** A person, and how they are signed in now. */
export interface Whose {
  readonly actor: string;
  /** Absent where nobody signs in: whoever uses the server is one person. */
  readonly session?: string | undefined;
}

/** Who asks, in the role that they have now: it may be another than when they had a run revealed. */
type Asking = Whose & { readonly role: Role; readonly reveals: Reveals };

/** When what is revealed to whoever asks ends; `undefined`: it is masked. */
export function revealEnd({ reveals, role, actor, session }: Asking, runId: string): number | undefined {
  return may(role, "revealMasked") ? reveals.until({ actor, session }, runId) : undefined;
}

/** Which runs whoever asks sees as they are. */
export function revealedTo(asking: Asking) {
  return (runId: string): boolean => revealEnd(asking, runId) !== undefined;
}

function keyOf({ actor, session = "" }: Whose, runId: string): string {
  return JSON.stringify([actor, session, runId]);
}
