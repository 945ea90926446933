import type { SavedViewMessage } from "@downbeat/protocol";
import type { SavedView } from "../views.ts";

/** A view that is there, or who deleted it. */
export type SavedViewState =
  | { readonly view: SavedView }
  | { readonly deletedBy: string; readonly deletedAt: number };

interface Known {
  /** How often it was saved or deleted. */
  readonly version: number;
  readonly state: SavedViewState;
  /** Of the message that made it so. */
  readonly changeId: string;
}

/**
 * The views that people saved, the same for every server. Whoever saves or deletes names the version that they have seen; if another one is there by then, the
 * log's order decides that nothing is changed. One that was deleted keeps its version, so that nobody brings it back unknowingly.
 */
export class SavedViewFold {
  readonly #known = new Map<string, Known>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  get views(): SavedView[] {
    return [...this.#known.values()].flatMap(({ state }) => ("view" in state ? [state.view] : []));
  }

  stateOf(id: string): SavedViewState | undefined {
    return this.#known.get(id)?.state;
  }

  /** How often it was saved or deleted. */
  versionOf(id: string): number {
    return this.#known.get(id)?.version ?? 0;
  }

  /** Whether the message with this id is what made the view as it is. */
  isBy(id: string, changeId: string): boolean {
    return this.#known.get(id)?.changeId === changeId;
  }

  take(message: SavedViewMessage): void {
    const { id, by, at, replaces, changeId } = message;
    const before = this.#known.get(id);
    if (replaces !== (before?.version ?? 0)) return;
    const version = replaces + 1;
    this.#known.set(id, { version, changeId, state: stateAfter(message, version, { by, at }) });
    this.#revision++;
  }
}

function stateAfter(
  message: SavedViewMessage,
  version: number,
  { by, at }: { readonly by: string; readonly at: number },
): SavedViewState {
  if (message.type === "deleted") return { deletedBy: by, deletedAt: at };
  const { id, name, list, query, columns, owner } = message;
  return {
    view: {
      id,
      name,
      list,
      query,
      ...(columns !== undefined && { columns }),
      ...(owner !== undefined && { owner }),
      savedBy: by,
      savedAt: at,
      version,
    },
  };
}
