import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const lookEveryMs = 500;
const sweepEveryMs = 60 * 60_000;
/** Of those that were looked for; the oldest give way. */
const mostRemembered = 100_000;
/** No session lives longer, whatever the access file says. */
const longestLifeMs = 367 * 24 * 60 * 60_000;

/**
 * Sessions that were ended before their time: a seal that was copied must not work again after a restart, nor at another server that has the same
 * directory. A file each, so that servers don't undo what the other one did: that it is there says it, whatever is in it.
 */
export class EndedSessions {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #ended = new Set<string>();
  /** When each was last looked for in vain, ms since 1970. */
  readonly #lookedAt = new Map<string, number>();
  #sweptAt: number;

  /** @throws Error that names the folder, when it can't be used */
  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#sweptAt = now();
      this.#sweep();
    } catch (error) {
      throw new Error(`${folder}, of sessions that were ended, can't be used: ${(error as Error).message}.`);
    }
  }

  has(id: string): boolean {
    if (this.#ended.has(id)) return true;
    const lookedAt = this.#lookedAt.get(id);
    if (lookedAt !== undefined && Math.abs(this.#now() - lookedAt) < lookEveryMs) return false;
    try {
      statSync(this.#file(id));
      remember(this.#ended, id);
      this.#lookedAt.delete(id);
      return true;
    } catch (error) {
      // Who can't be looked up is not let in, for now.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") return true;
    }
    this.#lookedAt.delete(id);
    this.#lookedAt.set(id, this.#now());
    for (const oldest of this.#lookedAt.keys()) {
      if (this.#lookedAt.size <= mostRemembered) break;
      this.#lookedAt.delete(oldest);
    }
    return false;
  }

  /**
   * @param until ms since 1970: by then it would have ended by itself
   * @throws Error when it can't be kept; here it has ended all the same
   */
  add(id: string, until: number): void {
    remember(this.#ended, id);
    this.#lookedAt.delete(id);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = openSync(this.#file(id), "w", 0o600);
    try {
      writeFileSync(file, `${until}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#syncFolder();
    if (this.#now() - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = this.#now();
    this.#sweep();
  }

  /** That a file is there has to be kept, too. */
  #syncFolder(): void {
    // Windows opens no folder, and needs no such thing.
    if (process.platform === "win32") return;
    const folder = openSync(this.#folder, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  #sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      try {
        if (this.#endOf(path) < this.#now()) rmSync(path, { force: true });
      } catch {
        // Another server has just swept it away, or it stays: it keeps out nobody who might come in.
      }
    }
  }

  #endOf(path: string): number {
    const until = Number(readFileSync(path, "utf8").trim() || Number.NaN);
    // Whole until a machine lost its power: kept for as long as any may live.
    return Number.isFinite(until) ? until : statSync(path).mtimeMs + longestLifeMs;
  }

  #file(id: string): string {
    return join(this.#folder, Buffer.from(id).toString("base64url"));
  }
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= mostRemembered) break;
    ids.delete(oldest);
  }
}
