import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const kept = z.record(z.string(), z.number());

/** Sessions that were ended before their time. Kept in a file: a seal that was copied must not work again after a restart. */
export class EndedSessions {
  readonly #path: string;
  readonly #now: () => number;
  readonly #until: Map<string, number>;

  /** @throws Error that names the file, when it can't be used */
  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
    this.#until = new Map(Object.entries(read(path)));
  }

  has(id: string): boolean {
    return this.#until.has(id);
  }

  /** @param until ms since 1970: by then it would have ended by itself */
  add(id: string, until: number): void {
    for (const [ended, by] of this.#until) if (by < this.#now()) this.#until.delete(ended);
    this.#until.set(id, until);
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, JSON.stringify(Object.fromEntries(this.#until)), { mode: 0o600 });
    renameSync(fresh, this.#path);
  }
}

function read(path: string): Readonly<Record<string, number>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`${path}, of sessions that were ended, can't be read: ${(error as Error).message}.`);
  }
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path}, of sessions that were ended, is damaged. Remove it together with the key beside it: everybody signs in again.`,
    );
  }
}
