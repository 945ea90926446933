import {
  encodeSavedViewMessage,
  parseSavedViewMessage,
  type SavedViewMessage,
  topics,
} from "@downbeat/protocol";
import { isSeenBy } from "../shared/owned.ts";
import { type SharedKind, SharedThings, type SharedThingsOptions } from "../shared/shared-things.ts";
import type { SavedView } from "../views.ts";

type Content = Omit<SavedView, "id" | "savedBy" | "savedAt" | "version">;

const viewKind: SharedKind<SavedViewMessage, Content> = {
  topic: topics.savedViews,
  what: "the saved views",
  encode: encodeSavedViewMessage,
  parse: parseSavedViewMessage,
  contentOf(message) {
    if (message.type === "deleted") return undefined;
    const { name, list, query, columns, owner } = message;
    return {
      name,
      list,
      query,
      ...(columns !== undefined && { columns }),
      ...(owner !== undefined && { owner }),
    };
  },
  nameOf: ({ name }) => name,
};

/** How people look at lists, their own ways and everybody's. */
export class SavedViews extends SharedThings<SavedViewMessage, Content> {
  constructor(options: SharedThingsOptions) {
    super(viewKind, options);
  }

  /** Everybody's and this person's own, as `all` has them. */
  async of(who: string): Promise<SavedView[]> {
    return (await this.all()).filter((view) => isSeenBy(view, who));
  }
}
