import type { SavedViewMessage } from "@downbeat/protocol";
import { VersionedFold } from "../shared/versioned-fold.ts";
import type { SavedView } from "../views.ts";

/** A view that is there, or who deleted it. */
export type SavedViewState =
  | { readonly view: SavedView }
  | { readonly deletedBy: string; readonly deletedAt: number };

/** The views that people saved, their own and everybody's. */
export class SavedViewFold extends VersionedFold<SavedViewState> {
  get views(): SavedView[] {
    return this.states.flatMap((state) => ("view" in state ? [state.view] : []));
  }

  take(message: SavedViewMessage): void {
    this.change(message, (version) => stateAfter(message, version));
  }
}

function stateAfter(message: SavedViewMessage, version: number): SavedViewState {
  const { by, at } = message;
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
