import {
  forgetSignedIn,
  type NamedSession,
  namedSessions,
  nameOfSession,
  notedEveryMs,
  noteSignedIn,
  type SignedInSession,
  sweepSignedIn,
} from "@downbeat/access";
import type { Logger } from "pino";
import type { Session } from "./sessions.ts";

interface Parts {
  readonly folder: string;
  readonly idleMs: number;
  readonly longestMs: number;
  /** ms since 1970 */
  readonly now: () => number;
  /** Whether somebody who signed in then may still be in. */
  readonly isGood: (session: Pick<SignedInSession, "id" | "since">) => boolean;
  readonly logger: Logger;
}

const sweepEveryMs = 30_000;
const mostRemembered = 100_000;
const readAgainMs = 1_000;

/** Who is signed in, written down for whoever keeps the server. Nobody is let in by it, nor kept out where it can't be written. */
export class SignedInList {
  readonly #parts: Parts;
  /** When each was last written, ms since 1970. */
  readonly #notedAt = new Map<string, number>();
  #isTroubled = false;
  /** Each reading opens a file for each session: who asks again and again gets the same one. */
  #reading: { readonly at: number; readonly all: Promise<readonly NamedSession[]> } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    setInterval(() => void this.#sweep(), sweepEveryMs).unref();
  }

  /** They asked for something just now. */
  hear(
    { id, since }: Session,
    whoOf: () => Pick<SignedInSession, "id" | "name" | "by" | "roles" | "from">,
  ): void {
    const { folder, idleMs, longestMs, now } = this.#parts;
    const seen = now();
    const notedAt = this.#notedAt.get(id);
    if (notedAt !== undefined && Math.abs(seen - notedAt) < notedEveryMs) return;
    if (notedAt === undefined) this.#reading = undefined;
    this.#notedAt.delete(id);
    this.#notedAt.set(id, seen);
    for (const oldest of this.#notedAt.keys()) {
      if (this.#notedAt.size <= mostRemembered) break;
      this.#notedAt.delete(oldest);
    }
    const until = since + longestMs;
    const entry = { ...whoOf(), since, seen, idleUntil: Math.min(seen + idleMs, until), until };
    this.#do(() => noteSignedIn(folder, id, entry));
  }

  forget({ id }: Session): void {
    this.#notedAt.delete(id);
    this.forgetNamed(nameOfSession(id));
  }

  forgetNamed(name: string): void {
    this.#reading = undefined;
    this.#do(() => forgetSignedIn(this.#parts.folder, name));
  }

  /**
   * What one person began, longest signed in first; what was begun or ended at another server counts within a second.
   *
   * @throws Error when it can't be read
   */
  async of(person: string): Promise<readonly NamedSession[]> {
    const { folder, now, isGood } = this.#parts;
    const at = now();
    if (this.#reading === undefined || Math.abs(at - this.#reading.at) > readAgainMs)
      this.#reading = { at, all: namedSessions(folder, at, isGood) };
    const all = await this.#reading.all;
    return all.filter(({ session }) => session.id === person && isGood(session));
  }

  async #sweep(): Promise<void> {
    const { folder, now, isGood } = this.#parts;
    try {
      await sweepSignedIn(folder, now(), isGood);
    } catch (err) {
      this.#trouble(err);
    }
  }

  #do(work: () => void): void {
    try {
      work();
      this.#isTroubled = false;
    } catch (err) {
      this.#trouble(err);
    }
  }

  #trouble(err: unknown): void {
    const { logger } = this.#parts;
    if (!this.#isTroubled)
      logger.warn({ err }, "who is signed in can't be written down: sessions list doesn't tell it");
    this.#isTroubled = true;
  }
}
