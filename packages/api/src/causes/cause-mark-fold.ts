import type { CauseMarkMessage } from "@downbeat/protocol";
import { VersionedFold } from "../shared/versioned-fold.ts";
import type { CauseMark } from "../views.ts";

/** What people have said of causes, by fingerprint. A mark that says nothing any more keeps its version. */
export class CauseMarkFold extends VersionedFold<CauseMark> {
  #marks: readonly CauseMark[] | undefined;

  /** Those that say something; the same array until something changes. */
  get marks(): readonly CauseMark[] {
    this.#marks ??= this.states.filter(saysSomething);
    return this.#marks;
  }

  take({ type: _, changeId, replaces, ...said }: CauseMarkMessage): void {
    this.change({ id: said.fingerprint, replaces, changeId }, (version) => {
      this.#marks = undefined;
      return { ...said, version };
    });
  }
}

/** Of a mute alone nothing is left when it is over. */
export function saysSomethingAt({ mutedUntil = 0, ...mark }: CauseMark, now: number): boolean {
  return mutedUntil > now || saysSomething(mark);
}

function saysSomething({ mutedUntil, note, ticket, resolvedAt }: Partial<CauseMark>): boolean {
  return [mutedUntil, note, ticket, resolvedAt].some((part) => part !== undefined);
}
