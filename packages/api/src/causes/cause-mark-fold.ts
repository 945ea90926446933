import type { CauseMarkMessage } from "@downbeat/protocol";
import type { CauseMark } from "../views.ts";

interface Known {
  readonly mark: CauseMark;
  /** Of the message that made it so. */
  readonly changeId: string;
}

/**
 * What people have said of causes, the same for every server. Whoever says something names the version that they have seen; if another one is there by then, the
 * log's order decides that nothing is changed. A mark that says nothing any more keeps its version.
 */
export class CauseMarkFold {
  readonly #known = new Map<string, Known>();
  #marks: readonly CauseMark[] | undefined;
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Those that say something; the same array until something changes. */
  get marks(): readonly CauseMark[] {
    this.#marks ??= [...this.#known.values()].flatMap(({ mark }) => (saysSomething(mark) ? [mark] : []));
    return this.#marks;
  }

  of(fingerprint: string): CauseMark | undefined {
    return this.#known.get(fingerprint)?.mark;
  }

  /** Whether the message with this id is what made the mark as it is. */
  isBy(fingerprint: string, changeId: string): boolean {
    return this.#known.get(fingerprint)?.changeId === changeId;
  }

  take({ type: _, changeId, replaces, ...said }: CauseMarkMessage): void {
    const version = this.#known.get(said.fingerprint)?.mark.version ?? 0;
    if (replaces !== version) return;
    this.#known.set(said.fingerprint, { mark: { ...said, version: version + 1 }, changeId });
    this.#marks = undefined;
    this.#revision++;
  }
}

/** Of a mute alone nothing is left when it is over. */
export function saysSomethingAt({ mutedUntil = 0, ...mark }: CauseMark, now: number): boolean {
  return mutedUntil > now || saysSomething(mark);
}

function saysSomething({ mutedUntil, note, ticket, resolvedAt }: Partial<CauseMark>): boolean {
  return [mutedUntil, note, ticket, resolvedAt].some((part) => part !== undefined);
}
