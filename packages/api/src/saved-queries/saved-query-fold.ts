import type { SavedQueryMessage } from "@downbeat/protocol";
import { VersionedFold } from "../shared/versioned-fold.ts";
import type { SavedQuery } from "../views.ts";

/** A query that is there, or who deleted it. */
export type SavedQueryState =
  | { readonly query: SavedQuery }
  | { readonly deletedBy: string; readonly deletedAt: number };

/** The queries that people saved. */
export class SavedQueryFold extends VersionedFold<SavedQueryState> {
  get queries(): SavedQuery[] {
    return this.states.flatMap((state) => ("query" in state ? [state.query] : []));
  }

  namedAlike(name: string, exceptId: string): SavedQuery | undefined {
    return this.queries.find(
      (query) => query.id !== exceptId && query.name.toLowerCase() === name.toLowerCase(),
    );
  }

  take(message: SavedQueryMessage): void {
    const { id, by, at, replaces } = message;
    if (replaces !== undefined && message.type === "saved" && this.namedAlike(message.name, id) !== undefined)
      return;
    this.change(message, (version) => {
      if (message.type === "deleted") return { deletedBy: by, deletedAt: at };
      const { name, source, sql } = message;
      return { query: { id, name, source, sql, savedBy: by, savedAt: at, version } };
    });
  }
}
