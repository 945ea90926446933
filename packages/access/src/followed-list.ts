import { statSync } from "node:fs";
import { type ListFormat, readList } from "@downbeat/protocol";

const lookEveryMs = 500;

export interface FollowedParts {
  readonly path: string;
  /** ms, of any beginning */
  readonly now: () => number;
  /** The file can't be used since it was changed; what stood there before still counts. */
  readonly onTrouble: (error: Error) => void;
}

/** A list as it is in its file by now, or was within the last second. */
export class FollowedList<T> {
  readonly #parts: FollowedParts;
  readonly #list: ListFormat<T>;
  readonly #keyOf: (each: T) => string;
  #known: ReadonlyMap<string, T> = new Map();
  /** The version that is known. */
  #seen: string;
  /** The version of which it was said that it can't be used. */
  #troubledBy: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @throws Error when the file can't be used */
  constructor(parts: FollowedParts, list: ListFormat<T>, keyOf: (each: T) => string) {
    this.#parts = parts;
    this.#list = list;
    this.#keyOf = keyOf;
    this.#seen = versionOf(parts.path);
    this.#take();
  }

  find(key: string): T | undefined {
    this.#look();
    return this.#known.get(key);
  }

  get all(): readonly T[] {
    this.#look();
    return [...this.#known.values()];
  }

  get isEmpty(): boolean {
    this.#look();
    return this.#known.size === 0;
  }

  /** What this process has just changed counts at once. */
  lookAgain(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#look();
  }

  #look(): void {
    const { path, now, onTrouble } = this.#parts;
    if (now() - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now();
    const version = versionOf(path);
    if (version === this.#seen) return;
    try {
      this.#take();
      // Before the file was read: what came in between is looked at again.
      this.#seen = version;
      this.#troubledBy = undefined;
    } catch (error) {
      // Tried again at the next look: it may have been this process that had no file left to open.
      if (version === this.#troubledBy) return;
      this.#troubledBy = version;
      onTrouble(error as Error);
    }
  }

  #take(): void {
    this.#known = new Map(readList(this.#parts.path, this.#list).map((each) => [this.#keyOf(each), each]));
  }
}

function versionOf(path: string): string {
  try {
    const { ino, mtimeMs, ctimeMs, size, mode, uid } = statSync(path);
    return [ino, mtimeMs, ctimeMs, size, mode, uid].join();
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
