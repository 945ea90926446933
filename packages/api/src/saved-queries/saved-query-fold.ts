import type { SavedQueryMessage } from "@downbeat/protocol";
import type { SavedQuery } from "../views.ts";

/** A query that is there, or who deleted it. */
export type SavedQueryState =
  | { readonly query: SavedQuery }
  | { readonly deletedBy: string; readonly deletedAt: number };

interface Known {
  /** How often it was saved or deleted. */
  readonly version: number;
  readonly state: SavedQueryState;
  /** Of the message that made it so. */
  readonly changeId: string | undefined;
}

/**
 * What the messages of the topic come to, the same for every server. Whoever saves or deletes says which version they have seen; if another one is there by then, the
 * log's order decides that nothing is changed. A query that was deleted keeps its version, so that nobody brings it back unknowingly.
 */
export class SavedQueryFold {
  readonly #known = new Map<string, Known>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  get queries(): SavedQuery[] {
    return [...this.#known.values()].flatMap(({ state }) => ("query" in state ? [state.query] : []));
  }

  stateOf(id: string): SavedQueryState | undefined {
    return this.#known.get(id)?.state;
  }

  /** Whether the message with this id is what made the query as it is. */
  isBy(id: string, changeId: string): boolean {
    return this.#known.get(id)?.changeId === changeId;
  }

  namedAlike(name: string, exceptId: string): SavedQuery | undefined {
    return this.queries.find(
      (query) => query.id !== exceptId && query.name.toLowerCase() === name.toLowerCase(),
    );
  }

  take(message: SavedQueryMessage): void {
    const { id, by, at, replaces, changeId } = message;
    const before = this.#known.get(id)?.version ?? 0;
    if (replaces !== undefined && replaces !== before) return;
    if (replaces !== undefined && message.type === "saved" && this.namedAlike(message.name, id) !== undefined)
      return;
    const version = before + 1;
    const state =
      message.type === "saved"
        ? {
            query: {
              id,
              name: message.name,
              source: message.source,
              sql: message.sql,
              savedBy: by,
              savedAt: at,
              version,
            },
          }
        : { deletedBy: by, deletedAt: at };
    this.#known.set(id, { version, state, changeId });
    this.#revision++;
  }
}
